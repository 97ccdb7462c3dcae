"""Streams for tests, written as the numbers of one week after another."""

from collections.abc import Sequence

from bot.kpi.backtest import told
from bot.kpi.stream import Judged, Period, Row, Rules, Ruling, Stream
from bot.kpi.weeks import weeks_between

WEEKS = list(weeks_between("2025-W01", "2028-W52"))


def periods(counts: Sequence[tuple[int, int]]) -> tuple[Period, ...]:
    """Pairs (k, n), from the first week of 2025 on."""
    return tuple(Period(week, n, k) for week, (k, n) in zip(WEEKS, counts, strict=False))


def stream(counts: Sequence[tuple[int, int]], *rulings: Ruling, segment: str | None = None) -> Stream:
    return Stream("conversion", "proposal", segment, periods(counts), rulings)


def rows(one: Stream, rules: Rules | None = None) -> list[Row]:
    return [judged.row for judged in told([one], rules)]


def states(one: Stream, rules: Rules | None = None) -> str:
    """One letter a week: i, o, w, A, R, - (no data), s."""
    letters = {"alert": "A", "recovered": "R", "no_data": "-"}
    return "".join(letters.get(row.state, row.state[0]) for row in rows(one, rules))


def opened(judged: Sequence[Judged]) -> int:
    return sum(one.opened for one in judged)
