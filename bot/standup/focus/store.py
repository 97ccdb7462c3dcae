"""Tables of pushed-down questions and of whom they are for, and the queries over them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    delete,
    select,
    update,
)
from sqlalchemy import Row as DbRow

from bot.db import Connection, Instant, Json, execute_many, insert_new, metadata
from bot.standup.store import answer, slot

focus = Table(
    "standup_focus",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("key", String(120), nullable=False),
    Column("texts", Json, nullable=False),  # by language
    Column("until", Date, nullable=False),  # the last date on which it is asked
    Column("at", Instant, nullable=False),
    UniqueConstraint("workspace_id", "key"),
)

asked = Table(
    "standup_focus_person",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("focus_id", Integer, ForeignKey("standup_focus.id"), nullable=False),
    Column("person_id", Integer, ForeignKey("person.id"), nullable=False),
    Column("slot_id", Integer, ForeignKey("standup_slot.id", ondelete="SET NULL")),  # NULL while it waits
    UniqueConstraint("focus_id", "person_id"),
    Index("ix_standup_focus_person_person_id_slot_id", "person_id", "slot_id"),
    Index("ix_standup_focus_person_slot_id", "slot_id"),
)


_GIVE = update(asked).where(asked.c.id == bindparam("row")).values(slot_id=bindparam("slot"))


def question_key(focus_id: int) -> str:
    """Under which key a slot keeps the answer."""
    return f"focus-{focus_id}"


def add(
    db: Connection,
    workspace: int,
    key: str,
    texts: Mapping[str, str],
    until: date,
    people: Sequence[int],
    now: datetime,
) -> int:
    """Put a question to some people; for how many of them it is new."""
    row = {"workspace_id": workspace, "key": key, "texts": dict(texts), "until": until, "at": now}
    insert_new(db, focus, [row])
    focus_id = db.execute(select(focus.c.id).where(focus.c.workspace_id == workspace, focus.c.key == key)).scalar_one()
    rows = [{"workspace_id": workspace, "focus_id": focus_id, "person_id": person_id} for person_id in people]
    return insert_new(db, asked, rows)


def drop(db: Connection, workspace: int, key: str) -> None:
    """Take a question back from those whom it was not put to yet."""
    mine = select(focus.c.id).where(focus.c.workspace_id == workspace, focus.c.key == key)
    db.execute(delete(asked).where(asked.c.focus_id.in_(mine), asked.c.slot_id.is_(None)))


def waiting(db: Connection, workspace: int, person_ids: Sequence[int], day: date) -> dict[int, int]:
    """What waits for these people on a date: person -> the row of the oldest question."""
    query = select(asked.c.person_id, asked.c.id).join(focus, focus.c.id == asked.c.focus_id)
    query = query.where(asked.c.person_id.in_(person_ids), asked.c.slot_id.is_(None), focus.c.until >= day)
    query = query.where(focus.c.workspace_id == workspace).order_by(asked.c.focus_id.desc())
    return {row.person_id: row.id for row in db.execute(query)}


def give(db: Connection, slots: Mapping[int, int]) -> None:
    """Note in which slot each is asked: row -> slot."""
    if slots:
        execute_many(db, _GIVE, [{"row": row_id, "slot": slot_id} for row_id, slot_id in slots.items()])


def in_slots(db: Connection, slot_ids: Sequence[int]) -> dict[int, tuple[int, dict[str, str]]]:
    """The question that each slot asks: slot -> its id and its texts by language."""
    query = select(asked.c.slot_id, focus.c.id, focus.c.texts).join(focus, focus.c.id == asked.c.focus_id)
    return {row[0]: (row[1], row[2]) for row in db.execute(query.where(asked.c.slot_id.in_(slot_ids)))}


def answers(db: Connection, workspace: int, key: str) -> list[DbRow[Any]]:
    """What was answered, in the order of the dates: rows of `person_id`, `day`, `items`."""
    query = select(slot.c.person_id, slot.c.day, answer.c["items"])
    query = query.select_from(
        asked.join(focus, focus.c.id == asked.c.focus_id)
        .join(slot, slot.c.id == asked.c.slot_id)
        .join(answer, (answer.c.slot_id == slot.c.id))
    )
    query = query.where(focus.c.workspace_id == workspace, focus.c.key == key)
    query = query.where(answer.c.question == "focus-" + focus.c.id.cast(String))
    return list(db.execute(query.order_by(slot.c.day, slot.c.answered_at, slot.c.id)))
