"""How well the library finds, on questions of our own: over the starter library, over parts of it, and over a library
of another trade.

A line each, with what it should be. `answered`: got a card outright; `wrong`: of those, the share with a wrong card or
without a right one; `refused`: got nothing; `far`: everyday questions that no library of ours answers.
"""

import json
import random
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from bot.cli import tables  # noqa: F401 - declares every table
from bot.db import Database
from bot.library import embed, service, store
from bot.library.embed import Floats
from bot.library.model import Band, Card, Found, Wanted
from bot.library.search import Search

NOW = datetime(2026, 6, 11, tzinfo=UTC)
QUESTIONS = [json.loads(line) for line in Path(__file__).with_name("library_questions.jsonl").read_text().splitlines()]
LANGUAGES = ("en", "zh")


class Remembering:
    """The model inside the process; what it was given before it does not read again."""

    def __init__(self) -> None:
        self._model = embed.Local()
        self.name = self._model.name
        self._known: dict[str, Floats] = {}

    def encode(self, texts: Sequence[str]) -> Floats:
        fresh = [text for text in dict.fromkeys(texts) if text not in self._known]
        if fresh:
            self._known |= zip(fresh, self._model.encode(fresh), strict=True)
        return np.stack([self._known[text] for text in texts])


@dataclass
class Libraries:
    """Each in a workspace of its own."""

    db: Database
    home: Path
    encoder: Remembering
    made: int = 1

    def of(self, cards: Sequence[Card], *, meaning: bool = True) -> Search:
        self.made += 1
        fresh = [replace(card, id=0, workspace_id=self.made, seq=1) for card in cards]
        with self.db.begin() as db:
            store.next_seq(db, self.made)
            store.save(db, fresh)
        search = Search(self.db, self.made, self.home, self.encoder if meaning else None)
        search.embed_all()
        return search


@contextmanager
def libraries(encoder: Remembering) -> Iterator[Libraries]:
    with tempfile.TemporaryDirectory(prefix="paceline-bench-") as home:
        db = Database(f"sqlite:///{home}/bench.db")
        db.migrate()
        with db.begin() as connection:
            assert not service.import_starter(connection, 1, NOW).faults
        yield Libraries(db, Path(home), encoder)
        db.close()


def starter(db: Database, language: str = "") -> list[Card]:
    with db.read() as look:
        return [card for card in store.cards(look, 1) if language in ("", card.language)]


def scenario(card: Card) -> str:
    return card.tags[0]


def asked(kind: str, language: str) -> list[dict[str, Any]]:
    return [q for q in QUESTIONS if q["kind"] == kind and q["language"] == language]


def main() -> None:
    encoder = Remembering()
    with libraries(encoder) as made:
        for part in (own, across, shop, outside, small):
            part(made)


# what a search gives


@dataclass(frozen=True)
class Scores:
    """Of questions that have a card, and of some that have none."""

    mrr: float
    in_five: float
    answered: float
    wrong: float
    refused: float
    share: float


def score(
    search: Search, wanted: Sequence[tuple[str, str]], others: Sequence[str] = (), *, language: str = ""
) -> Scores:
    """`wanted`: the scenario and the text of each question; cards of `language` alone are right, or of any."""
    places, answers, right, refused = [], 0, 0, 0
    for name, text in wanted:
        found = search.find(Wanted(text))
        keys = [hit.key for hit in found.hits]
        fits = [key.rpartition("-")[0] == name and key.endswith(language) for key in keys]
        places.append(fits.index(True) + 1 if True in fits else 0)
        answers += found.band is Band.ANSWER
        right += found.band is Band.ANSWER and fits[0]
        refused += found.band is Band.NONE
    false = sum(one.band is Band.ANSWER for one in finds(search, others))
    many = max(1, len(wanted))
    return Scores(
        sum(1 / place for place in places if place) / many,
        sum(0 < place <= 5 for place in places) / many,
        answers / many,
        (answers - right + false) / max(1, answers + false),
        refused / many,
        false / max(1, len(others)),
    )


def finds(search: Search, texts: Iterable[str]) -> list[Found]:
    return [search.find(Wanted(text)) for text in texts]


# the parts


def own(made: Libraries) -> None:
    """Questions of our own on the whole starter library."""
    search = made.of(starter(made.db))
    targets = {("plain", "en"): (0.80, 0.92), ("plain", "zh"): (0.84, 0.92), ("hard", "en"): (0.65, 0.84)}
    for kind in ("plain", "hard"):
        for language in LANGUAGES:
            far = [q["text"] for q in asked("far", language)]
            got = score(search, [(q["scenario"], q["text"]) for q in asked(kind, language)], far, language=language)
            mrr, in_five = targets.get((kind, language), (0.48, 0.68))
            say(
                f"{kind} questions in {language}: MRR {got.mrr:.3f} (target {mrr:.2f}), R@5 {got.in_five:.3f} (target "
                f"{in_five:.2f}), answered {got.answered:.2f}, wrong {got.wrong:.2f} of those and far ones, refused "
                f"{got.refused:.2f}"
            )


def across(made: Libraries) -> None:
    """Phrasings in one language on the starter's cards in the other."""
    for ours, theirs in (LANGUAGES, LANGUAGES[::-1]):
        search = made.of(starter(made.db, theirs))
        got = score(search, [(scenario(card), text) for card in starter(made.db, ours) for text in card.phrasings])
        plain = score(search, [(q["scenario"], q["text"]) for q in asked("plain", ours)])
        say(
            f"{ours} on {theirs} cards: phrasings MRR {got.mrr:.3f} (target 0.58), "
            f"R@5 {got.in_five:.3f} (target 0.76), "
            f"answered {got.answered:.2f}, wrong {got.wrong:.2f}; plain questions MRR {plain.mrr:.3f} (target 0.76)"
        )


def shop(made: Libraries) -> None:
    """A library of another trade: 30 cards of an online shop, two phrasings each."""
    cards, questions = {}, {}
    for language in LANGUAGES:
        all_ = asked("shop", language)
        cards[language] = [
            Card(0, 0, f"{q['scenario']}-{language}", q["title"], "-", tuple(q["phrasings"]), language, changed=NOW)
            for q in all_
        ]
        questions[language] = [(q["scenario"], text) for q in all_ for text in q["questions"]]
    for theirs in LANGUAGES:
        search = made.of(cards[theirs])
        for ours in LANGUAGES:
            others = [q["text"] for q in asked("shop outside", ours)]
            got = score(search, questions[ours], others)
            say(
                f"shop, {ours} on {theirs} cards: "
                f"MRR {got.mrr:.3f} (target {0.58 if ours == theirs == 'en' else 0.66}), "
                f"R@5 {got.in_five:.3f}, answered {got.answered:.2f}, "
                f"wrong {got.wrong:.2f}, refused {got.refused:.2f}; "
                f"near outside answered {got.share:.2f} (target 0.10)"
            )


def outside(made: Libraries) -> None:
    """Half of the scenarios left out, and their phrasings asked."""
    every = starter(made.db)
    scenarios = sorted({scenario(card) for card in every})
    shares = []
    for seed in range(6):
        kept = set(random.Random(seed).sample(scenarios, len(scenarios) // 2))
        search = made.of([card for card in every if scenario(card) in kept])
        texts = [text for card in every if scenario(card) not in kept for text in card.phrasings]
        texts += [q["text"] for q in QUESTIONS if q["kind"] == "plain" and q["scenario"] not in kept]
        shares.append(score(search, [], texts).share)
    say(f"scenarios left out: share answered {np.mean(shares):.3f}, at most {max(shares):.3f} (target 0.10)")


def small(made: Libraries) -> None:
    """Everyday questions, and a library's own phrasings word for word, on libraries of all sizes."""
    far = [q["text"] for language in LANGUAGES for q in asked("far", language)]
    for meaning in (True, False):
        for name, several in sizes(starter(made.db)).items():
            answered, exact, refused = [], [], []
            for cards in several:
                search = made.of(cards, meaning=meaning)
                all_ = finds(search, far)
                answered.append(np.mean([one.band is Band.ANSWER for one in all_]))
                refused.append(np.mean([one.band is Band.NONE for one in all_]))
                exact += [
                    one.band is Band.ANSWER and one.hits[0].key == card.key
                    for card in cards
                    for one in finds(search, card.rows)
                ]
            say(
                f"{name}{'' if meaning else ', words only'}: far questions answered {np.mean(answered):.3f}, at most "
                f"{max(answered):.3f} (target 0.05), refused {np.mean(refused):.2f}; own words answered "
                f"{np.mean(exact):.3f} (target 0.98)"
            )


def sizes(every: Sequence[Card]) -> dict[str, list[list[Card]]]:
    """Libraries by what they are."""
    some = random.Random(1)
    by_language = [[card for card in every if card.language == language] for language in LANGUAGES]
    found = {"the starter library": [list(every), *by_language]}
    for many in (1, 3, 5, 10):
        found[f"{many} card{'s' * (many > 1)}"] = [some.sample(cards, many) for cards in by_language for _ in range(4)]
    short = [[replace(card, phrasings=card.phrasings[:1]) for card in cards] for cards in by_language]
    bare = [[replace(card, phrasings=()) for card in cards] for cards in by_language]
    found |= {"26 cards, a phrasing each": short, "26 titles": bare}
    return found | {
        "5 cards, a phrasing each": [cards[::5][:5] for cards in short],
        "5 titles": [b[::5][:5] for b in bare],
    }


def say(line: str) -> None:
    print(f"library: {line}", flush=True)
