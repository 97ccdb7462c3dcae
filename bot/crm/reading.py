"""Turns rows of cells into batches of columns, every fault collected, in a memory that does not grow with their number.

A batch in which nothing is out of the ordinary is read column by column, which makes ten million rows bearable. Any
other goes through `bot.tables.read`: its faults are those of all our tables, by the row that the spreadsheet shows.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from bot.crm.cells import FIRST, LAST, instant
from bot.tables import Column, Fault, Unfit, Unreadable, clean, clean_lines, read
from bot.tables.files import RUNS

MOST_FAULTS = 1_000  # kept of one file
LONGEST = 20_001  # characters of a cell worth looking at: more than any column takes
_REMEMBERED = 20_000  # cells of a column whose meaning is kept
_MOST_PARTS = 100_000  # of times: a day has 86,400 seconds
_EPOCH = date(1970, 1, 1).toordinal()

Lines = Iterator[tuple[int, list[list[str]]]]
"""Rows of cells that follow each other, with the number of the first."""


Progress = Callable[[str, int, int], None]
"""Told what is under way, how far it is, and of how many; 0 where nobody knows."""


@dataclass(frozen=True, slots=True)
class Batch:
    """The rows with these numbers: of each column that the file has, the values."""

    rows: Sequence[int]
    values: Mapping[str, Sequence[Any]]


class Odd(Exception):
    """Something in a batch is out of the ordinary."""


class Reading:
    """One file, or whatever comes as rows of cells. After `batches` was read to its end: the other attributes.

    `present`: which columns it has; `unknown`: headings nobody asked for. `key`: the column by which a faulty row is
    called, where its number alone would not find it.
    """

    def __init__(self, columns: Sequence[Column], lines: Lines, key: str = "") -> None:
        self._columns, self._lines, self._key = columns, lines, key
        self._names: list[str] = []
        self._quick: list[tuple[str, int, Callable[[Sequence[str]], Sequence[Any]]]] = []
        self.faults: list[Fault] = []
        self.present: frozenset[str] = frozenset()
        self.unknown: tuple[str, ...] = ()

    def batches(self) -> Iterator[Batch]:
        """The rows; once a fault was found, none any more: the rest is only looked through."""
        try:
            for first, lines in self._lines:
                batch = self._batch(first, lines) if self._names else self._begin(first, lines)
                if len(self.faults) > MOST_FAULTS:
                    del self.faults[MOST_FAULTS:]
                    raise Unreadable(Fault(0, "", "", lambda _: _("More faults than fit here. The first are these.")))
                if batch and not self.faults:
                    yield batch
        except Unreadable as unreadable:
            self.faults.append(unreadable.fault)
        if not self._names and not self.faults:
            self.faults.append(Fault(0, "", "", lambda _: _("The file is empty. Its first row names the columns.")))

    def _begin(self, first: int, lines: list[list[str]]) -> Batch | None:
        """Take the first row that is not blank for the names of the columns."""
        head = next((i for i, cells in enumerate(lines) if any(cells)), None)
        if head is None:
            return None
        self._names = lines[head]
        sheet = read(_written([self._names]), self._columns)
        self.present, self.unknown = sheet.present, sheet.unknown
        self.faults += [replace(fault, row=fault.row and first + head) for fault in sheet.faults]
        if not self.present:
            raise Unreadable(self.faults.pop())
        names = [re.sub(r"[\s\-]+", "_", cell.strip().lower()) for cell in self._names]
        for column in self._columns:
            if column.name in self.present:
                quick = _quick(column)
                self._quick.append((column.name, names.index(column.name), quick))
        return self._batch(first + head + 1, lines[head + 1 :])

    def _batch(self, first: int, lines: list[list[str]]) -> Batch | None:
        if not lines:
            return None
        try:
            if set(map(len, lines)) != {len(self._names)}:
                raise Odd
            turned = list(zip(*lines, strict=True))
            values = {name: quick(turned[place]) for name, place, quick in self._quick}
            return Batch(range(first, first + len(lines)), values)
        except (Odd, Unfit):
            return self._slow(first, lines)

    def _slow(self, first: int, lines: list[list[str]]) -> Batch | None:
        """Cell by cell, with every fault."""
        sheet = read(_written([self._names, *lines]), self._columns)
        called = {record.row: record.cells.get(self._key, "") for record in sheet.records if not record.sound}
        self.faults += [
            replace(fault, row=first + fault.row - 2, key=called.get(fault.row, ""))
            for fault in sheet.faults
            if fault.row > 1
        ]
        sound = [record for record in sheet.records if record.sound]
        values = {name: [record.values[name] for record in sound] for name in self.present}
        return Batch([first + record.row - 2 for record in sound], values) if sound else None


def _written(lines: Iterable[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(lines)
    return out.getvalue()


def _quick(column: Column) -> Callable[[Sequence[str]], Sequence[Any]]:
    if column.read is str:
        return _texts(column)
    return _times(column) if column.read is instant else Cells(column).read


class Cells(dict[str, Any]):
    """What each cell of a column means. Most columns say the same few things over and over, so they are kept."""

    def __init__(self, column: Column) -> None:
        super().__init__()
        self._column = column

    def read(self, cells: Sequence[str]) -> Sequence[Any]:
        return list(map(self.__getitem__, cells))

    def __missing__(self, cell: str) -> Any:
        if len(self) >= _REMEMBERED:
            self.clear()
        text = clean(bare(cell))
        if len(text) > self._column.most or (self._column.needed and not text):
            raise Odd
        self[cell] = found = self._column.read(text) if text else self._column.empty
        return found


def _texts(column: Column) -> Callable[[Sequence[str]], Sequence[str]]:
    fold = clean_lines if column.lines else clean

    def take(cells: Sequence[str]) -> Sequence[str]:
        if not tidy("|".join(cells)):
            cells = [cell if tidy(cell) else fold(bare(cell)) for cell in cells]
        if max(map(len, cells)) > column.most or (column.needed and "" in cells):
            raise Odd
        return cells

    return take


def _times(column: Column) -> Callable[[Sequence[str]], Sequence[Any]]:
    """Times are the one thing in these files that hardly repeats and has to be understood; their parts do repeat.

    One that names its zone becomes seconds since 1970 at once; any other stays a `datetime`.
    """
    slow, days, clocks, zones = Cells(column).read, Parts(_day), Parts(_clock), Parts(_zone)

    def take(cells: Sequence[str]) -> Sequence[Any]:
        if column.needed and "" in cells:
            raise Odd
        try:
            return [
                days[cell[:10]] + clocks[cell[10:19]] - zones[cell[19:]] if cell else column.empty for cell in cells
            ]
        except ValueError:
            return _dates(cells) or slow(cells)

    return take


def _dates(cells: Sequence[str]) -> Sequence[datetime]:
    """Times without a zone, or written otherwise; nothing when one of them has to be looked at."""
    joined = "|".join(cells)
    if "W" in joined or "." in joined or "," in joined or {cell[4:5] for cell in cells} != {"-"}:
        return ()
    try:
        found = list(map(datetime.fromisoformat, cells))
    except ValueError:
        return ()
    return found if min(cells) >= FIRST and max(cells) < LAST else ()


class Parts(dict[str, int]):
    """What each part of a time means, in seconds. Raises `ValueError` for what is none."""

    def __init__(self, read: Callable[[str], int]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, part: str) -> int:
        if len(self) >= _MOST_PARTS:
            self.clear()
        self[part] = found = self._read(part)
        return found


def _day(part: str) -> int:
    """`2026-06-11`"""
    if part[4:5] != "-" or part[7:8] != "-" or not FIRST <= part < LAST:
        raise ValueError(part)
    return (date.fromisoformat(part).toordinal() - _EPOCH) * 86_400


def _clock(part: str) -> int:
    """`T09:30:00`, also with a blank before it"""
    if part[:1] not in ("T", " ") or len(part) != 9 or part[1:3] > "23":
        raise ValueError(part)
    found = time.fromisoformat(part[1:])
    return found.hour * 3600 + found.minute * 60 + found.second


def _zone(part: str) -> int:
    """`Z`, `+08:00`: how far it is ahead of UTC"""
    ahead = datetime.fromisoformat(f"2000-01-01T00:00:00{part}").utcoffset()
    if ahead is None or ahead.microseconds or part[:1] not in ("Z", "+", "-"):
        raise ValueError(part)
    return ahead.days * 86_400 + ahead.seconds


def tidy(text: str) -> bool:
    """Whether cells, joined by `|`, are as reading would leave them. Some that are do not look so."""
    return (
        text.isprintable()
        and (text.isascii() or unicodedata.is_normalized("NFC", text))
        and not ("  " in text or " |" in text or "| " in text or "|'" in text)
        and text[:1] not in ("'", " ")
        and text[-1:] != " "
    )


def armed(cell: str) -> str:
    """A text that did not come from a spreadsheet, so that `bare` gives it back as it is."""
    return f"'{cell}" if RUNS.match(cell) else cell


def bare(cell: str) -> str:
    """Without the `'` that keeps a spreadsheet from running it."""
    return cell[1:] if cell.startswith("'") and RUNS.match(cell) else cell
