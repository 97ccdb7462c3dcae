"""Keeps what measures were in the weeks that have closed, scope by scope.

What an import or chat changes of the past is noted as it happens (`bot.crm.past`), with whose it is and since when; so
whoever asks for numbers is given what was kept of the time before, and the rest is counted. To `refresh` is to count it
once for all: nothing that is told depends on whether that was done.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, tzinfo

from bot.crm.past import store as shifts
from bot.crm.past.model import Reach
from bot.db import Connection, Database
from bot.kpi.funnel import kept as exits
from bot.kpi.funnel import service as funnel
from bot.kpi.measures import numbers as counted
from bot.kpi.measures import store as measured
from bot.kpi.measures.look import Look
from bot.kpi.measures.model import DAY, WEEK, Found, Measure
from bot.kpi.measures.numbers import Slice, Told
from bot.kpi.measures.table import MEASURES
from bot.kpi.model import Scope
from bot.kpi.past import store
from bot.kpi.past.model import CUTS, REACHED, Kept, Known, Past, day_of, floors, key_of, setup_of
from bot.kpi.stream import State

WEEKS = 17  # closed weeks that are kept: those that make what is usual, and the longest way back to them
LASTING = 2 * WEEKS
PILE = 5_000  # shifts
NOTHING = {("", "", ""): Found(None, -1)}  # there was nothing to tell, and it need not be looked for again
KEPT = [one for one in MEASURES.values() if one.name in REACHED[Reach.ALL] or not one.replays]


def is_due(db: Database, workspace: int, now: datetime, zone: tzinfo = UTC) -> bool:
    """Whether something of the past has changed, or a week has ended, since it was last looked at."""
    with db.read() as look:
        if measured.generation(look, workspace) == 0:
            return False
        return store.known(look, workspace, "") != _known(look, workspace, now, zone)


def _known(db: Connection, workspace: int, now: datetime, zone: tzinfo) -> Known:
    setup = setup_of(funnel.stages(db, workspace), zone)
    return Known(shifts.last(db, workspace), monday_of(now, zone), setup)


def refresh(db: Database, workspace: int, scopes: Iterable[Scope], now: datetime, zone: tzinfo = UTC) -> int:
    """Bring what is kept of these scopes up to date, and drop that of all others; of how many something had to be
    counted."""
    with db.read() as look:
        reached = _known(look, workspace, now, zone)
    among = list(scopes)
    counted_anew = sum(_refresh(db, workspace, scope, now, zone) for scope in among)
    with db.begin() as look:
        store.drop_others(look, workspace, [key_of(one) for one in among])
        store.save_known(look, workspace, "", reached)
        shifts.forget(look, workspace, store.least_seen(look, workspace))
    return counted_anew


def recall(db: Connection, workspace: int, scope: Scope, now: datetime, zone: tzinfo = UTC) -> Past:
    """What is kept of a scope's past and holds."""
    known = store.known(db, workspace, key_of(scope))
    if known is None or known.setup != setup_of(funnel.stages(db, workspace), zone):
        return {}
    passed = floors(shifts.after(db, workspace, known.seen, scope.owners), zone)
    there = _by_day(store.kept(db, workspace, key_of(scope)))
    monday = monday_of(now, zone)
    return {at: values for at, values in there.items() if _holds(MEASURES[at[0]], at[1], monday, passed)}


def _refresh(db: Database, workspace: int, scope: Scope, now: datetime, zone: tzinfo) -> bool:
    key = key_of(scope)
    with db.read() as look:
        reached, before = _known(look, workspace, now, zone), store.known(look, workspace, key)
        if before is not None and not _passed(look, workspace, scope, before, reached, zone, Reach):
            return False
        there = recall(look, workspace, scope, now, zone)
        asked = [(one, day) for one in KEPT for day in _days(one, reached.monday)]
        missing = [at for at in asked if not _is_told(there, *at, reached.monday)]
        again = before is None or _passed(look, workspace, scope, before, reached, zone, CUTS)
        left = funnel.closed(look, workspace, now, zone, scope.owners) if again else None
        seen = Look(look, workspace, scope, now, zone, there)
        if left is not None:
            seen.streams = funnel.whole(look, workspace, left, zone)
        values = _values(seen, missing)
    with db.begin() as look:
        store.keep(look, workspace, key, [(one.name, day) for one, day in missing], values)
        store.forget(look, workspace, key, reached.monday - LASTING * WEEK)
        if left is not None:
            exits.keep(look, key, left)
        store.save_known(look, workspace, key, reached)
    return True


def _passed(
    db: Connection, workspace: int, scope: Scope, before: Known, now: Known, zone: tzinfo, reaches: Iterable[Reach]
) -> bool:
    """Whether something that is kept of a scope holds no more. Most of what an import tells is of this week; so long as
    that does not pile up, nothing is done about it."""
    if (before.monday, before.setup) != (now.monday, now.setup):
        return True
    since, among = shifts.after(db, workspace, before.seen, scope.owners), set(reaches)
    return len(since) > PILE or any(one.reach in among and day_of(one.at, zone) < now.monday for one in since)


def _by_day(kept: Iterable[Kept]) -> dict[tuple[str, date], list[Kept]]:
    found: dict[tuple[str, date], list[Kept]] = {}
    for one in kept:
        # a week for which the source was too old may be told by now
        one = replace(one, state=None) if one.state is State.STALE else one
        found.setdefault((one.kpi, one.day), []).append(one)
    return found


def _days(measure: Measure, monday: date) -> list[date]:
    """The days as of which a measure is kept."""
    if measure.weekly:
        return [monday - WEEK * back for back in range(WEEKS)]
    if measure.replays:
        return [monday - DAY - WEEK * back for back in range(WEEKS)]
    return [monday + 6 * DAY]  # what stands today is noted, week by week


def _holds(measure: Measure, day: date, monday: date, passed: dict[str, date]) -> bool:
    """Whether what is kept may be told: not what was noted in this week, nor what has changed since."""
    if not measure.replays:
        return day < monday
    return (day - DAY if measure.weekly else day) < passed.get(measure.name, date.max)


def _is_told(there: Past, measure: Measure, day: date, monday: date) -> bool:
    values = there.get((measure.name, day), ())
    return bool(values) and not (measure.weekly and day == monday and values[0].state is None)


def _values(look: Look, missing: list[tuple[Measure, date]]) -> list[Kept]:
    found = []
    for measure in dict.fromkeys(measure for measure, _day in missing):
        days = [day for one, day in missing if one == measure]
        counted.reach(look, measure, days)
        for day in days:
            told = counted.told_of(look, measure, day) if measure.weekly and day == max(days) else {}
            values = counted.values(look, measure, day if measure.replays else max(look.now.date(), day - 6 * DAY))
            found += [_kept(measure, day, at, one, told.get(at[0])) for at, one in (values or NOTHING).items()]
    return found


def _kept(measure: Measure, day: date, at: Slice, one: Found, told: Told | None) -> Kept:
    usual, state = (told.usual, told.state) if told else (None, None)
    return Kept(measure.name, day, *at, one.value, one.n, one.k, usual, state)


def monday_of(now: datetime, zone: tzinfo) -> date:
    today = now.astimezone(zone).date()
    return today - DAY * today.weekday()
