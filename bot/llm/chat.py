"""Asks a model for JSON and believes nothing of it: what comes back is checked, or the answer is None.

Works with any server that has `/chat/completions`. How much such a server understands of schemas is found out by
trying: a schema, then a JSON object, then plain text from which JSON is read.
"""

import json
import logging
import re
import threading
import time
from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

from bot.settings import LlmSettings

log = logging.getLogger("paceline.llm")

T = TypeVar("T")
FAILURES, REST = 3, 60.0  # after so many failures in REST seconds nobody is asked for REST seconds
_JSON = re.compile(r"\{.*\}", re.DOTALL)


class Chat:
    """One server and model. `monotonic` is the clock of its breaker. Safe to use from several threads."""

    def __init__(self, settings: LlmSettings, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._now = monotonic
        self._lock = threading.Lock()
        self._failed: list[float] = []
        self._rung = 0

    def ask(
        self, prompt: str, into: Callable[[dict[str, Any]], T], schema: dict[str, Any], deadline: float
    ) -> T | None:
        """What `into` makes of the model's answer; None when there is none that holds within `deadline` seconds.

        `into` raises ValueError, KeyError or TypeError for an answer that it does not take.
        """
        until = self._now() + deadline
        while self._open() and self._now() < until:
            rung = self._rung
            try:
                text = self._complete(prompt, schema, rung, until - self._now())
            except Exception as fault:  # whatever stands behind the address may answer anything
                if self._steps_down(fault, rung):
                    continue
                self._note_failure(type(fault).__name__)
                return None
            try:
                return into(_object(text))
            except (ValueError, KeyError, TypeError, RecursionError):
                if rung == self._rung and not self._down(rung):
                    self._note_failure("an answer that does not hold")
                    return None
        return None

    def _complete(self, prompt: str, schema: dict[str, Any], rung: int, left: float) -> str:
        forms: tuple[dict[str, Any], ...] = (
            {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema, "strict": True}},
            {"type": "json_object"},
            {},
        )
        more = {"response_format": forms[rung]} if forms[rung] else {}
        answer = self._client.chat.completions.create(
            model=self._settings.model,
            messages=[{"role": "user", "content": prompt}],
            temperature=0,
            timeout=max(left, 0.1),
            **more,
        )
        choices = getattr(answer, "choices", None)  # an error told with a 200, or HTML, has none
        if not choices or choices[0].finish_reason == "length" or not choices[0].message.content:
            raise ValueError("no answer in it")
        return str(choices[0].message.content)

    def _steps_down(self, fault: Exception, rung: int) -> bool:
        """Whether a simpler way of asking may help: the server did not like the form, or gave nothing in it."""
        status = getattr(fault, "status_code", None)
        return (status in (400, 404, 422) or isinstance(fault, (ValueError, AttributeError))) and self._down(rung)

    def _down(self, rung: int) -> bool:
        with self._lock:
            if rung >= 2:
                return False
            self._rung = max(self._rung, rung + 1)
            return True

    def _open(self) -> bool:
        with self._lock:
            now = self._now()
            self._failed = [at for at in self._failed if now - at < REST]
            return len(self._failed) < FAILURES

    def _note_failure(self, what: str) -> None:
        log.warning("the model did not help: %s", what)
        with self._lock:
            self._failed.append(self._now())

    @cached_property
    def _client(self) -> Any:
        from openai import OpenAI

        key = self._settings.key or "none"
        return OpenAI(base_url=self._settings.url, api_key=key, organization="", max_retries=0)


def _object(text: str) -> dict[str, Any]:
    """The JSON object in what a model wrote, thoughts and fences around it left out."""
    text = re.sub(r"<think>.*?</think>", "", text, flags=re.DOTALL)
    found = _JSON.search(text)
    body = json.loads(found[0]) if found else None
    if not isinstance(body, dict):
        raise ValueError("no JSON object in it")
    return body
