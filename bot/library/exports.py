"""Writes the library to a file or folder that imports again: CSV, XLSX, JSON lines, or a Markdown page a card."""

import re
from collections.abc import Sequence
from pathlib import Path

from bot.errors import BotError
from bot.library import files
from bot.library.columns import HEADER, cell, headed, values
from bot.library.model import Card
from bot.tables import disarmed


def export_to(path: Path, cards: Sequence[Card]) -> None:
    """What `path` ends in says the kind; a name without an ending is a folder, whose other files stay.

    Raises `BotError` for an ending that is none of ours, or where nothing can be written.
    """
    kinds = {".csv": _csv, ".jsonl": _json_lines, ".xlsx": _xlsx, "": _folder}
    write = kinds.get(path.suffix.lower())
    if write is None:
        raise BotError(f"{path}: write to a name that ends in .csv, .xlsx or .jsonl, or to a folder.")
    try:
        write(path, cards)
    except OSError as fault:
        raise BotError(f"{path} cannot be written: {fault.strerror or fault}.") from fault


def _csv(path: Path, cards: Sequence[Card]) -> None:
    path.write_text(files.csv_text(cards), encoding="utf-8-sig", newline="")


def _json_lines(path: Path, cards: Sequence[Card]) -> None:
    path.write_text("".join(f"{line}\n" for line in files.json_lines(cards)), encoding="utf-8")


def _xlsx(path: Path, cards: Sequence[Card]) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("library")
    sheet.append(HEADER)
    for card in cards:
        sheet.append([disarmed(cell(value)) for value in values(card).values()])
    book.save(path)


def _folder(path: Path, cards: Sequence[Card]) -> None:
    path.mkdir(parents=True, exist_ok=True)
    names: set[str] = set()
    for card in cards:
        name = re.sub(r"[^\w.-]", "_", card.key).strip(".") or "card"
        while name.casefold() in names:
            name += "_"
        names.add(name.casefold())
        (path / f"{name}.md").write_text(page(card), encoding="utf-8", newline="")


def page(card: Card) -> str:
    """A card as a Markdown page. A talk track with headings of its own stands in the front matter."""
    import yaml

    said = {name: value for name, value in values(card).items() if value}
    plain = not any(re.search(r"^(## |---\s*$)", text, re.MULTILINE) for text in (card.answer, *card.variants.values()))
    below = ""
    if plain:
        said.pop("variants", None)
        below = "\n\n".join(filter(None, (said.pop("answer"), headed(card.variants))))
    front = yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=1_000, default_style=None)
    return f"---\n{front}---\n{below}\n"
