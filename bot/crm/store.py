"""Tables of the CRM picture, and which of their rows count.

Rows are kept in versions, so that an import of any size can be written in short transactions and then counts at once.
A row counts from the import `since` on until the import `until`, and `crm_state.generation` is the import that counts
now. What an import has written before its turn has a higher `since`; what it is to replace has its number as `until`,
which is still to come. Whoever asks these tables puts `shown(table, workspace)` into the question. An import that was
cut off is undone by the next.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Date,
    Dialect,
    Float,
    FromClause,
    Index,
    Integer,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    and_,
    select,
    text,
    update,
)

from bot.crm.model import Stage
from bot.db import Connection, Instant, Json, metadata, upsert

EVER = 2_147_483_647  # `until` of what nothing has replaced
REPLACED = f"until < {EVER}"


class Second(TypeDecorator[datetime]):
    """An aware UTC time as whole seconds since 1970: a fifth of the bytes of a written one in the largest indexes here,
    and what lies between two of them is a subtraction in any database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value.timestamp())

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value, UTC)


def _versioned(name: str, *columns: Column[Any], key: tuple[str, ...], indexes: tuple[Index, ...] = ()) -> Table:
    """A table whose rows are told apart by `key`; one of each counts at a time."""
    return Table(
        name,
        metadata,
        Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
        Column("workspace_id", Integer, nullable=False),
        *columns,
        Column("since", Integer, nullable=False),
        Column("until", Integer, nullable=False, default=EVER),
        UniqueConstraint("workspace_id", *key, "until"),
        Index(
            f"ix_{name}_workspace_id_until",
            "workspace_id",
            "until",
            sqlite_where=text(REPLACED),
            postgresql_where=text(REPLACED),
        ),
        *indexes,
    )


def _text(*names: str) -> list[Column[Any]]:
    return [Column(name, Text, nullable=False, default="") for name in names]


account = _versioned(
    "crm_account",
    *_text("account", "name", "industry", "region", "tier", "owner", "contact", "contact_title", "purchase_preference"),
    key=("account",),
    indexes=(Index("ix_crm_account_workspace_id_owner", "workspace_id", "owner"),),
)

deal = _versioned(
    "crm_deal",
    *_text("deal", "name", "account", "owner", "product_line"),
    Column("amount", Float),
    Column("currency", String(3), nullable=False, default=""),
    Column("stage", Integer, nullable=False),
    Column("status", String(4), nullable=False),
    *_text("source"),
    Column("created", Second, nullable=False),
    Column("expected_close", Date),
    Column("closed", Second),
    *_text("next_step"),
    Column("next_step_on", Date),
    key=("deal",),
    indexes=(
        Index("ix_crm_deal_workspace_id_owner_status", "workspace_id", "owner", "status"),
        Index("ix_crm_deal_workspace_id_account", "workspace_id", "account"),
        Index("ix_crm_deal_workspace_id_stage_status", "workspace_id", "stage", "status"),
        Index("ix_crm_deal_workspace_id_closed", "workspace_id", "closed"),
    ),
)

move = _versioned(
    "crm_move",
    *_text("deal"),
    Column("from_stage", Integer, nullable=False, default=0),
    Column("to_stage", Integer, nullable=False),
    Column("at", Second, nullable=False),
    key=("deal", "at", "to_stage"),
    indexes=(Index("ix_crm_move_workspace_id_from_stage_at", "workspace_id", "from_stage", "at"),),
)

# By deal its key serves. By owner or time there is no index: one in another order than the rows come in costs more than
# all else of a large import, and an owner's touches are found by the owner's deals.
touch = _versioned(
    "crm_touch",
    *_text("deal", "account", "owner"),
    Column("kind", String(8), nullable=False),
    Column("direction", String(3), nullable=False, default="out"),
    Column("at", Second, nullable=False),
    *_text("note"),
    Column("mark", BigInteger, nullable=False),  # tells touches of one deal and second apart: a digest of the rest
    key=("deal", "at", "mark"),
    indexes=(
        Index(
            "ix_crm_touch_workspace_id_account_at",
            "workspace_id",
            "account",
            "at",
            sqlite_where=text("deal = ''"),
            postgresql_where=text("deal = ''"),
        ),
    ),
)

lead = _versioned(
    "crm_lead",
    *_text("lead", "source", "owner"),
    Column("created", Second, nullable=False),
    Column("first_response", Second),
    *_text("deal", "status"),
    key=("lead",),
    indexes=(
        Index("ix_crm_lead_workspace_id_owner", "workspace_id", "owner"),
        Index("ix_crm_lead_workspace_id_created", "workspace_id", "created"),
    ),
)

target = _versioned(
    "crm_target",
    *_text("team", "owner", "period", "measure"),
    Column("target", Float, nullable=False),
    key=("team", "owner", "period", "measure"),
)

stage = Table(
    "crm_stage",
    metadata,
    Column("workspace_id", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("position", Float),
    Column("exit_criteria", Text, nullable=False),
    Column("stall_days", Float),
    Column("touch_days", Float),
    Column("former", Json, nullable=False),
    Column("usual", Float),  # seconds
    Column("usual_of", Integer, nullable=False),
)

state = Table(
    "crm_state",
    metadata,
    Column("workspace_id", Integer, primary_key=True, autoincrement=False),
    Column("generation", Integer, nullable=False),  # the import that counts
    Column(
        "pending", Integer, nullable=False
    ),  # the one that was begun last; the same number when it has come to its end
    Column("tended", Integer, nullable=False, default=0),  # the one from which the usual times of stages are
)

source = Table(
    "crm_source",
    metadata,
    Column("workspace_id", Integer, primary_key=True, autoincrement=False),
    Column("source", String(80), primary_key=True),  # files, push, sql
    Column("kind", String(16), primary_key=True),  # deals, moves, ...
    Column("heard", Instant, nullable=False),
    Column("rows", BigInteger, nullable=False),
    Column("columns", Json, nullable=False),  # all that it ever told
)

TABLES = {"accounts": account, "deals": deal, "moves": move, "touches": touch, "leads": lead, "targets": target}
KEYS = {
    "accounts": ("account",),
    "deals": ("deal",),
    "moves": ("deal", "at", "to_stage"),
    "touches": ("deal", "at", "mark"),
    "leads": ("lead",),
    "targets": ("team", "owner", "period", "measure"),
}


def shown(table: FromClause, workspace: int) -> ColumnElement[bool]:
    """What counts of a table just now."""
    now = select(state.c.generation).where(state.c.workspace_id == workspace).scalar_subquery()
    return and_(table.c.workspace_id == workspace, table.c.since <= now, table.c.until > now)


def stages(db: Connection, workspace: int) -> list[Stage]:
    """By position; those without one last."""
    rows = db.execute(select(stage).where(stage.c.workspace_id == workspace)).mappings()
    found = [Stage(**{name: value for name, value in row.items() if name != "workspace_id"}) for row in rows]
    found = [replace(s, former=tuple(s.former), usual=_span(s.usual)) for s in found]
    return sorted(found, key=lambda s: (s.position is None, s.position or 0, s.number))


def _span(seconds: Any) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


def save_stages(db: Connection, workspace: int, changed: Sequence[Stage]) -> None:
    rows = [
        {name: getattr(one, name) for name in Stage.__slots__}
        | {"workspace_id": workspace, "former": list(one.former)}
        | {"usual": None if one.usual is None else one.usual.total_seconds()}
        for one in changed
    ]
    upsert(db, stage, rows, key=("workspace_id", "number"))


def save_usual(db: Connection, workspace: int, usual: Sequence[Stage], number: int) -> None:
    """Keep how long deals usually stay in each stage, as the import of this number has it; nothing else of a stage."""
    for one in usual:
        seconds = None if one.usual is None else one.usual.total_seconds()
        here = and_(stage.c.workspace_id == workspace, stage.c.number == one.number)
        db.execute(update(stage).where(here).values(usual=seconds, usual_of=one.usual_of))
    db.execute(update(state).where(state.c.workspace_id == workspace).values(tended=number))


def untended(db: Connection, workspace: int) -> int | None:
    """The import that counts, when the usual times of stages are not from it; else None."""
    row = db.execute(select(state.c.generation, state.c.tended).where(state.c.workspace_id == workspace)).first()
    return row.generation if row and row.generation != row.tended else None


def sources(db: Connection, workspace: int) -> list[dict[str, Any]]:
    """When each source was last heard of each kind of row: `source`, `kind`, `heard`, `rows` then, `columns` so far."""
    query = select(source).where(source.c.workspace_id == workspace).order_by(source.c.source, source.c.kind)
    return [dict(row) for row in db.execute(query).mappings()]
