"""Reads and writes cards as files: CSV, XLSX, JSON lines, or a folder of Markdown with front matter.

Reading never raises on a bad file: every fault is a value, by row and column. A row of JSON lines is a line; a fault in
a Markdown file names the file before the column.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bot.library.columns import COLUMNS, HEADER, MOST_PHRASINGS, cell, sections, value_of, values
from bot.library.model import Card
from bot.library.pages import Unclear, read_page
from bot.tables import Fault, Saying, Source, Unfit, clean, read, write

__all__ = ["HEADER", "MOST_PHRASINGS", "Cards", "Entry", "csv_text", "json_lines", "read_cards", "sections"]

MOST_MARKDOWN = 1_000_000  # bytes of one card


@dataclass(slots=True)
class Entry:
    """One card of a file: its values by column, those alone that the file has. `row` and `where`: where its id stands;
    `file`: in which file of a folder."""

    row: int
    where: str
    values: Mapping[str, Any]
    file: str = ""


@dataclass(slots=True)
class Cards:
    """What a file holds. Where there are faults, the entries are not all sound."""

    entries: list[Entry] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unknown: tuple[str, ...] = ()


def read_cards(source: Source, name: str = "") -> Cards:
    """All cards of a file or folder. `name` tells of bytes what they are: `.jsonl` is JSON lines, `.md` one card."""
    name = name or (source.name if isinstance(source, Path) else "")
    suffix = name.lower().rpartition(".")[2]
    if isinstance(source, Path) and source.is_dir():
        found = _folder(source)
    elif suffix == "md":
        found = _markdown([(name, source)])
    elif suffix in ("jsonl", "ndjson", "json"):
        found = _json_lines(source)
    else:
        found = _sheet(source)
    _twice(found)
    found.faults = [replace(fault, found=_shown(fault.found)) for fault in found.faults]
    found.unknown = tuple(dict.fromkeys(filter(None, map(_shown, found.unknown))))
    return found


def _shown(text: str) -> str:
    """What was found, fit for one line on any screen."""
    return clean(text[:200].encode(errors="replace").decode())


def _bytes(source: Source) -> bytes | None:
    if isinstance(source, Path):
        try:
            return source.read_bytes()
        except OSError:
            return None
    return source.encode(errors="surrogatepass") if isinstance(source, str) else source


def _absent(column: str = "") -> Fault:
    if not column:
        return Fault(0, "", "", lambda _: _("The file is not there, or cannot be opened."))
    return Fault(1, column, "", lambda _: _("a file that can be opened"))


def _sheet(source: Source) -> Cards:
    sheet = read(source, COLUMNS)
    entries = [Entry(r.row, "id", r.values) for r in sheet.records if "id" in r.values]
    return Cards(entries, sheet.faults, sheet.unknown)


def _twice(found: Cards) -> None:
    first: dict[str, Entry] = {}
    for entry in found.entries:
        key = entry.values["id"]
        there = first.setdefault(key, entry)
        if there is not entry and key:
            found.faults.append(Fault(entry.row, entry.where, key, _used_before(there)))


def _used_before(there: Entry) -> Saying:
    if there.file:
        return lambda _: _("an id of its own; {file} has this one already", file=there.file)
    return lambda _: _("an id of its own; row {row} has this one already", row=there.row)


# named values


def _take(found: Cards, body: Mapping[str, Any], rows: Mapping[str, int], row: int, file: str = "") -> None:
    """Read one card out of named values. `rows`: where each of them stands, when not in `row`."""
    said: dict[str, Any] = {}
    prefix = f"{file}, " if file else ""
    for column in COLUMNS:
        if column.name in body or column.needed:
            try:
                said[column.name] = value_of(column, body.get(column.name))
            except Unfit as unfit:
                given = _found(body.get(column.name))
                found.faults.append(Fault(rows.get(column.name, row), prefix + column.name, given, unfit.expected))
    if len(found.unknown) < 50:
        found.unknown += tuple(name for name in body if name not in HEADER and name not in found.unknown)
    if "id" in said:
        found.entries.append(Entry(rows.get("id", row), prefix + "id", said, file))


def _found(given: Any) -> str:
    """Of a list or an object only that it is one: written out, it may be far larger than its file."""
    if isinstance(given, list | dict):
        return "[…]" if isinstance(given, list) else "{…}"
    return "" if given is None else str(given)[:200]


# JSON lines


def _json_lines(source: Source) -> Cards:
    data = _bytes(source)
    if data is None:
        return Cards(faults=[_absent()])
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:4096]:
        return Cards(faults=[Fault(0, "", "", lambda _: _("The file is not in UTF-8. Save it in UTF-8."))])
    found = Cards()
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if line.strip():
            _json_line(found, number, line)
    if not found.entries and not found.faults:
        found.faults.append(Fault(0, "", "", lambda _: _("The file is empty. Each of its lines is a card.")))
    return found


def _json_line(found: Cards, number: int, line: bytes) -> None:
    given = line[:200].decode(errors="replace")
    try:
        body = json.loads(line.decode(), object_pairs_hook=_object)
        if not isinstance(body, dict):
            raise ValueError
    except UnicodeDecodeError:
        found.faults.append(Fault(number, "", given, lambda _: _("a line in UTF-8")))
    except Unfit as unfit:
        found.faults.append(Fault(number, "", given, unfit.expected))
    except (ValueError, RecursionError):
        found.faults.append(Fault(number, "", given, lambda _: _("a JSON object")))
    else:
        _take(found, body, {}, number)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    body = dict(pairs)
    if len(body) < len(pairs):
        raise Unfit(lambda _: _("each column once"))
    return body


# Markdown


def _folder(folder: Path) -> Cards:
    files = sorted(path for path in folder.rglob("*.md") if path.is_file())
    if not files:
        return Cards(faults=[Fault(0, "", "", lambda _: _("The folder holds no .md file. Each of them is a card."))])
    return _markdown((path.relative_to(folder).as_posix(), path) for path in files)


def _markdown(files: Iterable[tuple[str, Source]]) -> Cards:
    found = Cards()
    for name, source in files:
        large = isinstance(source, Path) and source.is_file() and source.stat().st_size > MOST_MARKDOWN
        data = b"" if large else _bytes(source)
        if large or (data and len(data) > MOST_MARKDOWN):
            found.faults.append(Fault(1, name, "", lambda _: _("a card of at most a megabyte")))
        elif data is None:
            found.faults.append(_absent(name))
        else:
            _card(found, name, data)
    return found


def _card(found: Cards, name: str, data: bytes) -> None:
    try:
        said, rows = read_page(data.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        found.faults.append(Fault(line, name, "…", lambda _: _("a file in UTF-8")))
    except Unclear as unclear:
        found.faults.append(Fault(unclear.row, name, unclear.found, unclear.expected))
    else:
        _take(found, said, rows, 1, name)


# out


def json_lines(cards: Sequence[Card]) -> Iterator[str]:
    """One line a card, with every column: what is empty here is emptied where it is imported."""
    for card in cards:
        yield json.dumps(values(card), ensure_ascii=False)


def csv_text(cards: Sequence[Card]) -> str:
    return write(HEADER, ([cell(value) for value in values(card).values()] for card in cards))
