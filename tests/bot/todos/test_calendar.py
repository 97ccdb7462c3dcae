"""The calendar file, read back by the rules of its format."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.todos.calendar import ics
from bot.todos.model import Source, Todo

NOW = datetime(2026, 6, 11, 8, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def todo(task: str, due: date | None, due_at: time | None = None, deal: str = "") -> Todo:
    return Todo(7, 1, task, 1, 1, Source.CHAT, "k", NOW, due, due_at, deal=deal)


def test_a_day_and_an_hour() -> None:
    text = ics(
        [todo("send the quote", date(2026, 6, 12)), todo("call", date(2026, 6, 12), time(9, 30)), todo("x", None)],
        BERLIN,
        {},
        NOW,
    )
    assert text.count("BEGIN:VEVENT") == 2
    assert "DTSTART;VALUE=DATE:20260612\r\nDTEND;VALUE=DATE:20260613\r\n" in text
    assert "DTSTART:20260612T073000Z\r\nDTEND:20260612T080000Z\r\n" in text


@given(st.text(max_size=300), st.text(max_size=60))
def test_what_a_task_says_stays_in_its_line(task: str, deal: str) -> None:
    text = ics([todo(task, date(2026, 6, 12), deal=deal)], BERLIN, {}, NOW)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    names = [line.split(":")[0].split(";")[0] for line in text.replace("\r\n ", "").split("\r\n") if line]
    event = ["BEGIN", "UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "TRANSP", "END"]
    expected = ["BEGIN", "VERSION", "PRODID", "CALSCALE", *event, "END"]
    assert names == [name for name in expected if name != "DESCRIPTION" or deal]
