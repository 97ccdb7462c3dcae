"""A deal that a standup asks about, what can be said of it, and what that changes. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from bot.crm.risk import Reason, Why


class What(StrEnum):
    """What somebody says of a deal. `NOTHING`: no change."""

    NOTHING = "none"
    MOVED = "moved"
    STUCK = "stuck"
    STEP = "step"
    DEAD = "dead"


class Bar(StrEnum):
    """Why what was said of a deal changes nothing."""

    GONE = "gone"  # it has another owner by now, or the CRM has it no more
    CLOSED = "closed"
    LAST = "last"  # it is in the last stage: what comes then is said in the CRM


@dataclass(frozen=True, slots=True)
class Told:
    """`line` is what goes with it, as typed: the next step with its date, what it is stuck on, why it is dead."""

    what: What
    line: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A next step; `on` is its date, None when nobody said."""

    text: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What an answer has changed in the CRM, with what was there before, so that a later answer can take it back.

    `place`: the stage that it was in, what was done (moved or dead), and to which stage, or why. `step`: before, now.
    None: nothing of the kind was done.
    """

    place: tuple[str, What, str] | None = None
    step: tuple[Step, Step] | None = None


@dataclass(frozen=True, slots=True)
class DealAsk:
    """One deal in one slot. `asked`: the standup asked about it; else it was spoken of unasked.

    `name`, `stage`, `onward` (the stage behind its own, "" for none) and `reasons` are as they were when it was asked.
    `told` is what was said, None while nothing was; `done` what came of it; `bar` why nothing did. `blocker_id`: the
    blocker that it is stuck on.
    """

    slot_id: int
    deal: str
    asked: bool
    name: str
    stage: str
    onward: str
    reasons: tuple[Reason, ...] = ()
    told: Told | None = None
    done: Done = field(default_factory=Done)
    bar: Bar | None = None
    blocker_id: int | None = None

    @property
    def what(self) -> What:
        return self.told.what if self.told else What.NOTHING


def kept(reasons: Sequence[Reason]) -> list[list[Any]]:
    """Reasons as they are written down."""
    return [[one.why.value, one.days, one.limit, one.of] for one in reasons]


def reasons(written: Sequence[Sequence[Any]]) -> tuple[Reason, ...]:
    return tuple(Reason(Why(why), days, limit, of) for why, days, limit, of in written)


def kept_done(done: Done) -> dict[str, Any]:
    """What was done as it is written down."""
    found: dict[str, Any] = {"place": done.place} if done.place else {}
    if done.step:
        found["step"] = [[step.text, step.on and step.on.isoformat()] for step in done.step]
    return found


def done(written: Mapping[str, Any]) -> Done:
    place, step = written.get("place"), written.get("step")
    return Done(
        place=(place[0], What(place[1]), place[2]) if place else None,
        step=(_step(step[0]), _step(step[1])) if step else None,
    )


def _step(written: Sequence[Any]) -> Step:
    text, on = written
    return Step(text, date.fromisoformat(on) if on else None)
