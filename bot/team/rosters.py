"""The roster file: who is there, on which team, when they work. Reads it, finds every fault, writes it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time
from typing import Any

from bot.tables import Column, Fault, Record, Sheet, Source, clock_time, read, write
from bot.team import cells
from bot.team.model import Person, Team

COLUMNS = (
    Column("person", needed=True, most=100),
    Column("name", needed=True),
    Column("email", cells.email, most=254),
    Column("team", needed=True, most=100),
    Column("role", cells.role, needed=True),
    Column("timezone", cells.zone, needed=True),
    Column("language", cells.language),
    Column("calendar", cells.calendar),
    Column("manager", most=100),
    Column("region", most=100),
    Column("product_line", most=100),
    Column("tier", most=100),
    Column("weekdays", cells.weekdays, empty=None),
    Column("standup_at", clock_time, empty=None),
    Column("joins", cells.yes_no, empty=None),
    Column("slack", most=100),
    Column("telegram", most=100),
)
STANDUP_AT, WINDOW = time(9, 30), 10  # of a new team, until it chooses otherwise
# Empty, these leave what somebody chose for themselves in chat; the other cells are the roster's to clear.
CHOSEN_IN_CHAT = frozenset({"language", "standup_at", "joins", "slack", "telegram"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One sound row. `manager` and `team` are names; `manager` is None when the file has no such column.

    `said`: what the row says, under the names of `Person`'s fields. `language`: for who has none yet.
    """

    key: str
    team: str
    manager: str | None
    said: Mapping[str, Any]
    language: str


@dataclass(frozen=True, slots=True)
class Roster:
    """A roster file as read: no entries when there are `faults`. `unknown`: columns that nobody asked for."""

    entries: Sequence[Entry] = ()
    faults: Sequence[Fault] = ()
    unknown: Sequence[str] = ()


def read_roster(source: Source, known: Sequence[Person] = (), *, language: str = "en") -> Roster:
    """Read a roster and check it against itself and `known`, the people who stay on beside it.

    `language` is for people whom neither the file, the calendar nor the zone gives one.
    """
    sheet = read(source, COLUMNS)
    keys = {record.cells.get("person", "") for record in sheet.records}
    stay = [person for person in known if person.key not in keys]
    names = {person.id: person.key for person in known}
    managers = {person.key: names.get(person.manager_id or 0, "") for person in stay}
    faults = [*sheet.faults, *_repeated(sheet, "person"), *_repeated(sheet, "email", [p.email for p in stay])]
    faults += _strangers(sheet, keys | managers.keys())
    faults += _cycles(sheet, managers)
    return Roster([] if faults else [_entry(r, language) for r in sheet.records], faults, sheet.unknown)


def _entry(record: Record, language: str) -> Entry:
    values = dict(record.values)
    key, team, manager = values.pop("person"), values.pop("team"), values.pop("manager", None)
    values["zone"] = values.pop("timezone")
    said = {name: value for name, value in values.items() if value not in ("", None) or name not in CHOSEN_IN_CHAT}
    usual = cells.usual_language(said["zone"], said.get("calendar", ""), language)
    return Entry(key, team, manager, said, usual)


def person_of(
    entry: Entry, before: Person | None, *, id: int, workspace: int, team_id: int, managers: Mapping[str, int]
) -> Person:
    """The person as the entry has them: `before` changed by it, or somebody new."""
    start = before or Person(
        id, workspace, entry.key, "", "", team_id, entry.said["role"], "UTC", entry.said.get("language", entry.language)
    )
    manager_id = start.manager_id if entry.manager is None else managers.get(entry.manager)
    return replace(start, **entry.said, team_id=team_id, manager_id=manager_id, active=True)


def team_languages(entries: Iterable[Entry]) -> dict[str, str]:
    """Each team by name with the language that most of its people speak; English when that is even."""
    spoken: dict[str, Counter[str]] = {}
    for entry in entries:
        spoken.setdefault(entry.team, Counter())[entry.said.get("language", entry.language)] += 1
    return {team: min(count, key=lambda name: (-count[name], name)) for team, count in spoken.items()}


def people_of(roster: Roster, workspace: int = 1) -> tuple[list[Person], list[Team]]:
    """The people and teams of a roster that is not in the database, numbered from 1."""
    teams = [
        Team(n, workspace, name, language, STANDUP_AT, WINDOW)
        for n, (name, language) in enumerate(team_languages(roster.entries).items(), 1)
    ]
    team_ids = {team.name: team.id for team in teams}
    ids = {entry.key: n for n, entry in enumerate(roster.entries, 1)}
    people = [
        person_of(entry, None, id=ids[entry.key], workspace=workspace, team_id=team_ids[entry.team], managers=ids)
        for entry in roster.entries
    ]
    return people, teams


def roster_text(people: Iterable[Person], teams: Iterable[Team]) -> str:
    """The roster as CSV; importing it again changes nothing."""
    people = list(people)
    names, keys = {team.id: team.name for team in teams}, {person.id: person.key for person in people}
    return write(
        [column.name for column in COLUMNS],
        (_cells(person, names[person.team_id], keys.get(person.manager_id or 0, "")) for person in people),
    )


def _cells(person: Person, team: str, manager: str) -> list[str]:
    at = person.standup_at.isoformat("minutes") if person.standup_at else ""
    joins = "yes" if person.joins else "no"
    cells_of = [person.key, person.name, person.email, team, person.role.value, person.zone, person.language]
    cells_of += [person.calendar, manager, person.region, person.product_line, person.tier]
    return [*cells_of, cells.weekdays_text(person.weekdays), at, joins, person.slack, person.telegram]


def _repeated(sheet: Sheet, column: str, taken: Iterable[str] = ()) -> list[Fault]:
    """A fault for each cell that repeats one further up, or one that somebody outside the file has."""
    first: dict[str, int] = {value.casefold(): 0 for value in taken if value}
    faults = []
    for record in sheet.records:
        value = record.cells.get(column, "")
        folded = value.casefold() if column == "email" else value
        if folded and folded in first:
            faults.append(_repeat(record.row, column, value, first[folded]))
        elif folded:
            first[folded] = record.row
    return faults


def _repeat(row: int, column: str, value: str, earlier: int) -> Fault:
    if not earlier:
        return Fault(row, column, value, lambda _: _("a value that nobody else on the roster has"))
    return Fault(row, column, value, lambda _: _("a value of its own; row {row} has the same", row=earlier))


def _strangers(sheet: Sheet, keys: set[str]) -> list[Fault]:
    return [
        Fault(record.row, "manager", manager, lambda _: _("somebody on the roster"))
        for record in sheet.records
        if (manager := record.cells.get("manager", "")) and manager not in keys
    ]


def _cycles(sheet: Sheet, manager_of: dict[str, str]) -> list[Fault]:
    """A fault for each ring of managers, at the first of its people in the file, naming the ring."""
    if "manager" not in sheet.present:
        return []
    for record in reversed(sheet.records):  # of somebody who stands there twice the first row counts
        manager_of[record.cells.get("person", "")] = record.cells.get("manager", "")
    faults, done = [], set[str]()
    for record in sheet.records:
        ring = _ring(record.cells.get("person", ""), manager_of, done)
        if ring:
            faults.append(_cycle(record, " → ".join([*ring, ring[0]])))
    return faults


def _cycle(record: Record, ring: str) -> Fault:
    manager = record.cells.get("manager", "")
    return Fault(record.row, "manager", manager, lambda _: _("managers without a circle: {ring}", ring=ring))


def _ring(start: str, manager_of: Mapping[str, str], done: set[str]) -> list[str]:
    path: list[str] = []
    places: dict[str, int] = {}
    at = start
    while at and at not in done and at not in places:
        places[at] = len(path)
        path.append(at)
        at = manager_of.get(at, "")
    done.update(path)
    return path[places[at] :] if at in places else []
