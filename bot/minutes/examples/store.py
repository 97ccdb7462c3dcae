"""The table of examples."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Float, Index, Integer, Row, String, Table, Text, UniqueConstraint, delete, select
from sqlalchemy import update as sql_update

from bot.db import Connection, Instant, Json, metadata, upsert
from bot.minutes.examples.model import Example, State

example = Table(
    "call_example",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("call_id", Integer, nullable=False),
    Column("team_id", Integer, nullable=False),
    Column("owner_id", Integer, nullable=False),
    Column("asked_by", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("language", String(8), nullable=False),
    Column("seconds", Float),
    Column("lesson", Text, nullable=False),
    Column("more", Json, nullable=False),
    Column("body", Json, nullable=False),
    Column("at", Instant, nullable=False),
    Column("published_at", Instant),
    UniqueConstraint("call_id"),
    Index("ix_call_example_workspace_id_team_id_state", "workspace_id", "team_id", "state"),
)


def _example(row: Row[Any]) -> Example:
    return Example(**(dict(row._mapping) | {"state": State(row.state), "more": tuple(row.more)}))


def put(db: Connection, fresh: Example) -> Example:
    """Keep an example, in place of the one that there was of the same call."""
    row = {name: getattr(fresh, name) for name in Example.__slots__ if name != "id"}
    row |= {"state": fresh.state.value, "more": list(fresh.more)}
    upsert(db, example, [row], key=("call_id",))
    kept = of_call(db, fresh.workspace_id, fresh.call_id)
    assert kept is not None
    return kept


def publish(db: Connection, one: Example, now: datetime) -> Example:
    values: dict[str, Any] = {"state": State.PUBLISHED.value, "published_at": now}
    db.execute(sql_update(example).where(example.c.id == one.id).values(values))
    return replace(one, state=State.PUBLISHED, published_at=now)


def drop(db: Connection, call_id: int) -> bool:
    """Nothing of it is kept; False when there was none."""
    return db.execute(delete(example).where(example.c.call_id == call_id)).rowcount > 0


def of_call(db: Connection, workspace: int, call_id: int) -> Example | None:
    query = select(example).where(example.c.workspace_id == workspace, example.c.call_id == call_id)
    row = db.execute(query).first()
    return _example(row) if row else None


def by_id(db: Connection, workspace: int, example_id: int) -> Example | None:
    query = select(example).where(example.c.workspace_id == workspace, example.c.id == example_id)
    row = db.execute(query).first()
    return _example(row) if row else None


def asked_of(db: Connection, workspace: int, owner: int) -> Sequence[Example]:
    """Those that wait for the yes of their owner."""
    here = (example.c.workspace_id == workspace, example.c.owner_id == owner)
    query = select(example).where(*here, example.c.state == State.ASKED.value)
    return [_example(row) for row in db.execute(query.order_by(example.c.id))]


def last_of(db: Connection, workspace: int, owner: int) -> tuple[int, datetime | None]:
    """The example that was asked for last among somebody's calls, and when; 0 for none."""
    query = select(example.c.id, example.c.at).where(example.c.workspace_id == workspace, example.c.owner_id == owner)
    row = db.execute(query.order_by(example.c.at.desc()).limit(1)).first()
    return (row.id, row.at) if row else (0, None)


def published(db: Connection, workspace: int, teams: Collection[int], limit: int = 100) -> Sequence[Example]:
    """Those of some teams, newest first."""
    here = (example.c.workspace_id == workspace, example.c.team_id.in_(teams))
    query = select(example).where(*here, example.c.state == State.PUBLISHED.value)
    return [_example(row) for row in db.execute(query.order_by(example.c.published_at.desc()).limit(limit))]
