"""Sends what is due, chat by chat in order, and writes down what became of it."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby

from bot.chat import Chat
from bot.db import Database
from bot.errors import ChatError
from bot.outbox import model, store
from bot.outbox.model import Due

log = logging.getLogger(__name__)

LONGEST_SLEEP = 5.0  # seconds; a second process may have written to the outbox without waking us


class Pump:
    """One loop that drains the outbox into the chats. Any number may run; each holds its own rows."""

    def __init__(self, db: Database, chats: Mapping[str, Chat], now: Callable[[], datetime]) -> None:
        self._db = db
        self._chats = chats
        self._now = now
        self._woken = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._stopping = False

    def wake(self) -> None:
        """There may be something to send. Callable from any thread."""
        self._loop.call_soon_threadsafe(self._woken.set)

    def stop(self) -> None:
        """Let the loop end after the messages that it holds."""
        self._stopping = True
        self._woken.set()

    async def run(self) -> None:
        while not self._stopping:
            self._woken.clear()
            try:
                rest = await self.drain()
            except Exception:
                log.exception("the outbox could not be read; trying again in %s s", LONGEST_SLEEP)
                rest = LONGEST_SLEEP
            if rest > 0 and not self._stopping:
                try:
                    await asyncio.wait_for(self._woken.wait(), timeout=rest)
                except TimeoutError:
                    continue

    async def drain(self) -> float:
        """Send what is due now; the seconds until it is worth looking again."""
        while taken := await asyncio.to_thread(self._claim):
            by_chat = groupby(sorted(taken, key=_chat_of), key=_chat_of)
            await asyncio.gather(*(self._send_in_order(list(group)) for _, group in by_chat))
        return await asyncio.to_thread(self._rest)

    def _claim(self) -> list[Due]:
        with self._db.read() as db:  # an idle pump takes no write lock
            due = store.next_due(db)
        if due is None or due > self._now():
            return []
        with self._db.begin() as db:
            return store.claim(db, self._now())

    def _rest(self) -> float:
        with self._db.read() as db:
            due = store.next_due(db)
        if due is None:
            return LONGEST_SLEEP
        return min(max((due - self._now()).total_seconds(), 0.01), LONGEST_SLEEP)

    async def _send_in_order(self, dues: Sequence[Due]) -> None:
        for position, due in enumerate(dues):
            if not await self._send(due):
                rest = [later.id for later in dues[position + 1 :]]
                await asyncio.to_thread(self._release, rest)
                return

    async def _send(self, due: Due) -> bool:
        chat = self._chats.get(due.place.platform)
        try:
            if chat is None:
                raise ChatError(f"{due.place.platform} is not connected")
            sent = await self._post(chat, due)
        except Exception as fault:
            await asyncio.to_thread(self._failed, due, fault)
            return False
        await asyncio.to_thread(self._sent, due, sent)
        return True

    async def _post(self, chat: Chat, due: Due) -> str:
        place = due.place
        if due.under:  # known only now: the root of the thread may have gone out a moment ago
            place = replace(place, thread=await asyncio.to_thread(self._root, due))
        sent = due.sent
        if not sent and due.again:  # a pump died holding it: look before saying it twice
            sent = await chat.find(place, due.key) or ""
        if not sent:
            return await chat.send(place, due.reply, due.key)
        await chat.edit(place, sent, due.reply)
        return sent

    def _root(self, due: Due) -> str:
        with self._db.read() as db:
            return store.sent_id(db, due)

    def _sent(self, due: Due, sent: str) -> None:
        with self._db.begin() as db:
            store.mark_sent(db, due, sent, self._now())

    def _failed(self, due: Due, fault: Exception) -> None:
        refusal = fault if isinstance(fault, ChatError) else None
        attempts = due.attempts + 1
        given_up = attempts >= model.TRIES or (refusal is not None and refusal.permanent)
        wait = model.pause(attempts, refusal.retry_after if refusal else None)
        log.warning("message %s: %s", due.key, fault, exc_info=None if refusal else fault)
        with self._db.begin() as db:
            store.mark_failed(db, due, str(fault), None if given_up else self._now() + wait)

    def _release(self, ids: Sequence[int]) -> None:
        if ids:
            with self._db.begin() as db:
                store.release(db, ids)


def _chat_of(due: Due) -> tuple[str, str]:
    return due.place.platform, due.place.chat


def behind(db: Database, now: datetime) -> timedelta:
    """How long the longest-waiting message has been due."""
    with db.read() as connection:
        oldest = store.oldest_waiting(connection)
    return max(now - oldest, timedelta()) if oldest else timedelta()
