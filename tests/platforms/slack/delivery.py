"""What Slack sends to the app, and what became of it: once, again, and again."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Generator, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Self

from .things import Json


@dataclass
class Attempt:
    """One try: when (monotonic seconds), and "ok" or why it failed, as Slack names it the next time."""

    at: float
    outcome: str
    response: Any = None
    last: bool = False  # the app asked not to be told again


@dataclass
class Delivery:
    """An envelope on its way. `kind`: events_api, slash_commands or interactive. `number` and `reason`: why again."""

    kind: str
    payload: Json
    number: int = 0
    reason: str = ""
    attempts: list[Attempt] = field(default_factory=list)
    done: "Future[None]" = field(default_factory=Future)
    then: Callable[[Any], None] | None = None  # what an answer does, such as closing a form

    @property
    def acked(self) -> bool:
        """Whether the app acknowledged it."""
        return bool(self.attempts) and self.attempts[-1].outcome == "ok"

    @property
    def response(self) -> Any:
        """What the app acknowledged with."""
        return self.attempts[-1].response if self.acked else None


@dataclass
class Act:
    """What a person did. `await act` or `act.wait()` until the app has heard of it, or Slack gave up telling it.

    Of a form that was sent: `errors` by block, and the `trouble` that Slack has with the answer.
    """

    deliveries: list[Delivery]
    ts: str = ""
    trigger_id: str = ""
    response_url: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    trouble: list[str] = field(default_factory=list)

    @property
    def acked(self) -> bool:
        """Whether the app acknowledged all of it."""
        return all(delivery.acked for delivery in self.deliveries)

    @property
    def response(self) -> Any:
        """What the app acknowledged it with."""
        return next((d.response for d in self.deliveries if d.response), None)

    @property
    def event_ids(self) -> list[str]:
        """The ids of the events that told of it."""
        return [d.payload["event_id"] for d in self.deliveries if d.kind == "events_api"]

    def wait(self, within: float = 10) -> Self:
        """Wait in another thread than the server's."""
        assert not wait([d.done for d in self.deliveries], within).not_done, f"the app did not hear within {within} s"
        return self

    def __await__(self) -> Generator[Any, None, Self]:
        return self._settled().__await__()

    async def _settled(self) -> Self:
        await asyncio.gather(*(asyncio.wrap_future(d.done) for d in self.deliveries))
        return self


class Post:
    """Delivers, each thing in a task of its own. `carry` is one try, by socket or HTTP.

    `again_after`: seconds before an event is tried again; the length is how often. Commands and presses are not.
    """

    def __init__(self, carry: Callable[[Delivery], Awaitable[Attempt]]) -> None:
        self.carry = carry
        self.again_after: tuple[float, ...] = (0.1, 60, 300)
        self.times = 1
        self.all: list[Delivery] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: list[Delivery] | None = None

    def send(self, delivery: Delivery) -> list[Delivery]:
        """Set a delivery on its way, as often as `times` says. May be called from any thread."""
        copies = [delivery]
        if delivery.kind == "events_api":
            again = range(1, self.times)
            copies += [Delivery(delivery.kind, delivery.payload, number, "timeout") for number in again]
        self.all += copies
        if self._held is None:
            self._start(copies)
        else:
            self._held += copies
        return copies

    def _start(self, deliveries: list[Delivery]) -> None:
        if self._loop is None:
            for delivery in deliveries:
                delivery.done.set_result(None)
            return
        for delivery in deliveries:
            self._loop.call_soon_threadsafe(self._spawn, delivery)

    def _spawn(self, delivery: Delivery) -> None:
        task = asyncio.ensure_future(self._deliver(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, delivery: Delivery) -> None:
        try:
            for pause in (0, *self.again_after):
                await asyncio.sleep(pause)
                attempt = await self.carry(delivery)
                delivery.attempts.append(attempt)
                if attempt.outcome == "ok" or attempt.last or delivery.kind != "events_api":
                    break
                delivery.number, delivery.reason = delivery.number + 1, attempt.outcome
            if delivery.acked and delivery.then:
                delivery.then(delivery.response)
        finally:
            delivery.done.set_result(None)

    @contextmanager
    def scrambled(self, seed: int = 1) -> Iterator[None]:
        """Hold what is sent meanwhile, and then let it go in another order."""
        self._held = []
        try:
            yield
        finally:
            held, self._held = self._held, None
            random.Random(seed).shuffle(held)
            self._start(held)

    @contextmanager
    def delivering(self, times: int) -> Iterator[None]:
        """Deliver each event that is sent meanwhile several times, at once, under the same event id."""
        self.times, before = times, self.times
        try:
            yield
        finally:
            self.times = before

    def open(self) -> None:
        """Begin, in the running loop."""
        self._loop = asyncio.get_running_loop()

    async def close(self) -> None:
        """Forget what is on its way."""
        self._loop = None
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def failed(outcome: str) -> Attempt:
    """A try that came to nothing."""
    return Attempt(time.monotonic(), outcome)
