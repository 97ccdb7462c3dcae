"""Databases with all tables, at the price of copying a file: to migrate one takes a fifth of a second."""

import shutil
import tempfile
from functools import cache
from pathlib import Path

from bot.cli import tables  # noqa: F401 - declares every table
from bot.db import Database

SQLITE = "sqlite:///"


def migrated(url: str) -> Database:
    """The database at a URL, brought to this version."""
    path = Path(url.removeprefix(SQLITE))
    if url.startswith(SQLITE) and not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_empty())
    database = Database(url)
    database.migrate()
    return database


@cache
def _empty() -> bytes:
    home = Path(tempfile.mkdtemp(prefix="paceline-empty-"))
    database = Database(f"{SQLITE}{home / 'empty.db'}")
    database.migrate()
    database.close()
    made = (home / "empty.db").read_bytes()
    shutil.rmtree(home)
    return made
