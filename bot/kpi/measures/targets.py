"""Which target of the CRM's is meant for a scope on a day. Pure."""

import calendar
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from bot.kpi.model import Scope
from bot.kpi.weeks import thursday

WON = "won"  # the measure of a target in money
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Goal:
    """An amount to be won from the `first` day to the `last`, both included."""

    amount: float
    first: date
    last: date


class Targets:
    """`rows`: team, owner, period, measure, target. `teams`: the names of those in which the scope's people are.

    Of several periods that a day lies in, the shortest counts.
    """

    def __init__(self, rows: Iterable[Any], scope: Scope, teams: Collection[str]) -> None:
        self._scope = scope
        self._rows: dict[tuple[str, str], list[Any]] = {}
        for row in rows:
            self._rows.setdefault((row.measure, row.period), []).append(row)
        self._owners = scope.owners or frozenset()
        self._teams = {scope.team} if scope.team else set(teams)

    def of(self, measure: str, day: date) -> float | None:
        """The target of a measure that is no sum: the one owner's, else the one team's, else everybody's."""
        for _first, _last, rows in self._on(measure, day):
            for found in (self._of_owner(rows), self._of_team(rows), [r for r in rows if not r.team and not r.owner]):
                if found:
                    return float(found[0].target)
        return None

    def goal(self, day: date) -> Goal | None:
        """What is to be won: the scope's own target, else those of its teams together, else of its people."""
        for first, last, rows in self._on(WON, day):
            for found in self._parts(rows):
                if found:
                    return Goal(sum(row.target for row in found), first, last)
        return None

    def _parts(self, rows: list[Any]) -> list[list[Any]]:
        by_team = [row for row in rows if row.team and not row.owner]
        by_owner = [row for row in rows if row.owner]
        if self._scope.owners is None:
            return [[row for row in rows if not row.team and not row.owner], by_team, by_owner]
        mine = [row for row in by_owner if row.owner in self._owners]
        if len(self._owners) == 1 and not self._scope.team:
            return [mine]
        return [[row for row in by_team if row.team in self._teams], mine]

    def _of_owner(self, rows: list[Any]) -> list[Any]:
        alone = len(self._owners) == 1 and not self._scope.team
        return [row for row in rows if alone and row.owner in self._owners]

    def _of_team(self, rows: list[Any]) -> list[Any]:
        alone = len(self._teams) == 1
        return [row for row in rows if alone and row.team in self._teams and not row.owner]

    def _on(self, measure: str, day: date) -> list[tuple[date, date, list[Any]]]:
        """The targets of a measure by their periods that a day lies in, the shortest first."""
        found: dict[tuple[date, date], list[Any]] = {}
        for (name, period), rows in self._rows.items():
            first, last = days_of(period)
            if name == measure and first <= day <= last:
                found.setdefault((first, last), []).extend(rows)
        return [(first, last, found[first, last]) for first, last in sorted(found, key=lambda span: span[1] - span[0])]


@cache
def days_of(period: str) -> tuple[date, date]:
    """The first and the last day of `2026`, `2026-Q3`, `2026-09` or `2026-W36`."""
    year, _, part = period.partition("-")
    if part.startswith("W"):
        middle = thursday(period)
        return middle - 3 * DAY, middle + 3 * DAY
    first, last = (
        (3 * int(part[1:]) - 2, 3 * int(part[1:])) if part.startswith("Q") else (int(part or 1), int(part or 12))
    )
    return date(int(year), first, 1), date(int(year), last, calendar.monthrange(int(year), last)[1])
