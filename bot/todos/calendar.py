"""To-dos as an iCalendar file (RFC 5545), which any calendar takes. Pure.

They are written as events: most calendars on phones pass over the format's own to-dos.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo

from bot.todos.model import Todo

LENGTH = timedelta(minutes=30)  # of one that is due at an hour


def ics(todos: Iterable[Todo], zone: tzinfo, deals: Mapping[str, str], now: datetime) -> str:
    """Those with a due day, on the clock of `zone`. `deals`: what they are called, by key."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Paceline//To-dos//EN", "CALSCALE:GREGORIAN"]
    for one in todos:
        if one.due is not None:
            lines += _event(one, zone, deals.get(one.deal, one.deal), now)
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(one: Todo, zone: tzinfo, deal: str, now: datetime) -> list[str]:
    assert one.due is not None
    if one.due_at is None:
        when = [f"DTSTART;VALUE=DATE:{one.due:%Y%m%d}", f"DTEND;VALUE=DATE:{one.due + timedelta(days=1):%Y%m%d}"]
    else:
        begins = datetime.combine(one.due, one.due_at, zone)
        when = [f"DTSTART:{_utc(begins)}", f"DTEND:{_utc(begins + LENGTH)}"]
    return [
        "BEGIN:VEVENT",
        f"UID:todo-{one.workspace_id}-{one.id}@paceline",
        f"DTSTAMP:{_utc(now)}",
        *when,
        f"SUMMARY:{_text(one.task)}",
        *([f"DESCRIPTION:{_text(deal)}"] if deal else []),
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _utc(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(said: str) -> str:
    for mark in "\\;,":
        said = said.replace(mark, f"\\{mark}")
    return "\\n".join("".join(c for c in line if c.isprintable()) for line in said.splitlines())


def _folded(line: str) -> str:
    """In pieces of at most 75 bytes, none of them cut within a character."""
    pieces, room = [""], 75
    for c in line:
        size = len(c.encode())
        if size > room:
            pieces.append("")
            room = 74
        pieces[-1] += c
        room -= size
    return "\r\n ".join(pieces)
