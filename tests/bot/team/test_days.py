"""Who works when. The Chinese days are those that the State Council announced for 2026."""

import time as clock
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.team import calendars
from bot.team.days import WorkingDays
from bot.team.model import DayOff, Leave, Override
from tests.bot.team.conftest import make_person

AT = time(9, 30)
CN, US = make_person(1, calendar="CN"), make_person(2, calendar="US")
CASES = [
    (date(2026, 2, 14), None, "weekend"),
    (date(2026, 10, 10), None, "weekend"),
    (date(2026, 2, 23), "holiday", None),
    (date(2026, 10, 7), "holiday", None),
    (date(2026, 7, 3), None, "holiday"),
    (date(2026, 6, 11), None, None),
    (date(2026, 10, 3), "weekend", "weekend"),
]


@pytest.mark.parametrize(("day", "in_china", "in_america"), CASES)
def test_calendars_differ(day: date, in_china: str | None, in_america: str | None) -> None:
    days = WorkingDays()
    for person, why in ((CN, in_china), (US, in_america)):
        off = days.day_off(person, day, AT)
        assert (off and off.why) == why


@pytest.mark.parametrize(
    ("weekdays", "day", "why"),
    [
        (frozenset(range(7)), date(2026, 6, 14), None),
        (frozenset(range(7)), date(2026, 10, 3), "holiday"),
        (frozenset(range(5)), date(2026, 2, 14), "weekend"),  # make-up days add none to days of one's own
        (frozenset({6, 0, 1, 2, 3}), date(2026, 6, 12), "weekend"),
        (frozenset({0, 2, 4}), date(2026, 6, 9), "weekend"),
    ],
)
def test_weekdays_of_ones_own(weekdays: frozenset[int], day: date, why: str | None) -> None:
    off = WorkingDays().day_off(make_person(calendar="CN", weekdays=weekdays), day, AT)
    assert (off and off.why) == why


def test_overrides_beat_the_library_and_a_region_beats_its_country() -> None:
    saturday, monday, friday = date(2027, 2, 13), date(2026, 2, 23), date(2026, 6, 12)
    days = WorkingDays(
        [
            Override("CN", saturday, "work", "make-up"),
            Override("CN", monday, "work"),
            Override("CN", friday, "off", "Founding day"),
            Override("US", friday, "off", "Founding day"),
            Override("US-CA", friday, "work"),
            Override("CN", date(2026, 2, 14), "off", "Snow"),
        ]
    )
    assert days.day_off(CN, saturday, AT) is None
    assert days.day_off(CN, monday, AT) is None
    assert days.day_off(CN, friday, AT) == DayOff("holiday", "Founding day")
    assert days.day_off(make_person(calendar="CN-SH"), friday, AT) == DayOff("holiday", "Founding day")
    assert days.day_off(make_person(calendar="US-CA"), friday, AT) is None
    assert days.day_off(make_person(calendar=""), friday, AT) is None
    assert days.day_off(CN, date(2026, 2, 14), AT) == DayOff("holiday", "Snow")


def test_holidays_are_named_in_the_persons_language() -> None:
    days, day = WorkingDays(), date(2026, 10, 1)
    assert days.day_off(make_person(calendar="CN"), day, AT) == DayOff("holiday", "National Day")
    assert days.day_off(make_person(calendar="CN", language="zh"), day, AT) == DayOff("holiday", "国庆节")
    german = days.day_off(make_person(calendar="DE-BE"), date(2026, 3, 8) + timedelta(days=26), AT)
    assert german == DayOff("holiday", "Good Friday")
    assert days.day_off(make_person(calendar="US", language="zh"), date(2026, 7, 3), AT) == DayOff(
        "holiday", "Independence Day (observed)"
    )


def test_regions_have_days_of_their_own() -> None:
    womens_day = date(2027, 3, 8)
    assert WorkingDays().day_off(make_person(calendar="DE-BE"), womens_day, AT)
    assert WorkingDays().day_off(make_person(calendar="DE-BY"), womens_day, AT) is None


def test_leave_by_day_and_half_day() -> None:
    days, day = WorkingDays(), date(2026, 6, 11)
    leave = [Leave(1, day, day + timedelta(days=1), "pm", "dentist")]
    assert days.day_off(CN, day, time(9, 30), leave) is None
    assert days.day_off(CN, day, time(14), leave) == DayOff("leave", "dentist")
    assert days.day_off(US, day, time(14), leave) is None  # somebody else's
    assert days.day_off(CN, date(2026, 6, 13), time(14), leave) == DayOff("weekend")


def test_2027_is_not_gazetted_until_an_admin_says_a_makeup_day() -> None:
    days = WorkingDays()
    assert [days.is_gazetted("CN", year) for year in (2025, 2026, 2027, 2030)] == [True, True, False, False]
    assert all(days.is_gazetted(calendar, 2027) for calendar in ("US", "US-CA", "GB-ENG", "DE", "JP", "IN", "", "TW"))
    assert WorkingDays([Override("CN", date(2027, 2, 13), "work")]).is_gazetted("CN", 2027)
    assert not WorkingDays([Override("CN", date(2027, 2, 8), "off")]).is_gazetted("CN", 2027)
    asked = [date(2027, 3, 1) + timedelta(days=n) for n in range(5)]
    assert all(days.day_off(CN, day, AT) is None for day in asked)


def test_yesterday_is_the_last_working_day() -> None:
    days = WorkingDays()
    assert days.last_working_day(US, date(2026, 6, 15), AT) == date(2026, 6, 12)
    assert days.last_working_day(CN, date(2026, 2, 24), AT) == date(2026, 2, 14)
    leave = [Leave(2, date(2026, 6, 8), date(2026, 6, 12))]
    assert days.last_working_day(US, date(2026, 6, 15), AT, leave) == date(2026, 6, 5)
    assert days.last_working_day(US, date(2026, 6, 15), AT, [Leave(2, date(2020, 1, 1), date(2027, 1, 1))]) is None
    assert days.last_working_day(make_person(weekdays=frozenset()), date(2026, 6, 15), AT) is None
    assert days.last_working_day(US, date.min, AT) is None


any_day = st.dates(date(2000, 1, 1), date(2110, 12, 31))
any_calendar = st.sampled_from(["", "CN", "US", "US-CA", "GB-ENG", "IN", "DE-BE", "AE", "XX"])
any_weekdays = st.none() | st.frozensets(st.integers(0, 6))


@given(any_day, any_calendar, any_weekdays, st.times())
def test_laws_of_working_days(day: date, calendar: str, weekdays: frozenset[int] | None, at: time) -> None:
    person = make_person(calendar=calendar, weekdays=weekdays)
    days = WorkingDays()
    off = days.day_off(person, day, at)
    usual = range(5) if weekdays is None else weekdays
    if off is None and day.weekday() not in usual:
        assert weekdays is None  # only a make-up day brings anybody in
        assert day in calendars.year_of(calendar, day.year).work
    if off and off.why == "holiday":
        assert off.detail
    assert off is None or off.why in ("weekend", "holiday")
    assert days.day_off(person, day, at, [Leave(1, day, day)]) == (off or DayOff("leave"))
    forced = WorkingDays([Override(calendar, day, "work")])
    assert (forced.day_off(person, day, at) is None) == (weekdays is None or day.weekday() in weekdays)
    closed = WorkingDays([Override(calendar, day, "off")])
    assert closed.day_off(person, day, at) is not None


@given(any_day, any_calendar, any_weekdays)
def test_the_last_working_day_is_one_and_none_lies_between(
    day: date, calendar: str, weekdays: frozenset[int] | None
) -> None:
    person, days = make_person(calendar=calendar, weekdays=weekdays), WorkingDays()
    last = days.last_working_day(person, day, AT)
    if weekdays == frozenset():
        assert last is None
        return
    assert last is not None
    assert last < day
    assert days.day_off(person, last, AT) is None
    between = [last + timedelta(days=n) for n in range(1, (day - last).days)]
    assert all(days.day_off(person, d, AT) for d in between)


def test_ten_thousand_people_for_thirty_days() -> None:
    codes = ["CN", "US", "US-CA", "GB-ENG", "DE-BE", "IN", ""]
    people = [
        make_person(n, calendar=codes[n % 7], weekdays=None if n % 3 else frozenset(range(6))) for n in range(10_000)
    ]
    days, start = WorkingDays(), clock.perf_counter()
    for person in people:
        for n in range(30):
            days.day_off(person, date(2026, 6, 1) + timedelta(days=n), AT)
    assert clock.perf_counter() - start < 5
