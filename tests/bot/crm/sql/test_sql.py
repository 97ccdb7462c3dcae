"""A CRM's own database as a source, on SQLite and on a real Postgres."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from bot.crm.imports import Import
from bot.crm.runs import store as runs
from bot.crm.sql import service
from bot.crm.sql.mapping import read
from bot.crm.sql.store import opened
from bot.errors import BotError
from bot.settings import SqlSettings
from tests import postgres
from tests.bot.crm.conftest import NOW, Crm, fault_text, notice_text

MAPPING = """
timezone: UTC
stages:
  table: phase
  columns: {stage: name, position: sort}
accounts:
  query: SELECT id, title FROM customer
  columns: {account: id, name: title}
deals:
  query: |
    SELECT o.*, u.mail FROM opportunity o JOIN seller u ON u.id = o.seller   -- open and closed: all
    WHERE o.title NOT LIKE 'Test%' AND o.title <> ':x'
  columns:
    deal: ID
    name: title
    account: customer
    owner: mail
    amount: worth
    currency: money
    stage: phase
    status: phase
    created: made
    next_step: todo
    next_step_on: due
  values:
    status: {Closed Won: won, Closed Lost: lost, Demo: open, Offer: open}
"""
TABLES = """
CREATE TABLE phase (name VARCHAR(40), sort INTEGER);
INSERT INTO phase VALUES ('Demo', 1), ('Offer', 2);
CREATE TABLE customer (id INTEGER, title VARCHAR(80));
INSERT INTO customer VALUES (1, '宏达医疗'), (2, 'Acme');
CREATE TABLE seller (id INTEGER, mail VARCHAR(80));
INSERT INTO seller VALUES (1, 'li@example.com'), (2, 'anna@example.com');
CREATE TABLE opportunity (id INTEGER PRIMARY KEY, title VARCHAR(80), customer INTEGER, seller INTEGER,
  worth NUMERIC(12, 2), money CHAR(3), phase VARCHAR(40), made TIMESTAMP, todo TEXT, due DATE);
INSERT INTO opportunity VALUES
  (1, '宏达 CRM', 1, 1, 12000.50, 'CNY', 'Demo', '2026-05-01 02:00:00', 'Call: 10:30', '2026-06-20'),
  (2, '=Acme', 2, 2, NULL, 'EUR', 'Closed Won', '2026-04-01 02:00:00', NULL, NULL),
  (3, 'Test', 2, 2, 1, 'EUR', 'Demo', '2026-04-01 02:00:00', NULL, NULL);
"""


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    home = Path(tempfile.mkdtemp(prefix="paceline-pg-", dir="/tmp"))  # whoever runs the server must get there
    home.chmod(0o755)
    with postgres.server(home / "server") as url:
        yield url
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgres"])
def theirs(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a CRM's database."""
    if request.param == "sqlite":
        with sqlite3.connect(tmp_path / "crm.db") as db:
            db.executescript(TABLES)
        yield f"sqlite:///{tmp_path / 'crm.db'}"
        return
    with postgres.database(request.getfixturevalue("server")) as url:
        change(url, TABLES)
        yield url.replace("+psycopg", "")


def change(url: str, sql: str) -> None:
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(url)
    with engine.begin() as db:
        for statement in filter(str.strip, sql.split(";\n")):
            db.execute(text(statement.rstrip().rstrip(";")))
    engine.dispose()


def mapped(crm: Crm, mapping: str = MAPPING) -> Path:
    path = crm.home / "crm.yaml"
    path.write_text(mapping, encoding="utf-8")
    return path


def ask(crm: Crm, url: str, mapping: str = MAPPING, **more: Any) -> Import:
    return service.import_sql(crm.db, 1, url, mapped(crm, mapping), NOW, zone=UTC, **more)


def test_rows_come_by_the_mapping(crm: Crm, theirs: str) -> None:
    dry = ask(crm, theirs, dry_run=True)
    done = ask(crm, theirs)
    assert fault_text(done) == []
    assert {kind: count.added for kind, count in done.counts.items()} == {"stages": 2, "accounts": 2, "deals": 2}
    assert dry.counts == done.counts
    names = ("deal", "name", "account", "owner", "amount", "status", "created", "next_step", "next_step_on")
    assert crm.rows("deals", *names) == [
        (
            "1",
            "宏达 CRM",
            "1",
            "li",
            12000.5,
            "open",
            datetime(2026, 5, 1, 2, tzinfo=UTC),
            "Call: 10:30",
            NOW.date() + timedelta(days=9),
        ),
        ("2", "=Acme", "2", "anna", None, "won", datetime(2026, 4, 1, 2, tzinfo=UTC), "", None),
    ]
    again = ask(crm, theirs)
    assert all((count.added, count.changed) == (0, 0) for count in again.counts.values())
    change(theirs, "UPDATE opportunity SET worth = 5 WHERE id = 1")
    assert ask(crm, theirs).counts["deals"].changed == 1


def test_faults_are_named_by_row_column_and_key(crm: Crm, theirs: str) -> None:
    change(theirs, "UPDATE opportunity SET phase = 'Lost?', money = 'x' WHERE id = 2")
    done = ask(crm, theirs)
    assert sorted(fault_text(done)) == [
        "deals: Row 2 (2), currency: found “x”, expected a currency such as CNY or EUR",
        "deals: Row 2 (2), status: found “Lost?”, expected one of open, won, lost",
    ]
    assert crm.rows("accounts", "account") == []


def test_nothing_can_be_written_there(crm: Crm, theirs: str) -> None:
    with pytest.raises(BotError, match=r"(?i)read-?only|must not contain data-modifying"):
        ask(crm, theirs, MAPPING.replace("SELECT id, title FROM customer", "WITH x AS (SELECT 1) " + sly(theirs)))
    with opened(theirs) as db, pytest.raises(Exception, match=r"(?i)read-?only"):
        db.execute(text("DELETE FROM customer"))
    assert ask(crm, theirs).counts["accounts"].added == 2


def sly(url: str) -> str:
    if url.startswith("sqlite"):
        return "DELETE FROM customer RETURNING id, title"
    return ", y AS (DELETE FROM customer RETURNING id, title) SELECT * FROM y"


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ("", "crm.yaml: It maps nothing"),
        ("deals: [", "crm.yaml: line 1: It is no YAML"),
        ("widgets: {}", "crm.yaml: widgets: There is no such kind"),
        ("timezone: Mars\ndeals: {}", "timezone: 'Mars' is no time zone"),
        ("timezone: UTC", "It maps no rows"),
        ("accounts: x", "accounts: Give it a query or a table"),
        ("accounts: {tabel: x}", "accounts.tabel: It is not known"),
        ("accounts: {columns: {account: id}}", "accounts: Give it either"),
        ("accounts: {query: DROP TABLE x, columns: {account: id}}", "accounts.query: Give one SELECT"),
        ("accounts: {query: SELECT 1; DROP TABLE x, columns: {account: id}}", "accounts.query: Give one SELECT"),
        ("accounts: {table: customer}", "accounts.columns: Say which column"),
        ("accounts: {table: customer, columns: {account: id, colour: x}}", "accounts.columns.colour: We have no such"),
        ("accounts: {table: customer, columns: {account: 1}}", "accounts.columns.account: Name the column"),
        ("accounts: {table: customer, columns: {name: title}}", "accounts.columns: account must be there"),
        ("accounts: {table: t, columns: {account: id}, values: {name: {}}}", "accounts.values.name: It is none"),
        ("accounts: {table: t, columns: {account: id}, values: {account: x}}", "accounts.values.account: Give it"),
    ],
)
def test_a_mapping_that_is_wrong(crm: Crm, mapping: str, says: str) -> None:
    with pytest.raises(BotError) as caught:
        read(mapped(crm, mapping))
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_is_not_there(crm: Crm, theirs: str) -> None:
    with pytest.raises(BotError, match=r"crm.yaml: accounts.columns.name: what is asked gives no one column headline"):
        ask(crm, theirs, MAPPING.replace("name: title}", "name: headline}"))
    with pytest.raises(BotError, match=r"The CRM's database .*phase2"):
        ask(crm, theirs, MAPPING.replace("table: phase", "table: phase2"))
    with pytest.raises(BotError, match="cannot be read"):
        read(crm.home / "none.yaml")


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("nonsense", "no readable URL"),
        ("sqlite:////no/where.db", "there is no such file"),
        ("frobnicate://x/y", "knows no such kind"),
        ("postgresql://me:hush@127.0.0.1:1/x", "127.0.0.1:1"),
    ],
)
def test_a_database_that_cannot_be_opened(crm: Crm, url: str, says: str) -> None:
    with pytest.raises(BotError) as caught:
        ask(crm, url)
    assert says in str(caught.value)
    assert "hush" not in str(caught.value)


def test_many_rows_are_streamed(crm: Crm, theirs: str) -> None:
    many = "WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 12009) "
    many += "SELECT i AS id, 'x' AS title FROM n"
    done = ask(crm, theirs, f"accounts:\n  query: {many}\n  columns: {{account: id, name: title}}\n")
    assert (done.counts["accounts"].added, notice_text(done)) == (12_000, [])


def test_runs_are_remembered_and_said_once_each_streak(crm: Crm, theirs: str) -> None:
    settings = SqlSettings(theirs, mapped(crm), 60)
    assert service.due(crm.db, 1, settings, NOW)
    assert not service.due(crm.db, 1, settings, NOW + timedelta(minutes=59))
    assert service.due(crm.db, 1, settings, NOW + timedelta(minutes=60))
    at = NOW

    def go() -> runs.Run | None:
        return service.run(crm.db, 1, settings, lambda: at, zone=UTC, language="en")

    change(theirs, "UPDATE opportunity SET money = 'x' WHERE id = 2")
    first = go()
    at += timedelta(hours=1)
    second = go()
    assert first is not None
    assert second is not None
    assert (second.failing, second.failures, second.ended) == (first.failing, 2, None)
    assert second.why.startswith("deals: Row 2 (2), currency: found “x”")
    change(theirs, "UPDATE opportunity SET money = 'EUR' WHERE id = 2")
    assert go() is None
    with crm.db.read() as db:
        run = runs.run(db, 1, "sql")
    assert run is not None
    assert (run.failing, run.failures, run.ended, run.why) == (None, 0, at, "")
