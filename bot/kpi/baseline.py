"""What is usual for a week of one stream, from the closed weeks before it. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from bot.kpi.statistics import Spread, Usual, Week, overdispersion, spread, winsorised

LEAST = 8  # closed weeks, before anything is called usual
ALL = -1  # in place of a season


@dataclass(frozen=True, slots=True)
class Closed:
    """A week that is over and complete: `n` deals left (at least one), `k` of them advanced."""

    week: str
    season: int
    n: int
    k: int


class Baseline:
    """The closed weeks of a stream. What is known of a season is kept until a week of it comes along."""

    def __init__(self, weeks: Iterable[Closed] = ()) -> None:
        self.weeks = list(weeks)
        self._counts = Counter(week.season for week in self.weeks)
        self._spreads: dict[int, Spread] = {}

    def add(self, week: Closed) -> None:
        self.weeks.append(week)
        self._counts[week.season] += 1
        self._spreads.pop(week.season, None)
        self._spreads.pop(ALL, None)

    def usual(self, season: int, least: int = LEAST) -> Usual | None:
        """The usual rate of the weeks of that season, or of all while fewer than `least` are of that one; None while
        there are fewer than `least` at all.

        The over-dispersion is that of all seasons, each about its own rate: one alone has too few weeks to tell. While
        seasons are taken together it is that of months too, if they seem to differ: else the month after a quarter's
        end would look like a collapse."""
        if len(self.weeks) < least:
            return None
        if self._counts[season] < least:
            own, months = self._spread(ALL), spread(self._months())
            return Usual(own.rate, overdispersion([own]), own.decisions, own.weeks, overdispersion([months], doubt=1.0))
        own = self._spread(season)
        rho = overdispersion(self._spread(each) for each in self._counts)
        return Usual(own.rate, rho, own.decisions, own.weeks)

    def whatever(self) -> Usual:
        """The usual rate of all weeks, whatever their season, as alike as the weeks of one are. There is one at
        least."""
        own, rho = self._spread(ALL), overdispersion(self._spread(each) for each in self._counts)
        return Usual(own.rate, rho, own.decisions, own.weeks)

    def _months(self) -> list[Week]:
        """The weeks, added up by month."""
        months = (list(weeks) for _, weeks in groupby(self.weeks, key=attrgetter("season")))
        return [(sum(w.n for w in weeks), sum(w.k for w in weeks)) for weeks in months]

    def _spread(self, season: int) -> Spread:
        if season not in self._spreads:
            weeks = [(w.n, w.k) for w in self.weeks if season in (w.season, ALL)]
            self._spreads[season] = spread(winsorised(weeks))
        return self._spreads[season]
