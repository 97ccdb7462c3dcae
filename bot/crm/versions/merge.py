"""Takes over what was put aside, piece by piece, so that nobody who writes meanwhile waits for long."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from bot.crm.reading import Progress
from bot.crm.staging import store as staging
from bot.crm.staging.store import Scratch
from bot.crm.store import TABLES
from bot.crm.versions import store
from bot.db import Connection

HOLD, PAUSE = 0.25, 0.11  # seconds: SQLite looks every tenth of a second whether a lock is free
SMALL, LARGE = 500, 50_000  # rows of a piece


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows an import added, changed and found as they were; `twice` is how many say what another says."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    twice: int = 0


class Pieces:
    """Transactions that last about `HOLD`, with a while between two in which others have their turn."""

    def __init__(self, scratch: Scratch) -> None:
        self._scratch = scratch
        self.rows = 4 * SMALL
        self._pause = 0.0

    @contextmanager
    def piece(self) -> Iterator[Connection]:
        time.sleep(self._pause)
        began = time.monotonic()
        with self._scratch.db.begin() as db:
            yield db
        took = max(time.monotonic() - began, 0.001)
        self.rows = int(min(max(self.rows * min(HOLD / took, 2), SMALL), LARGE))
        self._pause = min(took, PAUSE) if self._scratch.locks else 0.0


def merge(
    scratch: Scratch,
    workspace: int,
    number: int,
    told: Mapping[str, frozenset[str]],
    sizes: Mapping[str, int],
    progress: Progress,
    ragged: Mapping[str, tuple[str, ...]],
) -> dict[str, Count]:
    """Write all rows that were put aside as versions of the import `number`. They do not count yet."""
    pieces = Pieces(scratch)
    found = {}
    for kind, size in sizes.items():
        with scratch.aside() as db:
            known, end = store.known(db, workspace, kind), staging.last(db, kind)
        added = changed = done = 0
        pieces.rows = min(pieces.rows, 4 * SMALL)  # each kind costs something else
        while done < end:
            last = min(done + pieces.rows, end)
            with pieces.piece() as db:
                store.hold(db, workspace, number)
                rows, some = (done + 1, last), ragged.get(kind, ())
                new, other = store.take(db, workspace, kind, told[kind], number, *rows, known=known, ragged=some)
            added, changed, done = added + new, changed + other, last
            progress(kind, done, end)
        found[kind] = Count(added, changed, size - added - changed)
    return found


def undo(scratch: Scratch, workspace: int, number: int) -> None:
    """Leave nothing of imports that were cut off."""
    pieces = Pieces(scratch)
    for kind in TABLES:
        with scratch.aside() as db:
            first, last = store.left_over(db, workspace, kind)
        while first <= last:
            until = min(first + pieces.rows, last + 1)
            with pieces.piece() as db:
                store.hold(db, workspace, number)
                store.undo(db, workspace, kind, first, until - 1)
            first = until
        while _replaced(scratch, workspace, kind, ahead=True):
            with pieces.piece() as db:
                store.hold(db, workspace, number)
                store.restore(db, workspace, kind, pieces.rows)


def sweep(scratch: Scratch, workspace: int) -> None:
    """Delete what counts no more."""
    pieces = Pieces(scratch)
    for kind in TABLES:
        while _replaced(scratch, workspace, kind, ahead=False):
            with pieces.piece() as db:
                store.sweep(db, workspace, kind, pieces.rows)


def _replaced(scratch: Scratch, workspace: int, kind: str, *, ahead: bool) -> bool:
    with scratch.aside() as db:
        return store.replaced(db, workspace, kind, ahead=ahead)
