"""Cuts the three bands for one library, from the library itself.

Each of a sample of its rows is asked as if it were a question that no card answers: its own card is left out. How sure
the search then looks is how sure it looks when it is wrong; a card answers outright only above nine in ten of those.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.library.index import Asked, Segment
from bot.library.lexical import Floats, Terms
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


def fit(
    segment: Segment,
    asked: Sequence[tuple[int, Asked]],
    language_of: Sequence[str],
    terms: tuple[Terms, Terms],
    *,
    meaning: bool,
) -> Fit:
    """`asked`: rows of the sample as questions, each with the place of its own card. `language_of`: by place of a card.

    A card in another language than the question's is no rival: it may well be the same card said in that language.
    """
    many = len(segment.cards)
    spoken = np.array(language_of)
    crowd = np.full((many, CROWD), np.nan, np.float32)
    runs: list[tuple[Floats, NDArray[np.int64]]] = []
    for own, question in asked:
        scores = segment.scores(question, *terms)
        best = segment.best(scores)
        best[own] = -np.inf
        best[spoken != question.language] = -np.inf
        _remember(crowd, best)
        near = top(best, 30)
        runs.append((segment.pooled(scores, near), near))
    there = ~np.isnan(crowd)
    hub = (np.where(there, crowd, 0).sum(1) / np.maximum(there.sum(1), 1)).astype(np.float32)
    prior = PRIOR if meaning else PRIOR_LEXICAL
    sure = [confidence(sorted(pooled - HUB * hub[near], reverse=True)) for pooled, near in runs if len(near)]
    known = np.array([*sure, *prior])
    return Fit(hub, Bands(float(np.quantile(known, WRONG)), float(np.quantile(known, NOTHING))))


def _remember(crowd: Floats, best: Floats) -> None:
    """Keep of each card the highest scores seen so far."""
    with np.errstate(invalid="ignore"):
        lowest = np.where(np.isnan(crowd), -np.inf, crowd).argmin(1)
        places = np.arange(len(best))
        there = crowd[places, lowest]
        better = np.isfinite(best) & (np.isnan(there) | (best > there))
    crowd[places[better], lowest[better]] = best[better]


def top(best: Floats, many: int) -> NDArray[np.int64]:
    """The places of the highest, those of minus infinity left out."""
    finite = np.flatnonzero(np.isfinite(best))
    if len(finite) > many:
        finite = finite[np.argpartition(best[finite], -many)[-many:]]
    return np.asarray(finite, np.int64)
