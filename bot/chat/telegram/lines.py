"""What is done after an update was stored: in order for each chat, and small things beside."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from bot.chat.telegram.desk import where

log = logging.getLogger("paceline.telegram")


class Lines:
    """Work under way. What goes wrong in it is logged, and over."""

    def __init__(self) -> None:
        self._last: dict[str, asyncio.Task[None]] = {}  # the last thing to be done for each chat
        self._beside: set[asyncio.Task[None]] = set()

    def after(self, chat: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do it after all that is to be done for the chat already."""
        before = self._last.get(chat)

        async def run() -> None:
            if before is not None:
                await asyncio.wait([before])
            await _calmly(work())

        task = self._last[chat] = asyncio.create_task(run())

        def done(_: object) -> None:
            if self._last.get(chat) is task:
                del self._last[chat]

        task.add_done_callback(done)

    def beside(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it at once, whatever else is to be done."""
        task = asyncio.create_task(_calmly(work))
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def finish(self) -> None:
        """Wait until nothing is left to be done."""
        while waiting := [*self._beside, *self._last.values()]:
            await asyncio.wait(waiting)


async def _calmly(work: Awaitable[None]) -> None:
    try:
        await work
    except Exception as fault:
        log.error("something that was heard could not be answered: %s", where(fault))
