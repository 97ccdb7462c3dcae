"""Cuts the three bands for one library, from the library itself.

Each of a sample of its rows is asked as if it were a question that no card answers: its own card is left out. How sure
the search then looks is how sure it looks when it is wrong; a card answers outright only above nine in ten of those.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.library.index import Asked, Row, Segment
from bot.library.lexical import Floats
from bot.library.model import Bands, confidence

SAMPLE = 1_000  # rows asked
WRONG = 0.90  # the share of questions without a card that must not be answered outright
NOTHING = 0.35  # the share of them to which nothing is offered either
# No card answers below this, by meaning and by words; twice that where the library has nothing to judge by yet.
SURE, SURE_LEXICAL = 0.24, 0.30

# fmt: off
# Confidences of the same kind, of the starter library, as `python -m benchmarks.means` prints them; they steady the
# bands of a library with few cards.
PRIOR = (
    0.060, 0.069, 0.076, 0.082, 0.086, 0.089, 0.093, 0.096, 0.101, 0.104, 0.107, 0.110, 0.112, 0.115, 0.119,
    0.122, 0.125, 0.129, 0.132, 0.138, 0.144, 0.149, 0.156, 0.165, 0.170, 0.177, 0.186, 0.200, 0.214, 0.251,
)
PRIOR_LEXICAL = (
    0.006, 0.009, 0.011, 0.012, 0.014, 0.015, 0.017, 0.019, 0.020, 0.022, 0.024, 0.026, 0.028, 0.031, 0.033,
    0.036, 0.039, 0.042, 0.045, 0.051, 0.056, 0.060, 0.068, 0.078, 0.087, 0.097, 0.108, 0.137, 0.202, 0.394,
)
# fmt: on


def fit(segment: Segment, rows: Sequence[Row]) -> tuple[Bands, Bands]:
    """By meaning and by words."""
    meaning, words = ask(segment, rows)
    return _bands(meaning, PRIOR, SURE), _bands(words, PRIOR_LEXICAL, SURE_LEXICAL)


def ask(segment: Segment, rows: Sequence[Row]) -> tuple[list[float], list[float]]:
    """How sure the search looks when it is wrong, by meaning and by words, for a sample of the segment's rows, evenly
    spread. A card in another language than the question's is no rival: it may well be the same card said in that one.
    """
    spoken = np.array([rows[first].language for first in segment.first.tolist()], np.str_)
    rivals = {language: spoken == language for language in ("en", "zh")}
    meaning: list[float] = []
    words: list[float] = []
    sample = np.arange(0, len(rows), max(1, -(-len(rows) // SAMPLE)))
    own = np.searchsorted(segment.first, sample, side="right") - 1
    for at in range(0, len(sample), 32):  # vectors are multiplied fastest by the dozen
        near = segment.vectors[sample[at : at + 32]] @ segment.vectors.T
        for i, row in enumerate(sample[at : at + 32].tolist()):
            asked = Asked.of(rows[row].text)
            others = rivals[asked.language].copy()
            others[own[at + i]] = False
            if not others.any():
                continue
            said = segment.by_words(asked)
            words.append(_sure(segment, said, others))
            if not segment.blank[row]:
                meaning.append(_sure(segment, segment.by_meaning(said, near[i], asked.language), others))
    return meaning, words


def _sure(segment: Segment, scores: Floats, others: NDArray[np.bool_]) -> float:
    near = top(np.where(others, segment.best(scores), -np.inf), 30)
    return confidence(sorted(segment.pooled(scores, near).tolist(), reverse=True))


def _bands(sure: Sequence[float], prior: Sequence[float], least: float) -> Bands:
    known = np.array([*sure, *prior])
    least *= 1 + len(prior) / len(known)
    return Bands(max(least, float(np.quantile(known, WRONG))), float(np.quantile(known, NOTHING)))


def top(best: Floats, many: int) -> NDArray[np.int64]:
    """The places of the highest, those of minus infinity left out."""
    finite = np.flatnonzero(np.isfinite(best))
    if len(finite) > many:
        finite = finite[np.argpartition(best[finite], -many)[-many:]]
    return np.asarray(finite, np.int64)
