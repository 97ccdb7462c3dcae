"""The books on a model: every question has a row, a day has a budget, what held is not asked for again."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.db import Database
from bot.errors import BotError
from bot.llm import store
from bot.llm.chat import Chat, Question
from bot.llm.ledger import Ledger, today
from bot.llm.model import Outcome, Tokens, cost_of, tokens_of
from bot.settings import LlmPrices, LlmSettings, read_settings
from tests.bot.llm.server import Server, completion, serving
from tests.fakes import Clock

SCHEMA = {"type": "object"}
PRICES = LlmPrices(2.0, 10.0, 0.5, "USD")
ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 1, 1, tzinfo=UTC)


def into(body: dict[str, Any]) -> str:
    return str(body["card"])


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(lambda _: '{"card": "price"}') as one:
        yield one


def chat(server: Server, db: Database, clock: Clock, **more: Any) -> Chat:
    settings = LlmSettings(server.url, "", "m", **more)
    return Chat(settings, books=Ledger(db, 1, settings, ZONE, clock))


def question(text: str = "which?", **more: Any) -> Question[str]:
    return Question(text, into, SCHEMA, **more)


def usage(db: Database) -> Any:
    with db.read() as look:
        return store.usage(look, 1, START)


def test_every_question_has_its_row(server: Server, db: Database, clock: Clock) -> None:
    server.answer = lambda body: 400 if "response_format" in body else '{"card": "price"}'
    assert chat(server, db, clock, prices=PRICES).answer(question(task="pick"), 5).value == "price"
    found = usage(db)
    assert (found.calls, found.kept, found.given, found.made) == (3, 0, 1, 1)
    assert found.cost == pytest.approx(12 / 1e6)
    assert dict(found.outcomes) == {Outcome.FORM: 2, Outcome.GOOD: 1}
    assert found.tasks == (("pick", 3),)


def test_an_unknown_price_is_no_price(server: Server, db: Database, clock: Clock) -> None:
    chat(server, db, clock).answer(question(), 5)
    assert usage(db).cost is None


def test_what_the_server_read_before_is_cheaper() -> None:
    assert cost_of(Tokens(1_000_000, 100_000, 400_000), PRICES) == pytest.approx(0.6 * 2 + 0.4 * 0.5 + 1)
    assert cost_of(Tokens(1, 1), None) is None


def test_tokens_are_guessed_where_the_server_does_not_say(server: Server, db: Database, clock: Clock) -> None:
    import json

    body = completion('{"card": "price"}')
    del body["usage"]
    server.answer = lambda _: json.dumps(body).encode()
    chat(server, db, clock, prices=PRICES).answer(question("价" * 100), 5)
    assert usage(db).given == 81
    assert usage(db).cost > 0
    assert tokens_of("price" * 7) == 11


def test_what_held_is_not_asked_for_again(server: Server, db: Database, clock: Clock) -> None:
    for fence in ("<<1>>", "<<2>>"):
        asked = chat(server, db, clock).answer(question(f"which? {fence} x {fence}", fence=fence), 5)
        assert asked.value == "price"
    assert len(server.asked) == 1
    assert usage(db).kept == 1
    chat(server, db, clock).answer(question("another?"), 5)
    assert len(server.asked) == 2


def test_what_did_not_hold_is_not_kept(server: Server, db: Database, clock: Clock) -> None:
    server.answer = lambda _: '{"other": 1}'
    assert chat(server, db, clock).answer(question(), 5).value is None
    server.answer = lambda _: '{"card": "price"}'
    assert chat(server, db, clock).answer(question(), 5).outcome is Outcome.GOOD


def test_an_answer_is_forgotten_with_what_it_is_about(server: Server, db: Database, clock: Clock) -> None:
    chat(server, db, clock).answer(question(about="call:7"), 5)
    with db.begin() as write:
        assert store.forget_about(write, 1, "call:8") == 0
        assert store.forget_about(write, 1, "call:7") == 1
    chat(server, db, clock).answer(question(), 5)
    assert len(server.asked) == 2


def test_a_budget_is_spent_until_the_local_day_is_over(server: Server, db: Database, clock: Clock) -> None:
    asks = chat(server, db, clock, prices=PRICES, daily_budget=0.00002)
    assert asks.answer(question("1"), 5).outcome is Outcome.GOOD
    assert asks.answer(question("2"), 5).outcome is Outcome.GOOD
    assert asks.state() is Outcome.SPENT
    assert asks.answer(question("3"), 5).outcome is Outcome.SPENT
    assert asks.answer(question("1"), 5).outcome is Outcome.KEPT, "what is kept costs nothing"
    assert len(server.asked) == 2
    clock.now = today(clock(), ZONE) + timedelta(days=1)
    assert asks.answer(question("3"), 5).outcome is Outcome.GOOD


def test_tokens_are_a_budget_without_prices(server: Server, db: Database, clock: Clock) -> None:
    asks = chat(server, db, clock, daily_tokens=2)
    asks.answer(question("1"), 5)
    assert asks.answer(question("2"), 5).outcome is Outcome.SPENT


def test_books_that_cannot_be_written_do_not_cost_the_answer(server: Server, db: Database, clock: Clock) -> None:
    asks = chat(server, db, clock)
    with db.begin() as write:
        write.exec_driver_sql("DROP TABLE llm_call")
    assert asks.answer(question(), 5).value == "price"


def test_what_is_old_is_forgotten(server: Server, db: Database, clock: Clock) -> None:
    chat(server, db, clock).answer(question(), 5)
    with db.begin() as write:
        store.forget(write, 1, clock() + timedelta(days=1), clock() + timedelta(days=1))
    assert usage(db).calls == 0
    with db.read() as look:
        assert store.last(look, 1) is None


BASE = {"PACELINE_LLM_URL": "http://127.0.0.1:1/v1", "PACELINE_LLM_MODEL": "m"}


@pytest.mark.parametrize(
    ("env", "why"),
    [
        ({"PACELINE_LLM_DAILY_BUDGET": "5"}, "PACELINE_LLM_PRICE_IN"),
        ({"PACELINE_LLM_PRICE_IN": "5"}, "go together"),
        ({"PACELINE_LLM_PRICE_IN": "x", "PACELINE_LLM_PRICE_OUT": "1"}, "Give an amount"),
        ({"PACELINE_LLM_DAILY_TOKENS": "-1"}, "whole number"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused(env: dict[str, str], why: str) -> None:
    with pytest.raises(BotError, match=why):
        read_settings(BASE | env)


def test_settings_are_read() -> None:
    env = {"PACELINE_LLM_PRICE_IN": "0.15", "PACELINE_LLM_PRICE_OUT": "0.6", "PACELINE_LLM_DAILY_BUDGET": "5"}
    found = read_settings(BASE | env | {"PACELINE_LLM_CURRENCY": "EUR"}).llm
    assert found
    assert found.prices == LlmPrices(0.15, 0.6, 0.15, "EUR")
    assert found.daily_budget == 5
