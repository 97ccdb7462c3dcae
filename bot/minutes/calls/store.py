"""Tables of calls, what was said on them, what their minutes say, and who read them."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    UniqueConstraint,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.db import Connection, Instant, Json, insert_new, metadata
from bot.minutes.calls.model import Call, Item, Kind, State, Verdict

OPERATOR = 0  # who reads by the command line, in the place of a person

call = Table(
    "call",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("key", String(200), nullable=False),
    Column("sent_by", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("state", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("language", String(8), nullable=False),
    Column("seconds", Float),
    Column("deal", Text, nullable=False),
    Column("customer", Text, nullable=False),
    Column("engine", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("posted_at", Instant),
    Column("posted_to", Text, nullable=False),
    Column("public", Boolean, nullable=False),
    UniqueConstraint("workspace_id", "key"),
    Index("ix_call_workspace_id_sent_by", "workspace_id", "sent_by"),
    Index("ix_call_workspace_id_deal", "workspace_id", "deal"),
    Index("ix_call_workspace_id_state", "workspace_id", "state"),
)

# What was said, in a table of its own: it is large, seldom read, and erased as a whole.
text = Table(
    "call_text",
    metadata,
    Column("call_id", Integer, primary_key=True, autoincrement=False),
    Column("workspace_id", Integer, nullable=False),
    Column("body", Json, nullable=False),
    Column("dropped", Json, nullable=False),  # what no line of the call bears out: [text, why] each
)

# What the work on a call has made so far; gone once there is a draft.
part = Table(
    "call_part",
    metadata,
    Column("call_id", Integer, primary_key=True, autoincrement=False),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("body", Json, nullable=False),
)

item = Table(
    "call_item",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("call_id", Integer, nullable=False),
    Column("n", Integer, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("lines", Json, nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("about", Json, nullable=False),
    UniqueConstraint("call_id", "n"),
)

read = Table(
    "call_read",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("call_id", Integer, nullable=False, index=True),
    Column("person_id", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("how", String(16), nullable=False),
)


def _call(row: Row[Any]) -> Call:
    fields = dict(row._mapping)
    return Call(**(fields | {"state": State(row.state)}))


def add(db: Connection, fresh: Call, body: dict[str, Any]) -> Call:
    """Keep a new call with what was said; the one that stands there when its `key` came before."""
    row = {name: getattr(fresh, name) for name in Call.__slots__ if name != "id"}
    new = insert_new(db, call, [row | {"state": fresh.state.value}])
    kept = by_key(db, fresh.workspace_id, fresh.key)
    assert kept is not None
    if new:
        values = {"call_id": kept.id, "workspace_id": kept.workspace_id, "body": body, "dropped": []}
        insert_new(db, text, [values])
    return kept


def by_key(db: Connection, workspace: int, key: str) -> Call | None:
    row = db.execute(select(call).where(call.c.workspace_id == workspace, call.c.key == key)).first()
    return _call(row) if row else None


def by_id(db: Connection, workspace: int, call_id: int) -> Call | None:
    row = db.execute(select(call).where(call.c.workspace_id == workspace, call.c.id == call_id)).first()
    return _call(row) if row else None


def save(db: Connection, one: Call, **changes: Any) -> Call:
    db.execute(update(call).where(call.c.id == one.id).values(changes))
    return replace(one, **changes)


def calls(
    db: Connection,
    workspace: int,
    *,
    senders: Collection[int] | None = None,
    deals: Collection[str] | None = None,
    states: Collection[State] = tuple(State),
    sender: int = 0,
    below: int = 0,
    before: datetime | None = None,
    public: bool | None = None,
    limit: int = 50,
) -> list[Call]:
    """Newest first. `senders` with `deals`: either of them; None for both: all. `before`: sent before then.

    Of these only what one `sender` sent, and what has an id `below` another's; 0 for any.
    """
    query = select(call).where(call.c.workspace_id == workspace, call.c.state.in_([one.value for one in states]))
    whose = [] if senders is None else [call.c.sent_by.in_(senders)]
    whose += [] if deals is None else [call.c.deal.in_(deals)]
    if whose:
        query = query.where(or_(*whose))
    if sender:
        query = query.where(call.c.sent_by == sender)
    if below:
        query = query.where(call.c.id < below)
    if before is not None:
        query = query.where(call.c.at < before)
    if public is not None:
        query = query.where(call.c.public == public)
    return [_call(row) for row in db.execute(query.order_by(call.c.id.desc()).limit(limit))]


def between(db: Connection, workspace: int, first: date, last: date, *, states: Collection[State]) -> list[Call]:
    """The calls of some days, both in it, the oldest first."""
    query = select(call).where(call.c.workspace_id == workspace, call.c.state.in_([one.value for one in states]))
    query = query.where(call.c.on >= first, call.c.on <= last)
    return [_call(row) for row in db.execute(query.order_by(call.c.on, call.c.id))]


def oldest(db: Connection, workspace: int, *, before: datetime, limit: int) -> list[Call]:
    """Those that were sent before then and are not forgotten, the oldest first."""
    query = select(call).where(call.c.workspace_id == workspace, call.c.state != State.FORGOTTEN.value)
    return [_call(row) for row in db.execute(query.where(call.c.at < before).order_by(call.c.id).limit(limit))]


def ahead(db: Connection, one: Call) -> int:
    """How many calls are read before this one."""
    query = select(func.count()).where(call.c.workspace_id == one.workspace_id, call.c.id < one.id)
    return db.execute(query.where(call.c.state == State.READING.value)).scalar() or 0


def deals_with_calls(db: Connection, workspace: int) -> list[str]:
    """The deals that any call is about."""
    query = select(call.c.deal).where(call.c.workspace_id == workspace, call.c.deal != "").distinct()
    return list(db.execute(query).scalars())


# what was said, and what the minutes say


def body(db: Connection, one: Call) -> dict[str, Any] | None:
    """The transcript as it was written down; None when it is forgotten."""
    found: dict[str, Any] | None = db.execute(select(text.c.body).where(text.c.call_id == one.id)).scalar()
    return found


def dropped(db: Connection, one: Call) -> list[list[str]]:
    return db.execute(select(text.c.dropped).where(text.c.call_id == one.id)).scalar() or []


def keep_part(db: Connection, one: Call, n: int, body: Any) -> None:
    """Keep what a step of the work made as part `n`; what is there already stays. Nothing is kept of a call that was
    erased while the step ran."""
    if db.execute(select(call.c.state).where(call.c.id == one.id)).scalar() == State.FORGOTTEN.value:
        return
    insert_new(db, part, [{"call_id": one.id, "n": n, "body": body}])


def parts(db: Connection, one: Call) -> dict[int, Any]:
    """What the work has made so far, by part."""
    rows = db.execute(select(part.c.n, part.c.body).where(part.c.call_id == one.id).order_by(part.c.n))
    return {row.n: row.body for row in rows}


def keep_minutes(db: Connection, one: Call, items: Sequence[Item], dropped: Sequence[Sequence[str]]) -> None:
    """Write down what the minutes say, in place of what they said before."""
    db.execute(delete(item).where(item.c.call_id == one.id))
    db.execute(delete(part).where(part.c.call_id == one.id))
    rows = [
        {
            "workspace_id": one.workspace_id,
            "call_id": one.id,
            "n": each.n,
            "kind": each.kind.value,
            "text": each.text,
            "lines": list(each.lines),
            "verdict": each.verdict.value,
            "about": each.about,
        }
        for each in items
    ]
    if rows:
        db.execute(insert(item), rows)
    db.execute(update(text).where(text.c.call_id == one.id).values(dropped=[list(each) for each in dropped]))


def items(db: Connection, one: Call) -> list[Item]:
    query = select(item).where(item.c.call_id == one.id).order_by(item.c.n)
    return [
        Item(row.id, row.call_id, row.n, Kind(row.kind), row.text, tuple(row.lines), Verdict(row.verdict), row.about)
        for row in db.execute(query)
    ]


def save_item(db: Connection, one: Item, **changes: Any) -> Item:
    """`verdict`, `text` or `about`."""
    db.execute(update(item).where(item.c.id == one.id).values(changes))
    return replace(one, **changes)


def erase(db: Connection, one: Call) -> Call:
    """Forget what was said and what the minutes say; that there was a call stays."""
    for table in (text, item, part):
        db.execute(delete(table).where(table.c.call_id == one.id))
    gone = {
        "title": "",
        "name": "",
        "deal": "",
        "customer": "",
        "posted_to": "",
        "reason": "",
        "note": "",
        "public": False,
    }
    return save(db, one, state=State.FORGOTTEN, **gone)


# who read it


def note_read(db: Connection, one: Call, person_id: int, at: datetime, how: str) -> None:
    row = {"workspace_id": one.workspace_id, "call_id": one.id, "person_id": person_id, "at": at, "how": how}
    db.execute(insert(read).values(row))


def has_read(db: Connection, one: Call, person_id: int, since: datetime, how: str) -> bool:
    here = (read.c.call_id == one.id, read.c.person_id == person_id, read.c.how == how, read.c.at > since)
    return db.execute(select(read.c.id).where(*here).limit(1)).first() is not None


def readers(db: Connection, one: Call, limit: int = 200) -> list[Row[Any]]:
    """Who read it, newest first: `person_id`, `at`, `how`."""
    query = select(read.c.person_id, read.c.at, read.c.how).where(read.c.call_id == one.id)
    return list(db.execute(query.order_by(read.c.id.desc()).limit(limit)))
