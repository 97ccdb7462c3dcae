"""How deals go through the stages: their odds week by week, how long they stay, and the rush at a quarter's end."""

import math
import random
from dataclasses import dataclass
from datetime import date, timedelta

from bot.demo_deals.plan import Drop

START, WON, LOST = -1, -2, -3  # where there is no stage: so a list of names ends with lost, won and ""


@dataclass(frozen=True, slots=True)
class Phase:
    """A stage. `odds`: of a deal that leaves it, to advance; `days`: working days in it, the median."""

    name: str
    name_zh: str
    leaves: str
    leaves_zh: str
    odds: float
    days: float
    stall_days: int
    touch_days: int


FUNNEL = (
    Phase("Qualified", "初步确认", "need and budget are named", "需求和预算已确认", 0.85, 4, 21, 7),
    Phase("Discovery", "需求沟通", "we have met who decides", "见过决策人", 0.80, 6, 28, 7),
    Phase("Demo", "方案演示", "they have seen their own case", "看过自己的场景", 0.75, 6, 28, 7),
    Phase("Proposal", "报价", "the offer is in writing", "书面报价已发", 0.72, 8, 35, 10),
    Phase("Negotiation", "商务谈判", "terms are agreed", "条款谈妥", 0.75, 7, 35, 7),
    Phase("Contract", "合同", "signed", "已签", 0.90, 5, 21, 5),
)
_RUSHED = 3  # from this stage on, closing waits for the quarter's end, or hurries for it
_NOISE = 0.25  # of the odds of a week, as a logit: weeks differ by more than luck
_BACK, _SKIP, _REOPEN = 0.025, 0.03, 0.02
MANY = 1 << 12  # values of a distribution that are kept

Path = list[tuple[int, int, float]]
"""Moves: from, to, when; in working time. The first is from `START`, and the last may be to `WON` or `LOST`."""


class Funnel:
    """The weeks of one plan, and a way through them for each deal."""

    def __init__(self, dice: random.Random, first: date, weeks: int, drop: Drop | None) -> None:
        self._dice = dice
        mondays = [first + timedelta(weeks=n) for n in range(weeks + 2)]
        self._odds = [[_odds(dice, phase, stage, monday) for monday in mondays] for stage, phase in enumerate(FUNNEL)]
        self._ends = [_quarter_ended(first, monday) for monday in mondays]
        self._stays = [[phase.days * value for value in lognormal(dice, 0.8)] for phase in FUNNEL]
        self._drop = drop
        self._since = (date.fromisoformat(f"{drop.since}-1") - first).days // 7 if drop else 0
        self.births = [_births(dice, monday, n / weeks) for n, monday in enumerate(mondays[: weeks + 1])]

    def path(self, at: float, now: float, industry: str) -> Path:
        """Of a deal that was created then, as far as it is now."""
        drop = self._drop
        falls = drop.stage if drop and drop.industry in ("", industry) else None
        throw = self._dice.random
        moves, stage = [(START, 0, at)], 0
        while (at := self._leaves(stage, at)) < now:
            week = int(at) // 5
            odds = self._odds[stage][week]
            if drop and stage == falls and week >= self._since:
                odds *= drop.factor
            to = _next(stage, odds, throw())
            moves.append((stage, to, at))
            if to == LOST and throw() < _REOPEN and (again := at + 5 + 20 * throw()) < now:
                moves.append((LOST, stage, again))
                to, at = stage, again
            if to < 0:
                break
            stage = to
        return moves

    def _leaves(self, stage: int, at: float) -> float:
        until = at + self._stays[stage][self._dice.getrandbits(12)]
        if stage >= _RUSHED and until < len(self._ends) * 5:
            end = self._ends[int(until) // 5]
            if at + 1 < end < until and self._dice.random() < 0.6:
                return end - 3 * self._dice.random() * min(1.0, (end - at) / 4)
        return until


def _next(stage: int, odds: float, thrown: float) -> int:
    last = len(FUNNEL) - 1
    if thrown < odds:
        skips = 0 < stage < last - 1 and thrown < odds * _SKIP
        return WON if stage == last else stage + 2 if skips else stage + 1
    return stage - 1 if stage > 1 and thrown > 1 - _BACK else LOST


def _odds(dice: random.Random, phase: Phase, stage: int, monday: date) -> float:
    month = ((monday + timedelta(days=3)).month - 1) % 3
    rush = (-0.25, 0.0, 0.3)[month] if stage >= _RUSHED else 0.0
    logit = math.log(phase.odds / (1 - phase.odds)) + dice.gauss(0, _NOISE) + rush
    return 1 / (1 + math.exp(-logit))


def _quarter_ended(first: date, monday: date) -> float:
    """The working time at which the quarter before this week's came to its end, 0 outside its first month."""
    begins = date(monday.year, (monday.month - 1) // 3 * 3 + 1, 1)
    gone = (begins - first).days
    return gone // 7 * 5 + min(gone % 7, 5) if gone > 0 and monday.month == begins.month else 0.0


def _births(dice: random.Random, monday: date, share: float) -> float:
    """How many deals a week brings, beside others: more each year, few in holidays, and by chance."""
    week = monday.isocalendar().week
    quiet = 0.5 if week in (1, 6, 31, 32, 40, 52, 53) else 1.0
    return (1 + 0.3 * share) * quiet * dice.gammavariate(20, 1 / 20)


def lognormal(dice: random.Random, sigma: float) -> list[float]:
    """`MANY` values with the median 1, to be picked from: dicing each would take most of the time."""
    return [math.exp(dice.gauss(0, sigma)) for _ in range(MANY)]
