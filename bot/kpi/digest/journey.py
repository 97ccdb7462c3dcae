"""Where along the journey a month lost deals: each stage beside its own past, and the segments that lost most. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import sqrt

from bot.kpi.digest.model import Leak
from bot.kpi.statistics import Usual, overdispersion, spread
from bot.kpi.stream import Stream
from bot.kpi.weeks import thursday

PAST = 12  # months that say what is usual
LEAST_MONTHS, LEAST_DECISIONS = 3, 20
NINE_IN_TEN = 1.645  # standard deviations of a normal distribution, to either side
PARTS = 2
UNEVEN = 1.25  # times its part of the deals, from which on a segment is worth naming


def journey(streams: Sequence[Stream], month: str) -> tuple[Leak, ...]:
    """The stages in the order of their streams, each with how many left it in `month` ("2026-05") and what is usual.

    A week belongs to the month of its Thursday. Usual is the rate of the twelve months before, with three of them and
    20 decisions at least. `low` and `high` lie 1.645 standard deviations of k/n about it, sqrt(mu (1 - mu) (1 + (n - 1)
    rho) / n) with rho over months (`bot.kpi.statistics`). Segments are named where a stage lost deals.
    """
    found = {(one.stage, one.segment or ""): _leak(one, month) for one in streams}
    return tuple(
        replace(leak, parts=_parts(leak, found)) if leak.outside else leak
        for (_, segment), leak in found.items()
        if not segment
    )


def _parts(whole: Leak, found: Mapping[tuple[str, str], Leak]) -> tuple[Leak, ...]:
    """The segments that are missing more than their part of the deals, those that are missing most first."""
    parts = [leak for (at, segment), leak in found.items() if at == whole.stage and segment and leak.outside]
    parts = [one for one in parts if one.missing / whole.missing > UNEVEN * one.n / whole.n]
    return tuple(sorted(parts, key=lambda one: -one.missing)[:PARTS])


def _leak(stream: Stream, month: str) -> Leak:
    months: dict[str, tuple[int, int]] = {}
    for period in stream.periods:
        name = f"{thursday(period.week):%Y-%m}"
        n, k = months.get(name, (0, 0))
        months[name] = (n + period.n, k + period.k)
    n, k = months.get(month, (0, 0))
    past = [months[name] for name in sorted(months) if name < month][-PAST:]
    usual = _usual([one for one in past if one[0]])
    leak = Leak(stream.stage, stream.segment or "", n, k, usual.rate if usual else None)
    if usual is None or not n:
        return leak
    room = NINE_IN_TEN * sqrt(usual.rate * (1 - usual.rate) * usual.wander(n) / n)
    return replace(leak, low=max(usual.rate - room, 0.0), high=min(usual.rate + room, 1.0))


def _usual(past: Sequence[tuple[int, int]]) -> Usual | None:
    decisions = sum(n for n, _ in past)
    if len(past) < LEAST_MONTHS or decisions < LEAST_DECISIONS:
        return None
    lie = spread(past)
    return Usual(lie.rate, overdispersion([lie]), lie.decisions, len(past))
