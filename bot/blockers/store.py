"""Tables of blockers and of what happened to them."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, Row, String, Table, Text, insert, select, update

from bot.blockers.model import LIVE, Blocker, Category, State
from bot.db import Connection, Instant, metadata
from bot.team.store import person

blocker = Table(
    "blocker",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("team_id", Integer, ForeignKey("team.id"), nullable=False),
    Column("raised_by", Integer, ForeignKey("person.id"), nullable=False),
    Column("owner_id", Integer, ForeignKey("person.id")),
    Column("category", String(16), nullable=False),
    Column("stage", String(32), nullable=False),
    Column("deal", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("slot_id", Integer),
    Column("raised_on", Date, nullable=False),
    Column("moved_on", Date, nullable=False),
    Column("moved", Integer, nullable=False, default=0),
    Column("decide_at", Instant),
    Column("note", Text, nullable=False, default=""),
    Column("deal_key", Text, nullable=False, default="", server_default=""),
    Index("ix_blocker_workspace_id_raised_on", "workspace_id", "raised_on"),
    Index("ix_blocker_team_id_state", "team_id", "state"),
    Index("ix_blocker_raised_by_state", "raised_by", "state"),
    Index("ix_blocker_decide_at", "decide_at"),
)

event = Table(
    "blocker_event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("blocker_id", Integer, ForeignKey("blocker.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("person_id", Integer),
    Column("kind", String(16), nullable=False),
    Column("detail", Text, nullable=False, default=""),
)


def _blocker(row: Row[Any]) -> Blocker:
    fields = dict(row._mapping)
    fields |= {"category": Category(row.category), "state": State(row.state)}
    return Blocker(**fields)


def add(db: Connection, fresh: dict[str, Any]) -> Blocker:
    """Keep a new blocker; `fresh` has every column but `id`."""
    key = db.execute(insert(blocker).values(fresh)).inserted_primary_key
    assert key is not None
    return Blocker(id=key[0], **fresh)


def save(db: Connection, one: Blocker, **changes: Any) -> None:
    db.execute(update(blocker).where(blocker.c.id == one.id).values(changes))


def note(db: Connection, one: Blocker, at: datetime, person_id: int | None, kind: str, detail: str = "") -> None:
    """Write down that something happened to it."""
    row = {"workspace_id": one.workspace_id, "blocker_id": one.id, "at": at, "person_id": person_id}
    db.execute(insert(event).values(row | {"kind": kind, "detail": detail}))


def history(db: Connection, one: Blocker) -> list[Row[Any]]:
    """What happened to it, oldest first: `at`, `person_id`, `kind`, `detail`."""
    query = select(event.c.at, event.c.person_id, event.c.kind, event.c.detail)
    return list(db.execute(query.where(event.c.blocker_id == one.id).order_by(event.c.id)))


def by_id(db: Connection, workspace: int, blocker_id: int) -> Blocker | None:
    query = select(blocker).where(blocker.c.workspace_id == workspace, blocker.c.id == blocker_id)
    row = db.execute(query).first()
    return _blocker(row) if row else None


def live(
    db: Connection,
    workspace: int,
    *,
    team_ids: Sequence[int] | None = None,
    raised_by: Sequence[int] | None = None,
) -> list[Blocker]:
    """Those that still stand, oldest first."""
    query = select(blocker).where(blocker.c.workspace_id == workspace, blocker.c.state.in_(LIVE))
    if team_ids is not None:
        query = query.where(blocker.c.team_id.in_(team_ids))
    if raised_by is not None:
        query = query.where(blocker.c.raised_by.in_(raised_by))
    return [_blocker(row) for row in db.execute(query.order_by(blocker.c.raised_on, blocker.c.id))]


def named_in(db: Connection, workspace: int, slot_ids: Sequence[int]) -> list[Blocker]:
    """Those that these slots raised, whatever became of them since."""
    query = select(blocker).where(blocker.c.workspace_id == workspace, blocker.c.slot_id.in_(slot_ids))
    return [_blocker(row) for row in db.execute(query.order_by(blocker.c.id))]


def raised(
    db: Connection,
    workspace: int,
    stages: Collection[str] | None,
    owners: Collection[str] | None,
    first: date,
    last: date,
) -> list[Blocker]:
    """Those raised between two dates, both included, oldest first; but not what was taken back.

    `owners`: roster keys of those who raised them.
    """
    query = select(blocker).where(blocker.c.workspace_id == workspace, blocker.c.raised_on.between(first, last))
    query = query.where(blocker.c.state != State.WITHDRAWN)
    if stages is not None:
        query = query.where(blocker.c.stage.in_(stages))
    if owners is not None:
        theirs = select(person.c.id).where(person.c.workspace_id == workspace, person.c.key.in_(owners))
        query = query.where(blocker.c.raised_by.in_(theirs))
    return [_blocker(row) for row in db.execute(query.order_by(blocker.c.raised_on, blocker.c.id))]


def of_deal(db: Connection, workspace: int, key: str) -> list[Blocker]:
    """Those that were named on a deal, the newest first; but not what was taken back."""
    query = select(blocker).where(blocker.c.workspace_id == workspace, blocker.c.deal_key == key)
    query = query.where(blocker.c.state != State.WITHDRAWN)
    return [_blocker(row) for row in db.execute(query.order_by(blocker.c.raised_on.desc(), blocker.c.id.desc()))]


def undecided(db: Connection, workspace: int, now: datetime, limit: int) -> list[Blocker]:
    """Those whose third day without a move has come."""
    query = select(blocker).where(
        blocker.c.workspace_id == workspace, blocker.c.decide_at <= now, blocker.c.state.in_(LIVE)
    )
    return [_blocker(row) for row in db.execute(query.order_by(blocker.c.decide_at).limit(limit))]
