"""Sends what is due, lane by lane."""

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from bot.chat import Chat
from bot.db import Database
from bot.outbox import store
from bot.outbox.lane import Lane
from bot.outbox.owner import myself


class Pump:
    """Drains the outbox into the chats, a loop for each lane. Any number may run: a lane has one owner at a time."""

    def __init__(
        self,
        db: Database,
        chats: Mapping[str, Chat],
        now: Callable[[], datetime],
        workspace: int = 1,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        owner = myself()
        self.lanes = [Lane(db, workspace, chat, now, owner, clock) for chat in chats.values()]
        self._loop = asyncio.get_running_loop()

    def wake(self) -> None:
        """There may be something to send. Callable from any thread."""
        for lane in self.lanes:
            self._loop.call_soon_threadsafe(lane.woken.set)

    def stop(self) -> None:
        """Let the loops end after the messages that they hold."""
        for lane in self.lanes:
            lane.stopping = True
            lane.woken.set()

    async def run(self) -> None:
        await asyncio.gather(*(lane.run() for lane in self.lanes))

    async def drain(self) -> None:
        """Send all that may go now and hand the lanes back; what has to wait for its time stays."""
        for lane in self.lanes:
            await lane.drain()
            await lane.put_away()


def behind(db: Database, now: datetime) -> timedelta:
    """How long the longest-waiting message has been due, while none is sent."""
    with db.read() as connection:
        oldest = store.oldest_waiting(connection, now)
    return max(now - oldest, timedelta()) if oldest else timedelta()
