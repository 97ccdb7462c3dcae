"""What was kept of a scope's past, as values. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.kpi.model import Scope
from bot.kpi.stream import State

ALL = "all"


@dataclass(frozen=True, slots=True)
class Kept:
    """A value of one measure as of a day, or of the week that begins on it. `usual`, `state`: what the watch said."""

    kpi: str
    day: date
    stage: str
    segment: str
    currency: str
    value: float | None
    n: int
    k: int = 0
    usual: float | None = None
    state: State | None = None


Past = Mapping[tuple[str, date], Sequence[Kept]]  # by measure and day


@dataclass(frozen=True, slots=True)
class Known:
    """Up to which import and week (that begins on a `monday`) a scope's past is kept, and what its closed weeks rested
    on then (`mark`)."""

    generation: int
    monday: date
    mark: str


def key_of(scope: Scope) -> str:
    """A scope's name in tables: the same people, the same name."""
    if scope.owners is None:
        return ALL
    return hashlib.sha256("\n".join(sorted(scope.owners)).encode()).hexdigest()[:40]
