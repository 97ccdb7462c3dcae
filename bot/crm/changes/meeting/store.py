"""The questions that arise where what an import has put aside meets what was changed in chat."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, exists, select, update

from bot.crm.changes.model import Changed, State, Values, place
from bot.crm.changes.store import change, moved
from bot.crm.columns import BITS
from bot.crm.model import Move
from bot.crm.staging.store import FRESH
from bot.crm.store import EVER, move
from bot.db import Connection

_PIECE = 500  # keys in one question


def said(db: Connection, deals: Collection[str], told: Collection[str]) -> dict[str, Values]:
    """What an import says of deals, by deal, as `model.seen` does, of the columns that it tells."""
    fresh, keys = FRESH["deals"], sorted(deals)
    found: dict[str, Values] = {}
    names = [name for name in ("stage", "status", "owner", "next_step", "next_step_on") if name in told]
    for n in range(0, len(keys), _PIECE):
        query = select(fresh.c.deal, fresh.c.lacks, *(fresh.c[name] for name in names))
        for row in db.execute(query.where(fresh.c.deal.in_(keys[n : n + _PIECE]))).mappings():
            values: dict[str, Any] = {name: row[name] for name in names if name in ("owner", "next_step")}
            if "next_step_on" in names:
                values["next_step_on"] = row["next_step_on"] and row["next_step_on"].isoformat()
            values = {name: value for name, value in values.items() if not BITS["deals"][name] & (row["lacks"] or 0)}
            found[row["deal"]] = values | {"place": place(row["stage"], row["status"])}
    return found


def unclosed(db: Connection, deals: Collection[str]) -> frozenset[str]:
    """Those of the deals that an import tells without their day of closing, although it tells that of others."""
    fresh, found, keys = FRESH["deals"], set[str](), sorted(deals)
    for n in range(0, len(keys), _PIECE):
        query = select(fresh.c.deal).where(fresh.c.lacks.bitwise_and(BITS["deals"]["closed"]) != 0)
        found |= set(db.execute(query.where(fresh.c.deal.in_(keys[n : n + _PIECE]))).scalars())
    return frozenset(found)


def lay_over(db: Connection, key: str, values: Mapping[str, Any]) -> None:
    """Let an import say this of a deal."""
    fresh = FRESH["deals"]
    db.execute(update(fresh).where(fresh.c.deal == key).values(values))


def fresh_moves(db: Connection, deals: Collection[str]) -> set[tuple[str, datetime, int]]:
    """The moves of deals that an import tells: deal, when and to which stage."""
    fresh, found = FRESH["moves"], set()
    keys = sorted(deals)
    for n in range(0, len(keys), _PIECE):
        query = select(fresh.c.deal, fresh.c.at, fresh.c.to_stage).where(fresh.c.deal.in_(keys[n : n + _PIECE]))
        found |= {(row.deal, row.at, row.to_stage) for row in db.execute(query)}
    return found


def new_moves(db: Connection, workspace: int, number: int, deals: Collection[str]) -> list[Move]:
    """Moves of these deals that the import `number` told first."""
    before = move.alias()
    same = and_(before.c.workspace_id == workspace, before.c.deal == move.c.deal, before.c.at == move.c.at)
    corrected = exists().where(same, before.c.to_stage == move.c.to_stage, before.c.since < number)
    query = select(move.c.deal, move.c.from_stage, move.c.to_stage, move.c.at)
    query = query.where(move.c.workspace_id == workspace, move.c.deal.in_(sorted(deals)))
    return [Move(*row) for row in db.execute(query.where(move.c.since == number, ~corrected))]


def drop_moves(db: Connection, workspace: int, made: Collection[Changed]) -> None:
    """Take back moves that changes added."""
    for one in (one.move for one in made):
        if one is not None:
            here = and_(move.c.workspace_id == workspace, move.c.deal == one.deal, move.c.until == EVER)
            db.execute(delete(move).where(here, move.c.at == one.at, move.c.to_stage == one.to_stage))
            moved(db, workspace, one)
    tell_moves(db, [one.id for one in made])


def tell_moves(db: Connection, ids: Collection[int]) -> None:
    """The moves of these changes are no longer ours."""
    db.execute(update(change).where(change.c.id.in_(ids)).values(to_stage=None, moved=None))


def settle(db: Connection, states: Mapping[int, State]) -> None:
    for id, one in states.items():
        db.execute(update(change).where(change.c.id == id).values(state=one.value))


def tell(db: Connection, changes: Collection[Changed], values: Values) -> None:
    """The CRM now says this of fields that the changes are about."""
    for one in changes:
        told = {**one.told, **values}
        if told != one.told:  # mostly it repeats itself, and all of this holds up whoever writes
            db.execute(update(change).where(change.c.id == one.id).values(told=told))
