"""The outbox's table and its queries."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    update,
)

from bot.db import Connection, Instant, Json, insert_new, metadata
from bot.message import Place, Reply, dump, load
from bot.outbox.model import LEASE, Delivery, Due, Say, State

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("key", Text, nullable=False),
    Column("lane", Text, nullable=False),
    Column("platform", String(16), nullable=False),
    Column("chat", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("only", Text, nullable=False),
    Column("under", Text, nullable=False),
    Column("body", Json, nullable=False),
    Column("version", Integer, nullable=False),
    Column("sent", Text, nullable=False),  # the message's id on the platform
    Column("state", String(8), nullable=False),
    Column("due", Instant, nullable=False),
    Column("expires", Instant),
    Column("gap", Integer, nullable=False),  # seconds
    Column("attempts", Integer, nullable=False),
    Column("epoch", Integer, nullable=False),  # of the lane's owner that took it last
    Column("created", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("error", Text, nullable=False),
    UniqueConstraint("workspace_id", "key"),
    Index("ix_outbox_state_due", "state", "due"),
    Index("ix_outbox_lane_chat_state", "lane", "chat", "state"),
)

# who drains a platform just now; `epoch` grows with each owner, so that what an earlier one left undone is known
lane = Table(
    "lane",
    metadata,
    Column("id", Text, primary_key=True),
    Column("owner", Text, nullable=False),
    Column("lease_until", Instant),
    Column("epoch", Integer, nullable=False),
    Column("paused_until", Instant),
    Column("why", Text, nullable=False),  # of the pause
)

_OPEN = (State.READY, State.SENDING)


def put(db: Connection, workspace: int, says: Sequence[Say], now: datetime) -> int:
    """Write messages down to be sent once this transaction commits; how many had not been said before."""
    rows = [_row(workspace, say, now) for say in says]
    if rows:
        db.info["spoken"] = True
    return insert_new(db, outbox, rows)


def _row(workspace: int, say: Say, now: datetime) -> dict[str, Any]:
    return {
        "workspace_id": workspace,
        "key": say.key,
        "lane": say.place.platform,
        "platform": say.place.platform,
        "chat": say.place.chat,
        "thread": say.place.thread,
        "only": say.place.only,
        "under": say.under,
        "body": dump(say.reply),
        "version": 1,
        "sent": "",
        "state": State.READY,
        "due": now,
        "expires": say.expires,
        "gap": int(say.gap.total_seconds()),
        "attempts": 0,
        "lease_until": None,
        "created": now,
        "sent_at": None,
        "error": "",
    }


def edit(db: Connection, workspace: int, key: str, reply: Reply, now: datetime) -> bool:
    """Make the message of `key` read as `reply`; False when there is none, or when it says so already.

    The newest body wins; edits that come faster than the row's gap are sent as one.
    """
    body = dump(reply)
    row = db.execute(
        select(outbox.c.id, outbox.c.body, outbox.c.state, outbox.c.sent, outbox.c.due, outbox.c.gap).where(
            outbox.c.workspace_id == workspace, outbox.c.key == key
        )
    ).first()
    if row is None or row.body == body or row.state in (State.STALE, State.DEAD):
        return False
    values: dict[str, Any] = {"body": body, "version": outbox.c.version + 1, "attempts": 0}
    if row.state == State.SENT:
        # `due` of a row that was sent is when it was last touched there
        values |= {"state": State.READY, "due": max(now, row.due + timedelta(seconds=row.gap))}
    db.execute(update(outbox).where(outbox.c.id == row.id).values(values))
    db.info["spoken"] = True
    return True


def claim(db: Connection, now: datetime, limit: int = 100) -> list[Due]:
    """Take what is due, oldest first, for the length of a lease. What expired is put aside as stale.

    A chat keeps its order: nothing new is taken for it while an older new message waits for its next try.
    """
    earlier = outbox.alias("earlier")
    held_up = exists().where(
        earlier.c.lane == outbox.c.lane,
        earlier.c.chat == outbox.c.chat,
        earlier.c.state.in_(_OPEN),
        earlier.c.sent == "",
        earlier.c.id < outbox.c.id,
        or_(earlier.c.due > now, earlier.c.state == State.SENDING),
    )
    takeable = or_(
        and_(outbox.c.state == State.READY, outbox.c.due <= now, or_(outbox.c.sent != "", ~held_up)),
        and_(outbox.c.state == State.SENDING, outbox.c.due <= now, outbox.c.lease_until < now),
    )
    _set_aside(db, now)
    query = select(outbox).where(takeable).order_by(outbox.c.id).limit(limit)
    rows = list(db.execute(query.with_for_update(skip_locked=True)))
    if not rows:
        return []
    db.execute(
        update(outbox)
        .where(outbox.c.id.in_([row.id for row in rows]))
        .values(state=State.SENDING, lease_until=now + LEASE)
    )
    return [_due(row) for row in rows]


def _set_aside(db: Connection, now: datetime) -> None:
    db.execute(
        update(outbox)
        .where(outbox.c.state == State.READY, outbox.c.due <= now, outbox.c.expires < now, outbox.c.sent == "")
        .values(state=State.STALE)
    )


def _due(row: Row[Any]) -> Due:
    place = Place(row.platform, row.chat, row.thread, row.only)
    again = row.state == State.SENDING
    return Due(row.id, row.key, place, row.under, load(row.body), row.version, row.sent, row.attempts, again)


def sent_id(db: Connection, due: Due) -> str:
    """The platform's id of the message under which this one goes; "" while it is not there."""
    root = outbox.alias("root")
    same = and_(root.c.workspace_id == outbox.c.workspace_id, root.c.key == due.under)
    query = select(root.c.sent).select_from(outbox.join(root, same)).where(outbox.c.id == due.id)
    return db.execute(query).scalar() or ""


def mark_sent(db: Connection, due: Due, sent: str, now: datetime) -> None:
    """It stands on the platform. A body that changed meanwhile makes it ready again, for an edit."""
    row = db.execute(select(outbox.c.version, outbox.c.gap).where(outbox.c.id == due.id)).one()
    newer = row.version != due.version
    db.execute(
        update(outbox)
        .where(outbox.c.id == due.id)
        .values(
            state=State.READY if newer else State.SENT,
            due=now + timedelta(seconds=row.gap) if newer else now,
            sent=sent,
            sent_at=func.coalesce(outbox.c.sent_at, bindparam("at", now, Instant)),
            attempts=0,
            lease_until=None,
            error="",
        )
    )


def mark_failed(db: Connection, due: Due, why: str, again_at: datetime | None) -> None:
    """It was refused; tried again at `again_at`, or given up when that is None."""
    state = State.DEAD if again_at is None else State.READY
    values: dict[str, Any] = {"state": state, "attempts": due.attempts + 1, "lease_until": None, "error": why}
    if again_at is not None:
        values["due"] = again_at
    db.execute(update(outbox).where(outbox.c.id == due.id).values(values))


def release(db: Connection, ids: Sequence[int]) -> None:
    """Hand back what was taken and not tried."""
    db.execute(update(outbox).where(outbox.c.id.in_(ids)).values(state=State.READY, lease_until=None))


def next_due(db: Connection) -> datetime | None:
    """When the next message wants sending; None when nothing waits."""
    ready = select(func.min(outbox.c.due)).where(outbox.c.state == State.READY)
    leased = select(func.min(outbox.c.lease_until)).where(outbox.c.state == State.SENDING)
    times = [t for t in (db.execute(ready).scalar(), db.execute(leased).scalar()) if t is not None]
    return min(times, default=None)


def deliveries(db: Connection, workspace: int, keys: Sequence[str]) -> dict[str, Delivery]:
    """How the messages of these keys stand."""
    query = select(outbox.c.key, outbox.c.state, outbox.c.sent_at)
    query = query.where(outbox.c.workspace_id == workspace, outbox.c.key.in_(keys))
    return {row.key: Delivery(State(row.state), row.sent_at) for row in db.execute(query)}


def counts(db: Connection) -> dict[str, int]:
    """How many messages are in each state."""
    query = select(outbox.c.state, func.count()).group_by(outbox.c.state)
    return {row[0]: row[1] for row in db.execute(query)}


def oldest_waiting(db: Connection) -> datetime | None:
    """Since when the longest-waiting due message waits."""
    return db.execute(select(func.min(outbox.c.due)).where(outbox.c.state == State.READY)).scalar()
