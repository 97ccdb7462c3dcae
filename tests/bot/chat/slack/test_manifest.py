"""The manifest that people paste asks for what the adapter needs: each command, each scope, each event, no more."""

import re
from pathlib import Path

from bot.chat.slack.checks import SCOPES
from bot.chat.slack.hearing import ASK
from handlers import MENU
from tests.platforms.slack.people import SUBSCRIPTIONS

MANIFEST = (Path(__file__).parents[4] / "deploy" / "slack-manifest.yaml").read_text(encoding="utf-8")
KEPT_BY_SLACK = {"/me", "/leave", "/invite", "/help"}


def _listed(under: str) -> dict[str, str]:
    """The entries of a list, each with its comment."""
    block = re.search(rf"^( *){under}:\n((?:\1  .*\n)+)", MANIFEST, re.MULTILINE)
    assert block
    return dict(re.findall(r"- ([\w.:]+)(?: # (.+))?", block[2]))


def test_every_command_is_there_or_behind_paceline() -> None:
    commands = set(re.findall(r"- command: (\S+)", MANIFEST))
    assert commands == {"/paceline"} | {command for command in MENU if command.isascii()} - KEPT_BY_SLACK
    assert all(len(d) <= 100 for d in re.findall(r"description: (.+)", MANIFEST))


def test_the_menu_of_a_message_has_its_entry() -> None:
    block = re.search(r"^  shortcuts:\n((?:    .*\n)+)", MANIFEST, re.MULTILINE)
    assert block
    entry = dict(re.findall(r"(\w+): (.+?)(?: #.*)?$", block[1], re.MULTILINE))
    assert (entry["name"], entry["type"], entry["callback_id"]) == ("What do I say to this?", "message", ASK)
    assert len(entry["name"]) <= 24
    assert entry["description"]


def test_scopes_are_those_that_the_doctor_looks_for_and_each_has_a_reason() -> None:
    scopes = _listed("bot")
    assert sorted(scopes) == sorted(SCOPES)
    assert all(scopes.values())


def test_events_are_asked_for() -> None:
    assert set(_listed("bot_events")) >= SUBSCRIPTIONS - {"channel_rename", "file_shared"}


def test_it_is_switched_on() -> None:
    for line in (
        "socket_mode_enabled: true",
        "is_enabled: true",
        "home_tab_enabled: true",
        "messages_tab_enabled: true",
    ):
        assert line in MANIFEST
