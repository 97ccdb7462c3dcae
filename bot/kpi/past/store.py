"""Tables of kept values, and what tells whether they still hold."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Date, Float, Integer, String, Table, Text, and_, delete, func, select

from bot.db import Connection, Instant, Json, insert_new, metadata, upsert
from bot.kpi.model import Better, Number, Unit
from bot.kpi.past.model import Kept, Known
from bot.kpi.stream import State

past = Table(
    "kpi_past",
    metadata,
    Column("workspace_id", Integer, primary_key=True, autoincrement=False),
    Column("scope", String(80), primary_key=True),
    Column("kpi", String(40), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("stage", Text, primary_key=True),
    Column("segment", Text, primary_key=True),
    Column("currency", String(3), primary_key=True),
    Column("value", Float),
    Column("n", BigInteger, nullable=False),
    Column("k", BigInteger, nullable=False),
    Column("usual", Float),
    Column("state", String(16), nullable=False),
)

# `scope` "" is the workspace itself.
looked = Table(
    "kpi_scope",
    metadata,
    Column("workspace_id", Integer, primary_key=True, autoincrement=False),
    Column("scope", String(80), primary_key=True),
    Column("seen", BigInteger, nullable=False),
    Column("monday", Date, nullable=False),
    Column("setup", String(40), nullable=False),
)

# What left the stages in closed weeks, as `bot.kpi.funnel.kept` writes it: up to the week before `week`.
exits = Table(
    "kpi_exits",
    metadata,
    Column("workspace_id", Integer, primary_key=True, autoincrement=False),
    Column("scope", String(80), primary_key=True),
    Column("cut", String(16), primary_key=True),
    Column("week", Integer, nullable=False),
    Column("final", Integer, nullable=False),
    Column("cells", Json, nullable=False),
)
# The numbers of a picture that is too large to be counted while somebody waits.
noted = Table(
    "kpi_noted",
    metadata,
    Column("workspace_id", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("seen", BigInteger, nullable=False),
    Column("numbers", Json, nullable=False),
)
_KEPT = [past.c[name] for name in Kept.__slots__]
_STATES: Mapping[str, State | None] = {"": None} | {one.value: one for one in State}


def known(db: Connection, workspace: int, scope: str) -> Known | None:
    query = select(looked.c.seen, looked.c.monday, looked.c.setup)
    row = db.execute(query.where(looked.c.workspace_id == workspace, looked.c.scope == scope)).first()
    return Known(*row) if row else None


def save_known(db: Connection, workspace: int, scope: str, now: Known) -> None:
    upsert(db, looked, [asdict(now) | {"workspace_id": workspace, "scope": scope}], key=("workspace_id", "scope"))


def note(db: Connection, workspace: int, numbers: Sequence[Number], seen: int, now: datetime) -> None:
    """Keep the numbers of all, as of now, in place of the ones before."""
    row = {"workspace_id": workspace, "at": now, "seen": seen, "numbers": [asdict(one) for one in numbers]}
    upsert(db, noted, [row], key=("workspace_id",))


def noted_numbers(db: Connection, workspace: int) -> tuple[datetime, int, list[Number]] | None:
    """When they were counted, up to which shift, and what they were."""
    row = db.execute(select(noted.c.at, noted.c.seen, noted.c.numbers).where(noted.c.workspace_id == workspace)).first()
    return (row.at, row.seen, [_number(one) for one in row.numbers]) if row else None


def _number(told: Mapping[str, Any]) -> Number:
    parts = {"unit": Unit(told["unit"]), "state": State(told["state"]), "better": Better(told["better"])}
    return Number(**{**told, **parts})


def least_seen(db: Connection, workspace: int) -> int:
    """The last shift that every scope was brought up to."""
    query = select(func.min(looked.c.seen)).where(looked.c.workspace_id == workspace)
    return db.execute(query).scalar() or 0


def kept_exits(db: Connection, workspace: int, scope: str, cut: str) -> tuple[int, int, Any] | None:
    """The week up to which they are kept, the last stage then, and the cells."""
    query = select(exits.c.week, exits.c.final, exits.c.cells).where(exits.c.workspace_id == workspace)
    row = db.execute(query.where(exits.c.scope == scope, exits.c.cut == cut)).first()
    return (row[0], row[1], row[2]) if row else None


def keep_exits(db: Connection, workspace: int, scope: str, cut: str, week: int, final: int, cells: Any) -> None:
    row = {"workspace_id": workspace, "scope": scope, "cut": cut, "week": week, "final": final, "cells": cells}
    upsert(db, exits, [row], key=("workspace_id", "scope", "cut"))


def kept(db: Connection, workspace: int, scope: str) -> list[Kept]:
    rows = db.execute(select(*_KEPT).where(past.c.workspace_id == workspace, past.c.scope == scope)).all()
    return [Kept(*(*row[:-1], _STATES[row[-1]])) for row in rows]


def keep(db: Connection, workspace: int, scope: str, days: Sequence[tuple[str, date]], values: Sequence[Kept]) -> None:
    """These values in place of all that was kept of these measures and days."""
    by_kpi: dict[str, list[date]] = {}
    for kpi, day in days:
        by_kpi.setdefault(kpi, []).append(day)
    for kpi, some in by_kpi.items():
        here = and_(past.c.workspace_id == workspace, past.c.scope == scope, past.c.kpi == kpi, past.c.day.in_(some))
        db.execute(delete(past).where(here))
    rows = [asdict(one) | {"state": one.state or "", "workspace_id": workspace, "scope": scope} for one in values]
    insert_new(db, past, rows)


def forget(db: Connection, workspace: int, scope: str, before: date) -> None:
    """Leave nothing of what was kept of days before."""
    here = and_(past.c.workspace_id == workspace, past.c.scope == scope)
    db.execute(delete(past).where(here, past.c.day < before))


def drop_others(db: Connection, workspace: int, scopes: Sequence[str]) -> None:
    """Leave nothing of scopes but these: nobody has them any more, and nobody brings them up to date."""
    for table in (past, looked, exits):
        query = select(table.c.scope).where(table.c.workspace_id == workspace, table.c.scope != "").distinct()
        for gone in {row[0] for row in db.execute(query)} - set(scopes):
            db.execute(delete(table).where(table.c.workspace_id == workspace, table.c.scope == gone))
