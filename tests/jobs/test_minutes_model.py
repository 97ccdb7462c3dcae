"""A model reads a call part by part: progress in the chat, each part asked for once, and minutes whatever it does."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bot.app import App
from bot.minutes.calls import store
from bot.minutes.calls.model import State
from bot.minutes.keeping import service as keeping
from bot.settings import read_settings
from bot.voice import drafts
from jobs import minutes as jobs
from tests.bot.llm.server import Server, serving
from tests.conftest import Office
from tests.handlers.test_minutes import Now, calls, dropped, message

TURNS = 330
LONG = "".join(
    f"{'Anna Berg' if n % 2 else 'Maria Rossi'}: point {n} of the list is one that we went through at some length\n"
    for n in range(TURNS)
) + ("Anna Berg: I will send you the volume quote by Friday.\n")
SUMMED = {"text": "They went through the list.", "lines": [1], "quote": "point 1 of the list"}


def answer(asked: dict[str, Any]) -> str:
    return json.dumps({"todos": [], "decisions": [], "objections": [], "summary": [SUMMED]})


@contextmanager
def with_model(office: Office, says: Callable[[Any], Any]) -> Iterator[Server]:
    """The office with a model's server."""
    with serving(says) as server:
        home = office.app.settings.home
        env = {"PACELINE_HOME": str(home), "PACELINE_LLM_URL": server.url, "PACELINE_LLM_MODEL": "m"}
        before = office.app
        office.app = App(read_settings(env), before.db, office.clock)
        try:
            yield server
        finally:
            office.app = before


class Counted(Now):
    """Steps that are done at once, up to a number of them."""

    def __init__(self, most: int) -> None:
        self.labels: list[str] = []
        self._most = most

    def do(self, label: str, function: Callable[..., Any], *args: Any) -> Any:
        if len(self.labels) == self._most:
            raise KeyboardInterrupt
        self.labels.append(label)
        return super().do(label, function, *args)


def read(office: Office, most: int = 1000) -> Counted:
    steps = Counted(most)
    jobs.read(office.app, steps, calls(office)[-1].id)  # type: ignore[arg-type]
    return steps


def test_a_step_a_part_and_what_was_done_is_said(east: Office) -> None:
    with with_model(east, answer) as server:
        dropped(east, "anna", LONG)
        steps = read(east)
    parts = [label for label in steps.labels if label.startswith("part ")]
    assert len(parts) > 2
    assert len(server.asked) == len(parts)
    one = calls(east)[-1]
    assert (one.state, one.engine, one.note) == (State.DRAFT, "model", "Made with m.")
    text = message(east, drafts.key(one)).text
    assert "They went through the list." in text
    assert "Send Maria Rossi the volume quote" in text  # what the model overlooked
    assert "Made with m." in text


def test_killed_half_way_no_part_is_asked_for_again(east: Office) -> None:
    with with_model(east, answer) as server:
        dropped(east, "anna", LONG)
        with pytest.raises(KeyboardInterrupt):
            read(east, 4)  # offline, parts, and two of them
        one = calls(east)[-1]
        assert " of " in message(east, drafts.key(one)).text
        assert len(server.asked) == 2
        steps = read(east)
    assert len(server.asked) == sum(label.startswith("part ") for label in steps.labels)


@pytest.mark.parametrize(
    "says", [lambda _: 500, lambda _: b"<html>no</html>", lambda _: "not json", lambda _: '{"a": 1}']
)
def test_minutes_arrive_whatever_the_model_does(east: Office, says: Callable[[Any], Any]) -> None:
    with with_model(east, says):
        dropped(east, "anna", LONG)
        read(east)
    one = calls(east)[-1]
    assert (one.state, one.engine) == (State.DRAFT, "offline")
    assert "Made without the language model: it did not help." in message(east, drafts.key(one)).text


def test_a_model_that_helps_with_some_parts_is_said_so(east: Office) -> None:
    with with_model(east, answer) as server:
        server.answer = lambda asked: answer(asked) if len(server.asked) < 3 else 500
        dropped(east, "anna", LONG)
        read(east)
    assert "m read 2 of " in calls(east)[-1].note


def test_what_was_answered_is_erased_with_the_call(east: Office) -> None:
    with with_model(east, answer):
        dropped(east, "anna", LONG)
        read(east)
        with east.app.db.begin() as db:
            count = "SELECT count(*) FROM llm_answer"
            assert db.exec_driver_sql(count).scalar()
            keeping.erase(db, calls(east)[-1], east.app.now())
            assert db.exec_driver_sql(count).scalar() == 0
            assert store.parts(db, calls(east)[-1]) == {}


def test_nobody_is_named_to_the_model(east: Office) -> None:
    with with_model(east, answer) as server:
        dropped(east, "anna", LONG)
        read(east)
    sent = json.dumps(server.asked, ensure_ascii=False)
    assert "Anna" not in sent
    assert "Rossi" not in sent
