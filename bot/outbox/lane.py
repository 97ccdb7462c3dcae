"""Drains one lane: takes messages in hand, posts them within the limits, writes down what became of them."""

import asyncio
import logging
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.chat import Chat
from bot.db import Connection, Database
from bot.errors import ChatError
from bot.outbox import model, store
from bot.outbox.model import Due, Outcome, State, Waiting
from bot.outbox.owner import alive
from bot.outbox.queue import Queue
from bot.team import accounts

log = logging.getLogger(__name__)

AT_ONCE = 100  # messages on their way to one platform
LONGEST_SLEEP = 5.0  # seconds; a second process may have written to the outbox without waking us
SETTLE = 0.05  # seconds that results may wait to be written down together
DOWN = 3  # failures in a row after which the platform is taken to be down


class Lane:
    """One platform of one workspace. `woken` is set when there may be something to send."""

    def __init__(
        self,
        db: Database,
        workspace: int,
        chat: Chat,
        now: Callable[[], datetime],
        owner: str,
        clock: Callable[[], float],
    ) -> None:
        self._db, self._workspace, self._chat, self._now, self._clock = db, workspace, chat, now, clock
        self.id = store.lane_of(workspace, chat.platform)
        self._owner, self._epoch = owner, 0
        self.woken = asyncio.Event()
        self.stopping = False
        self._queue = Queue(chat.limits, chat.shared)
        self._tasks: set[asyncio.Task[None]] = set()
        self._outcomes: list[Outcome] = []
        self._ended = asyncio.Event()  # something that was on its way has come to its end
        self._failures = 0  # in a row
        self._paused_until: datetime | None = None
        self._why = ""  # of the pause
        self._settled = 0.0  # when results were written down last
        self._elsewhere = False  # another pump has the lane

    async def run(self) -> None:
        while not self.stopping:
            self.woken.clear()
            try:
                await self.drain()
                rest = await asyncio.to_thread(self._rest)
            except Exception:
                log.exception("the outbox could not be read or written; trying again in %s s", LONGEST_SLEEP)
                rest = LONGEST_SLEEP
            if rest > 0 and not self.stopping:
                await _or_timeout(self.woken, rest)
        await self.put_away()

    def _rest(self) -> float:
        with self._db.read() as db:
            due = store.next_due(db, self.id, self._epoch, self._now())
        if due is None or self._elsewhere:
            return LONGEST_SLEEP
        return min(max((due - self._now()).total_seconds(), 0.2), LONGEST_SLEEP)

    async def drain(self) -> None:
        """Send all that is due, at the pace that the limits allow, until nothing is left that may go."""
        loaded = False
        while not self.stopping:
            if self.woken.is_set() or not loaded:
                self.woken.clear()
                loaded = await asyncio.to_thread(self._load)
            sending = await self._send_some()
            free_at = self._queue.free_at()
            if not sending and not self._tasks and free_at is None and not self.woken.is_set():
                break
            await self._wait(sending, free_at)
            await self._settle_in_time()
        await self._finish()

    async def _wait(self, sending: bool, free_at: float | None) -> None:
        """Until something comes to its end, may go, or is said: whatever is first."""
        rest = LONGEST_SLEEP if free_at is None else max(free_at - self._clock(), 0.0)
        if self._tasks:
            self._ended.clear()
            if len(self._tasks) > AT_ONCE // 2:
                await asyncio.sleep(SETTLE / 5)  # to wake for each that ends would cost more than it gains
            else:
                await _or_timeout(self._ended, min(rest, SETTLE))
        elif not sending and rest > 0:
            await _or_timeout(self.woken, rest)

    async def _settle_in_time(self) -> None:
        waited = self._clock() - self._settled
        if self._outcomes and (len(self._outcomes) >= AT_ONCE // 2 or waited > SETTLE or not self._tasks):
            await self._settle()

    def _load(self) -> bool:
        """See what waits; False when nothing does, or the lane rests. An idle pump takes no write lock."""
        now = self._now()
        if self._paused_until and self._paused_until > now:
            return False
        with self._db.read() as db:
            due = store.next_due(db, self.id, self._epoch, now)
            if due is None or due > now:
                return False
            self._queue.load(store.waiting(db, self.id, self._epoch, now), now, self._clock())
        self._queue.forget(self._clock())
        return True

    async def _send_some(self) -> bool:
        """Take what may go now in hand and send it on its way; False when there was nothing."""
        room = AT_ONCE - len(self._tasks)
        if self._tasks and room < AT_ONCE // 2:
            return False  # a few at a time would cost a transaction each
        taken = self._queue.take(room, self._clock())
        if not taken:
            return False
        dues = await asyncio.to_thread(self._claim, taken)
        held = {due.id for due in dues}
        for one in taken:
            if one.id not in held:  # somebody else's, or stale
                self._queue.give_back(one.chat)
                if not self._elsewhere:
                    self.woken.set()  # what stands behind it is seen by looking again
        for due in dues:
            self._queue.sent(self._clock())
            self._start(self._send(due))
        return bool(dues)

    def _claim(self, waiting: list[Waiting]) -> list[Due]:
        """The messages in hand: leased with the lane, for longer than any answer may take."""
        now = self._now()
        with self._db.begin() as db:
            held = store.hold(db, self.id, self._owner, now, alive)
            self._elsewhere = held is None
            if held is None or (held.paused_until and held.paused_until > now):
                return []
            self._epoch = held.epoch
            return store.claim(db, waiting, held.epoch, now)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._ended.set()

    async def _send(self, due: Due) -> None:
        try:
            sent = await self._post(due)
        except ChatError as fault:
            outcome = self._refused(due, fault)
        except Exception as fault:
            log.exception("message %s", due.key)
            outcome = self._failed(due, f"{type(fault).__name__}: {fault}")
        else:
            outcome = sent if isinstance(sent, Outcome) else Outcome(due, State.SENT, sent)
        if outcome.state is State.SENT:
            self._failures = 0
            self._queue.pace.taken()
        elif outcome.state in (State.READY, State.SENDING):
            self._queue.put_off(due.place.chat)
        self._outcomes.append(outcome)
        self._queue.back(due.place.chat, self._clock())

    async def _post(self, due: Due) -> str | Outcome:
        place, sent = due.place, due.sent
        if due.under:  # known only now: the root of the thread may have gone out a moment ago
            place = replace(place, thread=await asyncio.to_thread(self._root, due) or place.thread)
        if due.doubt:
            try:
                sent = await self._chat.find(place, due.key) or ""
            except NotImplementedError:
                if not model.said_again(due):
                    return Outcome(due, State.UNKNOWN, why="nobody can tell whether it arrived")
                await asyncio.to_thread(self._doubted, due)
        try:
            if not sent:
                return await self._chat.send(place, due.reply, due.key)
            await self._chat.edit(place, sent, due.reply)
        except ChatError as fault:
            if fault.moved_to:
                await asyncio.to_thread(self._move, due.place.chat, fault.moved_to)
            raise
        return sent

    def _root(self, due: Due) -> str:
        with self._db.read() as db:
            return store.sent_id(db, due)

    def _doubted(self, due: Due) -> None:
        with self._db.begin() as db:
            store.doubted(db, due)

    def _refused(self, due: Due, fault: ChatError) -> Outcome:
        now = self._now()
        if fault.moved_to:
            return Outcome(due, State.READY, why=str(fault), again=now, counts=False)
        if fault.retry_after is not None:
            wait = timedelta(seconds=fault.retry_after * 1.02 + secrets.randbelow(500) / 1000)
            self._queue.pace.refused()
            self._pause(wait, f"{self._chat.platform} asked for a pause")
            return Outcome(due, State.READY, why=str(fault), again=now + wait, counts=False)
        if fault.locked_out:
            self._pause(timedelta(seconds=30), str(fault))
            return Outcome(due, State.READY, why=str(fault), again=now, counts=False)
        if fault.permanent:
            log.warning("message %s: %s", due.key, fault)
            return Outcome(due, State.GONE if fault.gone else State.DEAD, why=str(fault))
        if fault.unsure and not due.sent:
            return self._failed(due, str(fault), State.SENDING)
        return self._failed(due, str(fault))

    def _failed(self, due: Due, why: str, state: State = State.READY) -> Outcome:
        """It did not work, and may work later. When nothing works, the platform is down: all wait, none counts."""
        self._failures += 1
        down = self._failures >= DOWN
        wait = model.pause(due.attempts + 1)
        if down:
            wait = min(model.pause(self._failures - DOWN + 1), timedelta(seconds=30))
            self._pause(wait, why)
        elif due.attempts + 1 >= model.TRIES and state is State.READY:
            log.warning("message %s is given up: %s", due.key, why)
            return Outcome(due, State.DEAD, why=why)
        if due.doubt and state is State.READY:
            state = State.SENDING  # it could not even be looked for
        counts = not down or state is State.SENDING
        return Outcome(due, state, why=why, again=self._now() + wait, counts=counts)

    def _pause(self, wait: timedelta, why: str) -> None:
        until = self._now() + wait
        if self._paused_until is None or until > self._paused_until:
            self._paused_until = until
        log.warning("%s rests for %.1f s: %s", self.id, wait.total_seconds(), why)
        self._why = why
        self._queue.load((), self._now(), self._clock())  # nothing goes before it is looked at again

    def _move(self, chat: str, to: str) -> None:
        with self._db.begin() as db:
            follow(db, self._workspace, self._chat.platform, chat, to)

    async def _settle(self) -> None:
        if self._outcomes or self._paused_until:
            self._settled = self._clock()
            outcomes, self._outcomes = self._outcomes, []
            until, self._paused_until = self._paused_until, None
            try:
                await asyncio.to_thread(self._write, outcomes, until)
            except BaseException:
                self._outcomes = outcomes + self._outcomes  # the database is locked or full: they wait for it
                self._paused_until = self._paused_until or until
                raise

    def _write(self, outcomes: list[Outcome], paused_until: datetime | None) -> None:
        with self._db.begin() as db:
            store.settle(db, outcomes, self._epoch, self._now())
            if paused_until:
                store.pause_lane(db, self.id, paused_until, self._why)

    async def _finish(self) -> None:
        """Let what is on its way come to its end, and write it down."""
        while self._tasks:
            await asyncio.wait(self._tasks)
        await self._settle()

    async def put_away(self) -> None:
        """Write down what came of all that is on its way, and let the next owner have the lane at once."""
        try:
            await self._finish()
            await asyncio.to_thread(self._let_go)
        except Exception:
            log.exception("the lane %s could not be put away; the next start finds what is left", self.id)

    def _let_go(self) -> None:
        if self._epoch:
            with self._db.begin() as db:
                store.let_go(db, self.id, self._owner)


def follow(db: Connection, workspace: int, platform: str, chat: str, to: str) -> None:
    """A chat goes on under another id: what waits for it, and whose place it is, move along."""
    store.move(db, store.lane_of(workspace, platform), chat, to)
    accounts.move(db, workspace, platform, chat, to)


async def _or_timeout(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
