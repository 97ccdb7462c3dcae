"""The batches that were taken, with what was answered: the same again gets the same answer and does nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Integer, String, Table, delete, or_, select, text

from bot.db import Connection, Instant, Json, insert_new, metadata

table = Table(
    "crm_push",
    metadata,
    Column("workspace_id", Integer, primary_key=True, autoincrement=False),
    Column("signature", String(64), primary_key=True),
    Column("batch", String(200), nullable=False, default=""),  # what its sender calls it
    Column("digest", String(64), nullable=False),  # of the body
    Column("answer", Json, nullable=False),
    Column("taken", Instant, nullable=False),
    Index(
        "uq_crm_push_workspace_id_batch",
        "workspace_id",
        "batch",
        unique=True,
        sqlite_where=text("batch <> ''"),
        postgresql_where=text("batch <> ''"),
    ),
    Index("ix_crm_push_taken", "taken"),
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A batch that counts: the digest of its body, and what was answered."""

    digest: str
    answer: dict[str, Any]


def taken(db: Connection, workspace: int, batch: str, signature: str) -> Taken | None:
    """The batch of this name or, since whoever overhears a request may send it again, of this signature."""
    same = table.c.signature == signature
    same = or_(same, (table.c.batch == batch) & text("batch <> ''")) if batch else same
    row = db.execute(select(table).where(table.c.workspace_id == workspace, same).limit(1)).first()
    return Taken(row.digest, row.answer) if row else None


def remember(
    db: Connection, workspace: int, batch: str, signature: str, digest: str, answer: dict[str, Any], now: datetime
) -> None:
    row = {"workspace_id": workspace, "signature": signature, "batch": batch, "digest": digest}
    insert_new(db, table, [row | {"answer": answer, "taken": now}])


def forget(db: Connection, workspace: int, before: datetime) -> int:
    """Drop what was taken before then; how many."""
    return db.execute(delete(table).where(table.c.workspace_id == workspace, table.c.taken < before)).rowcount
