"""Tables of runs, slots, answers and what happened to each slot, and the queries over them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy import Row as DbRow

from bot.db import Connection, Instant, Json, insert_new, metadata, upsert
from bot.standup.model import UNFINISHED, WAITING, Items, Question, QuestionRole, Run, Slot, State
from bot.team.store import person

question = Table(
    "standup_question",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("team_id", Integer, ForeignKey("team.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("key", String(32), nullable=False),
    Column("role", String(16), nullable=False),
    Column("text", Text, nullable=False),
    UniqueConstraint("workspace_id", "team_id", "key"),
)

# which date of a team is to be planned next, and when
agenda = Table(
    "standup_agenda",
    metadata,
    Column("team_id", Integer, ForeignKey("team.id"), primary_key=True, autoincrement=False),
    Column("workspace_id", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("at", Instant, nullable=False, index=True),
    Column("since", Instant, nullable=False),  # nobody is asked for a time before this
)

run = Table(
    "standup_run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("team_id", Integer, ForeignKey("team.id"), nullable=False),
    Column("day", Date, nullable=False),
    Column("questions", Json, nullable=False),
    Column("opened", Instant),  # when the board was first shown
    UniqueConstraint("workspace_id", "team_id", "day"),
)

office = Table(
    "standup_office",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("run_id", Integer, ForeignKey("standup_run.id"), nullable=False),
    Column("office", Integer, nullable=False),
    Column("due", Instant),  # when to see whether all have closed; NULL once the summary is out
    UniqueConstraint("run_id", "office"),
    Index("ix_standup_office_due", "due"),
)

slot = Table(
    "standup_slot",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("run_id", Integer, ForeignKey("standup_run.id"), nullable=False),
    Column("team_id", Integer, nullable=False),
    Column("person_id", Integer, ForeignKey("person.id"), nullable=False),
    Column("day", Date, nullable=False),
    Column("office", Integer, nullable=False),
    Column("first_due", Instant, nullable=False),
    Column("due", Instant, nullable=False),
    Column("window", Integer, nullable=False),
    Column("state", String(12), nullable=False),
    Column("why", String(16), nullable=False, default=""),
    Column("detail", Text, nullable=False, default=""),
    Column("asked_at", Instant),
    Column("nudge_at", Instant),
    Column("close_at", Instant),
    Column("answered_at", Instant),
    Column("late", Boolean, nullable=False, default=False),
    Column("snoozes", Integer, nullable=False, default=0),
    UniqueConstraint("workspace_id", "person_id", "day"),
    Index("ix_standup_slot_state_due", "state", "due"),
    Index("ix_standup_slot_state_nudge_at", "state", "nudge_at"),
    Index("ix_standup_slot_state_close_at", "state", "close_at"),
    Index("ix_standup_slot_run_id", "run_id"),
)

answer = Table(
    "standup_answer",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("slot_id", Integer, ForeignKey("standup_slot.id"), nullable=False),
    Column("question", String(32), nullable=False),
    Column("items", Json, nullable=False),
    UniqueConstraint("slot_id", "question"),
)

event = Table(
    "standup_event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("slot_id", Integer, ForeignKey("standup_slot.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("detail", Text, nullable=False, default=""),
)


_SLOT = [slot.c[name] for name in Slot._fields]
_STATE = Slot._fields.index("state")
_STATES = {state.value: state for state in State}


def _slot(row: DbRow[Any]) -> Slot:
    fields = list(row)
    fields[_STATE] = _STATES[fields[_STATE]]
    return Slot._make(fields)


def _run(row: DbRow[Any]) -> Run:
    asked = tuple(Question(key, QuestionRole(role), text) for key, role, text in row.questions)
    return Run(row.id, row.workspace_id, row.team_id, row.day, asked, row.opened)


# questions


def questions(db: Connection, workspace: int, team_ids: Sequence[int]) -> dict[int, tuple[Question, ...]]:
    """The questions of each team that has its own."""
    query = select(question).where(question.c.workspace_id == workspace, question.c.team_id.in_(team_ids))
    found: dict[int, tuple[Question, ...]] = {}
    for row in db.execute(query.order_by(question.c.position)):
        found[row.team_id] = (*found.get(row.team_id, ()), Question(row.key, QuestionRole(row.role), row.text))
    return found


def save_questions(db: Connection, workspace: int, team_id: int, asked: Sequence[Question]) -> None:
    db.execute(delete(question).where(question.c.workspace_id == workspace, question.c.team_id == team_id))
    rows = [
        {"workspace_id": workspace, "team_id": team_id, "position": n, "key": q.key, "role": q.role, "text": q.text}
        for n, q in enumerate(asked)
    ]
    if rows:
        db.execute(insert(question), rows)


# the agenda


def due_agenda(db: Connection, workspace: int, now: datetime, limit: int) -> list[DbRow[Any]]:
    """Teams whose next date is to be planned by now: rows of `team_id`, `day`, `since`."""
    query = select(agenda.c.team_id, agenda.c.day, agenda.c.since)
    query = query.where(agenda.c.workspace_id == workspace, agenda.c.at <= now).order_by(agenda.c.at).limit(limit)
    return list(db.execute(query.with_for_update(skip_locked=True)))


def agenda_of(db: Connection, team_ids: Sequence[int]) -> dict[int, DbRow[Any]]:
    return {row.team_id: row for row in db.execute(select(agenda).where(agenda.c.team_id.in_(team_ids)))}


def save_agenda(db: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    upsert(db, agenda, rows, key=["team_id"])


def drop_agenda(db: Connection, team_id: int) -> None:
    db.execute(delete(agenda).where(agenda.c.team_id == team_id))


# runs and offices


def open_runs(
    db: Connection, workspace: int, days: Mapping[int, date], asked: Mapping[int, Sequence[Question]]
) -> dict[int, int]:
    """The run of each team on its date, made where there is none yet: team id -> run id."""
    rows = [
        {
            "workspace_id": workspace,
            "team_id": team_id,
            "day": day,
            "questions": [[q.key, q.role, q.text] for q in asked[team_id]],
        }
        for team_id, day in days.items()
    ]
    insert_new(db, run, rows)
    query = select(run.c.id, run.c.team_id, run.c.day).where(
        run.c.workspace_id == workspace, run.c.team_id.in_(days), run.c.day.in_(set(days.values()))
    )
    return {row.team_id: row.id for row in db.execute(query) if days[row.team_id] == row.day}


def runs(db: Connection, workspace: int, ids: Sequence[int]) -> dict[int, Run]:
    query = select(run).where(run.c.workspace_id == workspace, run.c.id.in_(ids))
    return {row.id: _run(row) for row in db.execute(query)}


def run_of(db: Connection, workspace: int, team_id: int, day: date) -> Run | None:
    query = select(run).where(run.c.workspace_id == workspace, run.c.team_id == team_id, run.c.day == day)
    row = db.execute(query).first()
    return _run(row) if row else None


def newest_run(db: Connection, workspace: int, team_id: int) -> Run | None:
    """The newest run of a team whose board was shown."""
    query = select(run).where(run.c.workspace_id == workspace, run.c.team_id == team_id, run.c.opened.is_not(None))
    row = db.execute(query.order_by(run.c.day.desc()).limit(1)).first()
    return _run(row) if row else None


def mark_opened(db: Connection, run_ids: Sequence[int], now: datetime) -> list[int]:
    """Those of the runs whose board is shown for the first time now."""
    query = update(run).where(run.c.id.in_(run_ids), run.c.opened.is_(None)).values(opened=now).returning(run.c.id)
    return list(db.execute(query).scalars())


def add_offices(db: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    insert_new(db, office, rows)


def due_offices(db: Connection, workspace: int, now: datetime, limit: int) -> list[DbRow[Any]]:
    """Offices whose last close has come: rows of `run_id`, `office`."""
    query = select(office.c.run_id, office.c.office).where(office.c.workspace_id == workspace, office.c.due <= now)
    return list(db.execute(query.order_by(office.c.due).limit(limit).with_for_update(skip_locked=True)))


def set_office(db: Connection, run_id: int, number: int, due: datetime | None) -> None:
    """When to look at an office again; None once its summary is out."""
    db.execute(update(office).where(office.c.run_id == run_id, office.c.office == number).values(due=due))


def summed_offices(db: Connection, run_id: int) -> list[int]:
    """Offices of a run whose summary is out."""
    query = select(office.c.office).where(office.c.run_id == run_id, office.c.due.is_(None))
    return list(db.execute(query.order_by(office.c.office)).scalars())


# slots


def add_slots(db: Connection, rows: Sequence[Mapping[str, Any]]) -> int:
    return insert_new(db, slot, rows)


def drop_waiting(db: Connection, workspace: int, team_ids: Sequence[int]) -> None:
    """Take back slots that nobody was asked for yet, with those that stand for a day off, to plan them anew.

    Those of the teams' runs, and those that people who are on the teams now still have with another team.
    """
    members = select(person.c.id).where(person.c.team_id.in_(team_ids))
    going = select(slot.c.id).where(
        slot.c.workspace_id == workspace,
        or_(slot.c.team_id.in_(team_ids), slot.c.person_id.in_(members)),
        slot.c.state.in_((State.PLANNED, State.OFF)),
        slot.c.asked_at.is_(None),
        slot.c.run_id.in_(_unsummed()),
    )
    db.execute(delete(event).where(event.c.slot_id.in_(going)))
    db.execute(delete(slot).where(slot.c.id.in_(going)))


def _unsummed() -> Any:
    return select(office.c.run_id).where(office.c.due.is_not(None))


def unsummed_runs(db: Connection, workspace: int, team_ids: Sequence[int]) -> list[Run]:
    """Runs of these teams that are still going on."""
    query = select(run).where(run.c.workspace_id == workspace, run.c.team_id.in_(team_ids), run.c.id.in_(_unsummed()))
    return [_run(row) for row in db.execute(query)]


def slot_by_id(db: Connection, workspace: int, slot_id: int) -> Slot | None:
    row = db.execute(select(*_SLOT).where(slot.c.workspace_id == workspace, slot.c.id == slot_id)).first()
    return _slot(row) if row else None


def slot_on(db: Connection, workspace: int, person_id: int, day: date) -> Slot | None:
    query = select(*_SLOT).where(slot.c.workspace_id == workspace, slot.c.person_id == person_id, slot.c.day == day)
    row = db.execute(query).first()
    return _slot(row) if row else None


def slots_of_run(db: Connection, run_id: int, office_number: int | None = None) -> list[Slot]:
    query = select(*_SLOT).where(slot.c.run_id == run_id)
    if office_number is not None:
        query = query.where(slot.c.office == office_number)
    return [_slot(row) for row in db.execute(query.order_by(slot.c.answered_at, slot.c.id))]


def slots_of_runs(db: Connection, run_ids: Sequence[int]) -> list[Slot]:
    """The slots of several runs, those who answered in the order they did."""
    query = select(*_SLOT).where(slot.c.run_id.in_(run_ids)).order_by(slot.c.answered_at, slot.c.id)
    return [_slot(row) for row in db.execute(query).all()]


def slots_of_person(
    db: Connection, workspace: int, person_id: int, limit: int = 60, *, before: date | None = None
) -> list[Slot]:
    """A person's slots, the newest first."""
    query = select(*_SLOT).where(slot.c.workspace_id == workspace, slot.c.person_id == person_id)
    if before is not None:
        query = query.where(slot.c.day < before)
    return [_slot(row) for row in db.execute(query.order_by(slot.c.day.desc()).limit(limit))]


def due_slots(db: Connection, workspace: int, now: datetime, limit: int) -> list[Slot]:
    """Who is to be asked by now."""
    return _claimable(db, workspace, WAITING, slot.c.due, now, limit)


def due_nudges(db: Connection, workspace: int, now: datetime, limit: int) -> list[Slot]:
    return _claimable(db, workspace, (State.ASKED,), slot.c.nudge_at, now, limit)


def due_closes(db: Connection, workspace: int, now: datetime, limit: int) -> list[Slot]:
    return _claimable(db, workspace, (State.ASKED,), slot.c.close_at, now, limit)


def _claimable(
    db: Connection, workspace: int, states: Sequence[State], at: Column[datetime], now: datetime, limit: int
) -> list[Slot]:
    query = select(*_SLOT).where(slot.c.workspace_id == workspace, slot.c.state.in_(states), at <= now)
    rows = db.execute(query.order_by(at).limit(limit).with_for_update(skip_locked=True)).all()
    return [_slot(row) for row in rows]


def save_slots(db: Connection, ids: Sequence[int], **changes: Any) -> None:
    if ids:
        db.execute(update(slot).where(slot.c.id.in_(ids)).values(changes))


def save_asked(db: Connection, slots: Sequence[Slot]) -> None:
    """Keep when these were asked and when their nudge and close come: one statement for all who share the times."""
    alike: dict[tuple[datetime | None, ...], list[int]] = {}
    for one in slots:
        alike.setdefault((one.asked_at, one.nudge_at, one.close_at), []).append(one.id)
    for (asked_at, nudge_at, close_at), ids in alike.items():
        save_slots(db, ids, state=State.ASKED, asked_at=asked_at, nudge_at=nudge_at, close_at=close_at)


def counts(db: Connection, run_ids: Sequence[int]) -> dict[int, dict[State, int]]:
    """How many slots of each run are in each state."""
    query = select(slot.c.run_id, slot.c.state, func.count()).where(slot.c.run_id.in_(run_ids))
    found: dict[int, dict[State, int]] = {}
    for run_id, state, count in db.execute(query.group_by(slot.c.run_id, slot.c.state)):
        found.setdefault(run_id, {})[State(state)] = count
    return found


def last_close(db: Connection, run_id: int, office_number: int) -> datetime | None:
    """When the last slot of an office that is not finished yet will be; None when all are."""
    query = select(*_SLOT).where(slot.c.run_id == run_id, slot.c.office == office_number, slot.c.state.in_(UNFINISHED))
    return max((_slot(row).closes for row in db.execute(query)), default=None)


# answers and events


def save_answers(db: Connection, workspace: int, slot_id: int, answers: Mapping[str, Items]) -> None:
    rows = [
        {"workspace_id": workspace, "slot_id": slot_id, "question": key, "items": list(items)}
        for key, items in answers.items()
    ]
    upsert(db, answer, rows, key=["slot_id", "question"])


def answers_of(db: Connection, slot_ids: Sequence[int]) -> dict[int, dict[str, Items]]:
    """What was answered in each slot, by question key."""
    found: dict[int, dict[str, Items]] = {}
    for row in db.execute(select(answer).where(answer.c.slot_id.in_(slot_ids))):
        found.setdefault(row.slot_id, {})[row.question] = tuple(row._mapping["items"])
    return found


def last_plans(
    db: Connection, workspace: int, person_ids: Sequence[int], before: date
) -> dict[int, tuple[date, Items]]:
    """What each person last planned before a date, and when: the answers with the role `next`."""
    newest = (
        select(slot.c.person_id, func.max(slot.c.day).label("day"))
        .where(
            slot.c.workspace_id == workspace,
            slot.c.person_id.in_(person_ids),
            slot.c.day < before,
            slot.c.state == State.ANSWERED,
        )
        .group_by(slot.c.person_id)
        .subquery()
    )
    query = (
        select(slot.c.person_id, slot.c.day, run.c.questions, answer.c.question, answer.c["items"])
        .join(newest, (slot.c.person_id == newest.c.person_id) & (slot.c.day == newest.c.day))
        .join(run, run.c.id == slot.c.run_id)
        .join(answer, answer.c.slot_id == slot.c.id)
        .where(slot.c.workspace_id == workspace)
    )
    found: dict[int, tuple[date, Items]] = {}
    for person_id, day, asked, key, items in db.execute(query):
        if any(q[0] == key and q[1] == QuestionRole.NEXT for q in asked):
            found[person_id] = (day, found.get(person_id, (day, ()))[1] + tuple(items))
    return found


def note(db: Connection, workspace: int, slot_ids: Sequence[int], at: datetime, kind: str, detail: str = "") -> None:
    """Write down that something happened to these slots."""
    rows = [
        {"workspace_id": workspace, "slot_id": slot_id, "at": at, "kind": kind, "detail": detail}
        for slot_id in slot_ids
    ]
    insert_new(db, event, rows)


def events(db: Connection, slot_id: int) -> list[DbRow[Any]]:
    """What happened to a slot, oldest first: `at`, `kind`, `detail`."""
    query = select(event.c.at, event.c.kind, event.c.detail).where(event.c.slot_id == slot_id)
    return list(db.execute(query.order_by(event.c.id)))


def nudged_by_hand(db: Connection, slot_id: int) -> bool:
    query = select(event.c.id).where(event.c.slot_id == slot_id, event.c.kind == "reminded").limit(1)
    return db.execute(query).first() is not None


def slots_between(db: Connection, workspace: int, first: date, last: date) -> list[Slot]:
    query = select(*_SLOT).where(slot.c.workspace_id == workspace, slot.c.day >= first, slot.c.day <= last)
    return [_slot(row) for row in db.execute(query.order_by(slot.c.day, slot.c.team_id, slot.c.id))]
