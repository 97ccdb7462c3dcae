"""A call as sentences, each with the turn that it stands in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.minutes.model import Transcript

_ENDS = re.compile(r"(?<=[.!?;])\s+(?=\S)|(?<=[。！？；])|\n+")
_ABBREVIATED = re.compile(r"\b(?:mr|mrs|ms|dr|st|vs|no|e\.g|i\.e|approx|inc|ltd)\.$", re.IGNORECASE)
MOST = 20_000  # characters of one turn that are looked at
_LONG = 1_200  # characters: a sentence without an end is cut there


@dataclass(frozen=True, slots=True)
class Sentence:
    line: int
    speaker: str
    text: str


def sentences(transcript: Transcript) -> list[Sentence]:
    """In the order of the call."""
    return [Sentence(turn.i, turn.speaker, text) for turn in transcript.turns for text in split(turn.text[:MOST])]


def split(text: str) -> Iterator[str]:
    """The sentences of a text, none of them empty."""
    kept = ""
    for piece in _ENDS.split(text):
        kept = f"{kept} {piece}" if kept else piece
        if _ABBREVIATED.search(kept[-8:]) and len(kept) < _LONG:
            continue
        yield from _cut(kept)
        kept = ""
    yield from _cut(kept)


def _cut(text: str) -> Iterator[str]:
    text = text.strip()
    while len(text) > _LONG:
        at = max(text.rfind(" ", 0, _LONG), text.rfind("，", 0, _LONG))
        at = at if at > 0 else _LONG
        yield text[:at].strip()
        text = text[at:].strip()
    if text:
        yield text
