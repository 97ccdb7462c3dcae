"""The table of the deals that slots ask about, with what was said of each, and the queries over it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint, select
from sqlalchemy import Row as DbRow

from bot.db import Connection, Json, insert_new, metadata, upsert
from bot.standup.deals import model
from bot.standup.deals.model import Bar, DealAsk, Told, What

deal = Table(
    "standup_deal",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("slot_id", Integer, ForeignKey("standup_slot.id", ondelete="CASCADE"), nullable=False),
    Column("deal", Text, nullable=False),  # the CRM's key
    Column("asked", Boolean, nullable=False),
    Column("name", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("onward", Text, nullable=False),
    Column("reasons", Json, nullable=False),
    Column("what", String(8), nullable=False, default=""),  # "" while nothing was said
    Column("line", Text, nullable=False, default=""),
    Column("done", Json, nullable=False),
    Column("bar", String(8), nullable=False, default=""),
    Column("blocker_id", Integer),
    UniqueConstraint("slot_id", "deal"),
)


def _row(workspace: int, one: DealAsk) -> dict[str, Any]:
    return {
        "workspace_id": workspace,
        "slot_id": one.slot_id,
        "deal": one.deal,
        "asked": one.asked,
        "name": one.name,
        "stage": one.stage,
        "onward": one.onward,
        "reasons": model.kept(one.reasons),
        "what": one.told.what.value if one.told else "",
        "line": one.told.line if one.told else "",
        "done": model.kept_done(one.done),
        "bar": one.bar.value if one.bar else "",
        "blocker_id": one.blocker_id,
    }


def _deal(row: DbRow[Any]) -> DealAsk:
    return DealAsk(
        slot_id=row.slot_id,
        deal=row.deal,
        asked=row.asked,
        name=row.name,
        stage=row.stage,
        onward=row.onward,
        reasons=model.reasons(row.reasons),
        told=Told(What(row.what), row.line) if row.what else None,
        done=model.done(row.done),
        bar=Bar(row.bar) if row.bar else None,
        blocker_id=row.blocker_id,
    )


def add(db: Connection, workspace: int, deals: Sequence[DealAsk]) -> None:
    """Keep what is asked; a deal that a slot has already stays as it is."""
    insert_new(db, deal, [_row(workspace, one) for one in deals])


def save(db: Connection, workspace: int, deals: Sequence[DealAsk]) -> None:
    """Keep what was said and done."""
    upsert(db, deal, [_row(workspace, one) for one in deals], key=["slot_id", "deal"])


def in_slots(db: Connection, slot_ids: Sequence[int]) -> dict[int, tuple[DealAsk, ...]]:
    """The deals of each slot, in the order in which they were asked."""
    found: dict[int, tuple[DealAsk, ...]] = {}
    for row in db.execute(select(deal).where(deal.c.slot_id.in_(slot_ids)).order_by(deal.c.id)):
        found[row.slot_id] = (*found.get(row.slot_id, ()), _deal(row))
    return found
