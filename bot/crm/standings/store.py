"""The questions about deals that the standup and the rules ask, over the tables of `bot.crm.store`."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Row, Select, and_, case, exists, func, select, text, type_coerce

from bot.crm.model import Account, Deal, Stage, Status, later
from bot.crm.risk import Standing, percentile
from bot.crm.store import KEYS, TABLES, Second, account, deal, move, shown, stages, touch
from bot.db import Connection

MOST = 20_000  # deals that advanced from a stage, the latest, of which is taken how long they usually take
OURS = ("id", "workspace_id", "since", "until")
_DEAL = [c for c in deal.c if c.name not in OURS]


def _deal(row: Sequence[Any]) -> Deal:
    fields = list(row)
    fields[8] = Status(fields[8])
    return Deal(*fields)


def standings(
    db: Connection,
    workspace: int,
    now: datetime,
    *,
    owners: Collection[str] | None = None,
    keys: Collection[str] | None = None,
    statuses: Collection[Status] = (Status.OPEN,),
) -> list[Standing]:
    """Deals as they stand now: of some owners, or those with these keys, or all."""
    query = select(*_DEAL, account.c.name, _entered(workspace, now), *_touched(workspace, now))
    joined = and_(shown(account, workspace), account.c.account == deal.c.account)
    query = query.select_from(deal.outerjoin(account, joined)).where(shown(deal, workspace))
    query = query.where(deal.c.status.in_([status.value for status in statuses]))
    if owners is not None:
        query = query.where(deal.c.owner.in_(owners))
    if keys is not None:
        query = query.where(deal.c.deal.in_(keys))
    by_number = {stage.number: stage for stage in stages(db, workspace)}
    return [_standing(tuple(row), by_number) for row in db.execute(query)]


def owner_of(db: Connection, workspace: int, key: str) -> str | None:
    """Who owns a deal, as it stands in the CRM; None when there is no such deal."""
    return db.execute(select(deal.c.owner).where(shown(deal, workspace), deal.c.deal == key)).scalar()


def owners_of(db: Connection, workspace: int, keys: Collection[str]) -> dict[str, str]:
    """The same of several deals, by key; those that are not there are absent."""
    query = select(deal.c.deal, deal.c.owner).where(shown(deal, workspace), deal.c.deal.in_(keys))
    return {row[0]: row[1] for row in db.execute(query)}


def named(db: Connection, workspace: int, owners: Collection[str] | None, *, key: str = "") -> list[Row[Any]]:
    """Key, name, account's name and owner of the open deals of some owners, by name; of one `key` also when closed."""
    joined = and_(shown(account, workspace), account.c.account == deal.c.account)
    called = func.coalesce(func.nullif(account.c.name, ""), deal.c.account)
    query = select(deal.c.deal, deal.c.name, called, deal.c.owner).select_from(deal.outerjoin(account, joined))
    query = query.where(shown(deal, workspace), deal.c.deal == key if key else deal.c.status == Status.OPEN.value)
    if owners is not None:
        query = query.where(deal.c.owner.in_(owners))
    return list(db.execute(query.order_by(deal.c.name, deal.c.deal)))


def parties(db: Connection, workspace: int, limit: int) -> tuple[list[str], list[str]]:
    """The contacts of accounts; what accounts are called, and deals whose account has no name. Each once."""
    accounts = select(account.c.account, account.c.name, account.c.contact).where(shown(account, workspace))
    rows = db.execute(accounts.limit(limit)).all()
    joined = and_(shown(account, workspace), account.c.account == deal.c.account, account.c.name != "")
    nameless = select(deal.c.name).select_from(deal.outerjoin(account, joined)).where(account.c.account.is_(None))
    names = db.execute(nameless.where(shown(deal, workspace), deal.c.name != "").distinct().limit(limit)).scalars()
    companies = dict.fromkeys([*(row.name or row.account for row in rows), *names])
    return [*dict.fromkeys(row.contact for row in rows if row.contact)], [*companies]


def customers(db: Connection, workspace: int, owners: Collection[str] | None, limit: int) -> list[Row[Any]]:
    """Key, name and owner of the open deals of some owners, the newest first, with the name and the
    contact of their account."""
    joined = and_(shown(account, workspace), account.c.account == deal.c.account)
    columns = (deal.c.deal, deal.c.name, deal.c.owner, account.c.name, account.c.contact)
    query = select(*columns).select_from(deal.outerjoin(account, joined))
    query = query.where(shown(deal, workspace), deal.c.status == Status.OPEN.value)
    if owners is not None:
        query = query.where(deal.c.owner.in_(owners))
    return list(db.execute(query.order_by(deal.c.created.desc(), deal.c.deal).limit(limit)))


def owners(db: Connection, workspace: int, among: Collection[str] | None) -> dict[str, int]:
    """How many open deals each owner has."""
    query = select(deal.c.owner, func.count()).where(shown(deal, workspace), deal.c.status == Status.OPEN.value)
    if among is not None:
        query = query.where(deal.c.owner.in_(among))
    return {row[0]: row[1] for row in db.execute(query.group_by(deal.c.owner))}


def account_of(db: Connection, workspace: int, key: str) -> Account | None:
    names = (
        "account",
        "name",
        "industry",
        "region",
        "tier",
        "owner",
        "contact",
        "contact_title",
        "purchase_preference",
    )
    query = select(*(account.c[name] for name in names)).where(shown(account, workspace), account.c.account == key)
    row = db.execute(query).first()
    return Account(*row) if row else None


def _standing(row: Sequence[Any], by_number: dict[int, Stage]) -> Standing:
    found = _deal(row[: len(_DEAL)])
    name, entered, *touches = row[len(_DEAL) :]
    stage = by_number.get(found.stage) or Stage(found.stage, found.status.value)
    touched = max(filter(None, touches), default=None)
    return Standing(found, stage, name or found.account, entered or found.created, touched)


def _entered(workspace: int, now: datetime) -> Any:
    """`bot.crm.model.entered`, in SQL; NULL for the deal's creation."""
    moved = and_(shown(move, workspace), move.c.deal == deal.c.deal, move.c.at <= now)
    last = select(move.c.at).where(moved, move.c.from_stage != move.c.to_stage).order_by(move.c.at.desc()).limit(1)
    return last.scalar_subquery().label("entered")


def _touched(workspace: int, now: datetime) -> list[Any]:
    """The last touch about the deal, and about its account alone."""
    last = select(func.max(touch.c.at, type_=Second)).where(shown(touch, workspace), touch.c.at <= now)
    about_deal = last.where(touch.c.deal == deal.c.deal)
    # in these words, for the index that holds those alone
    about_account = last.where(touch.c.account == deal.c.account, text("crm_touch.deal = ''"))
    return [about_deal.scalar_subquery(), about_account.scalar_subquery()]


def outlived(db: Connection, workspace: int, now: datetime) -> int:
    """How many open deals are older than any was that ever closed."""
    mine, age = shown(deal, workspace), type_coerce(deal.c.closed, BigInteger) - type_coerce(deal.c.created, BigInteger)
    oldest = db.execute(select(func.max(age)).where(mine, deal.c.closed <= now)).scalar()
    if oldest is None:
        return 0
    late = deal.c.created < now - timedelta(seconds=oldest)
    return db.execute(select(func.count()).where(mine, deal.c.status == Status.OPEN.value, late)).scalar_one()


def usual(db: Connection, workspace: int, among: Sequence[Stage], now: datetime) -> list[Stage]:
    """The stages with how long nine in ten took at most that advanced from them: `model.stay` of the latest `MOST`."""
    return [_usual(db, workspace, stage, later(stage, among), now) for stage in among]


def _usual(db: Connection, workspace: int, stage: Stage, to: Sequence[int], now: datetime) -> Stage:
    took = sorted(db.execute(stays(workspace, stage.number, to, now)).scalars())
    if not took:
        return replace(stage, usual=None, usual_of=0)
    return replace(stage, usual=timedelta(seconds=percentile(took, 0.9)), usual_of=len(took))


def stays(workspace: int, number: int, to: Sequence[int], now: datetime) -> Select[Any]:
    """Seconds that deals spent in a stage before they moved on to one of the others."""
    before = move.alias("before")
    other = and_(
        before.c.workspace_id == workspace,
        before.c.deal == move.c.deal,
        before.c.at <= move.c.at,
        before.c.id != move.c.id,
        before.c.from_stage != before.c.to_stage,
        shown(before, workspace),
    )
    came = select(func.max(before.c.at)).where(other, before.c.to_stage == number).scalar_subquery()
    began = case((came.is_not(None), came), (exists().where(other), None), else_=deal.c.created)
    took = (type_coerce(move.c.at, BigInteger) - type_coerce(began, BigInteger)).label("took")
    left = and_(shown(move, workspace), move.c.from_stage == number, move.c.to_stage.in_(to), move.c.at <= now)
    theirs = and_(shown(deal, workspace), deal.c.deal == move.c.deal)
    latest = select(took).select_from(move.join(deal, theirs)).where(left).order_by(move.c.at.desc()).limit(MOST)
    stays = latest.subquery()
    return select(stays.c.took).where(stays.c.took >= 0)


def rows(db: Connection, workspace: int, kind: str, names: Sequence[str]) -> Iterator[Sequence[Row[Any]]]:
    """These columns of all rows of a kind that count, by key, some thousands at a time."""
    table = TABLES[kind]
    query = select(*(table.c[name] for name in names)).where(shown(table, workspace))
    query = query.order_by(*(table.c[name] for name in KEYS[kind])).execution_options(yield_per=5_000)
    yield from db.execute(query).partitions()
