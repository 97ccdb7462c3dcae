"""The search of one workspace's library, kept in memory and kept up to date while the bot runs.

Most rows stand in a base that is made rarely; cards that changed since stand in a small segment beside it, made again
whenever something changes. The base is kept in a file too, so that a restart is quick.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path

import numpy as np

from bot.db import Database
from bot.library import bands, snapshot, store
from bot.library.embed import Encoder, Vectors
from bot.library.index import Asked, Row, Seen, Segment, rows_of
from bot.library.model import Band, Card, Found, Hit, State, Wanted, confidence, industry_of
from bot.library.shipped import means
from bot.library.snapshot import Base
from bot.library.text import sound, speaks

log = logging.getLogger("paceline.library")

QUICK = 900  # rows of which a base is made while somebody waits, well within a second
SHARE = 8  # the base is made again when one in SHARE of its cards changed
PAUSE = 3  # times as long as it took to make a base beside the questions, until the next is made
ABROAD, OTHER_TRADE, SAME_TRADE, SAME_STAGE = -0.04, -0.06, 0.03, 0.02


@dataclass(frozen=True, slots=True)
class Part:
    """A segment, and who may see its cards."""

    segment: Segment
    seen: Seen


@dataclass(frozen=True, slots=True)
class Standing:
    """All that a search looks at; a new one takes its place when something changed. `stand`: the state of the tables
    that it knows of. `outdated`: its base is worth making again."""

    stand: tuple[int, int]
    base: Base
    cards: dict[int, Card]
    parts: tuple[Part, ...]
    outdated: bool

    @staticmethod
    def of(stand: tuple[int, int], base: Base, cards: dict[int, Card], fresh: Segment) -> "Standing":
        """`fresh` holds the approved cards that changed after the base was made."""
        seen = Seen.of(base.segment, cards, base.seq)
        parts = (Part(base.segment, seen), Part(fresh, Seen.of(fresh, cards, inf)))
        lacking = stand[1] != base.embedded and bool(base.segment.blank.any())
        gone = len(base.segment.cards) - int(np.count_nonzero(seen.stands))
        many = max(len(fresh.cards), gone) * SHARE > len(base.segment.cards)
        return Standing(stand, base, cards, tuple(part for part in parts if len(part.segment.cards)), lacking or many)


class Search:
    """Finds cards for questions. `encoder` None compares words only. Safe to use from several threads."""

    def __init__(self, db: Database, workspace: int, home: Path, encoder: Encoder | None) -> None:
        self._db, self._workspace = db, workspace
        self._vectors = Vectors(db, workspace, encoder)
        self._file = home / f"library-{workspace}.npz"
        self._lock = threading.Lock()
        self._making: threading.Thread | None = None
        self._pause = 0.0
        self._now: Standing | None = None

    @property
    def model(self) -> str:
        """Which model compares meaning; "" when only words are compared."""
        return self._vectors.model

    # finding

    def find(self, wanted: Wanted, many: int = 10) -> Found:
        """The closest approved cards that the asker may see."""
        now = self._refreshed()
        asked = self._asked(wanted.question, now.base)
        semantic = asked.vector is not None
        hits = _hits(now, asked, wanted)
        if not hits:
            return Found(Band.NONE, semantic=semantic)
        cut = now.base.by_meaning if semantic else now.base.by_words
        first = now.cards[hits[0].card_id].language
        sure = confidence([hit.score for hit in hits if now.cards[hit.card_id].language == first])
        return Found(cut.of(sure), tuple(hits[:many]), round(sure, 4), semantic)

    def alike(self, one: str, others: Sequence[str]) -> list[float]:
        """How close each of the others is in meaning to one text, about 0 to 1."""
        base = self._refreshed().base
        rows = [Row(i, text, speaks(text)) for i, text in enumerate(others)]
        return [float(score) for score in self._segment(rows, base).scores(self._asked(one, base))] if rows else []

    def _asked(self, question: str, base: Base) -> Asked:
        asked = Asked.of(sound(question))
        raw = self._vectors.question(sound(question)) if base.meanings else None
        if raw is None or base.meanings is None or raw.shape[1] != base.meanings.width:
            return asked
        return Asked(base.meanings.place(raw, [asked.language])[0], asked.words, asked.grams, asked.language)

    # keeping up

    def _refreshed(self) -> Standing:
        """What stands now. Costs one query when nothing changed."""
        with self._db.read() as db:
            stand = store.stand(db, self._workspace)
        now = self._now
        if now is None or now.stand != stand or now.outdated:
            with self._lock:
                now = self._now
                if now is None or now.stand != stand:
                    now = self._now = self._taken_in(now)
                if now.outdated:
                    now = self._now = self._again(now)
        return now

    def _taken_in(self, before: Standing | None) -> Standing:
        """The state of the tables, and the cards that changed since."""
        with self._db.read() as db:
            stand = store.stand(db, self._workspace)
            if before and stand[0] < before.stand[0]:
                before = None  # the database was put back to an earlier state
            changed = store.cards(db, self._workspace, since=before.stand[0] if before else 0, slim=True)
        cards = (before.cards if before else {}) | {card.id: card for card in changed}
        base = before.base if before else self._kept(cards, stand) or self._made(cards, stand)
        return self._standing(stand, base, cards)

    def _standing(self, stand: tuple[int, int], base: Base, cards: dict[int, Card]) -> Standing:
        newer = [card for card in cards.values() if card.seq > base.seq and card.state is State.APPROVED]
        return Standing.of(stand, base, cards, self._segment(rows_of(newer), base))

    def _segment(self, rows: Sequence[Row], base: Base) -> Segment:
        vectors = self._vectors.of([row.text for row in rows], base.meanings.width if base.meanings else 1)
        if base.meanings:
            vectors = base.meanings.place(vectors, [row.language for row in rows])
        return Segment.of(rows, vectors, base.segment.terms)

    def _again(self, now: Standing) -> Standing:
        """Make the base anew: at once when that is quick, else beside the questions that come meanwhile."""
        if sum(len(part.segment.blank) for part in now.parts) <= QUICK:
            return self._standing(now.stand, self._made(now.cards, now.stand), now.cards)
        if (self._making is None or not self._making.is_alive()) and time.monotonic() >= self._pause:
            self._making = threading.Thread(target=self._make_beside, args=(now,), name="library", daemon=True)
            self._making.start()
        return now

    def _make_beside(self, then: Standing) -> None:
        began = time.monotonic()
        try:
            base = self._made(then.cards, then.stand)
            with self._lock:
                now = self._now
                if now and now.stand[0] >= base.seq:  # what changed meanwhile stands beside it
                    self._now = self._standing(now.stand, base, now.cards)
        except Exception:
            log.exception("the library's index could not be made again; it is tried once more later")
        finally:
            self._pause = time.monotonic() + PAUSE * (time.monotonic() - began)

    def _kept(self, cards: dict[int, Card], stand: tuple[int, int]) -> Base | None:
        base = snapshot.load(self._file, self.model)
        return base if base and base.knows(cards.values(), stand[0]) else None

    def _made(self, cards: dict[int, Card], stand: tuple[int, int]) -> Base:
        base = snapshot.make(cards.values(), stand, self._vectors.of, means(self.model))
        snapshot.save(self._file, self.model, base)
        return base

    # vectors that are still to come

    def missing(self) -> list[tuple[str, str]]:
        """The texts of approved cards that have no vector of this model yet, each with its digest."""
        return self._vectors.missing()

    def embed(self, texts: Sequence[tuple[str, str]]) -> int:
        """Make the vectors of some texts that `missing` named; how many were made."""
        return self._vectors.make(texts)

    def embed_all(self, progress: Callable[[int, int], None] = lambda done, of: None) -> int:
        """Make all missing vectors, in this thread; how many could not be made."""
        return self._vectors.make_all(progress)


def _hits(now: Standing, asked: Asked, wanted: Wanted) -> list[Hit]:
    found: list[tuple[float, Card]] = []
    for part in now.parts:
        segment = part.segment
        scores = segment.scores(asked)
        near = bands.top(np.where(part.seen.by(wanted.role, wanted.language), segment.best(scores), -np.inf), 40)
        pooled = segment.pooled(scores, near)
        found += [(float(s), now.cards[int(segment.cards[p])]) for p, s in zip(near, pooled, strict=True)]
    scored = [(score + _fits(card, asked, wanted), card) for score, card in found]
    scored.sort(key=lambda pair: (-pair[0], pair[1].key))
    return [Hit(card.id, card.key, card.title, round(score, 4)) for score, card in scored]


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
