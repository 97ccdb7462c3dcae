"""A value beside the earlier ones, and the state that follows. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.kpi.measures.model import Found, Measure, Stretch, midnight
from bot.kpi.model import Better
from bot.kpi.statistics import quantile
from bot.kpi.stream import State

WEEKS = 13  # earlier periods that make what is usual
LEAST = 4  # of these, below which nothing is called usual
STRAY = 0.15  # of the usual, in the bad direction


@dataclass(frozen=True, slots=True)
class Beside:
    """The mean of earlier values, and between which of them nine in ten lie."""

    usual: float | None = None
    low: float | None = None
    high: float | None = None


def beside(earlier: Sequence[float | None]) -> Beside:
    """What is usual, by the values of earlier periods; nothing while there are fewer than four."""
    values = [value for value in earlier if value is not None]
    if len(values) < LEAST:
        return Beside()
    return Beside(sum(values) / len(values), quantile(values, 0.05), quantile(values, 0.95))


def change(value: float | None, usual: float | None) -> float | None:
    """A signed fraction of the usual; None beside nothing, or 0."""
    return value / usual - 1 if value is not None and usual else None


def state(measure: Measure, found: Found, usual: float | None, *, stale: bool) -> State:
    """`watch` means that it strays from the usual in the bad direction."""
    if stale:
        return State.STALE
    if found.value is None:
        return State.NO_DATA
    if found.n < measure.least or usual is None:
        return State.INSUFFICIENT
    worse = found.value - usual if measure.better is Better.DOWN else usual - found.value
    return State.WATCH if worse > 0 and worse >= STRAY * abs(usual) else State.OK


def wanted(measure: Measure, stretch: Stretch) -> datetime:
    """Since when the source must have been heard: since a week closed; or since the working day (mon-fri) before the
    day as of which it stands began."""
    if measure.weekly:
        return midnight(stretch.last + timedelta(days=1))
    back = {0: 3, 6: 2}.get(stretch.last.weekday(), 1)
    return midnight(stretch.last - timedelta(days=back))


def is_stale(measure: Measure, stretch: Stretch, heard: dict[str, datetime]) -> bool:
    """Whether one of the kinds of rows that it rests on was not told since; what was never told is no data."""
    needed = [heard[kind] for kind in measure.sources[:1] if kind in heard]
    return any(when < wanted(measure, stretch) for when in needed)
