"""Leave said in chat. Today is Thursday 11 June 2026."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.team.phrases import dates_said, read_leave

TODAY = date(2026, 6, 11)

READ = [
    ("off until Friday", "06-11", "06-12", ""),
    ("I'm off tomorrow", "06-12", "06-12", ""),
    ("off 3-5 Dec", "12-03", "12-05", ""),
    ("off Dec 3-5", "12-03", "12-05", ""),
    ("on leave from 2026-06-11 to 2026-06-15", "06-11", "06-15", ""),
    ("off 2026-06-15 - 2026-06-17", "06-15", "06-17", ""),
    ("off this afternoon", "06-11", "06-11", "pm"),
    ("Off tomorrow morning.", "06-12", "06-12", "am"),
    ("half day off tomorrow morning", "06-12", "06-12", "am"),
    ("out of office next week", "06-15", "06-21", ""),
    ("on vacation from Monday to Wednesday", "06-15", "06-17", ""),
    ("off Monday for 3 days", "06-15", "06-17", ""),
    ("back on Monday", "06-11", "06-14", ""),
    ("off tomorrow, back Wednesday", "06-12", "06-16", ""),
    ("back on Thursday", "06-11", "06-17", ""),
    ("taking Friday off", "06-12", "06-12", ""),
    ("off 11 June", "06-11", "06-11", ""),
    ("off today", "06-11", "06-11", ""),
    ("off until tomorrow", "06-11", "06-12", ""),
    ("休假到周五", "06-11", "06-12", ""),
    ("明天请假", "06-12", "06-12", ""),
    ("我明天请假", "06-12", "06-12", ""),
    ("今天下午请假", "06-11", "06-11", "pm"),
    ("明天上午请半天假", "06-12", "06-12", "am"),
    ("6月11日到6月15日休假", "06-11", "06-15", ""),
    ("6月11日到15日休假", "06-11", "06-15", ""),
    ("6月15-17日请假", "06-15", "06-17", ""),
    ("下周一请假", "06-15", "06-15", ""),
    ("下周一到周三休假", "06-15", "06-17", ""),
    ("下周休假", "06-15", "06-21", ""),
    ("请假三天", "06-11", "06-13", ""),
    ("周一回来", "06-11", "06-14", ""),
    ("明天休假，下周三回来", "06-12", "06-16", ""),
    ("休假至６月１５日", "06-11", "06-15", ""),
]


@pytest.mark.parametrize(("text", "first", "last", "part"), READ, ids=[row[0] for row in READ])
def test_reads(text: str, first: str, last: str, part: str) -> None:
    found = read_leave(text, TODAY, 7)
    assert found is not None
    assert (f"{found.first:%m-%d}", f"{found.last:%m-%d}", found.part) == (first, last, part)
    assert (found.person_id, found.first.year) == (7, 2026)


NOT_READ = [
    "off",
    "Acme: call Wang back on the quote",
    "customer took two days off the schedule",
    "half day off tomorrow",
    "off from Friday 2026 to",
    "off 31 June",
    "back today",
    "off until further notice",
    "on leave from 2026-06-15 to 2026-06-11",
    "off from 2026-06-11 to 2028-06-11",
    "请假",
    "客户明天请假，改约下周",
    "明天给王总回电话",
    "tomorrow",
    "",
    "off " * 60,
]


@pytest.mark.parametrize("text", NOT_READ)
def test_is_not_read(text: str) -> None:
    assert read_leave(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [("off tomorrow, dentist", "dentist"), ("明天请假，看牙", "看牙"), ("sick today", "sick"), ("off tomorrow", "")],
)
def test_reason(text: str, reason: str) -> None:
    found = read_leave(text, TODAY)
    assert found is not None
    assert found.reason == reason


def test_dates_alone_are_enough_where_leave_is_meant() -> None:
    found = dates_said("until Friday", TODAY)
    assert found is not None
    assert (found.first, found.last) == (TODAY, TODAY + timedelta(days=1))


def test_dates_of_the_turn_of_the_year() -> None:
    found = read_leave("off 28 Dec to 3 Jan", date(2026, 12, 20))
    assert found is not None
    assert (found.first, found.last) == (date(2026, 12, 28), date(2027, 1, 3))


days = st.dates(date(2024, 1, 1), date(2035, 1, 1))
FORMS = [
    "on leave from {a:%Y-%m-%d} to {b:%Y-%m-%d}",
    "off {a:%d %b %Y} - {b:%d %B %Y}",
    "off {a:%Y/%m/%d} until {b:%Y/%m/%d}",
    "{a.year}年{a.month}月{a.day}日到{b.year}年{b.month}月{b.day}日休假",
]


@given(days, days, st.integers(0, 300), st.sampled_from(FORMS))
def test_whatever_is_written_in_full_is_read_back(today: date, a: date, length: int, form: str) -> None:
    b = a + timedelta(days=length)
    found = read_leave(form.format(a=a, b=b), today)
    assert found is not None
    assert (found.first, found.last) == (a, b)


pieces = ["off", "until", "back", "on", "monday", "tomorrow", "next", "week", "3", "-", "dec", "morning", "half", "day"]
pieces += ["for", "from", "to", "休假", "到", "周", "五", "请假", "下", "月", "日", "9", "回来"]


@given(st.one_of(st.text(), st.lists(st.sampled_from(pieces)).map(" ".join)), days)
def test_never_fails_and_never_runs_backwards(text: str, today: date) -> None:
    for read in (read_leave, dates_said):
        found = read(text, today)
        assert found is None or timedelta(0) <= found.last - found.first < timedelta(366)
