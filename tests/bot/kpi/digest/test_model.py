"""When a digest is due: at the person's own time on their working days, late rather than never, and never twice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kpi.digest import model
from bot.kpi.digest.model import Daily, Kind, Occasion, Wish
from bot.kpi.model import Better, Number, Unit
from bot.kpi.stream import State
from bot.standup.plan import instant

BERLIN = "Europe/Berlin"
MONDAY = date(2026, 6, 8)


def weekdays(day: date) -> bool:
    return day.weekday() < 5


def on(wish: Wish, day: date, works: Callable[[date], bool] = weekdays, zone: str = BERLIN) -> list[str]:
    found = model.occasions(wish, day, works, lambda one, at: instant(zone, one, at))
    return [f"{one.kind} {one.period}" for one in found]


WEEKLY, MONTHLY = Wish(weekly=True), Wish(monthly=True)

CASES = [
    ("the week on its Monday", WEEKLY, date(2026, 6, 8), "", ["weekly 2026-W24"]),
    ("not on the Tuesday", WEEKLY, date(2026, 6, 9), "", []),
    ("a Monday off: on the Tuesday", WEEKLY, date(2026, 6, 9), "2026-06-08", ["weekly 2026-W24"]),
    (
        "a Friday off: on the next Monday",
        Wish(weekly=True, weekday=4),
        date(2026, 6, 15),
        "2026-06-12",
        ["weekly 2026-W24"],
    ),
    ("a week off: the newer alone", WEEKLY, date(2026, 6, 17), "2026-06-08/2026-06-16", ["weekly 2026-W25"]),
    ("the month on its first working day", MONTHLY, date(2026, 6, 1), "", ["monthly 2026-05"]),
    ("a month that begins on a Saturday", MONTHLY, date(2026, 8, 3), "", ["monthly 2026-07"]),
    ("not on its second working day", MONTHLY, date(2026, 8, 4), "", []),
    ("January looks back on December", MONTHLY, date(2026, 1, 2), "2026-01-01", ["monthly 2025-12"]),
    ("the day", Wish(Daily.ALWAYS), date(2026, 6, 11), "", ["daily 2026-06-11"]),
    ("no day on a day off", Wish(Daily.ALWAYS), date(2026, 6, 13), "", []),
    ("the week takes the place of the day", Wish(Daily.ALWAYS, True), MONDAY, "", ["weekly 2026-W24"]),
    ("both at once", Wish(Daily.STRAYS, True, True), date(2026, 6, 1), "", ["monthly 2026-05", "weekly 2026-W23"]),
    ("nothing wished", Wish(), MONDAY, "", []),
]


@pytest.mark.parametrize(("wish", "day", "off", "expected"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_which_day_brings_what(wish: Wish, day: date, off: str, expected: list[str]) -> None:
    first, _, last = off.partition("/")
    free = (date.fromisoformat(first), date.fromisoformat(last or first)) if off else (date.max, date.max)
    assert on(wish, day, lambda one: weekdays(one) and not free[0] <= one <= free[1]) == expected


def test_what_was_due_before_somebody_wished_it_is_not_made_up_for() -> None:
    wish = Wish(weekly=True, since=datetime(2026, 6, 8, 6, 31, tzinfo=UTC))  # a minute past 08:30 in Berlin
    assert on(wish, MONDAY) == []
    assert on(wish, MONDAY + timedelta(days=7)) == ["weekly 2026-W25"]


@st.composite
def lives(draw: st.DrawFn) -> tuple[Wish, str, frozenset[date], list[datetime]]:
    """A wish, a zone, days off in 40 days, and when the bot was awake in them."""
    zone = draw(
        st.sampled_from([BERLIN, "Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati", "Australia/Lord_Howe"])
    )
    begins = draw(st.sampled_from([date(2026, 3, 1), date(2026, 10, 1), date(2026, 6, 1), date(2026, 12, 15)]))
    wish = Wish(
        draw(st.sampled_from(Daily)),
        draw(st.booleans()),
        draw(st.booleans()),
        draw(st.times()),
        draw(st.integers(0, 6)),
    )
    off = draw(st.frozensets(st.integers(0, 39)))
    start = datetime.combine(begins, time(), ZoneInfo(zone)).astimezone(UTC)
    minutes = draw(st.lists(st.integers(0, 40 * 24 * 60), max_size=60).map(sorted))
    days = frozenset(begins + timedelta(days=n) for n in off)
    return wish, zone, days, [start + timedelta(minutes=n) for n in minutes]


@given(lives())
def test_in_any_life_each_digest_comes_once_on_a_working_day_and_never_early(
    life: tuple[Wish, str, frozenset[date], list[datetime]],
) -> None:
    wish, zone, off, awake = life

    def works(day: date) -> bool:
        return weekdays(day) and day not in off

    said: dict[str, Occasion] = {}
    for now in awake:
        today = now.astimezone(ZoneInfo(zone)).date()
        for one in model.due(wish, now, today, works, lambda day, at: instant(zone, day, at)):
            assert one.due <= now
            assert works(one.day)
            assert one.day == today == one.due.astimezone(ZoneInfo(zone)).date() or wish.at > time(23)
            said.setdefault(one.key(1), one)
    weeks = [one for one in said.values() if one.kind is Kind.WEEKLY]
    months = [one for one in said.values() if one.kind is Kind.MONTHLY]
    assert len({one.day for one in weeks}) == len(weeks)
    assert len({one.day for one in months}) == len(months)


@given(lives())
def test_whoever_wants_each_day_has_something_by_the_evening_of_each_day_they_work(
    life: tuple[Wish, str, frozenset[date], list[datetime]],
) -> None:
    wish, zone, off, awake = life
    wish = replace(wish, daily=Daily.ALWAYS)
    for now in awake:
        here = now.astimezone(ZoneInfo(zone))
        found = model.due(
            wish, now, here.date(), lambda day: weekdays(day) and day not in off, lambda day, at: instant(zone, day, at)
        )
        late = here.time() > time(3) and here.time().replace(fold=0) > wish.at  # beyond any hour that clocks skip
        assert bool(found) or not (late and weekdays(here.date()) and here.date() not in off)


def number(kpi: str, change: float, state: State = State.WATCH, better: Better = Better.UP) -> Number:
    return Number(kpi, "", 1 + change, Unit.TIMES, 40, "2026-W23", 1.0, 0.9, 1.1, change, state=state, better=better)


def test_what_is_worse_comes_first_and_alerts_before_the_rest() -> None:
    found = [
        number("fine", 0.0, State.OK),
        number("better", 0.9),
        number("bad", -0.3),
        number("slow", 0.4, better=Better.DOWN),
        number("alarming", -0.2, State.ALERT),
        Number("unknown", "", None, Unit.DAYS, 0, "2026-W23"),
    ]
    assert [one.kpi for one in model.ordered(found, ())] == ["alarming", "slow", "bad", "better", "fine"]
    assert [one.kpi for one in model.ordered(found, ("bad", "fine"))] == ["bad", "fine"]


def test_the_source_that_is_silent_for_longest_is_named() -> None:
    heard = {"deals": datetime(2026, 6, 5, tzinfo=UTC), "moves": datetime(2026, 6, 4, tzinfo=UTC)}
    heard["touches"] = datetime(2026, 1, 1, tzinfo=UTC)  # no digest rests on these alone
    found = model.stale(heard, datetime(2026, 6, 6, tzinfo=UTC))
    assert found
    assert found.kind == "moves"
    assert model.stale(heard, datetime(2026, 6, 4, tzinfo=UTC)) is None
