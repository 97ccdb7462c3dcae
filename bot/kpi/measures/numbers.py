"""From measures to numbers: each value beside the earlier ones, its target and its state."""

from collections.abc import Mapping
from datetime import date, timedelta

from bot.kpi.backtest import told
from bot.kpi.measures.beside import WEEKS, beside, change, is_stale, state
from bot.kpi.measures.look import Look
from bot.kpi.measures.model import DAY, WEEK, Found, Measure
from bot.kpi.measures.table import FUNCTIONS
from bot.kpi.model import Number, Point
from bot.kpi.stream import Judged, Period, Stream
from bot.kpi.weeks import week_of

HISTORY = 104  # closed weeks that a conversion is watched over
REACH = timedelta(weeks=HISTORY + 1)

Slice = tuple[str, str, str]  # stage, segment, currency


def numbers(look: Look, measure: Measure, day: date) -> list[Number]:
    """A measure as of a day, by stage, segment or currency where it is taken by these."""
    now = values(look, measure, day)
    weeks = HISTORY if measure.weekly else WEEKS if measure.replays else 0
    earlier = [values(look, measure, other) for other in measure.earlier(day, weeks)]
    judged = _judged(look, measure, day, [now, *earlier]) if measure.weekly else {}
    return [_number(look, measure, day, at, found, earlier, judged.get(at)) for at, found in now.items()]


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
    past = beside([other[at].value if at in other else None for other in earlier[:WEEKS]])
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


def _judged(look: Look, measure: Measure, day: date, weeks: list[dict[Slice, Found]]) -> Mapping[Slice, Judged]:
    """What `bot.kpi.watch` says of each stage in the newest of these weeks, newest first."""
    complete = not is_stale(measure, measure.stretch(day, look.now), look.heard)
    names = [measure.period(day), *(week_of(other - WEEK) for other in measure.earlier(day, len(weeks) - 1))]
    found = {}
    for at in weeks[0]:
        there = [(name, week[at]) for name, week in zip(names, weeks, strict=True) if at in week]
        periods = [Period(name, one.n, one.k, complete or name != names[0]) for name, one in reversed(there)]
        found[at] = told([Stream(measure.name, at[0], at[1] or None, tuple(periods))])[-1]
    return found


def trend(look: Look, measure: Measure, day: date, stage: str, weeks: int) -> list[Point]:
    """The closed weeks before a day, oldest first; where a measure is taken by currency, the one with most rows."""
    monday = day - DAY * day.weekday()
    points = []
    for back in range(weeks - 1, -1, -1):
        begins = monday - WEEK * (back + 1)
        as_of = begins + WEEK if measure.weekly else begins + WEEK - DAY
        found = values(look, measure, as_of) if measure.replays else {}
        here = [one for (of, segment, _), one in found.items() if of == stage and not segment]
        best = max(here, key=lambda one: one.n, default=Found(None, 0))
        points.append(Point(week_of(begins), begins, best.value, best.n))
    return points
