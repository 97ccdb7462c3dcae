"""Temporary tables that hold an import before it counts, and how their rows become versions of the lasting ones.

They belong to one connection and are gone with it, however it ends. Filling them takes no lock that anybody waits for.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Integer,
    MetaData,
    Row,
    Table,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    text,
    true,
    type_coerce,
    update,
)

from bot.crm.changes.store import change
from bot.crm.model import LOST, WON, Status
from bot.crm.store import KEYS, TABLES, shown
from bot.db import Connection, Database

OURS = ("id", "workspace_id", "since", "until")
# What this one connection may use, so that it does not look up its own pages again and again.
_LARGE = ["PRAGMA temp_store=FILE", "PRAGMA cache_size=-49152", "PRAGMA temp.cache_size=-32768"]
_LARGE += ["PRAGMA temp.journal_mode=OFF"]
_LARGE_ON_POSTGRES = ["SET work_mem='64MB'", "SET temp_buffers='64MB'"]

_scratch = MetaData()


def _temporary(name: str, kind: str, *columns: Column[Any]) -> Table:
    theirs = [Column(column.name, column.type) for column in TABLES[kind].c if column.name not in OURS]
    lacks = Column("lacks", Integer)  # a bit for each column that this row does not tell although others do
    return Table(f"crm_{name}_{kind}", _scratch, *columns, *theirs, lacks, prefixes=["TEMPORARY"])


def _row(name: str = "row") -> Column[Any]:
    return Column(name, BigInteger)


# As they came; and in order, one a key: `row` is the first that says it, `again` the last.
CAME = {kind: _temporary("came", kind, _row()) for kind in TABLES}
FRESH = {
    kind: _temporary("fresh", kind, Column("n", Integer, primary_key=True), _row(), _row("again")) for kind in TABLES
}


class Scratch:
    """The temporary tables, on the one connection of a database object of their own: for one thread."""

    def __init__(self, db: Database) -> None:
        self.db = Database(db.url)
        self.locks = db.engine.dialect.name == "sqlite"  # whoever writes keeps all others from it
        raw = self.db.engine.raw_connection()
        for setting in _LARGE if self.locks else _LARGE_ON_POSTGRES:
            raw.cursor().execute(setting)
        raw.commit()
        raw.close()
        with self.aside() as connection:
            _scratch.create_all(connection, checkfirst=False)

    def close(self) -> None:
        self.db.close()

    @contextmanager
    def aside(self) -> Iterator[Connection]:
        """A transaction that reads what it likes and writes the temporary tables alone."""
        with self.db.engine.connect() as connection, connection.begin():
            yield connection


def put(db: Connection, kind: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Put rows aside as they came: values as the database keeps them, in the order of `names`."""
    table = CAME[kind].name
    driver: Any = db.connection.driver_connection  # which takes rows as they are made, and holds none of them
    if db.dialect.name == "sqlite":
        blanks = ", ".join("?" * len(names))
        driver.executemany(f"INSERT INTO {table} ({', '.join(_quoted(db, names))}) VALUES ({blanks})", rows)
        return
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(_quoted(db, names))}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _quoted(db: Connection, names: Iterable[str]) -> list[str]:
    return [db.dialect.identifier_preparer.quote(name) for name in names]


def settle(db: Connection, kind: str) -> int:
    """Order what came by key, which makes everything after it a walk through neighbours; how many keys there are."""
    fresh = FRESH[kind]
    if kind == "touches":
        _settle_alike(db, kind)
    else:
        _settle_by_key(db, kind)
    if kind in ("accounts", "deals"):
        db.execute(text(f"CREATE INDEX ix_crm_fresh_{kind} ON crm_fresh_{kind} ({KEYS[kind][0]})"))
    if db.dialect.name != "sqlite":
        db.execute(text(f"ANALYZE {fresh.name}"))  # else Postgres takes a temporary table for a small one
    return db.execute(select(func.count()).select_from(fresh)).scalar_one()


def _settle_by_key(db: Connection, kind: str) -> None:
    came, keys = CAME[kind], [CAME[kind].c[name] for name in KEYS[kind]]
    rest = [func.min(c).label(c.name) for c in came.c if c.name not in (*KEYS[kind], "row")]
    query = select(*keys, *rest, func.min(came.c.row).label("row"), func.max(came.c.row).label("again"))
    query = query.group_by(*keys).order_by(*keys)
    db.execute(insert(FRESH[kind]).from_select([column.name for column in query.selected_columns], query))


def _settle_alike(db: Connection, kind: str) -> None:
    """The same where the key tells everything. To sort and drop neighbours that are alike takes half the time."""
    came, fresh, before = CAME[kind], FRESH[kind], FRESH[kind].alias()
    query = select(*came.c, came.c.row.label("again")).order_by(*(came.c[name] for name in KEYS[kind]), came.c.row)
    db.execute(insert(fresh).from_select([column.name for column in query.selected_columns], query))
    alike = and_(before.c.n == fresh.c.n - 1, *(before.c[name] == fresh.c[name] for name in KEYS[kind]))
    db.execute(delete(fresh).where(exists(select(before.c.n).where(alike))))


def last(db: Connection, kind: str) -> int:
    """The highest number of what is in order; there may be gaps before it."""
    return db.execute(select(func.max(FRESH[kind].c.n))).scalar() or 0


# what is to be seen in them


def repeated(db: Connection, kind: str, column: str, most: int) -> list[Row[Any]]:
    """Rows whose key another above them has: `key`, as the column says it, `row`, and `first`, that other."""
    came, fresh = CAME[kind], FRESH[kind]
    if not db.execute(select(exists().where(fresh.c.again > fresh.c.row))).scalar():
        return []
    same = and_(*(came.c[name] == fresh.c[name] for name in KEYS[kind]))
    query = select(came.c[column].label("key"), came.c.row, fresh.c.row.label("first"))
    query = query.where(same, fresh.c.again > fresh.c.row, came.c.row > fresh.c.row)
    return list(db.execute(query.order_by(came.c.row).limit(most)))


def strangers(
    db: Connection, workspace: int, kind: str, column: str, among: str, most: int
) -> tuple[int, int, list[Row[Any]]]:
    """Values of a column that are no key of the kind `among`, neither here nor kept: how many rows and values, and the
    most frequent as `found`, `rows`, `row`."""
    fresh, theirs, kept = FRESH[kind], FRESH[among], TABLES[among]
    value, key = fresh.c[column], KEYS[among][0]
    here = exists().where(theirs.c[key] == value)
    there = exists().where(shown(kept, workspace), kept.c[key] == value)
    unknown = and_(value != "", ~here, ~there)
    rows, values = db.execute(select(func.count(), func.count(value.distinct())).where(unknown)).one()
    if not rows:
        return 0, 0, []
    query = select(value.label("found"), func.count().label("rows"), func.min(fresh.c.row).label("row"))
    query = query.where(unknown).group_by(value).order_by(func.count().desc(), func.min(fresh.c.row)).limit(most)
    return rows, values, list(db.execute(query))


def keys_like(db: Connection, workspace: int, kind: str, most: int) -> list[str]:
    """The keys of a kind, here and kept; none when there are more than `most`."""
    fresh, kept, key = FRESH[kind], TABLES[kind], KEYS[kind][0]
    here, there = select(fresh.c[key]), select(kept.c[key]).where(shown(kept, workspace))
    found = set(db.execute(here.limit(most + 1)).scalars()) | set(db.execute(there.limit(most + 1)).scalars())
    return sorted(found) if len(found) <= most else []


def doubtful(db: Connection, workspace: int | None, kind: str, now: datetime) -> dict[str, Any]:
    """By what is odd about them, rows that contradict themselves or the calendar: how many `rows`, and of the first its
    `row` and `key`. With a workspace also open deals that, beside all its closed ones, are too old."""
    c, key = FRESH[kind].c, FRESH[kind].c[KEYS[kind][0]]
    odd: dict[str, ColumnElement[bool]] = {}
    if kind in ("moves", "touches"):
        odd["future"] = c.at > now
    if kind == "deals":
        odd["no_account"] = func.coalesce(c.account, "") == ""
        odd["negative"] = c.amount < 0
        odd["closed_before"] = c.closed < c.created
        odd["status"] = or_(
            and_(c.stage == WON, c.status != Status.WON), and_(c.stage == LOST, c.status != Status.LOST)
        )
    if kind == "deals" and workspace is not None:
        late = type_coerce(c.created, BigInteger) < _hopeless(db, workspace, now)
        odd["outlived"] = and_(c.status == Status.OPEN, late)
    found = {}
    for name, condition in odd.items():
        rows = select(func.count()).where(condition).scalar_subquery().label("rows")
        first = db.execute(select(rows, c.row, key.label("key")).where(condition).order_by(c.row).limit(1)).first()
        if first:
            found[name] = first
    return found


def _hopeless(db: Connection, workspace: int, now: datetime) -> int:
    """Before which second open deals were created that are older than any was that closed, as of the last close: files
    may be older than the day on which they are read. 0 when none ever closed."""
    found = []
    for table, here in ((FRESH["deals"], true()), (TABLES["deals"], shown(TABLES["deals"], workspace))):
        closed, created = (type_coerce(table.c[name], BigInteger) for name in ("closed", "created"))
        last, longest = func.max(closed), func.max(closed - created)
        found.append(db.execute(select(last, longest).where(here, table.c.closed <= now)).one())
    closes, ages = ([value for value in values if value is not None] for values in zip(*found, strict=True))
    return max(closes) - max(ages) if closes else 0


def fill_from(db: Connection, workspace: int) -> None:
    """Say of moves that do not tell it which stage each left: the one that the deal's move before had led to.

    One that was told in chat alone is not asked: perhaps it is the very move that comes now.
    """
    fresh, before, kept = FRESH["moves"], FRESH["moves"].alias(), TABLES["moves"]
    here = select(before.c.to_stage).where(before.c.n == fresh.c.n - 1, before.c.deal == fresh.c.deal)
    there = select(kept.c.to_stage).where(shown(kept, workspace), kept.c.deal == fresh.c.deal, kept.c.at < fresh.c.at)
    ours = and_(change.c.workspace_id == workspace, change.c.deal == kept.c.deal, change.c.to_stage == kept.c.to_stage)
    there = there.where(~exists().where(ours, change.c.moved == kept.c.at))
    last = there.order_by(kept.c.at.desc()).limit(1)
    found = func.coalesce(here.scalar_subquery(), last.scalar_subquery(), 0)
    db.execute(update(fresh).where(fresh.c.from_stage.is_(None)).values(from_stage=found))
