"""The table of changes, and how one is written into the picture while an import may be under way."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
    and_,
    func,
    insert,
    select,
    update,
)

from bot.crm.changes.model import Changed, Kind, State, Values
from bot.crm.model import LOST, Move, Status
from bot.crm.past import store as past
from bot.crm.past.model import shifts
from bot.crm.store import EVER, Second, deal, move, shown, state
from bot.db import Connection, Instant, Json, insert_new, metadata

change = Table(
    "crm_change",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("key", String(32), nullable=False, unique=True),  # whoever is sent it twice sees that it is the same
    Column("deal", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("before", Json, nullable=False),
    Column("after", Json, nullable=False),
    Column("told", Json, nullable=False),
    Column("note", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("how", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("to_stage", Integer),
    Column("moved", Second),
    Column("sending", String(8), nullable=False),  # due, sent or refused
    Column("tries", Integer, nullable=False),
    Column("due", Instant, nullable=False),
    Column("fault", Text, nullable=False),
    Index("ix_crm_change_workspace_id_deal", "workspace_id", "deal"),
    Index("ix_crm_change_workspace_id_state", "workspace_id", "state"),
    Index("ix_crm_change_workspace_id_at", "workspace_id", "at"),
    Index("ix_crm_change_workspace_id_sending", "workspace_id", "sending"),
)
_CHANGED = [change.c[name] for name in Changed.__slots__]


def _changed(row: Sequence[Any]) -> Changed:
    values = dict(zip(Changed.__slots__, row, strict=True))
    return Changed(**values | {"kind": Kind(values["kind"]), "state": State(values["state"])})


def hold(db: Connection, workspace: int) -> None:
    """Keep imports from coming to count, and from writing, until this transaction ends."""
    db.execute(select(state.c.generation).where(state.c.workspace_id == workspace).with_for_update())


def add(db: Connection, workspace: int, values: Mapping[str, Any]) -> int:
    """Note a change; its id."""
    unsent = {"sending": "due", "tries": 0, "due": values["at"], "fault": "", "state": State.STANDS.value}
    row = {"workspace_id": workspace, "key": secrets.token_hex(16), **unsent, **values}
    key: Any = db.execute(insert(change).values(row)).inserted_primary_key
    return int(key[0])


def of_deals(db: Connection, workspace: int, deals: Collection[str]) -> list[Changed]:
    """All changes of deals, the latest first."""
    query = select(*_CHANGED).where(change.c.workspace_id == workspace, change.c.deal.in_(deals))
    return [_changed(row) for row in db.execute(query.order_by(change.c.id.desc()))]


def standing(db: Connection, workspace: int, *, after: int = 0) -> list[Changed]:
    """Changes that the CRM has neither taken over nor overtaken, the oldest first."""
    query = select(*_CHANGED).where(change.c.workspace_id == workspace, change.c.state == State.STANDS.value)
    return [_changed(row) for row in db.execute(query.where(change.c.id > after).order_by(change.c.id))]


def untold_moves(db: Connection, workspace: int) -> list[Changed]:
    """Changes whose moves the CRM does not tell, the oldest first."""
    query = select(*_CHANGED).where(change.c.workspace_id == workspace, change.c.to_stage.is_not(None))
    return [_changed(row) for row in db.execute(query.order_by(change.c.id))]


def since(db: Connection, workspace: int, at: datetime) -> list[Changed]:
    """All changes since then, the oldest first."""
    query = select(*_CHANGED).where(change.c.workspace_id == workspace, change.c.at >= at)
    return [_changed(row) for row in db.execute(query.order_by(change.c.id))]


# on their way to the CRM


@dataclass(frozen=True, slots=True)
class Unsent:
    changed: Changed
    due: datetime
    fault: str  # of the last try


def unsent(db: Connection, workspace: int, most: int) -> list[Unsent]:
    """Changes that stand and were not sent yet, the oldest first, with when each is to be tried."""
    here = and_(change.c.workspace_id == workspace, change.c.sending == "due", change.c.state == State.STANDS.value)
    query = select(*_CHANGED, change.c.due, change.c.fault).where(here).order_by(change.c.id).limit(most)
    return [Unsent(_changed(row[:-2]), *row[-2:]) for row in map(tuple, db.execute(query))]


def tries(db: Connection, ids: Collection[int]) -> int:
    """How often any of them was tried."""
    return db.execute(select(func.max(change.c.tries)).where(change.c.id.in_(ids))).scalar() or 0


def note_sending(db: Connection, ids: Collection[int], **values: Any) -> None:
    """Set `sending`, `due`, `tries` or `fault` of changes."""
    db.execute(update(change).where(change.c.id.in_(ids)).values(values))


def unsent_count(db: Connection, workspace: int) -> dict[str, int]:
    """How many changes that stand are `due` and how many were `refused`."""
    here = and_(change.c.workspace_id == workspace, change.c.state == State.STANDS.value, change.c.sending != "sent")
    rows = db.execute(select(change.c.sending, func.count()).where(here).group_by(change.c.sending))
    return {row[0]: row[1] for row in rows}


def revive(db: Connection, workspace: int, now: datetime) -> int:
    here = and_(change.c.workspace_id == workspace, change.c.sending == "refused")
    return db.execute(update(change).where(here).values(sending="due", tries=0, due=now)).rowcount


# into the picture


def columns(values: Values, at: datetime) -> dict[str, Any]:
    """The columns of a deal's row that a change of that time sets."""
    found = {name: value for name, value in values.items() if name in deal.c}
    if found.get("next_step_on"):
        found["next_step_on"] = date.fromisoformat(found["next_step_on"])
    if "place" in values:
        found |= {"status": Status.OPEN.value, "closed": None, "stage": values["place"]}
        if values["place"] == LOST:
            del found["stage"]  # it says where it was lost
            found |= {"status": Status.LOST.value, "closed": at}
    return found


def write(db: Connection, workspace: int, key: str, values: Mapping[str, Any]) -> None:
    """Set columns of a deal in every version that counts or is still to count: an import may have written its own."""
    now = select(state.c.generation).where(state.c.workspace_id == workspace).scalar_subquery()
    theirs = and_(deal.c.workspace_id == workspace, deal.c.deal == key, deal.c.until > now)
    generation = _generation(db, workspace)
    before = past.row(db, workspace, key, generation)
    db.execute(update(deal).where(theirs).values(values))
    after = past.row(db, workspace, key, generation)
    if before and after:
        past.add(db, workspace, shifts(before, after))


def add_move(db: Connection, workspace: int, made: Move) -> None:
    """A move that counts at once, whatever import is under way."""
    now = _generation(db, workspace)
    row = {"workspace_id": workspace, "deal": made.deal, "from_stage": made.from_stage, "to_stage": made.to_stage}
    insert_new(db, move, [row | {"at": made.at, "since": now, "until": EVER}])
    moved(db, workspace, made)


def moved(db: Connection, workspace: int, made: Move) -> None:
    """Note what a move that came, or was taken back, makes others of the past."""
    at = int(made.at.timestamp())
    past.add(db, workspace, past.of_move(db, workspace, made.deal, at, _generation(db, workspace)))


def _generation(db: Connection, workspace: int) -> int:
    found: int = db.execute(select(state.c.generation).where(state.c.workspace_id == workspace)).scalar_one()
    return found


def last_move(db: Connection, workspace: int, key: str) -> Move | None:
    query = select(move.c.deal, move.c.from_stage, move.c.to_stage, move.c.at)
    query = query.where(shown(move, workspace), move.c.deal == key).order_by(move.c.at.desc(), move.c.id.desc())
    row = db.execute(query.limit(1)).first()
    return Move(*row) if row else None
