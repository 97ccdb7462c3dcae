"""Who is asked when on a date. Pure: the same rules plan tomorrow's slots and answer `standup preview`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.standup.model import nudge_after
from bot.team.model import DayOff, Leave, Person

TRY_AGAIN = timedelta(hours=20)

Verdict = Callable[[Person, date, time, Sequence[Leave]], DayOff | None]


@dataclass(frozen=True, slots=True)
class Planned:
    """What a date holds for one person: a prompt at `due`, or a reason why not."""

    person: Person
    day: date
    due: datetime
    off: DayOff | None


@lru_cache(maxsize=65536)
def instant(zone: str, day: date, at: time) -> datetime:
    """The UTC moment of a local time. One that the clocks skip comes as much later; of one that they show twice,
    the first is meant."""
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


def plan_person(person: Person, day: date, at: time, leave: Sequence[Leave], verdict: Verdict) -> Planned:
    """`at` is the team's hour; the person's own goes before it."""
    at = person.standup_at or at
    due = instant(person.zone, day, at)
    if person.unreachable and not _tried_long_ago(person, due):
        return Planned(person, day, due, DayOff("unreachable", person.unreachable))
    return Planned(person, day, due, verdict(person, day, at, leave))


def _tried_long_ago(person: Person, due: datetime) -> bool:
    """Whether the day's prompt may be the one try a day that somebody who could not be reached gets."""
    return person.unreachable_at is not None and due - person.unreachable_at > TRY_AGAIN


def earliest(people: Sequence[Person], day: date, at: time) -> datetime:
    """When the first of a date's prompts is due."""
    return min(instant(p.zone, day, p.standup_at or at) for p in people)


@dataclass(frozen=True, slots=True)
class Preview:
    """One line of `standup preview`: kind is prompt, nudge, close (with `at`), or skip (with `why`)."""

    person: Person
    day: date
    kind: str
    at: datetime | None
    why: str = ""
    detail: str = ""
    note: str = ""


def preview(
    people: Sequence[Person],
    first: date,
    last: date,
    at: time,
    window: int,
    leave: Mapping[int, Sequence[Leave]],
    verdict: Verdict,
    gazetted: Callable[[str, int], bool],
) -> Iterator[Preview]:
    """What would be said to whom, day by day, without saying anything."""
    asked = [p for p in people if p.asked]
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    for day in days:
        notes = {c: "" if gazetted(c, day.year) else "not_gazetted" for c in {p.calendar for p in asked}}
        for person in asked:
            planned = plan_person(person, day, at, leave.get(person.id, ()), verdict)
            note = notes[person.calendar]
            if planned.off:
                yield Preview(person, day, "skip", None, planned.off.why, planned.off.detail, note)
                continue
            due = planned.due
            yield Preview(person, day, "prompt", due, note=note)
            yield Preview(person, day, "nudge", due + nudge_after(window), note=note)
            yield Preview(person, day, "close", due + timedelta(minutes=window), note=note)
