"""Cuts the three bands for one library, from the library itself.

Each of a sample of its rows is asked as if it were a question that no card answers: its own card is left out. How sure
the search then looks is how sure it looks when it is wrong; a card answers outright only above nine in ten of those.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.library.index import Asked, Row, Segment
from bot.library.lexical import Floats
from bot.library.model import Bands, confidence

SAMPLE = 1_000  # rows asked
HUB, CROWD = 0.3, 15  # how much of a card's usual pull on others' questions is taken off; of how many of them
WRONG = 0.90  # the share of questions without a card that must not be answered outright
NOTHING = 0.45

# Confidences of the same kind, of the starter library; they steady the bands of a library with few cards.
PRIOR = tuple(np.linspace(0.2, 0.62, 30))
PRIOR_LEXICAL = tuple(np.linspace(0.1, 0.6, 30))


@dataclass(frozen=True, slots=True)
class Fit:
    """`hub`: by place of a card in the segment, how near it lies to questions that are not its own."""

    hub: Floats
    bands: Bands

    @property
    def usual(self) -> float:
        """The pull of a card of which nothing is known yet."""
        return float(np.median(self.hub)) if len(self.hub) else 0.0


def fit(segment: Segment, rows: Sequence[Row]) -> tuple[Fit, Fit]:
    """By meaning and by words."""
    meaning, words = _asked(segment, rows)
    return meaning.fit(PRIOR), words.fit(PRIOR_LEXICAL)


def ask(segment: Segment, rows: Sequence[Row]) -> tuple[list[float], list[float]]:
    """How sure the search looks of each question of the sample, by meaning and by words: from what PRIOR is made."""
    meaning, words = _asked(segment, rows)
    return meaning.sure(meaning.hub()), words.sure(words.hub())


def _asked(segment: Segment, rows: Sequence[Row]) -> "tuple[_Asking, _Asking]":
    """A sample of the segment's rows, evenly spread."""
    meaning, words = _Asking(segment, rows), _Asking(segment, rows)
    sample = np.arange(0, len(rows), max(1, -(-len(rows) // SAMPLE)))
    own = np.searchsorted(segment.first, sample, side="right") - 1
    for at in range(0, len(sample), 32):  # vectors are multiplied fastest by the dozen
        near = segment.vectors[sample[at : at + 32]] @ segment.vectors.T
        for i, row in enumerate(sample[at : at + 32].tolist()):
            asked = Asked.of(rows[row].text)
            said = segment.by_words(asked)
            words.take(said, own[at + i], asked.language)
            if not segment.blank[row]:
                meaning.take(segment.by_meaning(said, near[i], asked.language), own[at + i], asked.language)
    return meaning, words


class _Asking:
    """What the questions of the sample find. A card in another language than the question's is no rival: it may well
    be the same card said in that language."""

    def __init__(self, segment: Segment, rows: Sequence[Row]) -> None:
        self._segment = segment
        spoken = np.array([rows[first].language for first in segment.first.tolist()], np.str_)
        self._abroad = {language: spoken != language for language in ("en", "zh")}
        self._crowd = np.full((len(spoken), CROWD), -np.inf, np.float32)  # of each card, the highest scores so far
        self._lowest = np.full(len(spoken), -np.inf, np.float32)  # of those
        self._runs: list[tuple[Floats, NDArray[np.int64]]] = []

    def take(self, scores: Floats, own: int, language: str) -> None:
        best = self._segment.best(scores)
        best[own] = -np.inf
        best[self._abroad[language]] = -np.inf
        higher = np.flatnonzero(best > self._lowest)
        crowd = self._crowd[higher]
        crowd[np.arange(len(higher)), crowd.argmin(1)] = best[higher]
        self._crowd[higher], self._lowest[higher] = crowd, crowd.min(1)
        near = top(best, 30)
        self._runs.append((self._segment.pooled(scores, near), near))

    def hub(self) -> Floats:
        there = np.isfinite(self._crowd)
        mean = np.where(there, self._crowd, 0).sum(1) / np.maximum(there.sum(1), 1)
        return np.asarray(mean, np.float32)

    def sure(self, hub: Floats) -> list[float]:
        return [confidence(sorted(pooled - HUB * hub[near], reverse=True)) for pooled, near in self._runs if len(near)]

    def fit(self, prior: Sequence[float]) -> Fit:
        hub = self.hub()
        known = np.array([*self.sure(hub), *prior])
        return Fit(hub, Bands(float(np.quantile(known, WRONG)), float(np.quantile(known, NOTHING))))


def top(best: Floats, many: int) -> NDArray[np.int64]:
    """The places of the highest, those of minus infinity left out."""
    finite = np.flatnonzero(np.isfinite(best))
    if len(finite) > many:
        finite = finite[np.argpartition(best[finite], -many)[-many:]]
    return np.asarray(finite, np.int64)
