"""The inbox's table and its queries."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    select,
    update,
)

from bot.db import Connection, Instant, Json, insert_new, metadata
from bot.message import File, Message, Place

inbox = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("platform", String(16), nullable=False),
    Column("heard_id", Text, nullable=False),
    Column("person_id", Integer, nullable=False),
    Column("body", Json, nullable=False),
    Column("heard", Instant, nullable=False),
    Column("answered", Instant),
    Column("attempts", Integer, nullable=False, default=0),
    UniqueConstraint("workspace_id", "platform", "heard_id"),
    Index("ix_inbox_answered_heard", "answered", "heard"),
)


def add(db: Connection, workspace: int, message: Message) -> bool:
    """Keep what was heard; False when it was heard before."""
    row = {"workspace_id": workspace, "platform": message.place.platform, "heard_id": message.id}
    row |= {"person_id": message.person, "body": _dump(message), "heard": message.at}
    return insert_new(db, inbox, [row | {"answered": None, "attempts": 0}]) == 1


def add_all(db: Connection, workspace: int, messages: Sequence[Message]) -> list[bool]:
    """Keep what was heard, in this order; of each whether it is new."""
    return [add(db, workspace, message) for message in messages]


_ANSWERED = (
    update(inbox)
    .where(
        inbox.c.workspace_id == bindparam("workspace"),
        inbox.c.platform == bindparam("on"),
        inbox.c.heard_id == bindparam("heard_as"),
    )
    .values(answered=bindparam("at", type_=Instant))
)


def answered(db: Connection, workspace: int, message: Message, now: datetime) -> None:
    """It was handled, whatever came of it."""
    same = {"workspace": workspace, "on": message.place.platform, "heard_as": message.id}
    db.execute(_ANSWERED, same | {"at": now})


def attempted(db: Connection, workspace: int, message: Message) -> None:
    """Handling it failed half way; it may be tried again."""
    db.execute(update(inbox).where(*_same(workspace, message)).values(attempts=inbox.c.attempts + 1))


def unanswered(db: Connection, workspace: int, before: datetime, tries: int = 5) -> list[Message]:
    """What was heard before `before` and not handled since, oldest first; given up after `tries`."""
    query = (
        select(inbox)
        .where(
            inbox.c.workspace_id == workspace,
            inbox.c.answered.is_(None),
            inbox.c.heard < before,
            inbox.c.attempts < tries,
        )
        .order_by(inbox.c.id)
        .limit(100)
    )
    return [_load(row) for row in db.execute(query)]


def forget(db: Connection, before: datetime) -> int:
    """Drop what was handled before `before`: no platform repeats itself after so long. How many rows went."""
    return db.execute(delete(inbox).where(inbox.c.answered < before)).rowcount


def _same(workspace: int, message: Message) -> tuple[Any, ...]:
    return (
        inbox.c.workspace_id == workspace,
        inbox.c.platform == message.place.platform,
        inbox.c.heard_id == message.id,
    )


def _dump(m: Message) -> dict[str, Any]:
    return {
        "text": m.text,
        "place": [m.place.platform, m.place.chat, m.place.thread, m.place.only],
        "how": m.how,
        "answers": {k: list(v) if isinstance(v, tuple) else v for k, v in m.answers.items()},
        "about": m.about,
        "files": [[f.name, f.path, f.size] for f in m.files],
    }


def _load(row: Row[Any]) -> Message:
    body = row.body
    return Message(
        id=row.heard_id,
        person=row.person_id,
        place=Place(*body["place"]),
        text=body["text"],
        at=row.heard,
        how=body["how"],
        answers={k: tuple(v) if isinstance(v, list) else v for k, v in body["answers"].items()},
        about=body["about"],
        files=tuple(File(*f) for f in body["files"]),
    )


def heard_since(db: Connection, workspace: int, person: int, since: datetime) -> list[tuple[int, Message]]:
    """What somebody said since then, as far as it is still kept, each with its id here."""
    here = (inbox.c.workspace_id == workspace, inbox.c.person_id == person, inbox.c.heard >= since)
    return [(row.id, _load(row)) for row in db.execute(select(inbox).where(*here))]


def blank(db: Connection, ids: Sequence[int]) -> None:
    """Forget what was said and which files came with it; that it was heard stays, so that it is not heard again."""
    for row in db.execute(select(inbox.c.id, inbox.c.body).where(inbox.c.id.in_(ids))).all():
        body = row.body | {"text": "", "answers": {}, "files": []}
        db.execute(update(inbox).where(inbox.c.id == row.id).values(body=body))
