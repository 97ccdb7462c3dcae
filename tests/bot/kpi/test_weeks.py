"""Weeks and the month of the quarter they belong to."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kpi.weeks import season, thursday, week_of, weeks_between


@given(st.dates(date(1900, 1, 8), date(2300, 12, 20)))
def test_a_week_is_named_and_found_again(day: date) -> None:
    week = week_of(day)
    assert thursday(week).isocalendar()[:2] == day.isocalendar()[:2]
    assert week_of(thursday(week)) == week


@pytest.mark.parametrize(
    ("week", "fiscal_start", "month"),
    [
        ("2026-W01", 1, 0),  # its Thursday is 1 January
        ("2026-W14", 1, 0),  # Thursday 2 April, though it began in March
        ("2026-W13", 1, 2),
        ("2026-W27", 1, 0),  # Thursday 2 July
        ("2025-W26", 1, 2),  # Thursday 26 June; its Sunday is the 29th
        ("2025-W40", 1, 0),
        ("2024-W26", 1, 2),  # Thursday 27 June; the quarter ends on its Sunday
        ("2021-W26", 1, 0),  # Thursday 1 July
        ("2026-W06", 2, 0),  # a fiscal year from February
        ("2026-W05", 2, 2),
        ("2026-W15", 4, 0),
    ],
)
def test_a_week_belongs_to_the_month_of_its_thursday(week: str, fiscal_start: int, month: int) -> None:
    assert season(week, fiscal_start) == month


def test_weeks_go_on_over_the_new_year() -> None:
    assert list(weeks_between("2026-W52", "2027-W02")) == ["2026-W52", "2026-W53", "2027-W01", "2027-W02"]
    assert list(weeks_between("2026-W02", "2026-W01")) == []


@pytest.mark.parametrize("week", ["2025-W53", "2026-W00", "2026W01", "soon"])
def test_a_week_that_never_was(week: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        thursday(week)
