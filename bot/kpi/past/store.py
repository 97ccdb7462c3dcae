"""Tables of kept values, and what tells whether they still hold."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Float,
    Integer,
    String,
    Table,
    Text,
    and_,
    case,
    delete,
    func,
    select,
)

from bot.crm.store import EVER, deal, lead, move, shown, state, touch
from bot.db import Connection, insert_new, metadata, upsert
from bot.kpi.measures.store import owned, seconds
from bot.kpi.model import Scope
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

# `scope` "" is the workspace itself; its mark: the last move and the last touch that were looked at.
scopes = Table(
    "kpi_scope",
    metadata,
    Column("workspace_id", Integer, primary_key=True, autoincrement=False),
    Column("scope", String(80), primary_key=True),
    Column("generation", Integer, nullable=False),
    Column("monday", Date, nullable=False),
    Column("mark", Text, nullable=False),
)
_KEPT = [past.c[name] for name in Kept.__slots__]


def known(db: Connection, workspace: int, scope: str) -> Known | None:
    query = select(scopes.c.generation, scopes.c.monday, scopes.c.mark)
    row = db.execute(query.where(scopes.c.workspace_id == workspace, scopes.c.scope == scope)).first()
    return Known(*row) if row else None


def save_known(db: Connection, workspace: int, scope: str, now: Known) -> None:
    row = {"workspace_id": workspace, "scope": scope, "generation": now.generation} | {"monday": now.monday}
    upsert(db, scopes, [row | {"mark": now.mark}], key=("workspace_id", "scope"))


def kept(db: Connection, workspace: int, scope: str) -> list[Kept]:
    rows = db.execute(select(*_KEPT).where(past.c.workspace_id == workspace, past.c.scope == scope))
    found: list[Kept] = []
    for row in rows:
        told: list[Any] = list(row)
        said = told.pop()
        found.append(replace(Kept(*told), state=State(said) if said else None))
    return found


def keep(db: Connection, workspace: int, scope: str, days: Sequence[tuple[str, date]], values: Sequence[Kept]) -> None:
    """These values in place of all that was kept of these measures and days."""
    for kpi, day in days:
        here = and_(past.c.workspace_id == workspace, past.c.scope == scope, past.c.kpi == kpi, past.c.day == day)
        db.execute(delete(past).where(here))
    rows = [asdict(one) | {"state": one.state or "", "workspace_id": workspace, "scope": scope} for one in values]
    insert_new(db, past, rows)


def forget(db: Connection, workspace: int, scope: str, before: date) -> None:
    """Leave nothing of what was kept of days before."""
    here = and_(past.c.workspace_id == workspace, past.c.scope == scope)
    db.execute(delete(past).where(here, past.c.day < before))


def mark(db: Connection, workspace: int, scope: Scope, until: datetime) -> str:
    """What the closed weeks of a scope rest on, as far as deals and leads tell it: any change in it changes the mark.
    Moves and touches that came late are found by `late`."""
    born, ended = deal.c.created < until, and_(deal.c.status != "open", deal.c.closed < until)
    query = select(
        func.sum(case((born, 1), else_=0)),
        func.sum(case((born, seconds(deal.c.created) % 1_000_003), else_=0)),
        func.sum(case((ended, 1), else_=0)),
        func.sum(case((ended, seconds(deal.c.closed) % 1_000_003), else_=0)),
        func.sum(case((and_(ended, deal.c.status == "won"), 1), else_=0)),
        func.sum(case((ended, func.round(func.coalesce(deal.c.amount, 0.0))), else_=0.0)),
    )
    deals = tuple(db.execute(query.where(shown(deal, workspace), *owned(deal.c.owner, scope))).one())
    answered = lead.c.first_response < until
    asked = select(
        func.count(),
        func.sum(seconds(lead.c.created) % 1_000_003),
        func.sum(case((answered, seconds(lead.c.first_response) % 1_000_003), else_=0)),
    )
    mine = asked.where(shown(lead, workspace), *owned(lead.c.owner, scope), lead.c.created < until)
    return ",".join(str(value) for value in (*deals, *db.execute(mine).one()))


def last_ids(db: Connection, workspace: int) -> str | None:
    """The last move and touch that there are; None while an import is at work, whose rows have ids and do not count."""
    where = state.c.workspace_id == workspace
    row = db.execute(select(state.c.generation, state.c.pending).where(where)).first()
    if row is None or row.generation != row.pending:
        return None
    return ",".join(str(db.execute(select(func.max(table.c.id))).scalar() or 0) for table in (move, touch))


def late(db: Connection, workspace: int, after: str, generation: int, until: datetime) -> dict[str, datetime]:
    """Of moves and touches that came later than those ids and than that import, and happened before a moment: the
    first, by the owner of the deal."""
    found: dict[str, datetime] = {}
    for table, last in zip((move, touch), after.split(","), strict=True):
        # found by their ids alone: within a limit SQLite does not think again about which index to take
        fresh = select(table).where(table.c.id > int(last)).limit(EVER).subquery()
        theirs = and_(shown(deal, workspace), deal.c.deal == fresh.c.deal)
        query: Any = select(deal.c.owner, func.min(fresh.c.at, type_=table.c.at.type))
        query = query.select_from(fresh.join(deal, theirs)).where(fresh.c.since > generation, shown(fresh, workspace))
        for owner, at in db.execute(query.where(fresh.c.at < until).group_by(deal.c.owner)):
            found[owner] = min(at, found.get(owner, at))
    return found
