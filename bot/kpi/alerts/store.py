"""Tables of alerts, of what happened to them, of deals that stall for a known reason, and of days looked at."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Date, Index, Integer, Row, String, Table, Text, UniqueConstraint, insert, select, update

from bot.db import Connection, Instant, Json, insert_new, metadata, upsert
from bot.kpi.alerts.model import Alert, Event, Facts, Rule, Said, State, Where

alert = Table(
    "kpi_alert",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("team_id", Integer, nullable=False),
    Column("rule", String(24), nullable=False),
    Column("stage", Text, nullable=False),
    Column("segment", Text, nullable=False),
    Column("since", String(10), nullable=False),
    Column("opened", Instant, nullable=False),
    Column("state", String(16), nullable=False),
    Column("facts", Json, nullable=False),
    Column("owner_id", Integer),
    Column("said", String(16)),
    Column("note", Text, nullable=False),
    Column("snoozed_until", Date),
    Column("rounds", Integer, nullable=False),
    Column("calm", Integer, nullable=False),
    Column("held", String(16), nullable=False),
    Column("closed", Instant),
    UniqueConstraint("workspace_id", "team_id", "rule", "stage", "since"),
    Index("ix_kpi_alert_workspace_id_state", "workspace_id", "state"),
)

event = Table(
    "kpi_alert_event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("alert_id", Integer, nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("person_id", Integer),
    Column("kind", String(16), nullable=False),
    Column("detail", Text, nullable=False),
)

quiet = Table(
    "kpi_quiet",
    metadata,
    Column("workspace_id", Integer, primary_key=True, autoincrement=False),
    Column("deal", Text, primary_key=True),
    Column("until", Date, nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", Integer, nullable=False),
    Column("at", Instant, nullable=False),
)

looked = Table(
    "kpi_looked",
    metadata,
    Column("workspace_id", Integer, primary_key=True, autoincrement=False),
    Column("team_id", Integer, primary_key=True, autoincrement=False),
    Column("day", Date, nullable=False),
)


def _facts(kept: dict[str, Any]) -> Facts:
    fields = dict(kept)
    fields["where"] = tuple(Where(**one) for one in fields["where"])
    for name in ("blockers", "answers"):
        fields[name] = tuple((str(one), value) for one, value in fields[name])
    return Facts(**fields | {"deals": tuple(fields["deals"])})


def _alert(row: Row[Any]) -> Alert:
    fields = dict(row._mapping)
    fields |= {"rule": Rule(row.rule), "state": State(row.state), "facts": _facts(row.facts)}
    return Alert(**fields | {"said": Said(row.said) if row.said else None})


def _columns(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: asdict(value) if isinstance(value, Facts) else value for name, value in fields.items()}


def add(db: Connection, fresh: Alert) -> Alert:
    """Keep a new one."""
    row = _columns({name: getattr(fresh, name) for name in Alert.__slots__ if name != "id"})
    key = db.execute(insert(alert).values(row)).inserted_primary_key
    assert key is not None
    return replace(fresh, id=key[0])


def save(db: Connection, one: Alert, **changes: Any) -> Alert:
    db.execute(update(alert).where(alert.c.id == one.id).values(_columns(changes)))
    return replace(one, **changes)


def note(db: Connection, one: Alert, at: datetime, person_id: int | None, kind: str, detail: str = "") -> None:
    row = {"workspace_id": one.workspace_id, "alert_id": one.id, "at": at, "person_id": person_id}
    db.execute(insert(event).values(row | {"kind": kind, "detail": detail}))


def by_id(db: Connection, workspace: int, alert_id: int) -> Alert | None:
    """One alert, held by whoever asks until the end of the transaction: two buttons pressed at once come in turn."""
    query = select(alert).where(alert.c.workspace_id == workspace, alert.c.id == alert_id)
    row = db.execute(query.with_for_update()).first()
    return _alert(row) if row else None


def alerts(
    db: Connection,
    workspace: int,
    *,
    teams: Collection[int] | None = None,
    rule: Rule | None = None,
    state: State | None = None,
    since: datetime | None = None,
) -> list[Alert]:
    """The newest first. `since`: opened or closed since then, or open still."""
    query = select(alert).where(alert.c.workspace_id == workspace)
    if teams is not None:
        query = query.where(alert.c.team_id.in_(teams))
    if rule is not None:
        query = query.where(alert.c.rule == rule.value)
    if state is not None:
        query = query.where(alert.c.state == state.value)
    if since is not None:
        query = query.where((alert.c.opened >= since) | (alert.c.closed >= since) | alert.c.closed.is_(None))
    return [_alert(row) for row in db.execute(query.order_by(alert.c.opened.desc(), alert.c.id.desc()))]


def events(db: Connection, workspace: int, ids: Collection[int]) -> list[Event]:
    """What happened to some alerts, oldest first."""
    query = select(event.c.alert_id, event.c.at, event.c.person_id, event.c.kind, event.c.detail)
    query = query.where(event.c.workspace_id == workspace, event.c.alert_id.in_(ids)).order_by(event.c.id)
    return [Event(*row) for row in db.execute(query)]


def hush(db: Connection, workspace: int, deals: Iterable[str], until: date, reason: str, by: int, at: datetime) -> None:
    """These deals stall for a known reason until a day."""
    rows = [
        {"workspace_id": workspace, "deal": deal, "until": until, "reason": reason, "by": by, "at": at}
        for deal in deals
    ]
    upsert(db, quiet, rows, key=("workspace_id", "deal"))


def hushed(db: Connection, workspace: int, day: date) -> dict[str, str]:
    """The reasons of the deals that stall for a known one on a day, by deal."""
    query = select(quiet.c.deal, quiet.c.reason).where(quiet.c.workspace_id == workspace, quiet.c.until >= day)
    return {row.deal: row.reason for row in db.execute(query)}


def look(db: Connection, workspace: int, team_id: int, day: date) -> bool:
    """Take a team's day for oneself; False when it was looked at already."""
    insert_new(db, looked, [{"workspace_id": workspace, "team_id": team_id, "day": date.min}])
    mine = (looked.c.workspace_id == workspace) & (looked.c.team_id == team_id) & (looked.c.day < day)
    return db.execute(update(looked).where(mine).values(day=day)).rowcount == 1


def looked_at(db: Connection, workspace: int) -> dict[int, date]:
    """The newest day on which each team was looked at."""
    query = select(looked.c.team_id, looked.c.day).where(looked.c.workspace_id == workspace)
    return {row.team_id: row.day for row in db.execute(query)}
