"""Tables of the web chat, and the queries over them.

Every change of a message takes the next number of one counter, whose row stays locked until the transaction ends.
So whoever has seen change n has seen all that came before it, and a page that was away asks for "after n".
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.chat.web.model import Body, Draft, Said, StoredFile, from_json, to_json
from bot.db import Connection, Instant, Json, insert_new, metadata, upsert
from bot.team import store as team

counter = Table(
    "web_counter",
    metadata,
    Column("workspace_id", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
)

message = Table(
    "web_message",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("chat", String(64), nullable=False),
    Column("thread", Integer),
    Column("author", Integer),
    Column("key", Text),
    Column("client_id", String(64)),
    Column("body", Json, nullable=False),
    Column("only_person", Integer),
    Column("created", Instant, nullable=False),
    Column("edited", Instant),
    Column("seq", Integer, nullable=False),
    UniqueConstraint("workspace_id", "key"),
    UniqueConstraint("workspace_id", "author", "client_id"),
    Index("ix_web_message_chat", "workspace_id", "chat", "id"),
    Index("ix_web_message_seq", "workspace_id", "seq"),
    Index("ix_web_message_thread", "thread"),
)

read_mark = Table(
    "web_read",
    metadata,
    Column("workspace_id", Integer, primary_key=True, autoincrement=False),
    Column("person_id", Integer, primary_key=True, autoincrement=False),
    Column("chat", String(64), primary_key=True),
    Column("upto", Integer, nullable=False),
)

file = Table(
    "web_file",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("chat", String(64), nullable=False),
    Column("owner", Integer),
    Column("only_person", Integer),
    Column("name", Text, nullable=False),
    Column("media_type", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("posted", Boolean, nullable=False),
    Column("created", Instant, nullable=False),
)


def _next(db: Connection, workspace: int) -> int:
    """The next change number; others who want one wait until this transaction has ended."""
    insert_new(db, counter, [{"workspace_id": workspace, "seq": 0}])
    step = update(counter).where(counter.c.workspace_id == workspace).values(seq=counter.c.seq + 1)
    return int(db.execute(step.returning(counter.c.seq)).scalar_one())


def latest(db: Connection, workspace: int) -> int:
    """The number of the last change, 0 before the first."""
    return db.execute(select(counter.c.seq).where(counter.c.workspace_id == workspace)).scalar() or 0


def add(db: Connection, workspace: int, draft: Draft, now: datetime) -> tuple[int, bool]:
    """Store a message, its id and whether it was new; one with the same key, or id of the same writer, is kept."""
    seq = _next(db, workspace)  # first: its lock makes the look and the insert one step
    if (known := _same(db, workspace, draft)) is not None:
        return known, False
    row = {"workspace_id": workspace, "chat": draft.chat, "thread": draft.thread, "author": draft.author}
    row |= {"key": draft.key, "client_id": draft.client_id, "body": to_json(draft.body)}
    row |= {"only_person": draft.only, "created": now, "seq": seq}
    made = db.execute(insert(message).returning(message.c.id), row).scalar_one()
    if draft.thread is not None:  # what hangs under a message is shown with it, so it changed too
        db.execute(update(message).where(message.c.id == draft.thread).values(seq=_next(db, workspace)))
    return int(made), True


def _same(db: Connection, workspace: int, draft: Draft) -> int | None:
    query = select(message.c.id).where(message.c.workspace_id == workspace)
    if draft.key is not None:
        return db.execute(query.where(message.c.key == draft.key)).scalar()
    return db.execute(query.where(_written(draft.author, draft.client_id))).scalar()


def _written(author: int | None, client_id: str | None) -> ColumnElement[bool]:
    return and_(message.c.author == author, message.c.client_id == client_id)


def change(db: Connection, workspace: int, message_id: int, body: Body, edited: datetime | None = None) -> bool:
    """Make a message say `body`; False when it says so already. `edited` is shown to readers as a later change."""
    seq = _next(db, workspace)
    here = and_(message.c.workspace_id == workspace, message.c.id == message_id)
    if db.execute(select(message.c.body).where(here)).scalar() == to_json(body):
        return False
    values: dict[str, Any] = {"body": to_json(body), "seq": seq}
    db.execute(update(message).where(here).values(values | ({"edited": edited} if edited else {})))
    return True


def by_key(db: Connection, workspace: int, key: str) -> int | None:
    query = select(message.c.id).where(message.c.workspace_id == workspace, message.c.key == key)
    return db.execute(query).scalar()


def one(db: Connection, workspace: int, message_id: int, viewer: int | None = None) -> Said | None:
    """A message by its id; None too when it is for the eyes of somebody else than `viewer`."""
    query = select(message).where(message.c.workspace_id == workspace, message.c.id == message_id)
    if viewer is not None:
        query = query.where(_open_to(viewer))
    row = db.execute(query).first()
    return _said(row) if row else None


def _open_to(viewer: int) -> ColumnElement[bool]:
    return or_(message.c.only_person.is_(None), message.c.only_person == viewer)


def _said(row: Row[Any]) -> Said:
    return Said(
        row.id,
        row.chat,
        row.thread,
        row.author,
        row.key,
        row.client_id,
        from_json(row.body),
        row.only_person,
        row.created,
        row.edited,
        row.seq,
    )


def history(
    db: Connection,
    workspace: int,
    viewer: int,
    chat: str,
    *,
    thread: int | None = None,
    before: int | None = None,
    most: int = 50,
) -> list[Said]:
    """The last messages of a chat, or of one thread in it, oldest first; `before` an id pages back."""
    query = select(message).where(message.c.workspace_id == workspace, message.c.chat == chat, _open_to(viewer))
    query = query.where(message.c.thread.is_(None) if thread is None else message.c.thread == thread)
    if before is not None:
        query = query.where(message.c.id < before)
    rows = db.execute(query.order_by(message.c.id.desc()).limit(most))
    return _with_replies(db, viewer, [_said(row) for row in reversed(list(rows))])


def _with_replies(db: Connection, viewer: int, found: Sequence[Said]) -> list[Said]:
    roots = [said.id for said in found if said.thread is None]
    query = select(message.c.thread, func.count(), func.max(message.c.created))
    query = query.where(message.c.thread.in_(roots), _open_to(viewer)).group_by(message.c.thread)
    counts = {root: (count, last) for root, count, last in db.execute(query)}
    return [
        replace(said, replies=counts[said.id][0], last_reply=counts[said.id][1]) if said.id in counts else said
        for said in found
    ]


def _seen_by(viewer: int, chats: Iterable[str]) -> ColumnElement[bool]:
    """Messages in these chats and in the viewer's direct ones."""
    mine = (message.c.chat.like(f"direct-{viewer}-%"), message.c.chat.like(f"direct-%-{viewer}"))
    return and_(or_(message.c.chat.in_(list(chats)), *mine), _open_to(viewer))


def changes(
    db: Connection, workspace: int, viewer: int, chats: Iterable[str], after: int, most: int = 200
) -> list[Said]:
    """What changed after the change `after`, in order, in these chats and the viewer's direct ones."""
    query = select(message).where(message.c.workspace_id == workspace, message.c.seq > after)
    query = query.where(_seen_by(viewer, chats)).order_by(message.c.seq).limit(most)
    return _with_replies(db, viewer, [_said(row) for row in db.execute(query)])


def unread(db: Connection, workspace: int, viewer: int, chats: Iterable[str]) -> dict[str, int]:
    """How many messages of others the viewer has not seen, by chat.

    Replies in a channel's thread count for those who wrote in it; an edit makes nothing unread again.
    """
    other = message.alias()
    took_part = exists().where(
        or_(other.c.id == message.c.thread, other.c.thread == message.c.thread), other.c.author == viewer
    )
    marked = and_(
        read_mark.c.workspace_id == workspace,
        read_mark.c.person_id == viewer,
        read_mark.c.chat == message.c.chat,
    )
    query = (
        select(message.c.chat, func.count())
        .select_from(message.outerjoin(read_mark, marked))
        .where(message.c.workspace_id == workspace, _seen_by(viewer, chats))
        .where(message.c.id > func.coalesce(read_mark.c.upto, 0))
        .where(or_(message.c.author.is_(None), message.c.author != viewer))
        .where(or_(message.c.thread.is_(None), ~message.c.chat.like("team-%"), took_part))
        .group_by(message.c.chat)
    )
    return {row[0]: row[1] for row in db.execute(query)}


def last_ids(db: Connection, workspace: int, viewer: int, chats: Iterable[str]) -> dict[str, int]:
    """The id of the newest message of each chat that has any, the viewer's direct ones among them."""
    query = select(message.c.chat, func.max(message.c.id)).where(message.c.workspace_id == workspace)
    query = query.where(_seen_by(viewer, chats)).group_by(message.c.chat)
    return {row[0]: row[1] for row in db.execute(query)}


def marked(db: Connection, workspace: int, viewer: int, chat: str) -> int:
    """The id up to which the viewer has seen a chat."""
    here = (read_mark.c.workspace_id == workspace, read_mark.c.person_id == viewer, read_mark.c.chat == chat)
    return db.execute(select(read_mark.c.upto).where(*here)).scalar() or 0


def mark(db: Connection, workspace: int, viewer: int, chat: str, upto: int) -> None:
    """The viewer has seen a chat up to the message `upto`; never less than before."""
    if upto > marked(db, workspace, viewer, chat):
        row = {"workspace_id": workspace, "person_id": viewer, "chat": chat, "upto": upto}
        upsert(db, read_mark, [row], key=("workspace_id", "person_id", "chat"))


def keep_file(db: Connection, workspace: int, new: StoredFile, now: datetime) -> None:
    """Remember a file; one with the same id is the same file."""
    row = {"id": new.id, "workspace_id": workspace, "chat": new.chat, "owner": new.owner, "only_person": new.only}
    row |= {"name": new.name, "media_type": new.media_type, "size": new.size, "posted": new.posted, "created": now}
    insert_new(db, file, [row])


def files(db: Connection, workspace: int, ids: Sequence[str]) -> list[StoredFile]:
    """The files that exist of `ids`, in that order."""
    rows = db.execute(select(file).where(file.c.workspace_id == workspace, file.c.id.in_(ids)))
    found = {row.id: _file(row) for row in rows}
    return [found[name] for name in ids if name in found]


def _file(row: Row[Any]) -> StoredFile:
    return StoredFile(row.id, row.chat, row.owner, row.only_person, row.name, row.media_type, row.size, row.posted)


def post_files(db: Connection, workspace: int, ids: Sequence[str], only: int | None = None) -> None:
    """The files hang on a message now: whoever sees that sees them."""
    here = and_(file.c.workspace_id == workspace, file.c.id.in_(ids))
    db.execute(update(file).where(here).values(posted=True, only_person=only))


def teams_managed(db: Connection, workspace: int, manager_id: int) -> set[int]:
    """The teams of all who report to somebody, directly or through others."""
    people = team.person
    reports = (
        select(people.c.id, people.c.team_id)
        .where(people.c.workspace_id == workspace, people.c.manager_id == manager_id, people.c.active)
        .cte("reports", recursive=True)
    )
    below = select(people.c.id, people.c.team_id).where(people.c.manager_id == reports.c.id, people.c.active)
    return set(db.execute(select(reports.union(below).c.team_id).distinct()).scalars())


# taking back what was said


def written_by(db: Connection, workspace: int, author: int, since: datetime, until: datetime) -> list[Said]:
    """What somebody wrote in a stretch of time."""
    here = (message.c.workspace_id == workspace, message.c.author == author)
    query = select(message).where(*here, message.c.created >= since, message.c.created <= until)
    return [_said(row) for row in db.execute(query)]


def drop_files(db: Connection, workspace: int, ids: Sequence[str]) -> None:
    """Forget files; their bytes are the caller's to remove."""
    db.execute(delete(file).where(file.c.workspace_id == workspace, file.c.id.in_(ids)))
