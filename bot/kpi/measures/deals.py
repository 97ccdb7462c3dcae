"""Measures of how deals move and end: conversion, stage dwell, win rate, deal size, win cycle."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.kpi.incidence import End, Incidence, won_by_count
from bot.kpi.measures import store
from bot.kpi.measures.look import Look, day_number
from bot.kpi.measures.model import Found, Out, Stretch
from bot.kpi.measures.store import DAY
from bot.kpi.stream import Period
from bot.kpi.weeks import week_of

WITHIN = 90  # days
ENDS = {"won": End.WON, "lost": End.LOST}


def conversion(look: Look, stretch: Stretch) -> list[Found]:
    """Of the deals that left a stage in a week, the share that advanced: to a later stage or to won.

    k / n by stage, with n = moves out of it and k = those among them to a later stage or to won; what counts as a move
    out of a stage is told in `bot.kpi.funnel.model`. Unit: share (0..1); higher is better. Period: the last closed ISO
    week, in the zone of the workspace. Source: moves, of deals that are there.
    """
    week = week_of(stretch.first)
    found = []
    for stream in look.streams:
        period = next((one for one in reversed(stream.periods) if one.week == week), Period(week, 0, 0))
        found.append(Found(period.k / period.n if period.n else None, period.n, stream.stage, k=period.k))
    return found


def _place(look: Look, number: int) -> tuple[bool, float, int]:
    place = look.stages[number].position if number in look.stages else None
    return place is None, place or 0, number


def dwell(look: Look, stretch: Stretch) -> list[Found]:
    """How long the deals that left a stage had been in it, however they left.

    The median of whole days from entering the stage to leaving it, by stage. Unit: days; lower is better. Period: 28
    days up to the day. Source: moves, and when deals were created.
    """
    stays: dict[int, Counter[int]] = {}
    untold = Counter[int]()
    for row in look.by_day(store.stays, stretch):
        if row.took is None or row.took < 0:
            untold[row.from_stage] += 1
        else:
            stays.setdefault(row.from_stage, Counter())[row.took // DAY] += 1
    found = []
    for number in sorted(stays.keys() | untold.keys(), key=lambda one: _place(look, one)):
        counts = stays.get(number, Counter())
        stage = look.stages[number].name if number in look.stages else str(number)
        out = _some(Out.NO_STAY, untold[number])
        found.append(Found(median(counts), counts.total(), stage, left_out=out))
    return found


def win_rate(look: Look, stretch: Stretch) -> list[Found]:
    """Of the deals that closed, the share that was won.

    won / (won + lost). Unit: share (0..1); higher is better. Period: 28 days up to the day, by the day a deal closed.
    Source: deals; the row alone says whether one is closed, and when.
    """
    count = Counter[str]()
    for row in look.by_day(store.closed, stretch):
        count[row.status] += row.n
    return [Found(count["won"] / count.total() if count else None, count.total(), k=count["won"])]


def deal_size(look: Look, stretch: Stretch) -> list[Found]:
    """The average amount of the deals that were won, by currency.

    Sum of the amounts above 0 / number of these. Unit: money, each currency by itself; higher is better. Period: 28
    days up to the day, by the day a deal closed. Source: deals; amounts of 0, none and below are left out.
    """
    sizes: dict[str, tuple[float, int, int]] = {}
    for row in look.by_day(store.closed, stretch):
        if row.status == "won":
            total, n, out = sizes.get(row.currency, (0.0, 0, 0))
            sizes[row.currency] = (total + row.sum, n + row.sized, out + row.n - row.sized)
    return [
        Found(total / n if n else None, n, currency=currency, left_out=_some(Out.NO_AMOUNT, out))
        for currency, (total, n, out) in sorted(sizes.items())
    ]


def win_cycle(look: Look, stretch: Stretch) -> list[Found]:
    """The days by which half of those deals are won that ever will be.

    The median of the cumulative incidence of won, beside lost (Aalen-Johansen), in days since a deal was created; open
    deals are cut off at their age. Unit: days; lower is better. Period: deals created in 365 days up to the day, as
    they stood on it. Source: deals.
    """
    cohort = _cohort(look, stretch)
    return [Found(cohort.incidence.median(), cohort.n, left_out=cohort.left_out, k=cohort.won)]


def won_in_90(look: Look, stretch: Stretch) -> list[Found]:
    """The share of deals that is won within 90 days of being created.

    The cumulative incidence of won at 90 days, beside lost (Aalen-Johansen); open deals are cut off at their age.
    Unit: share (0..1); higher is better. Period: deals created in 365 days up to the day, as they stood on it. Source:
    deals.
    """
    cohort = _cohort(look, stretch)
    value = cohort.incidence.within(WITHIN) if cohort.n else None
    return [Found(value, cohort.n, left_out=cohort.left_out, k=cohort.won)]


@dataclass(frozen=True, slots=True)
class Cohort:
    """`n` deals created in one stretch, of which so many were won by its end."""

    incidence: Incidence
    n: int
    won: int
    left_out: dict[str, int]


def _cohort(look: Look, stretch: Stretch) -> Cohort:
    return look.once(("cohort", stretch), lambda: _count(look.between(store.lives, stretch), stretch))


def _count(rows: Iterable[Any], stretch: Stretch) -> Cohort:
    """How many had ended how at which age in days, on the stretch's last day."""
    first, last = day_number(stretch.first), day_number(stretch.last)
    ended, backwards = Counter[tuple[float, End]](), 0
    for row in rows:
        if not first <= row.born <= last:
            continue
        if row.died is None or row.died > last:
            ended[last - row.born, End.OPEN] += row.n
        elif row.died < row.born:
            backwards += row.n
        else:
            ended[row.died - row.born, ENDS[row.status]] += row.n
    won = sum(n for (_age, end), n in ended.items() if end is End.WON)
    return Cohort(won_by_count(ended), ended.total(), won, _some(Out.BACK_IN_TIME, backwards))


def median(counts: Counter[int]) -> float | None:
    """The middle of whole numbers by how often each is there; None of none."""
    total, seen = counts.total(), 0
    if not total:
        return None
    low: int | None = None
    for value in sorted(counts):
        seen += counts[value]
        if low is None and 2 * seen >= total:
            low = value
        if 2 * seen > total:
            return ((low if low is not None else value) + value) / 2
    raise AssertionError("counts below zero")


def _some(why: Out, n: int) -> dict[str, int]:
    return {why: n} if n else {}
