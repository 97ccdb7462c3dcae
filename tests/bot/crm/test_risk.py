"""Which deals need a look, and what is said about them."""

import statistics
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.crm.model import Deal, Stage, Status
from bot.crm.risk import ENOUGH, Reason, Risk, Standing, Why, percentile, reason_line, reasons, stalled, worst
from prompts import words

START = datetime(2026, 5, 1, 8, tzinfo=UTC)
NOW = START + timedelta(days=30)
TODAY = date(2026, 5, 31)
STAGE = Stage(1, "Demo", 1, stall_days=10, touch_days=7)
DEAL = Deal("D", "", "", "li", "", 5.0, "CNY", 1, Status.OPEN, "", START, TODAY, None, "call", TODAY)
CALM = Standing(DEAL, STAGE, "Acme", NOW - timedelta(days=2), NOW - timedelta(days=1))


def standing(
    *, stage: dict[str, Any] | None = None, entered: float = 2, touched: float | None = 1, **deal: Any
) -> Standing:
    """A deal that needs no look but for what is said; `entered` and `touched` are days ago."""
    return Standing(
        replace(DEAL, **deal),
        replace(STAGE, **(stage or {})),
        "Acme",
        NOW - timedelta(days=entered),
        None if touched is None else NOW - timedelta(days=touched),
    )


# fmt: off
STALLED = [
    ("not yet", standing(entered=10), None),
    ("by what was set", standing(entered=10.01), Reason(Why.STALLED, 10, 10)),
    ("by what is usual", standing(entered=16, stage={"usual": timedelta(days=15), "usual_of": ENOUGH}),
     Reason(Why.STALLED, 16, 15, ENOUGH)),
    ("usual is longer than set", standing(entered=14, stage={"usual": timedelta(days=15), "usual_of": ENOUGH}), None),
    ("too few to tell", standing(entered=14, stage={"usual": timedelta(days=15), "usual_of": ENOUGH - 1}),
     Reason(Why.STALLED, 14, 10)),
    ("nothing tells", standing(entered=900, stage={"stall_days": None}), None),
    ("closed", standing(entered=900, status=Status.WON), None),
    ("will enter", standing(entered=-3), None),
]
RISKS = [
    ("nothing", CALM, []),
    ("close passed", standing(expected_close=TODAY - timedelta(days=1)), [Reason(Why.CLOSE_PASSED, 1)]),
    ("closes today", standing(expected_close=TODAY), []),
    ("no close date", standing(expected_close=None), []),
    ("no step", standing(next_step="", next_step_on=None), [Reason(Why.NO_STEP)]),
    ("step without a day", standing(next_step_on=None), []),
    ("day without a step", standing(next_step=""), []),
    ("step passed", standing(next_step_on=TODAY - timedelta(days=4)), [Reason(Why.STEP_PASSED, 4)]),
    ("no touch", standing(touched=8), [Reason(Why.NO_TOUCH, 8, 7)]),
    ("never touched", standing(touched=None), [Reason(Why.NO_TOUCH, 30, 7)]),
    ("no rhythm", standing(touched=None, stage={"touch_days": None}), []),
    ("everything", standing(entered=11, touched=9, expected_close=date(2026, 5, 1), next_step="", next_step_on=None),
     [Reason(Why.STALLED, 11, 10), Reason(Why.CLOSE_PASSED, 30), Reason(Why.NO_STEP), Reason(Why.NO_TOUCH, 9, 7)]),
    ("lost", standing(entered=99, touched=99, status=Status.LOST, next_step="", next_step_on=None), []),
]
LINES = [
    (Reason(Why.STALLED, 16, 15, 80), "in its stage for 16 days, nine in ten that moved on took at most 15"),
    (Reason(Why.STALLED, 1, 0), "in its stage for 1 day, more than 0 is too long there"),
    (Reason(Why.CLOSE_PASSED, 1), "was to close 1 day ago"),
    (Reason(Why.NO_STEP), "no next step"),
    (Reason(Why.STEP_PASSED, 4), "its next step was due 4 days ago"),
    (Reason(Why.NO_TOUCH, 8, 7), "no touch for 8 days, this stage wants one every 7"),
]
# fmt: on


@pytest.mark.parametrize(("story", "given", "reason"), STALLED, ids=[row[0] for row in STALLED])
def test_stalled(story: str, given: Standing, reason: Reason | None) -> None:
    assert stalled(given, NOW) == reason


@pytest.mark.parametrize(("story", "given", "found"), RISKS, ids=[row[0] for row in RISKS])
def test_at_risk(story: str, given: Standing, found: list[Reason]) -> None:
    assert list(reasons(given, NOW, TODAY)) == found
    told = [reason for reason in found if reason.why not in (Why.NO_STEP, Why.STEP_PASSED)]
    assert list(reasons(given, NOW, TODAY, steps=False)) == told, "a CRM without next steps puts no deal at risk for it"


@pytest.mark.parametrize(("reason", "line"), LINES, ids=[row[0].why for row in LINES])
def test_a_reason_is_said_plainly(reason: Reason, line: str) -> None:
    assert reason_line(reason, words("en")) == line


def test_the_worst_come_first() -> None:
    def risk(key: str, many: int, amount: float, entered: float = 1) -> Risk:
        return Risk(standing(key=key, amount=amount, entered=entered), (Reason(Why.NO_STEP),) * many)

    few, small, large, old = risk("a", 1, 9e9), risk("b", 2, 5), risk("c", 2, 50), risk("d", 2, 5, 40)
    assert worst([few, small, old, large]) == [large, old, small, few]
    assert worst([few, small, old, large], 2) == [large, old]


@given(st.lists(st.floats(0, 1e9), min_size=2))
def test_the_percentile_is_everybody_s(values: list[float]) -> None:
    usual = statistics.quantiles(values, n=10, method="inclusive")[-1]
    assert percentile(sorted(values), 0.9) == pytest.approx(usual, rel=1e-9, abs=1e-9)


def test_a_percentile_of_one_and_of_none() -> None:
    assert percentile([7.0], 0.9) == 7
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.9)
