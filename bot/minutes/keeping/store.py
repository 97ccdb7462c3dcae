"""How long a workspace keeps its calls, and which of them were erased."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Integer, Table, insert, select

from bot.db import Connection, Instant, metadata, upsert

table = Table(
    "call_keeping",
    metadata,
    Column("workspace_id", Integer, primary_key=True, autoincrement=False),
    Column("days", Integer),  # None: for good
    Column("set_by", Integer, nullable=False),
    Column("at", Instant, nullable=False),
)

erased = Table(
    "call_erased",
    metadata,
    Column("call_id", Integer, primary_key=True, autoincrement=False),
    Column("workspace_id", Integer, nullable=False),
    Column("sent_by", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", Integer),  # None: by the clock
)


@dataclass(frozen=True, slots=True)
class Erased:
    """That a call was erased, and nothing else. `by` None: it was kept for as long as calls are."""

    call_id: int
    sent_by: int
    at: datetime
    by: int | None


def days(db: Connection, workspace: int, usual: int) -> int | None:
    """For how many days calls are kept; None: for good. `usual` where nobody has said."""
    row = db.execute(select(table.c.days).where(table.c.workspace_id == workspace)).first()
    return row.days if row else usual


def keep_for(db: Connection, workspace: int, days: int | None, by: int, now: datetime) -> None:
    row = {"workspace_id": workspace, "days": days, "set_by": by, "at": now}
    upsert(db, table, [row], key=("workspace_id",))


def note(db: Connection, workspace: int, one: Erased) -> None:
    row = {"call_id": one.call_id, "workspace_id": workspace, "sent_by": one.sent_by, "at": one.at, "by": one.by}
    db.execute(insert(erased), row)


def since(db: Connection, workspace: int, moment: datetime) -> list[Erased]:
    """Those that were erased since then."""
    query = select(erased).where(erased.c.workspace_id == workspace, erased.c.at >= moment)
    return [Erased(row.call_id, row.sent_by, row.at, row.by) for row in db.execute(query)]


def of_call(db: Connection, workspace: int, call_id: int) -> Erased | None:
    query = select(erased).where(erased.c.workspace_id == workspace, erased.c.call_id == call_id)
    row = db.execute(query).first()
    return Erased(row.call_id, row.sent_by, row.at, row.by) if row else None
