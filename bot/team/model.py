"""People and teams as values, and what a role may do. Pure: no I/O, no clock."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo


class Role(StrEnum):
    REP = "rep"
    MANAGER = "manager"
    SUPPORT = "support"
    OBSERVER = "observer"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Team:
    """`standup_at` is local to each person; `window` is in minutes; `language` is what the team's channel speaks."""

    id: int
    workspace_id: int
    name: str
    language: str
    standup_at: time
    window: int
    standup_on: bool = True


@dataclass(frozen=True, slots=True)
class Person:
    """`key` is the roster's name for them. `weekdays`: 0 is Monday; None is mon-fri as the calendar changes it.

    `calendar`: ISO 3166 (`CN`, `US-CA`), "" for no public holidays. `standup_at` overrides the team's.
    `joins` is a manager's own wish to be asked too. Inactive people have left the roster; their history stays.
    `unreachable`: why no message reaches them, since `unreachable_at`; "" when all is well.
    """

    id: int
    workspace_id: int
    key: str
    name: str
    email: str
    team_id: int
    role: Role
    zone: str
    language: str
    calendar: str = ""
    manager_id: int | None = None
    region: str = ""
    product_line: str = ""
    tier: str = ""
    weekdays: frozenset[int] | None = None
    standup_at: time | None = None
    joins: bool = False
    slack: str = ""
    telegram: str = ""
    active: bool = True
    unreachable: str = ""
    unreachable_at: datetime | None = None
    created: datetime | None = None

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def asked(self) -> bool:
        """Whether the standup is theirs to answer: reps, and managers who opted in."""
        return self.active and (self.role is Role.REP or (self.role is Role.MANAGER and self.joins))

    def local(self, now: datetime) -> datetime:
        return now.astimezone(self.tz)

    def today(self, now: datetime) -> date:
        return self.local(now).date()


@dataclass(frozen=True, slots=True)
class Leave:
    """Days off, both ends included. `part`: "" whole days, `am`, `pm`."""

    person_id: int
    first: date
    last: date
    part: str = ""
    reason: str = ""

    def covers(self, day: date, at: time) -> bool:
        """Whether `at` o'clock of `day` falls into it."""
        half = not self.part or (self.part == "am") == (at < time(12))
        return self.first <= day <= self.last and half


@dataclass(frozen=True, slots=True)
class Override:
    """A day that an admin set for a calendar: `kind` is `off` or `work`."""

    calendar: str
    day: date
    kind: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class DayOff:
    """Why somebody is not at work. `why`: weekend, holiday, leave. `detail`: the holiday's name, the reason given."""

    why: str
    detail: str = ""
