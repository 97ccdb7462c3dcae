"""How a change reaches the pages that are open: a bell in this process, and server-sent events."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

BEAT = 10.0  # seconds between looks when nothing rings: another process may have written


@dataclass(slots=True)
class Bell:
    """Wakes whoever waits, in whatever event loop. `close` lets all go, so that the server can stop."""

    closed: bool = False
    _waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def ring(self) -> None:
        with self._lock:
            waiting = list(self._waiting)
        for loop, event in waiting:
            if not loop.is_closed():
                loop.call_soon_threadsafe(event.set)

    def close(self) -> None:
        self.closed = True
        self.ring()

    def listen(self) -> "Listener":
        return Listener(self)


class Listener:
    """One who waits for the bell. A ring between two waits is not lost."""

    def __init__(self, bell: Bell) -> None:
        self.bell = bell
        self.event = asyncio.Event()
        self.place = (asyncio.get_running_loop(), self.event)
        with bell._lock:
            bell._waiting.add(self.place)

    async def wait(self, seconds: float) -> None:
        """Until the bell rings, or so many seconds."""
        try:
            await asyncio.wait_for(self.event.wait(), seconds)
        except TimeoutError:
            return
        self.event.clear()

    def leave(self) -> None:
        with self.bell._lock:
            self.bell._waiting.discard(self.place)


Look = Callable[[int], Awaitable[list[dict[str, Any]] | None]]


async def events(bell: Bell, after: int, look: Look) -> AsyncIterator[str]:
    """Server-sent events of what changed after the change `after`, each with its number as the event's id.

    `look(after)` gives the next changes in order, or None when the viewer may not look any more. A browser that
    comes back says which id it saw last and goes on from there.
    """
    listener = bell.listen()
    try:
        yield "retry: 1000\n\n"
        while not bell.closed:
            changed = await look(after)
            if changed is None:
                return
            for each in changed:
                after = each["seq"]
                yield f"id: {after}\nevent: message\ndata: {json.dumps(each, ensure_ascii=False)}\n\n"
            if not changed:
                yield ": here\n\n"
                await listener.wait(BEAT)
    finally:
        listener.leave()
