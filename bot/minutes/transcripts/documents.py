"""JSON into plain documents, within bounds; and the small reads that every JSON format needs."""

import json
import math
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from bot.errors import BotError
from bot.minutes.transcripts.heads import day_in
from prompts import Words

MOST_PARTS = 2_500_000  # commas and brackets; ten hours of a transcript with a time for each character have 1.5 million
MOST_DOCUMENTS = 50  # one after the other in one file


def documents(text: str, name: str, _: Words) -> list[Any] | None:
    """The JSON documents of a text, one after the other or in lines; None when it is none at all.

    Raises `BotError` for JSON that is broken, or built to fill the memory.
    """
    text = text.strip()
    if text[:1] not in ("{", "["):
        return None
    if text.count(",") + text.count("[") + text.count("{") > MOST_PARTS:
        raise BotError(_("{name} is far longer than a call. Send one call at a time.", name=name))
    found: list[Any] = []
    try:
        at, decoder = 0, json.JSONDecoder()
        while at < len(text) and len(found) < MOST_DOCUMENTS:
            document, at = decoder.raw_decode(text, at)
            found.append(document)
            at = next((n for n in range(at, len(text)) if text[n] not in " \n\t,"), len(text))
    except (ValueError, RecursionError) as fault:
        if text[0] == "[" or not text[1:20].lstrip().startswith(('"', "}")):
            return None  # "[00:09] Anna: ..." begins with a bracket too
        line = text.count("\n", 0, getattr(fault, "pos", 0)) + 1
        raise BotError(
            _("{name} is damaged: its JSON breaks off in line {n}. Export it again.", name=name, n=line)
        ) from None
    return found


def dicts(found: Any) -> list[dict[str, Any]]:
    """The objects of a list; nothing for whatever else stands there."""
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def inside(found: Any, *path: str) -> Any:
    """What stands at the end of a path of keys, None where it breaks off."""
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def text_at(found: dict[str, Any], *keys: str) -> str:
    """The first of these keys that holds text or a whole number, as text."""
    for key in keys:
        value = found.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18:
            return str(value)
    return ""


def seconds_at(found: dict[str, Any], *keys: str, per: float = 1) -> float | None:
    """A time in seconds, from the first of these keys that holds a number. `per`: how many make a second."""
    for key in keys:
        try:
            value = float(found.get(key, ""))
        except (TypeError, ValueError, OverflowError):
            continue
        if math.isfinite(value) and 0 <= value / per < 1_000_000:
            return round(value / per, 3)
    return None


def day_at(found: dict[str, Any], *keys: str) -> date | None:
    """A day, from ISO text or from seconds or milliseconds since 1970 (UTC)."""
    for key in keys:
        value = found.get(key)
        if isinstance(value, str) and (day := day_in(value[:40])):
            return day
        if isinstance(value, int | float) and 10**9 < value < 10**13:
            return datetime.fromtimestamp(value / (1000 if value > 10**11 else 1), UTC).date()
    return None


def everywhere(found: list[Any], key: str, depth: int = 4) -> Iterator[Any]:
    """What stands under a key, in each document and a few levels down."""
    for one in found:
        if isinstance(one, dict):
            if key in one:
                yield one[key]
            yield from (
                everywhere([value for value in one.values() if isinstance(value, dict)], key, depth - 1)
                if depth
                else ()
            )
        elif isinstance(one, list) and depth:
            yield from everywhere(one[:MOST_DOCUMENTS], key, depth - 1)
