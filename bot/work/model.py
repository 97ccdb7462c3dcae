"""How a job stands, and what is to be done about one: pure rules."""

from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from enum import Enum, StrEnum, auto

CUT_SHORT = 3  # starts that may end in the middle of one and the same step, before a job is given up
SILENCE = 60.0  # seconds without a beat, after which a process on another machine is taken for dead

LOST = 20.0  # seconds after which a job that the engine gave us, and that does not run here, is queued again
REST = 120.0  # seconds without a job, after which the engine is put away: idle, it still takes 1% of a CPU


class State(StrEnum):
    WAITING = "waiting"  # for a thread, or for a process to take it up again
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


OPEN = (State.WAITING, State.RUNNING)


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `of` parts; 0 of 0 while the job has not said. `error`: why it failed, a plain sentence; else ""."""

    state: State
    done: int
    of: int
    error: str


@dataclass(frozen=True, slots=True)
class Held:
    """How the engine has a job. `state` is its own word; `owner`: the process that took it last."""

    state: str
    owner: str


class Move(Enum):
    LEAVE = auto()
    ENQUEUE = auto()
    RESUME = auto()
    FAIL = auto()


def move(held: Held | None, living: Collection[str]) -> Move:
    """What an open job needs. `held`: None when the engine does not know it. `living`: the processes that are."""
    if held is None:
        return Move.ENQUEUE  # it was begun in a process that has no engine, or that died on the way
    if held.state in ("ENQUEUED", "DELAYED"):
        return Move.LEAVE
    if held.state == "PENDING":
        return Move.LEAVE if held.owner in living else Move.RESUME
    return Move.FAIL  # the engine has put it away, and nobody wrote down how it ended


class Since:
    """For how long each of some things has been there, without a break.

    Two machines need not agree on the time for one to see that the other's beats have stopped.
    """

    def __init__(self) -> None:
        self._first: dict[Hashable, float] = {}

    def lasting(self, things: Iterable[Hashable], at: float, seconds: float) -> set[Hashable]:
        """Those of the things there now that have been there at each look for longer than `seconds`. `at`: a count
        of seconds that is never set back."""
        self._first = {thing: self._first.get(thing, at) for thing in things}
        return {thing for thing, first in self._first.items() if at - first > seconds}
