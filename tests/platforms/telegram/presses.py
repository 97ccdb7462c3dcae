"""A button that somebody pressed, and the little clock that turns on it until the bot answers."""

import asyncio
import threading
from collections.abc import Generator
from dataclasses import dataclass, field

from .things import Json, Message, User


@dataclass
class Press:
    """Awaiting it gives the text that popped up ("" when none did); in another thread, `wait()` does.

    Both fail when the bot has not answered `within` seconds. `answer`: the whole answer, None until it comes.
    """

    id: str
    user: User
    message: Message
    data: str
    at: float
    within: float = 5
    answer: Json | None = None
    _done: threading.Event = field(default_factory=threading.Event)

    def settle(self, answer: Json) -> None:
        """The bot answered."""
        self.answer = answer
        self._done.set()

    def wait(self) -> str:
        """Block this thread until the answer is there."""
        return self._read(self._done.wait(self.within))

    def __await__(self) -> Generator[object, None, str]:
        return self._watch().__await__()

    async def _watch(self) -> str:
        loop = asyncio.get_running_loop()
        end = loop.time() + self.within
        while not self._done.is_set() and loop.time() < end:
            await asyncio.sleep(0.005)
        return self._read(self._done.is_set())

    def _read(self, came: bool) -> str:
        if not came or self.answer is None:
            raise AssertionError(f"nobody answered the press of {self.data!r} within {self.within} s")
        return str(self.answer.get("text", ""))
