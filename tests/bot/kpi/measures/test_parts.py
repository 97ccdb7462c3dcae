"""Working hours, targets and what is usual, each by itself."""

from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kpi.measures.beside import beside, change, state
from bot.kpi.measures.hours import Clocks
from bot.kpi.measures.model import Found
from bot.kpi.measures.table import FUNCTIONS, MEASURES
from bot.kpi.measures.targets import Goal, Targets, days_of
from bot.kpi.model import Scope
from bot.kpi.stream import State
from bot.team.days import WorkingDays
from bot.team.model import Leave, Override, Person, Role
from prompts import words

ANNA = Person(1, 1, "anna", "Anna", "", 1, Role.REP, "Europe/Berlin", "en", "DE")
OMAR = Person(2, 1, "omar", "Omar", "", 1, Role.REP, "Asia/Riyadh", "en", weekdays=frozenset({6, 0, 1, 2, 3}))
MEI = Person(3, 1, "mei", "陈美", "", 1, Role.REP, "Asia/Shanghai", "zh", "CN")
DAYS = WorkingDays(
    [Override("CN", date(2026, 6, 14), "work", "make-up"), Override("CN", date(2026, 6, 12), "off", "x")]
)
LEAVE = {1: [Leave(1, date(2026, 6, 9), date(2026, 6, 9), "am"), Leave(1, date(2026, 6, 10), date(2026, 6, 10))]}


def local(person: Person, day: int, hour: int, minute: int = 0, month: int = 6) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=person.tz).astimezone(UTC)


HOURS = [
    ("within one day", ANNA, (11, 10), (11, 14, 30), 4.5),
    ("over night", ANNA, (11, 17), (12, 10), 2),
    ("before opening until after closing", ANNA, (11, 6), (11, 22), 9),
    ("over a weekend", ANNA, (12, 17), (15, 10), 2),
    ("half a day of leave pauses it", ANNA, (9, 9), (9, 18), 6),
    ("a day of leave pauses it", ANNA, (9, 17), (11, 10), 2),
    ("Sunday to Thursday is worked", OMAR, (11, 17), (14, 10), 2),
    ("a day off that an admin set", MEI, (11, 17), (13, 23), 1),
    ("a make-up Sunday counts", MEI, (12, 9), (14, 12), 3),
    ("nothing backwards", ANNA, (11, 14), (11, 10), 0),
]


@pytest.mark.parametrize(("what", "person", "begins", "ends", "hours"), HOURS, ids=[case[0] for case in HOURS])
def test_working_hours(what: str, person: Person, begins: tuple[int, ...], ends: tuple[int, ...], hours: float) -> None:
    clocks = Clocks(DAYS, LEAVE)
    assert clocks.worked(person, local(person, *begins), local(person, *ends)) == pytest.approx(hours)


YEAR = datetime(2026, 3, 1), datetime(2026, 11, 30)  # noqa: DTZ001 - the strategy wants them so
moments = st.datetimes(*YEAR, timezones=st.just(UTC))


@given(moments, moments, moments)
def test_working_hours_add_up(one: datetime, two: datetime, three: datetime) -> None:
    first, middle, last = sorted((one, two, three))
    clocks = Clocks(DAYS, LEAVE)
    whole = clocks.worked(ANNA, first, last)
    assert whole == pytest.approx(clocks.worked(ANNA, first, middle) + clocks.worked(ANNA, middle, last))
    assert 0 <= whole <= (last - first) / timedelta(hours=1) + 1e-9


def test_the_day_on_which_clocks_change_has_as_many_working_hours() -> None:
    clocks = Clocks(WorkingDays(), {})
    assert clocks.worked(ANNA, local(ANNA, 27, 9, month=3), local(ANNA, 30, 18, month=3)) == pytest.approx(18)


PERIODS = [
    ("2026", date(2026, 1, 1), date(2026, 12, 31)),
    ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
    ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
    ("2026-W01", date(2025, 12, 29), date(2026, 1, 4)),
]


@pytest.mark.parametrize(("period", "first", "last"), PERIODS)
def test_the_days_of_a_period(period: str, first: date, last: date) -> None:
    assert days_of(period) == (first, last)


def target(team: str, owner: str, period: str, amount: float, measure: str = "won") -> SimpleNamespace:
    return SimpleNamespace(team=team, owner=owner, period=period, measure=measure, target=amount)


ROWS = [
    target("East", "", "2026-Q2", 100),
    target("West", "", "2026-Q2", 50),
    target("East", "", "2026", 500),
    target("", "li", "2026-Q2", 30),
    target("", "", "2026", 0.4, "win_rate"),
    target("East", "", "2026-06", 0.5, "win_rate"),
]
TEAMS = {"li": "East", "mei": "East", "anna": "West"}
EAST = Scope(frozenset({"li", "mei"}), "East")
QUARTER = date(2026, 4, 1), date(2026, 6, 30)
GOALS = [
    (EAST, Goal(100, *QUARTER)),
    (Scope(), Goal(150, *QUARTER)),
    (Scope(frozenset({"li"})), Goal(30, *QUARTER)),
    (Scope(frozenset({"anna"})), None),
    (Scope(frozenset({"li", "mei", "anna"})), Goal(150, *QUARTER)),
]


def teams_of(scope: Scope) -> set[str]:
    return {TEAMS[one] for one in scope.owners or ()}


@pytest.mark.parametrize(("scope", "goal"), GOALS)
def test_whose_target_counts(scope: Scope, goal: Goal | None) -> None:
    assert Targets(ROWS, scope, teams_of(scope)).goal(date(2026, 6, 11)) == goal


def test_a_share_has_the_team_s_target_of_the_shortest_period_else_everybody_s() -> None:
    assert Targets(ROWS, EAST, ["East"]).of("win_rate", date(2026, 6, 11)) == 0.5
    assert Targets(ROWS, EAST, ["East"]).of("win_rate", date(2026, 5, 11)) == 0.4
    assert Targets(ROWS, Scope(), []).of("win_rate", date(2026, 6, 11)) == 0.4
    assert Targets(ROWS, EAST, ["East"]).of("stalled", date(2026, 6, 11)) is None


def test_usual_is_the_mean_of_at_least_four() -> None:
    assert beside([0.4, None, 0.5, 0.6]).usual is None
    told = beside([0.4, 0.5, 0.6, 0.5, None])
    assert (told.usual, told.low, told.high) == (pytest.approx(0.5), pytest.approx(0.415), pytest.approx(0.585))
    assert change(0.4, 0.5) == pytest.approx(-0.2)
    assert change(0.4, 0) is None


STATES = [
    ("win_rate", Found(0.4, 20), 0.5, False, State.WATCH),
    ("win_rate", Found(0.43, 20), 0.5, False, State.OK),
    ("win_rate", Found(0.9, 20), 0.5, False, State.OK),
    ("stalled", Found(0.6, 20), 0.5, False, State.WATCH),
    ("stalled", Found(0.4, 20), 0.5, False, State.OK),
    ("win_rate", Found(0.1, 5), 0.5, False, State.INSUFFICIENT),
    ("win_rate", Found(0.1, 50), None, False, State.INSUFFICIENT),
    ("win_rate", Found(None, 0), 0.5, False, State.NO_DATA),
    ("win_rate", Found(0.4, 20), 0.5, True, State.STALE),
]


@pytest.mark.parametrize(("name", "found", "usual", "stale", "expected"), STATES)
def test_states(name: str, found: Found, usual: float | None, stale: bool, expected: State) -> None:
    assert state(MEASURES[name], found, usual, stale=stale) is expected


def test_every_measure_has_a_function_that_says_what_it_is_and_a_title_in_both_languages() -> None:
    assert MEASURES.keys() == FUNCTIONS.keys()
    for name, measure in MEASURES.items():
        doc = FUNCTIONS[name].__doc__ or ""
        assert "Unit:" in doc, name
        assert "Source:" in doc, name
        assert f"{'higher' if measure.better == 'up' else 'lower'} is better" in " ".join(doc.split()), name
        assert words("zh")(measure.title) != measure.title
        assert words("zh")(measure.formula) != measure.formula


def test_halves_of_a_day_are_those_that_leave_takes() -> None:
    assert LEAVE[1][0].covers(date(2026, 6, 9), time(9))
    assert not LEAVE[1][0].covers(date(2026, 6, 9), time(12))
