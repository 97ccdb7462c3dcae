"""Texts to vectors, by a server with OpenAI's `/embeddings`."""

import logging
from functools import cached_property
from typing import Any

from bot.errors import BotError

log = logging.getLogger("paceline.llm")


class Embeddings:
    """`url` ends before `/embeddings`, as in `http://127.0.0.1:8000/v1`; a server without keys takes `key` "".

    `patience`: seconds that it may be silent over one text; twenty texts may take it twice as long.
    """

    def __init__(self, url: str, key: str, model: str, patience: float = 10) -> None:
        self._url, self._key, self._model, self._patience = url, key, model, patience

    def ask(self, texts: list[str]) -> list[list[float]]:
        """A vector for each text, as the server gave them. Raises `BotError` when it does not answer; it is asked
        once."""
        patience = self._patience * (0.95 + len(texts) / 20)
        try:
            answer = self._client.embeddings.create(
                input=texts, model=self._model, encoding_format="float", timeout=patience
            )
            return [one.embedding for one in sorted(answer.data, key=lambda one: one.index)]
        except Exception as fault:  # whatever stands behind the address may answer anything
            log.warning("the embedding server did not answer: %s", type(fault).__name__)
            raise BotError("The embedding server does not answer. Check PACELINE_EMBED_URL.") from fault

    @cached_property
    def _client(self) -> Any:
        from openai import OpenAI

        # No second try: somebody waits, and words are compared meanwhile.
        return OpenAI(base_url=self._url, api_key=self._key or "none", organization="", max_retries=0)
