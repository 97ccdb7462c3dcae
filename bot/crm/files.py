"""The folder of the CRM's files: which of them are there, and their rows of cells."""

import csv
import difflib
import io
import re
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from bot.crm.columns import KINDS
from bot.crm.reading import Lines, armed
from bot.tables import Fault, Saying, Unreadable, Words, rows

BATCH = 5_000  # rows
CHANGES = "changes.csv"  # our own word to the CRM, which an export puts beside the files


@dataclass(slots=True)
class Folder:
    """`files` by kind, in the order in which they are read; `passed`: those of other names, each with the name that was
    perhaps meant."""

    files: dict[str, Path] = field(default_factory=dict)
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    passed: dict[str, str] = field(default_factory=dict)


def look(folder: Path) -> Folder:
    """What a folder holds: `deals.csv`, `moves.xlsx`, ..."""
    found = Folder()
    try:
        names = sorted(
            path.name for path in folder.iterdir() if path.is_file() and not path.name.startswith((".", "~"))
        )
    except OSError:
        found.faults[folder.name] = [_fault(lambda _: _("The folder is not there, or cannot be opened."))]
        return found
    tables = [name for name in names if Path(name).suffix.lower() in (".csv", ".xlsx")]
    for kind in KINDS:
        named = [name for name in tables if Path(name).stem.lower() == kind]
        if named:
            found.files[kind] = folder / named[0]
        if len(named) > 1:
            found.faults[named[1]] = [_fault(_beside(named[0]))]
    for name in tables:
        if Path(name).stem.lower() not in KINDS and name != CHANGES:
            found.passed[name] = next(iter(difflib.get_close_matches(Path(name).stem.lower(), KINDS, 1)), "")
    if not found.files:
        listed = ", ".join(f"{kind}.csv" for kind in KINDS)
        found.faults[folder.name] = [_fault(lambda _: _("The folder holds none of {files}.", files=listed))]
    return found


def _fault(saying: Saying) -> Fault:
    return Fault(0, "", "", saying)


def _beside(other: str) -> Saying:
    return lambda _: _("The folder also holds {file}. Keep one of them.", file=other)


def lines_of(path: Path) -> Lines:
    """The rows of a CSV or XLSX file. Raises `Unreadable` where it cannot be read on."""
    try:
        with path.open("rb") as file:
            start = file.read(4096)
            if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\xff\xfe", b"\xfe\xff")) or b"\0" in start:
                yield from _spreadsheet(path)
            else:
                file.seek(0)
                yield from _csv(io.TextIOWrapper(file, encoding="utf-8-sig", newline=""))
    except OSError:
        raise Unreadable(_fault(lambda _: _("The file is not there, or cannot be opened."))) from None
    except UnicodeDecodeError:
        raise Unreadable(_fault(_encoding)) from None


def _encoding(_: Words) -> str:
    return _("The file is not in UTF-8. Save it as “CSV UTF-8” or XLSX in the spreadsheet and send it again.")


def _spreadsheet(path: Path) -> Lines:
    """XLSX, and what takes itself for it. Cells get back the `'` that `rows` took, since reading takes it once more."""
    run: list[list[str]] = []
    after = 1  # the number of the row after the run
    for number, cells in rows(path):
        if run and (number != after or len(run) == BATCH):
            yield after - len(run), run
            run = []
        run.append(list(map(armed, cells)))
        after = number + 1
    if run:
        yield after - len(run), run


def _csv(file: io.TextIOWrapper) -> Lines:
    head = re.sub(r'"[^"]*"', "", file.readline(100_000))
    file.seek(0)
    reader = csv.reader(file, delimiter=max(",;\t", key=head.count), strict=True)
    first = 1
    while True:
        run: list[list[str]] = []
        try:
            run.extend(islice(reader, BATCH))
        except csv.Error:
            fault = Fault(first + len(run), "", "…", lambda _: _("a quotation mark that opens a cell to close it too"))
            yield first, run
            raise Unreadable(fault) from None
        if not run:
            return
        yield first, run
        first += len(run)
