"""Keeps what left the stages in closed weeks, scope by scope: a funnel of years is not counted every morning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo

from bot.crm.past import store as shifts
from bot.crm.past.model import Shift
from bot.db import Connection
from bot.kpi.funnel import store
from bot.kpi.funnel.model import By, Cell, calendar, packed, unpacked, week_number
from bot.kpi.funnel.store import Asked
from bot.kpi.model import Scope
from bot.kpi.past import store as past
from bot.kpi.past.model import CUTS, EXITS, day_of, key_of
from bot.kpi.weeks import week_of

Cut = By | None


@dataclass(frozen=True, slots=True)
class Closed:
    """What left the stages in closed weeks."""

    asked: Asked
    cells: Mapping[Cut, Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Held:
    """The cells of a cut in the weeks before the one that is counted as `week`."""

    week: int
    cells: Sequence[Cell]


def cells(db: Connection, asked: Asked, zone: tzinfo, setup: str, cuts: Sequence[Cut]) -> dict[Cut, list[Cell]]:
    """The cells of these cuts: what is kept and holds, and the rest as it is counted now."""
    held = _held(db, asked, zone, setup, cuts)
    found = {cut: [one for one in held[cut].cells if one.week >= asked.weeks.weeks[0]] for cut in cuts}
    for since in sorted({one.week for one in held.values()}):
        rest = later(asked, since, zone)
        if rest is not None:
            lacking = [cut for cut in cuts if held[cut].week == since]
            for cut, fresh in store.counted(db, rest, lacking).items():
                found[cut] += fresh
    return found


def later(asked: Asked, week: int, zone: tzinfo) -> Asked | None:
    """The same from a week on; None where that has not closed."""
    weeks = [one for one in asked.weeks.weeks if week_number(one) >= week]
    return replace(asked, weeks=calendar(weeks[0], weeks[-1], zone)) if weeks else None


def _held(db: Connection, asked: Asked, zone: tzinfo, setup: str, cuts: Sequence[Cut]) -> dict[Cut, Held]:
    key = key_of(Scope(None if asked.owners is None else frozenset(asked.owners)))
    known = past.known(db, asked.workspace, key)
    if known is None or known.setup != setup:
        return {cut: Held(0, []) for cut in cuts}
    # before the cells: what was noted is dropped as soon as they were brought up to it
    since = shifts.after(db, asked.workspace, known.seen, asked.owners)
    return {cut: _of_cut(db, asked, zone, key, cut, since) for cut in cuts}


def _of_cut(db: Connection, asked: Asked, zone: tzinfo, key: str, cut: Cut, since: Sequence[Shift]) -> Held:
    reaches = EXITS if cut is None else CUTS
    changed = {one.at for one in since if one.reach in reaches}
    there = past.kept_exits(db, asked.workspace, key, cut or "")
    if there is None or there[1] != asked.final:
        return Held(0, [])
    floor = min([there[0], *(week_number(week_of(day_of(at, zone))) if at > 0 else 0 for at in changed)])
    return Held(floor, [one for one in unpacked(there[2]) if week_number(one.week) < floor])


def keep(db: Connection, scope: str, closed: Closed) -> None:
    """Keep what left the stages in closed weeks."""
    week = week_number(closed.asked.weeks.weeks[-1]) + 1
    for cut, some in closed.cells.items():
        past.keep_exits(db, closed.asked.workspace, scope, cut or "", week, closed.asked.final, packed(some))
