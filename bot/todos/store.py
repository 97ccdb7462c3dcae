"""Tables of to-dos and of what happened to them."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Date,
    Index,
    Integer,
    Row,
    Select,
    String,
    Table,
    Text,
    Time,
    UniqueConstraint,
    insert,
    or_,
    select,
    update,
)

from bot.db import Connection, Instant, insert_new, metadata
from bot.todos.model import Reminded, Source, State, Todo, call_key

todo = Table(
    "todo",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("task", Text, nullable=False),
    Column("owner_id", Integer),
    Column("given_by", Integer),
    Column("source", String(16), nullable=False),
    Column("key", String(120), nullable=False),
    Column("created", Instant, nullable=False),
    Column("due", Date),
    Column("due_at", Time),
    Column("phrase", Text, nullable=False),
    Column("deal", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("closed", Instant),
    Column("reminded", String(16), nullable=False),
    Column("remind_at", Instant),
    UniqueConstraint("workspace_id", "key"),
    Index("ix_todo_workspace_id_owner_id_state", "workspace_id", "owner_id", "state"),
    Index("ix_todo_workspace_id_deal", "workspace_id", "deal"),
    Index("ix_todo_workspace_id_remind_at", "workspace_id", "remind_at"),
)

event = Table(
    "todo_event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("todo_id", Integer, nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("person_id", Integer),
    Column("kind", String(16), nullable=False),
    Column("detail", Text, nullable=False),
)


def _todo(row: Row[Any]) -> Todo:
    fields = dict(row._mapping)
    fields |= {"source": Source(row.source), "state": State(row.state), "reminded": Reminded(row.reminded)}
    return Todo(**fields)


def add(db: Connection, fresh: Todo) -> Todo:
    """Keep a new one; the one that stands there when its `key` came before."""
    row = {name: getattr(fresh, name) for name in Todo.__slots__ if name != "id"}
    row |= {"source": fresh.source.value, "state": fresh.state.value, "reminded": fresh.reminded.value}
    insert_new(db, todo, [row])
    found = db.execute(_of(fresh.workspace_id).where(todo.c.key == fresh.key)).one()
    return _todo(found)


def _of(workspace: int) -> Select[Any]:
    return select(todo).where(todo.c.workspace_id == workspace)


def save(db: Connection, one: Todo, **changes: Any) -> Todo:
    db.execute(update(todo).where(todo.c.id == one.id).values(changes))
    return replace(one, **changes)


def note(db: Connection, one: Todo, at: datetime, person_id: int | None, kind: str, detail: str = "") -> None:
    """Write down that something happened to it."""
    row = {"workspace_id": one.workspace_id, "todo_id": one.id, "at": at, "person_id": person_id}
    db.execute(insert(event).values(row | {"kind": kind, "detail": detail}))


def history(db: Connection, one: Todo) -> list[Row[Any]]:
    """What happened to it, oldest first: `at`, `person_id`, `kind`, `detail`."""
    query = select(event.c.at, event.c.person_id, event.c.kind, event.c.detail)
    return list(db.execute(query.where(event.c.todo_id == one.id).order_by(event.c.id)))


def by_id(db: Connection, workspace: int, todo_id: int) -> Todo | None:
    row = db.execute(_of(workspace).where(todo.c.id == todo_id)).first()
    return _todo(row) if row else None


def todos(
    db: Connection,
    workspace: int,
    *,
    owners: Collection[int] | None = None,
    giver: int | None = None,
    deals: Collection[str] | None = None,
    state: State | None = State.OPEN,
    closed_since: datetime | None = None,
    due_before: date | None = None,
) -> list[Todo]:
    """By due day, those without one last. `state` None: any. `owners` with `giver`: either of them."""
    query = _of(workspace)
    whose: list[ColumnElement[bool]] = [] if owners is None else [todo.c.owner_id.in_(owners)]
    whose += [] if giver is None else [todo.c.given_by == giver]
    if whose:
        query = query.where(or_(*whose))
    if deals is not None:
        query = query.where(todo.c.deal.in_(deals))
    if state is not None:
        query = query.where(todo.c.state == state.value)
    if closed_since is not None:
        query = query.where(todo.c.closed >= closed_since)
    if due_before is not None:
        query = query.where(todo.c.due < due_before)
    return [_todo(row) for row in db.execute(query.order_by(todo.c.due.is_(None), todo.c.due, todo.c.id))]


def of_call(db: Connection, workspace: int, call_id: int) -> list[Todo]:
    """All that came of a call, whatever became of it, in the order of its minutes."""
    query = _of(workspace).where(todo.c.source == Source.CALL.value, todo.c.key.startswith(call_key(call_id, "")))
    return [_todo(row) for row in db.execute(query.order_by(todo.c.id))]


def open_by_call(db: Connection, workspace: int) -> Counter[int]:
    """How many are open of each call."""
    here = (todo.c.workspace_id == workspace, todo.c.source == Source.CALL.value, todo.c.state == State.OPEN.value)
    return Counter(int(key.split(":")[1]) for key in db.execute(select(todo.c.key).where(*here)).scalars())


def forget_phrases(db: Connection, found: Sequence[Todo]) -> None:
    """Forget the words that they were taken from."""
    db.execute(update(todo).where(todo.c.id.in_([one.id for one in found])).values(phrase=""))


def to_remind(db: Connection, workspace: int, now: datetime, limit: int) -> Sequence[Todo]:
    """Those whose owner is to hear of them now."""
    query = _of(workspace).where(todo.c.remind_at <= now, todo.c.state == State.OPEN.value)
    return [_todo(row) for row in db.execute(query.order_by(todo.c.remind_at, todo.c.id).limit(limit))]
