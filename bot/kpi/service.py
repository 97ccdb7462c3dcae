"""The numbers of somebody's deals, beside what is usual for them; their past; and how one came about. Sends nothing.

A rep's numbers are of their own deals, a manager's of the people they lead, an admin's of all; or of one team among
these. An owner belongs to the team that the roster says.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo

from bot.crm import service as crm
from bot.crm.past import store as shifts
from bot.crm.risk import Standing
from bot.db import Connection, Database
from bot.errors import BotError
from bot.kpi.frozen import store as baselines
from bot.kpi.measures import behind
from bot.kpi.measures import numbers as counted
from bot.kpi.measures import store as measured
from bot.kpi.measures.look import Look
from bot.kpi.measures.model import Measure, Why
from bot.kpi.measures.table import MEASURES
from bot.kpi.measures.why import why as explained
from bot.kpi.model import Number, Point, Scope
from bot.kpi.past import refresh, store
from bot.kpi.past.model import key_of
from bot.kpi.past.refresh import recall
from bot.team import service as team
from bot.team.model import Person
from bot.team.roles import Action, may, scope
from bot.team.roles import Scope as Reach
from prompts import words

__all__ = ["MEASURES", "Measure", "Number", "Point", "Scope", "Why"]

AGAIN = timedelta(minutes=30)


def scope_of(db: Connection, who: Person, name: str | None = None) -> Scope:
    """Whose deals somebody's numbers count: all that they may see, or those of one team among these.

    Raises `BotError` when there is no such team, or it is not theirs to see as a whole.
    """
    seen = crm.owners_seen(db, who)
    if name:
        found = next((t for t in team.teams(db, who.workspace_id) if t.name.casefold() == name.casefold()), None)
        if found is None or not may(who, Action.READ_DEALS, found.id, span=team.span(db, who)):
            raise BotError(words(who.language)("I know no such team of yours: {team}", team=name))
        return team_scope(db, who.workspace_id, found.name)
    if seen is None:
        return Scope()
    teams = team.teams(db, who.workspace_id, team.teams_of(db, who.workspace_id, seen))
    whole = len(teams) == 1 and may(who, Action.READ_DEALS, teams[0].id, span=team.span(db, who))
    return Scope(seen, teams[0].name if whole else "")


def team_scope(db: Connection, workspace: int, name: str) -> Scope:
    """The scope of a team, also of people who left it for good. Raises `BotError` when there is none of that name."""
    found = next((t for t in team.teams(db, workspace) if t.name.casefold() == name.casefold()), None)
    if found is None:
        raise BotError(f"There is no team {name!r}.")
    people = team.people(db, workspace, team_id=found.id, active=None)
    return Scope(frozenset(one.key for one in people), found.name)


def numbers(
    db: Connection,
    who: Person,
    now: datetime,
    *,
    team: str | None = None,
    as_of: date | None = None,
    zone: tzinfo = UTC,
) -> list[Number]:
    """All measures of somebody's scope, in the order of `MEASURES`; by stage, currency or source where one is taken by
    these. As of a day: today (UTC) unless said. Weeks are cut in `zone`, the workspace's. Raises `BotError` for a team
    that is not theirs."""
    return numbers_of(db, who.workspace_id, scope_of(db, who, team), now, as_of=as_of, zone=zone)


def numbers_of(
    db: Connection,
    workspace: int,
    scope: Scope,
    now: datetime,
    *,
    as_of: date | None = None,
    zone: tzinfo = UTC,
    names: Iterable[str] = MEASURES,
) -> list[Number]:
    """The same of a scope, for whoever has found out that it may be seen; only some measures where they are named."""
    today = now.astimezone(zone).date()
    look = Look(db, workspace, scope, now, zone, recall(db, workspace, scope, now, zone))
    return _numbers(look, names, min(as_of or today, today))


def soon(
    db: Connection, workspace: int, scope: Scope, now: datetime, *, zone: tzinfo = UTC
) -> tuple[list[Number], datetime] | None:
    """The numbers of a scope as they may be told to somebody who waits, and as of when. Of a large picture as a whole
    those that `note` counted last; None before the first time."""
    if scope.owners is not None or not measured.large(db):
        return numbers_of(db, workspace, scope, now, zone=zone), now
    found = store.noted_numbers(db, workspace)
    if found is None:
        return None
    frozen = baselines.latest(db, workspace, _baseline_of(scope))
    return [replace(one, baseline=frozen.get(_at(one))) for one in found[2]], found[0]


def note(db: Database, workspace: int, now: datetime, zone: tzinfo = UTC) -> bool:
    """Count the numbers of a large picture as a whole, at most twice an hour and where something has come since or
    another day has begun; whether that was so."""
    with db.read() as look:
        if measured.generation(look, workspace) == 0 or not measured.large(look):
            return False
        last, seen = store.noted_numbers(look, workspace), shifts.last(look, workspace)
        if last and (now - last[0] < AGAIN or (last[1] == seen and last[0].date() == now.date())):
            return False
        found = numbers_of(look, workspace, Scope(), now, zone=zone)
    with db.begin() as writing:
        store.note(writing, workspace, found, seen, now)
    return True


def _at(one: Number) -> tuple[str, str, str, str]:
    return one.kpi, one.stage, one.segment, one.currency


def _numbers(look: Look, names: Iterable[str], day: date) -> list[Number]:
    frozen = baselines.latest(look.db, look.workspace, _baseline_of(look.scope))
    found = (number for name in names for number in counted.numbers(look, MEASURES[name], day))
    return [replace(one, baseline=frozen.get(_at(one))) for one in found]


def board(
    db: Connection,
    who: Person,
    now: datetime,
    *,
    team: str | None = None,
    zone: tzinfo = UTC,
    names: Iterable[str] = MEASURES,
    weeks: int = 13,
) -> list[tuple[Number, list[Point]]]:
    """What `numbers` says, each number with its `trend`; those by segment have none. Raises `BotError` as it does."""
    scope, names = scope_of(db, who, team), list(names)
    look = Look(db, who.workspace_id, scope, now, zone, recall(db, who.workspace_id, scope, now, zone))
    today = now.astimezone(zone).date()
    noted = soon(db, who.workspace_id, scope, now, zone=zone) if scope.owners is None else None
    found = [one for one in noted[0] if one.kpi in names] if noted else _numbers(look, names, today)
    past = {name: counted.trends(look, MEASURES[name], today, weeks) for name in names}
    return [(one, past[one.kpi].get((one.stage, one.segment, one.currency), [])) for one in found]


def teams_led(db: Connection, who: Person) -> list[str]:
    """The names of the teams whose numbers somebody may see as a whole."""
    span = team.span(db, who)
    return [t.name for t in team.teams(db, who.workspace_id) if may(who, Action.READ_DEALS, t.id, span=span)]


def to_freeze(db: Connection, who: Person, name: str, now: datetime, *, zone: tzinfo = UTC) -> dict[str, list[Number]]:
    """What `freeze` is to keep: the numbers of all that somebody sees together and of each of their teams. A rep's own
    deals have none. Raises `BotError` when it is not theirs to do, or without a name."""
    _ = words(who.language)
    if not may(who, Action.FREEZE_BASELINE):
        raise BotError(_("Only a manager or an admin can freeze a baseline."))
    if not name.split():
        raise BotError(_("Give the baseline a name: /baseline freeze before the roll-out"))
    span, whole = team.span(db, who), scope_of(db, who)
    mine = [t.name for t in team.teams(db, who.workspace_id) if may(who, Action.FREEZE_BASELINE, t.id, span=span)]
    scopes = {_baseline_of(one): one for one in (whole, *(team_scope(db, who.workspace_id, name) for name in mine))}
    return {key: numbers_of(db, who.workspace_id, one, now, zone=zone) for key, one in scopes.items()}


def freeze(db: Connection, who: Person, name: str, found: Mapping[str, Sequence[Number]], now: datetime) -> int:
    """Freeze what is usual of these numbers as a baseline, against which every later one is shown until another is
    frozen; how many it holds."""
    name = " ".join(name.split())[:80]
    return sum(baselines.freeze(db, who.workspace_id, key, name, some, who.id, now) for key, some in found.items())


def frozen_names(db: Connection, workspace: int) -> list[tuple[str, datetime]]:
    """All baselines and when each was last frozen, the newest first."""
    return baselines.names(db, workspace)


def _baseline_of(scope: Scope) -> str:
    """A team keeps its baseline when people come and go."""
    return f"team:{scope.team}"[:80] if scope.team else key_of(scope)


def trend(
    db: Connection,
    who: Person,
    kpi: str,
    now: datetime,
    *,
    team: str | None = None,
    stage: str = "",
    weeks: int = 13,
    zone: tzinfo = UTC,
) -> list[Point]:
    """A measure in the closed weeks before now, oldest first: of each week itself where it is weekly, else as it stood
    at its end. Raises `BotError` for a measure that there is not, or a team that is not theirs."""
    scope = scope_of(db, who, team)
    look = Look(db, who.workspace_id, scope, now, zone, recall(db, who.workspace_id, scope, now, zone))
    return counted.trend(look, measure(kpi, who.language), now.astimezone(zone).date(), stage, weeks)


def why(db: Connection, who: Person, name: str, now: datetime, *, team: str | None = None, zone: tzinfo = UTC) -> Why:
    """How a number of somebody's scope came about, as of today. Raises `BotError` for a measure that there is not, or a
    team that is not theirs."""
    return why_of(db, who.workspace_id, scope_of(db, who, team), measure(name, who.language), now, zone=zone)


def why_of(
    db: Connection,
    workspace: int,
    scope: Scope,
    one: Measure,
    now: datetime,
    *,
    as_of: date | None = None,
    zone: tzinfo = UTC,
) -> Why:
    """The same of a scope, for whoever has found out that it may be seen."""
    shown = numbers_of(db, workspace, scope, now, as_of=as_of, zone=zone, names=[one.name])
    today = now.astimezone(zone).date()
    return explained(Look(db, workspace, scope, now, zone), one, min(as_of or today, today), shown)


def deals_behind(
    db: Connection,
    who: Person,
    kpi: str,
    now: datetime,
    *,
    team: str | None = None,
    stage: str = "",
    segment: str = "",
    zone: tzinfo = UTC,
    most: int = 200,
) -> list[Standing]:
    """The deals that a number of somebody's scope is about, at most so many: those that left the stage last week
    (`conversion`, `dwell`; `segment` is "industry=retail"), closed (`win_rate`), were won (`deal_size`), are stalled,
    or were not touched in time (`coverage`). Of other measures none. Raises `BotError` as `numbers` does."""
    one, scope = measure(kpi, who.language), scope_of(db, who, team)
    look = Look(db, who.workspace_id, scope, now, zone)
    return behind.deals(look, one, now.astimezone(zone).date(), stage, segment, most)


def keep_past(db: Database, workspace: int, now: datetime, zone: tzinfo = UTC) -> bool:
    """Keep what the measures were in the closed weeks, of every team and of whatever each manager and admin sees, when
    an import or a week's end has come since; whether it had. The largest scope comes last."""
    if not refresh.is_due(db, workspace, now, zone):
        return False
    with db.read() as look:
        teams = [team_scope(look, workspace, one.name) for one in team.teams(look, workspace)]
        leads = [one for one in team.people(look, workspace) if scope(one.role, Action.READ_DEALS) > Reach.OWN]
        scopes = {*teams, *(scope_of(look, one) for one in leads)}
    by_size = sorted(
        (one for one in scopes if one.owners != frozenset()),
        key=lambda one: (one.owners is None, len(one.owners or ())),
    )
    refresh.refresh(db, workspace, {key_of(one): one for one in by_size}.values(), now, zone)
    return True


def find_measure(name: str, language: str) -> Measure | None:
    """A measure by its name or its title in that language."""
    said = " ".join(name.split()).casefold()
    for one in MEASURES.values():
        title = words(language)(one.title)
        if said in (one.name, one.name.replace("_", " "), one.title.casefold(), title.casefold()):
            return one
    return None


def measure(name: str, language: str) -> Measure:
    """The same. Raises `BotError` that names all of them when there is none."""
    _ = words(language)
    found = find_measure(name, language)
    if found is not None:
        return found
    raise BotError(_("I know no such measure: {name}. There are: {all}", name=name, all=", ".join(MEASURES)))
