"""`paceline login`, `import` and `export`."""

import argparse
import csv
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from bot.cli import WORKSPACE, now, open_database
from bot.db import Connection
from bot.errors import BotError
from bot.standup import export as standups
from bot.standup import planning
from bot.tables.faults import fault_lines
from bot.team import service
from bot.team.imports import Import
from bot.todos import export as todos
from bot.web import store as web
from prompts import words


def login(asked: argparse.Namespace) -> int:
    settings, db = open_database()
    with db.begin() as connection:
        person = service.find_person(connection, WORKSPACE, asked.person)
        if person is None:
            raise BotError(f"Nobody on the roster is called {asked.person!r}. Give a roster key, e-mail or full name.")
        print(settings.base_url + web.new_link(connection, person, now()))
    print("It works once, for 15 minutes.", file=sys.stderr)
    return 0


def take(asked: argparse.Namespace) -> int:
    if asked.file is None:
        raise BotError(f"Name the file: paceline import {asked.kind} FILE.")
    if not asked.file.is_file():
        raise BotError(f"There is no file {asked.file}.")
    settings, db = open_database()
    with db.begin() as connection:
        done = _taken(connection, asked, settings.language)
        if not done.faults and not done.dry_run:
            planning.replan(connection, WORKSPACE, [t.id for t in service.teams(connection, WORKSPACE)], now())
    _ = words(settings.language)
    for column in done.unknown:
        print(_("Column “{column}” is not known and was passed over.", column=column), file=sys.stderr)
    if done.faults:
        for line in fault_lines(done.faults, _):
            print(line, file=sys.stderr)
        counted = _.n("{n} fault; nothing was imported.", "{n} faults; nothing was imported.", len(done.faults))
        raise BotError(f"{asked.file.name}: {counted}")
    _report(done, as_json=asked.json)
    return 0


def _taken(db: Connection, asked: argparse.Namespace, language: str) -> Import:
    if asked.kind == "roster":
        return service.import_roster(
            db,
            WORKSPACE,
            asked.file,
            now(),
            language=language,
            retire_absent=asked.retire_absent,
            dry_run=asked.dry_run,
        )
    take = service.import_leave if asked.kind == "leave" else service.import_holidays
    return take(db, WORKSPACE, asked.file, dry_run=asked.dry_run)


def _report(done: Import, *, as_json: bool) -> None:
    counts = {name: getattr(done, name) for name in ("added", "changed", "unchanged", "absent", "retired", "dry_run")}
    if as_json:
        print(json.dumps(counts))
        return
    verb = "would be " if done.dry_run else ""
    print(f"{done.added} {verb}added, {done.changed} {verb}changed, {done.unchanged} unchanged")
    if done.absent > done.retired:
        print(f"{done.absent} on the roster are not in the file; they stay (--retire-absent takes them off)")
    if done.retired:
        print(f"{done.retired} {verb}taken off the roster")


def give(asked: argparse.Namespace) -> int:
    _settings, db = open_database()
    with db.read() as connection:
        if asked.kind == "standups":
            rows = standups.rows(connection, WORKSPACE, asked.first or date.min, asked.last or date.max)
            _print_rows(rows, asked.json, standups.COLUMNS)
            return 0
        if asked.kind == "todos":
            _print_rows(todos.rows(connection, WORKSPACE), asked.json, todos.COLUMNS)
            return 0
        export = {
            "roster": service.export_roster,
            "leave": service.export_leave,
            "holidays": service.export_holidays,
        }[asked.kind]
        sys.stdout.write(export(connection, WORKSPACE))
    return 0


def _print_rows(rows: Iterable[Mapping[str, str]], as_json: bool, columns: Sequence[str]) -> None:
    if as_json:
        for row in rows:
            print(json.dumps(row, ensure_ascii=False))
        return
    table = csv.DictWriter(sys.stdout, columns)
    table.writeheader()
    table.writerows({k: standups.harmless(v) for k, v in row.items()} for row in rows)
