"""From measures to numbers: each value beside the earlier ones, its target and its state."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.kpi.backtest import told
from bot.kpi.measures.beside import WEEKS, beside, change, is_stale, state
from bot.kpi.measures.look import Look
from bot.kpi.measures.model import DAY, WEEK, Found, Measure
from bot.kpi.measures.table import FUNCTIONS
from bot.kpi.model import Number, Point
from bot.kpi.past.model import Kept
from bot.kpi.stream import State
from bot.kpi.weeks import week_of


@dataclass(frozen=True, slots=True)
class Told:
    """What is usual by the watch, and the state that it tells."""

    usual: float | None
    state: State


Slice = tuple[str, str, str]  # stage, segment, currency


def numbers(look: Look, measure: Measure, day: date) -> list[Number]:
    """A measure as of a day, by stage, segment or currency where it is taken by these."""
    days = measure.earlier(day, WEEKS)
    reach(look, measure, [day, *days])
    now, earlier = values(look, measure, day), [values(look, measure, other) for other in days]
    told = told_of(look, measure, day) if measure.weekly else {}
    return [_number(look, measure, day, at, found, earlier, told.get(at[0])) for at, found in now.items()]


def values(look: Look, measure: Measure, day: date) -> dict[Slice, Found]:
    """A measure as of a day, beside nothing. Of a day that has passed what was kept, for one that cannot be told again;
    nothing where nothing was."""
    kept = _kept(look, measure, day)
    if kept is not None:
        order = {stage.name: at for at, stage in enumerate(look.stages.values())}
        kept = sorted(kept, key=lambda one: (order.get(one.stage, -1), one.segment, one.currency))
        return {(one.stage, one.segment, one.currency): Found(one.value, one.n, k=one.k) for one in kept if one.n >= 0}
    if not measure.replays and day < look.now.date():
        return {}
    found = FUNCTIONS[measure.name](look, measure.stretch(day, look.now))
    return {(one.stage, one.segment, one.currency): one for one in found}


def _kept(look: Look, measure: Measure, day: date) -> Sequence[Kept] | None:
    return look.past.get((measure.name, _monday(day) if measure.weekly else day))


def _monday(day: date) -> date:
    return day - DAY * day.weekday()


def reach(look: Look, measure: Measure, days: Sequence[date]) -> None:
    """The measure is about to be asked for as of all these days."""
    asked = [measure.stretch(day, look.now).first for day in days if _kept(look, measure, day) is None]
    look.reach(min(asked, default=None) if measure.replays else None)


def _number(
    look: Look,
    measure: Measure,
    day: date,
    at: Slice,
    found: Found,
    earlier: list[dict[Slice, Found]],
    judged: Told | None,
) -> Number:
    past = beside([other[at].value if at in other else None for other in earlier])
    stretch = measure.stretch(day, look.now)
    stale = is_stale(measure, stretch, look.heard)
    usual = judged.usual if judged and judged.usual is not None else past.usual
    stage, segment, currency = at
    return Number(
        measure.name,
        look.scope.team,
        found.value,
        measure.unit,
        found.n,
        measure.period(day),
        usual,
        past.low,
        past.high,
        change(found.value, usual),
        None if segment else look.targets.of(measure.name, day),
        state=judged.state if judged else state(measure, found, usual, stale=stale),
        better=measure.better,
        stage=stage,
        segment=segment,
        currency=currency,
        left_out=dict(found.left_out),
    )


def told_of(look: Look, measure: Measure, day: date) -> dict[str, Told]:
    """What `bot.kpi.watch` says of each stage in the last closed week before a day, with what had been by then."""
    kept = [one for one in _kept(look, measure, day) or () if one.state is not None]
    if kept:
        return {one.stage: Told(one.usual, one.state or State.NO_DATA) for one in kept}
    week, found = measure.period(day), {}
    for stream in look.streams:
        periods = tuple(period for period in stream.periods if period.week <= week)
        if periods and periods[-1].week == week:
            judged = told([replace(stream, periods=periods)])[-1]
            found[stream.stage] = Told(judged.usual.rate if judged.usual else None, judged.row.state)
    return found


def trend(look: Look, measure: Measure, day: date, stage: str, weeks: int) -> list[Point]:
    """The closed weeks before a day, oldest first; where a measure is taken by currency, the one with most rows."""
    points = []
    for begins, found in _weeks(look, measure, day, weeks):
        here = [one for (of, segment, _), one in found.items() if of == stage and not segment]
        best = max(here, key=lambda one: one.n, default=Found(None, 0))
        points.append(Point(week_of(begins), begins, best.value, best.n))
    return points


def trends(look: Look, measure: Measure, day: date, weeks: int) -> dict[Slice, list[Point]]:
    """The same of all that a measure is taken by but segments, each currency by itself."""
    found = _weeks(look, measure, day, weeks)
    every = {at for _, values_then in found for at in values_then if not at[1]}
    none = Found(None, 0)
    return {
        at: [Point(week_of(begins), begins, then.get(at, none).value, then.get(at, none).n) for begins, then in found]
        for at in every
    }


def _weeks(look: Look, measure: Measure, day: date, weeks: int) -> list[tuple[date, dict[Slice, Found]]]:
    """The closed weeks before a day by the day that each began on, with what the measure was at its end."""
    monday = _monday(day)
    reach(look, measure, [monday, *(monday - DAY - WEEK * back for back in range(weeks))])
    begins = [monday - WEEK * (back + 1) for back in range(weeks - 1, -1, -1)]
    return [(first, values(look, measure, first + WEEK if measure.weekly else first + WEEK - DAY)) for first in begins]
