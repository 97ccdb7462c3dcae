"""The columns of a card in a file: how each is read from a cell, and written into one."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from bot.library.model import Card, State, industry_of
from bot.library.text import speaks
from bot.tables import Column, Unfit, clean, clean_lines, iso_date, one_of
from bot.team.model import Role

LANGUAGES = {"en": "en", "english": "en", "zh": "zh", "zh-cn": "zh", "chinese": "zh", "中文": "zh", "英文": "en"}
STATES = {state.value: state for state in State} | {
    "草稿": State.DRAFT,
    "已批准": State.APPROVED,
    "已停用": State.RETIRED,
}
MOST_PHRASINGS, MOST_ANSWER = 500, 20_000
MOST_CELL = 100_000  # of a cell that holds much; Python's csv takes no more than 131,072 characters


def _id(cell: str) -> str:
    if any(c.isspace() for c in cell):
        raise Unfit(lambda _: _("an id without spaces, such as price-en"))
    return clean(cell)


def _several(cell: str) -> tuple[str, ...]:
    parts = tuple(dict.fromkeys(part for part in map(clean, _divided(cell)) if part))
    if len(parts) > MOST_PHRASINGS:
        raise Unfit(lambda _: _("at most {most} of them", most=MOST_PHRASINGS))
    if any(len(part) > 500 for part in parts):
        raise Unfit(lambda _: _("at most {most} characters each, divided by |", most=500))
    return parts


def joined(parts: Iterable[str]) -> str:
    """Several texts in one cell, divided by `|`; a `|` within one of them is written as `\\|`."""
    said = [re.sub(r"(\\*)\|", r"\1\1\\|", part) for part in parts]
    return "|".join([re.sub(r"(\\+)$", r"\1\1", part) for part in said[:-1]] + said[-1:])


def _divided(cell: str) -> list[str]:
    """What `joined` joined: a `|` after an even number of backslashes divides."""
    parts = [""]
    for text, slashes, bar in re.findall(r"([^\\|]*)(\\*)(\|?)", cell):
        parts[-1] += text + (slashes[: len(slashes) // 2] if bar else slashes)
        if bar and len(slashes) % 2:
            parts[-1] += bar
        elif bar:
            parts.append("")
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
    """The text before the first `## ` line, and the text under each of them by industry.

    A line that begins with `\\## ` is text, without its backslash.
    """
    general: list[str] = []
    held: dict[str, list[str]] = {}
    under = general
    for line in text.split("\n"):
        name = _industry(line[3:]) if line.startswith("## ") else ""
        if name:
            under = held.setdefault(name, [])
        else:
            under.append(line[1:] if re.match(r"\\+## ", line) else line)
    said = {name: clean_lines("\n".join(lines)) for name, lines in held.items()}
    return "\n".join(general).strip(), {name: text for name, text in said.items() if text}


def headed(variants: Mapping[str, str]) -> str:
    """What `sections` takes apart."""
    said = {clean(name): re.sub(r"(?m)^(?=\\*## )", r"\\", text) for name, text in variants.items()}
    return "\n\n".join(f"## {name}\n{text}" for name, text in said.items())


def _industry(cell: str) -> str:
    return industry_of(clean(cell))


COLUMNS = (
    Column("id", _id, needed=True, most=80),
    Column("title", clean, needed=True, most=200),
    Column("phrasings", _several, most=MOST_CELL, empty=()),
    Column("answer", clean_lines, needed=True, most=MOST_ANSWER, lines=True),
    Column("language", one_of(LANGUAGES, ("en", "zh")), most=20),
    Column("industry", _industry),
    Column("product", clean),
    Column("stage", clean),
    Column("tags", _several, most=2_000, empty=()),
    Column("owner", clean),
    Column("review_by", iso_date, empty=None),
    Column("state", one_of(STATES, [s.value for s in State]), empty=State.APPROVED),
    Column("variants", _variants, most=MOST_CELL, empty={}, lines=True),
    Column("points", _several, most=10_000, empty=()),
    Column("roles", _roles, empty=frozenset()),
)
HEADER = tuple(column.name for column in COLUMNS)


def value_of(column: Column, given: Any) -> Any:
    """What a value of JSON or YAML is in a column. Raises `Unfit`."""
    text = _text(column, given)
    if not text:
        if column.needed:
            raise Unfit(lambda _: _("a value"))
        return column.empty
    if len(text) > column.most:
        raise _too_long(column)
    if re.search("[\ud800-\udfff]", text):
        raise Unfit(lambda _: _("whole characters; one of them is cut in half"))
    return column.read(text)


def _text(column: Column, given: Any) -> str:
    """A value as the cell that says the same."""
    if isinstance(given, list) and isinstance(column.empty, tuple | frozenset):
        if len(given) > column.most:
            raise _too_long(column)
        return joined(clean(_plain(column, part)) for part in given)
    if isinstance(given, dict) and column.name == "variants":
        return headed({name: clean_lines(_plain(column, said)) for name, said in given.items()})
    text = "" if given is None else _plain(column, given)
    return clean_lines(text) if column.lines else clean(text)


def _plain(column: Column, given: Any) -> str:
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        raise Unfit(lambda _: _("a text"))
    text = str(given)
    if len(text) > 4 * column.most:  # more than what cleaning could take off; to clean it would take long
        raise _too_long(column)
    return text


def _too_long(column: Column) -> Unfit:
    return Unfit(lambda _: _("at most {most} characters", most=column.most))


def values(card: Card) -> dict[str, Any]:
    """By column; several texts as a list, variants by industry."""
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


def cell(value: Any) -> str:
    """A value as the cell that says the same."""
    if isinstance(value, dict):
        return headed(value)
    return joined(value) if isinstance(value, list) else str(value)


def tidy(card: Card) -> Card:
    """A card as a file gives it back, so that what is exported imports without a change.

    What a file would not take (a title of 300 characters) stays as it is.
    """
    said = values(card) | {"variants": {name: text for name, text in card.variants.items() if clean(name)}}
    read: dict[str, Any] = {}
    for column in COLUMNS[1:]:
        text = (clean_lines if column.lines else clean)(cell(said[column.name]))
        try:
            read[column.name] = column.read(text) if text else column.empty
        except Unfit:
            continue
    return in_a_language(replace(card, **read))


def in_a_language(card: Card) -> Card:
    """The same, with the language that it is written in, where that is not said."""
    return card if card.language else replace(card, language=speaks(f"{card.title} {card.answer}"))
