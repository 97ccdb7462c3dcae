"""Tables of the library: cards with their versions, vectors, what was asked, gaps, offered phrasings."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from bot.db import Connection, Instant, Json, insert_new, metadata
from bot.library.model import CONTENT, Card, State
from bot.team.model import Role

LONGEST_MODEL = 120  # characters of the name of a model

card = Table(
    "library_card",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("key", String(80), nullable=False),
    Column("title", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("phrasings", Json, nullable=False),
    Column("language", String(8), nullable=False),
    Column("industry", Text, nullable=False),
    Column("product", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("tags", Json, nullable=False),
    Column("variants", Json, nullable=False),
    Column("points", Json, nullable=False),
    Column("roles", Json, nullable=False),
    Column("owner", Text, nullable=False),
    Column("owner_id", Integer),
    Column("review_by", Date),
    Column("state", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("changed", Instant, nullable=False),
    Column("changed_by", Integer),
    UniqueConstraint("workspace_id", "key"),
    Index("ix_library_card_workspace_id_seq", "workspace_id", "seq"),
    Index("ix_library_card_workspace_id_review_by", "workspace_id", "review_by"),
)

version = Table(
    "library_version",
    metadata,
    Column("workspace_id", Integer, primary_key=True, autoincrement=False),
    Column("card_id", Integer, ForeignKey("library_card.id"), primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("person_id", Integer),
    Column("body", Json, nullable=False),
)

state = Table(
    "library_state",
    metadata,
    Column("workspace_id", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("embedded", Integer, nullable=False),
)

vector = Table(
    "library_vector",
    metadata,
    Column("workspace_id", Integer, primary_key=True, autoincrement=False),
    Column("model", String(LONGEST_MODEL), primary_key=True),
    Column("digest", String(32), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)

ask = Table(
    "library_ask",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("person_id", Integer, nullable=False),
    Column("question", Text, nullable=False),
    Column("industry", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("deal", Text, nullable=False),
    Column("band", String(8), nullable=False),
    Column("card_id", Integer),
    Column("helped", Boolean),
    Column("confidence", Float, nullable=False),
    Column("gap_id", Integer),
    Index("ix_library_ask_workspace_id_at", "workspace_id", "at"),
    Index("ix_library_ask_workspace_id_card_id", "workspace_id", "card_id"),
    Index("ix_library_ask_gap_id", "gap_id"),
)

gap = Table(
    "library_gap",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("question", Text, nullable=False),
    Column("language", String(8), nullable=False),
    Column("state", String(16), nullable=False),
    Column("opened", Instant, nullable=False),
    Column("card_id", Integer),
    Index("ix_library_gap_workspace_id_state", "workspace_id", "state"),
)

offer = Table(
    "library_offer",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("card_id", Integer, ForeignKey("library_card.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("person_id", Integer),
    Column("at", Instant, nullable=False),
    Column("state", String(16), nullable=False),
    UniqueConstraint("workspace_id", "card_id", "text"),
    Index("ix_library_offer_workspace_id_state", "workspace_id", "state"),
)


# cards


def _card(row: Row[Any]) -> Card:
    fields = {"answer": ""} | dict(row._mapping)
    fields |= {name: tuple(fields[name]) for name in ("phrasings", "tags", "points") if name in fields}
    fields |= {"roles": frozenset(map(Role, fields["roles"])), "state": State(fields["state"])}
    return Card(**fields)


def _columns(one: Card) -> dict[str, Any]:
    fields = asdict(one)
    fields |= {name: list(fields[name]) for name in ("phrasings", "tags", "points")}
    fields |= {"roles": sorted(one.roles), "state": one.state.value, "variants": dict(one.variants)}
    if not one.id:
        del fields["id"]
    return fields


def cards(
    db: Connection,
    workspace: int,
    *,
    since: int = 0,
    states: Sequence[State] | None = None,
    ids: Sequence[int] | None = None,
    slim: bool = False,
) -> list[Card]:
    """By id. `since`: only those that changed after this `seq`. `slim`: without what is said, most of a card."""
    columns = [column for column in card.c if not slim or column.name not in ("answer", "variants", "points")]
    query = select(*columns).where(card.c.workspace_id == workspace)
    if since:
        query = query.where(card.c.seq > since)
    if states is not None:
        query = query.where(card.c.state.in_([s.value for s in states]))
    if ids is not None:
        query = query.where(card.c.id.in_(ids))
    return [_card(row) for row in db.execute(query.order_by(card.c.id))]


def by_id(db: Connection, workspace: int, card_id: int) -> Card | None:
    return next(iter(cards(db, workspace, ids=[card_id])), None)


def by_key(db: Connection, workspace: int, key: str) -> Card | None:
    row = db.execute(select(card).where(card.c.workspace_id == workspace, card.c.key == key)).first()
    return _card(row) if row else None


def count(db: Connection, workspace: int) -> int:
    return db.execute(select(func.count()).where(card.c.workspace_id == workspace)).scalar_one()


def keys(db: Connection, workspace: int) -> set[str]:
    return set(db.execute(select(card.c.key).where(card.c.workspace_id == workspace)).scalars())


def owners(db: Connection, workspace: int) -> list[int]:
    """Who owns cards, whoever owns most of them first."""
    query = select(card.c.owner_id).where(card.c.workspace_id == workspace, card.c.owner_id.is_not(None))
    return list(db.execute(query.group_by(card.c.owner_id).order_by(func.count().desc(), card.c.owner_id)).scalars())


def next_seq(db: Connection, workspace: int) -> int:
    """A number for the changes of this transaction, above all before it."""
    insert_new(db, state, [{"workspace_id": workspace, "seq": 0, "embedded": 0}])
    db.execute(update(state).where(state.c.workspace_id == workspace).values(seq=state.c.seq + 1))
    return stand(db, workspace)[0]


def stand(db: Connection, workspace: int) -> tuple[int, int]:
    """How often the cards changed, and how often vectors came in."""
    row = db.execute(select(state.c.seq, state.c.embedded).where(state.c.workspace_id == workspace)).first()
    return (row.seq, row.embedded) if row else (0, 0)


def save(db: Connection, fresh: Sequence[Card]) -> None:
    """Keep new cards (`id` 0) and new versions of those that are there; their history with them."""
    new = [_columns(one) for one in fresh if not one.id]
    if new:
        insert_new(db, card, new)
    old = [one for one in fresh if one.id]
    if old:
        names = [column.name for column in card.columns if column.name not in ("id", "workspace_id", "key")]
        statement = update(card).where(card.c.id == bindparam("_id")).values({n: bindparam(f"_{n}") for n in names})
        db.execute(statement, [{f"_{name}": value for name, value in _columns(one).items()} for one in old])
    _remember(db, fresh)


def _remember(db: Connection, fresh: Sequence[Card]) -> None:
    if not fresh:
        return
    workspace, seq = fresh[0].workspace_id, fresh[0].seq
    query = select(card.c.id, card.c.key).where(card.c.workspace_id == workspace, card.c.seq == seq)
    ids = {row.key: row.id for row in db.execute(query)}
    rows = [
        {
            "workspace_id": workspace,
            "card_id": ids[one.key],
            "version": one.version,
            "at": one.changed,
            "person_id": one.changed_by,
            "body": _body(one),
        }
        for one in fresh
    ]
    insert_new(db, version, rows)


def _body(one: Card) -> dict[str, Any]:
    body = {name: value for name, value in _columns(one).items() if name in CONTENT}
    return body | {"review_by": one.review_by.isoformat() if one.review_by else None}


def versions(db: Connection, one: Card) -> list[tuple[datetime, int | None, Card]]:
    """Newest first: when, by whom, and the card as it then was."""
    query = select(version).where(version.c.workspace_id == one.workspace_id, version.c.card_id == one.id)
    found = []
    for row in db.execute(query.order_by(version.c.version.desc())):
        body = dict(row.body)
        body |= {name: tuple(body[name]) for name in ("phrasings", "tags", "points")}
        body |= {"roles": frozenset(map(Role, body["roles"])), "state": State(body["state"])}
        body["review_by"] = date.fromisoformat(body["review_by"]) if body["review_by"] else None
        was = Card(id=one.id, workspace_id=one.workspace_id, key=one.key, version=row.version, **body)
        found.append((row.at, row.person_id, was))
    return found


def past_review(db: Connection, workspace: int, day: date) -> list[Card]:
    """Approved cards whose review date has come."""
    query = select(card).where(
        card.c.workspace_id == workspace, card.c.review_by <= day, card.c.state == State.APPROVED.value
    )
    return [_card(row) for row in db.execute(query.order_by(card.c.review_by, card.c.id))]


# vectors


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def vectors(db: Connection, workspace: int, model: str, digests: Sequence[str] | None = None) -> dict[str, bytes]:
    """By digest of the text; all of a model when `digests` is None."""
    query = select(vector.c.digest, vector.c.vector).where(vector.c.workspace_id == workspace, vector.c.model == model)
    if digests is None:
        return {row.digest: row.vector for row in db.execute(query)}
    found: dict[str, bytes] = {}
    for i in range(0, len(digests), 500):
        rows = db.execute(query.where(vector.c.digest.in_(digests[i : i + 500])))
        found |= {row.digest: row.vector for row in rows}
    return found


def digests(db: Connection, workspace: int, model: str) -> set[str]:
    """Of which texts there are vectors of a model."""
    query = select(vector.c.digest).where(vector.c.workspace_id == workspace, vector.c.model == model)
    return set(db.execute(query).scalars())


def save_vectors(db: Connection, workspace: int, model: str, fresh: Iterable[tuple[str, bytes]]) -> None:
    rows = [{"workspace_id": workspace, "model": model, "digest": d, "vector": v} for d, v in fresh]
    insert_new(db, vector, rows)
    insert_new(db, state, [{"workspace_id": workspace, "seq": 0, "embedded": 0}])
    db.execute(update(state).where(state.c.workspace_id == workspace).values(embedded=state.c.embedded + 1))


# what was asked


def add_ask(db: Connection, fresh: dict[str, Any]) -> int:
    """Keep that something was asked; `fresh` has every column but `id`."""
    key = db.execute(insert(ask).values(fresh)).inserted_primary_key
    assert key is not None
    return int(key[0])


def asked(db: Connection, workspace: int, ask_id: int) -> Row[Any] | None:
    return db.execute(select(ask).where(ask.c.workspace_id == workspace, ask.c.id == ask_id)).first()


def save_ask(db: Connection, ask_id: int, **changes: Any) -> None:
    db.execute(update(ask).where(ask.c.id == ask_id).values(changes))


def usage(db: Connection, workspace: int, since: datetime) -> list[Row[Any]]:
    """By card: `card_id`, `asked`, `helped`, `not_helped`, `people`, `last`."""
    helped = func.sum(func.coalesce(ask.c.helped, False).cast(Integer))
    not_helped = func.sum((ask.c.helped.is_(False)).cast(Integer))
    query = (
        select(
            ask.c.card_id,
            func.count().label("asked"),
            helped.label("helped"),
            func.coalesce(not_helped, 0).label("not_helped"),
            func.count(ask.c.person_id.distinct()).label("people"),
            func.max(ask.c.at).label("last"),
        )
        .where(ask.c.workspace_id == workspace, ask.c.at >= since, ask.c.card_id.is_not(None))
        .group_by(ask.c.card_id)
    )
    return list(db.execute(query.order_by(func.count().desc())))


def bands(db: Connection, workspace: int, since: datetime) -> dict[str, int]:
    """How many questions ended in each band."""
    query = select(ask.c.band, func.count()).where(ask.c.workspace_id == workspace, ask.c.at >= since)
    return {row[0]: row[1] for row in db.execute(query.group_by(ask.c.band))}


# gaps


def gaps(db: Connection, workspace: int, states: Sequence[str] = ("open",)) -> list[Row[Any]]:
    """`id`, `question`, `language`, `state`, `opened`, `card_id`."""
    query = select(gap).where(gap.c.workspace_id == workspace, gap.c.state.in_(states))
    return list(db.execute(query.order_by(gap.c.id)))


def gap_by_id(db: Connection, workspace: int, gap_id: int) -> Row[Any] | None:
    return db.execute(select(gap).where(gap.c.workspace_id == workspace, gap.c.id == gap_id)).first()


def add_gap(db: Connection, workspace: int, question: str, language: str, now: datetime) -> int:
    row = {"workspace_id": workspace, "question": question, "language": language, "state": "open", "opened": now}
    key = db.execute(insert(gap).values(row)).inserted_primary_key
    assert key is not None
    return int(key[0])


def save_gap(db: Connection, gap_id: int, **changes: Any) -> None:
    db.execute(update(gap).where(gap.c.id == gap_id).values(changes))


def questions_of(db: Connection, workspace: int, gap_ids: Sequence[int]) -> list[Row[Any]]:
    """What was asked for these gaps, oldest first: rows of `library_ask`."""
    query = select(ask).where(ask.c.workspace_id == workspace, ask.c.gap_id.in_(gap_ids))
    return list(db.execute(query.order_by(ask.c.id)))


def forget_questions(db: Connection, workspace: int, questions: Sequence[str]) -> set[int]:
    """Drop what was asked in these very words; the gaps that they were counted to, or named."""
    here = (ask.c.workspace_id == workspace, ask.c.question.in_(questions))
    found = set(db.execute(delete(ask).where(*here).returning(ask.c.gap_id)).scalars())
    named = select(gap.c.id).where(gap.c.workspace_id == workspace, gap.c.question.in_(questions))
    return {*found, *db.execute(named).scalars()} - {None}


def drop_gap(db: Connection, gap_id: int) -> None:
    db.execute(delete(gap).where(gap.c.id == gap_id))


# phrasings that were offered


def add_offer(db: Connection, workspace: int, card_id: int, text: str, person_id: int | None, now: datetime) -> bool:
    """False when the same was offered for this card before."""
    row = {"workspace_id": workspace, "card_id": card_id, "text": text, "person_id": person_id, "at": now}
    return insert_new(db, offer, [row | {"state": "offered"}]) == 1


def offers(
    db: Connection, workspace: int, *, card_id: int | None = None, offer_id: int | None = None
) -> list[Row[Any]]:
    """Those that wait for a review: `id`, `card_id`, `text`, `person_id`, `at`."""
    query = select(offer).where(offer.c.workspace_id == workspace, offer.c.state == "offered")
    if card_id is not None:
        query = query.where(offer.c.card_id == card_id)
    if offer_id is not None:
        query = query.where(offer.c.id == offer_id)
    return list(db.execute(query.order_by(offer.c.id)))


def settle_offer(db: Connection, offer_id: int, settled: str) -> None:
    """`taken` or `refused`."""
    db.execute(update(offer).where(offer.c.id == offer_id).values(state=settled))
