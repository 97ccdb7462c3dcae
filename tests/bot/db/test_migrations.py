"""The migrations make exactly the tables that the stores declare, once, and refuse a database from the future."""

import multiprocessing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from bot.cli import tables  # noqa: F401 - declares every table
from bot.db import Database, metadata
from bot.errors import BotError


def test_migrations_and_stores_agree(db: Database) -> None:
    with db.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_newer_database_is_refused_in_one_sentence(db: Database) -> None:
    with db.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(BotError, match="newer Paceline"):
        db.migrate()


def _migrate(url: str) -> None:
    Database(url).migrate()


def test_two_processes_may_start_at_once(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'both.db'}"
    started = [multiprocessing.get_context("spawn").Process(target=_migrate, args=(url,)) for _ in range(2)]
    for process in started:
        process.start()
    for process in started:
        process.join(30)
    assert [process.exitcode for process in started] == [0, 0]
