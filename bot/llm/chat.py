"""Asks a model for JSON and believes nothing of it: what comes back is checked, or the answer is None.

Works with any server that has `/chat/completions`. How much such a server understands of schemas is found out by
trying, and remembered for a day: a schema, then a JSON object, then plain text in which slips are mended, then one
request to the model to mend its answer.
"""

import hashlib
import json
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from bot.llm.ledger import Books, NoBooks
from bot.llm.model import Call, Outcome, Tokens, cost_of
from bot.llm.reading import Said, parsed
from bot.llm.server import Messages, Server
from bot.settings import LlmSettings

log = logging.getLogger("paceline.llm")

T = TypeVar("T")
FAILURES, REST = 3, 60.0  # after so many failures in REST seconds nobody is asked for REST seconds
REMEMBERED = 86_400.0  # seconds for which a rung is
SCHEMA, OBJECT, PLAIN, MENDED = range(4)
PATIENT = 60.0  # seconds of deadline from which a server that is busy is asked once more
LONGEST_WAIT = 20.0
# A simpler way of asking may help.
_LOWER = frozenset({Outcome.FORM, Outcome.STRANGE, Outcome.EMPTY, Outcome.INVALID})


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """`value` is None unless `outcome` is good or kept. `body`: the JSON that it was made of."""

    value: T | None
    outcome: Outcome
    body: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Question(Generic[T]):
    """`into` makes a value of the model's JSON, and raises ValueError, KeyError or TypeError for what it does not take.

    `fence` is what differs when the same is asked again. `about`: what it is about, so that the answer can be forgotten
    with that.
    """

    prompt: str
    into: Callable[[dict[str, Any]], T]
    schema: dict[str, Any]
    task: str = ""
    fence: str = ""
    about: str = ""

    def digest(self, server: str) -> str:
        text = self.prompt.replace(self.fence, "") if self.fence else self.prompt
        parts = [server, self.task, text, json.dumps(self.schema, sort_keys=True)]
        return hashlib.sha256("\x00".join(parts).encode()).hexdigest()


class Chat:
    """One server and model. `monotonic` is the clock of its breaker and deadlines. Safe to use from several threads."""

    def __init__(
        self, settings: LlmSettings, monotonic: Callable[[], float] = time.monotonic, books: Books | None = None
    ) -> None:
        self._settings = settings
        self._now = monotonic
        self._books = books or NoBooks()
        self._server = Server(settings)
        self._lock = threading.Lock()
        self._failed: list[float] = []
        self._rung, self._since = SCHEMA, 0.0

    @property
    def name(self) -> str:
        """Of the model."""
        return self._settings.model

    def state(self) -> Outcome:
        """Whether it would be asked: good, resting or spent."""
        if not self._closed():
            return Outcome.RESTING
        return Outcome.SPENT if self._books.spent() else Outcome.GOOD

    def ask(
        self,
        prompt: str,
        into: Callable[[dict[str, Any]], T],
        schema: dict[str, Any],
        deadline: float,
        *,
        task: str = "",
        fence: str = "",
        about: str = "",
    ) -> T | None:
        """What `into` makes of the model's answer; None when there is none that holds within `deadline` seconds."""
        return self.answer(Question(prompt, into, schema, task, fence, about), deadline).value

    def answer(self, question: Question[T], deadline: float) -> Answer[T]:
        """The answer to a question, and how asking ended. One that held before is not asked for again."""
        digest = question.digest(f"{self._settings.url} {self._settings.model}")
        kept = self._books.kept(digest)
        if isinstance(kept, dict):
            try:
                value = question.into(kept)
            except (ValueError, KeyError, TypeError):
                pass  # an older version of us took it
            else:
                self._note(question, SCHEMA, Said("", Outcome.KEPT, Tokens()), 0.0)
                return Answer(value, Outcome.KEPT)
        found = self._climb(question, deadline)
        if found.body is not None:
            self._books.keep(digest, question.task, question.about, found.body)
        return found

    def _climb(self, question: Question[T], deadline: float) -> Answer[T]:
        """Down the ladder, from the rung that helped last."""
        until, rung, outcome, again = self._now() + deadline, self._start(), Outcome.LATE, deadline >= PATIENT
        messages: Messages = [{"role": "user", "content": question.prompt}]
        while rung <= MENDED and self._now() < until:
            if (state := self.state()) is not Outcome.GOOD:
                return Answer(None, state)
            said, wait = self._send(question, messages, rung, until)
            found = _taken(question, said, repair=rung >= PLAIN)
            outcome = found.outcome
            if outcome is Outcome.GOOD:
                self._helped(rung)
                return found
            if wait is not None and again and wait <= LONGEST_WAIT and self._now() + wait < until:
                again = False
                time.sleep(wait)
                continue
            if outcome not in _LOWER or (rung == PLAIN and outcome is not Outcome.INVALID):
                break
            rung += 1
            if rung == MENDED:
                messages = [*messages, *_mend(said)]
        self._failure(outcome)
        return Answer(None, outcome)

    def _send(self, question: Question[T], messages: Messages, rung: int, until: float) -> tuple[Said, float | None]:
        forms: tuple[dict[str, Any], ...] = (
            {"type": "json_schema", "json_schema": {"name": "answer", "schema": question.schema, "strict": True}},
            {"type": "json_object"},
        )
        began = self._now()
        said, wait = self._server.post(messages, forms[rung] if rung < PLAIN else {}, until - began)
        held = _taken(question, said, repair=rung >= PLAIN).outcome
        self._note(question, rung, Said("", held, said.used), self._now() - began)
        return said, wait

    def _note(self, question: Question[T], rung: int, said: Said, seconds: float) -> None:
        used = said.used
        cost = cost_of(used, self._settings.prices)
        ms = round(seconds * 1000)
        self._books.note(Call(self._books.now(), question.task, self.name, rung, said.outcome, used, ms, cost))

    def _start(self) -> int:
        with self._lock:
            if self._rung and self._now() - self._since > REMEMBERED:
                self._rung = SCHEMA
            return self._rung

    def _helped(self, rung: int) -> None:
        with self._lock:
            rung = min(rung, PLAIN)
            if rung != self._rung:
                self._rung, self._since = rung, self._now()

    def _closed(self) -> bool:
        with self._lock:
            now = self._now()
            self._failed = [at for at in self._failed if now - at < REST]
            return len(self._failed) < FAILURES

    def _failure(self, outcome: Outcome) -> None:
        log.warning("the model did not help: %s", outcome)
        with self._lock:
            self._failed.append(self._now())


def _taken(question: Question[T], said: Said, *, repair: bool) -> Answer[T]:
    if said.outcome is not Outcome.GOOD:
        return Answer(None, said.outcome)
    try:
        body = parsed(said.text, repair=repair)
        return Answer(question.into(body), Outcome.GOOD, body)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Answer(None, Outcome.INVALID)


def _mend(said: Said) -> Messages:
    why = "That was not the JSON object that was asked for. Answer again, with that object and nothing around it."
    return [{"role": "assistant", "content": said.text[:20_000]}, {"role": "user", "content": why}]
