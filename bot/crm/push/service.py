"""Takes a pushed batch into the picture: all of it or nothing, each once, through the validation that files go through.

Its answer is remembered in the transaction by which the batch counts. So whoever got none, sends it again and learns
what came of it, whenever the connection broke or a process died.
"""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from hashlib import sha256
from typing import Any

from bot.crm import imports, intake
from bot.crm.imports import Import
from bot.crm.notices import notice_line
from bot.crm.push import store
from bot.crm.push.rows import Malformed, read
from bot.crm.staging.store import Scratch
from bot.crm.turn.store import turn
from bot.db import Connection, Database
from bot.errors import BotError
from bot.tables import fault_lines
from prompts import words

PUSH = "push"  # the name of this source
PATIENCE = 4.0  # seconds that a batch waits for the import before it
AGAIN = 10  # seconds after which a sender may try again
KEPT = timedelta(days=7)  # for so long a batch is known again
_ALL = 10_000  # faults of a kind that are named


@dataclass(frozen=True, slots=True)
class Pushed:
    """A batch as it came, its signature checked. `batch`: what its sender calls it, "" when nothing; `received`: its
    signature, by which it is known again without a name."""

    body: bytes
    received: str
    batch: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the sender is told: an HTTP `status`, a `body` for JSON, after how many seconds to try again."""

    status: int
    body: Mapping[str, Any] = field(default_factory=dict)
    again: int = 0


def take(
    db: Database,
    workspace: int,
    pushed: Pushed,
    now: datetime,
    *,
    zone: tzinfo,
    language: str,
    patience: float = PATIENCE,
) -> Answer:
    """Take a batch in, or say why not. The same again changes nothing and gets the same answer."""
    digest = sha256(pushed.body).hexdigest()
    with db.read() as look:
        before = _before(look, workspace, pushed, digest, language)
    if before:
        return before
    try:
        batch = read(pushed.body, words(language))
    except Malformed as malformed:
        return Answer(400, {"error": str(malformed)})
    if any(batch.faults.values()):
        return _refused(Import(faults={kind: found for kind, found in batch.faults.items() if found}), language)
    try:
        with closing(Scratch(db)) as scratch, turn(scratch, workspace, patience):
            with scratch.aside() as look:
                before = _before(look, workspace, pushed, digest, language)
            return before or _taken(scratch, workspace, pushed, digest, batch.rows, now, zone, language)
    except BotError as fault:  # somebody else's turn
        return Answer(503, {"error": str(fault)}, AGAIN)


def _before(db: Connection, workspace: int, pushed: Pushed, digest: str, language: str) -> Answer | None:
    """What was answered when it came before."""
    known = store.taken(db, workspace, pushed.batch, pushed.received)
    if known is None:
        return None
    if known.digest != digest:
        _ = words(language)
        said = _("Another batch was taken under the key {key}. Give each batch a key of its own.", key=pushed.batch)
        return Answer(409, {"error": said})
    return Answer(200, known.answer)


def _taken(
    scratch: Scratch,
    workspace: int,
    pushed: Pushed,
    digest: str,
    rows: Mapping[str, intake.Rows],
    now: datetime,
    zone: tzinfo,
    language: str,
) -> Answer:
    def settled(db: Connection, done: Import) -> None:
        store.remember(db, workspace, pushed.batch, pushed.received, digest, _body(done, language), now)

    job = imports.begin(scratch, workspace, PUSH, now, zone, small=True)
    for kind, told in rows.items():
        intake.take(job.taken, scratch, kind, kind, told, job.progress)
    done = imports.finish(job, settled=settled)
    return _refused(done, language) if done.faults else Answer(200, _body(done, language))


def _body(done: Import, language: str) -> dict[str, Any]:
    counts = {
        kind: {"added": count.added, "changed": count.changed, "unchanged": count.unchanged}
        for kind, count in done.counts.items()
    }
    warnings = [
        {"what": notice.what.value, "kind": notice.file, "column": notice.column, "rows": notice.rows}
        | {"says": notice_line(notice, words(language))}
        for notice in done.notices
    ]
    return {"kinds": counts, "warnings": warnings}


def _refused(done: Import, language: str) -> Answer:
    _ = words(language)
    faults = [
        {"kind": kind, "row": fault.row, "column": fault.column, "key": fault.key}
        | {"says": fault_lines([fault], _)[0]}
        for kind, found in done.faults.items()
        for fault in sorted(found, key=lambda fault: fault.row)[:_ALL]
    ]
    total = _.n("{n} fault; nothing was imported.", "{n} faults; nothing was imported.", len(faults))
    return Answer(422, {"error": total, "faults": faults})


def forget(db: Connection, workspace: int, now: datetime) -> int:
    """Drop what was answered a week ago; how many batches."""
    return store.forget(db, workspace, now - KEPT)
