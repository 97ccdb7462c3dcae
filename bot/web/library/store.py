"""What the library's pages ask of tables that other rooms keep. It has none of its own."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from bot.db import Connection
from bot.library.store import ask, version


def askers(db: Connection, workspace: int, since: datetime, card_id: int | None = None) -> list[Row[Any]]:
    """Who got which card how often: `person_id`, `card_id` (None: no card), `asked`; most often first."""
    query = select(ask.c.person_id, ask.c.card_id, func.count().label("asked"))
    query = query.where(ask.c.workspace_id == workspace, ask.c.at >= since)
    if card_id is not None:
        query = query.where(ask.c.card_id == card_id)
    query = query.group_by(ask.c.person_id, ask.c.card_id)
    return list(db.execute(query.order_by(func.count().desc(), ask.c.person_id, ask.c.card_id)))


def questions(
    db: Connection, workspace: int, since: datetime, *, card_id: int | None = None, band: str = "", most: int = 20
) -> Sequence[Row[Any]]:
    """What was asked, newest first: rows of `library_ask`, of one card or of one band."""
    query = select(ask).where(ask.c.workspace_id == workspace, ask.c.at >= since)
    if card_id is not None:
        query = query.where(ask.c.card_id == card_id)
    if band:
        query = query.where(ask.c.band == band)
    return db.execute(query.order_by(ask.c.at.desc(), ask.c.id.desc()).limit(most)).all()


def written(db: Connection, workspace: int) -> dict[int, datetime]:
    """When each card was first written, by its id."""
    query = select(version.c.card_id, func.min(version.c.at)).where(version.c.workspace_id == workspace)
    return {row[0]: row[1] for row in db.execute(query.group_by(version.c.card_id))}
