"""What alerts and pictures ask about the funnel: the streams of stage conversion, and the deals behind one number.

Whoever asks says whose deals are meant (`bot.crm.service.owners_seen`); nothing here asks who may see what.
"""

from collections.abc import Collection, Iterator
from datetime import datetime, tzinfo

from bot.crm import order
from bot.crm.model import LOST, Stage
from bot.crm.service import last_heard
from bot.crm.store import stages as known_stages
from bot.db import Connection
from bot.kpi.funnel import kept, store
from bot.kpi.funnel.kept import Closed
from bot.kpi.funnel.model import (
    EVERY,
    By,
    Calendar,
    Exit,
    calendar,
    converts,
    ends,
    gathered,
    last_closed,
)
from bot.kpi.funnel.store import Asked
from bot.kpi.past.model import setup_of
from bot.kpi.stream import Stream
from bot.kpi.weeks import week_of

__all__ = ["EVERY", "By", "Exit", "exits", "last_closed", "stages", "streams", "whole"]


def stages(db: Connection, workspace: int) -> list[Stage]:
    """The stages in their order, each with a position even where nobody listed them (`bot.crm.order`)."""
    found = known_stages(db, workspace)
    listed = any(stage.position is not None for stage in found)
    return found if listed else order.placed(found, store.flows(db, workspace))


def streams(
    db: Connection,
    workspace: int,
    now: datetime,
    zone: tzinfo,
    *,
    owners: Collection[str] | None = None,
    by: Collection[str] = EVERY,
    trust: bool = False,
) -> list[Stream]:
    """Stage conversion of every closed week from the first on, whole and by segment ("industry=retail").

    `zone`: that of the workspace, in which weeks are cut. `owners`: roster keys, None for everybody's deals. Values
    that are empty are no segment. A week is complete when moves, or deals where the CRM tells no moves, were heard
    after it closed; with `trust` every week is.
    """
    among = stages(db, workspace)
    asked = _asked(db, workspace, among, now, zone, owners)
    if asked is None:
        return []
    late = [] if trust else list(_incomplete(db, workspace, asked.weeks, zone))
    found = kept.cells(db, asked, zone, setup_of(among, zone), [None, *map(By, by)])
    return [
        stream for cut, cells in found.items() for stream in gathered(cells, cut, among, asked.weeks.weeks[-1], late)
    ]


def closed(
    db: Connection, workspace: int, now: datetime, zone: tzinfo, owners: Collection[str] | None
) -> Closed | None:
    """All that left the stages in closed weeks, to be kept; None where nothing did."""
    among = stages(db, workspace)
    asked = _asked(db, workspace, among, now, zone, owners)
    if asked is None:
        return None
    # Everybody's owners are no cut that anybody is told of.
    cuts = [None, *(by for by in EVERY if owners is not None or by is not By.OWNER)]
    return Closed(asked, kept.cells(db, asked, zone, setup_of(among, zone), cuts))


def whole(db: Connection, workspace: int, found: Closed, zone: tzinfo) -> list[Stream]:
    """The streams without segments of what `closed` found: what `streams` would tell."""
    weeks = found.asked.weeks
    late = list(_incomplete(db, workspace, weeks, zone))
    return gathered(found.cells[None], None, stages(db, workspace), weeks.weeks[-1], late)


def exits(
    db: Connection,
    workspace: int,
    stage: str,
    week: str,
    now: datetime,
    zone: tzinfo,
    *,
    owners: Collection[str] | None = None,
    segment: str | None = None,
) -> list[Exit]:
    """The deals that left a stage in a week, in order of time: as many as its stream counts. A week that is not over
    yet has those so far. Empty for a stage that is not known."""
    among = stages(db, workspace)
    numbers = {one.number: one for one in among}
    number = next((one.number for one in among if one.name == stage), None)
    if number is None:
        return []
    by, _, value = (segment or "").partition("=")
    asked = Asked(workspace, calendar(week, week, zone), now, _final(among), owners)
    rows = store.exits(db, asked, number, By(by) if by else None, value)
    return [
        Exit(row.deal, row.name, row.account, row.owner, row.at, advanced, row.to == LOST)
        for row in rows
        if (advanced := converts(number, row.to, numbers)) is not None
    ]


def _asked(
    db: Connection,
    workspace: int,
    among: list[Stage],
    now: datetime,
    zone: tzinfo,
    owners: Collection[str] | None,
) -> Asked | None:
    """All weeks from the first exit to the last closed week; None when no deal ever left a stage."""
    first = store.first_exit(db, workspace, among) if among else None
    if first is None:
        return None
    weeks = calendar(week_of(first.astimezone(zone).date()), last_closed(now, zone), zone)
    return Asked(workspace, weeks, now, _final(among), owners) if weeks.weeks else None


def _final(among: list[Stage]) -> int:
    """The last stage that has a place. There is one: without a list all have."""
    return [stage.number for stage in among if stage.position is not None][-1]


def _incomplete(db: Connection, workspace: int, weeks: Calendar, zone: tzinfo) -> Iterator[str]:
    """The weeks since whose end the source was not heard."""
    heard = last_heard(db, workspace)
    last = heard.get("moves", heard.get("deals"))
    for week in reversed(weeks.weeks):
        if last is not None and ends(week, zone) <= last:
            return
        yield week
