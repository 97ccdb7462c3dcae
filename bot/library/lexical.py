"""BM25 over short texts, bounded: 1 for a text that says all that the question says, 0 for one that shares nothing."""

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

# Robertson and Zaragoza's usual k1; b is below theirs, since titles and phrasings are short all the same.
K1, B = 1.2, 0.5


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
    def count(rows: Sequence[Sequence[str]], cards: Sequence[int]) -> "Terms":
        """`rows`: the tokens of each row; `cards`: to which card it belongs."""
        seen: dict[str, int] = {}
        counts: Counter[str] = Counter()
        for tokens, card in zip(rows, cards, strict=True):  # rows of one card stand together
            for token in tokens:
                if seen.get(token) != card:
                    seen[token] = card
                    counts[token] += 1
        total = len(set(cards))
        df = np.fromiter(counts.values(), np.float32, len(counts))
        weight = np.log1p((total - df + 0.5) / (df + 0.5)).astype(np.float32)
        length = sum(map(len, rows)) / max(1, len(rows))
        return Terms({t: i for i, t in enumerate(counts)}, weight, float(np.log1p((total + 0.5) / 0.5)), length or 1.0)

    def and_those_of(self, rows: Iterable[Iterable[str]]) -> "Terms":
        """The same, and the tokens of a few rows that were not counted, each as one never seen."""
        place = dict(self.place)
        for tokens in rows:
            for token in tokens:
                place.setdefault(token, len(place))
        fresh = np.full(len(place) - len(self.place), self.unknown, np.float32)
        return Terms(place, np.concatenate([self.weight, fresh]), self.unknown, self.usual_length)


@dataclass(frozen=True, slots=True)
class Postings:
    """By token, the rows that hold it and what it adds to their score: `rows[start[t]:start[t + 1]]`."""

    terms: Terms
    start: NDArray[np.int64]
    rows: Ints
    adds: Floats
    many: int

    @staticmethod
    def of(rows: Sequence[Sequence[str]], terms: Terms) -> "Postings":
        """`terms` know every token of the rows."""
        found = array("i")
        for row, said in enumerate(rows):
            for one, count in Counter(said).items():
                found.extend((terms.place[one], row, count))
        token, row_of, times = np.array(found, np.int32).reshape(-1, 3).T
        length = np.fromiter(map(len, rows), np.float32, len(rows))
        norm = K1 * (1 - B + B * length / terms.usual_length)
        adds = terms.weight[token] * times * (K1 + 1) / (times + norm[row_of])
        order = np.argsort(token, kind="stable")
        start = np.searchsorted(token[order], np.arange(len(terms.weight) + 1))
        return Postings(terms, start.astype(np.int64), row_of[order], adds[order].astype(np.float32), len(rows))

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
