"""Slack's directory against the roster, the channels of teams, and what the doctor says of it all."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.chat import Check
from bot.chat.slack.checks import SCOPES
from bot.message import Place
from bot.team import accounts
from tests.bot.chat.slack.desk import Desk, office, run
from tests.platforms.slack import APP_TOKEN, BOT_TOKEN


def _linked(desk: Desk) -> dict[str, str]:
    with desk.db.read() as db:
        keys = {desk.person(key).id: key for key in ("weber", "anna", "li")}
        return {keys[person]: chat for chat, person in accounts.person_chats(db, 1, "slack").items()}


def test_people_are_found_by_their_address_page_by_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        monkeypatch.setattr("bot.chat.slack.people._PAGE", 1)
        async with office(tmp_path, listen=False) as desk:
            desk.slack.add_user("U7", "bot", "anna@example.com", bot=True)
            desk.slack.misbehave("users.list", "429:0", after=2)
            await desk.chat.people.match()
            assert _linked(desk) == {"weber": "U1", "anna": "U2", "li": "U3"}
            assert desk.chat.people.missing == ()
            assert len([c for c in desk.slack.calls if c.method == "users.list"]) > 4

    run(test)


def test_a_list_that_broke_off_unlinks_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        monkeypatch.setattr("bot.chat.slack.people._PAGE", 2)
        async with office(tmp_path) as desk:
            desk.slack.misbehave("users.list", "500", after=1)
            with pytest.raises(Exception, match="500"):
                await desk.chat.people.match()
            assert len(_linked(desk)) == 3

    run(test)


def test_who_leaves_is_unlinked_and_who_returns_is_linked(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path) as desk:
            await desk.slack.deactivate("anna")
            await desk.slack.until(lambda: "anna" not in _linked(desk))
            assert desk.chat.people.missing == ("anna",)
            with desk.db.begin() as db:
                accounts.lost(db, 1, desk.person("anna").id, "deactivated", desk.chat.now())
            await desk.slack.user_change("anna", deleted=False)
            await desk.slack.until(lambda: _linked(desk).get("anna") == "U2")
            assert desk.person("anna").unreachable == ""

    run(test)


def test_who_comes_later_is_linked(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path) as desk:
            await desk.slack.user_change("anna", email="someone@example.com")
            await desk.slack.deactivate("anna")
            await desk.slack.team_join("U8", "anna2", "Anna@Example.com")
            await desk.slack.until(lambda: _linked(desk).get("anna") == "U8")

    run(test)


def test_a_channel_that_is_closed_to_us_is_said(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path) as desk:
            with desk.db.begin() as db:
                accounts.show_team(db, 1, desk.person("anna").team_id, Place("slack", "C1"))
            await desk.slack.channel_rename("C1", "east-sales")
            await desk.slack.channel_archive("C1")
            await desk.slack.until(lambda: "Unarchive" in desk.chat.broken().get("channel C1", ""))
            await desk.slack.channel_archive("C1", archived=False)
            await desk.slack.until(lambda: not desk.chat.broken())
            await desk.slack.kick("C1")
            await desk.slack.until(lambda: "/invite @Paceline" in desk.chat.broken().get("channel C1", ""))
            (fault,) = [c for c in await desk.chat.check() if c.state == "fault"]
            assert fault.mend == "Invite it there: /invite @Paceline"
            await desk.slack.invite("C1")
            await desk.slack.until(lambda: not desk.chat.broken())

    run(test)


@pytest.mark.parametrize("how", ["revoke", "uninstall"])
def test_a_token_that_was_taken_away_is_said(tmp_path: Path, how: str) -> None:
    async def test() -> None:
        async with office(tmp_path) as desk:
            await getattr(desk.slack, how)()
            await desk.slack.until(lambda: "PACELINE_SLACK_BOT_TOKEN" in desk.chat.broken().get("token", ""))

    run(test)


async def _checks(desk: Desk, **settings: str) -> list[Check]:
    desk.chat.settings = replace(desk.chat.settings, **settings)
    return list(await desk.chat.check())


def test_the_doctor_finds_nothing_wrong(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path, listen=False) as desk:
            desk.slack.scopes = set(SCOPES)
            assert [c.state for c in await _checks(desk)] == ["ok", "ok", "ok"]

    run(test)


FAULTS: list[tuple[dict[str, str], dict[str, Any], str, str]] = [
    ({"bot_token": APP_TOKEN, "app_token": BOT_TOKEN}, {}, "holds an app-level token", "xoxb-"),
    ({"bot_token": "xoxp-1"}, {}, "holds a user token", "xoxb-"),
    ({}, {"token_fault": "token_revoked"}, "revoked", "OAuth & Permissions"),
    ({"app_token": "xapp-wrong"}, {}, "Socket Mode does not work", "connections:write"),
    ({}, {"scopes": {"chat:write", "users:read", "users:read.email"}}, "im:history", "slack-manifest.yaml"),
]


@pytest.mark.parametrize(("settings", "world", "detail", "mend"), FAULTS)
def test_the_doctor_says_what_is_wrong(
    tmp_path: Path, settings: dict[str, str], world: dict[str, Any], detail: str, mend: str
) -> None:
    async def test() -> None:
        async with office(tmp_path, listen=False) as desk:
            for name, value in world.items():
                setattr(desk.slack, name, value)
            faults = [c for c in await _checks(desk, **settings) if c.state == "fault"]
            assert detail in faults[0].detail
            assert mend in faults[0].mend

    run(test)


@pytest.mark.parametrize(
    ("away", "http", "state"), [(30, True, ""), (90, True, "warning"), (400, True, "fault"), (400, False, "warning")]
)
def test_the_doctor_compares_clocks(tmp_path: Path, away: int, http: bool, state: str) -> None:
    async def test() -> None:
        async with office(tmp_path, http=http, listen=False) as desk:
            now = desk.chat.now
            desk.chat.now = lambda: now() + timedelta(seconds=away)
            found = [c.state for c in await _checks(desk) if "clock" in c.detail]
            assert found == ([state] if state else [])

    run(test)


def test_the_doctor_names_who_is_not_found_and_links_nobody(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path, listen=False) as desk:
            desk.slack.user("anna").email = "else@example.com"
            (found,) = [c for c in await _checks(desk) if c.state == "warning"]
            assert found.detail == "not found on Slack: anna"
            assert _linked(desk) == {}

    run(test)


def test_the_doctor_says_when_nobody_answers(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path, listen=False) as desk:
            await desk.slack.close()
            (found,) = await _checks(desk)
            assert found.state == "fault"
            assert "cannot be reached" in found.detail
            await desk.slack.open()

    run(test)
