"""BM25 over short texts, bounded: 1 for a text that says all that the question says, 0 for one that shares nothing."""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

# Robertson and Zaragoza's usual k1; b is below theirs, since titles and phrasings are short all the same.
K1, B = 1.2, 0.5


class Said:
    """The tokens of rows. Of a large library there are millions, so no list of them is held.

    `place`: the number of each token; `lengths`: how many tokens each row has.
    """

    def __init__(self, rows: Iterable[Sequence[str]] = (), place: Mapping[str, int] | None = None) -> None:
        self.place = dict(place or {})
        self.lengths = array("i")
        self._found = array("i")
        for tokens in rows:
            self.add(tokens)

    def add(self, tokens: Sequence[str]) -> None:
        """One more row."""
        place, found, row = self.place, self._found, len(self.lengths)
        for token, times in Counter(tokens).items():
            found.extend((place.setdefault(token, len(place)), row, times))
        self.lengths.append(len(tokens))

    @property
    def table(self) -> tuple[Ints, Ints, Ints]:
        """By token and row that has it, ordered by row: the token, the row, how often."""
        token, row, times = np.frombuffer(self._found, np.int32).reshape(-1, 3).T
        return token, row, times


@dataclass(frozen=True, slots=True)
class Terms:
    """What each token tells. Counted over cards, not rows: a card says its own word in every phrasing.

    `weight`: the inverse document frequency of each token of `place`; `unknown`: that of one never seen.
    """

    place: dict[str, int]
    weight: Floats
    unknown: float
    usual_length: float

    @staticmethod
    def count(said: Said, cards: Sequence[int]) -> "Terms":
        """`cards`: to which card each row belongs; those of one stand together."""
        token, row, _times = said.table
        order = np.argsort(token, kind="stable")
        token, card = token[order], np.array(cards, np.int64)[row[order]]
        first = np.r_[True, (token[1:] != token[:-1]) | (card[1:] != card[:-1])][: len(token)]
        df = np.bincount(token[first], minlength=len(said.place))
        total = len(set(cards))
        weight = np.log1p((total - df + 0.5) / (df + 0.5)).astype(np.float32)
        length = sum(said.lengths) / max(1, len(said.lengths))
        return Terms(said.place, weight, float(np.log1p((total + 0.5) / 0.5)), length or 1.0)

    def and_those_of(self, said: Said) -> "Terms":
        """The same, and the tokens of a few rows that were not counted, each as one never seen. `said` begins with the
        places of these."""
        fresh = np.full(len(said.place) - len(self.place), self.unknown, np.float32)
        return Terms(said.place, np.concatenate([self.weight, fresh]), self.unknown, self.usual_length)


@dataclass(frozen=True, slots=True)
class Postings:
    """By token, the rows that hold it and what it adds to their score: `rows[start[t]:start[t + 1]]`."""

    terms: Terms
    start: NDArray[np.int64]
    rows: Ints
    adds: Floats
    many: int

    @staticmethod
    def of(said: Said, terms: Terms) -> "Postings":
        """`terms` know every token of the rows."""
        token, row, times = said.table
        order = np.argsort(token, kind="stable")
        token, row = token[order], row[order]
        often = times[order].astype(np.float32)
        length = np.array(said.lengths, np.float32)
        norm = np.asarray(K1 * (1 - B + B * length / terms.usual_length), np.float32)
        adds = terms.weight[token] * often * np.float32(K1 + 1) / (often + norm[row])
        start = np.searchsorted(token, np.arange(len(terms.weight) + 1))
        return Postings(terms, start.astype(np.int64), row, adds, len(length))

    def scores(self, tokens: Sequence[str]) -> Floats:
        """Of each row, 0 to 1."""
        asked = set(tokens)
        known = sorted(self.terms.place[token] for token in asked if token in self.terms.place)
        most = float(self.terms.weight[known].sum()) + self.terms.unknown * (len(asked) - len(known))
        if not known:
            return np.zeros(self.many, np.float32)
        spans = [slice(self.start[place], self.start[place + 1]) for place in known]
        rows = np.concatenate([self.rows[span] for span in spans])
        adds = np.concatenate([self.adds[span] for span in spans])
        return np.minimum(np.bincount(rows, adds, self.many) / most, 1.0).astype(np.float32)
