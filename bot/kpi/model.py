"""A number, what it is beside, and the points of its past, as values. Pure: no I/O, no clock.

`bot.kpi.measures` says what each number means; whoever shows one, in chat, in a picture or on a page, takes it from
here.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from bot.kpi.stream import State


class Unit(StrEnum):
    SHARE = "share"  # 0..1
    DAYS = "days"
    HOURS = "hours"  # working hours of the owner
    MONEY = "money"  # in `Number.currency`
    TIMES = "times"  # so many times the target
    COUNT = "count"


class Better(StrEnum):
    """Which way a number should go."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose deals are counted: those of these owners (roster keys), or all where `owners` is None. `team`: its key, ""
    when it is not one team's."""

    owners: frozenset[str] | None = None
    team: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """One measure of one scope in one period.

    `n`: on how many rows it rests. `period`: a closed week ("2026-W22"), or the day as of which it stands.
    `usual`: what it is beside, the mean of earlier periods; `low` and `high`: between which nine in ten of these lie.
    `change`: a signed fraction of the usual. `target`: from the CRM's targets. `baseline`: the frozen one, "before the
    roll-out". `stage`, `segment` ("industry=retail"): where the measure is taken by these, else "". `left_out`: rows
    that were not counted, by why.
    """

    kpi: str
    team: str
    value: float | None
    unit: Unit
    n: int
    period: str
    usual: float | None = None
    low: float | None = None
    high: float | None = None
    change: float | None = None
    target: float | None = None
    baseline: float | None = None
    state: State = State.NO_DATA
    better: Better = Better.UP
    stage: str = ""
    segment: str = ""
    currency: str = ""
    left_out: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Point:
    """A number's value in one period of its past; None where there was nothing to count. `begins`: its first day."""

    period: str
    begins: date
    value: float | None
    n: int


def asked_about(kpi: str, stage: str, segment: str, week: str) -> str:
    """The key of the question that reps are asked in their standup about a number that alerts since a week; by it the
    answers come to stand beside the number."""
    return f"focus:{kpi}:{stage}:{segment}:{week}"
