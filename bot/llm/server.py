"""One question to a server with OpenAI's `/chat/completions`, and what came back, whatever that was."""

import time
from functools import cached_property
from typing import Any

from bot.llm.model import Outcome, Tokens, tokens_of
from bot.llm.reading import MOST, Said, said
from bot.settings import LlmSettings

Messages = list[dict[str, str]]
LARGEST = 8 * MOST  # bytes of a body


class Server:
    """`settings` say where it is, and which of its models is meant."""

    def __init__(self, settings: LlmSettings) -> None:
        self._settings = settings
        self._cool = True  # whether it takes a temperature; some models refuse one

    def post(self, messages: Messages, form: dict[str, Any], left: float) -> tuple[Said, float | None]:
        """What the model said within so many seconds, or why nothing; and how long a busy server wants to rest."""
        asked = "\n".join(one["content"] for one in messages)
        until = time.monotonic() + max(left, 0.1)
        try:
            body = self._body(messages, form, until)
        except Exception as fault:  # whatever stands behind the address may answer anything
            if self._cool and "temperature" in str(getattr(fault, "body", "")):
                self._cool = False
                return self.post(messages, form, until - time.monotonic())
            return Said("", _outcome(fault), Tokens()), _wait(fault)
        if body is None:
            return Said("", Outcome.LATE, Tokens(tokens_of(asked), guessed=True)), None
        return said(body, asked), None

    def _body(self, messages: Messages, form: dict[str, Any], until: float) -> bytes | None:
        """The body of a 200; None when it is not there in time, however slowly it trickles in."""
        more: dict[str, Any] = {"response_format": form} if form else {}
        more |= {"temperature": 0} if self._cool else {}
        left = max(until - time.monotonic(), 0.1)
        create = self._client.chat.completions.with_streaming_response.create
        data = bytearray()
        with create(model=self._settings.model, messages=messages, timeout=left, **more) as answer:
            for chunk in answer.iter_bytes():
                data += chunk
                if time.monotonic() > until:
                    return None
                if len(data) > LARGEST:
                    break
        return bytes(data)

    @cached_property
    def _client(self) -> Any:
        from openai import OpenAI

        key = self._settings.key or "none"
        # No second try by the library: it would wait for as long as a server says, and is not in the books.
        return OpenAI(base_url=self._settings.url, api_key=key, organization="", project="", max_retries=0)


def _outcome(fault: Exception) -> Outcome:
    from openai import APIConnectionError, APITimeoutError

    status = getattr(fault, "status_code", None)
    if status in (401, 403):
        return Outcome.KEY
    if status == 429:
        return Outcome.BUSY
    if status == 408 or isinstance(fault, APITimeoutError) or "Timeout" in type(fault).__name__:
        return Outcome.LATE
    if isinstance(status, int):
        return Outcome.BROKEN if status >= 500 else Outcome.FORM
    dead = isinstance(fault, APIConnectionError) or type(fault).__module__.startswith("httpx")  # in the middle, too
    return Outcome.UNREACHABLE if dead else Outcome.STRANGE


def _wait(fault: Exception) -> float | None:
    """Of a server that is busy or broken: the seconds it asks for, 1 when it does not say; else None."""
    if _outcome(fault) not in (Outcome.BUSY, Outcome.BROKEN):
        return None
    try:
        return max(float(getattr(fault, "response").headers["retry-after"]), 0.0)  # noqa: B009
    except (AttributeError, KeyError, ValueError, TypeError):
        return 1.0
