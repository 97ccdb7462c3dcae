"""The use cases of people, teams, hours and leave. Functions over a connection; they return values and send nothing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.db import Connection
from bot.errors import BotError
from bot.message import Place
from bot.tables import fault_lines
from bot.team import store
from bot.team.absences import read_holidays, read_leave
from bot.team.coverage import Coverage, coverage
from bot.team.days import WorkingDays
from bot.team.imports import (
    Import,
    export_holidays,
    export_leave,
    export_roster,
    import_holidays,
    import_leave,
    import_roster,
)
from bot.team.model import Leave, Person, Role, Team
from bot.team.roles import Span, span_of
from bot.team.rosters import people_of, read_roster
from bot.team.store import around, people, teams, teams_of
from prompts import words

__all__ = ["Coverage", "Import", "around", "coverage", "export_holidays", "export_leave", "export_roster"]
__all__ += ["import_holidays", "import_leave", "import_roster", "people", "people_of", "teams", "teams_of"]
__all__ += ["read_holidays", "read_leave", "read_roster"]

LONGEST_LEAVE = timedelta(days=3 * 366)


def person(db: Connection, workspace: int, person_id: int) -> Person | None:
    return store.person_by_id(db, workspace, person_id)


def team(db: Connection, workspace: int, team_id: int) -> Team | None:
    return store.team_by_id(db, workspace, team_id)


def find_person(db: Connection, workspace: int, said: str) -> Person | None:
    """The active person whom somebody means: by roster key, e-mail address or name, when only one fits."""
    said = " ".join(said.split()).casefold()
    active = store.people(db, workspace)
    for kind in ("key", "email", "name"):
        found = [person for person in active if said and getattr(person, kind).casefold() == said]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def span(db: Connection, who: Person) -> Span:
    """Who reports to `who`, directly or through others, and their teams; for `roles.may`."""
    found, ahead = dict[int, store.Line](), {who.id}
    while ahead:
        came = {one.id: one for one in store.under(db, who.workspace_id, ahead) if one.active and one.id not in found}
        found |= came
        ahead = came.keys() - {who.id}
    return span_of(who, list(found.values()))


def place_of(db: Connection, person: Person) -> Place | None:
    """Where a person is spoken to; None when nowhere yet."""
    return store.places_of_people(db, person.workspace_id, [person.id]).get(person.id)


def managers(db: Connection, workspace: int, team_id: int) -> list[Person]:
    """The managers of a team: those in it, and those to whom its people report directly."""
    everybody = store.people(db, workspace)
    reported_to = {person.manager_id for person in everybody if person.team_id == team_id}
    return [
        person
        for person in everybody
        if person.role is Role.MANAGER and (person.team_id == team_id or person.id in reported_to)
    ]


def admins(db: Connection, workspace: int) -> list[Person]:
    return [person for person in store.people(db, workspace) if person.role is Role.ADMIN]


def working_days(db: Connection, workspace: int) -> WorkingDays:
    return WorkingDays(store.overrides(db, workspace))


def ungazetted(db: Connection, workspace: int, year: int) -> list[str]:
    """The calendars in use whose make-up workdays of that year are unknown; an admin should hear of each once."""
    days = working_days(db, workspace)
    used = {person.calendar for person in store.people(db, workspace) if person.asked}
    return sorted(calendar for calendar in used if not days.is_gazetted(calendar, year))


def paste_holidays(db: Connection, workspace: int, lines: str, language: str) -> int:
    """Take pasted lines (`CN,2027-02-13,work,make-up`) into the overrides; how many days are now as they say.

    Raises `BotError` that names every fault; nothing is kept then.
    """
    done = import_holidays(db, workspace, lines)
    if done.faults:
        raise BotError("\n".join(fault_lines(done.faults, words(language))))
    return done.added + done.changed + done.unchanged


def set_leave(db: Connection, person: Person, first: date, last: date, part: str = "", reason: str = "") -> Leave:
    """Leave from `first` to `last`, both included; setting it again only changes the reason.

    Raises ValueError when the days are the wrong way round, more than three years, or `part` is not "", am or pm.
    """
    if not first <= last <= first + LONGEST_LEAVE or part not in ("", "am", "pm"):
        raise ValueError(f"no leave: {first} to {last} {part}")
    spell = Leave(person.id, first, last, part, reason[:200])
    store.save_leave(db, person.workspace_id, [spell])
    return spell


def cancel_leave(db: Connection, person: Person, first: date, last: date) -> list[Leave]:
    """Be at work from `first` to `last` after all: leave that reaches beyond keeps its other days. What was cut."""
    spells = store.leave_of(db, person.workspace_id, [person.id]).get(person.id, [])
    cut = [spell for spell in spells if spell.first <= last and first <= spell.last]
    store.remove_leave(db, person.workspace_id, cut)
    left = [piece for spell in cut for piece in _around(spell, first, last)]
    store.save_leave(db, person.workspace_id, left)
    return cut


def _around(spell: Leave, first: date, last: date) -> list[Leave]:
    day = timedelta(days=1)
    before = [replace(spell, last=first - day)] if spell.first < first else []
    return before + ([replace(spell, first=last + day)] if last < spell.last else [])


def leave_on(
    db: Connection, workspace: int, day: date, person_ids: Sequence[int] | None = None
) -> dict[int, list[Leave]]:
    """Who has leave on a day, whole or half, by person; of everybody when `person_ids` is None."""
    found = store.leave_of(db, workspace, person_ids)
    covering = {id: [spell for spell in spells if spell.first <= day <= spell.last] for id, spells in found.items()}
    return {id: spells for id, spells in covering.items() if spells}


def leave_of(db: Connection, workspace: int) -> dict[int, list[Leave]]:
    """All leave that was ever told, by person."""
    return store.leave_of(db, workspace)


def at_work(db: Connection, person: Person, now: datetime, begins: time, ends: time) -> bool:
    """Whether a person is at work just now, between two times of their own clock."""
    here = person.local(now)
    if not begins <= here.time() < ends:
        return False
    leave = leave_on(db, person.workspace_id, here.date(), [person.id]).get(person.id, [])
    return working_days(db, person.workspace_id).day_off(person, here.date(), here.time(), leave) is None


def leave_ahead(db: Connection, person: Person, today: date) -> list[Leave]:
    """The person's leave that is not over yet, the next first."""
    spells = store.leave_of(db, person.workspace_id, [person.id]).get(person.id, [])
    return [spell for spell in spells if spell.last >= today]


def set_hours(db: Connection, person: Person, standup_at: time | None) -> Person:
    """When a person is asked, by their own clock; None is the team's time again."""
    return store.change_person(db, replace(person, standup_at=standup_at), "standup_at")


def set_joins(db: Connection, person: Person, joins: bool) -> Person:
    """Whether a manager is asked too."""
    return store.change_person(db, replace(person, joins=joins), "joins")


def set_language(db: Connection, person: Person, language: str) -> Person:
    return store.change_person(db, replace(person, language=language), "language")


def set_team(db: Connection, changed: Team) -> Team:
    """Keep a team's language, standup time, window, and whether it holds standups."""
    store.save_team(db, changed)
    return changed


def save_person(db: Connection, changed: Person) -> Person:
    """Keep what somebody changed about themselves."""
    store.save_people(db, [changed])
    return changed
