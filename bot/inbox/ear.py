"""What the chat adapters speak into: stores what was heard, then lets the handlers answer, in threads of its own."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TypeVar

from bot.db import Database
from bot.errors import FormError
from bot.inbox import store
from bot.message import Message, Reply

log = logging.getLogger("paceline.inbox")

T = TypeVar("T")

PATIENCE = timedelta(seconds=60)  # what is not handled after that was cut short, and is handled again


class Inbox:
    """The `Ear` of all adapters. `route` answers one message; it runs in a pool of `threads`.

    `about` and `moved` do what the protocol's functions of these names promise.
    """

    def __init__(
        self,
        db: Database,
        workspace: int,
        route: Callable[[Message], Reply | None],
        now: Callable[[], datetime],
        threads: int = 8,
        about: Callable[[str, str, str], str] = lambda platform, chat, sent: "",
        moved: Callable[[str, str, str], None] = lambda platform, chat, to: None,
    ) -> None:
        self._db = db
        self._workspace = workspace
        self._route = route
        self._now = now
        self._about = about
        self._moved = moved
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="answer")

    async def hear(self, message: Message) -> bool:
        return await self._away(self._keep, message)

    async def answer(self, message: Message) -> Reply | None:
        return await self._away(self._route, message)

    async def about(self, platform: str, chat: str, sent: str) -> str:
        return await self._loop().run_in_executor(self._pool, self._about, platform, chat, sent)

    async def moved(self, platform: str, chat: str, to: str) -> None:
        await self._loop().run_in_executor(self._pool, self._moved, platform, chat, to)

    @staticmethod
    def _loop() -> asyncio.AbstractEventLoop:
        return asyncio.get_running_loop()

    def take(self, message: Message) -> Reply | None:
        """Hear and answer at once, for callers in a thread of their own."""
        return self._route(message) if self._keep(message) else None

    async def _away(self, work: Callable[[Message], T], message: Message) -> T:
        return await self._loop().run_in_executor(self._pool, work, message)

    def _keep(self, message: Message) -> bool:
        with self._db.begin() as db:
            return store.add(db, self._workspace, message)

    async def keep_resuming(self) -> None:
        """Handle what was heard and never handled, now and every minute: the process died in between, or the database
        was locked or full."""
        while True:
            try:
                await self.resume()
            except Exception:
                log.exception("what was heard and not handled could not be looked at; trying again")
            await asyncio.sleep(PATIENCE.total_seconds())

    async def resume(self) -> int:
        """Handle what was heard and never handled; how many there were."""
        left = await asyncio.to_thread(self._left)
        for message in left:
            try:
                await self.answer(message)
            except FormError:
                log.warning("a form that was cut short cannot be taken as it is; it is left aside")
        return len(left)

    def _left(self) -> list[Message]:
        with self._db.read() as db:
            return store.unanswered(db, self._workspace, self._now() - PATIENCE)

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
