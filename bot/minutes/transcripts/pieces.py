"""What every family of formats hands on, and how text and times are tidied alike in all of them."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

# Control characters, invisible ones, those that turn a line around, and halves of characters: none was ever said.
_UNSAID = [*range(9), 0xB, *range(0xE, 0x1C), *range(0x7F, 0x85), *range(0x86, 0xA0), 0xAD, 0x200B, 0x200E, 0x200F]
_UNSAID += [*range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF, *range(0xFFF9, 0xFFFC), *range(0xD800, 0xE000)]
_GONE = dict.fromkeys(_UNSAID)

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")

TIME = r"[0-9]{1,3}:[0-9]{2}(?::[0-9]{2})?(?:[.,][0-9]{1,3})?"
"""A time of a transcript: 0:09, 00:00:09, 1:02:03.450."""


@dataclass(frozen=True, slots=True)
class Cue:
    """One utterance as the file has it; times in seconds."""

    label: str
    text: str
    start: float | None = None
    end: float | None = None


@dataclass(frozen=True, slots=True)
class Someone:
    """A person that the file names beside its utterances: a participant, a party."""

    name: str
    affiliation: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a family made of a file. `head`: the lines before the first utterance."""

    form: str
    cues: list[Cue]
    head: list[str] = field(default_factory=list)
    people: list[Someone] = field(default_factory=list)
    title: str = ""
    on: date | None = None


def tidy(text: str) -> str:
    """One line of plain text: entities as what they stand for, nothing invisible, single spaces."""
    if "&" in text:
        text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    return " ".join(text.translate(_GONE).split())


def joined(lines: Iterable[str]) -> str:
    """The lines of one utterance as one; Chinese lines meet without a space."""
    said: list[str] = []
    for line in filter(None, map(tidy, lines)):
        if said and not (_WIDE.match(said[-1][-1]) and _WIDE.match(line[0])):
            said.append(" ")
        said.append(line)
    return "".join(said)


def seconds(time: str) -> float:
    """What a TIME is in seconds."""
    whole = 0.0
    for part in time.replace(",", ".").split(":"):
        whole = whole * 60 + float(part)
    return round(whole, 3)


_LINK = re.compile(r"(?<=\w)\.(?=[^\W\d_]{2})|(?<=[a-zA-Z]):(?=//)")


def unlinked(text: str) -> str:
    """A text in which no chat finds an address to press: addresses read as before, with a joiner in them."""
    return _LINK.sub("\\g<0>\u2060", text)
