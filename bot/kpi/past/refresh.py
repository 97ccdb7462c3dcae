"""Keeps what measures were in the weeks that have closed, scope by scope, and notices what an import changed of it.

What was told of a closed week stays, as long as its deals and leads are the same (`store.mark`) and no move or touch of
it came late (`store.late`). Whoever asks for numbers before this was done gets the same ones, only later.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, tzinfo

from bot.db import Connection, Database
from bot.kpi.measures import numbers as counted
from bot.kpi.measures import store as measured
from bot.kpi.measures.look import Look
from bot.kpi.measures.model import DAY, WEEK, Found, Measure, midnight
from bot.kpi.measures.numbers import Slice, Told
from bot.kpi.measures.table import MEASURES
from bot.kpi.model import Scope
from bot.kpi.past import store
from bot.kpi.past.model import Kept, Known, Past, key_of
from bot.kpi.stream import State

WEEKS = 17  # closed weeks that are kept: those that make what is usual, and the longest way back to them
LASTING = 2 * WEEKS
NOTHING = {("", "", ""): Found(None, 0)}


def is_due(db: Database, workspace: int, now: datetime, zone: tzinfo = UTC) -> bool:
    """Whether an import, or a week's end, has come since the past was last looked at."""
    with db.read() as look:
        seen, generation = store.known(look, workspace, ""), measured.generation(look, workspace)
    return generation > 0 and (seen is None or (seen.generation, seen.monday) != (generation, monday_of(now, zone)))


def refresh(db: Database, workspace: int, scopes: Iterable[Scope], now: datetime, zone: tzinfo = UTC) -> int:
    """Bring what is kept of these scopes up to date; of how many something had to be counted."""
    monday = monday_of(now, zone)
    with db.read() as look:
        generation, last = measured.generation(look, workspace), store.last_ids(look, workspace)
        seen = store.known(look, workspace, "")
        late = store.late(look, workspace, seen.mark, seen.generation, midnight(monday)) if seen else {}
    counted_anew = sum(
        _refresh(db, workspace, scope, Known(generation, monday, ""), late, now, zone) for scope in scopes
    )
    with db.begin() as look:
        mark = last or (seen.mark if seen else "0,0")
        store.save_known(look, workspace, "", Known(generation, monday, mark))
    return counted_anew


def recall(db: Connection, workspace: int, scope: Scope, now: datetime, zone: tzinfo = UTC) -> Past:
    """What is kept of a scope's past; nothing while an import or a week's end may have changed it."""
    key, generation = key_of(scope), measured.generation(db, workspace)
    known = store.known(db, workspace, key)
    if known is None or (known.generation, known.monday) != (generation, monday_of(now, zone)):
        return {}
    return _by_day(store.kept(db, workspace, key))


def _refresh(
    db: Database, workspace: int, scope: Scope, to: Known, late: dict[str, datetime], now: datetime, zone: tzinfo
) -> bool:
    key = key_of(scope)
    with db.read() as look:
        before = store.known(look, workspace, key)
        there = _by_day(store.kept(look, workspace, key)) if before else {}
        mark = store.mark(look, workspace, scope, midnight(to.monday))
        same = before and before.mark == (
            mark if before.monday == to.monday else store.mark(look, workspace, scope, midnight(before.monday))
        )
        changed = _late(scope, late) if same else date.min  # from that day on what is kept does not hold
        wanted = [(one, day) for one in MEASURES.values() for day in _days(one, to.monday)]
        missing = [(one, day) for one, day in wanted if _ends(one, day) >= changed or not _holds(there, one, day, to)]
        values = _values(Look(look, workspace, scope, now, zone), missing)
    with db.begin() as look:
        store.keep(look, workspace, key, [(one.name, day) for one, day in missing], values)
        store.forget(look, workspace, key, to.monday - LASTING * WEEK)
        store.save_known(look, workspace, key, Known(to.generation, to.monday, mark))
    return bool(missing)


def _by_day(kept: Iterable[Kept]) -> dict[tuple[str, date], list[Kept]]:
    found: dict[tuple[str, date], list[Kept]] = {}
    for one in kept:
        found.setdefault((one.kpi, one.day), []).append(one)
    return found


def _late(scope: Scope, late: dict[str, datetime]) -> date:
    mine = [at for owner, at in late.items() if scope.owners is None or owner in scope.owners]
    return min((at.date() for at in mine), default=date.max)


def _days(measure: Measure, monday: date) -> list[date]:
    """The days as of which a measure is kept."""
    if measure.weekly:
        return [monday - WEEK * back for back in range(WEEKS)]
    if measure.replays:
        return [monday - DAY - WEEK * back for back in range(WEEKS)]
    return [monday + 6 * DAY]  # what stands today is noted, week by week


def _ends(measure: Measure, day: date) -> date:
    return day - DAY if measure.weekly else day


def _holds(there: Past, measure: Measure, day: date, to: Known) -> bool:
    """Whether what is kept may stay: not what was noted in this week, nor what the source was too old for."""
    kept = there.get((measure.name, day))
    noted = not measure.replays and day >= to.monday
    newest = measure.weekly and day == to.monday and kept and kept[0].state in (None, State.STALE)
    return bool(kept) and not noted and not newest


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
