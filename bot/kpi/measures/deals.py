"""Measures of how deals move and end: conversion, stage dwell, win rate, deal size, win cycle."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.crm.model import Course, Move, course
from bot.kpi.incidence import End, Incidence, won_by
from bot.kpi.measures import store
from bot.kpi.measures.look import Look, day_number
from bot.kpi.measures.model import Found, Out, Stretch

WITHIN = 90  # days


def conversion(look: Look, stretch: Stretch) -> list[Found]:
    """Of the deals that left a stage in a week, the share that advanced: to a later stage or to won.

    k / n by stage, with n = moves out of it and k = those among them with the course advanced or won. Unit: share
    (0..1); higher is better. Period: the last closed ISO week. Source: moves, of deals that are there.
    """
    found = [found for _segment, found in conversions(look, look.by_day(store.exits, stretch))]
    silent = [stage for stage in look.stages.values() if stage.position is not None]
    seen = {one.stage for one in found}
    return [*found, *(Found(None, 0, stage.name) for stage in silent if stage.name not in seen)]


def conversions(look: Look, rows: Iterable[Any]) -> Iterator[tuple[str, Found]]:
    """The same by segment and stage, of rows of `store.exits`."""
    left, advanced, unclear = Counter[tuple[str, int]](), Counter[tuple[str, int]](), Counter[tuple[str, int]]()
    for row in rows:
        at, led = (row.segment, row.from_stage), course(_move(row), look.stages)
        (unclear if led is Course.UNCLEAR else left)[at] += row.n
        if led in (Course.ADVANCED, Course.WON):
            advanced[at] += row.n
    for segment, number in sorted(left.keys() | unclear.keys(), key=lambda at: (at[0], _place(look, at[1]))):
        n, k = left[segment, number], advanced[segment, number]
        out = _some(Out.UNCLEAR, unclear[segment, number])
        stage = look.stages[number].name if number in look.stages else str(number)
        yield segment, Found(k / n if n else None, n, stage, left_out=out, k=k)


def _move(row: Any) -> Move:
    return Move("", row.from_stage, row.to_stage, row.day)


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
        if row.days is None:
            untold[row.from_stage] += row.n
        else:
            stays.setdefault(row.from_stage, Counter())[row.days] += row.n
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
    ended, out = _cohort(look, stretch)
    return [Found(won_by_counts(ended).median(), sum(ended.values()), left_out=out, k=_won(ended))]


def won_in_90(look: Look, stretch: Stretch) -> list[Found]:
    """The share of deals that is won within 90 days of being created.

    The cumulative incidence of won at 90 days, beside lost (Aalen-Johansen); open deals are cut off at their age.
    Unit: share (0..1); higher is better. Period: deals created in 365 days up to the day, as they stood on it. Source:
    deals.
    """
    ended, out = _cohort(look, stretch)
    value = won_by_counts(ended).within(WITHIN) if ended else None
    return [Found(value, sum(ended.values()), left_out=out, k=_won(ended))]


def _cohort(look: Look, stretch: Stretch) -> tuple[Counter[tuple[int, End]], dict[str, int]]:
    """How many deals of those created in the stretch had ended how, at which age in days, on its last day."""
    first, last = day_number(stretch.first), day_number(stretch.last)
    ended, backwards = Counter[tuple[int, End]](), 0
    for row in look.between(store.lives, stretch):
        if not first <= row.born <= last:
            continue
        closed = row.died is not None and row.died <= last
        if closed and row.died < row.born:
            backwards += row.n
        else:
            ended[(row.died if closed else last) - row.born, End(row.status) if closed else End.OPEN] += row.n
    return ended, _some(Out.BACK_IN_TIME, backwards)


def _won(ended: Mapping[tuple[int, End], int]) -> int:
    return sum(n for (_age, end), n in ended.items() if end is End.WON)


def won_by_counts(ended: Counter[tuple[int, End]]) -> Incidence:
    return won_by((float(age), end) for age, end in ended.elements())


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
