"""`/usage`: what the model was asked, how that ended, what it cost; for managers and admins, in both languages."""

from datetime import timedelta

from bot.app import App
from bot.llm import store
from bot.llm.model import Call, Outcome, Tokens
from bot.settings import read_settings
from tests.conftest import Office

ENV = {"PACELINE_LLM_URL": "http://127.0.0.1:1/v1", "PACELINE_LLM_MODEL": "tiny-1"}
PRICED = ENV | {"PACELINE_LLM_PRICE_IN": "2", "PACELINE_LLM_PRICE_OUT": "8", "PACELINE_LLM_CURRENCY": "EUR"}


def with_model(office: Office, env: dict[str, str]) -> None:
    home = str(office.app.settings.home)
    office.app = App(read_settings(env | {"PACELINE_HOME": home}), office.app.db, office.clock)


def told(office: Office, key: str = "weber") -> str:
    office.say(key, "/usage")
    return office.heard(f"bot:{key}")[-1]


def asked(office: Office, outcome: Outcome, days: int, cost: float | None, task: str = "minutes") -> None:
    used = Tokens() if outcome is Outcome.KEPT else Tokens(1200, 300)
    at = office.app.now() - timedelta(days=days)
    with office.app.db.begin() as db:
        store.note(db, 1, Call(at, task, "tiny-1", 0, outcome, used, 900, cost))


def test_it_tells_today_a_week_and_a_month(east: Office) -> None:
    with_model(east, PRICED | {"PACELINE_LLM_DAILY_BUDGET": "5"})
    asked(east, Outcome.GOOD, 0, 0.5)
    asked(east, Outcome.KEPT, 0, 0.0)
    asked(east, Outcome.CUT, 3, 0.25, "pick")
    asked(east, Outcome.GOOD, 20, 1.0)
    text = told(east)
    assert "**tiny-1** · 5 EUR a day" in text
    assert "- Today: 1 question · 1,200 tokens in, 300 out · 1 kept answer used · 0.50 EUR" in text
    assert "- 7 days: 2 questions · 2,400 tokens in, 600 out · 1 kept answer used · 0.75 EUR" in text
    assert "- 30 days: 3 questions" in text
    assert "minutes of calls 2 · choosing a card 1" in text
    assert "good answers 2" in text
    assert "cut short 1" in text


def test_a_price_that_nobody_gave_is_not_nothing(east: Office) -> None:
    with_model(east, ENV)
    asked(east, Outcome.GOOD, 0, None)
    assert "price not known" in told(east)


def test_a_spent_budget_is_said_plainly(east: Office) -> None:
    with_model(east, PRICED | {"PACELINE_LLM_DAILY_BUDGET": "1"})
    asked(east, Outcome.GOOD, 0, 1.5)
    assert "Today's budget is spent: until tomorrow everything is done without the model." in told(east)


def test_without_a_model_it_says_so(east: Office) -> None:
    assert "No language model is set up." in told(east)


def test_it_is_for_managers_and_admins(east: Office) -> None:
    assert "Only a manager or an admin" in told(east, "anna")
