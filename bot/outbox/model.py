"""What becomes of a message: pure rules of states, pauses and back-off."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.message import Place, Reply


class State(StrEnum):
    READY = "ready"  # to be sent, or edited when it was sent before
    SENDING = "sending"  # a pump holds it until its lease ends
    SENT = "sent"  # stands on the platform as its body says
    STALE = "stale"  # its time had passed before it could be sent
    DEAD = "dead"  # refused for good, or tried too often


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
class Due:
    """A message that a pump holds. `sent` is its id on the platform, "" when it was never there."""

    id: int
    key: str
    place: Place
    under: str
    reply: Reply
    version: int
    sent: str
    attempts: int
    again: bool  # held before by a pump that did not come back: the platform may have it already


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a message stands: `at` is when it first reached the platform."""

    state: State
    at: datetime | None


LEASE = timedelta(seconds=60)
TRIES = 12
_LONGEST_PAUSE = 600.0


def pause(attempts: int, asked_for: float | None = None) -> timedelta:
    """How long to wait after the n-th failure: what the platform asked for, else 1 s doubling up to 10 minutes.

    With `TRIES` that adds up to about half an hour of refusals before a message is given up.
    """
    return timedelta(seconds=asked_for if asked_for is not None else min(2.0 ** (attempts - 1), _LONGEST_PAUSE))
