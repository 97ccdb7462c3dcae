"""What was kept of a scope's past, as values, and what of it still holds. Pure."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

from bot.crm.model import Stage
from bot.crm.past.model import Reach, Shift
from bot.kpi.model import Scope
from bot.kpi.stream import State

ALL = "all"
_FLOW = ("conversion", "dwell", "stalled", "coverage")
_ENDS = (*_FLOW, "win_cycle", "won_in_90", "win_rate", "deal_size", "cover")
_ANSWERS = ("response_time", "response_inside")
_EVERY = (*_ENDS, *_ANSWERS)
# The measures that rest on what a shift reaches. Lead conversion is in none: it hangs on leads and on deals of others,
# and is soon counted, so it is not kept.
REACHED: Mapping[Reach, Sequence[str]] = {
    Reach.ALL: _EVERY,
    Reach.DEALS: _ENDS,
    Reach.MOVES: _FLOW,
    Reach.LEFT: ("conversion",),
    Reach.SIZES: ("deal_size", "cover"),
    Reach.AHEAD: ("cover",),
    Reach.TOUCHES: ("coverage",),
    Reach.LEADS: _ANSWERS,
    Reach.TARGETS: ("cover", "response_inside"),
}
EXITS = (Reach.ALL, Reach.DEALS, Reach.MOVES, Reach.LEFT)
CUTS = (*EXITS, Reach.CUTS)


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
    """Up to which shift (`bot.crm.past`) and in which week, that begins on a `monday`, a scope was looked at, and by
    which stages and zone (`setup`)."""

    seen: int
    monday: date
    setup: str


def key_of(scope: Scope) -> str:
    """A scope's name in tables: the same people, the same name."""
    if scope.owners is None:
        return ALL
    return hashlib.sha256("\n".join(sorted(scope.owners)).encode()).hexdigest()[:40]


def setup_of(stages: Sequence[Stage], zone: tzinfo) -> str:
    """What every value rests on beside rows. Not how long deals usually stay: what was stalled then stays stalled."""
    told = [(one.number, one.name, one.position, one.stall_days, one.touch_days) for one in stages]
    return hashlib.sha256(repr((told, str(zone))).encode()).hexdigest()[:40]


def floors(shifts: Iterable[Shift], zone: tzinfo) -> dict[str, date]:
    """By measure: the day from whose end on what was kept holds no more."""
    found: dict[str, date] = {}
    for one in shifts:
        for name in REACHED.get(one.reach, ()):
            found[name] = min(day_of(one.at, zone), found.get(name, date.max))
    return found


def day_of(at: int, zone: tzinfo) -> date:
    """The day of a second, of UTC or of the zone in which weeks are cut, whichever is earlier."""
    if at <= 0:
        return date.min
    return min(datetime.fromtimestamp(at, UTC).date(), datetime.fromtimestamp(at, zone).date())
