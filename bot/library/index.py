"""What is searched: every title and phrasing as a row, in memory. Scores are made here; what they mean, in `bands`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.library.lexical import Floats, Postings, Said, Terms
from bot.library.model import Card, State
from bot.library.text import speaks, tokens
from bot.team.model import Role

# Measured, as benchmarks/README.md tells: what each part adds to a row's score.
BY_MEANING, BY_WORDS, BY_GRAMS = 0.8, 0.1, 0.1
# A row in another language shares no words with the question; what they would usually add stands in for them.
WORDS_ABROAD = 0.45
# What the words of a row that has no vector yet say about its meaning.
UNKNOWN = 0.8
# How many of a card's rows speak for it, and by how much less a row must score to count e times less.
MOST, SOFT = 10, 0.15


@dataclass(frozen=True, slots=True)
class Row:
    """One way to say what a card is about."""

    card: int
    text: str
    language: str


def rows_of(cards: Iterable[Card]) -> list[Row]:
    """By card, those of one card together."""
    return [Row(card.id, text, speaks(text)) for card in sorted(cards, key=lambda c: c.id) for text in card.rows]


@dataclass(frozen=True, slots=True)
class Meanings:
    """The mean vector of each language. It is taken off before vectors are compared: what all texts of a language
    share tells nothing, and without it any two texts look alike."""

    means: dict[str, Floats]

    @property
    def width(self) -> int:
        return len(self.means["en"])

    def place(self, vectors: NDArray[np.floating[Any]], languages: Sequence[str]) -> Floats:
        """`vectors`: rows of `width`; of zeros where one is missing, and so they stay."""
        both = np.stack([self.means["en"], self.means["zh"]])
        mean_of = np.array([language == "zh" for language in languages], np.int64)
        placed = np.empty(vectors.shape, np.float32)
        for at in range(0, len(vectors), 4_096):  # of a large library, all at once would be held four times over
            some = vectors[at : at + 4_096].astype(np.float32)
            off = some - both[mean_of[at : at + 4_096]]
            off[~some.any(axis=1)] = 0
            placed[at : at + 4_096] = off / np.maximum(np.linalg.norm(off, axis=1, keepdims=True), 1e-9)
        return placed

    @staticmethod
    def of(
        vectors: NDArray[np.floating[Any]],
        languages: Sequence[str],
        shipped: Mapping[str, Floats],
        steady: int = 20,
    ) -> "Meanings":
        """The library's own means, leaning on those that are shipped where it has few rows of a language."""
        spoken, there = np.array(languages), vectors.any(axis=1)
        means = {}
        for language in ("en", "zh"):
            own = (spoken == language) & there
            usual = shipped.get(language, _sum(vectors, there) / np.count_nonzero(there))
            summed = _sum(vectors, own) + steady * usual
            means[language] = (summed / (np.count_nonzero(own) + steady)).astype(np.float32)
        return Meanings(means)


def _sum(vectors: NDArray[np.floating[Any]], which: Any) -> Floats:
    return np.asarray(np.add.reduce(vectors, 0, np.float32, where=which[:, None]))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question made ready. `vector` is None when only words are compared."""

    vector: Floats | None
    words: list[str]
    grams: list[str]
    language: str

    @staticmethod
    def of(question: str, vector: Floats | None = None) -> "Asked":
        return Asked(vector, *tokens(question), speaks(question))


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
    def of(rows: Sequence[Row], vectors: Floats, terms: tuple[Terms, Terms] | None = None) -> "Segment":
        """`vectors`: placed by `Meanings`; a row of zeros where a vector is missing. `terms`: those of the library
        whose questions are asked here, when they are not these rows' own."""
        of_card = np.array([row.card for row in rows], np.int64)
        first = np.flatnonzero(np.r_[True, of_card[1:] != of_card[:-1]][: len(rows)])
        said, pieces = (Said(), Said()) if terms is None else (Said(place=terms[0].place), Said(place=terms[1].place))
        for row in rows:
            words_of, grams_of = tokens(row.text)
            said.add(words_of)
            pieces.add(grams_of)
        cards = [row.card for row in rows]
        words = terms[0].and_those_of(said) if terms else Terms.count(said, cards)
        grams = terms[1].and_those_of(pieces) if terms else Terms.count(pieces, cards)
        return Segment(
            of_card[first],
            first,
            np.array([row.language == "zh" for row in rows], bool),
            np.logical_not(vectors.any(axis=1)),
            vectors,
            Postings.of(said, words),
            Postings.of(pieces, grams),
        )

    @property
    def terms(self) -> tuple[Terms, Terms]:
        return self.words.terms, self.grams.terms

    def scores(self, asked: Asked) -> Floats:
        """Of each row."""
        said = self.by_words(asked)
        if asked.vector is None:
            return said
        return self.by_meaning(said, self.vectors @ asked.vector, asked.language)

    def by_words(self, asked: Asked) -> Floats:
        """Of each row, without its meaning."""
        said, pieces = self.words.scores(asked.words), self.grams.scores(asked.grams)
        return np.asarray((BY_WORDS * said + BY_GRAMS * pieces) / (BY_WORDS + BY_GRAMS), np.float32)

    def by_meaning(self, said: Floats, near: Floats, language: str) -> Floats:
        """Of each row. `said`: its score by words; `near`: by its vector; `language` of the question."""
        if self.blank.any():
            near = np.where(self.blank, said * UNKNOWN, near)
        abroad = self.chinese != (language == "zh")
        if abroad.any():
            said = np.where(abroad, np.maximum(said, WORDS_ABROAD * near), said)
        return np.asarray(BY_MEANING * near + (1 - BY_MEANING) * said, np.float32)

    def best(self, scores: Floats) -> Floats:
        """Of each card, its best row's."""
        return np.maximum.reduceat(scores, self.first) if len(self.first) else scores[:0]

    def pooled(self, scores: Floats, which: NDArray[np.int64]) -> Floats:
        """Of the cards at `which` places: a soft maximum of their best rows.

        A card that says it in several ways close to the question is surer than one with a lucky row among many.
        """
        if not len(which):
            return scores[:0]
        ends = np.r_[self.first[1:], len(scores)]
        begin, many = self.first[which], ends[which] - self.first[which]
        across = np.arange(many.max())
        rows = np.minimum(begin[:, None] + across, len(scores) - 1)
        top = -np.sort(-np.where(across < many[:, None], scores[rows], -np.inf), axis=1)[:, :MOST]
        best = top[:, 0]
        near = np.exp((top - best[:, None]) / SOFT).sum(1) / np.minimum(many, MOST)
        return np.asarray(best + SOFT * np.log(near), np.float32)


@dataclass(frozen=True, slots=True)
class Seen:
    """Of each card of a segment: whether it is approved and stands here, who may see it, and its language."""

    stands: NDArray[np.bool_]
    may: Mapping[Role | None, NDArray[np.bool_]]
    language: NDArray[np.str_]

    @staticmethod
    def of(segment: Segment, cards: Mapping[int, Card], newest: float) -> "Seen":
        """A card that changed after the change number `newest` stands elsewhere."""
        those = [cards.get(card) for card in segment.cards.tolist()]
        stands = np.array([bool(c and c.seq <= newest and c.state is State.APPROVED) for c in those], bool)
        groups: dict[frozenset[Role], int] = {}
        group = np.array([groups.setdefault(c.roles if c else frozenset(), len(groups)) for c in those], np.int64)
        # One card stands for all that the same roles may see: there are few such groups, and many cards.
        some = [Card(0, 0, "", "", "", roles=roles) for roles in groups]
        may = {role: stands & np.array([c.seen_by(role) for c in some], bool)[group] for role in (None, *Role)}
        return Seen(stands, may, np.array([c.language if c else "" for c in those], np.str_))

    def by(self, role: Role | None, language: str = "") -> NDArray[np.bool_]:
        """The cards that a role may see, in one language or in any."""
        return self.may[role] & (self.language == language) if language else self.may[role]
