"""Writes the versions of an import piece by piece, before they count; then makes them count, and sweeps up after.

Each function is one short transaction's work. `bot.crm.store` tells what a version is.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_dialect

from bot.crm.columns import BITS
from bot.crm.staging.store import FRESH, OURS
from bot.crm.store import EVER, KEYS, REPLACED, TABLES, shown, source, state
from bot.db import Connection, insert_new, upsert
from bot.errors import BotError

# the turn


def begin(db: Connection, workspace: int) -> tuple[int, bool]:
    """Begin an import: its number, and whether one before it left something to undo. That one, should it still be at
    work, finds out with its next piece."""
    insert_new(db, state, [{"workspace_id": workspace, "generation": 0, "pending": 0, "tended": 0}])
    here = state.c.workspace_id == workspace
    row = db.execute(select(state.c.generation, state.c.pending).where(here).with_for_update()).one()
    db.execute(update(state).where(here).values(pending=row.pending + 1))
    return row.pending + 1, row.pending != row.generation


def hold(db: Connection, workspace: int, number: int) -> None:
    """Make sure that no other import has begun, and that none begins during this transaction. Raises `BotError`."""
    mine = and_(state.c.workspace_id == workspace, state.c.pending == number)
    if db.execute(update(state).where(mine).values(pending=number)).rowcount != 1:
        raise BotError("Another import of the CRM has begun meanwhile. This one was dropped; nothing of it counts.")


def switch(db: Connection, workspace: int, number: int) -> None:
    """From the end of this transaction on the import counts, as a whole."""
    hold(db, workspace, number)
    db.execute(update(state).where(state.c.workspace_id == workspace).values(generation=number))


def analyze(db: Connection) -> None:
    """Let SQLite see how the rows are spread: else it takes any index that begins with the workspace for a good one."""
    if db.dialect.name == "sqlite":
        db.exec_driver_sql("PRAGMA analysis_limit=1000")
        for table in TABLES.values():
            db.exec_driver_sql(f"ANALYZE {table.name}")


def heard(
    db: Connection, workspace: int, of: str, kind: str, now: datetime, rows: int, columns: Collection[str]
) -> None:
    """A source has told rows of this kind."""
    there = select(source.c.columns).where(source.c.workspace_id == workspace, source.c.source == of)
    known = db.execute(there.where(source.c.kind == kind)).scalar() or []
    row = {"workspace_id": workspace, "source": of, "kind": kind, "heard": now, "rows": rows}
    row["columns"] = sorted({*known, *columns})
    upsert(db, source, [row], key=("workspace_id", "source", "kind"))


# writing


def _same(kind: str) -> ColumnElement[bool]:
    live, fresh = TABLES[kind], FRESH[kind]
    return and_(live.c.workspace_id == bindparam("workspace"), *(live.c[k] == fresh.c[k] for k in KEYS[kind]))


def _content(kind: str, told: Collection[str]) -> list[str]:
    """The columns told that may change while it stays the same row. A touch is what it says: it never changes."""
    return [] if kind == "touches" else [c.name for c in FRESH[kind].c if c.name in told and c.name not in KEYS[kind]]


def _differs(kind: str, told: Collection[str], ragged: Sequence[str]) -> ColumnElement[bool]:
    live, fresh = TABLES[kind], FRESH[kind]
    differ = {name: live.c[name].is_distinct_from(fresh.c[name]) for name in _content(kind, told)}
    return or_(*(and_(_tells(kind, name), it) if name in ragged else it for name, it in differ.items()))


def _tells(kind: str, name: str) -> ColumnElement[bool]:
    """Whether this one row tells the column."""
    found: ColumnElement[bool] = FRESH[kind].c.lacks.bitwise_and(BITS[kind][name]) == 0
    return found


def _piece(kind: str) -> ColumnElement[bool]:
    return FRESH[kind].c.n.between(bindparam("first"), bindparam("last"))


def _versions(values: Sequence[Any]) -> Select[Any]:
    return select(*values, bindparam("workspace", type_=Integer), bindparam("number", type_=Integer), literal(EVER))


# The lasting rows are looked up one by one, in subqueries: where they are joined, SQLite now and then reads them all.


@cache
def _replacing(kind: str, told: frozenset[str], ragged: tuple[str, ...]) -> Any:
    live, fresh = TABLES[kind], FRESH[kind]
    changed = select(live.c.id).where(_same(kind), live.c.until == EVER, _differs(kind, told, ragged))
    ids = select(changed.correlate(fresh).scalar_subquery()).select_from(fresh).where(_piece(kind))
    return update(live).where(live.c.id.in_(ids)).values(until=bindparam("number"))


@cache
def _changing(kind: str, told: frozenset[str], ragged: tuple[str, ...]) -> Any:
    """The new versions: what is told from the import, the rest from the version before."""
    live, fresh = TABLES[kind], FRESH[kind]
    names = [c.name for c in live.c if c.name not in OURS]
    before = and_(_same(kind), live.c.until == bindparam("number"))
    kept = {name: select(live.c[name]).where(before).correlate(fresh).scalar_subquery() for name in names}
    values: list[Any] = [fresh.c[name] if name in told else kept[name] for name in names]
    for place, name in enumerate(names):
        if name in ragged and name in told:
            values[place] = case((_tells(kind, name), fresh.c[name]), else_=kept[name])
    query = _versions(values).select_from(fresh)
    query = query.where(_piece(kind), exists(select(live.c.id).where(before)))
    return insert(live).from_select([*names, "workspace_id", "since", "until"], query)


@cache
def _adding(kind: str, told: frozenset[str], dialect: str) -> Any:
    live, fresh = TABLES[kind], FRESH[kind]
    names = [c.name for c in fresh.c if c.name in told]
    query = _versions([fresh.c[name] for name in names]).where(_piece(kind)).order_by(fresh.c.n)
    make = sqlite_dialect.insert if dialect == "sqlite" else postgresql.insert
    adding = make(live).from_select([*names, "workspace_id", "since", "until"], query).on_conflict_do_nothing()
    return adding.execution_options(preserve_rowcount=True)


def take(
    db: Connection,
    workspace: int,
    kind: str,
    told: frozenset[str],
    number: int,
    first: int,
    last: int,
    *,
    known: bool,
    ragged: tuple[str, ...] = (),
) -> tuple[int, int]:
    """Write the rows `first` to `last` that were put aside as versions of the import `number`: how many are new, and
    how many changed. What is there already, just as it is `told`, costs a look.

    `known`: whether there are any rows of this kind yet. `ragged`: columns that not every row tells.
    """
    values = {"workspace": workspace, "number": number, "first": first, "last": last}
    changed = 0
    if known and _content(kind, told):
        changed = db.execute(_replacing(kind, told, ragged), values).rowcount
        if changed:
            db.execute(_changing(kind, told, ragged), values)
    return db.execute(_adding(kind, told, db.dialect.name), values).rowcount, changed


def compare(
    db: Connection, workspace: int, kind: str, told: frozenset[str], ragged: tuple[str, ...] = ()
) -> tuple[int, int]:
    """How many rows would be new, and how many would change."""
    live, fresh = TABLES[kind], FRESH[kind]
    here = and_(shown(live, workspace), *(live.c[key] == fresh.c[key] for key in KEYS[kind]))
    new = db.execute(select(func.count()).select_from(fresh).where(~exists().where(here))).scalar_one()
    if not _content(kind, told):
        return new, 0
    other = select(func.count()).select_from(fresh).where(exists().where(here, _differs(kind, told, ragged)))
    return new, db.execute(other).scalar_one()


def known(db: Connection, workspace: int, kind: str) -> bool:
    """Whether there is any row of a kind, counting or not."""
    return bool(db.execute(select(exists().where(TABLES[kind].c.workspace_id == workspace))).scalar())


# sweeping


def left_over(db: Connection, workspace: int, kind: str) -> tuple[int, int]:
    """Between which ids lie the rows of imports that never came to count; 1 and 0 when there are none."""
    table = TABLES[kind]
    first, last = db.execute(select(func.min(table.c.id), func.max(table.c.id)).where(_ahead(kind, workspace))).one()
    return (first, last) if first is not None else (1, 0)


def undo(db: Connection, workspace: int, kind: str, first: int, last: int) -> None:
    """Delete such rows among those with these ids."""
    table = TABLES[kind]
    db.execute(delete(table).where(table.c.id.between(first, last), _ahead(kind, workspace)))


def replaced(db: Connection, workspace: int, kind: str, *, ahead: bool) -> bool:
    """Whether there are versions that such an import was to replace; or, not `ahead`, that one has replaced."""
    return db.execute(_replaced(kind, workspace, ahead=ahead).limit(1)).first() is not None


def restore(db: Connection, workspace: int, kind: str, most: int) -> None:
    """Let versions go on counting that such an import was to replace. `undo` comes first."""
    table, rows = TABLES[kind], _replaced(kind, workspace, ahead=True).limit(most)
    db.execute(update(table).where(table.c.id.in_(rows)).values(until=EVER))


def sweep(db: Connection, workspace: int, kind: str, most: int) -> None:
    """Delete versions that count no more."""
    table, rows = TABLES[kind], _replaced(kind, workspace, ahead=False).limit(most)
    db.execute(delete(table).where(table.c.id.in_(rows)))


def _ahead(kind: str, workspace: int) -> ColumnElement[bool]:
    table = TABLES[kind]
    # + 0: no index by workspace is worth taking for this, and SQLite would
    return and_(table.c.workspace_id + 0 == workspace, table.c.since > _now(workspace))


def _replaced(kind: str, workspace: int, *, ahead: bool) -> Select[Any]:
    table, now = TABLES[kind], _now(workspace)
    # the index holds these rows alone, and SQLite takes it only where its own words stand in the question
    rows = select(table.c.id).where(text(REPLACED), table.c.workspace_id == workspace)
    return rows.where(table.c.until > now if ahead else table.c.until <= now)


def _now(workspace: int) -> Any:
    return select(state.c.generation).where(state.c.workspace_id == workspace).scalar_subquery()
