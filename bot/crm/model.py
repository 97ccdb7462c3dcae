"""Accounts, deals, moves, touches, leads, targets and stages as values, and what a move means. Pure: no I/O, no clock.

What CRMs do to deals, and what it means here:

- *A deal moves backwards*: it left its stage without advancing, and its age in the earlier stage begins anew.
- *A deal skips a stage*: it advanced from the stage it left; the stages between were neither entered nor left.
- *A deal reopens*: a move out of won or lost puts it back into a stage, where its age begins anew. Its row alone says
  whether it is open and when it closed; the undone close stays a move of its week, so told weeks do not change.
- *A deal changes its owner*: it counts with all its history for whoever owns it now; a touch stays with who made it.
- *A deal changes its currency*: its amount is in the currency that its row has now. Amounts of two currencies are never
  added.
- *A move is dated in the future*: it is kept and named, and counts once its time has come. So does a touch.
- *A move without a deal*: it is kept and named, and counts in nothing until its deal arrives.
- *An amount of 0, or none*: it is not known, so the deal counts and its amount does not.
- *A negative amount*: it is kept and named, and counts in sums (it takes back another), never as a deal's size.
- *A stage is renamed in the CRM*: a new name at the position of one that `stages.csv` no longer has is the same stage.
  Its deals, moves and history go on under the new name, and files may still say the old one.
- *A deal is changed in chat*: the change counts at once and stands as long as the CRM's files only repeat what they
  said before it. When they say what it says, it is taken over. When they say anything else, the CRM wins: the change is
  overtaken, and the move that it added is taken back. What is changed while an import is under way is later than that.
- *A deal was moved in chat*: the move stays, whether `moves.csv` ever has it. When the CRM tells a move of that deal to
  that stage for the first time, at most 14 days earlier or later, it is the same one: the CRM's counts, and no second.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

NONE, WON, LOST = 0, -1, -2
"""What stands for a stage where there is none: before the first, and after the last."""


class Status(StrEnum):
    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Stage:
    """`number` is ours and stays when the name changes; `former` names are understood still.

    `position` None: a deal or move names it, `stages.csv` does not. `stall_days`, `touch_days`: None where nobody said.
    `usual`: the 90th percentile of the time that the `usual_of` deals spent in it which advanced.
    """

    number: int
    name: str
    position: float | None = None
    exit_criteria: str = ""
    stall_days: float | None = None
    touch_days: float | None = None
    former: tuple[str, ...] = ()
    usual: timedelta | None = None
    usual_of: int = 0


@dataclass(frozen=True, slots=True)
class Account:
    """`key` is the CRM's id, here and below; `owner` the roster's, or what the CRM said when the roster has no such."""

    key: str
    name: str = ""
    industry: str = ""
    region: str = ""
    tier: str = ""
    owner: str = ""
    contact: str = ""
    contact_title: str = ""
    purchase_preference: str = ""


@dataclass(frozen=True, slots=True)
class Deal:
    """`stage` is a stage's number, or `WON` or `LOST`. `status` is what counts."""

    key: str
    name: str
    account: str
    owner: str
    product_line: str
    amount: float | None
    currency: str
    stage: int
    status: Status
    source: str
    created: datetime
    expected_close: date | None = None
    closed: datetime | None = None
    next_step: str = ""
    next_step_on: date | None = None

    @property
    def open(self) -> bool:
        return self.status is Status.OPEN

    @property
    def won(self) -> bool:
        return self.status is Status.WON

    @property
    def lost(self) -> bool:
        return self.status is Status.LOST

    @property
    def size(self) -> float | None:
        """What it counts for in an average; None for amounts of 0, none and below."""
        return self.amount if self.amount is not None and self.amount > 0 else None


@dataclass(frozen=True, slots=True)
class Move:
    """`from_stage` is `NONE` where the deal entered the funnel. The same deal, stage and second: the same move."""

    deal: str
    from_stage: int
    to_stage: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Touch:
    """About a deal, an account or both. Two that are alike in everything are one. `owner` "": the deal's owner."""

    deal: str
    account: str
    owner: str
    kind: str
    direction: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Lead:
    """`deal`: what became of it, "" while nothing has."""

    key: str
    source: str
    owner: str
    created: datetime
    first_response: datetime | None = None
    deal: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """`period`: `2026`, `2026-Q3`, `2026-09` or `2026-W36`. Without team and owner it is everybody's together."""

    team: str
    owner: str
    period: str
    measure: str
    target: float


class Course(StrEnum):
    """Where a move led."""

    ENTERED = "entered"
    ADVANCED = "advanced"  # to a later stage, over however many
    WON = "won"
    LOST = "lost"
    BACK = "back"
    REOPENED = "reopened"
    STAYED = "stayed"  # no move at all: from a stage to itself
    UNCLEAR = "unclear"  # one of the stages has no position, or both have the same


def course(move: Move, stages: Mapping[int, Stage]) -> Course:
    """Where a move led, by the positions of its stages. Only `ADVANCED` and `WON` are conversions."""
    if move.from_stage == move.to_stage:
        return Course.STAYED
    if move.to_stage in (WON, LOST):
        return Course.WON if move.to_stage == WON else Course.LOST
    if move.from_stage in (WON, LOST):
        return Course.REOPENED
    if move.from_stage == NONE:
        return Course.ENTERED
    places = [stages[number].position if number in stages else None for number in (move.from_stage, move.to_stage)]
    before, after = places
    if before is None or after is None or before == after:
        return Course.UNCLEAR
    return Course.ADVANCED if after > before else Course.BACK


def later(stage: Stage, stages: Iterable[Stage]) -> list[int]:
    """To which stages a move out of this one advances: those behind it, and won."""
    if stage.position is None:
        return [WON]
    return [WON, *(s.number for s in stages if s.position is not None and s.position > stage.position)]


def entered(deal: Deal, moves: Iterable[Move], now: datetime) -> datetime:
    """Since when a deal has been in its stage: its last move that has happened, else when it was created.

    Where the last move led elsewhere than the deal's row says, it cannot have been here for longer than since then.
    """
    return max((move.at for move in moves if move.at <= now and move.from_stage != move.to_stage), default=deal.created)


def stay(deal: Deal, moves: Sequence[Move], left: Move) -> timedelta | None:
    """How long a deal had been in the stage that it `left`; None when its moves do not tell.

    It came there with its latest move into that stage; or, when no move is before its leaving, when it was created.
    """
    earlier = [move for move in moves if move != left and move.from_stage != move.to_stage and move.at <= left.at]
    came = [move.at for move in earlier if move.to_stage == left.from_stage]
    began = max(came) if came else None if earlier else deal.created
    return left.at - began if began is not None and began <= left.at else None


def renamed(before: Collection[Stage], after: Collection[Stage]) -> dict[str, str]:
    """Old names of stages by their new ones, when `before` is known and `stages.csv` now says `after`.

    A stage was renamed when its name is gone and a name that was never heard stands at its position, alone both times.
    """
    known = {name for stage in before for name in (stage.name, *stage.former)}
    here = {stage.name for stage in after}
    gone = [stage for stage in before if stage.name not in here and here.isdisjoint(stage.former)]
    fresh = [stage for stage in after if stage.name not in known]
    return {new.name: old.name for new in fresh if (old := _only(gone, new)) and _only(fresh, new) is new}


def _only(stages: Iterable[Stage], at: Stage) -> Stage | None:
    found = [stage for stage in stages if stage.position is not None and stage.position == at.position]
    return found[0] if len(found) == 1 else None
