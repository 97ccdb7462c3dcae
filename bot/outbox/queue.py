"""Which message of a lane goes next: chat by chat in order, within the platform's limits. Pure: no I/O, no clock."""

from collections import deque
from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from heapq import heappop, heappush

from bot.chat import Limits
from bot.outbox.model import Pace, Waiting, Window


class Queue:
    """What waits in a lane, and when each may go. `at` is in seconds of a clock that never goes back.

    Who is spoken to because they just spoke comes before what was said unasked.
    """

    def __init__(self, limits: Limits, shared: Callable[[str], bool]) -> None:
        self.pace = Pace(limits.overall)
        self._limits = limits
        self._shared = shared
        self._windows: dict[str, list[Window]] = {}  # of chats that were spoken to lately
        self._chats: dict[str, deque[Waiting]] = {}
        self._left = 0  # messages in all
        self._free: list[tuple[int, int, str]] = []  # chats whose first may go, by rank, the oldest first
        self._cooling: list[tuple[float, str]] = []  # chats that may go again later
        self._busy: set[str] = set()  # chats of which something is on its way

    def load(self, waiting: Iterable[Waiting], now: datetime, at: float) -> None:
        """Forget what waited, and take these instead: messages in the order they were said.

        In each chat, what stands there already is brought up to date whenever it is due; what is new waits for all
        that is older.
        """
        self._chats, held = {}, set()
        for one in waiting:
            if one.fresh and one.chat in held:
                continue
            if one.due > now:
                if one.fresh:
                    held.add(one.chat)
                continue
            self._chats.setdefault(one.chat, deque()).append(one)
        self._left = sum(map(len, self._chats.values()))
        self._free, self._cooling = [], []
        for chat in self._chats:
            if chat not in self._busy:
                self._line_up(chat, at)

    def _line_up(self, chat: str, at: float) -> None:
        if not self._chats.get(chat):
            return
        free_at = max((w.free_at() for w in self._windows.get(chat, ())), default=0.0)
        if free_at > at:
            heappush(self._cooling, (free_at, chat))
        else:
            line = self._chats[chat]
            heappush(self._free, (self._rank(chat, line), line[0].id, chat))

    def _rank(self, chat: str, line: Collection[Waiting]) -> int:
        """0: somebody waits for an answer there. 1: its line is so long that, begun last, it would make all of it end a
        tenth later. 2: others."""
        if any(one.urgent for one in line):
            return 0
        alone = len(line) * max((seconds / count for count, seconds in self._of(chat)), default=0.0)
        return 1 if 10 * alone > self._left * self.pace.space else 2

    def _of(self, chat: str) -> tuple[tuple[int, float], ...]:
        return (*self._limits.chat, *(self._limits.group if self._shared(chat) else ()))

    def take(self, most: int, at: float) -> list[Waiting]:
        """The next messages that may go at once, one a chat at most; they are on their way until `back`."""
        while self._cooling and self._cooling[0][0] <= at:
            self._line_up(heappop(self._cooling)[1], at)
        taken: list[Waiting] = []
        most = min(most, self.pace.room(at))
        while self._free and len(taken) < most:
            chat = heappop(self._free)[2]
            taken.append(self._chats[chat].popleft())
            self._left -= 1
            self._busy.add(chat)
        return taken

    def sent(self, at: float) -> None:
        """Something goes out now."""
        self.pace.spend(at)

    def back(self, chat: str, at: float) -> None:
        """What was on its way to a chat has come to its end: the chat's own limits count from here, since the platform
        counts from when it arrived."""
        self._busy.discard(chat)
        limits = self._of(chat)
        if limits:
            windows = self._windows.setdefault(chat, [Window(count, seconds) for count, seconds in limits])
            for window in windows:
                window.spend(at)
        self._line_up(chat, at)

    def give_back(self, chat: str) -> None:
        """What was taken for a chat was not sent after all; it is seen again when what waits is loaded."""
        self._busy.discard(chat)
        self._chats.pop(chat, None)

    def put_off(self, chat: str) -> None:
        """Nothing more goes to a chat until what waits is loaded again: its first message has to come first."""
        self._chats.pop(chat, None)

    def free_at(self) -> float | None:
        """When something may go; None when nothing waits for time alone."""
        if self._free:
            return self.pace.free_at()
        return max(self._cooling[0][0], self.pace.free_at()) if self._cooling else None

    def forget(self, at: float) -> None:
        """Drop what is known of chats that were not spoken to for so long that no limit holds any more."""
        longest = max((seconds for _, seconds in (*self._limits.chat, *self._limits.group)), default=0.0) * 2
        stale = [c for c, ws in self._windows.items() if all(w.free_at() + longest < at for w in ws)]
        for chat in stale:
            if chat not in self._busy and chat not in self._chats:
                del self._windows[chat]
