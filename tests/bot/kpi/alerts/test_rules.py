"""When a daily measure deserves an alert, when that goes on, and how many pages a team gets."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.db import Database
from bot.kpi.alerts import store
from bot.kpi.alerts.evaluate import Finding, settle
from bot.kpi.alerts.model import Facts, Rule, Said, State, precision
from bot.kpi.alerts.rules import DAILY, strays
from bot.kpi.model import Better, Number, Unit
from bot.kpi.stream import State as Stand

NOW = datetime(2026, 6, 15, 7, 0, tzinfo=UTC)


def number(rule: Rule, value: float | None, usual: float | None = None, n: int = 60) -> Number:
    better = Better.DOWN if rule in (Rule.STALLED, Rule.SOURCE) else Better.UP
    change = value / usual - 1 if value is not None and usual else None
    return Number(
        rule.value, "East", value, Unit.SHARE, n, "2026-06-15", usual, change=change, state=Stand.OK, better=better
    )


@pytest.mark.parametrize(
    ("rule", "value", "usual", "n", "alarms", "goes_on"),
    [
        (Rule.STALLED, 0.40, 0.15, 60, True, True),
        (Rule.STALLED, 0.40, 0.15, 5, False, True),  # too few to tell
        (Rule.STALLED, 0.17, 0.15, 60, False, False),
        (Rule.STALLED, 0.02, 0.15, 60, False, False),  # better than usual
        (Rule.RESPONSE, 0.30, 0.70, 60, True, True),
        (Rule.RESPONSE, 0.99, 0.70, 60, False, False),
        (Rule.RESPONSE, 0.30, None, 60, False, False),  # nothing is usual yet
        (Rule.RECORDS, 0.40, 0.80, 60, True, True),
        (Rule.TARGET, 0.80, None, 60, True, True),
        (Rule.TARGET, 1.05, None, 60, False, False),
        (Rule.SOURCE, 3.5, None, 4, True, True),
        (Rule.SOURCE, 2.5, None, 4, False, False),
        (Rule.TARGET, None, None, 0, False, False),
    ],
)
def test_what_alarms(rule: Rule, value: float | None, usual: float | None, n: int, alarms: bool, goes_on: bool) -> None:
    one = number(rule, value, usual, n)
    assert (DAILY[rule](one) is not None) is alarms
    assert strays(rule, one) is goes_on


def finding(stage: str, *, alarms: bool = True, goes_on: bool | None = True, noisy: bool = False) -> Finding:
    return Finding(Rule.CONVERSION, Facts("2026-W24", 0.1, 0.5, 20, 2), alarms, goes_on, "2026-W24", stage, noisy=noisy)


def test_a_team_is_paged_three_times_a_week_and_what_waits_is_paged_later(db: Database) -> None:
    found = [finding(stage) for stage in ("Lead", "Demo", "Offer", "Contract")]
    with db.begin() as look:
        settle(look, 1, 1, found, date(2026, 6, 15), NOW)
        assert sorted(one.held for one in store.alerts(look, 1)) == ["", "", "", "budget"]
        settle(look, 1, 1, found, date(2026, 6, 16), NOW + timedelta(days=1))
        assert sorted(one.held for one in store.alerts(look, 1)) == ["", "", "", "budget"]
        steps = settle(look, 1, 1, found, date(2026, 6, 23), NOW + timedelta(days=8))
        assert [one.held for one in store.alerts(look, 1)] == [""] * 4
        assert [step.alert.stage for step in steps if step.fresh] == ["Contract"]


def test_what_would_have_paged_too_often_stands_in_the_digest_alone(db: Database) -> None:
    with db.begin() as look:
        for day in (0, 8):
            settle(look, 1, 1, [finding("Demo", noisy=True)], date(2026, 6, 15), NOW + timedelta(days=day))
        (one,) = store.alerts(look, 1)
    assert (one.held, one.state) == ("noisy", State.OPEN)


def test_a_daily_alert_is_over_after_two_calm_days(db: Database) -> None:
    def day(n: int, goes_on: bool | None) -> State:
        facts = Facts(f"2026-06-{15 + n}", 0.4, 0.15, 60, 24)
        found = Finding(Rule.STALLED, facts, bool(goes_on), goes_on, facts.period)
        settle(look, 1, 1, [found], date(2026, 6, 15 + n), NOW + timedelta(days=n))
        return store.alerts(look, 1)[0].state

    with db.begin() as look:
        states = [day(n, goes_on) for n, goes_on in enumerate((True, False, True, False, None, False))]
        assert len(store.alerts(look, 1)) == 1
    assert states == [State.OPEN] * 5 + [State.RECOVERED]


def test_how_right_a_rule_was(db: Database) -> None:
    with db.begin() as look:
        settle(look, 1, 1, [finding("Lead"), finding("Demo"), finding("Offer")], date(2026, 6, 15), NOW)
        right, wrong, _unsaid = store.alerts(look, 1)
        store.note(look, right, NOW, 1, Said.ACKNOWLEDGED.value)
        store.note(look, right, NOW, 1, Said.SNOOZED.value)
        store.note(look, wrong, NOW, 1, Said.ACKNOWLEDGED.value)
        store.note(look, wrong, NOW, 1, Said.FALSE_ALARM.value)
        found = store.alerts(look, 1)
        (one,) = precision(found, store.events(look, 1, [each.id for each in found]))
    assert (one.right, one.wrong, one.unsaid, one.share) == (1, 1, 1, 0.5)
