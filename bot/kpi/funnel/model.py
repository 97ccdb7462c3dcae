"""What leaves a stage in a week, and which of it is a conversion. Pure: no I/O, no clock.

- *A deal leaves a stage* with a move to a later stage or to won, which are conversions, or with a move to lost or back,
  which are none. Moves that only enter, reopen, stay, or lead to or from a stage without a place are no exits.
- *Each exit counts*: a deal that comes back and leaves the same stage once more in the same week was decided twice.
- *A skipped stage* was neither entered nor left.
- *A deal that closed without a move saying so* left its last stage when it was `closed`: the one that its last move
  led to; without moves the one in its row; where that says won or lost, the last stage of all. So a CRM that keeps no
  moves has a conversion too. One that is closed and does not say when is in no week.
- *A week* begins on Monday and belongs to the deal's workspace: it is cut in the zone of the settings, so that one with
  a change of clocks is an hour longer or shorter.
- A move counts once its time has come and its deal is there. The deal's owner, account and product line are today's.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import cache
from typing import Any

from bot.crm.model import Course, Move, Stage, course
from bot.kpi.stream import Period, Stream
from bot.kpi.weeks import thursday, week_of, weeks_between

CONVERSION = "conversion"
MOST_WEEKS = 520  # of the past; what is older than ten years was another company
WEEK = 7 * 24 * 3600  # seconds
_THURSDAY = thursday("2026-W01").toordinal() % 7
_ANY_TIME = datetime.min.replace(tzinfo=UTC)
_EXITS = {Course.ADVANCED: True, Course.WON: True, Course.LOST: False, Course.BACK: False}


class By(StrEnum):
    """By what a stage's exits are told apart."""

    PRODUCT_LINE = "product_line"
    INDUSTRY = "industry"
    REGION = "region"
    OWNER = "owner"


EVERY = tuple(By)


@dataclass(frozen=True, slots=True)
class Exit:
    """A deal that left a stage; `advanced` is a conversion, else it went back or was `lost`."""

    deal: str
    name: str
    account: str
    owner: str
    at: datetime
    advanced: bool
    lost: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """Weeks of which one begins every `WEEK` seconds: from the second `begins` on to `ends`; `first` counts them from
    the calendar's first. A week with a change of clocks is a piece of its own."""

    begins: int
    ends: int
    first: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """The ISO weeks of a zone, without a gap."""

    weeks: Sequence[str]
    begins: Sequence[int]  # the second in which each begins, and at last the one in which the last has ended

    def pieces(self) -> list[Piece]:
        found: list[Piece] = []
        for at, (begin, end) in enumerate(zip(self.begins, self.begins[1:], strict=False)):
            even = end - begin == WEEK
            if even and found and found[-1].ends == begin and (begin - found[-1].begins) % WEEK == 0:
                found[-1] = Piece(found[-1].begins, end, found[-1].first)
            else:
                found.append(Piece(begin, end, at))
        return found


def begins(week: str, zone: tzinfo) -> datetime:
    """The Monday midnight with which a week begins, in UTC."""
    return datetime.combine(thursday(week) - timedelta(days=3), time(), zone).astimezone(UTC)


def ends(week: str, zone: tzinfo) -> datetime:
    """When it is closed: the Monday midnight after it."""
    return datetime.combine(thursday(week) + timedelta(days=4), time(), zone).astimezone(UTC)


def calendar(first: str, last: str, zone: tzinfo) -> Calendar:
    """From one week to another, both included; at most the last `MOST_WEEKS` of them."""
    weeks = list(weeks_between(first, last))[-MOST_WEEKS:]
    marks = [int(begins(week, zone).timestamp()) for week in weeks]
    return Calendar(weeks, [*marks, int(ends(weeks[-1], zone).timestamp())] if weeks else [])


@cache
def week_number(week: str) -> int:
    """Weeks counted without a gap."""
    return thursday(week).toordinal() // 7


@cache
def _week(number: int) -> str:
    return week_of(date.fromordinal(number * 7 + _THURSDAY))


def last_closed(now: datetime, zone: tzinfo) -> str:
    """The last week that is over."""
    return week_of(now.astimezone(zone).date() - timedelta(days=7))


@dataclass(frozen=True, slots=True)
class Cell:
    """So many moves from one stage to another in one week, of one segment ("" for all together)."""

    week: str
    left: int
    to: int
    segment: str
    moves: int


@dataclass(slots=True)
class _Tally:
    n: dict[str, int] = field(default_factory=dict)
    k: dict[str, int] = field(default_factory=dict)


def packed(cells: Iterable[Cell]) -> list[list[Any]]:
    """Cells as they are written down: what they are of, the first week's number, and how many each week from it on."""
    found: dict[tuple[str, int, int], dict[int, int]] = {}
    for one in cells:
        found.setdefault((one.segment, one.left, one.to), {})[week_number(one.week)] = one.moves
    return [
        [*key, min(weeks), [weeks.get(number, 0) for number in range(min(weeks), max(weeks) + 1)]]
        for key, weeks in sorted(found.items())
    ]


def unpacked(rows: Iterable[Sequence[Any]]) -> Iterator[Cell]:
    for segment, left, to, first, counts in rows:
        for number, moves in enumerate(counts, first):
            if moves:
                yield Cell(_week(number), left, to, segment, moves)


def converts(left: int, to: int, stages: Mapping[int, Stage]) -> bool | None:
    """Whether leaving a stage for another is a conversion; None when it is no exit."""
    return _EXITS.get(course(Move("", left, to, _ANY_TIME), stages))


def gathered(
    cells: Iterable[Cell], by: By | None, stages: Sequence[Stage], last: str, incomplete: Iterable[str]
) -> list[Stream]:
    """A stream for each stage and segment of a cut, in the order of the stages, from its first exit to the week `last`.
    `incomplete`: the weeks since whose end the source was not heard."""
    numbers = {stage.number: stage for stage in stages}
    tallies: dict[tuple[int, str], _Tally] = {}
    for cell in cells:
        advanced = converts(cell.left, cell.to, numbers)
        if advanced is None or cell.left not in numbers:
            continue
        tally = tallies.setdefault((cell.left, cell.segment), _Tally())
        tally.n[cell.week] = tally.n.get(cell.week, 0) + cell.moves
        tally.k[cell.week] = tally.k.get(cell.week, 0) + cell.moves * advanced
    ranks = {stage.number: rank for rank, stage in enumerate(stages)}
    return [
        Stream(
            CONVERSION,
            numbers[number].name,
            None if by is None else f"{by}={segment}",
            _periods(tallies[number, segment], last, frozenset(incomplete)),
        )
        for number, segment in sorted(tallies, key=lambda one: (ranks[one[0]], one[1]))
    ]


def _periods(tally: _Tally, last: str, incomplete: frozenset[str]) -> tuple[Period, ...]:
    """The weeks with exits, those that are not complete and the last one; the gaps between have no exits."""
    first = min(tally.n)
    weeks = sorted({*tally.n, last, *(week for week in incomplete if first <= week <= last)})
    return tuple(Period(week, tally.n.get(week, 0), tally.k.get(week, 0), week not in incomplete) for week in weeks)
