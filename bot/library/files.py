"""Reads and writes cards as files: CSV, XLSX, JSON lines, or a folder of Markdown with front matter.

Reading never raises on a bad file: every fault is a value, by row and column. A row of JSON lines is a line; a fault in
a folder names the file as its column.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from bot.library.model import Card, State, industry_of
from bot.tables import Column, Fault, Sheet, Source, Unfit, Words, clean, clean_lines, iso_date, one_of, read, write
from bot.team.model import Role

LANGUAGES = {"en": "en", "english": "en", "zh": "zh", "zh-cn": "zh", "chinese": "zh", "中文": "zh", "英文": "en"}
STATES = {state.value: state for state in State} | {
    "草稿": State.DRAFT,
    "已批准": State.APPROVED,
    "已停用": State.RETIRED,
}
MOST_PHRASINGS, MOST_ANSWER = 500, 20_000


def _id(cell: str) -> str:
    if any(c.isspace() for c in cell):
        raise Unfit(lambda _: _("an id without spaces, such as price-en"))
    return cell


def _several(cell: str) -> tuple[str, ...]:
    parts = tuple(dict.fromkeys(part for part in map(clean, cell.split("|")) if part))
    if len(parts) > MOST_PHRASINGS:
        raise Unfit(lambda _: _("at most {most} of them", most=MOST_PHRASINGS))
    if any(len(part) > 500 for part in parts):
        raise Unfit(lambda _: _("at most {most} characters each, divided by |", most=500))
    return parts


def _roles(cell: str) -> frozenset[Role]:
    roles = {role.value: role for role in Role}
    try:
        return frozenset(roles[part.lower()] for part in _several(cell))
    except KeyError:
        raise Unfit(lambda _: _("roles divided by |: {roles}", roles=", ".join(roles))) from None


def _variants(cell: str) -> dict[str, str]:
    """`## industry` above each talk track."""
    general, variants = sections(cell)
    if general:
        raise Unfit(lambda _: _("a line such as “## manufacturing” above each talk track"))
    return variants


def sections(text: str) -> tuple[str, dict[str, str]]:
    """The text before the first `## ` line, and the text under each of them by industry."""
    general: list[str] = []
    held: dict[str, list[str]] = {}
    name = ""
    for line in text.split("\n"):
        if line.startswith("## "):
            name = industry_of(line[3:])
            held.setdefault(name, [])
        else:
            (held[name] if name else general).append(line)
    under = {name: "\n".join(lines).strip() for name, lines in held.items()}
    return "\n".join(general).strip(), {name: said for name, said in under.items() if said}


COLUMNS = (
    Column("id", _id, needed=True, most=80),
    Column("title", needed=True, most=200),
    Column("phrasings", _several, most=100_000, empty=()),
    Column("answer", needed=True, most=MOST_ANSWER, lines=True),
    Column("language", one_of(LANGUAGES, ("en", "zh")), most=20),
    Column("industry", industry_of),
    Column("product"),
    Column("stage"),
    Column("tags", _several, most=2_000, empty=()),
    Column("owner"),
    Column("review_by", iso_date, empty=None),
    Column("state", one_of(STATES, [s.value for s in State]), empty=State.APPROVED),
    Column("variants", _variants, most=10 * MOST_ANSWER, empty={}, lines=True),
    Column("points", _several, most=10_000, empty=()),
    Column("roles", _roles, empty=frozenset()),
)
HEADER = tuple(column.name for column in COLUMNS)


@dataclass(slots=True)
class Entry:
    """One card of a file: its values by column, those alone that the file has. `row` is where it stands."""

    row: int
    where: str
    values: Mapping[str, Any]


@dataclass(slots=True)
class Cards:
    entries: list[Entry] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unknown: tuple[str, ...] = ()


def read_cards(source: Source, name: str = "") -> Cards:
    """All cards of a file or folder. `name` tells of bytes what they are: `.jsonl` is JSON lines, `.md` one card."""
    if isinstance(source, Path):
        if source.is_dir():
            return _folder(source)
        name = name or source.name
    suffix = name.lower().rpartition(".")[2]
    if suffix in ("jsonl", "ndjson", "json", "md"):
        data = _bytes(source)
        if data is None:
            return Cards(faults=[Fault(0, "", "", lambda _: _("The file is not there, or cannot be opened."))])
        found = _markdown([(name, data)]) if suffix == "md" else _json_lines(data)
    else:
        found = _sheet(read(source, COLUMNS))
    _twice(found)
    return found


def _bytes(source: Source) -> bytes | None:
    if isinstance(source, Path):
        try:
            return source.read_bytes()
        except OSError:
            return None
    return source.encode() if isinstance(source, str) else source


def _sheet(sheet: Sheet) -> Cards:
    entries = [Entry(r.row, "id", _kept(r.values, sheet.present)) for r in sheet.records if r.sound]
    return Cards(entries, sheet.faults, sheet.unknown)


def _kept(values: Mapping[str, Any], present: Iterable[str]) -> dict[str, Any]:
    return {name: values[name] for name in present if name in values}


def _twice(found: Cards) -> None:
    first: dict[str, Entry] = {}
    for entry in found.entries:
        key = entry.values["id"]
        if key in first:
            there = first[key]
            place = f"{there.row}" if there.where == "id" else there.where
            found.faults.append(Fault(entry.row, entry.where, key, _used_before(place)))
        first.setdefault(key, entry)


def _used_before(place: str) -> Callable[[Any], str]:
    return lambda _: _("an id of its own; row {row} has this one already", row=place)


# JSON lines


def _json_lines(data: bytes) -> Cards:
    found = Cards()
    unknown: dict[str, None] = {}
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            body = json.loads(line.decode())
        except UnicodeDecodeError:
            found.faults.append(Fault(number, "", "…", lambda _: _("a line in UTF-8")))
            continue
        except (ValueError, RecursionError):
            found.faults.append(Fault(number, "", line[:80].decode(errors="replace"), lambda _: _("a JSON object")))
            continue
        if not isinstance(body, dict):
            found.faults.append(Fault(number, "", str(body)[:80], lambda _: _("a JSON object")))
            continue
        unknown |= dict.fromkeys(str(name) for name in body if name not in HEADER)
        _take(found, body, number, "")
    found.unknown = tuple(unknown)
    if not found.entries and not found.faults:
        found.faults.append(Fault(0, "", "", lambda _: _("The file is empty. Each of its lines is a card.")))
    return found


def _take(found: Cards, body: Mapping[str, Any], row: int, where: str) -> None:
    """Read one card out of named values."""
    before = len(found.faults)
    values: dict[str, Any] = {}
    for column in COLUMNS:
        if column.name not in body and not column.needed:
            continue
        fault = _value(values, column, body.get(column.name), row, f"{where}: {column.name}" if where else column.name)
        if fault:
            found.faults.append(fault)
    if len(found.faults) == before:
        found.entries.append(Entry(row, where or "id", values))


def _value(values: dict[str, Any], column: Column, given: Any, row: int, where: str) -> Fault | None:
    try:
        text = _text(column, given)
    except Unfit as unfit:
        return Fault(row, where, str(given)[:80], unfit.expected)
    if not text:
        values[column.name] = column.empty
        return Fault(row, where, "", lambda _: _("a value")) if column.needed else None
    if len(text) > column.most:
        return Fault(row, where, text, lambda _: _("at most {most} characters", most=column.most))
    try:
        values[column.name] = column.read(text)
    except Unfit as unfit:
        return Fault(row, where, text, unfit.expected)
    return None


def _text(column: Column, given: Any) -> str:
    """A JSON value as the cell that says the same."""
    if given is None:
        return ""
    if isinstance(given, (list, tuple)) and isinstance(column.empty, (tuple, frozenset)):
        if not all(isinstance(part, (str, int, float)) for part in given):
            raise Unfit(lambda _: _("a list of texts"))
        return "|".join(clean(str(part)).replace("|", "/") for part in given)
    if isinstance(given, dict) and column.name == "variants":
        return "\n".join(f"## {name}\n{clean_lines(str(said))}" for name, said in given.items())
    if isinstance(given, date):  # front matter knows dates
        return given.isoformat()
    if isinstance(given, bool) or not isinstance(given, (str, int, float)):
        raise Unfit(lambda _: _("a text"))
    return clean_lines(str(given)) if column.lines else clean(str(given))


# Markdown


def _folder(folder: Path) -> Cards:
    files = sorted(path for path in folder.rglob("*.md") if path.is_file())
    if not files:
        return Cards(faults=[Fault(0, "", "", lambda _: _("The folder holds no .md file. Each of them is a card."))])
    found = _markdown((str(path.relative_to(folder)), path.read_bytes()) for path in files)
    _twice(found)
    return found


def _markdown(files: Iterable[tuple[str, bytes]]) -> Cards:
    found = Cards()
    unknown: dict[str, None] = {}
    for name, data in files:
        if len(data) > 1_000_000:
            found.faults.append(Fault(1, name, "", lambda _: _("a card of at most a megabyte")))
            continue
        try:
            text = data.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError:
            found.faults.append(Fault(1, name, "…", lambda _: _("a file in UTF-8")))
            continue
        head, line = _front(text)
        if head is None:
            found.faults.append(Fault(line, name, text[:40], _front_matter))
            continue
        unknown |= dict.fromkeys(str(key) for key in head if key not in HEADER)
        general, variants = sections(text.split("\n---", 1)[1].partition("\n")[2])
        _take(found, {"variants": variants} | head | {"answer": general}, 1, name)
    found.unknown = tuple(unknown)
    return found


def _front_matter(_: Words) -> str:
    return _("front matter between two lines of ---, such as “id: price-en”")


def _front(text: str) -> tuple[dict[str, Any] | None, int]:
    """What stands between the first two lines of `---`; None and a line number when it cannot be read."""
    import yaml

    if not text.startswith("---\n") or "\n---" not in text[4:]:
        return None, 1
    try:
        head = yaml.safe_load(text[4:].split("\n---", 1)[0])
    except (yaml.YAMLError, RecursionError, ValueError) as fault:
        mark = getattr(fault, "problem_mark", None)
        return None, mark.line + 2 if mark else 1
    return (head, 1) if isinstance(head, dict) else (None, 1)


# out


def _cells(card: Card) -> dict[str, Any]:
    return {
        "id": card.key,
        "title": card.title,
        "phrasings": list(card.phrasings),
        "answer": card.answer,
        "language": card.language,
        "industry": card.industry,
        "product": card.product,
        "stage": card.stage,
        "tags": list(card.tags),
        "owner": card.owner,
        "review_by": card.review_by.isoformat() if card.review_by else "",
        "state": card.state.value,
        "variants": dict(card.variants),
        "points": list(card.points),
        "roles": sorted(card.roles),
    }


def json_lines(cards: Sequence[Card]) -> Iterator[str]:
    """One line a card; what is empty is left out."""
    for card in cards:
        yield json.dumps({name: value for name, value in _cells(card).items() if value}, ensure_ascii=False)


def csv_text(cards: Sequence[Card]) -> str:
    return write(HEADER, ([_cell(value) for value in _cells(card).values()] for card in cards))


def _cell(value: Any) -> str:
    if isinstance(value, dict):
        return "\n\n".join(f"## {name}\n{said}" for name, said in value.items())
    return "|".join(value) if isinstance(value, list) else str(value)
