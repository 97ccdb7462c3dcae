"""Reads the CRM's database: a connection that only reads where that can be had, and rows as they stream in."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, TextClause, create_engine, make_url, select, text
from sqlalchemy import column as named_column
from sqlalchemy import table as named_table
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from bot.crm.reading import LONGEST, Lines, armed
from bot.crm.sql.mapping import Asked, SqlMapping
from bot.errors import BotError

BATCH = 5_000  # rows
PATIENCE = 10  # seconds for the database to answer that it is there

# What makes a session of theirs read only, by dialect, beside what SQLAlchemy itself can ask for.
_READ_ONLY = {
    "sqlite": ("PRAGMA query_only=ON", "BEGIN"),
    "mysql": ("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",),
    "mariadb": ("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",),
    "oracle": ("SET TRANSACTION READ ONLY",),
}


@contextmanager
def opened(url: str) -> Iterator[Connection]:
    """The database as it stands at one moment, where it can tell; nothing that is done there is kept.

    Raises `BotError`, without the password, when it cannot be opened.
    """
    engine = _engine(url)
    try:
        theirs = _connected(engine)
        try:
            yield theirs
        finally:
            with suppress(SQLAlchemyError):
                theirs.close()
    finally:
        engine.dispose()


def _connected(engine: Engine) -> Connection:
    try:
        theirs = engine.connect()
        if engine.dialect.name == "postgresql":
            theirs = theirs.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        for statement in _READ_ONLY.get(engine.dialect.name, ()):
            theirs.exec_driver_sql(statement)
    except SQLAlchemyError as fault:
        raise _failed(fault, engine.url) from None
    return theirs


def _failed(fault: SQLAlchemyError, url: URL) -> BotError:
    return BotError(f"The CRM's database {_shown(url)}: {_why(fault, url)}")


def _engine(url: str) -> Engine:
    try:
        found = make_url(url)
    except ArgumentError:
        raise BotError(
            "The CRM's database has no readable URL. One looks like postgresql://reader@host/name."
        ) from None
    if found.drivername in ("postgresql", "postgres"):
        found = found.set(drivername="postgresql+psycopg")  # the driver that comes along
    waits = {"postgresql": "connect_timeout", "mysql": "connect_timeout", "mariadb": "connect_timeout"}
    wait = waits.get(found.get_backend_name())
    if found.get_backend_name() == "sqlite" and not (found.database and Path(found.database).is_file()):
        raise BotError(f"The CRM's database {_shown(found)}: there is no such file.")
    try:
        return create_engine(
            found, poolclass=NullPool, hide_parameters=True, connect_args={wait: PATIENCE} if wait else {}
        )
    except NoSuchModuleError:
        raise BotError(f"The CRM's database {_shown(found)}: SQLAlchemy knows no such kind of database.") from None
    except ModuleNotFoundError as fault:
        said = f"its driver {fault.name} is not installed. Install it beside Paceline: pip install {fault.name}."
        raise BotError(f"The CRM's database {_shown(found)}: {said}") from None


def _shown(url: URL) -> str:
    return url.set(username=None, password=None, query={}).render_as_string()


def _why(fault: SQLAlchemyError, url: URL) -> str:
    """What the database says, in one line."""
    said = " ".join(str(getattr(fault, "orig", None) or fault).split())[:300]
    return said.replace(str(url.password), "***") if url.password else said


def lines(theirs: Connection, mapping: SqlMapping, asked: Asked) -> Lines:
    """The rows of one kind as they stream in, under the names of our columns; the first is number 1.

    Raises `BotError` when what is asked fails, or a column that is mapped is not there.
    """
    try:
        yield from _streamed(theirs, mapping, asked)
    except SQLAlchemyError as fault:
        raise _failed(fault, theirs.engine.url) from None


def _streamed(theirs: Connection, mapping: SqlMapping, asked: Asked) -> Lines:
    streamed = theirs.execution_options(stream_results=True, yield_per=BATCH)
    result = streamed.execute(_statement(asked))
    places = _places(mapping, asked, list(result.keys()))
    yield 0, [list(asked.columns)]
    values = [asked.values.get(name, {}) for name in asked.columns]
    number, zone = 1, mapping.zone
    for part in result.partitions(BATCH):
        rows = []
        for row in part:
            cells = [_text(row[place], zone) for place in places]
            rows.append([armed(said.get(cell, cell)) for said, cell in zip(values, cells, strict=True)])
        yield number, rows
        number += len(rows)


def _statement(asked: Asked) -> Any:
    if asked.query:
        return _as_it_is(asked.query)
    schema, _, name = asked.table.rpartition(".")
    names = list(dict.fromkeys(asked.columns.values()))
    return select(*(named_column(one) for one in names)).select_from(named_table(name, schema=schema or None))


def _as_it_is(query: str) -> TextClause:
    """With colons that are no blanks."""
    return text(re.sub(r"(?<!:):(?=\w)", r"\\:", query))


def _places(mapping: SqlMapping, asked: Asked, keys: list[str]) -> list[int]:
    """Where each mapped column stands; capitals do not matter where they tell nothing apart."""
    folded = [key.casefold() for key in keys]
    places = []
    for ours, theirs in asked.columns.items():
        if theirs in keys:
            places.append(keys.index(theirs))
        elif folded.count(theirs.casefold()) == 1:
            places.append(folded.index(theirs.casefold()))
        else:
            where = f"{mapping.file}: {asked.kind}.columns.{ours}"
            raise BotError(f"{where}: what is asked gives no one column {theirs}. It gives {', '.join(keys)[:300]}.")
    return places


def _text(value: Any, zone: tzinfo | None) -> str:
    """A value as a file would hold it."""
    match value:
        case str():
            return value[:LONGEST]
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Decimal():
            return format(value, "f")
        case datetime():
            return (value.replace(tzinfo=zone) if zone and value.tzinfo is None else value).isoformat()
        case date():
            return value.isoformat()
        case bytes() | memoryview():
            return bytes(value).decode("utf-8", "replace")[:LONGEST]
    return str(value)[:LONGEST]
