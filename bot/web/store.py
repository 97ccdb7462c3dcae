"""Tables of sign-in links and sessions. Of every token only its SHA-256 is kept."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, delete, insert, select, update

from bot.db import Connection, Instant, metadata
from bot.team.model import Person

LINK_LIVES = timedelta(minutes=15)
SESSION_LIVES = timedelta(days=30)
_SEEN_EVERY = timedelta(hours=1)  # looking at a page writes at most so often

signin = Table(
    "signin",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("person_id", Integer, ForeignKey("person.id"), nullable=False),
    Column("expires", Instant, nullable=False),
    Column("used", Instant),
    Index("ix_signin_expires", "expires"),
)

session = Table(
    "session",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("person_id", Integer, ForeignKey("person.id"), nullable=False),
    Column("created", Instant, nullable=False),
    Column("seen", Instant, nullable=False),
    Column("expires", Instant, nullable=False),
    Index("ix_session_expires", "expires"),
)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def new_link(db: Connection, person: Person, now: datetime) -> str:
    """The path `/in/<token>` that signs this person in once, within 15 minutes. Links that lapsed are forgotten."""
    token = secrets.token_urlsafe(24)
    db.execute(delete(signin).where(signin.c.expires < now - timedelta(days=1)))
    row = {"workspace_id": person.workspace_id, "person_id": person.id, "expires": now + LINK_LIVES}
    db.execute(insert(signin), row | {"token_hash": _hash(token)})
    return f"/in/{token}"


def link_owner(db: Connection, workspace: int, token: str) -> int | None:
    """Whose link this is, or was; None when there is no such link."""
    here = (signin.c.workspace_id == workspace, signin.c.token_hash == _hash(token))
    return db.execute(select(signin.c.person_id).where(*here)).scalar()


def use_link(db: Connection, workspace: int, token: str, now: datetime) -> int | None:
    """The person whom the link signs in; None when it was used, has lapsed or never was. One of many wins."""
    here = (signin.c.workspace_id == workspace, signin.c.token_hash == _hash(token))
    fresh = (signin.c.used.is_(None), signin.c.expires > now)
    return db.execute(update(signin).where(*here, *fresh).values(used=now).returning(signin.c.person_id)).scalar()


def open_session(db: Connection, workspace: int, person_id: int, now: datetime) -> str:
    """The token of a new session, for the cookie."""
    token = secrets.token_urlsafe(32)
    db.execute(delete(session).where(session.c.expires < now))
    row = {"workspace_id": workspace, "person_id": person_id, "created": now, "seen": now}
    db.execute(insert(session), row | {"token_hash": _hash(token), "expires": now + SESSION_LIVES})
    return token


def session_of(db: Connection, workspace: int, token: str, now: datetime) -> tuple[int, bool] | None:
    """Whose session it is, and whether it is time to write that it was seen."""
    here = (session.c.workspace_id == workspace, session.c.token_hash == _hash(token), session.c.expires > now)
    row = db.execute(select(session.c.person_id, session.c.seen).where(*here)).first()
    return (row.person_id, now - row.seen > _SEEN_EVERY) if row else None


def seen(db: Connection, token: str, now: datetime) -> None:
    """The session was used, so it lives on."""
    values = {"seen": now, "expires": now + SESSION_LIVES}
    db.execute(update(session).where(session.c.token_hash == _hash(token)).values(values))


def close_session(db: Connection, token: str) -> None:
    db.execute(delete(session).where(session.c.token_hash == _hash(token)))
