"""Weeks, cut in the zone of the workspace: the division in the database and the calendar on the wall agree."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, literal, select

from bot.kpi.funnel import store
from bot.kpi.funnel.model import MOST_WEEKS, WEEK, begins, calendar, ends, last_closed
from bot.kpi.weeks import week_of

ZONES = ["UTC", "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"]
ENGINE = create_engine("sqlite://")


@given(st.sampled_from(ZONES), st.integers(0, 4 * 365 * 24 * 3600 - 1))
def test_a_second_is_in_the_week_of_its_local_day(zone: str, after: int) -> None:
    weeks = calendar("2023-W01", "2026-W53", ZoneInfo(zone))
    at = datetime(2023, 1, 3, tzinfo=UTC) + timedelta(seconds=after)
    with ENGINE.connect() as db:
        found = db.execute(select(store._week(literal(int(at.timestamp())), weeks))).scalar_one()
    assert weeks.weeks[found] == week_of(at.astimezone(ZoneInfo(zone)).date())


@pytest.mark.parametrize("zone", ZONES)
def test_so_it_is_in_the_seconds_around_each_border(zone: str) -> None:
    weeks = calendar("2024-W01", "2026-W10", ZoneInfo(zone))
    marks = [mark + off for mark in weeks.begins[1:-1] for off in (-3601, -1, 0, 1, 3600)]
    with ENGINE.connect() as db:
        found = [db.execute(select(store._week(literal(mark), weeks))).scalar_one() for mark in marks]
    there = [datetime.fromtimestamp(mark, ZoneInfo(zone)).date() for mark in marks]
    assert [weeks.weeks[at] for at in found] == [week_of(day) for day in there]


def test_only_changes_of_clocks_make_pieces() -> None:
    assert len(calendar("2024-W01", "2026-W10", ZoneInfo("Asia/Shanghai")).pieces()) == 1
    berlin = calendar("2024-W01", "2024-W52", ZoneInfo("Europe/Berlin")).pieces()
    assert [(piece.ends - piece.begins) % WEEK for piece in berlin] == [0, WEEK - 3600, 0, 3600, 0]


def test_a_week_is_closed_when_its_sunday_is_over_there() -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    assert begins("2026-W23", shanghai) == datetime(2026, 5, 31, 16, tzinfo=UTC)
    assert ends("2026-W23", shanghai) == begins("2026-W24", shanghai) == datetime(2026, 6, 7, 16, tzinfo=UTC)
    assert last_closed(datetime(2026, 6, 7, 15, 59, tzinfo=UTC), shanghai) == "2026-W22"
    assert last_closed(datetime(2026, 6, 7, 16, 0, tzinfo=UTC), shanghai) == "2026-W23"
    assert last_closed(datetime(2026, 6, 7, 16, 0, tzinfo=UTC), ZoneInfo("UTC")) == "2026-W22"


def test_what_is_older_than_ten_years_is_left_out() -> None:
    weeks = calendar("1970-W01", week_of(date(2026, 6, 7)), ZoneInfo("UTC")).weeks
    assert (len(weeks), weeks[-1]) == (MOST_WEEKS, "2026-W23")
    assert calendar("2026-W02", "2026-W01", ZoneInfo("UTC")).weeks == []
