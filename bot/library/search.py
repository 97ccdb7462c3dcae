"""The search of one workspace's library, kept in memory and kept up to date while the bot runs.

Most rows stand in a base that is made rarely; cards that changed since stand in a small segment beside it, made again
whenever something changes. The base is kept in a file too, so that a restart is quick.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.db import Database
from bot.errors import BotError
from bot.library import bands, snapshot, store
from bot.library.embed import Encoder
from bot.library.index import Asked, Meanings, Row, Segment, read
from bot.library.lexical import Floats, Terms
from bot.library.model import Band, Card, Found, Hit, State, Wanted, confidence, industry_of
from bot.library.shipped import means
from bot.library.text import grams, speaks, words

log = logging.getLogger("paceline.library")

AT_ONCE = 40  # texts that are embedded while somebody waits; more is work of its own
FEW, SHARE = 300, 8  # the base is made again beyond FEW changed rows, and one in SHARE
ABROAD, OTHER_TRADE, SAME_TRADE, SAME_STAGE = -0.04, -0.06, 0.03, 0.02


@dataclass(frozen=True)
class Base:
    """What is made rarely. `seq` and `embedded`: the state of the tables that it knows of."""

    seq: int
    embedded: int
    meanings: Meanings | None
    terms: tuple[Terms, Terms]
    segment: Segment
    by_meaning: bands.Fit
    by_words: bands.Fit


@dataclass(frozen=True)
class Standing:
    """All that a search looks at; a new one takes its place when something changed."""

    base: Base
    fresh: Segment | None
    cards: dict[int, Card]

    @cached_property
    def segments(self) -> list[tuple[Segment, "Seen"]]:
        newer = {card.id for card in self.cards.values() if card.seq > self.base.seq}
        found = [(self.base.segment, Seen.of(self.base.segment, self.cards, newer))]
        return found + ([(self.fresh, Seen.of(self.fresh, self.cards, set()))] if self.fresh else [])


@dataclass(frozen=True)
class Seen:
    """Of each card of a segment: whether it stands here, is for some roles only, and is in Chinese."""

    stands: NDArray[np.bool_]
    kept: NDArray[np.bool_]
    language: NDArray[np.str_]

    @staticmethod
    def of(segment: Segment, cards: dict[int, Card], newer: set[int]) -> "Seen":
        those = [cards.get(int(card)) for card in segment.cards]
        stands = [bool(c and c.id not in newer and c.state is State.APPROVED) for c in those]
        kept = [bool(c and c.roles) for c in those]
        return Seen(np.array(stands, bool), np.array(kept, bool), np.array([c.language if c else "" for c in those]))


class Search:
    """Finds cards for questions. `encoder` None compares words only. Safe to use from several threads."""

    def __init__(self, db: Database, workspace: int, home: Path, encoder: Encoder | None) -> None:
        self._db, self._workspace, self._encoder = db, workspace, encoder
        self._file = home / f"library-{workspace}.npz"
        self._lock = threading.Lock()
        self._making: threading.Thread | None = None
        self._known = (-1, -1)
        self._now: Standing | None = None

    @property
    def model(self) -> str:
        """Which model compares meaning; "" when only words are compared."""
        return self._encoder.name if self._encoder else ""

    # finding

    def find(self, wanted: Wanted, many: int = 10) -> Found:
        """The closest approved cards that the asker may see."""
        now = self._refreshed()
        asked = self._asked(wanted.question, now.base)
        semantic = asked.vector is not None
        hits = self._hits(now, asked, wanted)
        if not hits:
            return Found(Band.NONE, semantic=semantic)
        fit = now.base.by_meaning if semantic else now.base.by_words
        first = now.cards[hits[0].card_id].language
        sure = confidence([hit.score for hit in hits if now.cards[hit.card_id].language == first])
        return Found(fit.bands.of(sure), tuple(hits[:many]), round(sure, 4), semantic)

    def alike(self, one: str, others: Sequence[str]) -> list[float]:
        """How close each of the others is in meaning to one text, about 0 to 1."""
        base = self._refreshed().base
        rows = [Row(i, text, speaks(text)) for i, text in enumerate(others)]
        if not rows:
            return []
        segment = self._segment(rows, base.meanings, base.terms)
        return [float(s) for s in segment.scores(self._asked(one, base), *base.terms)]

    def _asked(self, question: str, base: Base) -> Asked:
        said, pieces, language = read(question)
        vector = None
        if self._encoder and base.meanings and question.strip():
            try:
                vector = base.meanings.place(self._encoder.encode([question]), [language])[0]
            except BotError:
                log.warning("the question was compared by its words only")
        return Asked(vector, said, pieces, language)

    def _hits(self, now: Standing, asked: Asked, wanted: Wanted) -> list[Hit]:
        base = now.base
        fit = base.by_meaning if asked.vector is not None else base.by_words
        found: list[tuple[float, Card]] = []
        for segment, seen in now.segments:
            hub = fit.hub if segment is base.segment else np.full(len(segment.cards), fit.usual, np.float32)
            scores = segment.scores(asked, *base.terms)
            best = segment.best(scores) - bands.HUB * hub
            best[~self._visible(segment, seen, now.cards, wanted)] = -np.inf
            near = bands.top(best, 40)
            pooled = segment.pooled(scores, near) - bands.HUB * hub[near]
            found += [(float(s), now.cards[int(segment.cards[p])]) for p, s in zip(near, pooled, strict=True)]
        scored = [(score + _fits(card, asked, wanted), card) for score, card in found]
        scored.sort(key=lambda pair: (-pair[0], pair[1].key))
        return [Hit(card.id, card.key, card.title, round(score, 4)) for score, card in scored]

    @staticmethod
    def _visible(segment: Segment, seen: Seen, cards: dict[int, Card], wanted: Wanted) -> NDArray[np.bool_]:
        may = seen.stands & ~seen.kept
        if wanted.role:
            for place in np.flatnonzero(seen.stands & seen.kept):
                may[place] = cards[int(segment.cards[place])].seen_by(wanted.role)
        return may & (seen.language == wanted.language) if wanted.language else may

    # keeping up

    def _refreshed(self) -> Standing:
        """What stands now. Costs one query when nothing changed."""
        with self._db.read() as db:
            stand = store.stand(db, self._workspace)
        now = self._now
        if now is None or stand != self._known:
            with self._lock:
                if self._now is None or stand != self._known:
                    self._take_in(stand)
                assert self._now is not None
                now = self._now
        return now

    def _take_in(self, stand: tuple[int, int]) -> None:
        before = self._now
        with self._db.read() as db:
            changed = store.cards(db, self._workspace, since=max(self._known[0], 0) if before else 0)
        cards = (before.cards if before else {}) | {card.id: card for card in changed}
        base = before.base if before else self._loaded() or self._made(cards, stand)
        newer = [card for card in cards.values() if card.seq > base.seq and card.state is State.APPROVED]
        rows = _rows(newer)
        fresh = self._segment(rows, base.meanings, base.terms) if rows else None
        self._now, self._known = Standing(base, fresh, cards), stand
        waited_for = stand[1] != base.embedded and bool(base.segment.blank.any())
        if waited_for or len(rows) > max(FEW, len(base.segment.blank) // SHARE) or not len(base.segment.cards):
            self._make_again(cards, stand)

    def _make_again(self, cards: dict[int, Card], stand: tuple[int, int]) -> None:
        """Make the base anew: at once when that is quick, else beside the questions that come meanwhile."""
        if sum(len(card.rows) for card in cards.values()) <= FEW * 3:
            self._put(self._made(cards, stand))
        elif self._making is None or not self._making.is_alive():
            self._making = threading.Thread(target=self._make_beside, args=(cards, stand), daemon=True)
            self._making.start()

    def _make_beside(self, cards: dict[int, Card], stand: tuple[int, int]) -> None:
        base = self._made(cards, stand)
        with self._lock:
            self._put(base)
            self._known = (-1, -1) if self._known != stand else stand  # what changed meanwhile is looked at again

    def _put(self, base: Base) -> None:
        assert self._now is not None
        cards = self._now.cards
        rows = _rows(card for card in cards.values() if card.seq > base.seq and card.state is State.APPROVED)
        fresh = self._segment(rows, base.meanings, base.terms) if rows else None
        self._now = Standing(base, fresh, cards)

    def _loaded(self) -> Base | None:
        parts = snapshot.load(self._file, self.model)
        return Base(**parts) if parts else None

    def _made(self, cards: dict[int, Card], stand: tuple[int, int]) -> Base:
        rows = _rows(card for card in cards.values() if card.state is State.APPROVED)
        of_card = [row.card for row in rows]
        terms = (
            Terms.count([words(row.text) for row in rows], of_card),
            Terms.count([grams(row.text) for row in rows], of_card),
        )
        vectors = self._vectors(rows)
        languages = [row.language for row in rows]
        meanings = Meanings.of(vectors, languages, means(self.model)) if self._encoder else None
        segment = Segment.of(rows, _placed(vectors, languages, meanings), *terms)
        by_words = self._fit(segment, rows, terms, meaning=False)
        by_meaning = self._fit(segment, rows, terms, meaning=True) if meanings else by_words
        base = Base(*stand, meanings, terms, segment, by_meaning, by_words)
        snapshot.save(self._file, self.model, {name: getattr(base, name) for name in Base.__dataclass_fields__})
        return base

    def _fit(self, segment: Segment, rows: Sequence[Row], terms: tuple[Terms, Terms], *, meaning: bool) -> bands.Fit:
        """Asks a sample of the rows, evenly spread."""
        place = np.repeat(np.arange(len(segment.cards)), np.diff(np.r_[segment.first, len(rows)]))
        languages = [rows[first].language for first in segment.first]
        step = max(1, -(-len(rows) // bands.SAMPLE))
        sample: list[tuple[int, Asked]] = []
        for i in range(0, len(rows), step):
            said, pieces, language = read(rows[i].text)
            if meaning and segment.blank[i]:
                continue
            sample.append((int(place[i]), Asked(segment.vectors[i] if meaning else None, said, pieces, language)))
        return bands.fit(segment, sample, languages, terms, meaning=meaning)

    def _segment(self, rows: Sequence[Row], meanings: Meanings | None, terms: tuple[Terms, Terms]) -> Segment:
        return Segment.of(rows, _placed(self._vectors(rows), [row.language for row in rows], meanings), *terms)

    # vectors

    def _vectors(self, rows: Sequence[Row]) -> Floats:
        """As the model gave them; zeros for those that are still to come. A few missing ones are made at once."""
        if not self._encoder:
            return np.zeros((len(rows), 1), np.float32)
        digests = [store.digest(row.text) for row in rows]
        with self._db.read() as db:
            there = store.vectors(db, self._workspace, self.model, None if len(rows) > 5_000 else digests)
        missing = {d: row.text for d, row in zip(digests, rows, strict=True) if d not in there}
        if missing and len(missing) <= AT_ONCE:
            there |= self._embed(list(missing.items()))
        width = next((len(v) // 2 for v in there.values()), 1)
        out = np.zeros((len(rows), width), np.float16)
        for i, digest in enumerate(digests):
            if digest in there:
                out[i] = np.frombuffer(there[digest], np.float16)
        return out.astype(np.float32)

    def _embed(self, texts: Sequence[tuple[str, bytes | str]]) -> dict[str, bytes]:
        """Make and keep the vectors of these (digest, text); none when the model is not there just now."""
        assert self._encoder
        try:
            vectors = self._encoder.encode([str(text) for _, text in texts])
        except BotError:
            return {}
        made = {digest: vector.astype(np.float16).tobytes() for (digest, _), vector in zip(texts, vectors, strict=True)}
        with self._db.begin() as db:
            store.save_vectors(db, self._workspace, self.model, made.items())
        return made

    def missing(self) -> list[tuple[str, str]]:
        """The texts of approved cards that have no vector of this model yet, each with its digest."""
        if not self._encoder:
            return []
        with self._db.read() as db:
            cards = store.cards(db, self._workspace, states=[State.APPROVED])
            there = store.vectors(db, self._workspace, self.model, None)
        texts = {store.digest(text): text for card in cards for text in card.rows}
        return [(digest, text) for digest, text in texts.items() if digest not in there]

    def embed(self, texts: Sequence[tuple[str, str]]) -> int:
        """Make the vectors of some texts that `missing` named; how many were made."""
        return len(self._embed(texts))

    def embed_all(self, progress: Callable[[int, int], None] = lambda done, of: None) -> None:
        """Make all missing vectors, in this thread."""
        missing = self.missing()
        for i in range(0, len(missing), 64):
            progress(i, len(missing))
            self._embed(missing[i : i + 64])
        if missing:
            progress(len(missing), len(missing))


def _rows(cards: Iterable[Card]) -> list[Row]:
    return [Row(card.id, text, speaks(text)) for card in sorted(cards, key=lambda c: c.id) for text in card.rows]


def _placed(vectors: Floats, languages: Sequence[str], meanings: Meanings | None) -> Floats:
    if meanings is None or not len(vectors):
        return vectors
    placed = meanings.place(vectors, languages)
    placed[~vectors.any(axis=1)] = 0
    return placed


def _fits(card: Card, asked: Asked, wanted: Wanted) -> float:
    """What speaks for or against a card beside its words: its language, and the deal's trade, product and stage."""
    score = ABROAD if card.language and card.language != asked.language else 0.0
    if wanted.industry and card.industry:
        score += SAME_TRADE if industry_of(card.industry) == industry_of(wanted.industry) else OTHER_TRADE
    if wanted.product and card.product:
        score += SAME_TRADE if card.product.casefold() == wanted.product.casefold() else OTHER_TRADE
    if wanted.stage and card.stage.casefold() == wanted.stage.casefold():
        score += SAME_STAGE
    return score
