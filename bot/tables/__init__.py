"""Tables that people keep in spreadsheets: reads CSV and XLSX, collects every fault, writes CSV.

A fault says where (row and column as the spreadsheet shows them, the header is row 1), what was found and what
was expected. It is a value; `fault_lines` puts it into words. Reading never raises on a bad file.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from bot.tables.faults import SHOWN, Fault, Saying, Unfit, Unreadable, Words, fault_lines
from bot.tables.files import RUNS, Source, rows

__all__ = ["SHOWN", "Column", "Fault", "Record", "Saying", "Sheet", "Source", "Unfit", "Unreadable", "Words"]
__all__ += [
    "clean",
    "clean_lines",
    "clock_time",
    "disarmed",
    "fault_lines",
    "iso_date",
    "one_of",
    "read",
    "rows",
    "write",
]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `read` turns a non-empty trimmed cell into its value, or raises `Unfit`.

    `most`: characters taken. `empty`: the value of an empty cell, where the column is not needed. `lines`: it may have
    several lines.
    """

    name: str
    read: Callable[[str], Any] = str
    needed: bool = False
    most: int = 200
    empty: Any = ""
    lines: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """A row as read: `values` of the cells that could be read, `cells` as they stand in the file."""

    row: int
    values: Mapping[str, Any]
    cells: Mapping[str, str]
    sound: bool


@dataclass(slots=True)
class Sheet:
    """What one file held. `present`: which of the asked columns it has; `unknown`: headings nobody asked for."""

    records: list[Record] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    present: frozenset[str] = frozenset()
    unknown: tuple[str, ...] = ()


def read(source: Source, columns: Sequence[Column], *, header: Sequence[str] = ()) -> Sheet:
    """All rows of a file by its columns, every fault collected.

    `header` stands in for a first line that is missing: pasted lines which start with data at once.
    """
    sheet = Sheet()
    names: list[str] | None = None
    try:
        for number, cells in rows(source):
            if names is None:
                names = [_heading(cell) for cell in cells]
                bare = header and not {column.name for column in columns}.intersection(names)
                names = list(header) if bare else names
                _head(sheet, names, columns, number)
                if not bare:
                    continue
            _record(sheet, names, columns, number, cells)
    except Unreadable as unreadable:
        sheet.faults.append(unreadable.fault)
    if names is None and not sheet.faults:
        sheet.faults.append(Fault(0, "", "", lambda _: _("The file is empty. Its first row names the columns.")))
    return sheet


def _heading(cell: str) -> str:
    return re.sub(r"[\s\-]+", "_", cell.strip().lower())


def _head(sheet: Sheet, names: list[str], columns: Sequence[Column], number: int) -> None:
    asked = {column.name for column in columns}
    sheet.present = frozenset(asked.intersection(names))
    sheet.unknown = tuple(dict.fromkeys(name for name in names if name and name not in asked))
    if not sheet.present:
        found = ", ".join(filter(None, names))[:80]
        raise Unreadable(Fault(number, "", found, lambda _: _("a first row that names the columns")))
    for name in sorted({name for name in sheet.present if names.count(name) > 1}):
        sheet.faults.append(Fault(number, name, name, lambda _: _("each column once")))
    for column in columns:
        if column.needed and column.name not in names:
            sheet.faults.append(Fault(number, column.name, "", lambda _: _("a column of this name")))


def _record(sheet: Sheet, names: Sequence[str], columns: Sequence[Column], number: int, cells: Sequence[str]) -> None:
    before = len(sheet.faults)
    beyond = ", ".join(cell for cell in cells[len(names) :] if cell.strip())
    if beyond:
        sheet.faults.append(Fault(number, "", beyond, lambda _: _("no more cells than the first row has")))
    folds = {column.name: clean_lines if column.lines else clean for column in columns}
    named = {name: folds[name](cell) for name, cell in zip(names, cells, strict=False) if name in sheet.present}
    if not any(named.values()):
        return
    values: dict[str, Any] = {}
    for column in columns:
        if column.name in sheet.present:
            fault = _value(values, column, named.get(column.name, ""), number)
            if fault:
                sheet.faults.append(fault)
    sheet.records.append(Record(number, values, named, len(sheet.faults) == before))


def _value(values: dict[str, Any], column: Column, cell: str, number: int) -> Fault | None:
    if not cell:
        values[column.name] = column.empty
        return Fault(number, column.name, "", lambda _: _("a value")) if column.needed else None
    if len(cell) > column.most:
        most = column.most
        return Fault(number, column.name, cell, lambda _: _("at most {most} characters", most=most))
    try:
        values[column.name] = column.read(cell)
    except Unfit as unfit:
        return Fault(number, column.name, cell, unfit.expected)
    return None


def clean(cell: str) -> str:
    """A cell as one line: white space folded, control characters dropped, letters composed."""
    if cell.isascii() and cell.isprintable():
        return " ".join(cell.split())
    text = " ".join(unicodedata.normalize("NFC", cell).split())
    return "".join(c for c in text if unicodedata.category(c) != "Cc").strip()


def clean_lines(cell: str) -> str:
    """The same line by line; blank lines stand between paragraphs, never two together."""
    lines = "\n".join(clean(line) for line in cell.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()


def iso_date(cell: str) -> date:
    """`2026-06-11`, also with slashes or without zeros; a time after it is dropped."""
    found = re.fullmatch(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?:[T ][0-9:.]+)?", cell)
    try:
        if found:
            return date(int(found[1]), int(found[3]), int(found[4]))
    except ValueError:
        pass
    raise Unfit(lambda _: _("a date such as 2026-06-11"))


def clock_time(cell: str) -> time:
    """`09:30`; seconds are dropped."""
    found = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?", cell)
    if found and int(found[1]) < 24 and int(found[2]) < 60:
        return time(int(found[1]), int(found[2]))
    raise Unfit(lambda _: _("a time such as 09:30"))


def one_of(choices: Mapping[str, Any], listed: Iterable[str]) -> Callable[[str], Any]:
    """A reader of cells that take one of a few words, whatever their case; `listed` are the words to show."""
    shown = ", ".join(listed)

    def choose(cell: str) -> Any:
        try:
            return choices[cell.lower()]
        except KeyError:
            raise Unfit(lambda _: _("one of {choices}", choices=shown)) from None

    return choose


def write(header: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """CSV text with a header. Cells that a spreadsheet would run get a leading `'`, which reading strips.

    NUL characters are left out: with them no spreadsheet takes the file for text.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([disarmed(cell) for cell in line] for line in lines)
    return out.getvalue()


def disarmed(cell: str) -> str:
    """A cell that no spreadsheet runs, and that reading takes for what it was."""
    cell = cell.replace("\0", "")
    return f"'{cell}" if RUNS.match(cell) else cell
