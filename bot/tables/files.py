"""CSV and XLSX files as rows of plain text, one after the other, without holding the whole file."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from bot.tables.faults import Fault, Saying, Unreadable

Source = Path | bytes | str
"""A file, its content, or text that somebody pasted."""

MOST_ROWS = 200_000
MOST_BYTES = 100_000_000  # of a CSV file, or of all that an XLSX file unpacks to
MOST_CELLS = 500  # in one row

# What a spreadsheet would run when it opens the file. An apostrophe before it makes it text; one more protects
# a cell that had the apostrophe already, so that reading gives back exactly what was written.
RUNS = re.compile(r"'*[=+\-@\t\r]")
_DISARMED = re.compile(r"'+[=+\-@\t\r]")


def rows(source: Source) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank with its number in the spreadsheet. Raises `Unreadable`."""
    count = 0
    for number, cells in _raw(source):
        if any(cells):
            count += 1
            if count > MOST_ROWS:
                raise _unreadable(lambda _: _("The file has more than {n} rows. Split it.", n=f"{MOST_ROWS:,}"))
            yield number, [cell[1:] if _DISARMED.match(cell) else cell for cell in cells[:MOST_CELLS]]


def _unreadable(saying: Saying) -> Unreadable:
    return Unreadable(Fault(0, "", "", saying))


def _raw(source: Source) -> Iterator[tuple[int, list[str]]]:
    if isinstance(source, str):
        yield from _csv(io.StringIO(source.removeprefix("\ufeff"), newline=""))
        return
    try:
        with io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as file:
            yield from _binary(file)
    except OSError:
        raise _unreadable(lambda _: _("The file is not there, or cannot be opened.")) from None


def _binary(file: Any) -> Iterator[tuple[int, list[str]]]:
    start = file.read(4096)
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if size > MOST_BYTES:
        raise _unreadable(lambda _: _("The file is too large. Split it."))
    if start.startswith(b"PK\x03\x04"):
        return _xlsx(file)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise _unreadable(
            lambda _: _("This is an old or protected Excel file. Save it as XLSX or CSV UTF-8, without a password.")
        )
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in start:
        raise _encoding()
    return _csv(io.TextIOWrapper(file, encoding="utf-8-sig", newline=""))


def _encoding() -> Unreadable:
    return _unreadable(
        lambda _: _("The file is not in UTF-8. Save it as “CSV UTF-8” or XLSX in the spreadsheet and send it again.")
    )


def _csv(file: io.TextIOBase) -> Iterator[tuple[int, list[str]]]:
    number = 0
    try:
        reader = csv.reader(file, delimiter=_delimiter(file), strict=True)
        for number, cells in enumerate(reader, 1):
            yield number, cells
    except UnicodeDecodeError:
        raise _encoding() from None
    except csv.Error:
        fault = Fault(number + 1, "", "…", lambda _: _("a quotation mark that opens a cell to close it too"))
        raise Unreadable(fault) from None


def _delimiter(file: io.TextIOBase) -> str:
    header = re.sub(r'"[^"]*"', "", file.readline(100_000))
    file.seek(0)
    return max(",;\t", key=header.count)


def _xlsx(file: Any) -> Iterator[tuple[int, list[str]]]:
    broken = _unreadable(lambda _: _("The XLSX file is damaged. Open it in the spreadsheet and save it again."))
    try:
        with zipfile.ZipFile(file) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
    except (zipfile.BadZipFile, ValueError, OSError):
        raise broken from None
    if unpacked > MOST_BYTES:
        raise _unreadable(lambda _: _("The XLSX file unpacks to far too much. Save only the one sheet as CSV UTF-8."))
    try:
        yield from _sheet(file)
    except Unreadable:
        raise
    except GeneratorExit:
        raise
    except Exception:  # openpyxl passes on whatever its parsers meet in a damaged file
        raise broken from None


def _sheet(file: Any) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook  # heavy, and rarely needed

    book = load_workbook(file, read_only=True, data_only=True)
    with suppress(KeyError):
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file claims may be a million rows of nothing
        for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            yield number, [_text(cell) for cell in cells]
    book.close()


def _text(cell: Any) -> str:
    """A spreadsheet's value as it would be typed into a CSV file."""
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime():
            return cell.isoformat(" ", "seconds")
        case date():
            return cell.isoformat()
        case time():
            return cell.isoformat("minutes")
    return str(cell)
