"""How much Slack takes, and a strict record of how much it was sent."""

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.platforms.windows import most

from .refusal import too_many

TIERS = {
    1: ("apps.connections.open",),
    20: ("conversations.list", "users.list"),
    50: (
        "chat.delete",
        "chat.update",
        "conversations.history",
        "conversations.info",
        "conversations.join",
        "conversations.open",
        "conversations.replies",
        "users.lookupByEmail",
    ),
    100: (
        "chat.postEphemeral",
        "conversations.members",
        "files.completeUploadExternal",
        "files.getUploadURLExternal",
        "files.info",
        "users.info",
        "views.open",
        "views.publish",
        "views.push",
        "views.update",
    ),
}
# Slack calls its tiers "1+ a minute" and lets bursts through; an app that reconnects now and then must not be refused.
PER_MINUTE = {method: max(count, 10) for count, methods in TIERS.items() for method in methods}


@dataclass(frozen=True)
class Limits:
    """`channel` messages a second to one channel, of which `burst` may come at once; `workspace` messages a minute;
    `methods`: calls a minute of each other method."""

    channel: float = 1
    burst: int = 3
    workspace: int = 300
    methods: Mapping[str, int] = field(default_factory=lambda: PER_MINUTE)


@dataclass(frozen=True)
class Sent:
    """A message that somebody tried to post: when (monotonic seconds), where, and whether it was taken."""

    at: float
    channel: str
    taken: bool


@dataclass(frozen=True)
class Early:
    """A request that came `seconds` before a Retry-After was over."""

    method: str
    channel: str
    seconds: float


@dataclass(frozen=True)
class Report:
    """The most messages in any window: to each channel within one second, to all within a minute; the requests that
    did not wait as long as they had been told to, and the channels that got more than one message in a second."""

    channels: dict[str, int]
    minute: int
    early: list[Early]
    hasty: dict[str, int]


@dataclass
class Gate:
    """Decides which call may pass. `limits` None: each may, but all is still recorded."""

    limits: Limits | None
    sent: list[Sent] = field(default_factory=list)
    early: list[Early] = field(default_factory=list)
    _shut: dict[tuple[str, str], float] = field(default_factory=dict)  # (method, channel or "") -> until when
    _minute: dict[str, deque[float]] = field(default_factory=dict)
    _bucket: dict[str, tuple[float, float]] = field(default_factory=dict)  # channel -> tokens, as of when

    def shut(self, method: str, channel: str, seconds: float, at: float) -> None:
        """Refuse this method, in this channel or ("") everywhere, for so long."""
        self._shut[method, channel] = max(self._shut.get((method, channel), 0), at + seconds)

    def enter(self, method: str, channel: str, at: float) -> None:
        """Let a call pass, or raise a refusal."""
        until = max(self._shut.get((method, where), 0) for where in (channel, ""))
        posting = method == "chat.postMessage"
        if at < until:
            self.early.append(Early(method, channel, until - at))
            self._note(posting, channel, at, False)
            raise too_many(math.ceil(until - at))
        wait, where = self._wait(method, channel, at)
        self._note(posting, channel, at, not wait)
        if wait:
            seconds = max(1, math.ceil(wait))
            self.shut(method, where, seconds, at)
            raise too_many(seconds)
        self._minute.setdefault(method, deque()).append(at)
        if posting and self.limits:
            self._bucket[channel] = (self._tokens(channel, at, self.limits) - 1, at)

    def _note(self, posting: bool, channel: str, at: float, taken: bool) -> None:
        if posting:
            self.sent.append(Sent(at, channel, taken))

    def _wait(self, method: str, channel: str, at: float) -> tuple[float, str]:
        """How long until this may pass, and where nothing may pass meanwhile."""
        if self.limits is None:
            return 0, ""
        posting = method == "chat.postMessage"
        most = self.limits.workspace if posting else self.limits.methods.get(method, 10**9)
        recent = self._minute.setdefault(method, deque())
        while recent and recent[0] <= at - 60:
            recent.popleft()
        if len(recent) >= most:
            return recent[0] + 60 - at, ""
        if not posting:
            return 0, ""
        return max(0, (1 - self._tokens(channel, at, self.limits)) / self.limits.channel), channel

    def _tokens(self, channel: str, at: float, limits: Limits) -> float:
        tokens, since = self._bucket.get(channel, (float(limits.burst), at))
        # A client that counts its second from a little later than we do is no offender.
        return min(limits.burst, tokens + (at - since) * limits.channel + 1e-6)

    def report(self) -> Report:
        """What came, in sliding windows, taken or not."""
        channels: dict[str, list[float]] = {}
        for one in self.sent:
            channels.setdefault(one.channel, []).append(one.at)
        busiest = {channel: most(times, 1) for channel, times in channels.items()}
        hasty = {channel: count for channel, count in busiest.items() if count > 1}
        return Report(busiest, most([one.at for one in self.sent], 60), list(self.early), hasty)
