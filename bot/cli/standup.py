"""`paceline standup preview` and `paceline standup why`."""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import UTC
from functools import lru_cache
from typing import Any

from bot.cli import WORKSPACE, now, open_database
from bot.errors import BotError
from bot.settings import read_settings
from bot.standup import plan
from bot.standup.plan import Preview
from bot.tables import Fault
from bot.tables.faults import fault_lines
from bot.team import service
from bot.team.days import WorkingDays
from bot.team.model import Leave
from prompts import words


def preview(asked: argparse.Namespace) -> int:
    """One JSON object a line; nothing is stored and nothing is sent."""
    if asked.last < asked.first:
        raise BotError("--to is before --from. Give the days the other way round.")
    settings = read_settings()
    roster = service.read_roster(asked.roster, [], language=settings.language)
    _sound(asked.roster, roster.faults, settings.language)
    people, teams = service.people_of(roster)
    leave: dict[int, list[Leave]] = {}
    if asked.leave:
        spells = service.read_leave(asked.leave, people)
        _sound(asked.leave, spells.faults, settings.language)
        for spell in spells.leave:
            leave.setdefault(spell.person_id, []).append(spell)
    overrides: Any = ()
    if asked.holidays:
        days_file = service.read_holidays(asked.holidays)
        _sound(asked.holidays, days_file.faults, settings.language)
        overrides = days_file.overrides
    days = WorkingDays(overrides)
    rows = plan.preview(people, asked.first, asked.last, asked.at, asked.window, leave, days.day_off, days.is_gazetted)
    names = {team.id: team.name for team in teams}
    sys.stdout.writelines(_lines(rows, names))
    return 0


def _sound(path: Any, faults: Any, language: str) -> None:
    found: list[Fault] = list(faults)
    if found:
        _ = words(language)
        for line in fault_lines(found, _):
            print(line, file=sys.stderr)
        raise BotError(
            f"{path}: " + _.n("{n} fault. Mend it and try again.", "{n} faults. Mend them and try again.", len(found))
        )


def _lines(rows: Iterator[Preview], teams: dict[int, str]) -> Iterator[str]:
    heads: dict[int, str] = {}
    for row in rows:
        head = heads.get(row.person.id)
        if head is None:
            values = {"person": row.person.key, "team": teams[row.person.team_id]}
            head = heads[row.person.id] = json.dumps(values, ensure_ascii=False)[:-1]
        note = f', "note": "{row.note}"' if row.note else ""
        if row.at is None:
            rest = f'"why": "{row.why}", "detail": {json.dumps(row.detail, ensure_ascii=False)}'
        else:
            rest = f'"at": "{_utc(row.at)}"'
        yield f'{head}, "date": "{_iso(row.day)}", "kind": "{row.kind}", {rest}{note}}}\n'


@lru_cache(maxsize=65536)
def _utc(moment: Any) -> str:
    return str(moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


@lru_cache(maxsize=4096)
def _iso(day: Any) -> str:
    return str(day.isoformat())


def why(asked: argparse.Namespace) -> int:
    """Each event of a slot with its time."""
    from bot.markdown import plain
    from bot.standup import board
    from bot.voice import team as voice

    settings, db = open_database()
    with db.read() as connection:
        person = service.find_person(connection, WORKSPACE, asked.person)
        if person is None:
            raise BotError(f"Nobody on the roster is called {asked.person!r}. Give a roster key, e-mail or full name.")
        found = board.why(connection, person, asked.day, now())
    if asked.json:
        body = {
            "person": person.key,
            "date": asked.day.isoformat(),
            "state": found.slot.state if found.slot else None,
            "due": _utc(found.slot.first_due) if found.slot else None,
            "why": found.off or None,
            "detail": found.detail,
            "events": [{"at": _utc(e.at), "kind": e.kind, "detail": e.detail} for e in found.events],
        }
        print(json.dumps(body, ensure_ascii=False))
    else:
        print(plain(voice.why(found, settings.language).text))
    return 0
