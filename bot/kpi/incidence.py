"""How long until a deal is won, when others are lost first and many are still open. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class End(StrEnum):
    WON = "won"
    LOST = "lost"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Incidence:
    """The share of deals won within so many days. It rises at `days` to `shares`; `open_share` is the share of which it
    cannot be known how they end."""

    days: tuple[float, ...]
    shares: tuple[float, ...]
    open_share: float

    def within(self, days: float) -> float:
        """The share of all deals that is won within so many days (0..1)."""
        return max((share for at, share in zip(self.days, self.shares, strict=True) if at <= days), default=0.0)

    def reaches(self, share: float) -> float | None:
        """The first day by which that share of all deals is won; None when so many never are."""
        return next((at for at, have in zip(self.days, self.shares, strict=True) if have >= share), None)

    def median(self) -> float | None:
        """The win cycle: the day by which half of those are won that ever will be, as far as deals were followed. None
        without a won deal. Too short while `open_share` is large, since the slowest wins are still to come."""
        return self.reaches(self.shares[-1] / 2) if self.shares else None


def won_by(deals: Iterable[tuple[float, End]]) -> Incidence:
    """Aalen-Johansen for two ends that compete, in days since a deal was created, open ones cut off at their age:

        F(t) = sum over days s <= t of S(s-) won(s) / at_risk(s)
        S(t) = product over days s <= t of 1 - (won(s) + lost(s)) / at_risk(s)

    A deal cut off on a day is at risk on that day (Aalen and Johansen 1978). The mean of the deals won so far would be
    too short, and Kaplan-Meier with lost as open too hopeful."""
    return won_by_count(Counter((max(age, 0.0), end) for age, end in deals))


def won_by_count(ended: Counter[tuple[float, End]]) -> Incidence:
    """The same, by how many deals ended so at that age."""
    at_risk, unended, share = sum(ended.values()), 1.0, 0.0
    days, shares = [], []
    for day in sorted({age for age, _ in ended}):
        won, lost, left = (ended[day, end] for end in (End.WON, End.LOST, End.OPEN))
        if won:
            share += unended * won / at_risk
            days.append(day)
            shares.append(share)
        unended *= 1 - (won + lost) / at_risk
        at_risk -= won + lost + left
    return Incidence(tuple(days), tuple(shares), unended)
