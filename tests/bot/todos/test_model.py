"""When somebody hears of a to-do: in working hours of theirs, ahead once and after once."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.todos.model import Reminded, Source, State, Todo, at_work, next_reminder

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [BERLIN, ZoneInfo("Asia/Shanghai"), ZoneInfo("America/Los_Angeles"), UTC]


def todo(due: date | None, **more: object) -> Todo:
    return Todo(1, 1, "x", 1, 1, Source.CHAT, "k", datetime(2026, 1, 1, tzinfo=UTC), due, **more)  # type: ignore[arg-type]


def weekdays(day: date) -> bool:
    return day.weekday() < 5


def local(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("due", "now", "kind", "at"),
    [
        # due on a Friday: on Thursday afternoon
        (date(2026, 6, 12), local(2026, 6, 8, 10), Reminded.AHEAD, local(2026, 6, 11, 15)),
        # due on a Monday: on Friday afternoon
        (date(2026, 6, 15), local(2026, 6, 8, 10), Reminded.AHEAD, local(2026, 6, 12, 15)),
        # set in the evening before: on the morning itself
        (date(2026, 6, 12), local(2026, 6, 11, 19), Reminded.AHEAD, local(2026, 6, 12, 9)),
        # set on the day itself: after it
        (date(2026, 6, 12), local(2026, 6, 12, 10), Reminded.AFTER, local(2026, 6, 15, 9)),
        # due on a Sunday, set on Saturday: the first working morning after
        (date(2026, 6, 14), local(2026, 6, 13, 10), Reminded.AFTER, local(2026, 6, 15, 9)),
        # long past
        (date(2026, 6, 1), local(2026, 6, 11, 10), Reminded.AFTER, local(2026, 6, 12, 9)),
    ],
)
def test_when(due: date, now: datetime, kind: Reminded, at: datetime) -> None:
    assert next_reminder(todo(due), BERLIN, weekdays, now) == (kind, at.astimezone(UTC))


def test_after_the_nudge_there_is_silence() -> None:
    for one in (
        todo(date(2026, 6, 12), reminded=Reminded.AFTER),
        todo(None),
        todo(date(2026, 6, 12), state=State.DONE),
    ):
        assert next_reminder(one, BERLIN, weekdays, local(2026, 6, 8, 10)) is None
    assert next_reminder(todo(date(2026, 6, 12)), BERLIN, lambda day: False, local(2026, 6, 8, 10)) is None


@given(
    st.dates(date(2025, 1, 1), date(2027, 12, 31)),
    st.integers(-40 * 24 * 60, 40 * 24 * 60),
    st.sampled_from(ZONES),
    st.frozensets(st.integers(0, 6), min_size=1),
)
def test_always_ahead_and_at_work(due: date, minutes: int, zone: ZoneInfo, week: frozenset[int]) -> None:
    def works(day: date) -> bool:
        return day.weekday() in week

    now = datetime(due.year, due.month, due.day, 12, tzinfo=UTC) + timedelta(minutes=minutes)
    one, heard = todo(due), []
    while found := next_reminder(one, zone, works, now):
        kind, at = found
        assert at > now
        assert at_work(at, zone, works)
        assert (kind is Reminded.AHEAD) == (at.astimezone(zone).date() <= due)
        heard.append(kind)
        one, now = todo(due, reminded=kind), at
    assert heard in ([Reminded.AFTER], [Reminded.AHEAD, Reminded.AFTER])
