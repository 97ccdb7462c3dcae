"""Texts to vectors, by a server with OpenAI's `/embeddings`."""

import logging
from functools import cached_property
from typing import Any

from bot.errors import BotError

log = logging.getLogger("paceline.llm")


class Embeddings:
    """`url` ends before `/embeddings`, as in `http://127.0.0.1:8000/v1`; a server without keys takes `key` ""."""

    def __init__(self, url: str, key: str, model: str) -> None:
        self._url, self._key, self._model = url, key, model

    def ask(self, texts: list[str]) -> list[list[float]]:
        """A vector for each text. Raises `BotError` when the server does not answer within 20 s, twice."""
        try:
            answer = self._client.embeddings.create(input=texts, model=self._model, encoding_format="float")
            return [one.embedding for one in answer.data]
        except Exception as fault:  # whatever stands behind the address may answer anything
            log.warning("the embedding server did not answer: %s", type(fault).__name__)
            raise BotError("The embedding server does not answer. Check PACELINE_EMBED_URL.") from fault

    @cached_property
    def _client(self) -> Any:
        from openai import OpenAI

        return OpenAI(base_url=self._url, api_key=self._key or "none", organization="", timeout=20, max_retries=1)
