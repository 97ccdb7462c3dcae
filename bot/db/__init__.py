"""The database: one `Database` over SQLite or Postgres, and the few idioms that stores share.

Stores are plain functions over a plain SQLAlchemy `Connection`. Tables are declared beside the queries that use
them, in each room's `store.py`, on the one `metadata` below. Times go in and come out as aware UTC.
"""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    create_engine,
    event,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.exc import OperationalError

__all__ = ["Connection", "Database", "Instant", "Json", "execute_many", "insert_new", "metadata", "upsert"]

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware UTC time. A naive one is refused: it would be read in somebody's zone."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value}")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)

    # SQLite keeps text; going there and back by way of SQLAlchemy's own type costs three times as much.

    def bind_processor(self, dialect: Dialect) -> Any:
        if dialect.name != "sqlite":
            return super().bind_processor(dialect)

        def written(value: datetime | None) -> str | None:
            if value is None:
                return None
            if value.tzinfo is not UTC:
                if value.tzinfo is None:
                    raise ValueError(f"a time without a zone: {value}")
                value = value.astimezone(UTC)
            return value.isoformat(" ", "microseconds")[:26]

        return written

    def result_processor(self, dialect: Dialect, coltype: object) -> Any:
        if dialect.name != "sqlite":
            return super().result_processor(dialect, coltype)
        return lambda text: None if text is None else datetime.fromisoformat(text + "+00:00")


_written = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Json(TypeDecorator[Any]):
    """JSON in a text column, Chinese readable in it. The same on every database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else _written(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)

    def bind_processor(self, dialect: Dialect) -> Any:
        return lambda value: None if value is None else _written(value)


ROOM = 16 * 1024 * 1024  # bytes of free disk below which it is as good as full


class Database:
    """Where everything is kept. `begin` for what writes, `read` for what only looks.

    `spoken` is called after the commit of a transaction that put something into the outbox. `trouble`: why the last
    transaction that wrote could not (locked, disk full); "" when it could.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.spoken: Callable[[], None] = lambda: None
        self.trouble = ""
        # Writers of one process take turns here: SQLite's own waiting is a poll with pauses, in which some starve.
        self._turn = Lock() if url.startswith("sqlite") else nullcontext()
        self.engine = _sqlite_engine(url) if url.startswith("sqlite") else create_engine(url, hide_parameters=True)

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction that writes: committed when the block ends, rolled back when it raises.

        On SQLite it takes the write lock at once, so two writers wait for each other instead of failing.
        """
        try:
            with self._turn, self.engine.connect().execution_options(paceline_writes=True) as db:
                db.info.pop("spoken", None)
                with db.begin():
                    yield db
                spoken = db.info.pop("spoken", None)
        except OperationalError as fault:
            self.trouble = str(fault.orig)
            raise
        self.trouble = ""
        if spoken:
            self.spoken()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent look; nothing that is done in it is kept."""
        with self.engine.connect() as db:
            yield db

    def probe(self, patience: float = 2.0) -> str:
        """Why nothing can be written just now; "" when all is well. Waits at most `patience` seconds to find out."""
        path = self.engine.url.database
        if self.engine.dialect.name != "sqlite" or not path:
            return self.trouble
        if shutil.disk_usage(Path(path).parent).free < ROOM:
            return "the disk is full"
        try:
            look = sqlite3.connect(path, timeout=patience, isolation_level=None)
            try:
                look.execute("BEGIN IMMEDIATE")
                look.execute("ROLLBACK")
            finally:
                look.close()
        except sqlite3.Error as fault:
            return str(fault)
        return self.trouble

    def settle(self, patience: float = 2.0) -> bool:
        """Bring what was changed into the file itself, so that nothing that was deleted is left in the log beside it.

        False when somebody still reads what was there before, after `patience` seconds. A server sees to that itself.
        """
        path = self.engine.url.database
        if self.engine.dialect.name != "sqlite" or not path:
            return True
        with closing(sqlite3.connect(path, timeout=patience, isolation_level=None)) as look:
            busy, *_pages = look.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    @property
    def near(self) -> bool:
        """Whether a look costs so little that a thread of its own would cost more: the database is a file here."""
        return self.engine.dialect.name == "sqlite"

    def migrate(self) -> None:
        """Bring the tables to this version; costs one query when they are there already."""
        from bot.db import migrate  # Alembic is heavy, and rarely needed

        migrate.upgrade(self.engine)

    def close(self) -> None:
        self.engine.dispose()


# Deleted rows are overwritten: what somebody had erased is not to be read in the file by whoever gets hold of it.
_PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "temp_store=MEMORY", "secure_delete=ON")


def _sqlite_engine(url: str) -> Engine:
    path = url.removeprefix("sqlite:///")
    if path and ":memory:" not in path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    # What people said stays out of errors, and so out of the log. Connections are cheap, and nobody waits for one:
    # threads that serve pages come and go by the dozen.
    engine = create_engine(
        url, connect_args={"timeout": 30, "check_same_thread": False}, hide_parameters=True, max_overflow=-1
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves; see below
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads first and writes later fails at once when another wrote in between,
        # whatever the timeout; taking the lock at BEGIN makes it wait instead.
        writes = connection.get_execution_options().get("paceline_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


Row = Mapping[str, Any]


def insert_new(db: Connection, table: Table, rows: Sequence[Row]) -> int:
    """Insert the rows whose unique keys are not there yet; how many were new. All rows name the same columns.

    They go to the driver as they are: SQLAlchemy's own care for each value costs more than SQLite's for the row.
    """
    if not rows:
        return 0
    sql, columns = _plain(db.dialect, table, frozenset(rows[0]))
    values = [
        [usual] * len(rows) if name not in rows[0] else _processed([row[name] for row in rows], processor)
        for name, processor, usual in columns
    ]
    return db.exec_driver_sql(sql, list(zip(*values, strict=True))).rowcount


@cache
def _plain(dialect: Dialect, table: Table, given: frozenset[str]) -> tuple[str, list[tuple[str, Any, Any]]]:
    """An INSERT as the driver takes it, and of each column: name, what turns its values into the driver's, and the
    value where none is given."""
    quote = dialect.identifier_preparer.quote
    mark = "?" if dialect.paramstyle == "qmark" else "%s"
    columns = [
        (column.name, column.type.dialect_impl(dialect).bind_processor(dialect), getattr(column.default, "arg", None))
        for column in table.c
        if column.name in given or column.default is not None
    ]
    names = ", ".join(quote(name) for name, _, _ in columns)
    marks = ", ".join([mark] * len(columns))
    return f"INSERT INTO {quote(table.name)} ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING", columns


def _processed(values: list[Any], processor: Any) -> Iterable[Any]:
    return map(processor, values) if processor else values


def execute_many(db: Connection, statement: Any, rows: Sequence[Row]) -> None:
    """Run a statement of the module's own, made once, for each row of values."""
    if db.dialect.name != "sqlite":
        db.execute(statement, rows)
        return
    sql, blanks = _written_out(statement, db.dialect)
    values = [
        [usual] * len(rows) if name not in rows[0] else _processed([row[name] for row in rows], processor)
        for name, processor, usual in blanks
    ]
    db.exec_driver_sql(sql, list(zip(*values, strict=True)))


@cache
def _written_out(statement: Any, dialect: Dialect) -> tuple[str, list[tuple[str, Any, Any]]]:
    """A statement as SQLite takes it, and of each blank in turn: name, what makes the driver's value, constant."""
    compiled = statement.compile(dialect=dialect)
    blanks = []
    for name in compiled.positiontup or ():
        blank = compiled.binds[name]
        processor = blank.type.dialect_impl(dialect).bind_processor(dialect)
        blanks.append(
            (name, processor, processor(blank.value) if processor and blank.value is not None else blank.value)
        )
    return str(compiled), blanks


def upsert(db: Connection, table: Table, rows: Sequence[Row], *, key: Sequence[str]) -> None:
    """Insert rows, or bring those that have the same `key` columns up to date with them."""
    if not rows:
        return
    statement = _insert(db, table)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in key}
    if changed:
        db.execute(statement.on_conflict_do_update(index_elements=list(key), set_=changed), rows)
    else:
        db.execute(statement.on_conflict_do_nothing(index_elements=list(key)), rows)


def _insert(db: Connection, table: Table) -> Any:
    return (sqlite_dialect if db.dialect.name == "sqlite" else postgresql).insert(table)
