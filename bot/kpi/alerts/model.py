"""An alert, what stands in its message, and what people may say of it, as values. Pure.

A team has at most one open alert of each rule and stage: the segments and deals that drive it stand in its message. It
is the same for all who lead the team: one presses a button, all see it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.kpi.stream import Ruling, Verdict
from bot.kpi.weeks import week_of

BUDGET = 3  # new alerts that a team's managers are paged with in seven days; what is above waits
NOISY = 4  # alerts of one stage in a year of back-test, above which it goes to the digest alone
CALM = 2  # days in a row on which a daily measure does not stray, before its alert is over


class Rule(StrEnum):
    CONVERSION = "conversion"
    STALLED = "stalled"
    RESPONSE = "response_inside"
    TARGET = "cover"
    RECORDS = "completeness"
    SOURCE = "freshness"


class State(StrEnum):
    OPEN = "open"
    RECOVERED = "recovered"  # the number is back
    SETTLED = "settled"  # somebody said what it was
    CORRECTED = "corrected"  # the data changed, and it never stood out
    GONE = "gone"  # no stage is called so any more


class Said(StrEnum):
    """What people say of an alert. Some of it settles the alert."""

    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    EXPLAINED = "explained"
    NEW_NORMAL = "new_normal"
    FALSE_ALARM = "false_alarm"
    ASSIGNED = "assigned"


SETTLING = (Said.EXPLAINED, Said.NEW_NORMAL, Said.FALSE_ALARM)
RIGHT = (Said.ACKNOWLEDGED, Said.EXPLAINED, Said.NEW_NORMAL, Said.ASSIGNED)
_VERDICTS = {
    Said.EXPLAINED: Verdict.ANOMALY,
    Said.NEW_NORMAL: Verdict.NEW_NORMAL,
    Said.FALSE_ALARM: Verdict.FALSE_ALARM,
}


@dataclass(frozen=True, slots=True)
class Where:
    """A segment that drives it, in words: "retail", "Anna Berg"; `k` of `n`, and its usual rate."""

    called: str
    k: int
    n: int
    usual: float


@dataclass(frozen=True, slots=True)
class Facts:
    """What the message says. `k` of `n` in `period`, or from `first` to it where it built up over weeks, beside the
    `usual`; `chance`: how likely a usual stream looks this bad in one period, None where several speak. `called`: the
    segment that it is about, in words. `where`: what drives it; `others` segments were looked at and are as usual.
    `deals`: names, of `many`. `blockers`: kinds and how often they were named. `answers`: who said what in the standup.
    `complete`: the source was heard since the period closed."""

    period: str
    value: float | None
    usual: float | None
    n: int = 0
    k: int = 0
    change: float | None = None
    chance: float | None = None
    where: tuple[Where, ...] = ()
    others: int = 0
    deals: tuple[str, ...] = ()
    many: int = 0
    blockers: tuple[tuple[str, int], ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    complete: bool = True
    first: str = ""
    called: str = ""


@dataclass(frozen=True, slots=True)
class Alert:
    """`team_id` 0: the whole workspace's, for its admins. `segment`: where only that strays, "" for the stage as a
    whole. `since`: the period in which it began. `held`: why nobody was paged, "noisy" or "budget"; "" when they were.
    `rounds`: how often it was said anew after a snooze. `calm`: days in a row on which it did not stray."""

    id: int
    workspace_id: int
    team_id: int
    rule: Rule
    stage: str
    segment: str
    since: str
    opened: datetime
    state: State
    facts: Facts
    owner_id: int | None = None
    said: Said | None = None
    note: str = ""
    snoozed_until: date | None = None
    rounds: int = 0
    calm: int = 0
    held: str = ""
    closed: datetime | None = None

    @property
    def open(self) -> bool:
        return self.state is State.OPEN

    @property
    def key(self) -> str:
        """Of its message; the receiver's id is put behind it."""
        return f"alert:{self.id}-{self.rounds}"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to an alert; `person_id` None: by itself."""

    alert_id: int
    at: datetime
    person_id: int | None
    kind: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Precision:
    """Of the alerts of a rule that people said something of: how many were right."""

    rule: Rule
    right: int
    wrong: int
    unsaid: int

    @property
    def share(self) -> float | None:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else None


@dataclass(frozen=True, slots=True)
class Week:
    """How alerts stand for the weekly digest: how many are open, of these held back, and how right each rule was."""

    open: int
    held: int
    rules: tuple[Precision, ...] = ()


def rulings(alerts: Iterable[Alert], said: Mapping[int, tuple[Said, datetime]]) -> dict[tuple[str, str], list[Ruling]]:
    """What people said of settled alerts, as the watch heeds it, by stage and segment. `said`: the verdict on each by
    its id, and when.

    What is said in a week is about the weeks closed by then.
    """
    found: dict[tuple[str, str], list[Ruling]] = {}
    for alert in alerts:
        verdict, at = said.get(alert.id, (None, alert.opened))
        if verdict in _VERDICTS:
            week = week_of(at.date())
            ruling = Ruling(_VERDICTS[verdict], week, alert.since, alert.facts.period)
            found.setdefault((alert.stage, alert.segment), []).append(ruling)
    return found


def precision(alerts: Iterable[Alert], events: Iterable[Event]) -> list[Precision]:
    """By rule, in the rules' order; what was never paged is not counted."""
    kinds: dict[int, set[str]] = {}
    for event in events:
        kinds.setdefault(event.alert_id, set()).add(event.kind)
    counts: dict[Rule, list[int]] = {}
    for alert in alerts:
        if alert.held:
            continue
        heard = kinds.get(alert.id, set())
        wrong = Said.FALSE_ALARM in heard
        right = not wrong and not heard.isdisjoint(RIGHT)
        row = counts.setdefault(alert.rule, [0, 0, 0])
        row[0 if right else 1 if wrong else 2] += 1
    return [Precision(rule, *counts[rule]) for rule in Rule if rule in counts]
