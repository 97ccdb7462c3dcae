"""From measures to numbers: each value beside the earlier ones, its target and its state."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bot.kpi.backtest import told
from bot.kpi.measures.beside import WEEKS, beside, change, is_stale, state
from bot.kpi.measures.look import Look
from bot.kpi.measures.model import DAY, WEEK, Found, Measure
from bot.kpi.measures.table import FUNCTIONS
from bot.kpi.model import Number, Point
from bot.kpi.stream import Judged
from bot.kpi.weeks import week_of

Slice = tuple[str, str, str]  # stage, segment, currency


def numbers(look: Look, measure: Measure, day: date) -> list[Number]:
    """A measure as of a day, by stage, segment or currency where it is taken by these."""
    days = measure.earlier(day, WEEKS if measure.replays else 0)
    look.reach(measure.stretch(days[-1], look.now).first if days else None)
    now, earlier = values(look, measure, day), [values(look, measure, other) for other in days]
    judged = _judged(look, measure.period(day)) if measure.weekly else {}
    return [_number(look, measure, day, at, found, earlier, judged.get(at[0])) for at, found in now.items()]


def values(look: Look, measure: Measure, day: date) -> dict[Slice, Found]:
    found = FUNCTIONS[measure.name](look, measure.stretch(day, look.now))
    return {(one.stage, one.segment, one.currency): one for one in found}


def _number(
    look: Look,
    measure: Measure,
    day: date,
    at: Slice,
    found: Found,
    earlier: list[dict[Slice, Found]],
    judged: Judged | None,
) -> Number:
    past = beside([other[at].value if at in other else None for other in earlier])
    stretch = measure.stretch(day, look.now)
    stale = is_stale(measure, stretch, look.heard)
    usual = judged.usual.rate if judged and judged.usual else past.usual
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
        state=judged.row.state if judged else state(measure, found, usual, stale=stale),
        better=measure.better,
        stage=stage,
        segment=segment,
        currency=currency,
        left_out=dict(found.left_out),
    )


def _judged(look: Look, week: str) -> Mapping[str, Judged]:
    """What `bot.kpi.watch` says of each stage in a week, with what had been by then."""
    found = {}
    for stream in look.streams:
        periods = tuple(period for period in stream.periods if period.week <= week)
        if periods and periods[-1].week == week:
            found[stream.stage] = told([replace(stream, periods=periods)])[-1]
    return found


def trend(look: Look, measure: Measure, day: date, stage: str, weeks: int) -> list[Point]:
    """The closed weeks before a day, oldest first; where a measure is taken by currency, the one with most rows."""
    monday = day - DAY * day.weekday()
    look.reach(measure.stretch(monday - WEEK * weeks, look.now).first)
    points = []
    for back in range(weeks - 1, -1, -1):
        begins = monday - WEEK * (back + 1)
        as_of = begins + WEEK if measure.weekly else begins + WEEK - DAY
        found = values(look, measure, as_of) if measure.replays else {}
        here = [one for (of, segment, _), one in found.items() if of == stage and not segment]
        best = max(here, key=lambda one: one.n, default=Found(None, 0))
        points.append(Point(week_of(begins), begins, best.value, best.n))
    return points
