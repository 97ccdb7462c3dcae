"""Tables of digests: what people wish, what is due to whom, and what came of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Time, delete, select, text, update

from bot.db import Connection, Instant, Json, insert_new, metadata, upsert
from bot.kpi.digest.model import Daily, Kind, Occasion, Wish

wish = Table(
    "kpi_digest_wish",
    metadata,
    Column("workspace_id", Integer, primary_key=True, autoincrement=False),
    Column("person_id", Integer, ForeignKey("person.id"), primary_key=True, autoincrement=False),
    Column("daily", String(8), nullable=False),
    Column("weekly", Boolean, nullable=False),
    Column("monthly", Boolean, nullable=False),
    Column("at", Time, nullable=False),
    Column("weekday", Integer, nullable=False),
    Column("measures", Json, nullable=False),
    Column("since", Instant, nullable=False),
)

OPEN = text("done IS NULL")

digest = Table(
    "kpi_digest",
    metadata,
    Column("workspace_id", Integer, primary_key=True, autoincrement=False),
    Column("person_id", Integer, ForeignKey("person.id"), primary_key=True, autoincrement=False),
    Column("kind", String(8), primary_key=True),
    Column("period", String(10), primary_key=True),
    Column("due", Instant, nullable=False),
    Column("done", Instant),
    Column("told", Json, nullable=False, default="[]"),  # what strayed when it was told
    Index("ix_kpi_digest_workspace_id_due", "workspace_id", "due", sqlite_where=OPEN, postgresql_where=OPEN),
)


class Planned(NamedTuple):
    """A digest that is still to be told."""

    person_id: int
    kind: Kind
    period: str
    due: datetime


def wishes(db: Connection, workspace: int, person_ids: Sequence[int] | None = None) -> dict[int, Wish]:
    """What people said that they wish, by person; of all who did when `person_ids` is None."""
    query = select(wish).where(wish.c.workspace_id == workspace)
    if person_ids is not None:
        query = query.where(wish.c.person_id.in_(person_ids))
    return {row.person_id: _wish(row) for row in db.execute(query)}


def _wish(row: Any) -> Wish:
    return Wish(Daily(row.daily), row.weekly, row.monthly, row.at, row.weekday, tuple(row.measures), row.since)


def save_wish(db: Connection, workspace: int, person_id: int, wanted: Wish, now: datetime) -> None:
    """Keep what somebody wishes from now on."""
    at = wanted.at.replace(second=0, microsecond=0)
    row: dict[str, Any] = {"workspace_id": workspace, "person_id": person_id, "daily": wanted.daily.value}
    row |= {"weekly": wanted.weekly, "monthly": wanted.monthly, "at": at, "weekday": wanted.weekday}
    row |= {"measures": list(wanted.measures), "since": now}
    upsert(db, wish, [row], key=["workspace_id", "person_id"])


def plan(db: Connection, workspace: int, planned: Iterable[tuple[int, Occasion]]) -> int:
    """Write down digests to come; how many were not there yet. What was told already stays told."""
    rows = [
        {
            "workspace_id": workspace,
            "person_id": person_id,
            "kind": one.kind.value,
            "period": one.period,
            "due": one.due,
        }
        for person_id, one in planned
    ]
    return insert_new(db, digest, rows)


def unplan(db: Connection, workspace: int, person_id: int, kind: Kind | None = None, period: str = "") -> None:
    """Forget what is still to be told to somebody: all of it, or one."""
    query = delete(digest).where(
        digest.c.workspace_id == workspace, digest.c.person_id == person_id, digest.c.done.is_(None)
    )
    if kind is not None:
        query = query.where(digest.c.kind == kind.value, digest.c.period == period)
    db.execute(query)


def due(db: Connection, workspace: int, now: datetime, limit: int) -> list[Planned]:
    """What is to be told by now, the oldest first."""
    query = (
        select(digest.c.person_id, digest.c.kind, digest.c.period, digest.c.due)
        .where(digest.c.workspace_id == workspace, digest.c.done.is_(None), digest.c.due <= now)
        .order_by(digest.c.due, digest.c.person_id)
        .limit(limit)
    )
    return [Planned(row.person_id, Kind(row.kind), row.period, row.due) for row in db.execute(query)]


def claim(db: Connection, workspace: int, one: Planned, told: Sequence[str], now: datetime) -> bool:
    """Mark a digest as told; False when another process was quicker."""
    mine = _that(workspace, one)
    done = db.execute(update(digest).where(*mine, digest.c.done.is_(None)).values(done=now, told=list(told)))
    return done.rowcount == 1


def postpone(db: Connection, workspace: int, one: Planned, until: datetime) -> None:
    """Try again later what could not be told."""
    db.execute(update(digest).where(*_that(workspace, one), digest.c.done.is_(None)).values(due=until))


def _that(workspace: int, one: Planned) -> tuple[Any, ...]:
    return (
        digest.c.workspace_id == workspace,
        digest.c.person_id == one.person_id,
        digest.c.kind == one.kind.value,
        digest.c.period == one.period,
    )


def told(db: Connection, workspace: int, person_id: int, since: datetime) -> frozenset[str]:
    """What strayed when somebody was last told, as far as that was after `since`."""
    query = (
        select(digest.c.told)
        .where(digest.c.workspace_id == workspace, digest.c.person_id == person_id, digest.c.done >= since)
        .order_by(digest.c.done.desc(), digest.c.kind)
        .limit(1)
    )
    return frozenset(db.execute(query).scalar() or ())


def forget(db: Connection, workspace: int, before: datetime) -> int:
    """Drop what was due long ago; how many."""
    return db.execute(delete(digest).where(digest.c.workspace_id == workspace, digest.c.due < before)).rowcount
