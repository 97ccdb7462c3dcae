"""The outbox's table and its queries."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from operator import itemgetter
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
    case,
    func,
    or_,
    select,
    type_coerce,
    update,
)

from bot.db import Connection, Instant, Json, execute_many, insert_new, metadata
from bot.message import Place, Reply, dump, load
from bot.outbox.model import LEASE, LONGEST_PAUSE, Delivery, Due, Outcome, Say, State, Waiting

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
    Column("doubts", Integer, nullable=False),  # how often nobody could tell whether it stands there
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
        "lane": lane_of(workspace, say.place.platform),
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
        "epoch": 0,
        "doubts": 0,
        "created": now,
        "sent_at": None,
        "error": "",
    }


def edit(db: Connection, workspace: int, key: str, reply: Reply, now: datetime) -> bool:
    """Make the message of `key` read as `reply`; False when there is none, or when it says so already.

    The newest body wins; edits that come faster than the row's gap are sent as one.
    """
    row = db.execute(
        select(outbox.c.id, outbox.c.body, outbox.c.state, outbox.c.sent, outbox.c.due, outbox.c.gap).where(
            outbox.c.workspace_id == workspace, outbox.c.key == key
        )
    ).first()
    if row is None or load(row.body) == replace(reply, form=None) or row.state in (State.STALE, State.DEAD, State.GONE):
        return False
    values: dict[str, Any] = {"body": dump(reply), "version": outbox.c.version + 1, "attempts": 0}
    if row.state == State.SENT:
        # `due` of a row that was sent is when it was last touched there
        gap = timedelta(seconds=row.gap)
        values |= {"state": State.READY, "due": min(max(now, row.due + gap), now + gap)}
    db.execute(update(outbox).where(outbox.c.id == row.id).values(values))
    db.info["spoken"] = True
    return True


# a lane: one platform of one workspace, drained by one owner at a time


def lane_of(workspace: int, platform: str) -> str:
    return f"{workspace}/{platform}"


def waiting(db: Connection, lane_id: str, epoch: int, now: datetime) -> list[Waiting]:
    """What wants sending in a lane, oldest first. `epoch` is the reader's own, 0 for somebody who never held it."""
    columns = (outbox.c.id, outbox.c.chat, outbox.c.due, outbox.c.sent, outbox.c.state, outbox.c.key)
    wanting = or_(outbox.c.state == State.READY, and_(outbox.c.state == State.SENDING, outbox.c.epoch != epoch))
    query = select(*columns).where(outbox.c.lane == lane_id, wanting).order_by(outbox.c.id).limit(50_000)
    absurd = now + 2 * LONGEST_PAUSE  # nothing is put off so long: the clock was set back
    return [
        Waiting(id, chat, due if due < absurd else now, not sent, key.startswith("reply:"), state == State.SENDING)
        for id, chat, due, sent, state, key in db.execute(query)
    ]


def next_due(db: Connection, lane_id: str, epoch: int, now: datetime) -> datetime | None:
    """When the next message of a lane wants sending, its pause included; None when nothing waits."""
    ready = select(func.min(outbox.c.due)).where(outbox.c.lane == lane_id, outbox.c.state == State.READY)
    doubtful = (outbox.c.state == State.SENDING, outbox.c.epoch != epoch)
    left = select(func.min(outbox.c.due)).where(outbox.c.lane == lane_id, *doubtful)
    times = [t for t in (db.execute(ready).scalar(), db.execute(left).scalar()) if t is not None]
    if not times:
        return None
    paused = db.execute(select(lane.c.paused_until).where(lane.c.id == lane_id)).scalar()
    due = min(times)
    due = now if due > now + 2 * LONGEST_PAUSE else due
    return max(due, paused) if paused and paused < now + 2 * LONGEST_PAUSE else due


@dataclass(frozen=True, slots=True)
class Held:
    """A lane in our hands. `since` is new when `epoch` is: what an earlier owner left is in doubt then."""

    epoch: int
    paused_until: datetime | None


def hold(db: Connection, lane_id: str, owner: str, now: datetime, alive: Callable[[str], bool]) -> Held | None:
    """Take a lane, or hold on to it for another lease; None while somebody else who is `alive` holds it."""
    insert_new(db, lane, [{"id": lane_id, "owner": "", "epoch": 0, "why": ""}])
    row = db.execute(select(lane).where(lane.c.id == lane_id).with_for_update(skip_locked=True)).first()
    if row is None:
        return None
    mine = row.owner == owner
    # a lease that ends far ahead was taken before the clock was set back
    leased = row.lease_until is not None and now < row.lease_until <= now + 2 * LEASE
    if not mine and row.owner and leased and alive(row.owner):
        return None
    epoch = row.epoch if mine else row.epoch + 1
    db.execute(update(lane).where(lane.c.id == lane_id).values(owner=owner, lease_until=now + LEASE, epoch=epoch))
    paused = row.paused_until if row.paused_until and row.paused_until < now + 2 * LONGEST_PAUSE else None
    return Held(epoch, paused)


def let_go(db: Connection, lane_id: str, owner: str) -> None:
    """Hand a lane back, for the next owner to take at once."""
    mine = (lane.c.id == lane_id, lane.c.owner == owner)
    db.execute(update(lane).where(*mine).values(owner="", lease_until=None))


def pause_lane(db: Connection, lane_id: str, until: datetime, why: str) -> None:
    """Send nothing in a lane before `until`; a restart does not end that."""
    db.execute(update(lane).where(lane.c.id == lane_id).values(paused_until=until, why=why))


def pauses(db: Connection, now: datetime) -> dict[str, tuple[datetime, str]]:
    """The lanes that are paused: until when, and why."""
    query = select(lane.c.id, lane.c.paused_until, lane.c.why).where(lane.c.paused_until > now)
    return {row.id: (row.paused_until, row.why) for row in db.execute(query)}


_DUE = [outbox.c[name] for name in ("id", "key", "platform", "chat", "thread", "only", "under", "body", "version")]
_DUE += [outbox.c[name] for name in ("sent", "attempts", "gap", "doubts", "expires")]


def claim(db: Connection, waiting: Sequence[Waiting], epoch: int, now: datetime) -> list[Due]:
    """Take messages in hand, in their order, for the owner of this epoch. What expired is put aside as stale."""
    ids = [one.id for one in waiting]
    doubtful = {one.id for one in waiting if one.doubt}
    theirs = or_(outbox.c.state == State.READY, and_(outbox.c.state == State.SENDING, outbox.c.epoch != epoch))
    query = update(outbox).where(outbox.c.id.in_(ids), theirs).values(state=State.SENDING, epoch=epoch)
    taken = [_due(row, doubtful) for row in sorted(db.execute(query.returning(*_DUE)).all(), key=itemgetter(0))]
    late = [due.id for due, expires in taken if expires and expires < now and not due.sent and not due.doubt]
    if late:
        db.execute(update(outbox).where(outbox.c.id.in_(late)).values(state=State.STALE))
    return [due for due, _ in taken if due.id not in late]


def _due(row: Row[Any], doubtful: Collection[int]) -> tuple[Due, datetime | None]:
    id, key, platform, chat, thread, only, under, body, version, sent, attempts, gap, doubts, expires = tuple(row)
    place, doubt = Place(platform, chat, thread, only), id in doubtful and not sent
    return Due(id, key, place, under, load(body), version, sent, attempts, gap, doubts, doubt), expires


def sent_id(db: Connection, due: Due) -> str:
    """The platform's id of the message under which this one goes; "" while it is not there."""
    root = outbox.alias("root")
    same = and_(root.c.workspace_id == outbox.c.workspace_id, root.c.key == due.under)
    query = select(root.c.sent).select_from(outbox.join(root, same)).where(outbox.c.id == due.id)
    return db.execute(query).scalar() or ""


def settle(db: Connection, outcomes: Sequence[Outcome], epoch: int, now: datetime) -> None:
    """Write down what came of messages in hand, as far as they are still the hand's of this epoch.

    A body that changed while it was sent makes the message ready again, for an edit.
    """
    sent = [
        {"of": o.due.id, "had": o.due.version, "now": now, "later": now + timedelta(seconds=o.due.gap), "to": o.sent}
        for o in outcomes
        if o.state is State.SENT
    ]
    if sent:
        execute_many(db, _MARK_SENT, [row | {"mine": epoch} for row in sent])
    for o in outcomes:
        if o.state is not State.SENT:
            mine = (outbox.c.id == o.due.id, outbox.c.epoch == epoch, outbox.c.state == State.SENDING)
            db.execute(update(outbox).where(*mine).values(_failed(o, now)))


_same = outbox.c.version == bindparam("had")
_MARK_SENT = (
    update(outbox)
    .where(outbox.c.id == bindparam("of"), outbox.c.epoch == bindparam("mine"), outbox.c.state == State.SENDING)
    .values(
        state=case((_same, State.SENT.value), else_=State.READY.value),
        due=case((_same, bindparam("now", type_=Instant)), else_=bindparam("later", type_=Instant)),
        sent=bindparam("to"),
        sent_at=func.coalesce(outbox.c.sent_at, bindparam("now", type_=Instant)),
        attempts=0,
        error="",
    )
)


def _failed(o: Outcome, now: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {"state": o.state, "error": o.why, "attempts": o.due.attempts + o.counts}
    values["due"] = o.again or now  # of what is over: when that was
    if o.state is State.SENDING:
        values["epoch"] = -1  # nobody's hand: in doubt
    if o.due.doubt and o.state is not State.SENDING:
        values["doubts"] = o.due.doubts + 1
    return values


def doubted(db: Connection, due: Due) -> None:
    """It is sent again although it may stand there; kept, so that this happens once and an admin can see it."""
    db.execute(update(outbox).where(outbox.c.id == due.id).values(doubts=due.doubts + 1))


def move(db: Connection, lane_id: str, chat: str, to: str) -> None:
    """A chat goes on under another id."""
    db.execute(update(outbox).where(outbox.c.lane == lane_id, outbox.c.chat == chat).values(chat=to))


def key_of(db: Connection, workspace: int, platform: str, chat: str, sent: str) -> str:
    """The key of the message that has this id on its platform, or begins with it; "" for none of ours."""
    here = (outbox.c.lane == lane_of(workspace, platform), outbox.c.chat == chat)
    there = or_(outbox.c.sent == sent, outbox.c.sent.startswith(f"{sent},", autoescape=True))
    query = select(outbox.c.key).where(*here, outbox.c.sent != "", there).order_by(outbox.c.id.desc()).limit(1)
    return db.execute(query).scalar() or ""


# what an operator looks at


def troubled(db: Connection, workspace: int, since: datetime, limit: int = 50) -> list[Row[Any]]:
    """Messages that came to need somebody since then, and those that may have been read twice; the newest first.

    Rows of `id`, `key`, `platform`, `chat`, `state`, `error`, `doubts`, `created`.
    """
    columns = (outbox.c.id, outbox.c.key, outbox.c.platform, outbox.c.chat, outbox.c.state, outbox.c.error)
    bad = or_(outbox.c.state.in_((State.DEAD, State.GONE, State.UNKNOWN)), outbox.c.doubts > 0)
    query = select(*columns, outbox.c.doubts, outbox.c.created).where(outbox.c.workspace_id == workspace, bad)
    return list(db.execute(query.where(outbox.c.due >= since).order_by(outbox.c.id.desc()).limit(limit)))


def bury(db: Connection, workspace: int) -> list[Row[Any]]:
    """Those whose readers cannot be reached, each given once: rows of `platform`, `chat`, `error`."""
    gone = (outbox.c.workspace_id == workspace, outbox.c.state == State.GONE)
    query = update(outbox).where(*gone).values(state=State.DEAD)
    return list(db.execute(query.returning(outbox.c.platform, outbox.c.chat, outbox.c.error)))


def retry(db: Connection, workspace: int, outbox_id: int, now: datetime) -> bool:
    """Try a message again that was given up; False when it is none of those."""
    given_up = outbox.c.state.in_((State.DEAD, State.GONE, State.UNKNOWN))
    values = {"state": State.READY, "due": now, "attempts": 0, "expires": None, "error": ""}
    query = update(outbox).where(outbox.c.workspace_id == workspace, outbox.c.id == outbox_id, given_up)
    done = db.execute(query.values(values)).rowcount == 1
    if done:
        db.info["spoken"] = True
    return done


def deliveries(db: Connection, workspace: int, keys: Sequence[str]) -> dict[str, Delivery]:
    """How the messages of these keys stand."""
    query = select(outbox.c.key, outbox.c.state, outbox.c.sent_at)
    query = query.where(outbox.c.workspace_id == workspace, outbox.c.key.in_(keys))
    return {row.key: Delivery(State(row.state), row.sent_at) for row in db.execute(query)}


def counts(db: Connection) -> dict[str, int]:
    """How many messages are in each state."""
    query = select(outbox.c.state, func.count()).group_by(outbox.c.state)
    return {row[0]: row[1] for row in db.execute(query)}


def oldest_waiting(db: Connection, now: datetime) -> datetime | None:
    """Since when the longest-waiting message waits, if none was sent in the last two minutes; else None."""
    lately = outbox.c.due > now - timedelta(minutes=2)  # of what was sent: when
    moving = select(outbox.c.id).where(outbox.c.state == State.SENT, lately).limit(1)
    if db.execute(moving).first():
        return None
    return db.execute(select(func.min(outbox.c.due)).where(outbox.c.state == State.READY)).scalar()


def said(db: Connection, workspace: int, key: str) -> Reply | None:
    """What was said with this key, whether it has reached the chat yet or not."""
    query = select(outbox.c.body).where(outbox.c.workspace_id == workspace, outbox.c.key == key)
    body = db.execute(query).scalar()
    return load(body) if body is not None else None


# taking back what was said


def holding(db: Connection, workspace: int, since: datetime, words: Sequence[str]) -> list[tuple[int, str, Reply]]:
    """What was said since then and holds any of these words, as they stand in JSON: id, key and all that it says."""
    written = type_coerce(outbox.c.body, Text)
    here = (outbox.c.workspace_id == workspace, outbox.c.created >= since)
    any_of = or_(*(written.contains(each, autoescape=True) for each in words))
    rows = db.execute(select(outbox.c.id, outbox.c.key, outbox.c.body).where(*here, any_of))
    return [(row.id, row.key, load(row.body)) for row in rows]


def take_back(db: Connection, workspace: int, ids: Sequence[int], reply: Reply, now: datetime) -> None:
    """Let messages read as `reply`, also there where they stand already; those that reached nobody, here alone."""
    here = (outbox.c.workspace_id == workspace, outbox.c.id.in_(ids))
    db.execute(update(outbox).where(*here).values(body=dump(reply), version=outbox.c.version + 1))
    sent = update(outbox).where(*here, outbox.c.state == State.SENT)
    if db.execute(sent.values(state=State.READY, due=now, attempts=0)).rowcount:
        db.info["spoken"] = True
