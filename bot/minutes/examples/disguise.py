"""People, customers and numbers of a call replaced by what they are: "Contact A", "Customer A", "[amount 1]". Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.minutes.examples.amounts import amounts
from bot.minutes.model import Side
from bot.redaction import Kind, Redaction, Span
from prompts import N_, words

_WHO = {Side.OURS: N_("Rep {letter}"), Side.CUSTOMER: N_("Contact {letter}"), Side.UNKNOWN: N_("Person {letter}")}
_CUSTOMER, _COMPANY = N_("Customer {letter}"), N_("Company {letter}")
_AMOUNT, _WORD = N_("[amount {n}]"), N_("[left out {n}]")
_NUMBERS = {
    Kind.EMAIL: N_("[e-mail {n}]"),
    Kind.PHONE: N_("[phone {n}]"),
    Kind.CARD: N_("[card number {n}]"),
    Kind.ID: N_("[ID number {n}]"),
    Kind.ACCOUNT: N_("[account {n}]"),
    Kind.HANDLE: N_("[handle {n}]"),
}

_WORDS = re.compile(r"[^\W\d_]{2,}")
_HAN = re.compile(r"[\u3400-\u9fff]")
_Found = tuple[int, int, str, str]  # where, what it is called, and what has the same value is the same


class Disguise:
    """The same person, customer or number reads the same throughout.

    `redaction` finds who is named; `ours`, `theirs`: names by the side they are on, those who spoke first;
    `customers`: companies that we sell to; `more`: words that are left out as well. In the call's `language`.
    """

    def __init__(
        self,
        redaction: Redaction,
        language: str,
        *,
        speakers: Sequence[str] = (),
        ours: Sequence[str] = (),
        theirs: Sequence[str] = (),
        customers: Sequence[str] = (),
        more: Sequence[str] = (),
    ) -> None:
        self._redaction = redaction
        self._words = words(language)
        self._ours, self._theirs = frozenset(ours), frozenset(theirs)
        self._people = (_by_word(speakers), _by_word((*speakers, *theirs, *ours)))
        self._customers = (_by_word(customers),)
        self._more = sorted({word.casefold() for word in more if word.strip()}, key=len, reverse=True)
        self._called: dict[tuple[str, str], str] = {}
        self._counts: dict[str, int] = {}

    def hide(self, text: str) -> str:
        parts, at = [], 0
        for start, end, label, value in self._spans(text):
            parts += [text[at:start], self._name(label, value)]
            at = end
        return "".join([*parts, text[at:]])

    def speaker(self, name: str) -> str:
        """What somebody who speaks is called; whoever has no name in the file has none here."""
        return self._name(_WHO[self._side(name)], name) if name else ""

    def _spans(self, text: str) -> Iterator[_Found]:
        """Those to be replaced, in order; where two overlap, the one that says more."""
        taken: list[_Found] = []
        for span in self._all(text):
            if not any(span[0] < end and start < span[1] for start, end, *_rest in taken):
                taken.append(span)
        yield from sorted(taken)

    def _all(self, text: str) -> Iterator[_Found]:
        low = text.casefold()
        for word in self._more if len(low) == len(text) else ():
            at = low.find(word)
            while at >= 0:
                yield at, at + len(word), _WORD, word
                at = low.find(word, at + len(word))
        for span in self._redaction.spans(text):
            if span.kind is not Kind.MARK:
                yield span.start, span.end, *self._means(span)
        for start, end in amounts(text):
            yield start, end, _AMOUNT, "".join(text[start:end].casefold().split())

    def _means(self, span: Span) -> tuple[str, str]:
        """What a name or number is called, and who or what is meant: "Anna" and "Ms Berg" are one person where only one
        is called so."""
        if span.kind is Kind.NAME:
            name = _only(span.value, self._people)
            return _WHO[self._side(name or span.value)], name or span.value
        if span.kind is Kind.COMPANY:
            name = _only(span.value, self._customers)
            return (_CUSTOMER, name) if name else (_COMPANY, span.value)
        return _NUMBERS[span.kind], span.value

    def _side(self, name: str) -> Side:
        if name in self._theirs:
            return Side.CUSTOMER
        return Side.OURS if name in self._ours else Side.UNKNOWN

    def _name(self, label: str, value: str) -> str:
        key = (label, value)
        if key not in self._called:
            n = self._counts[label] = self._counts.get(label, 0) + 1
            self._called[key] = self._words(label, letter=_letter(n), n=n)
        return self._called[key]


_Words = Mapping[str, frozenset[str]]


def _by_word(names: Iterable[str]) -> _Words:
    """Names by all that may stand for them: in full, by each of their words, a Chinese one by its surname."""
    found: dict[str, set[str]] = {}
    for name in names:
        whole = name.casefold()
        for word in {whole, *_WORDS.findall(whole), whole[:1] if _HAN.match(whole) else whole}:
            found.setdefault(word, set()).add(name)
    return {word: frozenset(who) for word, who in found.items()}


def _only(said: str, known: Sequence[_Words]) -> str:
    """The one name that is meant, "" for none or several: by what was said, or in Chinese by the surname in it."""
    low = said.casefold()
    ways = [low, *(low[at] for at in range(min(2, len(low))) if _HAN.match(low))]
    hits = (names for way in ways for each in known if len(names := each.get(way, frozenset())) == 1)
    return next((name for names in hits for name in names), "")


def _letter(n: int) -> str:
    """A, B, ... Z, AA."""
    found = ""
    while n:
        n, rest = divmod(n - 1, 26)
        found = chr(65 + rest) + found
    return found
