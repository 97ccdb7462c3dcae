"""Digests as values: what somebody wants to hear and when, when that is due, what strays. Pure: no I/O, no clock.

A digest comes at the person's own time on a day on which they work. Where the day that it is meant for is none, it
comes on the next that is. It may be late, for as long as that day lasts by the person's clock; it never comes twice.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.kpi.alerts.model import Week
from bot.kpi.model import Better, Number, Point
from bot.kpi.stream import State
from bot.kpi.weeks import week_of
from bot.team.model import Role

Works = Callable[[date], bool]
"""Whether somebody is at work on a day at the time of their digest."""
Instant = Callable[[date, time], datetime]
"""The UTC moment of a local time."""

LINES, PANELS = 5, 4


class Kind(StrEnum):
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Daily(StrEnum):
    NO = "no"
    STRAYS = "strays"  # on days on which something strays that was not told yet
    ALWAYS = "always"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to hear, at `at` by their own clock; `weekday` is the weekly one's, 0 is Monday.

    `measures`: of which alone they want to hear; empty for all. `since`: nothing that was due before is made up for.
    """

    daily: Daily = Daily.NO
    weekly: bool = False
    monthly: bool = False
    at: time = time(8, 30)
    weekday: int = 0
    measures: tuple[str, ...] = ()
    since: datetime | None = None

    @property
    def any(self) -> bool:
        return self.weekly or self.monthly or self.daily is not Daily.NO


def usual_wish(role: Role) -> Wish:
    """What a role is told unless they say otherwise: managers the week, the month, and days with something new."""
    return Wish(Daily.STRAYS, True, True) if role is Role.MANAGER else Wish()


@dataclass(frozen=True, slots=True)
class Occasion:
    """One digest that somebody gets on one day. `period`: "2026-06-11", "2026-W24", or the month that it looks back on,
    "2026-05"; with the kind and the person it is said once."""

    kind: Kind
    period: str
    day: date
    due: datetime

    def key(self, person_id: int) -> str:
        return f"digest:{self.kind}:{self.period}:{person_id}"


def occasions(wish: Wish, day: date, works: Works, instant: Instant) -> list[Occasion]:
    """What somebody gets on a day of theirs. The week and the month take the place of the day."""
    if not wish.any or not works(day):
        return []
    due, found = instant(day, wish.at), []
    if wish.monthly and _lands(day.replace(day=1), day, works):
        found.append(Occasion(Kind.MONTHLY, f"{day.replace(day=1) - timedelta(days=1):%Y-%m}", day, due))
    meant = day - timedelta(days=(day.weekday() - wish.weekday) % 7)
    if wish.weekly and _lands(meant, day, works):
        found.append(Occasion(Kind.WEEKLY, week_of(meant), day, due))
    if wish.daily is not Daily.NO and not found:
        found.append(Occasion(Kind.DAILY, day.isoformat(), day, due))
    return [one for one in found if wish.since is None or one.due >= wish.since]


def due(wish: Wish, now: datetime, today: date, works: Works, instant: Instant) -> list[Occasion]:
    """What should have been said by now to somebody whose local date is `today`."""
    return [one for one in occasions(wish, today, works, instant) if one.due <= now]


def _lands(meant: date, day: date, works: Works) -> bool:
    """Whether `day` is the first on which somebody works, from the day on that a digest is meant for."""
    return not any(works(meant + timedelta(days=n)) for n in range((day - meant).days))


@dataclass(frozen=True, slots=True)
class Stale:
    """Since when a source has been silent: `kind` is deals or moves."""

    kind: str
    heard: datetime


def stale(heard: Mapping[str, datetime], since: datetime) -> Stale | None:
    """The source that numbers rest on and that was not heard from `since` on, the one silent for longest."""
    silent = [Stale(kind, at) for kind, at in heard.items() if kind in ("deals", "moves") and at < since]
    return min(silent, key=lambda one: one.heard, default=None)


@dataclass(frozen=True, slots=True)
class Entry:
    """A number with its past, and what the reps who were asked about it said: (name, text)."""

    number: Number
    points: tuple[Point, ...] = ()
    answers: tuple[tuple[str, str], ...] = ()

    @property
    def strays(self) -> bool:
        return self.number.state in (State.WATCH, State.ALERT)

    @property
    def worse(self) -> bool:
        """Whether it strays to where it should not go."""
        return self.strays and _worse(self.number)

    @property
    def mark(self) -> str:
        """What tells it from others, from day to day."""
        return "|".join((self.number.kpi, self.number.stage, self.number.segment, self.number.state))


def _worse(number: Number) -> bool:
    return (number.change or 0.0) * (1 if number.better is Better.UP else -1) < 0


def ordered(numbers: Sequence[Number], wanted: Sequence[str]) -> list[Number]:
    """The numbers that somebody wants, strays first: what is worse before what is better, alerts before the rest, the
    largest change first; what does not stray in its own order. What nothing is known of is left out."""
    known = [one for one in numbers if one.value is not None and (not wanted or one.kpi in wanted)]
    straying = [one for one in known if one.state in (State.WATCH, State.ALERT)]
    straying.sort(key=lambda one: (not _worse(one), one.state is not State.ALERT, -abs(one.change or 0.0)))
    return straying + [one for one in known if one.state not in (State.WATCH, State.ALERT)]


@dataclass(frozen=True, slots=True)
class Leak:
    """Where fewer deals went on than usual: of `n` that left a stage `k` advanced, usually a share of `usual`.

    `low`, `high`: between which nine in ten of the earlier months lie. `parts`: the segments that lost most, worst
    first. `blockers`: what reps named there, with how often.
    """

    stage: str
    segment: str
    n: int
    k: int
    usual: float | None
    low: float | None = None
    high: float | None = None
    parts: "tuple[Leak, ...]" = ()
    blockers: tuple[tuple[str, int], ...] = ()

    @property
    def rate(self) -> float | None:
        return self.k / self.n if self.n else None

    @property
    def missing(self) -> float:
        """How many fewer than usual advanced; below 0 where more did."""
        return self.n * self.usual - self.k if self.usual is not None else 0.0

    @property
    def outside(self) -> bool:
        """Whether a deal or more is missing, and the month lies beyond what is usual."""
        return self.rate is not None and self.low is not None and self.rate < self.low and self.missing >= 1


@dataclass(frozen=True, slots=True)
class Digest:
    """What somebody is told. `whose`: the names of the teams, empty for their own deals, or for everybody's where
    `everybody`. `entries`: strays first. `journey`: the month's stages in their order. `alerts`: how those of the week
    stand. `stale`: why there is nothing else."""

    kind: Kind
    period: str
    whose: tuple[str, ...] = ()
    everybody: bool = False
    entries: tuple[Entry, ...] = ()
    journey: tuple[Leak, ...] = ()
    stale: Stale | None = None
    alerts: Week | None = None

    @property
    def strays(self) -> tuple[Entry, ...]:
        return tuple(one for one in self.entries if one.strays)

    @property
    def leaks(self) -> list[Leak]:
        """Where the month lost deals, the most first."""
        return sorted((one for one in self.journey if one.outside), key=lambda one: -one.missing)

    @property
    def quiet(self) -> bool:
        return self.stale is None and not self.strays and not self.leaks
