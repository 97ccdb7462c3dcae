"""The table of shifts, and how they are found: the versions that an import wrote beside those that they replace."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Index,
    Integer,
    String,
    Table,
    Text,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    type_coerce,
)

from bot.crm.past.model import ANYBODY, Reach, Row, Shift, first, shifts
from bot.crm.store import EVER, TABLES, account, deal, lead, move
from bot.db import Connection, metadata

MOST = 100_000  # rows of an import, above which all is taken for changed
ALWAYS = -(2**62)  # from the beginning of time

shift = Table(
    "crm_shift",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("owner", Text, nullable=False),
    Column("reach", String(8), nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("ix_crm_shift_workspace_id_id", "workspace_id", "id"),
)


def add(db: Connection, workspace: int, found: Iterable[Shift]) -> None:
    rows = [{"workspace_id": workspace, "owner": s.owner, "reach": s.reach.value, "at": s.at} for s in first(found)]
    if rows:
        db.execute(insert(shift), rows)


def last(db: Connection, workspace: int) -> int:
    """The shift that was noted last; 0 before the first."""
    return db.execute(select(func.max(shift.c.id)).where(shift.c.workspace_id == workspace)).scalar() or 0


def after(db: Connection, workspace: int, seen: int, owners: Collection[str] | None) -> list[Shift]:
    """Those noted after one, of some owners or of all."""
    query = select(shift.c.owner, shift.c.reach, shift.c.at)
    query = query.where(shift.c.workspace_id == workspace, shift.c.id > seen)
    rows = db.execute(query if owners is None else query.where(shift.c.owner.in_([*owners, ANYBODY])))
    return [Shift(owner, Reach(reach), at) for owner, reach, at in rows]


def forget(db: Connection, workspace: int, until: int) -> None:
    """Drop those up to one, but for the last of all, whose number goes on."""
    newest = select(func.max(shift.c.id)).where(shift.c.workspace_id == workspace).scalar_subquery()
    here = and_(shift.c.workspace_id == workspace, shift.c.id <= until, shift.c.id != newest)
    db.execute(delete(shift).where(here))


# what an import changes


def ends(db: Connection) -> dict[str, int]:
    """The last row of each kind."""
    return {kind: db.execute(select(func.max(table.c.id))).scalar() or 0 for kind, table in TABLES.items()}


def of_import(db: Connection, workspace: int, number: int, after_ids: Mapping[str, int]) -> list[Shift]:
    """What the import `number` is going to make others, by the rows that it wrote after these."""
    fresh = {kind: _fresh(kind, workspace, number, after_ids[kind]) for kind in TABLES}
    if not any(after_ids[kind] for kind in ("deals", "moves", "touches", "leads")):
        return [Shift(ANYBODY, Reach.ALL, ALWAYS)]
    sizes = [db.execute(select(func.max(table.c.id))).scalar() or 0 for table in TABLES.values()]
    if sum(sizes) - sum(after_ids.values()) > MOST:
        return [Shift(ANYBODY, Reach.ALL, ALWAYS)]
    found = [*_deals(db, workspace, number, fresh["deals"]), *_moves(db, workspace, number, fresh["moves"])]
    found += [*_touches(db, workspace, number, fresh["touches"]), *_leads(db, workspace, number, fresh["leads"])]
    found += _accounts(db, workspace, number, fresh["accounts"])
    if db.execute(select(fresh["targets"].c.id).limit(1)).first():
        found.append(Shift(ANYBODY, Reach.TARGETS, ALWAYS))
    return first(found)


def _fresh(kind: str, workspace: int, number: int, last: int) -> Any:
    """Found by their ids alone: within a limit SQLite does not think again about which index to take."""
    table = TABLES[kind]
    rows = select(table).where(table.c.id > last).limit(EVER).subquery()
    return select(rows).where(rows.c.workspace_id == workspace, rows.c.since == number).subquery(f"fresh_{kind}")


def _counts(table: Any, workspace: int, number: int) -> ColumnElement[bool]:
    """What will count of a table."""
    return and_(table.c.workspace_id == workspace, table.c.since <= number, table.c.until > number)


def _seconds(column: Any) -> ColumnElement[int]:
    return type_coerce(column, BigInteger)


def _row(of: Any, workspace: int, number: int) -> list[Any]:
    """The columns of `Row`."""
    moved = select(func.min(_seconds(move.c.at))).where(_counts(move, workspace, number), move.c.deal == of.c.deal)
    names = ("owner", "account", "product_line", "amount", "currency", "stage", "status")
    return [
        *(of.c[name] for name in names),
        _seconds(of.c.created),
        of.c.expected_close,
        _seconds(of.c.closed),
        moved.correlate(of).scalar_subquery(),
    ]


def _deals(db: Connection, workspace: int, number: int, fresh: Any) -> Iterator[Shift]:
    old = deal.alias("old")
    before = and_(old.c.workspace_id == workspace, old.c.deal == fresh.c.deal, old.c.until == number)
    query = select(*_row(fresh, workspace, number), old.c.id, *_row(old, workspace, number))
    size = len(Row.__slots__)
    for row in map(tuple, db.execute(query.select_from(fresh.outerjoin(old, before)))):
        yield from shifts(Row(*row[size + 1 :]) if row[size] is not None else None, Row(*row[:size]))


def _moves(db: Connection, workspace: int, number: int, fresh: Any) -> Iterator[Shift]:
    theirs = and_(_counts(deal, workspace, number), deal.c.deal == fresh.c.deal)
    query = select(deal.c.owner, _seconds(fresh.c.at), _seconds(deal.c.closed)).select_from(fresh.join(deal, theirs))
    for owner, at, closed in db.execute(query):
        yield from _moved(owner, at, closed)


def _moved(owner: str, at: int, closed: int | None) -> Iterator[Shift]:
    yield Shift(owner, Reach.MOVES, at)
    if closed is not None and closed < at:
        yield Shift(owner, Reach.LEFT, closed)


def _touches(db: Connection, workspace: int, number: int, fresh: Any) -> Iterator[Shift]:
    counts = _counts(deal, workspace, number)
    for theirs in (
        and_(fresh.c.deal != "", deal.c.deal == fresh.c.deal),
        and_(fresh.c.deal == "", fresh.c.account != "", deal.c.account == fresh.c.account),
    ):
        query = select(deal.c.owner, func.min(_seconds(fresh.c.at))).select_from(fresh.join(deal, and_(counts, theirs)))
        for owner, at in db.execute(query.group_by(deal.c.owner)):
            yield Shift(owner, Reach.TOUCHES, at)


def _leads(db: Connection, workspace: int, number: int, fresh: Any) -> Iterator[Shift]:
    old = lead.alias("old")
    before = and_(old.c.workspace_id == workspace, old.c.lead == fresh.c.lead, old.c.until == number)
    query = select(fresh.c.owner, _seconds(fresh.c.created), old.c.owner, _seconds(old.c.created))
    for owner, at, then, earlier in db.execute(query.select_from(fresh.outerjoin(old, before))):
        yield Shift(owner, Reach.LEADS, at if earlier is None else min(at, earlier))
        if then is not None:
            yield Shift(then, Reach.LEADS, min(at, earlier))


def _accounts(db: Connection, workspace: int, number: int, fresh: Any) -> Iterator[Shift]:
    old = account.alias("old")
    before = and_(old.c.workspace_id == workspace, old.c.account == fresh.c.account, old.c.until == number)
    other = or_(old.c.id.is_(None), old.c.industry != fresh.c.industry, old.c.region != fresh.c.region)
    rows = fresh.outerjoin(old, before).join(
        deal, and_(_counts(deal, workspace, number), deal.c.account == fresh.c.account)
    )
    for (owner,) in db.execute(select(deal.c.owner).select_from(rows).where(other).distinct()):
        yield Shift(owner, Reach.CUTS, ALWAYS)


# what chat changes


def row(db: Connection, workspace: int, key: str, generation: int) -> Row | None:
    """A deal as it counts."""
    query = select(*_row(deal, workspace, generation)).where(_counts(deal, workspace, generation), deal.c.deal == key)
    found = db.execute(query).first()
    return Row(*found) if found else None


def of_move(db: Connection, workspace: int, key: str, at: int, generation: int) -> list[Shift]:
    """A move of a deal came, or was taken back."""
    found = row(db, workspace, key, generation)
    return list(_moved(found.owner, at, found.closed)) if found else []
