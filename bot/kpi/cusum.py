"""Small shifts that no single week shows: what speaks for one, summed up over the weeks. Pure."""

from dataclasses import dataclass, replace
from math import log

from bot.kpi.statistics import Usual


@dataclass(frozen=True, slots=True)
class Shift:
    """A change worth finding: its `size` as a share of the usual rate, and above which `h` (in nats) it is a signal."""

    size: float
    h: float


@dataclass(frozen=True, slots=True)
class Cusum:
    """How much the weeks since it was last 0 speak for a rate that is lower than usual by the shift (`down`), or higher
    (`up`), in nats. `n`, `k`: the decisions of the weeks since `down` was last 0, and how many of them advanced."""

    shift: Shift
    down: float = 0.0
    up: float = 0.0
    n: int = 0
    k: int = 0

    def after(self, k: int, n: int, usual: Usual) -> "Cusum":
        """With one more week: C = max(0, C + term) in each direction (Page 1954)."""
        down = max(0.0, self.down + term(k, n, usual, -self.shift.size))
        up = max(0.0, self.up + term(k, n, usual, self.shift.size))
        return Cusum(self.shift, down, up, self.n + n, self.k + k) if down else Cusum(self.shift, down, up)

    def signals_down(self) -> bool:
        return self.down > self.shift.h

    def signals_up(self) -> bool:
        return self.up > self.shift.h

    def set_back(self, down: bool, up: bool) -> "Cusum":
        kept = Cusum(self.shift) if down else self
        return replace(kept, up=0.0 if up else self.up)


def term(k: int, n: int, usual: Usual, shift: float) -> float:
    """What k of n speaks for a rate of mu1 = mu (1 + shift), rather than mu, in nats:

        [k ln(mu1 / mu) + (n - k) ln((1 - mu1) / (1 - mu))] / (1 + (n - 1) rho)

    The divisor is `Usual.wander`. Where mu1 would come too near to 1, half the way there is taken."""
    mu = usual.inner
    other = min(mu * (1 + shift), (1 + mu) / 2)
    return (k * log(other / mu) + (n - k) * log((1 - other) / (1 - mu))) / usual.wander(n)
