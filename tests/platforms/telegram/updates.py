"""What waits for the bot: updates with growing ids, kept until it has confirmed them."""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from .things import Json

# Sent only to a bot that asks for them by name.
ON_REQUEST = {"chat_member", "message_reaction", "message_reaction_count"}


@dataclass
class Queue:
    """`pending`: what the bot has not confirmed, in the order of delivery. `all`: every update there ever was.

    `deliver_times`: how often each update that is made from now on comes. `wake` is called when there is something.
    """

    pending: list[Json] = field(default_factory=list)
    all: list[Json] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)
    deliver_times: int = 1
    wake: Callable[[], None] = lambda: None
    lock: threading.RLock = field(default_factory=threading.RLock)  # tests put, the server's thread takes
    _last: int = 700_000_000
    _held: list[Json] | None = None

    def put(self, kind: str, what: Json) -> Json | None:
        """Make an update, unless the bot does not want this kind."""
        if self.allowed and kind not in self.allowed:
            return None
        if not self.allowed and kind in ON_REQUEST:
            return None
        with self.lock:
            self._last += 1
            update = {"update_id": self._last, kind: what}
            self.all.append(update)
            if self._held is not None:
                self._held.append(update)
            else:
                self.again(update, self.deliver_times)
            return update

    def again(self, update: Json, times: int = 1) -> None:
        """Deliver an update once more, though it may have been confirmed."""
        with self.lock:
            self.pending += [update] * times
        self.wake()

    def confirm(self, offset: int) -> None:
        """Forget all below; a negative offset keeps so many of the newest."""
        with self.lock:
            if offset < 0:
                offset = self.pending[offset:][0]["update_id"] if self.pending else 0
            self.pending = [update for update in self.pending if update["update_id"] >= offset]

    def drop(self) -> None:
        """Forget all that waits."""
        with self.lock:
            self.pending = []

    def taken(self, update: Json) -> None:
        """An update was delivered, once."""
        with self.lock:
            at = next((i for i, other in enumerate(self.pending) if other is update), None)
            if at is not None:
                del self.pending[at]

    @contextmanager
    def scrambled(self, seed: int | None = None) -> Iterator[None]:
        """What is made meanwhile comes backwards, or shuffled by a seed, when it ends."""
        self._held = []
        try:
            yield
        finally:
            held, self._held = self._held[::-1], None
            if seed is not None:
                random.Random(seed).shuffle(held)
            for update in held:
                self.again(update, self.deliver_times)
