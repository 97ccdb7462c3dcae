"""The base of a search: what is made rarely, and kept as a file so that a restart need not make it again.

The file holds words of the cards, though no text of any.
"""

import logging
import os
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.library.bands import fit
from bot.library.index import Meanings, Segment, rows_of
from bot.library.lexical import Floats, Postings, Terms
from bot.library.model import Bands, Card, State

log = logging.getLogger("paceline.library")
FORM = 4  # counted up whenever what is kept here, or how it is made, changes


@dataclass(frozen=True, slots=True)
class Base:
    """All approved cards as they were at one time.

    `seq` and `embedded`: the state of the tables that it knows of. `stamps`: of each card of the segment, of what rows.
    `meanings`: None when there was no vector.
    """

    seq: int
    embedded: int
    meanings: Meanings | None
    segment: Segment
    stamps: NDArray[np.int64]
    by_meaning: Bands
    by_words: Bands

    def knows(self, cards: Iterable[Card], seq: int) -> bool:
        """Whether it is of these cards, as far as they have not changed since, and not of some other database's."""
        stamps = dict(zip(self.segment.cards.tolist(), self.stamps.tolist(), strict=True))
        old = (card for card in cards if card.seq <= self.seq and card.state is State.APPROVED)
        return self.seq <= seq and all(stamps.get(card.id, 0) == stamp(card) for card in old)


def make(
    cards: Iterable[Card],
    stand: tuple[int, int],
    vectors: Callable[[Sequence[str]], NDArray[np.floating[Any]]],
    usual: Mapping[str, Floats],
) -> Base:
    """`vectors`: makes a row of each text; `usual`: the mean vectors of each language."""
    approved = [card for card in cards if card.state is State.APPROVED]
    rows = rows_of(approved)
    raw, languages = vectors([row.text for row in rows]), [row.language for row in rows]
    meanings = Meanings.of(raw, languages, usual) if raw.any() else None
    placed = meanings.place(raw, languages) if meanings else raw.astype(np.float32)
    del raw  # of a large library it takes room that the rest needs
    segment = Segment.of(rows, placed)
    by_id = {card.id: card for card in approved}
    stamps = np.array([stamp(by_id[card]) for card in segment.cards.tolist()], np.int64)
    return Base(*stand, meanings, segment, stamps, *fit(segment, rows))


def stamp(card: Card) -> int:
    """A number that changes with the rows of a card; 0 when it has none."""
    said = "\0".join(card.rows).encode()
    return int.from_bytes(blake2b(said, digest_size=8).digest(), "big", signed=True) if said else 0


def save(file: Path, model: str, base: Base) -> None:
    """Keep a base. A file that cannot be written costs time at the next start, no more."""
    flat: dict[str, Any] = {"form": FORM, "model": model, "seq": base.seq, "embedded": base.embedded}
    segment = base.segment
    flat |= {name: getattr(segment, name) for name in ("cards", "first", "chinese", "blank")}
    flat |= {"stamps": base.stamps, "vectors": segment.vectors.astype(np.float16)}
    for kind, postings in (("words", segment.words), ("grams", segment.grams)):
        terms = postings.terms
        flat[f"{kind}.tokens"] = np.frombuffer("\n".join(terms.place).encode(), np.uint8)
        flat |= {f"{kind}.weight": terms.weight, f"{kind}.usual": [terms.unknown, terms.usual_length]}
        flat |= {f"{kind}.{name}": getattr(postings, name) for name in ("start", "rows", "adds")}
    flat["bands"] = [[cut.answer, cut.none] for cut in (base.by_meaning, base.by_words)]
    flat |= {f"mean.{language}": mean for language, mean in (base.meanings.means if base.meanings else {}).items()}
    part = file.with_name(f"{file.stem}.{os.getpid()}-{threading.get_ident()}.part")  # nobody else writes to it
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as out:
            np.savez(out, **flat)
        os.replace(part, file)
    except OSError as fault:
        log.warning("the library's index could not be kept (%s); it is made again at the next start", fault)
        with suppress(OSError):
            part.unlink()


def load(file: Path, model: str) -> Base | None:
    """The base that was kept, or None when there is none for this model and form."""
    try:
        with np.load(file, allow_pickle=False) as kept:
            if int(kept["form"]) != FORM or str(kept["model"]) != model:
                return None
            return _base({name: kept[name] for name in kept.files})
    except FileNotFoundError:
        return None
    except Exception:  # a file cut short or changed by somebody; zipfile and numpy raise many kinds
        log.warning("the library's index in %s cannot be read; it is made again", file)
        return None


def _base(flat: dict[str, Any]) -> Base:
    kept = {name: flat[name] for name in ("cards", "first", "chinese", "blank")}
    kept |= {"words": _postings(flat, "words"), "grams": _postings(flat, "grams")}
    segment = Segment(**kept, vectors=flat["vectors"].astype(np.float32))
    cuts = [Bands(answer, none) for answer, none in flat["bands"].tolist()]
    means = {name.removeprefix("mean."): mean for name, mean in flat.items() if name.startswith("mean.")}
    stand = (int(flat["seq"]), int(flat["embedded"]))
    return Base(*stand, Meanings(means) if means else None, segment, flat["stamps"], *cuts)


def _postings(flat: dict[str, Any], kind: str) -> Postings:
    text = flat[f"{kind}.tokens"].tobytes().decode()
    place = {token: i for i, token in enumerate(text.split("\n"))} if text else {}
    terms = Terms(place, flat[f"{kind}.weight"], *map(float, flat[f"{kind}.usual"]))
    start, rows, adds = (flat[f"{kind}.{name}"] for name in ("start", "rows", "adds"))
    return Postings(terms, start, rows, adds, len(flat["blank"]))
