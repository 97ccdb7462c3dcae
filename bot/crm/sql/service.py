"""Takes what the CRM's database says into the picture, through the validation that files go through."""

import logging
from collections.abc import Callable
from contextlib import closing, nullcontext
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from bot.crm import imports, intake
from bot.crm.imports import Import
from bot.crm.intake import Rows
from bot.crm.reading import Progress
from bot.crm.runs import store as runs
from bot.crm.runs.store import Run
from bot.crm.sql import store
from bot.crm.sql.mapping import read
from bot.crm.staging.store import Scratch
from bot.crm.turn.store import Busy, turn
from bot.db import Database
from bot.errors import BotError
from bot.settings import SqlSettings
from bot.tables import fault_lines
from prompts import words

log = logging.getLogger("paceline.crm")

SQL = "sql"  # the name of this source
PATIENCE = 15.0  # seconds that it waits for the import before it


def import_sql(
    db: Database,
    workspace: int,
    url: str,
    mapping_file: Path,
    now: datetime,
    *,
    zone: tzinfo,
    dry_run: bool = False,
    progress: Progress = lambda what, done, of: None,
) -> Import:
    """Bring the picture to what the queries of a mapping give.

    Raises `BotError` when the mapping or the database is at fault, `Busy` when another import is under way.
    """
    mapping = read(mapping_file)
    with closing(Scratch(db)) as scratch, nullcontext() if dry_run else turn(scratch, workspace, PATIENCE):
        always = mapping.zone is not None
        job = imports.begin(scratch, workspace, SQL, now, mapping.zone or zone, progress, always=always)
        with store.opened(url) as theirs:
            for asked in mapping.asked:
                rows = Rows(store.lines(theirs, mapping, asked))
                intake.take(job.taken, scratch, asked.kind, asked.kind, rows, progress)
        return imports.finish(job, dry_run=dry_run)


def due(db: Database, workspace: int, settings: SqlSettings, now: datetime) -> bool:
    """Whether the database is to be asked again; then this caller is to do it, and nobody else."""
    every = timedelta(minutes=settings.every)
    with db.begin() as writing:
        return runs.claim(writing, workspace, SQL, now, every)


def run(
    db: Database, workspace: int, settings: SqlSettings, now: Callable[[], datetime], *, zone: tzinfo, language: str
) -> Run | None:
    """Ask the database, and remember how that went: the run when it failed, None when it did not."""
    try:
        done = import_sql(db, workspace, settings.url, settings.mapping, now(), zone=zone)
        why = _faults(done, language)
    except Busy:
        with db.begin() as writing:
            runs.put_off(writing, workspace, SQL, now() - timedelta(minutes=settings.every))
        return None
    except BotError as fault:
        why = str(fault)
    except Exception as fault:
        log.exception("the CRM's database could not be taken in")
        why = type(fault).__name__
    with db.begin() as writing:
        if why:
            return runs.failed(writing, workspace, SQL, now(), why)
        runs.ended(writing, workspace, SQL, now())
    return None


def _faults(done: Import, language: str) -> str:
    """The first of the faults, and how many there are; "" when there are none."""
    _ = words(language)
    total = sum(map(len, done.faults.values()))
    for kind, found in done.faults.items():
        said = f"{kind}: {fault_lines(found, _)[0]}"
        return f"{said} ({_.n('{n} fault; nothing was imported.', '{n} faults; nothing was imported.', total)})"
    return ""
