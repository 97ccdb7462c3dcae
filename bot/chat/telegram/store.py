"""What we must remember about Telegram: what buttons say, messages of several parts, the card that is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Integer, String, Table, Text, delete, select

from bot.db import Connection, Instant, Json, metadata, upsert

keyboard = Table(
    "telegram_keyboard",
    metadata,
    Column("workspace_id", Integer, primary_key=True, autoincrement=False),
    Column("token", String(24), primary_key=True),
    Column("buttons", Json, nullable=False),
    Column("used", Instant, nullable=False),
    Index("ix_telegram_keyboard_used", "used"),
)

part = Table(
    "telegram_part",
    metadata,
    Column("workspace_id", Integer, primary_key=True, autoincrement=False),
    Column("sent", String(64), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("chat", String(32), nullable=False),
    Column("message_id", Integer, nullable=False),
    Column("picture", String(32), nullable=False),  # what it shows, "" for a text
    Column("key", Text, nullable=False),
    Index("ix_telegram_part_chat_message_id", "workspace_id", "chat", "message_id"),
    Index("ix_telegram_part_key", "workspace_id", "key"),
)

card = Table(
    "telegram_card",
    metadata,
    Column("workspace_id", Integer, primary_key=True, autoincrement=False),
    Column("chat", String(32), primary_key=True),
    Column("message_id", Integer, nullable=False),  # 0 before it was posted
    Column("state", Json, nullable=False),
    Column("changed", Instant, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Part:
    """A message of Telegram's that is one part of a message of ours. `picture`: a digest of what it shows."""

    chat: str
    message_id: int
    picture: str = ""


def keep_keyboards(db: Connection, workspace: int, found: Sequence[tuple[str, Any]], now: datetime) -> None:
    """Remember what the buttons of keyboards say, (token, buttons) each, for some months from now."""
    rows = [{"workspace_id": workspace, "token": t, "buttons": buttons, "used": now} for t, buttons in found]
    upsert(db, keyboard, rows, key=("workspace_id", "token"))


def buttons(db: Connection, workspace: int, token: str) -> Any:
    """What a keyboard says; None when it was forgotten or never was."""
    here = (keyboard.c.workspace_id == workspace, keyboard.c.token == token)
    return db.execute(select(keyboard.c.buttons).where(*here)).scalar()


def forget_keyboards(db: Connection, workspace: int, before: datetime) -> int:
    return db.execute(delete(keyboard).where(keyboard.c.workspace_id == workspace, keyboard.c.used < before)).rowcount


def parts_of(db: Connection, workspace: int, sent: str) -> list[Part]:
    """The parts of a message in order; none when it is one plain text."""
    return [one for _, one in _parts(db, part.c.workspace_id == workspace, part.c.sent == sent)]


def parts_by_key(db: Connection, workspace: int, key: str) -> tuple[str, list[Part]]:
    """The id of the message that was begun with `key`, and the parts that were posted before something went wrong."""
    found = _parts(db, part.c.workspace_id == workspace, part.c.key == key)
    return (found[0][0] if found else ""), [one for _, one in found]


def _parts(db: Connection, *where: Any) -> list[tuple[str, Part]]:
    query = select(part.c.sent, part.c.chat, part.c.message_id, part.c.picture).where(*where)
    rows = db.execute(query.order_by(part.c.position))
    return [(row.sent, Part(row.chat, row.message_id, row.picture)) for row in rows]


def save_parts(db: Connection, workspace: int, sent: str, key: str, found: Sequence[Part]) -> None:
    """Of what parts a message is made from now on."""
    db.execute(delete(part).where(part.c.workspace_id == workspace, part.c.sent == sent))
    rows = [
        {"workspace_id": workspace, "sent": sent, "key": key, "position": n}
        | {"chat": one.chat, "message_id": one.message_id, "picture": one.picture}
        for n, one in enumerate(found)
    ]
    if rows:
        db.execute(part.insert(), rows)


def whole(db: Connection, workspace: int, chat: str, message_id: int) -> str:
    """The id of the message that this is a part of; "" when it is none of several."""
    here = (part.c.workspace_id == workspace, part.c.chat == chat, part.c.message_id == message_id)
    return db.execute(select(part.c.sent).where(*here)).scalar() or ""


def card_of(db: Connection, workspace: int, chat: str) -> tuple[int, Any, datetime] | None:
    """The newest card of a chat: its message, its state and when that changed. Locked until the transaction ends."""
    query = select(card.c.message_id, card.c.state, card.c.changed).with_for_update()
    row = db.execute(query.where(card.c.workspace_id == workspace, card.c.chat == chat)).first()
    return None if row is None else (row.message_id, row.state, row.changed)


def save_card(db: Connection, workspace: int, chat: str, message_id: int, state: Any, now: datetime) -> None:
    row = {"workspace_id": workspace, "chat": chat, "message_id": message_id, "state": state, "changed": now}
    upsert(db, card, [row], key=("workspace_id", "chat"))
