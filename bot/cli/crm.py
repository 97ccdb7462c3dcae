"""The CRM's part of `paceline import` and `paceline export`."""

import argparse
import json
import sys
import time
from typing import Any

from bot.cli import WORKSPACE, now, open_database
from bot.crm import service
from bot.crm.columns import KINDS
from bot.errors import BotError
from bot.tables import fault_lines
from prompts import words

EVERY = 0.2  # seconds between two lines of progress


def take(asked: argparse.Namespace) -> int:
    """`paceline import crm DIR`, or `--sql URL --mapping FILE` in its place."""
    if asked.sql is not None or asked.mapping is not None:
        return _take_sql(asked)
    if asked.file is None:
        raise BotError(f"Name the folder: paceline import crm DIR. It holds {', '.join(KINDS)} as CSV or XLSX.")
    if not asked.file.is_dir():
        raise BotError(f"There is no folder {asked.file}.")
    settings, db = open_database()
    show = Progress()
    try:
        done = service.import_folder(
            db, WORKSPACE, asked.file, now(), zone=settings.timezone, dry_run=asked.dry_run, progress=show
        )
    finally:
        show.end()
    return _told(done, settings.language, as_json=asked.json)


def _take_sql(asked: argparse.Namespace) -> int:
    from bot.crm.sql.service import import_sql

    settings, db = open_database()
    url = asked.sql or (settings.sql.url if settings.sql else "")
    mapping = asked.mapping or (settings.sql.mapping if settings.sql else None)
    if asked.file is not None:
        raise BotError("Name either a folder or a database: paceline import crm --sql URL --mapping FILE.")
    if not url or mapping is None:
        raise BotError(
            "Name the database and the mapping file: paceline import crm --sql URL --mapping FILE. Both may come from "
            "PACELINE_CRM_SQL_URL and PACELINE_CRM_SQL_MAPPING; then --sql alone will do."
        )
    show = Progress()
    try:
        done = import_sql(
            db, WORKSPACE, url, mapping, now(), zone=settings.timezone, dry_run=asked.dry_run, progress=show
        )
    finally:
        show.end()
    return _told(done, settings.language, as_json=asked.json)


def _told(done: service.Import, language: str, *, as_json: bool) -> int:
    if done.faults:
        _refuse(done, language)
    for notice in done.notices:
        print(service.notice_line(notice, words(language)), file=sys.stderr)
    _report(done, as_json=as_json)
    return 0


def _refuse(done: service.Import, language: str) -> None:
    _ = words(language)
    for file, faults in done.faults.items():
        for line in fault_lines(faults, _):
            print(f"{file}: {line}", file=sys.stderr)
    total = sum(map(len, done.faults.values()))
    raise BotError(_.n("{n} fault; nothing was imported.", "{n} faults; nothing was imported.", total))


def _report(done: service.Import, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(_body(done), ensure_ascii=False))
        return
    verb = "would be " if done.dry_run else ""
    for kind, count in done.counts.items():
        line = f"{kind}: {count.added:,} {verb}added, {count.changed:,} {verb}changed, {count.unchanged:,} unchanged"
        print(line + (f", {count.twice:,} said twice" if count.twice else ""))


def _body(done: service.Import) -> dict[str, Any]:
    kinds = {
        kind: {"added": c.added, "changed": c.changed, "unchanged": c.unchanged, "twice": c.twice}
        for kind, c in done.counts.items()
    }
    total = {name: sum(count[name] for count in kinds.values()) for name in ("added", "changed", "unchanged")}
    warnings = [
        {"what": notice.what.value, "file": notice.file, "column": notice.column, "rows": notice.rows}
        | {"names": notice.names}
        | {"examples": [{"found": e.found, "rows": e.rows, "row": e.row, "meant": e.meant} for e in notice.examples]}
        for notice in done.notices
    ]
    return total | {"dry_run": done.dry_run, "kinds": kinds, "warnings": warnings}


def give(asked: argparse.Namespace) -> int:
    """`paceline export crm [--out DIR]`: the files in a folder, or deals.csv on stdout."""
    if asked.json:
        raise BotError("The CRM is exported as CSV, which imports again. Leave --json out.")
    _settings, db = open_database()
    if asked.out is None:
        with db.read() as look:
            for _count, text in service.export(look, WORKSPACE, "deals"):
                sys.stdout.write(text)
        return 0
    show = Progress()
    try:
        written = service.export_folder(db, WORKSPACE, asked.out, show)
    except OSError as fault:
        raise BotError(f"Cannot write to {asked.out}: {fault.strerror}. Name a folder that can be written.") from None
    finally:
        show.end()
    for name, rows in written.items():
        print(f"{asked.out / name}: {rows:,}")
    return 0


class Progress:
    """On stderr, when there is enough to wait for."""

    def __init__(self) -> None:
        self._began = self._shown = time.monotonic()
        self._line = ""

    def __call__(self, what: str, done: int, of: int) -> None:
        if time.monotonic() - self._shown < EVERY or time.monotonic() - self._began < 2:
            return
        self._shown = time.monotonic()
        line = f"{what}: {done:,}" + (f" of {of:,}" if of else "")
        print("\r" + line.ljust(len(self._line)), end="", file=sys.stderr, flush=True)
        self._line = line

    def end(self) -> None:
        if self._line:
            print(file=sys.stderr)
