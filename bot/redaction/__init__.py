"""Hides from a text who and whose it is about: names, phones, addresses, numbers of papers, cards and accounts.

What is hidden stands there as `[NAME_1]`, the same for the same within a document, so that a reader who does not know
them can still tell people apart. Amounts and dates stay. `restore` puts back what was hidden, last of all. Pure.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from bot.redaction import names as naming
from bot.redaction import numbers
from bot.redaction.flat import flat
from bot.redaction.model import Kind, Span
from bot.redaction.words import GENERIC

__all__ = ["Kind", "Redaction", "Span", "redactor"]

_KINDS = "|".join(Kind)
_MARK = re.compile(rf"\[(?:{_KINDS})_\d+\]")
_MENTION = re.compile(rf"[\[【]\s*({_KINDS})[_ -]?(\d{{1,5}})\s*[\]】]|\b({_KINDS})_(\d{{1,5}})\b", re.IGNORECASE)


class Redaction:
    """One document's placeholders. Not for several threads at once."""

    def __init__(self, names: naming.Names, speakers: Sequence[str] = ()) -> None:
        self._names = (names, naming.Names(speakers, ()))
        self._speaking = naming.speaking(speakers)
        self._marks: dict[tuple[Kind, str], str] = {}
        self._shown: dict[str, str] = {}
        self._counts: dict[Kind, int] = {}

    def spans(self, text: str) -> list[Span]:
        """What is hidden in a text, in order; no two overlap."""
        taken: list[Span] = []
        covered = bytearray(len(text))
        for span in self._all(text):
            if span.start < span.end and not any(covered[span.start : span.end]):
                covered[span.start : span.end] = b"\x01" * (span.end - span.start)
                taken.append(span)
        return sorted(taken, key=lambda span: span.start)

    def hide(self, text: str) -> str:
        """The text with a placeholder for everything that `spans` finds."""
        parts, at = [], 0
        for span in self.spans(text):
            parts += [text[at : span.start], self._mark(span)]
            at = span.end
        return "".join([*parts, text[at:]])

    def called(self, name: str) -> str:
        """The placeholder of somebody who speaks, whatever their name looks like; "Speaker 2" stays."""
        if "@" in name or GENERIC.match(name):
            return self.hide(name)
        return self._mark(Span(0, 0, Kind.NAME, name, name))

    def restore(self, text: str) -> str:
        """The text with what was hidden put back; a placeholder that this document does not have is left as it is."""
        return _MENTION.sub(self._back, text)

    def unknown(self, text: str) -> bool:
        """Whether a text has a placeholder that stands for nothing: whoever wrote it made it up."""
        return any(self._key(m) not in self._shown for m in _MENTION.finditer(text))

    def _all(self, text: str) -> Iterator[Span]:
        """By what matters most where two overlap."""
        plain = flat(text)
        for m in _MARK.finditer(text):
            yield Span(m.start(), m.end(), Kind.MARK, m[0], m[0])
        for start, end, kind in numbers.found(plain):
            value = re.sub(r"[^0-9A-Za-z@]", "", plain[start:end]).casefold() or plain[start:end]
            yield Span(start, end, kind, value, text[start:end])
        yield from sorted(self._people(text, plain), key=lambda span: (span.start - span.end, span.start))

    def _people(self, text: str, plain: str) -> Iterator[Span]:
        for span in chain.from_iterable(names.found(text, plain) for names in self._names):
            who = self._who(text[span.start : span.end])
            yield Span(span.start, span.end, span.kind, who or span.value, who or span.shown)

    def _who(self, said: str) -> str:
        """Which speaker is meant by a part of a name, 王总 or 老王; "" when none, or more than one."""
        ways = (flat(said).casefold(), said, naming.surname(said))
        return next((self._speaking[way] for way in ways if way in self._speaking), "")

    def _mark(self, span: Span) -> str:
        key = (span.kind, span.value)
        if key not in self._marks:
            self._counts[span.kind] = self._counts.get(span.kind, 0) + 1
            mark = f"[{span.kind}_{self._counts[span.kind]}]"
            self._marks[key], self._shown[mark] = mark, span.shown
        mark = self._marks[key]
        if self._shown[mark].islower() and not span.shown.islower():
            self._shown[mark] = span.shown  # as it is written, not as somebody typed it
        return mark

    @staticmethod
    def _key(m: re.Match[str]) -> str:
        return f"[{(m[1] or m[3]).upper()}_{int(m[2] or m[4])}]"

    def _back(self, m: re.Match[str]) -> str:
        return self._shown.get(self._key(m), m[0])


def redactor(names: Sequence[str], *, companies: Sequence[str] = (), speakers: Sequence[str] = ()) -> Redaction:
    """What hides these people and companies, in full and as they are spoken of, and all numbers of people.

    `speakers`: whoever speaks in the document; a first name that only one of them has means them.
    """
    return Redaction(naming.ready(tuple(sorted(set(names))), tuple(sorted(set(companies)))), tuple(speakers))
