"""Counts what is in doubt, over the tables of `bot.crm.store`."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from bot.crm.model import LOST, NONE, WON, Stage, Status
from bot.crm.quality.model import Doubt, Example
from bot.crm.store import account, deal, move, shown, source
from bot.db import Connection

Conditions = Mapping[Doubt, ColumnElement[bool]]


def conditions(
    db: Connection, workspace: int, roster: Collection[str], stages: Collection[Stage], today: date
) -> Conditions:
    """What makes an open deal doubtful. An account is strange only where the CRM tells accounts at all, and an amount
    or account is missed only where it tells these of deals."""
    columns = _told(db, workspace)
    known = and_(shown(account, workspace), account.c.account == deal.c.account)
    placed = [one.number for one in stages if one.position is not None]
    found = {Doubt.STRANGE_OWNER: deal.c.owner.not_in(roster), Doubt.CLOSE_PASSED: deal.c.expected_close < today}
    if "account" in columns.get("deals", ()):
        found[Doubt.NO_ACCOUNT] = deal.c.account == ""
        if "accounts" in columns:
            strange = ~select(account.c.id).where(known).exists()
            found[Doubt.STRANGE_ACCOUNT] = and_(deal.c.account != "", strange)
    if "amount" in columns.get("deals", ()):
        found[Doubt.NO_AMOUNT] = or_(deal.c.amount.is_(None), deal.c.amount == 0)
    if placed:
        found[Doubt.NO_PLACE] = deal.c.stage.not_in(placed)
    return {one: found[one] for one in Doubt if one in found}


def _told(db: Connection, workspace: int) -> dict[str, set[str]]:
    """The columns that any source ever told, by kind."""
    found: dict[str, set[str]] = {}
    query = select(source.c.kind, source.c.columns).where(source.c.workspace_id == workspace)
    for kind, columns in db.execute(query):
        found.setdefault(kind, set()).update(columns)
    return found


def count(
    db: Connection, workspace: int, owners: Collection[str] | None, among: Conditions
) -> tuple[int, dict[Doubt, int]]:
    """How many open deals there are, and how many of them are doubtful how."""
    marks = [func.sum(case((condition, 1), else_=0)) for condition in among.values()]
    columns: list[ColumnElement[Any]] = [func.count(), *marks]
    row = db.execute(_open(select(*columns), workspace, owners)).one()
    return row[0], {one: n or 0 for one, n in zip(among, row[1:], strict=True)}


def examples(
    db: Connection, workspace: int, owners: Collection[str] | None, condition: ColumnElement[bool], most: int
) -> list[Example]:
    """Some open deals of which that is true."""
    query = _open(select(deal.c.deal, deal.c.name), workspace, owners).where(condition)
    return [Example(*row) for row in db.execute(query.limit(most))]


def _open(query: Select[Any], workspace: int, owners: Collection[str] | None) -> Select[Any]:
    query = query.select_from(deal).where(shown(deal, workspace), deal.c.status == Status.OPEN.value)
    return query if owners is None else query.where(deal.c.owner.in_(owners))


def ahead(
    db: Connection,
    workspace: int,
    owners: Collection[str] | None,
    stages: Collection[Stage],
    now: datetime,
    most: int,
) -> tuple[int, list[Example]]:
    """Moves dated in the future: how many, and some of their deals."""
    left = [NONE, WON, LOST, *(one.number for one in stages)]  # all there are, for the index that begins with these
    later = select(move.c.deal).where(shown(move, workspace), move.c.from_stage.in_(left), move.c.at > now).subquery()
    theirs = and_(shown(deal, workspace), deal.c.deal == later.c.deal)
    query = select(deal.c.deal, deal.c.name, func.count().over()).select_from(later.join(deal, theirs))
    if owners is not None:
        query = query.where(deal.c.owner.in_(owners))
    rows = db.execute(query.limit(most)).all()
    return (rows[0][2] if rows else 0), list(dict.fromkeys(Example(row[0], row[1]) for row in rows))
