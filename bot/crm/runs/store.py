"""Remembers when a source was asked last, whether that went well, and since when it does not."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, ColumnElement, Integer, String, Table, Text, and_, or_, select, update

from bot.db import Connection, Instant, insert_new, metadata

table = Table(
    "crm_run",
    metadata,
    Column("workspace_id", Integer, primary_key=True, autoincrement=False),
    Column("source", String(80), primary_key=True),
    Column("begun", Instant, nullable=False),  # the run that was begun last
    Column("ended", Instant),  # the last that went well
    Column("failing", Instant),  # since when none went well; empty when the last did
    Column("failures", Integer, nullable=False, default=0),  # since then
    Column("why", Text, nullable=False, default=""),
)


@dataclass(frozen=True, slots=True)
class Run:
    """`ended`: when one last went well; `failing`: since when none does, over so many `failures`, the last because of
    `why`."""

    source: str
    begun: datetime
    ended: datetime | None
    failing: datetime | None
    failures: int
    why: str


def _one(workspace: int, source: str) -> ColumnElement[bool]:
    return and_(table.c.workspace_id == workspace, table.c.source == source)


def claim(db: Connection, workspace: int, source: str, now: datetime, every: timedelta) -> bool:
    """Whether the next run is due; then it is this caller's, and nobody else's."""
    row = {"workspace_id": workspace, "source": source, "begun": now, "failures": 0, "why": ""}
    if insert_new(db, table, [row | {"ended": None, "failing": None}]):
        return True
    due = or_(table.c.begun <= now - every, table.c.begun > now)  # or the clock was set back
    return db.execute(update(table).where(_one(workspace, source), due).values(begun=now)).rowcount == 1


def ended(db: Connection, workspace: int, source: str, now: datetime) -> None:
    """It went well."""
    values = {"ended": now, "failing": None, "failures": 0, "why": ""}
    db.execute(update(table).where(_one(workspace, source)).values(values))


def failed(db: Connection, workspace: int, source: str, now: datetime, why: str) -> Run:
    """It did not; how the source stands now."""
    before = run(db, workspace, source)
    since = before.failing if before and before.failing else now
    failures = (before.failures if before else 0) + 1
    row = {"workspace_id": workspace, "source": source, "begun": now, "ended": None, "failing": since}
    insert_new(db, table, [row | {"failures": failures, "why": why}])
    values = {"failing": since, "failures": failures, "why": why}
    db.execute(update(table).where(_one(workspace, source)).values(values))
    return Run(source, before.begun if before else now, before.ended if before else None, since, failures, why)


def put_off(db: Connection, workspace: int, source: str, until: datetime) -> None:
    """It could not be asked just now: as if it had been asked then."""
    db.execute(update(table).where(_one(workspace, source)).values(begun=until))


def run(db: Connection, workspace: int, source: str) -> Run | None:
    row = db.execute(select(table).where(_one(workspace, source))).first()
    return Run(row.source, row.begun, row.ended, row.failing, row.failures, row.why) if row else None
