"""What somebody is to do by when, and when they are reminded of it. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

Works = Callable[[date], bool]

BEFORE, MORNING, EVENING = time(15, 0), time(9, 0), time(18, 0)
FARTHEST = 60  # days that are searched for a working one
LONGEST = 500  # characters of a task


class State(StrEnum):
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"  # it needs no doing after all


class Source(StrEnum):
    CHAT = "chat"
    PAGE = "page"
    ALERT = "alert"
    CALL = "call"
    STANDUP = "standup"


class Reminded(StrEnum):
    """What its owner has been told of it so far."""

    NOT_YET = "not yet"
    AHEAD = "ahead"  # that it is due soon
    AFTER = "after"  # that it was due, once


def call_key(call_id: int, n: int | str) -> str:
    """The key of the to-do that came of item `n` of a call's minutes; with "" for `n`, how all of them begin."""
    return f"call:{call_id}:{n}"


@dataclass(frozen=True, slots=True)
class Todo:
    """`due` and `due_at` are of the owner's own clock; `phrase`: the words it was taken from. `deal`: the CRM's id.

    `given_by` None: nobody in person. `owner_id` None: it waits for somebody to take it. `remind_at`: when its owner is
    told next. `key`: what it came from, so that the same is never two.
    """

    id: int
    workspace_id: int
    task: str
    owner_id: int | None
    given_by: int | None
    source: Source
    key: str
    created: datetime
    due: date | None = None
    due_at: time | None = None
    phrase: str = ""
    deal: str = ""
    state: State = State.OPEN
    closed: datetime | None = None
    reminded: Reminded = Reminded.NOT_YET
    remind_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.state is State.OPEN

    def overdue(self, today: date) -> bool:
        return self.open and self.due is not None and self.due < today


def next_reminder(one: Todo, zone: tzinfo, works: Works, now: datetime) -> tuple[Reminded, datetime] | None:
    """What its owner hears of a to-do next, and when: in working hours of theirs; None when there is nothing to say.

    Ahead in the afternoon of the last working day before it is due, or on the morning of the day itself when that is
    over already; after, once, on the first working morning when it was due.
    """
    if not one.open or one.due is None or one.owner_id is None or one.reminded is Reminded.AFTER:
        return None
    moments = [(Reminded.AFTER, _on(_next(one.due + timedelta(days=1), works), MORNING, zone))]
    if one.reminded is Reminded.NOT_YET:
        moments.insert(0, (Reminded.AHEAD, _on(one.due, MORNING, zone) if works(one.due) else None))
        moments.insert(0, (Reminded.AHEAD, _on(_last(one.due - timedelta(days=1), works), BEFORE, zone)))
    ahead = next(((kind, at) for kind, at in moments if at is not None and at > now), None)
    if ahead is not None:
        return ahead
    late = next_working(now, zone, works)
    return (Reminded.AFTER, late) if late else None


def next_working(now: datetime, zone: tzinfo, works: Works) -> datetime | None:
    """The first working morning after now, somebody's own."""
    today = now.astimezone(zone).date()
    first = _on(today, MORNING, zone)
    begins = today if first is not None and first > now else today + timedelta(days=1)
    return _on(_next(begins, works), MORNING, zone)


def at_work(now: datetime, zone: tzinfo, works: Works) -> bool:
    here = now.astimezone(zone)
    return MORNING <= here.time() < EVENING and works(here.date())


def _next(day: date, works: Works) -> date | None:
    return next((found for n in range(FARTHEST) if works(found := day + timedelta(days=n))), None)


def _last(day: date, works: Works) -> date | None:
    return next((found for n in range(FARTHEST) if works(found := day - timedelta(days=n))), None)


def _on(day: date | None, at: time, zone: tzinfo) -> datetime | None:
    return None if day is None else datetime.combine(day, at, zone).astimezone(UTC)
