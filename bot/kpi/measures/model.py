"""What a measure is, what it finds, and what is said about how it was found, as values. Pure: no I/O, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from bot.kpi.model import Better, Number, Unit
from bot.kpi.weeks import thursday, week_of

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
MOST_APART = 3  # weeks


class Out(StrEnum):
    """Why a row was not counted."""

    UNCLEAR = "unclear"  # a move between stages of which one has no position
    BACK_IN_TIME = "back_in_time"  # it ended before it began
    FUTURE = "future"  # it is dated after the period
    NO_AMOUNT = "no_amount"  # 0, none or below
    NOT_ON_ROSTER = "not_on_roster"
    STAYED = "stayed"  # a move from a stage to itself
    REOPENED = "reopened"  # a move out of won or lost
    ENTERED = "entered"  # a move into the funnel
    YET_IN_TIME = "yet_in_time"  # not answered, and the agreed hours are not over
    NO_LIMIT = "no_limit"  # its stage does not tell when a deal is stalled
    NO_RHYTHM = "no_rhythm"  # its stage does not tell how often it wants a touch
    OTHER_CURRENCY = "other_currency"
    NO_STAY = "no_stay"  # its moves do not tell how long it was there
    LATER = "later"  # expected to close after the target's period
    NO_DEAL = "no_deal"  # moves whose deal has not come yet


@dataclass(frozen=True, slots=True)
class Found:
    """A value of one measure, on `n` rows; by stage, segment ("source=web") or currency where it is taken by these."""

    value: float | None
    n: int
    stage: str = ""
    segment: str = ""
    currency: str = ""
    left_out: Mapping[str, int] = field(default_factory=dict)
    k: int = 0  # of the n, those that made it, where it is a share


@dataclass(frozen=True, slots=True)
class Stretch:
    """The days from `first` to `last`, both included, as far as they had passed at `now`. Days are those of UTC."""

    first: date
    last: date
    now: datetime

    @property
    def begins(self) -> datetime:
        return midnight(self.first)

    @property
    def ends(self) -> datetime:
        """The moment as of which things stand: the end of the last day, or now while it is not over."""
        return min(midnight(self.last + DAY), self.now)


@dataclass(frozen=True, slots=True)
class Measure:
    """`window`: over how many days it is taken; 7 with `weekly`, where it is those of a closed week; 0 for what stands
    at a moment. `title`, `formula`: texts that are translated. `sources`: kinds of rows of the CRM. `replays`: whether
    it can be told of a day that has passed; else only what was noted that day is known of it."""

    name: str
    title: str
    formula: str
    unit: Unit
    better: Better
    sources: tuple[str, ...]
    window: int = 0
    weekly: bool = False
    replays: bool = True
    version: int = 1
    least: int = 1  # rows below which it says nothing

    def stretch(self, day: date, now: datetime) -> Stretch:
        """The days that it is taken over as of a day: the last closed week before it, or those up to it."""
        if self.weekly:
            monday = day - timedelta(days=day.weekday())
            return Stretch(monday - WEEK, monday - DAY, now)
        return Stretch(day - max(self.window - 1, 0) * DAY, day, now)

    def period(self, day: date) -> str:
        """How that is written: "2026-W23", or the day."""
        return week_of(day - WEEK) if self.weekly else day.isoformat()

    def earlier(self, day: date, weeks: int) -> list[date]:
        """The days as of which earlier periods are taken: the ends of closed weeks. They do not
        reach into this one, but for those longer than four weeks."""
        monday = day - timedelta(days=day.weekday())
        if self.weekly:
            return [monday - n * WEEK for n in range(1, weeks + 1)]
        last = monday - DAY - min(max(self.window // 7 - 1, 0), MOST_APART) * WEEK
        return [last - n * WEEK for n in range(weeks)]


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of row that a measure rests on, and when it was last told; None when it never was."""

    kind: str
    heard: datetime | None


@dataclass(frozen=True, slots=True)
class Why:
    """How a number came about. `numbers`: as they come out once more, by the same function, from what is stored; by
    stage, currency or source where it is taken by these. `shown`: as they are told elsewhere. `counted`: on how many
    rows they rest together; `left_out`: rows that were not counted, by why. `generation`: the import that counts."""

    measure: Measure
    team: str
    stretch: Stretch
    period: str
    numbers: tuple[Number, ...]
    shown: tuple[Number, ...]
    counted: int
    left_out: Mapping[Out, int]
    sources: tuple[Source, ...]
    generation: int

    @property
    def same(self) -> bool:
        """Whether what is told is what comes out."""
        told = [(one.stage, one.segment, one.currency, one.value, one.n) for one in self.shown]
        return told == [(one.stage, one.segment, one.currency, one.value, one.n) for one in self.numbers]


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def monday(week: str) -> date:
    return thursday(week) - 3 * DAY
