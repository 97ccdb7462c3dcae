"""How much the Bot API takes, and a strict record of how much it was sent."""

import math
from collections import deque
from dataclasses import dataclass, field

from tests.platforms.windows import most

from .refusal import too_many

# What counts as a message. Edits do too: in groups the real one refuses them by the same count.
SENDS = {"sendmessage", "sendphoto", "senddocument", "sendmediagroup"}
EDITS = {"editmessagetext", "editmessagecaption", "editmessagereplymarkup", "editmessagemedia"}


@dataclass(frozen=True)
class Limits:
    """At most `overall` messages a second; `chat` messages a second to one chat, of which `burst` may come at once;
    `group` messages a minute to one group. `edits`: whether they count."""

    overall: int = 30
    chat: float = 1
    burst: int = 3
    group: int = 20
    edits: bool = True


@dataclass(frozen=True)
class Spent:
    """A message that somebody tried to send: when (monotonic seconds), where, and whether it was taken."""

    at: float
    chat: int
    group: bool
    method: str
    taken: bool


@dataclass(frozen=True)
class Early:
    """A request that came `seconds` before a retry_after was over."""

    method: str
    chat: int
    seconds: float


@dataclass(frozen=True)
class Report:
    """The most messages in any window: overall and by chat within one second, by group within a minute; and the
    requests that did not wait as long as they had been told to."""

    overall: int
    chats: dict[int, int]
    groups: dict[int, int]
    early: list[Early]


@dataclass
class Gate:
    """Decides who may pass. `limits` None: everybody may, but all is still recorded."""

    limits: Limits | None
    spent: list[Spent] = field(default_factory=list)
    early: list[Early] = field(default_factory=list)
    _shut: dict[int | str, float] = field(default_factory=dict)  # chat, 0 for all chats, or a method -> until when
    _recent: deque[float] = field(default_factory=deque)
    _minute: dict[int, deque[float]] = field(default_factory=dict)
    _bucket: dict[int, tuple[float, float]] = field(default_factory=dict)  # chat -> tokens, as of when

    def shut(self, method: str, chat: int, seconds: float, at: float) -> None:
        """Refuse messages to this chat, or to all when it is 0, for so long; other methods each by themselves."""
        key = chat if method in SENDS | EDITS else method
        self._shut[key] = max(self._shut.get(key, 0), at + seconds)

    def open(self, method: str, chat: int, at: float) -> None:
        """Raise a refusal while what is asked for is shut."""
        keys = (chat, 0) if method in SENDS | EDITS else (method,)
        until = max(self._shut.get(key, 0) for key in keys)
        if at < until:
            self.early.append(Early(method, chat, until - at))
            raise too_many(math.ceil(until - at))

    def spend(self, method: str, chat: int, group: bool, at: float, count: int = 1) -> None:
        """Let `count` messages pass, or raise a refusal and shut the chat."""
        if method in EDITS and self.limits and not self.limits.edits:
            return
        wait, where = self._wait(chat, group, at, count)
        self.spent += [Spent(at, chat, group, method, not wait)] * count
        if wait:
            seconds = max(1, math.ceil(wait))
            self.shut(method, where, seconds, at)
            raise too_many(seconds)
        self._recent.extend([at] * count)
        if group:
            self._minute.setdefault(chat, deque()).extend([at] * count)
        if self.limits:
            self._bucket[chat] = (self._tokens(chat, at, self.limits) - count, at)

    def _wait(self, chat: int, group: bool, at: float, count: int) -> tuple[float, int]:
        """How long until this may pass, and which chat is shut meanwhile (0: all)."""
        limits = self.limits
        if limits is None:
            return 0, 0
        overall = _until(self._recent, limits.overall, 1, at, count)
        if overall:
            return overall, 0
        minute = _until(self._minute.setdefault(chat, deque()), limits.group, 60, at, count) if group else 0
        short = min(count, limits.burst) - self._tokens(chat, at, limits)
        return max(minute, short / limits.chat, 0), chat

    def _tokens(self, chat: int, at: float, limits: Limits) -> float:
        tokens, since = self._bucket.get(chat, (float(limits.burst), at))
        return min(limits.burst, tokens + (at - since) * limits.chat)

    def report(self) -> Report:
        """What came, in sliding windows, taken or not."""
        chats: dict[int, list[float]] = {}
        groups: dict[int, list[float]] = {}
        for one in self.spent:
            chats.setdefault(one.chat, []).append(one.at)
            if one.group:
                groups.setdefault(one.chat, []).append(one.at)
        return Report(
            most([one.at for one in self.spent], 1),
            {chat: most(times, 1) for chat, times in chats.items()},
            {chat: most(times, 60) for chat, times in groups.items()},
            list(self.early),
        )


def _until(times: deque[float], most: int, seconds: float, at: float, count: int) -> float:
    """How long until `count` more fit into a sliding window."""
    while times and times[0] <= at - seconds:
        times.popleft()
    over = len(times) + count - most
    if over <= 0 or not times:
        return 0
    return times[min(over, len(times)) - 1] + seconds - at
