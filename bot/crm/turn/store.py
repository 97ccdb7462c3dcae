"""Whose turn it is to import: one at a time to a workspace, in whatever process; who dies gives it back at once.

On Postgres it is a lock of the import's own session, on SQLite one on a file beside the database.
"""

import os
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager

from sqlalchemy import text

from bot.crm.staging.store import Scratch
from bot.errors import BotError

try:
    import fcntl
except ImportError:  # where there is none, `hold` alone keeps two imports apart
    fcntl = None  # type: ignore[assignment]

LOOK = 0.02  # seconds between two tries
_NUMBER = 0x43524D  # of our lock among all of the database


class Busy(BotError):
    """Another import is under way."""


@contextmanager
def turn(scratch: Scratch, workspace: int, patience: float) -> Iterator[None]:
    """Keep all other imports waiting for as long as the block lasts.

    Raises `Busy` when somebody else's turn does not end within `patience` seconds.
    """
    taking = _by_file(scratch, workspace) if scratch.locks else _by_session(scratch, workspace)
    end = time.monotonic() + patience
    try:
        while not next(taking):
            if time.monotonic() >= end:
                raise Busy("Another import of the CRM is under way. Nothing was done; try again when it has ended.")
            time.sleep(LOOK)
        yield
    finally:
        taking.close()


def _by_file(scratch: Scratch, workspace: int) -> Generator[bool]:
    path = scratch.db.engine.url.database
    if fcntl is None or not path or path == ":memory:":
        while True:
            yield True
    held = os.open(f"{path}-import{workspace}", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while True:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
    finally:
        fcntl.flock(held, fcntl.LOCK_UN)  # a process that was forked meanwhile would hold it on
        os.close(held)


def _by_session(scratch: Scratch, workspace: int) -> Generator[bool]:
    whose, taken = {"number": _NUMBER, "workspace": workspace}, False
    try:
        while True:
            with scratch.aside() as db:
                taken = bool(db.execute(text("SELECT pg_try_advisory_lock(:number, :workspace)"), whose).scalar())
            yield taken
    finally:
        if taken:
            with scratch.aside() as db:
                db.execute(text("SELECT pg_advisory_unlock(:number, :workspace)"), whose)
