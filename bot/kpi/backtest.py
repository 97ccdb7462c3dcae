"""What would have been an alert: many streams told week by week, beside each other. Pure."""

from collections.abc import Iterator, Sequence

from bot.kpi.statistics import discoveries
from bot.kpi.stream import Judged, Period, Rules, Stream
from bot.kpi.watch import Seen, Watch
from bot.kpi.weeks import weeks_between


def told(streams: Sequence[Stream], rules: Rules | None = None) -> list[Judged]:
    """Every week of every stream, in order of weeks, then as the streams came.

    All is told anew from the first week, so that the same weeks and decisions always give the same states; whoever
    wants some weeks only leaves the others out afterwards. Every alert counts as delivered but those that a stream
    names."""
    rules = rules or Rules()
    watches = [Watch(stream, rules) for stream in streams]
    weeks: dict[str, list[tuple[int, Period]]] = {}
    for at, stream in enumerate(streams):
        for period in without_gaps(stream.periods):
            weeks.setdefault(period.week, []).append((at, period))
    judged = []
    for week in sorted(weeks):
        seen = [(at, watches[at].look(period)) for at, period in weeks[week]]
        loud = among_many([(streams[at], looked) for at, looked in seen], rules.discovery)
        judged += [watches[at].tell(looked, at_all) for (at, looked), at_all in zip(seen, loud, strict=True)]
    return judged


def among_many(seen: Sequence[tuple[Stream, Seen]], q: float) -> list[bool]:
    """Whether each may raise an alert. The segments of one measure, of all stages, are held against each other at a
    false discovery rate of q: of a hundred, a few look surprising every week. A whole stage stands for itself."""
    families: dict[str, list[int]] = {}
    for at, (stream, looked) in enumerate(seen):
        if stream.segment is not None and looked.p is not None:
            families.setdefault(stream.measure, []).append(at)
    loud = [True] * len(seen)
    for family in families.values():
        for at, found in zip(family, discoveries([seen[at][1].chance for at in family], q), strict=True):
            loud[at] = found
    return loud


def without_gaps(periods: Sequence[Period]) -> Iterator[Period]:
    """The weeks in order, and those between them that are absent, with no decisions."""
    known = {period.week: period for period in periods}
    if known:
        for week in weeks_between(min(known), max(known)):
            yield known.get(week) or Period(week, 0, 0)
