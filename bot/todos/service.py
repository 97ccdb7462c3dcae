"""The use cases of to-dos. Functions that return values; they send nothing and put nothing into words."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.db import Connection
from bot.errors import BotError
from bot.team import service as team
from bot.team.model import Person
from bot.team.roles import Action, may
from bot.todos import store
from bot.todos.model import LONGEST, Reminded, Source, State, Todo, Works, at_work, next_reminder, next_working
from prompts import words

WEEK = timedelta(days=7)  # how far back leave is minded

history = store.history
of_call = store.of_call
open_by_call = store.open_by_call


def add(
    db: Connection,
    by: Person,
    owner: Person | None,
    task: str,
    now: datetime,
    *,
    key: str,
    due: date | None = None,
    due_at: time | None = None,
    phrase: str = "",
    deal: str = "",
    source: Source = Source.CHAT,
) -> Todo:
    """A new to-do; with a `key` that came before, the one that stands there.

    Raises `BotError` when it says nothing or too much, or when `by` may not give its owner one.
    """
    _ = words(by.language)
    task = " ".join(task.split())
    if not task:
        raise BotError(_("Say what is to be done, such as /todo add send the quote by Friday."))
    if len(task) > LONGEST:
        raise BotError(_("A to-do has at most {most} characters; this one has {n}.", most=LONGEST, n=len(task)))
    if owner is not None and not may(by, Action.GIVE_TODOS, about=owner, span=team.span(db, by)):
        raise BotError(_("You cannot give {name} a to-do: that person is not on a team of yours.", name=owner.name))
    fresh = Todo(
        0, by.workspace_id, task, owner.id if owner else None, by.id, source, key, now, due, due_at, phrase, deal
    )
    kept = store.add(db, _timed(db, fresh, owner, now))
    if not store.history(db, kept):
        store.note(db, kept, now, by.id, "added", task)
    return kept


def _timed(db: Connection, one: Todo, owner: Person | None, now: datetime) -> Todo:
    """With its next reminder worked out."""
    found = next_reminder(one, owner.tz, works_on(db, owner, now), now) if owner else None
    return replace(one, remind_at=found[1] if found else None)


def works_on(db: Connection, who: Person, now: datetime) -> Works:
    """Whether a date is a working day of theirs, leave minded."""
    days, leave = team.working_days(db, who.workspace_id), team.leave_ahead(db, who, who.today(now) - WEEK)
    return lambda day: days.day_off(who, day, time(12), leave) is None


# whose they are


def mine(db: Connection, who: Person) -> list[Todo]:
    """The open to-dos of somebody."""
    return store.todos(db, who.workspace_id, owners=[who.id])


def due_by(db: Connection, who: Person, day: date, most: int) -> list[Todo]:
    """The open to-dos of somebody that are due by a day, the oldest first; at most so many."""
    return store.todos(db, who.workspace_id, owners=[who.id], due_before=day + timedelta(days=1))[:most]


def seen(
    db: Connection, who: Person, *, state: State | None = State.OPEN, closed_since: datetime | None = None
) -> list[Todo]:
    """All that somebody may see: own ones, those that they gave, those of the people they lead."""
    span = team.span(db, who)
    people = team.people(db, who.workspace_id, active=None)
    owners = [one.id for one in people if may(who, Action.KEEP_TODOS, about=one, span=span)]
    return store.todos(db, who.workspace_id, owners=owners, giver=who.id, state=state, closed_since=closed_since)


def of_deals(db: Connection, who: Person, deals: Sequence[str]) -> list[Todo]:
    """The open to-dos about some deals, as far as somebody may see them."""
    about = {one.id for one in store.todos(db, who.workspace_id, deals=deals)}
    return [one for one in seen(db, who) if one.id in about]


def get(db: Connection, who: Person, todo_id: int) -> Todo:
    """One that somebody may see and change. Raises `BotError` for all others, there or not."""
    one = store.by_id(db, who.workspace_id, todo_id)
    owner = team.person(db, who.workspace_id, one.owner_id) if one and one.owner_id else None
    theirs = one is not None and who.id in (one.owner_id, one.given_by)
    if one is None or not (theirs or (owner and may(who, Action.KEEP_TODOS, about=owner, span=team.span(db, who)))):
        raise BotError(words(who.language)("That to-do is not yours to see. /todo shows yours."))
    return one


# what happens to them


def finish(db: Connection, who: Person, one: Todo, state: State, now: datetime) -> Todo:
    """Done, or dropped. Doing so again changes nothing."""
    if one.state is state:
        return one
    changed = store.save(db, one, state=state, closed=now, remind_at=None)
    store.note(db, changed, now, who.id, state.value)
    return changed


def reopen(db: Connection, who: Person, one: Todo, now: datetime) -> Todo:
    if one.open:
        return one
    changed = _changed(db, one, now, state=State.OPEN, closed=None)
    store.note(db, changed, now, who.id, "reopened")
    return changed


def change(db: Connection, who: Person, one: Todo, task: str, due: date | None, now: datetime, deal: str = "") -> Todo:
    """Another wording, or another day: reminders begin anew with another day."""
    task = " ".join(task.split())[:LONGEST] or one.task
    if (task, due, deal) == (one.task, one.due, one.deal):
        return one
    fresh: dict[str, Any] = {"task": task, "due": due, "deal": deal}
    if due != one.due:
        fresh |= {"due_at": None, "phrase": "", "reminded": Reminded.NOT_YET}
    changed = _changed(db, one, now, **fresh)
    store.note(db, changed, now, who.id, "changed", f"{task} {due or ''}".strip())
    return changed


def snooze(db: Connection, who: Person, one: Todo, due: date, now: datetime) -> Todo:
    """It is due later."""
    return change(db, who, one, one.task, due, now, one.deal)


def hand_over(db: Connection, who: Person, one: Todo, to: Person, now: datetime) -> Todo:
    """`to` owns it from now on. Raises `BotError` when it is not theirs to give away."""
    if one.owner_id == to.id:
        return one
    if not may(who, Action.GIVE_TODOS, about=to, span=team.span(db, who)):
        raise BotError(
            words(who.language)("You cannot give {name} a to-do: that person is not on a team of yours.", name=to.name)
        )
    changed = _changed(db, one, now, owner_id=to.id, reminded=Reminded.NOT_YET)
    store.note(db, changed, now, who.id, "handed over", to.name)
    return changed


def not_mine(db: Connection, who: Person, one: Todo, now: datetime) -> Todo:
    """Its owner was guessed wrongly: it goes back to whoever gave it, or waits for somebody to take it."""
    back = one.given_by if one.given_by != who.id else None
    changed = _changed(db, one, now, owner_id=back, reminded=Reminded.NOT_YET)
    store.note(db, changed, now, who.id, "not mine")
    return changed


def _changed(db: Connection, one: Todo, now: datetime, **changes: Any) -> Todo:
    after = replace(one, **changes)
    owner = team.person(db, one.workspace_id, after.owner_id) if after.owner_id else None
    return store.save(db, one, **changes, remind_at=_timed(db, after, owner, now).remind_at)


# by the clock


def due_reminders(
    db: Connection, workspace: int, now: datetime, limit: int = 200
) -> list[tuple[Todo, Person, Reminded]]:
    """Whom to remind of what now, each once; who is not at work just now hears of it on their next working morning."""
    found = []
    for one in store.to_remind(db, workspace, now, limit):
        owner = team.person(db, workspace, one.owner_id) if one.owner_id else None
        if owner is None or not owner.active or one.due is None:
            store.save(db, one, remind_at=None)
            continue
        works = works_on(db, owner, now)
        if not at_work(now, owner.tz, works):
            store.save(db, one, remind_at=next_working(now, owner.tz, works))
            continue
        kind = Reminded.AFTER if one.overdue(owner.today(now)) else Reminded.AHEAD
        if kind is one.reminded:
            kind = Reminded.AFTER
        after = _timed(db, replace(one, reminded=kind), owner, now)
        found.append((store.save(db, one, reminded=kind, remind_at=after.remind_at), owner, kind))
    return found


def overdue_of(db: Connection, head: Person, now: datetime) -> list[Todo]:
    """What the people whom somebody leads have not done in time, oldest first."""
    span = team.span(db, head)
    led = [p for p in team.people(db, head.workspace_id) if p.id != head.id and p.id in span.people]
    today = {p.id: p.today(now) for p in led}
    found = store.todos(db, head.workspace_id, owners=list(today)) if today else []
    return [one for one in found if one.owner_id and one.overdue(today[one.owner_id])]
