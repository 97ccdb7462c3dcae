"""What each role may see and do, in one table. Commands and pages ask `may`, and nothing else decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Protocol

from bot.team.model import Person, Role


class Action(StrEnum):
    """The values are what `may` decides about, in words."""

    ANSWER = "answer the standup"
    JOIN = "opt in to being asked"
    SET_HOURS = "set when someone is asked"
    SET_LEAVE = "set or cancel leave"
    READ_TEAM = "read the team's channel and roster"
    READ_BOARD = "see the team's board"
    READ_HISTORY = "see what someone answered before"
    ACT_ON_BLOCKERS = "acknowledge, update, hand over or resolve a blocker"
    DECIDE_BLOCKERS = "assign, escalate or accept a blocker that does not move"
    READ_MISSING = "see who did not answer"
    NUDGE = "nudge those who did not answer"
    READ_WHY = "see why someone was, or was not, asked"
    EDIT_QUESTIONS = "edit the questions"
    SET_TEAM = "set the team's standup time, window and language"
    READ_COVERAGE = "see who covers what"
    READ_EVERY_TEAM = "see every team"
    IMPORT_ROSTER = "import or export the roster, leave and holidays"
    INVITE = "hand out codes that link an account"
    READ_OUTBOX = "see which messages did not get through, and send them again"
    READ_DEALS = "see someone's deals"
    READ_DATA = "see how complete the CRM's data is"
    FREEZE_BASELINE = "freeze the numbers as a baseline"
    CHANGE_DEALS = "change someone's deals"
    KEEP_TODOS = "see, change and finish someone's to-dos"
    GIVE_TODOS = "give someone a to-do"
    READ_CALLS = "read someone's calls and their minutes"
    ERASE_CALLS = "erase someone's calls, and withdraw them as examples"
    READ_EXAMPLES = "read the calls that a team published as examples"
    SET_RETENTION = "say how long calls are kept"
    ACT_ON_ALERTS = "see a team's alerts, and say what they were"
    WRITE_CARDS = "suggest a card for the library"
    KEEP_LIBRARY = "approve, change and retire cards; see gaps and usage"
    READ_USAGE = "see what the language model is used for, and what it costs"
    SIGN_IN_OTHERS = "make sign-in links for others"


class Scope(IntEnum):
    """How far a permission reaches. `TEAM` is the own team and, for whoever people report to, those people and
    their teams."""

    NO = 0
    OWN = 1
    TEAM = 2
    ALL = 3


NO, OWN, TEAM, ALL = Scope

# fmt: off
ORDER = (                  Role.REP, Role.MANAGER, Role.SUPPORT, Role.OBSERVER, Role.ADMIN)
TABLE: dict[Action, tuple[Scope, ...]] = {
    Action.ANSWER:          (OWN,    OWN,          NO,           NO,            NO),
    Action.JOIN:            (NO,     OWN,          NO,           NO,            NO),
    Action.SET_HOURS:       (OWN,    TEAM,         OWN,          OWN,           ALL),
    Action.SET_LEAVE:       (OWN,    TEAM,         OWN,          OWN,           ALL),
    Action.READ_TEAM:       (TEAM,   TEAM,         TEAM,         TEAM,          ALL),
    Action.READ_BOARD:      (TEAM,   TEAM,         TEAM,         TEAM,          ALL),
    Action.READ_HISTORY:    (OWN,    TEAM,         NO,           NO,            ALL),
    Action.ACT_ON_BLOCKERS: (TEAM,   TEAM,         TEAM,         NO,            ALL),
    Action.DECIDE_BLOCKERS: (NO,     TEAM,         NO,           NO,            ALL),
    Action.READ_MISSING:    (NO,     TEAM,         NO,           NO,            ALL),
    Action.NUDGE:           (NO,     TEAM,         NO,           NO,            ALL),
    Action.READ_WHY:        (OWN,    TEAM,         OWN,          OWN,           ALL),
    Action.EDIT_QUESTIONS:  (NO,     TEAM,         NO,           NO,            ALL),
    Action.SET_TEAM:        (NO,     TEAM,         NO,           NO,            ALL),
    Action.READ_COVERAGE:   (NO,     ALL,          NO,           NO,            ALL),
    Action.READ_EVERY_TEAM: (NO,     NO,           NO,           NO,            ALL),
    Action.IMPORT_ROSTER:   (NO,     NO,           NO,           NO,            ALL),
    Action.INVITE:          (NO,     TEAM,         NO,           NO,            ALL),
    Action.READ_OUTBOX:     (NO,     NO,           NO,           NO,            ALL),
    Action.READ_DEALS:      (OWN,    TEAM,         NO,           NO,            ALL),
    Action.READ_DATA:       (NO,     TEAM,         NO,           NO,            ALL),
    Action.FREEZE_BASELINE: (NO,     TEAM,         NO,           NO,            ALL),
    Action.CHANGE_DEALS:    (OWN,    TEAM,         NO,           NO,            ALL),
    Action.KEEP_TODOS:      (OWN,    TEAM,         OWN,          OWN,           ALL),
    Action.GIVE_TODOS:      (TEAM,   TEAM,         TEAM,         OWN,           ALL),
    Action.READ_CALLS:      (OWN,    TEAM,         NO,           NO,            ALL),
    Action.ERASE_CALLS:     (OWN,    TEAM,         NO,           NO,            ALL),
    Action.READ_EXAMPLES:   (TEAM,   TEAM,         TEAM,         TEAM,          ALL),
    Action.SET_RETENTION:   (NO,     NO,           NO,           NO,            ALL),
    Action.ACT_ON_ALERTS:   (NO,     TEAM,         NO,           NO,            ALL),
    Action.WRITE_CARDS:     (ALL,    ALL,          ALL,          NO,            ALL),
    Action.KEEP_LIBRARY:    (NO,     ALL,          ALL,          NO,            ALL),
    Action.READ_USAGE:      (NO,     ALL,          NO,           NO,            ALL),
    Action.SIGN_IN_OTHERS:  (NO,     NO,           NO,           NO,            ALL),
}
# fmt: on


class Reporting(Protocol):
    """Of a person, who they are, in which team, and to whom they report."""

    @property
    def id(self) -> int: ...
    @property
    def workspace_id(self) -> int: ...
    @property
    def team_id(self) -> int: ...
    @property
    def manager_id(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Span:
    """The ids of the people whose chain of managers leads to somebody, and of their teams."""

    people: frozenset[int] = frozenset()
    teams: frozenset[int] = frozenset()


def scope(role: Role, action: Action) -> Scope:
    return TABLE[action][ORDER.index(role)]


def may(
    who: Person,
    action: Action,
    team_id: int | None = None,
    about: Reporting | None = None,
    span: Span | None = None,
) -> bool:
    """Whether `who` may do `action` for the person `about`, else for a team, else at all (for themselves, say).

    `span` is what reports to `who` (`service.span`); without it only direct reports and the own team count.
    """
    reach = scope(who.role, action)
    if not who.active or reach is NO or (about and about.workspace_id != who.workspace_id):
        return False
    if reach is ALL:
        return True
    if about:
        return about.id == who.id or (reach is TEAM and _leads(who, about, span or Span()))
    if team_id is None:
        return True
    return reach is TEAM and team_id in {who.team_id, *(span or Span()).teams}


def _leads(who: Person, about: Reporting, span: Span) -> bool:
    return about.team_id == who.team_id or about.manager_id == who.id or about.id in span.people


def span_of(who: Reporting, people: Sequence[Reporting]) -> Span:
    """All who report to `who`, directly or through others. A cycle among managers ends where it began."""
    reports: dict[int, list[Reporting]] = {}
    for person in people:
        if person.manager_id is not None:
            reports.setdefault(person.manager_id, []).append(person)
    found: dict[int, Reporting] = {}
    ahead = list(reports.get(who.id, ()))
    while ahead:
        person = ahead.pop()
        if person.id not in found and person.id != who.id:
            found[person.id] = person
            ahead.extend(reports.get(person.id, ()))
    return Span(frozenset(found), frozenset(person.team_id for person in found.values()))
