"""The deals behind a number, for whoever looks closer."""

from datetime import date

from bot.crm.model import Status
from bot.crm.risk import Standing
from bot.crm.standings import store as standings
from bot.kpi.funnel import service as funnel
from bot.kpi.measures import store
from bot.kpi.measures.look import Look
from bot.kpi.measures.model import WEEK, Measure
from bot.kpi.weeks import week_of


def deals(look: Look, measure: Measure, day: date, stage: str, segment: str, most: int) -> list[Standing]:
    """At most so many of them, those first that say most; nothing for measures that are not about deals."""
    keys = _keys(look, measure, day, stage, segment, most)
    found = standings.standings(look.db, look.workspace, look.now, keys=keys, statuses=tuple(Status)) if keys else []
    by_key = {one.deal.key: one for one in found}
    return [by_key[key] for key in keys if key in by_key]


def _keys(look: Look, measure: Measure, day: date, stage: str, segment: str, most: int) -> list[str]:
    db, workspace, scope = look.db, look.workspace, look.scope
    stretch = measure.stretch(day, look.now)
    match measure.name:
        case "conversion" | "dwell":
            week, of = week_of(day - WEEK), segment or None
            left = funnel.exits(db, workspace, stage, week, look.now, look.zone, owners=scope.owners, segment=of)
            return list(dict.fromkeys(one.deal for one in left))[:most]
        case "win_rate" | "deal_size":
            won = measure.name == "deal_size"
            return store.closed_keys(db, workspace, scope, stretch.begins, stretch.ends, most, won=won)
        case "stalled" | "coverage":
            number = next((s.number for s in look.stages.values() if s.name == stage), None)
            late = measure.name == "stalled"
            return store.worst_keys(db, workspace, scope, stretch.ends, most, late=late, stage=number)
    return []
