"""What is searched: every title and phrasing as a row, in memory. Scores are made here; what they mean, in `bands`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.library.lexical import Floats, Postings, Terms
from bot.library.text import grams, speaks, words

# Measured in benchmarks/library.py: what each part adds to a row's score.
BY_MEANING, BY_WORDS, BY_GRAMS = 0.75, 0.125, 0.125
# A row in another language shares no words with the question; what they would usually add stands in for them.
WORDS_ABROAD = 0.45
# What the words of a row that has no vector yet say about its meaning.
UNKNOWN = 0.8


@dataclass(frozen=True, slots=True)
class Row:
    """One way to say what a card is about."""

    card: int
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Meanings:
    """The mean vector of each language. It is taken off before vectors are compared: what all texts of a language
    share tells nothing, and without it any two texts look alike."""

    means: dict[str, Floats]

    def place(self, vectors: Floats, languages: Sequence[str]) -> Floats:
        off = vectors - np.stack([self.means[language] for language in languages])
        length = np.linalg.norm(off, axis=1, keepdims=True)
        return np.asarray(off / np.maximum(length, 1e-9), np.float32)

    @staticmethod
    def of(vectors: Floats, languages: Sequence[str], shipped: dict[str, Floats], steady: int = 20) -> "Meanings":
        """The library's own means, leaning on those that are shipped where it has few rows of a language."""
        spoken = np.array(languages)
        there = np.abs(vectors).sum(1) > 0 if len(vectors) else np.zeros(0, bool)
        means = {}
        for language in ("en", "zh"):
            own = vectors[(spoken == language) & there]
            usual = shipped.get(language)
            if usual is None:
                usual = vectors[there].mean(0) if there.any() else np.zeros(vectors.shape[1], np.float32)
            means[language] = ((own.sum(0) + steady * usual) / (len(own) + steady)).astype(np.float32)
        return Meanings(means)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question made ready. `vector` is None when only words are compared."""

    vector: Floats | None
    words: list[str]
    grams: list[str]
    language: str


def read(question: str) -> tuple[list[str], list[str], str]:
    return words(question), grams(question), speaks(question)


@dataclass(frozen=True, slots=True)
class Segment:
    """Rows that are searched together. Those of one card stand together; `first[i]` is where card `cards[i]` begins.

    `blank`: rows without a vector yet. Texts that many cards share cost one vector each all the same.
    """

    cards: NDArray[np.int64]
    first: NDArray[np.int64]
    chinese: NDArray[np.bool_]
    blank: NDArray[np.bool_]
    vectors: Floats
    words: Postings
    grams: Postings

    @staticmethod
    def of(rows: Sequence[Row], vectors: Floats, word_terms: Terms, gram_terms: Terms) -> "Segment":
        """`vectors`: placed by `Meanings`; a row of zeros where a vector is missing."""
        of_card = np.array([row.card for row in rows], np.int64)
        first = np.flatnonzero(np.r_[True, of_card[1:] != of_card[:-1]]) if len(rows) else np.zeros(0, np.int64)
        return Segment(
            of_card[first],
            first,
            np.array([row.language == "zh" for row in rows], bool),
            np.logical_not(vectors.any(axis=1)),
            vectors,
            Postings.of([words(row.text) for row in rows], word_terms),
            Postings.of([grams(row.text) for row in rows], gram_terms),
        )

    def scores(self, asked: Asked, word_terms: Terms, gram_terms: Terms) -> Floats:
        """Of each row."""
        said = self.words.scores(asked.words, word_terms)
        pieces = self.grams.scores(asked.grams, gram_terms)
        lexical = (BY_WORDS * said + BY_GRAMS * pieces) / (BY_WORDS + BY_GRAMS)
        if asked.vector is None:
            return np.asarray(lexical, np.float32)
        near = self.vectors @ asked.vector
        near[self.blank] = lexical[self.blank] * UNKNOWN
        abroad = self.chinese != (asked.language == "zh")
        lexical[abroad] = np.maximum(lexical[abroad], WORDS_ABROAD * near[abroad])
        return np.asarray(BY_MEANING * near + (1 - BY_MEANING) * lexical, np.float32)

    def best(self, scores: Floats) -> Floats:
        """Of each card, its best row's."""
        return np.maximum.reduceat(scores, self.first) if len(self.first) else scores[:0]

    def pooled(self, scores: Floats, which: NDArray[np.int64]) -> Floats:
        """Of the cards at `which` places: halfway between the best row and the mean of the best three.

        A card that says it in several ways close to the question is surer than one lucky row.
        """
        ends = np.r_[self.first[1:], len(scores)]
        out = np.zeros(len(which), np.float32)
        for i, place in enumerate(which):
            top = np.sort(scores[self.first[place] : ends[place]])[::-1][:3]
            out[i] = 0.5 * top[0] + 0.5 * top.mean()
        return out
