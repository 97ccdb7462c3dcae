"""A change that somebody made to a deal from chat, and how it stands against what the CRM says. Pure.

A change stands as long as the CRM only repeats what it said before. When the CRM says what the change says, it has
taken it over; when it says something else, it wins, and the change is overtaken. Of several changes to the same, the
CRM may have taken over the earlier ones while the later still stand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Literal

from bot.crm.model import LOST, NONE, WON, Deal, Move, Status

SAME_MOVE = timedelta(days=14)
"""Within which a move that the CRM tells is the one that somebody told in chat."""


class Kind(StrEnum):
    NEXT_STEP = "next_step"
    REMARK = "stage_remark"
    DEAD = "dead"
    OWNER = "owner"
    MOVED = "moved"


class State(StrEnum):
    """The values are kept in the database."""

    STANDS = "stands"
    TAKEN = "taken"  # the CRM says so by now
    OVERTAKEN = "overtaken"  # the CRM says something else by now


How = Literal["standup", "chat", "page"]


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody asks for. `text`: the next step, the remark or the reason; `on`: the day of the next step;
    `owner`: a roster key; `stage`: the number of the stage it moved to. `how`: where it was said.
    `undo`: it puts back what was there before, so that the next step may be none, or one whose day has passed."""

    kind: Kind
    text: str = ""
    on: date | None = None
    owner: str = ""
    stage: int = 0
    how: How = "chat"
    undo: bool = False


Values = Mapping[str, Any]
"""The fields that a change is about: `next_step` and `next_step_on` (as written), `owner`, `stage_remark`, or `place`:
the number of the stage a deal is in, `WON` or `LOST` once it is closed."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A change that was made. `told`: what the CRM last said of its fields; `note`: why a deal is dead; `who`: a roster
    key; `to_stage` and `moved`: where the move leads that it added, and when, while the CRM does not tell it."""

    id: int
    key: str
    deal: str
    kind: Kind
    before: Values
    after: Values
    told: Values
    note: str
    who: str
    at: datetime
    how: str
    state: State
    to_stage: int | None = None
    moved: datetime | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """The same for all changes of which a later one takes the place of an earlier."""
        return tuple(sorted(self.after))

    @property
    def move(self) -> Move | None:
        if self.to_stage is None or self.moved is None:
            return None
        return Move(self.deal, NONE, self.to_stage, self.moved)


def place(stage: int, status: str) -> int:
    """Where a deal is, as one number; `NONE` for an open one in no stage."""
    if status == Status.OPEN:
        return max(stage, NONE)
    return LOST if status == Status.LOST else WON


def seen(deal: Deal) -> dict[str, Any]:
    """All that a change may be about, as the deal has it."""
    on = deal.next_step_on.isoformat() if deal.next_step_on else None
    at = place(deal.stage, deal.status.value)
    return {"next_step": deal.next_step, "next_step_on": on, "owner": deal.owner, "place": at}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of changes to the same fields of one deal. `holds`: what they make of the CRM's row; None when its
    own words count. `states`: of those that no longer stand, by id."""

    holds: Changed | None
    states: Mapping[int, State] = field(default_factory=dict)


def judge(chain: Sequence[Changed], said: Values) -> Verdict:
    """How changes, the oldest first, stand against what the CRM says now of (some of) their fields."""

    def says(values: Values) -> bool:
        return all(values[name] == value for name, value in said.items())

    if says(chain[0].told):
        return Verdict(chain[-1])
    for many in range(len(chain), 0, -1):
        if says(chain[many - 1].after):
            return Verdict(chain[-1] if many < len(chain) else None, {one.id: State.TAKEN for one in chain[:many]})
    return Verdict(None, {one.id: State.OVERTAKEN for one in chain})


def told_twice(ours: Sequence[Move], theirs: Sequence[Move]) -> list[Move]:
    """Of the moves told in chat, those that the CRM tells too: each of its moves is at most one of ours, the nearest in
    time that led the same deal to the same stage within `SAME_MOVE`."""
    near = [
        (abs(one.at - other.at), n, m)
        for n, one in enumerate(ours)
        for m, other in enumerate(theirs)
        if (one.deal, one.to_stage) == (other.deal, other.to_stage) and abs(one.at - other.at) <= SAME_MOVE
    ]
    met: dict[int, int] = {}
    for _, n, m in sorted(near):
        if n not in met and m not in met.values():
            met[n] = m
    return [ours[n] for n in sorted(met)]
