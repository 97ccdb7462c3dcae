"""What becomes of a message: pure rules of states, pauses, limits and doubt."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.message import Place, Reply


class State(StrEnum):
    READY = "ready"  # to be sent, or edited when it was sent before
    SENDING = "sending"  # the lane's owner has it in hand, as of the row's epoch; of an earlier epoch: in doubt
    SENT = "sent"  # stands on the platform as its body says
    STALE = "stale"  # its time had passed before it could be sent
    UNKNOWN = "unknown"  # it may stand there; the platform cannot tell, and saying it twice would be worse
    GONE = "gone"  # the person cannot be reached there any more
    DEAD = "dead"  # refused for good, or tried too often


LOST = (State.STALE, State.UNKNOWN, State.GONE, State.DEAD)  # does not reach anybody without help


@dataclass(frozen=True, slots=True)
class Say:
    """A message to be put into the outbox.

    `under`: the key of the message in whose thread it goes. `expires`: not to be sent after that.
    `gap`: the least time between two edits of it.
    """

    place: Place
    reply: Reply
    key: str
    under: str = ""
    expires: datetime | None = None
    gap: timedelta = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that wants sending. `fresh`: it never stood on the platform, so the chat's order is kept.
    `urgent`: somebody is waiting for it. `doubt`: it was in hand when its pump ended."""

    id: int
    chat: str
    due: datetime
    fresh: bool
    urgent: bool
    doubt: bool


@dataclass(frozen=True, slots=True)
class Due:
    """A message in hand. `sent` is its id on the platform, "" when it is not known to stand there.

    `doubts`: how often nobody could tell whether it stands there; `doubt`: that is so now.
    """

    id: int
    key: str
    place: Place
    under: str
    reply: Reply
    version: int
    sent: str
    attempts: int
    gap: int
    doubts: int
    doubt: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a message in hand: `state` is SENT, DEAD, GONE or UNKNOWN; READY: again at `again`; SENDING: in
    doubt, to be looked into at `again`. `counts`: it was a try of its own, not the platform's being down."""

    due: Due
    state: State
    sent: str = ""
    why: str = ""
    again: datetime | None = None
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a message stands: `at` is when it first reached the platform."""

    state: State
    at: datetime | None


LEASE = timedelta(seconds=30)  # of a lane; longer than the adapters wait for any answer
TRIES = 12
LONGEST_PAUSE = timedelta(minutes=10)

# In doubt, these are said again: to miss them is worse than to read them twice. All others wait for an admin.
_SAID_AGAIN = ("standup-prompt:", "standup-nudge:", "standup-remind:", "standup-board:", "reply:")
_DEATHS = 50  # of ours, while the same message was on its way


def said_again(due: Due) -> bool:
    """Whether a message in doubt is sent once more where the platform cannot be asked: once for an acknowledgement
    that was lost, and whenever we died while it was on its way."""
    return due.key.startswith(_SAID_AGAIN) and due.attempts <= 1 and due.doubts < _DEATHS


def pause(attempts: int) -> timedelta:
    """How long to wait after the n-th failure: 1 s, doubling up to 10 minutes.

    With `TRIES` that adds up to more than half an hour of refusals before a message is given up.
    """
    return min(timedelta(seconds=2.0 ** min(attempts - 1, 20)), LONGEST_PAUSE)


_SLACK = 1.03  # two messages travel differently long: without it the platform would see some come too close


class Window:
    """At most `count` in any `seconds`. Times are seconds of a clock that never goes back."""

    __slots__ = ("_count", "_seconds", "_times")

    def __init__(self, count: int, seconds: float) -> None:
        self._count, self._seconds = count, seconds * _SLACK
        self._times: deque[float] = deque(maxlen=count)

    def free_at(self) -> float:
        """When the next one may go."""
        return self._times[0] + self._seconds if len(self._times) == self._count else 0.0

    def spend(self, at: float) -> None:
        self._times.append(at)


_MOMENT = 0.02  # seconds


class Pace:
    """Smooth spacing for all that goes out, so that no moment holds more than its share; slower after a refusal.

    `space`: seconds between two, 0 where nothing limits them.
    """

    def __init__(self, limits: Sequence[tuple[int, float]]) -> None:
        self.space = max((seconds / count * _SLACK for count, seconds in limits), default=0.0)
        self._next = 0.0
        self._strain = 1.0

    def free_at(self) -> float:
        """When the next one may go."""
        return self._next

    def room(self, at: float) -> int:
        """How many may go at once: all, where nothing limits them; else those that belong into the next moment."""
        if self.space == 0.0:
            return 1_000_000
        return max(1, int(_MOMENT / self.space / self._strain)) if self._next <= at else 0

    def spend(self, at: float) -> None:
        self._next = max(at, self._next) + self.space * self._strain

    def refused(self) -> None:
        """The platform asked us to wait: go at half the pace."""
        self._strain = min(self._strain * 2, 8.0)

    def taken(self) -> None:
        """The platform took one: come back to the full pace, little by little."""
        self._strain = max(1.0, self._strain * 0.97)
