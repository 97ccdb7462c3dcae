"""What a watched stream is made of: weeks, what people said about it, and what is told of each week. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from bot.kpi.baseline import LEAST
from bot.kpi.cusum import Shift
from bot.kpi.statistics import Usual


class State(StrEnum):
    OK = "ok"
    WATCH = "watch"
    ALERT = "alert"
    RECOVERED = "recovered"
    INSUFFICIENT = "insufficient"
    NO_DATA = "no_data"
    STALE = "stale"


# The large shift is there to find a halved rate within 8 weeks. Its h was simulated (tests/bot/kpi/simulate.py): after
# half a year of history 4.5 finds 94% of them (0.3 of 24 a week), 3.0 finds 98%, at 0.5 false alerts a stage-year in
# place of 0.3.
SHIFTS = (Shift(0.15, 4.5), Shift(0.40, 3.0))


@dataclass(frozen=True, slots=True)
class Rules:
    """What counts as straying (a fraction of the usual), a surprise (mid-p), a shift, a discovery among many (q)."""

    stray: float = 0.15
    surprise: float = 0.01
    shifts: tuple[Shift, ...] = SHIFTS
    discovery: float = 0.20
    least: int = LEAST
    calm: int = 2  # closed weeks in a row that do not stray, before an alert is over
    fiscal_start: int = 1  # the month that the fiscal year begins with


@dataclass(frozen=True, slots=True)
class Period:
    """A closed ISO week, "2026-W05": `n` deals left the stage, `k` of them advanced. `complete`: the source has been
    heard from since the week closed."""

    week: str
    n: int
    k: int
    complete: bool = True


class Verdict(StrEnum):
    NEW_NORMAL = "new_normal"
    ANOMALY = "anomaly"
    FALSE_ALARM = "false_alarm"


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a person said, heeded from the week `said` on: since `first` there is a new normal; `first` to `last` was an
    anomaly, to be left out of what is usual; the open alert is a false alarm."""

    verdict: Verdict
    said: str
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class Stream:
    """`periods` in order of weeks, none twice; a week between the first and the last that is absent had no decisions.
    `undelivered`: weeks whose alert reached nobody, which therefore never recovers aloud."""

    measure: str
    stage: str
    segment: str | None
    periods: tuple[Period, ...]
    rulings: tuple[Ruling, ...] = ()
    undelivered: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Row:
    """One stream in one week, as `alerts backtest` prints it. `deviation` is a signed fraction of the usual rate. The
    cusums are those nearest to a signal, in units of their h: above 1 they signal, and begin anew after it."""

    measure: str
    stage: str
    segment: str | None
    period: str
    n: int
    k: int
    rate: float | None
    usual: float | None
    deviation: float | None
    p: float | None
    cusum_down: float
    cusum_up: float
    state: State


@dataclass(frozen=True, slots=True)
class Judged:
    """A row, and what the words about it need. `opened`: an alert begins here; `by_week`, `by_shifts`: what speaks for
    it; `high`: the rate is surprisingly high, which is noted and never paged."""

    row: Row
    usual: Usual | None
    opened: bool = False
    by_week: bool = False
    by_shifts: tuple[Shift, ...] = ()
    high: bool = False
