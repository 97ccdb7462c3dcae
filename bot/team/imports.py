"""Takes roster, leave and holiday files into the database, all or nothing, and gives them back.

An import runs in the caller's transaction. With faults nothing is written; a dry run writes nothing either.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.db import Connection
from bot.message import Place
from bot.tables import Fault, Source
from bot.team import absences, rosters, store
from bot.team.model import Leave, Person, Team
from bot.team.rosters import STANDUP_AT, WINDOW, Roster

HOURS = ("zone", "calendar", "weekdays", "standup_at", "team_id", "role", "joins", "active")


@dataclass(frozen=True, slots=True)
class Import:
    """What an import did, or with `dry_run` would do. It did nothing when there are `faults`.

    `absent`: people on the roster whom the file does not name; of them `retired` were taken off it.
    `hours_changed`: ids of the known people whose slots must be planned again. `unknown`: columns passed over.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    absent: int = 0
    retired: int = 0
    hours_changed: tuple[int, ...] = ()
    faults: Sequence[Fault] = ()
    unknown: Sequence[str] = ()
    dry_run: bool = False


def import_roster(
    db: Connection,
    workspace: int,
    source: Source,
    now: datetime,
    *,
    language: str = "en",
    retire_absent: bool = False,
    dry_run: bool = False,
) -> Import:
    """Bring people and teams to what the file says; new teams and people get their places in the web chat.

    People whom the file does not name stay, unless `retire_absent`. `language` is for people of whom nothing else
    tells it. Importing the same file again changes nothing.
    """
    there = store.people(db, workspace, active=None)
    active = [person for person in there if person.active]
    roster = rosters.read_roster(source, [] if retire_absent else active, language=language)
    if roster.faults:
        return Import(faults=roster.faults, unknown=roster.unknown, dry_run=dry_run)
    keys = {entry.key for entry in roster.entries}
    absent = [person for person in active if person.key not in keys]
    retired = [replace(person, active=False) for person in absent] if retire_absent else []
    done = _sparing(db, dry_run, lambda: _save_roster(db, workspace, roster, there, now, retired))
    return replace(done, absent=len(absent), retired=len(retired), unknown=roster.unknown, dry_run=dry_run)


def _sparing(db: Connection, dry_run: bool, work: Callable[[], Import]) -> Import:
    """Do the work, and undo it when it was a dry run: what is told is then exactly what would happen."""
    with db.begin_nested() as savepoint:
        done = work()
        if dry_run:
            savepoint.rollback()
    return done


def _save_roster(
    db: Connection, workspace: int, roster: Roster, there: list[Person], now: datetime, retired: list[Person]
) -> Import:
    before = {person.key: person for person in there}
    teams = _teams(db, workspace, roster)
    new = [
        rosters.person_of(entry, None, id=0, workspace=workspace, team_id=teams[entry.team], managers={})
        for entry in roster.entries
        if entry.key not in before
    ]
    store.add_people(db, [replace(person, created=now) for person in new])
    ids = store.person_ids(db, workspace)
    after = [
        rosters.person_of(
            entry,
            before.get(entry.key),
            id=ids[entry.key],
            workspace=workspace,
            team_id=teams[entry.team],
            managers=ids,
        )
        for entry in roster.entries
    ]
    changed = [person for person in after if person.key in before and person != before[person.key]]
    placed = [person for person in after if person.key not in before and person.manager_id]
    store.save_people(db, [*retired, *changed, *placed])
    store.add_places(db, workspace, _places(after, teams.values()))
    moved = [person.id for person in changed if _hours(person) != _hours(before[person.key])]
    moved += [person.id for person in retired]
    return Import(len(new), len(changed), len(after) - len(new) - len(changed), hours_changed=tuple(moved))


def _hours(person: Person) -> list[object]:
    return [getattr(person, name) for name in HOURS]


def _teams(db: Connection, workspace: int, roster: Roster) -> dict[str, int]:
    """The ids of all teams by name; those that the roster names for the first time are made."""
    there = {team.name for team in store.teams(db, workspace)}
    named = rosters.team_languages(roster.entries).items()
    new = [Team(0, workspace, name, speaks, STANDUP_AT, WINDOW) for name, speaks in named if name not in there]
    store.add_teams(db, new)
    return {team.name: team.id for team in store.teams(db, workspace)}


def _places(people: Iterable[Person], team_ids: Iterable[int]) -> Iterable[tuple[Place, int | None, int | None]]:
    for person in people:
        yield Place("web", f"bot-{person.id}"), person.id, None
    for team_id in team_ids:
        yield Place("web", f"team-{team_id}"), None, team_id


def import_leave(db: Connection, workspace: int, source: Source, *, dry_run: bool = False) -> Import:
    """Add the leave of the file to what is there. `hours_changed` are the people whose leave it changed."""
    file = absences.read_leave(source, store.people(db, workspace))
    there = {_spell(spell): spell for spells in store.leave_of(db, workspace).values() for spell in spells}
    fresh = [spell for spell in file.leave if spell != there.get(_spell(spell))]
    added = sum(_spell(spell) not in there for spell in fresh)
    if not dry_run:
        store.save_leave(db, workspace, fresh)
    return Import(
        added,
        len(fresh) - added,
        len(file.leave) - len(fresh),
        hours_changed=tuple(dict.fromkeys(spell.person_id for spell in fresh)),
        faults=file.faults,
        unknown=file.unknown,
        dry_run=dry_run,
    )


def _spell(spell: Leave) -> tuple[object, ...]:
    return (spell.person_id, spell.first, spell.last, spell.part)


def import_holidays(db: Connection, workspace: int, source: Source, *, dry_run: bool = False) -> Import:
    """Add the days of a file, or of pasted lines (`CN,2027-02-13,work,make-up`), to the overrides."""
    file = absences.read_holidays(source)
    there = {(override.calendar, override.day): override for override in store.overrides(db, workspace)}
    fresh = [new for new in file.overrides if new != there.get((new.calendar, new.day))]
    added = sum((new.calendar, new.day) not in there for new in fresh)
    if not dry_run:
        store.save_overrides(db, workspace, fresh)
    kept = len(file.overrides) - len(fresh)
    return Import(added, len(fresh) - added, kept, faults=file.faults, unknown=file.unknown, dry_run=dry_run)


def export_roster(db: Connection, workspace: int) -> str:
    """The roster as CSV; what is exported imports again and changes nothing."""
    return rosters.roster_text(store.people(db, workspace), store.teams(db, workspace))


def export_leave(db: Connection, workspace: int) -> str:
    spells = [spell for spells in store.leave_of(db, workspace).values() for spell in spells]
    return absences.leave_text(spells, store.people(db, workspace))


def export_holidays(db: Connection, workspace: int) -> str:
    return absences.holidays_text(store.overrides(db, workspace))
