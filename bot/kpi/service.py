"""The numbers of somebody's deals, beside what is usual for them; their past; and how one came about. Sends nothing.

A rep's numbers are of their own deals, a manager's of the people they lead, an admin's of all; or of one team among
these. An owner belongs to the team that the roster says.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, tzinfo

from bot.crm import service as crm
from bot.db import Connection
from bot.errors import BotError
from bot.kpi.measures import numbers as counted
from bot.kpi.measures.look import Look
from bot.kpi.measures.model import Measure, Why
from bot.kpi.measures.table import MEASURES
from bot.kpi.measures.why import why as explained
from bot.kpi.model import Number, Point, Scope
from bot.team import service as team
from bot.team.model import Person
from bot.team.roles import Action, may
from prompts import words

__all__ = ["MEASURES", "Measure", "Number", "Point", "Scope", "Why"]


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
    names = {t.id: t.name for t in team.teams(db, who.workspace_id)}
    teams = {one.team_id for one in team.people(db, who.workspace_id, active=None) if one.key in seen}
    whole = len(teams) == 1 and may(who, Action.READ_DEALS, next(iter(teams)), span=team.span(db, who))
    return Scope(seen, names[next(iter(teams))] if whole else "")


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
    day = min(as_of or now.date(), now.date())
    look = Look(db, workspace, scope, now, zone)
    return [number for name in names for number in counted.numbers(look, MEASURES[name], day)]


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
    look = Look(db, who.workspace_id, scope_of(db, who, team), now, zone)
    return counted.trend(look, measure(kpi, who.language), now.date(), stage, weeks)


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
    return explained(Look(db, workspace, scope, now, zone), one, min(as_of or now.date(), now.date()), shown)


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
