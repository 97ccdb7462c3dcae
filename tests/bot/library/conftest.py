"""A library in a real database, and a small encoder that is the same on every machine."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.db import Database
from bot.errors import BotError
from bot.library import service, store
from bot.library.model import Card, Found, State, Wanted
from bot.library.search import Search
from bot.team.model import Role
from tests.bot.team.conftest import make_person
from tests.databases import migrated

NOW = datetime(2026, 6, 11, 1, 0, tzinfo=UTC)
KEEPER = make_person(1, role=Role.ADMIN)


@dataclass
class Grams:
    """Texts that share pieces of three characters lie close to each other. `asked`: all that was encoded, in order.
    `broken`: it cannot just now."""

    name: str = "grams"
    width: int = 64
    asked: list[str] = field(default_factory=list)
    broken: bool = False

    def encode(self, texts: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float32]]:
        if self.broken:
            raise BotError("The embedding server does not answer.")
        self.asked += texts
        rows = np.array([self._row(text) for text in texts], np.float32).reshape(-1, self.width)
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)

    def _row(self, text: str) -> list[float]:
        row = [0.01] * self.width
        for word in re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold()):
            many = 2 if len(word) > len(word.encode()) // 2 else 1  # a Chinese character says as much as three letters
            fenced = f" {word} "
            for i in range(len(fenced) - many):
                piece = int.from_bytes(blake2b(fenced[i : i + many + 1].encode(), digest_size=4).digest(), "big")
                row[piece % self.width] += 1 if piece >> 31 else -1
        return row


def make_card(key: str, title: str = "", *phrasings: str, **more: Any) -> Card:
    plain = Card(0, 1, key, title or key, f"What to say: {key}.", phrasings, language="en")
    return replace(plain, **more)


@dataclass
class Library:
    """Cards that tests write and ask for."""

    db: Database
    home: Path

    def keep(self, *cards: Card) -> None:
        """New cards, or new versions of those with the same key."""
        with self.db.begin() as db:
            for card in cards:
                service.save(db, KEEPER, card, NOW)

    def change(self, key: str, **changes: Any) -> None:
        self.keep(replace(self.card(key), **changes))

    def retire(self, key: str) -> None:
        self.change(key, state=State.RETIRED)

    def card(self, key: str) -> Card:
        with self.db.read() as db:
            found = store.by_key(db, 1, key)
        assert found is not None, key
        return found

    def cards(self) -> list[Card]:
        with self.db.read() as db:
            return store.cards(db, 1)

    def search(self, encoder: Any) -> Search:
        return Search(self.db, 1, self.home, encoder)


@pytest.fixture
def library(db: Database, tmp_path: Path) -> Library:
    return Library(db, tmp_path)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database for many examples, each of which undoes what it wrote."""
    database = migrated(f"sqlite:///{tmp_path_factory.mktemp('shared') / 'test.db'}")
    yield database
    database.close()


class UndoneError(Exception):
    """Ends a transaction so that nothing of it is kept."""


def keys(found: Found) -> list[str]:
    return [hit.key for hit in found.hits]


def first(search: Search, question: str, **more: Any) -> str:
    """The key of the best card for a question, "" when there is none."""
    return next(iter(keys(search.find(Wanted(question, **more)))), "")
