"""A call and a model, with the process killed for real: no answer is asked for twice. A spent budget is told."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import App
from bot.settings import read_settings
from bot.voice import drafts
from tests.bot.llm.server import Json, Server, serving
from tests.bot.minutes.found import CALL as SHORT
from tests.conftest import Office
from tests.handlers.deals import bring
from tests.handlers.test_minutes import dropped, message, work
from tests.jobs.test_minutes_crash import live, once

TALK = "".join(
    f"{who}: We spoke about the garden, the weather in spring and how the {n} trees grow there, and nothing else.\n"
    for n in range(130)
    for who in ("Anna Berg", "Maria Rossi")
)
HEAD, _, REST = SHORT.partition("\n\n")
CALL = f"{HEAD}\n\n{TALK}{REST}"


def answer(body: Json) -> str:
    prompt = body["messages"][0]["content"]
    n = re.search(r"^(\d+) \[NAME_\d+\]: We spoke about the garden", prompt, re.MULTILINE)
    point = {
        "lines": [int(n[1]) if n else 0],
        "quote": "the weather in spring",
        "text": "They spoke about the garden in spring.",
    }
    return json.dumps({"summary": [point] if n else [], "todos": [], "decisions": [], "objections": []})


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(answer) as one:
        yield one


def with_model(office: Office, server: Server, **more: str) -> App:
    env = {"PACELINE_HOME": str(office.app.settings.home), "PACELINE_LLM_URL": server.url, "PACELINE_LLM_MODEL": "m"}
    office.app = App(read_settings(env | more), office.app.db, office.clock)
    return office.app


def test_the_budget_of_a_day_is_said_to_be_spent(east: Office, server: Server) -> None:
    with_model(east, server, PACELINE_LLM_DAILY_TOKENS="1")
    dropped(east, "anna", CALL)
    one = work(east, None)
    assert len(server.asked) == 1
    assert "Today's budget for the model is spent." in one.note
    assert "m read 1 of" in one.note
    assert "Today's budget for the model is spent." in message(east, drafts.key(one)).text


@pytest.mark.parametrize("share", [0.4, 0.55, 0.7])
def test_killed_anywhere_no_answer_is_asked_for_twice(
    east: Office, tmp_path: Path, server: Server, share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(east)
    (tmp_path / "dropped").write_text(CALL, encoding="utf-8")
    monkeypatch.setenv("PACELINE_LLM_URL", server.url)
    monkeypatch.setenv("PACELINE_LLM_MODEL", "m")
    code, said = live(tmp_path, east, int(STATEMENTS * share))
    assert code == 9, said
    before = [body["messages"][0]["content"] for body in server.asked]
    code, said = live(tmp_path, east, 10_000)
    assert code == 0, said
    once(east)
    parts = {_bare(body["messages"][0]["content"]) for body in server.asked}
    assert len(parts) >= 3
    assert len(server.asked) <= len(parts) + 1, "at most the one that was under way is asked for again"
    assert share < 0.5 or before, "it never came as far as the model, the test proves nothing"
    assert os.environ["PACELINE_LLM_MODEL"] == "m"


STATEMENTS = 230  # a whole run takes a few more


def _bare(prompt: str) -> str:
    return re.sub(r"<<[0-9a-f]{12}>>", "", prompt)
