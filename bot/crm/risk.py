"""Which deals need a look: stalled, and at risk, each with a plain reason. Pure: values in, values out.

A deal is *stalled* that has been in its stage for longer than nine in ten of those that advanced from it; where fewer
than `ENOUGH` ever did, for longer than the stage's `stall_days`. An open deal is *at risk* that is stalled, is past the
day it was expected to close, has no next step or one whose day has passed, or had no touch for longer than its stage's
`touch_days`. A stage or a CRM that does not tell one of these puts no deal at risk for it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.crm.model import Deal, Stage
from bot.tables import Words

ENOUGH = 20  # deals that advanced, below which nine in ten of them say nothing
DAY = timedelta(days=1)


class Why(StrEnum):
    STALLED = "stalled"
    CLOSE_PASSED = "close_passed"
    NO_STEP = "no_step"
    STEP_PASSED = "step_passed"
    NO_TOUCH = "no_touch"


@dataclass(frozen=True, slots=True)
class Reason:
    """`days`: for how long by now. `limit`: from how many days on it counts. `of`: from how many deals the limit was
    taken; 0 when somebody set it."""

    why: Why
    days: int = 0
    limit: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """How a deal stands. `account`: its name. `touched`: when there last was a touch, about it or its account alone."""

    deal: Deal
    stage: Stage
    account: str
    entered: datetime
    touched: datetime | None = None

    @property
    def customer(self) -> str:
        """What people call it in a list: by its customer, else its own name."""
        return self.account or self.deal.name or self.deal.key

    def age(self, now: datetime) -> timedelta:
        """How long it has been in its stage; 0 for one that is closed, or entered it in the future."""
        return max(now - self.entered, timedelta()) if self.deal.open else timedelta()


@dataclass(frozen=True, slots=True)
class Risk:
    """A deal at risk with all reasons, the one that says most first."""

    standing: Standing
    reasons: tuple[Reason, ...]


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value below which a `share` of them lies, between neighbours in proportion (numpy's usual, R's type 7)."""
    if not ordered:
        raise ValueError("a percentile of nothing")
    place = (len(ordered) - 1) * share
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def limit(stage: Stage) -> timedelta | None:
    """How long a deal may be in a stage before it is stalled; None when nothing tells."""
    if stage.usual is not None and stage.usual_of >= ENOUGH:
        return stage.usual
    return None if stage.stall_days is None else timedelta(days=stage.stall_days)


def stalled(standing: Standing, now: datetime) -> Reason | None:
    """Why a deal counts as stalled, None when it does not."""
    most, age = limit(standing.stage), standing.age(now)
    if most is None or not standing.deal.open or age <= most:
        return None
    told = standing.stage.usual_of if most == standing.stage.usual else 0
    return Reason(Why.STALLED, age // DAY, max(most // DAY, 0), told)


def reasons(standing: Standing, now: datetime, today: date, *, steps: bool = True) -> tuple[Reason, ...]:
    """Why a deal is at risk, nothing when it is not.

    `today` is its owner's date. `steps`: whether the CRM tells next steps at all.
    """
    deal = standing.deal
    if not deal.open:
        return ()
    found = [stalled(standing, now), _close(deal, today), _step(deal, today) if steps else None]
    found.append(_touch(standing, now))
    return tuple(reason for reason in found if reason)


def _close(deal: Deal, today: date) -> Reason | None:
    if deal.expected_close is None or deal.expected_close >= today:
        return None
    return Reason(Why.CLOSE_PASSED, (today - deal.expected_close).days)


def _step(deal: Deal, today: date) -> Reason | None:
    if not deal.next_step and deal.next_step_on is None:
        return Reason(Why.NO_STEP)
    if deal.next_step_on is not None and deal.next_step_on < today:
        return Reason(Why.STEP_PASSED, (today - deal.next_step_on).days)
    return None


def _touch(standing: Standing, now: datetime) -> Reason | None:
    rhythm = standing.stage.touch_days
    silent = now - (standing.touched or standing.deal.created)
    if rhythm is None or silent <= timedelta(days=rhythm):
        return None
    return Reason(Why.NO_TOUCH, silent // DAY, int(rhythm))


def worst(risks: Sequence[Risk], most: int | None = None) -> list[Risk]:
    """Those with most reasons first, of these the larger, then the one that has waited longest."""

    def order(risk: Risk) -> tuple[int, float, datetime, str]:
        return -len(risk.reasons), -(risk.standing.deal.size or 0), risk.standing.entered, risk.standing.deal.key

    return sorted(risks, key=order)[:most]


def reason_line(reason: Reason, _: Words) -> str:
    """A reason as a short clause: "no touch for 12 days, this stage wants one every 7"."""
    n, most = reason.days, reason.limit
    # fmt: off
    match reason.why:
        case Why.STALLED if reason.of:
            return _.n("in its stage for {n} day, nine in ten that moved on took at most {most}",
                       "in its stage for {n} days, nine in ten that moved on took at most {most}", n, most=most)
        case Why.STALLED:
            return _.n("in its stage for {n} day, more than {most} is too long there",
                       "in its stage for {n} days, more than {most} is too long there", n, most=most)
        case Why.CLOSE_PASSED:
            return _.n("was to close {n} day ago", "was to close {n} days ago", n)
        case Why.NO_STEP:
            return _("no next step")
        case Why.STEP_PASSED:
            return _.n("its next step was due {n} day ago", "its next step was due {n} days ago", n)
        case Why.NO_TOUCH:
            return _.n("no touch for {n} day, this stage wants one every {most}",
                       "no touch for {n} days, this stage wants one every {most}", n, most=most)
    # fmt: on
