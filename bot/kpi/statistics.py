"""How surprising a count is, and how much a rate wanders by itself. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import exp, fsum, inf, lgamma, log, sqrt

FREAK = 4.0  # a week is drawn in to so many times the usual spread; at 3, rho comes out a tenth too low
MAD = 1.4826  # times the median absolute deviation is the standard deviation of a normal distribution
WILDEST = 0.99  # the highest over-dispersion that is reckoned with
MONTH = 52 / 12  # weeks
FARTHEST = 10_000  # decisions, beyond which nobody waits for an answer

Week = tuple[float, float]  # n deals that left, k of them advanced


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual for one stream: the `rate`, its over-dispersion `rho`; the `decisions` and `weeks` they rest on.
    `rho_months`: the same of months in place of weeks, where different seasons had to be taken together."""

    rate: float
    rho: float
    decisions: float
    weeks: int
    rho_months: float = 0.0

    @property
    def firmness(self) -> float:
        """M' = 1 / (1/M + 1/(N+1)) with M = (1 - rho) / rho: how many decisions the usual rate is worth as a forecast.
        1/(N+1) is there since the rate itself is only known from N decisions."""
        rho = max(self.rho, self.rho_months)
        return 1 / (rho / (1 - rho) + 1 / (self.decisions + 1))

    @property
    def inner(self) -> float:
        """The rate, kept half a decision away from 0 and 1, where nothing would ever surprise or anything would."""
        edge = 0.5 / (self.decisions + 1)
        return min(max(self.rate, edge), 1 - edge)

    def wander(self, n: int) -> float:
        """What over-dispersion multiplies the variance of k of n by, in a sum over weeks: 1 + (n - 1) rho. Where months
        differ, the weeks of one are all off the same way, so that a month counts as one large week."""
        return 1 + max((n - 1) * self.rho, (n * MONTH - 1) * self.rho_months)

    def surprise(self, k: int, n: int) -> float:
        """The mid-p of k of n next to this usual: BetaBinomial(n, mu M', (1 - mu) M')."""
        return mid_p(k, n, self.inner * self.firmness, (1 - self.inner) * self.firmness)


def mid_p(k: int, n: int, a: float, b: float) -> float:
    """The two-sided mid-p of k successes in n under BetaBinomial(n, a, b), in 0..1: twice the smaller of
    P(X < k) + P(X = k)/2 and P(X > k) + P(X = k)/2 (Lancaster 1961, "Significance tests in discrete distributions").

    The mass at k is a sum of logarithms; the tail is followed outwards from there by the ratio of neighbouring masses,
    so that nothing under- or overflows."""
    at = log_mass(k, n, a, b)
    if k * (a + b) > n * a:
        k, a, b = n - k, b, a  # so that the tail below is the short one, or nearly
    share, tail = 1.0, 0.5
    for j in range(k, 0, -1):
        share *= j * (b + n - j) / ((n - j + 1) * (a + j - 1))
        tail += share
        if share < tail * 1e-17:
            break
    tail *= exp(at)
    return 2 * min(tail, 1 - tail)


def log_mass(k: int, n: int, a: float, b: float) -> float:
    """ln P(X = k) for X ~ BetaBinomial(n, a, b): C(n,k) a(a+1)..(a+k-1) b..(b+n-k-1) / ((a+b)..(a+b+n-1)).

    Multiplied out rather than by lgamma, which loses nine digits where a + b is a million."""
    over = fsum(log((a + i) / (a + b + i)) for i in range(k))
    rest = fsum(log((b + i) / (a + b + k + i)) for i in range(n - k))
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + over + rest


@dataclass(frozen=True, slots=True)
class Spread:
    """How `weeks` weeks of one season lie about their own `rate`, of so many `decisions`; `above` and `below` are the
    numerator and the denominator of their over-dispersion."""

    rate: float
    decisions: float
    weeks: int
    above: float
    below: float


def spread(weeks: Sequence[Week]) -> Spread:
    """Of at least one week, none of them empty: rate = sum k / sum n, and the two sums of `overdispersion`."""
    decisions = fsum(n for n, _ in weeks)
    mu = fsum(k for _, k in weeks) / decisions
    if not 0 < mu < 1:
        return Spread(mu, decisions, len(weeks), 0.0, 0.0)
    squares = fsum((k - n * mu) ** 2 / n for n, k in weeks)
    above = squares / (mu * (1 - mu)) - (len(weeks) - 1)
    below = decisions - fsum(n * n for n, _ in weeks) / decisions - (len(weeks) - 1)
    return Spread(mu, decisions, len(weeks), above, below)


def overdispersion(seasons: Iterable[Spread], doubt: float = 0.0) -> float:
    """rho, the correlation of two decisions of one week, in 0..WILDEST, by moments (as Kleinman 1973, weights n):

        rho = [S / (mu (1 - mu)) - (g - 1)] / [N - sum n^2 / N - (g - 1)],   S = sum n (k/n - mu)^2

    over g weeks of N decisions, floored at 0. Of several seasons, each with its own mu, the numerators and the
    denominators are added up. With `doubt`, as many standard deviations of what chance alone would make of a numerator,
    sqrt(2 (g - 1)), are taken off first."""
    above = below = 0.0
    for season in seasons:
        above += season.above - doubt * sqrt(2 * (season.weeks - 1))
        below += season.below
    return min(max(above / below, 0.0), WILDEST) if below > 0 else 0.0


def winsorised(weeks: Sequence[Week]) -> Sequence[Week]:
    """The weeks, with those drawn in whose rate lies farther than FREAK usual spreads from the middle: a week in which
    somebody tidied up must not become what is usual. The middle is the median rate; a spread is that of a binomial,
    or what the median week shows where that is more (median absolute deviation)."""
    middle = quantile([k / n for n, k in weeks], 0.5)
    off = [abs(k - n * middle) / sqrt(n) for n, k in weeks]
    room = FREAK * max(sqrt(middle * (1 - middle)), MAD * quantile(off, 0.5))
    if not 0 < middle < 1 or max(off) <= room:
        return weeks
    return [(n, min(max(k, n * middle - room * sqrt(n)), n * middle + room * sqrt(n))) for n, k in weeks]


def least_decisions(usual: Usual, limit: float) -> int | None:
    """The fewest decisions in one week of which not one advancing would be a surprise (mid-p at most `limit`), or None
    where no number is: the rate wanders too much by itself."""
    return _first(lambda n: usual.surprise(0, n) <= limit)


def more_decisions(k: int, n: int, usual: Usual, limit: float) -> int | None:
    """How many more decisions, at the rate k/n so far, would settle that it is not the usual: mid-p at most `limit`.
    0 where it is settled already, None where it never would be. Rounded towards the usual rate."""

    def settled(total: int) -> bool:
        exact = k * total / n
        near = -(-k * total // n) if exact < usual.rate * total else k * total // n
        return usual.surprise(near, total) <= limit

    found = _first(settled, n)
    return None if found is None else found - n


def _first(true: Callable[[int], bool], start: int = 1) -> int | None:
    """The first number from `start` on of which it is true, where it stays true from about there on."""
    high = start
    while not true(high):
        high *= 2
        if high > FARTHEST:
            return None
    low = max(start - 1, high // 2)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if true(middle) else (middle, high)
    return high


def discoveries(p: Sequence[float], q: float) -> list[bool]:
    """Which of many p-values are discoveries at a false discovery rate of q: the i smallest of m, for the largest i
    whose p is at most q i / m (Benjamini and Hochberg 1995)."""
    ranked = sorted(p)
    cut = max((value for i, value in enumerate(ranked, 1) if value <= q * i / len(p)), default=-inf)
    return [value <= cut for value in p]


def quantile(values: Iterable[float], share: float) -> float:
    """The value below which `share` (0..1) of them lie, interpolated between neighbours (type 7 of Hyndman and Fan
    1996, numpy's own). At least one value."""
    ranked = sorted(values)
    at = (len(ranked) - 1) * share
    low = int(at)
    high = min(low + 1, len(ranked) - 1)
    return ranked[low] + (ranked[high] - ranked[low]) * (at - low)
