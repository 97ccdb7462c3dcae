"""The table of frozen numbers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Float, Integer, String, Table, Text, func, select

from bot.db import Connection, Instant, metadata, upsert
from bot.kpi.model import Number

baseline = Table(
    "kpi_baseline",
    metadata,
    Column("workspace_id", Integer, primary_key=True, autoincrement=False),
    Column("scope", String(80), primary_key=True),
    Column("kpi", String(40), primary_key=True),
    Column("stage", Text, primary_key=True),
    Column("segment", Text, primary_key=True),
    Column("currency", String(3), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("value", Float, nullable=False),
    Column("period", String(10), nullable=False),
    Column("at", Instant, nullable=False),
    Column("person_id", Integer, nullable=False),
)
_KEY = ("workspace_id", "scope", "kpi", "stage", "segment", "currency", "name")


def freeze(
    db: Connection, workspace: int, scope: str, name: str, numbers: Sequence[Number], by: int, now: datetime
) -> int:
    """Keep what is usual of these numbers, else their values, under a name; how many there were. Freezing under the
    same name again is anew."""
    rows: list[dict[str, Any]] = [
        {"workspace_id": workspace, "scope": scope, "kpi": one.kpi, "stage": one.stage, "segment": one.segment}
        | {"currency": one.currency, "name": name, "value": value, "period": one.period, "at": now, "person_id": by}
        for one in numbers
        if (value := one.value if one.usual is None else one.usual) is not None
    ]
    upsert(db, baseline, rows, key=_KEY)
    return len(rows)


def latest(db: Connection, workspace: int, scope: str) -> dict[tuple[str, str, str, str], float]:
    """The baseline that was frozen last for a scope: values by measure, stage, segment and currency."""
    here = baseline.c.workspace_id == workspace, baseline.c.scope == scope
    newest = select(func.max(baseline.c.at)).where(*here).scalar_subquery()
    query = select(baseline.c.kpi, baseline.c.stage, baseline.c.segment, baseline.c.currency, baseline.c.value)
    return {tuple(row[:4]): row[4] for row in db.execute(query.where(*here, baseline.c.at == newest))}


def names(db: Connection, workspace: int) -> list[tuple[str, datetime]]:
    """The names of all baselines and when each was last frozen, the newest first."""
    frozen = func.max(baseline.c.at, type_=baseline.c.at.type)
    query = select(baseline.c.name, frozen).where(baseline.c.workspace_id == workspace)
    return [(row[0], row[1]) for row in db.execute(query.group_by(baseline.c.name).order_by(frozen.desc()))]
