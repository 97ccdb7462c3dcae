"""Text that came from people, made safe to stand in our small Markdown."""

import re
from collections.abc import Iterable

# Written with escapes: these characters are invisible, and some turn the line around them.
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_DROPPED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_SPECIAL = re.compile(r"[\\*_`\[\]]|^[->]", re.MULTILINE)
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u061c\u200f\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_ODD = re.compile("|".join(p.pattern for p in (_BREAKS, _DROPPED, _SPECIAL, _RIGHT_TO_LEFT)), re.MULTILINE)


class Marked(str):
    """Small Markdown already: it is printed as it stands. Whatever is computed from it is plain text again."""

    __slots__ = ()


def escape(text: str) -> Marked:
    """`text` as Markdown that reads as exactly that, wherever in a message it stands.

    Line breaks of all kinds become newlines. Control characters go, and with them those that embed, override or
    isolate a direction; a line with right-to-left letters stands between isolates, so that it cannot reorder what
    is beside it. `bot.markdown.escape` is the same function for rooms that may not import this package.
    """
    if not _ODD.search(text):
        return Marked(text)
    text = _DROPPED.sub("", _BREAKS.sub("\n", text))
    text = _SPECIAL.sub(r"\\\g<0>", text)
    if _RIGHT_TO_LEFT.search(text):
        lines = text.split("\n")
        text = "\n".join(f"\u2068{line}\u2069" if _RIGHT_TO_LEFT.search(line) else line for line in lines)
    return Marked(text)


def marked(value: object) -> str:
    """What a template prints for a value: text escaped, `Marked` as it is. Nothing stands for None."""
    if isinstance(value, Marked):
        return value
    if isinstance(value, str):
        return escape(value)
    if value is None:
        raise ValueError("a message would print None; give the template a value or leave the line out")
    return escape(str(value))


def joined(values: Iterable[object], between: str = "") -> Marked:
    """The values one after the other, each escaped when it has to be; `between` is escaped as well."""
    return Marked(marked(between).join(marked(value) for value in values))


def oneline(text: object) -> Marked:
    """A text on one line: every run of white space in it is one space."""
    line = " ".join(str(text).split())  # before it is escaped: what then comes to stand first may need it
    return Marked(line) if isinstance(text, Marked) else escape(line)


def quoted(text: object) -> Marked:
    """A text as a quote, each of its lines."""
    return Marked("\n".join(f"> {line}" for line in marked(text).split("\n")))
