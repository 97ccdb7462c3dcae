"""MarkdownV2, roughly: marks must pair up, reserved characters must be escaped."""

import re

from .refusal import bad
from .things import Json, units

MARKS = {"*": "bold", "__": "underline", "_": "italic", "~": "strikethrough", "||": "spoiler"}
LITERAL = {"```": "pre", "`": "code"}
TOKEN = re.compile(r"\\(?P<escaped>[\x01-\x7e])|(?P<mark>```|\|\||__|[*_~`])|(?P<link>\[)|(?P<to>\]\((?P<url>[^)]*)\))")
RESERVED = set("_*[]()~`>#+-=|{}.!")


def read_markdown(text: str) -> tuple[str, list[Json]]:
    """The text as it is shown and its entities."""
    shown, at = "", 0
    entities: list[Json] = []
    opened: list[tuple[str, int]] = []
    while at < len(text):
        found = TOKEN.match(text, at)
        if not found:
            shown += _plain(text, at, opened)
            at += 1
        elif found["escaped"]:
            shown, at = shown + found["escaped"], found.end()
        else:
            at = found.end()
            _mark(found, units(shown), opened, entities)
            if found["mark"] in LITERAL and opened and opened[-1][0] == found["mark"]:
                inside, at = _literal(text, at, found["mark"])
                shown += inside
    if opened:
        raise bad(f"can't parse entities: Can't find end of the entity starting at byte offset {opened[-1][1]}")
    return shown, entities


def _mark(found: re.Match[str], here: int, opened: list[tuple[str, int]], entities: list[Json]) -> None:
    """Open an entity, or close the one that is open."""
    mark = "[" if found["link"] or found["to"] is not None else found["mark"]
    if opened and opened[-1][0] == mark and not found["link"]:
        start = opened.pop()[1]
        kind = "text_link" if mark == "[" else (MARKS | LITERAL)[mark]
        more = {"url": found["url"]} if mark == "[" else {}
        entities.append({"type": kind, "offset": start, "length": here - start} | more)
    elif found["to"] is not None:
        raise bad("can't parse entities: Character ']' is reserved and must be escaped with the preceding '\\'")
    else:
        opened.append((mark, here))


def _literal(text: str, at: int, mark: str) -> tuple[str, int]:
    """What stands between two backquotes, where only they and the backslash need escaping."""
    stop = re.compile(r"(?<!\\)" + mark).search(text, at)
    if not stop:
        raise bad(f"can't parse entities: Can't find end of {LITERAL[mark].capitalize()} entity at byte offset {at}")
    return re.sub(r"\\([`\\])", r"\1", text[at : stop.start()]), stop.start()


def _plain(text: str, at: int, opened: list[tuple[str, int]]) -> str:
    char = text[at]
    quote = char == ">" and (at == 0 or text[at - 1] == "\n")
    if char in RESERVED and not quote:
        raise bad(f"can't parse entities: Character '{char}' is reserved and must be escaped with the preceding '\\'")
    return "" if quote else char
