"""Tables of accounts on chat platforms and of the invitations that link them, and the queries over them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    select,
    update,
)

from bot.db import Connection, Instant, metadata, upsert
from bot.message import Place
from bot.team.store import person, place

account = Table(
    "account",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("platform", String(16), nullable=False),
    Column("user", Text, nullable=False),  # the platform's id of the person
    Column("person_id", Integer, ForeignKey("person.id"), nullable=False),
    UniqueConstraint("workspace_id", "platform", "user"),
    UniqueConstraint("workspace_id", "platform", "person_id"),
)

invite = Table(
    "invite",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("platform", String(16), nullable=False),
    Column("person_id", Integer, ForeignKey("person.id"), nullable=False),
    Column("expires", Instant, nullable=False),
    Column("used", Instant),
    Index("ix_invite_expires", "expires"),
)


# Asked for each thing that is heard: made once, it costs half.
_PERSON_ID = (
    select(account.c.person_id)
    .join(person, person.c.id == account.c.person_id)
    .where(
        account.c.workspace_id == bindparam("workspace"),
        account.c.platform == bindparam("on"),
        account.c.user == bindparam("known_as"),
        person.c.active,
    )
)


def person_id(db: Connection, workspace: int, platform: str, user: str) -> int | None:
    return db.execute(_PERSON_ID, {"workspace": workspace, "on": platform, "known_as": user}).scalar()


def users(db: Connection, workspace: int, platform: str) -> dict[str, int]:
    """Every linked account of a platform: the platform's user id -> person id."""
    query = select(account.c.user, account.c.person_id)
    query = query.where(account.c.workspace_id == workspace, account.c.platform == platform)
    return {row.user: row.person_id for row in db.execute(query)}


def save(db: Connection, workspace: int, platform: str, pairs: Sequence[tuple[str, int]]) -> None:
    """Link accounts, (user, person id) each. Whatever either was linked to before on the platform goes."""
    here = (account.c.workspace_id == workspace, account.c.platform == platform)
    db.execute(delete(account).where(*here, account.c.user.in_([user for user, _ in pairs])))
    row = {"workspace_id": workspace, "platform": platform}
    rows = [row | {"user": user, "person_id": person_id} for user, person_id in pairs]
    upsert(db, account, rows, key=("workspace_id", "platform", "person_id"))


def drop(db: Connection, workspace: int, platform: str, person_ids: Sequence[int]) -> None:
    """Unlink people on a platform; they are not spoken to there any more."""
    here = (account.c.workspace_id == workspace, account.c.platform == platform)
    db.execute(delete(account).where(*here, account.c.person_id.in_(person_ids)))
    there = (place.c.workspace_id == workspace, place.c.platform == platform)
    db.execute(delete(place).where(*there, place.c.person_id.in_(person_ids)))


def set_places(db: Connection, workspace: int, platform: str, chats: Sequence[tuple[int, str]]) -> None:
    """Speak to people, (person id, chat) each, in these chats of a platform."""
    ids, there = [person_id for person_id, _ in chats], [chat for _, chat in chats]
    here = (place.c.workspace_id == workspace, place.c.platform == platform)
    db.execute(delete(place).where(*here, place.c.person_id.in_(ids)))
    row = {"workspace_id": workspace, "platform": platform, "thread": "", "preferred": False, "team_id": None}
    rows = [row | {"person_id": person_id, "chat": chat} for person_id, chat in chats]
    db.execute(delete(place).where(*here, place.c.chat.in_(there), place.c.thread == ""))
    if rows:
        db.execute(place.insert(), rows)


def prefer(db: Connection, workspace: int, person_ids: Sequence[int], platform: str) -> None:
    """Ask these people on this platform from now on."""
    theirs = (place.c.workspace_id == workspace, place.c.person_id.in_(person_ids))
    db.execute(update(place).where(*theirs).values(preferred=place.c.platform == platform))


def preferred(db: Connection, workspace: int, person_id: int) -> dict[str, bool]:
    """The platforms on which a person is spoken to, and whether each is the one they prefer."""
    query = select(place.c.platform, place.c.preferred).order_by(place.c.id)
    rows = db.execute(query.where(place.c.workspace_id == workspace, place.c.person_id == person_id))
    return {row.platform: row.preferred for row in rows}


def move_place(db: Connection, workspace: int, platform: str, chat: str, to: str) -> None:
    here = (place.c.workspace_id == workspace, place.c.platform == platform)
    if db.execute(select(place.c.id).where(*here, place.c.chat == chat)).first() is None:
        return  # a platform says it more than once
    db.execute(delete(place).where(*here, place.c.chat == to))
    db.execute(update(place).where(*here, place.c.chat == chat).values(chat=to))


def set_team_place(db: Connection, workspace: int, team_id: int, where: Place) -> None:
    """The team's one place on a platform; whoever had the place before has it no more."""
    here = (place.c.workspace_id == workspace, place.c.platform == where.platform)
    db.execute(delete(place).where(*here, place.c.team_id == team_id))
    db.execute(delete(place).where(*here, place.c.chat == where.chat, place.c.thread == where.thread))
    row = {"workspace_id": workspace, "platform": where.platform, "chat": where.chat, "thread": where.thread}
    db.execute(place.insert().values(**row, team_id=team_id, person_id=None, preferred=False))


def drop_team_place(db: Connection, workspace: int, platform: str, chat: str) -> int:
    """Nothing of any team goes to this chat any more; how many places that were."""
    here = (place.c.workspace_id == workspace, place.c.platform == platform, place.c.chat == chat)
    return db.execute(delete(place).where(*here, place.c.team_id.is_not(None))).rowcount


def team_chats(db: Connection, workspace: int, platform: str) -> dict[str, int]:
    """The chats of teams on a platform: chat -> team id."""
    here = (place.c.workspace_id == workspace, place.c.platform == platform, place.c.team_id.is_not(None))
    return {row.chat: row.team_id for row in db.execute(select(place.c.chat, place.c.team_id).where(*here))}


def person_chats(db: Connection, workspace: int, platform: str) -> dict[str, int]:
    """Where people are spoken to on a platform: chat -> person id."""
    here = (place.c.workspace_id == workspace, place.c.platform == platform, place.c.person_id.is_not(None))
    return {row.chat: row.person_id for row in db.execute(select(place.c.chat, place.c.person_id).where(*here))}


def add_invite(
    db: Connection, workspace: int, platform: str, person_id: int, code_hash: str, expires: datetime
) -> None:
    """A new invitation; those that this person had before on the platform do not work any more."""
    here = (invite.c.workspace_id == workspace, invite.c.platform == platform)
    db.execute(delete(invite).where(*here, invite.c.person_id == person_id, invite.c.used.is_(None)))
    row = {"workspace_id": workspace, "platform": platform, "person_id": person_id}
    db.execute(invite.insert().values(**row, code_hash=code_hash, expires=expires))


def use_invite(db: Connection, workspace: int, platform: str, code_hash: str, now: datetime) -> int | None:
    """Whom it invites; None when it was used, has lapsed or never was. One of many wins."""
    here = (invite.c.workspace_id == workspace, invite.c.platform == platform, invite.c.code_hash == code_hash)
    fresh = (invite.c.used.is_(None), invite.c.expires > now)
    return db.execute(update(invite).where(*here, *fresh).values(used=now).returning(invite.c.person_id)).scalar()


def set_unreachable(db: Connection, workspace: int, person_id: int, why: str, at: datetime | None) -> bool:
    """Whether it was news. `why` is "" for somebody who can be reached again."""
    mine = (person.c.workspace_id == workspace, person.c.id == person_id)
    fresh = (person.c.unreachable == "") if why else (person.c.unreachable != "")
    news = db.execute(update(person).where(*mine, fresh).values(unreachable=why)).rowcount == 1
    if news or why:
        db.execute(update(person).where(*mine).values(unreachable_at=at))
    return news
