"""The table of which card was used for which deal."""

from datetime import datetime

from sqlalchemy import Column, Integer, Table, Text, UniqueConstraint, select

from bot.crm.model import Status
from bot.crm.store import deal, shown
from bot.db import Connection, Instant, insert_new, metadata

use = Table(
    "library_use",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("card_id", Integer, nullable=False),
    Column("deal", Text, nullable=False),
    Column("person_id", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("workspace_id", "card_id", "deal"),
)


def add(db: Connection, workspace: int, card_id: int, key: str, person_id: int, at: datetime) -> None:
    """A card was filled in for a deal; the first time counts."""
    row = {"workspace_id": workspace, "card_id": card_id, "deal": key, "person_id": person_id, "at": at}
    insert_new(db, use, [row])


def deals(db: Connection, workspace: int, since: datetime) -> dict[int, tuple[int, int]]:
    """For how many deals each card was used since then, and how many of these are won by now; by card."""
    query = select(use.c.card_id, deal.c.status).join(deal, deal.c.deal == use.c.deal)
    query = query.where(use.c.workspace_id == workspace, use.c.at >= since, shown(deal, workspace))
    found: dict[int, tuple[int, int]] = {}
    for card_id, status in db.execute(query):
        used, won = found.get(card_id, (0, 0))
        found[card_id] = used + 1, won + (status == Status.WON.value)
    return found
