"""What the chat adapters speak into: stores what was heard, then lets the handlers answer, in threads of its own."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from bot.db import Database
from bot.errors import FormError
from bot.inbox import store
from bot.message import Message, Reply

log = logging.getLogger("paceline.inbox")

AT_ONCE = 200  # messages stored in one transaction
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
        threads: int = 4,
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
        self._hearing = ThreadPoolExecutor(1, thread_name_prefix="hear")
        self._coming: list[tuple[Message, asyncio.Future[bool]]] = []
        self._keeping: asyncio.Task[None] | None = None

    async def hear(self, message: Message) -> bool:
        """Store it; what comes in at the same time shares a transaction, so that a storm is acknowledged in time."""
        kept = self._loop().create_future()
        self._coming.append((message, kept))
        if self._keeping is None:
            self._keeping = asyncio.create_task(self._keep_coming())
        return bool(await kept)

    async def _keep_coming(self) -> None:
        while self._coming:
            batch, self._coming = self._coming[:AT_ONCE], self._coming[AT_ONCE:]
            outcomes = await self._loop().run_in_executor(self._hearing, self._keep, [message for message, _ in batch])
            for (_, kept), outcome in zip(batch, outcomes, strict=True):
                if kept.done():  # its adapter has stopped waiting
                    continue
                if isinstance(outcome, Exception):
                    kept.set_exception(outcome)
                else:
                    kept.set_result(outcome)
        self._keeping = None

    def _keep(self, messages: list[Message]) -> "list[bool | Exception]":
        try:
            with self._db.begin() as db:
                return list(store.add_all(db, self._workspace, messages))
        except Exception as fault:
            if len(messages) == 1:
                return [fault]
            return [outcome for message in messages for outcome in self._keep([message])]  # one may spoil it for all

    async def answer(self, message: Message) -> Reply | None:
        return await self._loop().run_in_executor(self._pool, self._route, message)

    async def about(self, platform: str, chat: str, sent: str) -> str:
        return await self._loop().run_in_executor(self._pool, self._about, platform, chat, sent)

    async def moved(self, platform: str, chat: str, to: str) -> None:
        await self._loop().run_in_executor(self._pool, self._moved, platform, chat, to)

    @staticmethod
    def _loop() -> asyncio.AbstractEventLoop:
        return asyncio.get_running_loop()

    def take(self, message: Message) -> Reply | None:
        """Hear and answer at once, for callers in a thread of their own."""
        (fresh,) = self._keep([message])
        if isinstance(fresh, Exception):
            raise fresh
        return self._route(message) if fresh else None

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
        self._hearing.shutdown(wait=True)
        self._pool.shutdown(wait=True, cancel_futures=True)
