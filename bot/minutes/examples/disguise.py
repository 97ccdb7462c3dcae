"""People, customers and numbers of a call replaced by what they are: "Contact A", "Customer A", "[amount 1]". Pure."""

from collections.abc import Collection, Iterator, Sequence

from bot.minutes.examples.amounts import amounts
from bot.minutes.model import Side
from bot.redaction import Kind, Redaction
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

_Span = tuple[int, int, str, str]  # where, what it is called, and what has the same value is the same


class Disguise:
    """The same person, customer or number reads the same throughout. `ours`, `theirs`: names by the side they are on;
    `customers`: companies that we sell to; `more`: words that are left out as well. In the call's `language`."""

    def __init__(
        self,
        redaction: Redaction,
        language: str,
        *,
        ours: Collection[str] = (),
        theirs: Collection[str] = (),
        customers: Collection[str] = (),
        more: Sequence[str] = (),
    ) -> None:
        self._redaction = redaction
        self._words = words(language)
        self._ours, self._theirs, self._customers = frozenset(ours), frozenset(theirs), frozenset(customers)
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

    def _spans(self, text: str) -> Iterator[_Span]:
        """Those to be replaced, in order; where two overlap, the one that says more."""
        taken: list[_Span] = []
        for span in self._all(text):
            if not any(span[0] < end and start < span[1] for start, end, *_rest in taken):
                taken.append(span)
        yield from sorted(taken)

    def _all(self, text: str) -> Iterator[_Span]:
        low = text.casefold()
        for word in self._more if len(low) == len(text) else ():
            at = low.find(word)
            while at >= 0:
                yield at, at + len(word), _WORD, word
                at = low.find(word, at + len(word))
        for span in self._redaction.spans(text):
            if span.kind is not Kind.MARK:
                yield span.start, span.end, self._label(span.kind, span.value), span.value
        for start, end in amounts(text):
            yield start, end, _AMOUNT, "".join(text[start:end].casefold().split())

    def _label(self, kind: Kind, value: str) -> str:
        if kind is Kind.NAME:
            return _WHO[self._side(value)]
        if kind is Kind.COMPANY:
            return _CUSTOMER if value in self._customers else _COMPANY
        return _NUMBERS[kind]

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


def _letter(n: int) -> str:
    """A, B, ... Z, AA."""
    found = ""
    while n:
        n, rest = divmod(n - 1, 26)
        found = chr(65 + rest) + found
    return found
