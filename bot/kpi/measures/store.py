"""What the measures count, over the tables of `bot.crm.store`: grouped by the database, a few rows a day or stage.

With owners, their deals are found first and all else by these; without, the rows of the time. Times come out as whole
seconds since 1970, days as whole days since then.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, case, func, literal, or_, select, text, type_coerce

from bot.crm.store import account, deal, lead, move, shown, state, target, touch
from bot.db import Connection
from bot.kpi.model import Scope

DAY = 86_400
Rows = list[Any]
_told = and_(deal.c.amount.is_not(None), deal.c.amount != 0)


def seconds(column: Any) -> ColumnElement[int]:
    return type_coerce(column, BigInteger)


def day(column: Any) -> ColumnElement[int]:
    return seconds(column) // DAY


def generation(db: Connection, workspace: int) -> int:
    """The import that counts; 0 before the first."""
    return db.execute(select(state.c.generation).where(state.c.workspace_id == workspace)).scalar() or 0


def _owned(column: Any, scope: Scope) -> list[ColumnElement[bool]]:
    return [] if scope.owners is None else [column.in_(sorted(scope.owners))]


def closed(db: Connection, workspace: int, scope: Scope, begins: datetime, ends: datetime) -> Rows:
    """Deals that were won or lost: by `day`, `status` and `currency`, how many `n`, how many of them have a size
    (`sized`), the sum of these (`sum`), how many say an amount (`told`) and the sum of these, which negative ones lower
    (`net`)."""
    at = day(deal.c.closed).label("day")
    sized = deal.c.amount > 0
    query = select(
        at,
        deal.c.status,
        deal.c.currency,
        func.count().label("n"),
        func.sum(case((sized, 1), else_=0)).label("sized"),
        func.sum(case((sized, deal.c.amount), else_=0.0)).label("sum"),
        func.sum(case((_told, 1), else_=0)).label("told"),
        func.sum(func.coalesce(deal.c.amount, 0.0)).label("net"),
    )
    query = query.where(shown(deal, workspace), *_owned(deal.c.owner, scope), deal.c.status.in_(["won", "lost"]))
    query = query.where(deal.c.closed >= begins, deal.c.closed < ends)
    return list(db.execute(query.group_by(at, deal.c.status, deal.c.currency)).all())


def lives(db: Connection, workspace: int, scope: Scope, begins: datetime, ends: datetime) -> Rows:
    """Deals that were created then: by the days `created` and `closed` (None while open) and `status`, how many `n`."""
    born = day(deal.c.created).label("born")
    died = case((deal.c.status == "open", None), else_=day(deal.c.closed)).label("died")
    query = select(born, died, deal.c.status, func.count().label("n"))
    query = query.where(shown(deal, workspace), *_owned(deal.c.owner, scope))
    query = query.where(deal.c.created >= begins, deal.c.created < ends)
    return list(db.execute(query.group_by(born, died, deal.c.status)).all())


SEGMENTS: Mapping[str, Any] = {
    "product_line": deal.c.product_line,
    "industry": account.c.industry,
    "region": account.c.region,
    "owner": deal.c.owner,
}


def exits(db: Connection, workspace: int, scope: Scope, begins: datetime, ends: datetime, by: str = "") -> Rows:
    """Moves out of stages: by the week's Monday as a `day`, `from_stage`, `to_stage` and `segment`, how many `n`."""
    monday = (((seconds(move.c.at) - 4 * DAY) // (7 * DAY)) * 7 + 4).label("day")
    segment: Any = SEGMENTS[by].label("segment") if by else literal("").label("segment")
    theirs = and_(shown(deal, workspace), deal.c.deal == move.c.deal, *_owned(deal.c.owner, scope))
    joined = move.join(deal, theirs)
    if by in ("industry", "region"):
        joined = joined.outerjoin(account, and_(shown(account, workspace), account.c.account == deal.c.account))
    query = select(monday, move.c.from_stage, move.c.to_stage, segment, func.count().label("n"))
    query = query.select_from(joined).where(shown(move, workspace), move.c.at >= begins, move.c.at < ends)
    query = query.where(move.c.from_stage > 0, move.c.from_stage != move.c.to_stage)
    return list(db.execute(query.group_by(monday, move.c.from_stage, move.c.to_stage, segment)).all())


def stays(db: Connection, workspace: int, scope: Scope, begins: datetime, ends: datetime) -> Rows:
    """Moves out of stages: by `day`, `from_stage` and for how many whole `days` the deal had been there
    (`bot.crm.model.stay`; None where its moves do not tell), how many `n`."""
    before = move.alias("before")
    other = and_(
        shown(before, workspace),
        before.c.deal == move.c.deal,
        before.c.at <= move.c.at,
        before.c.id != move.c.id,
        before.c.from_stage != before.c.to_stage,
    )
    came = select(func.max(seconds(before.c.at))).where(other, before.c.to_stage == move.c.from_stage)
    any_before = select(func.count()).where(other).scalar_subquery()
    came_at = came.scalar_subquery()
    began = case((came_at.is_not(None), came_at), (any_before > 0, None), else_=seconds(deal.c.created))
    theirs = and_(shown(deal, workspace), deal.c.deal == move.c.deal, *_owned(deal.c.owner, scope))
    left = select(day(move.c.at).label("day"), move.c.from_stage, (seconds(move.c.at) - began).label("took"))
    left = left.select_from(move.join(deal, theirs)).where(shown(move, workspace), move.c.from_stage > 0)
    left = left.where(move.c.at >= begins, move.c.at < ends, move.c.from_stage != move.c.to_stage)
    each = left.subquery()
    days = case((each.c.took >= 0, each.c.took // DAY), else_=None).label("days")
    query = select(each.c.day, each.c.from_stage, days, func.count().label("n"))
    return list(db.execute(query.group_by(each.c.day, each.c.from_stage, days)).all())


def leads(db: Connection, workspace: int, scope: Scope, begins: datetime, ends: datetime) -> Iterator[Any]:
    """Leads that came then, by nothing: `owner`, `created`, `first_response`, some thousands at a time."""
    query = select(lead.c.owner, lead.c.created, lead.c.first_response)
    query = query.where(shown(lead, workspace), *_owned(lead.c.owner, scope))
    query = query.where(lead.c.created >= begins, lead.c.created < ends)
    yield from db.execute(query.execution_options(yield_per=5_000))


def converted(db: Connection, workspace: int, scope: Scope, begins: datetime, ends: datetime) -> Rows:
    """Leads that came then: by the `day` they came, `source` and the day `became` that their deal was created (None
    without one; that of the lead where the deal has not come), how many `n`."""
    theirs = and_(shown(deal, workspace), deal.c.deal == lead.c.deal)
    came = day(lead.c.created).label("day")
    became = case((lead.c.deal == "", None), else_=day(func.coalesce(deal.c.created, lead.c.created))).label("became")
    query = select(came, lead.c.source, became, func.count().label("n")).select_from(lead.outerjoin(deal, theirs))
    query = query.where(shown(lead, workspace), *_owned(lead.c.owner, scope))
    query = query.where(lead.c.created >= begins, lead.c.created < ends)
    return list(db.execute(query.group_by(came, lead.c.source, became)).all())


def open_deals(db: Connection, workspace: int, scope: Scope, at: datetime, now: datetime) -> Iterator[Any]:
    """The deals that were open at a moment: the `stage` they stood in, since when (`entered`), last touch (`touched`,
    None without one), `created`. Some thousands at a time.

    Now, a deal's row tells its stage; before, its last move did.
    """
    moved = and_(shown(move, workspace), move.c.deal == deal.c.deal, move.c.at <= at)
    last = select(move.c.at).where(moved, move.c.from_stage != move.c.to_stage).order_by(move.c.at.desc()).limit(1)
    entered = func.coalesce(seconds(last.scalar_subquery()), seconds(deal.c.created)).label("entered")
    to = select(move.c.to_stage).where(moved, move.c.from_stage != move.c.to_stage).order_by(move.c.at.desc()).limit(1)
    stage = deal.c.stage if at >= now else func.coalesce(to.scalar_subquery(), deal.c.stage)
    query = select(stage.label("stage"), entered, seconds(deal.c.created).label("created"), *_touched(workspace, at))
    query = query.where(shown(deal, workspace), *_owned(deal.c.owner, scope), _open_at(at, now))
    yield from db.execute(query.execution_options(yield_per=5_000))


def _open_at(at: datetime, now: datetime) -> ColumnElement[bool]:
    """Now, its row alone says whether a deal is open; before, it was from when it was created until it closed."""
    if at >= now:
        return deal.c.status == "open"
    return and_(deal.c.created <= at, or_(deal.c.status == "open", deal.c.closed > at))


def _touched(workspace: int, at: datetime) -> list[Any]:
    """When there last was a touch about the deal, and about its account alone."""
    last = select(func.max(seconds(touch.c.at))).where(shown(touch, workspace), touch.c.at <= at)
    about_deal = last.where(touch.c.deal == deal.c.deal)
    # in these words, for the index that holds those alone
    about_account = last.where(touch.c.account == deal.c.account, text("crm_touch.deal = ''"))
    return [about_deal.scalar_subquery().label("about_deal"), about_account.scalar_subquery().label("about_account")]


def pipeline(db: Connection, workspace: int, scope: Scope, at: datetime, now: datetime) -> Rows:
    """The deals that were open at a moment: by `currency` and `expected_close`, how many `n`, how many of them say an
    amount (`told`) and the sum of these, negative ones taken off (`net`)."""
    query = select(
        deal.c.currency,
        deal.c.expected_close,
        func.count().label("n"),
        func.sum(case((_told, 1), else_=0)).label("told"),
        func.sum(func.coalesce(deal.c.amount, 0.0)).label("net"),
    )
    query = query.where(shown(deal, workspace), *_owned(deal.c.owner, scope), _open_at(at, now))
    return list(db.execute(query.group_by(deal.c.currency, deal.c.expected_close)).all())


def records(db: Connection, workspace: int, scope: Scope, at: datetime) -> Any:
    """Customer records: how many `n`, and of these how many have their `basics` (name, industry, region), a `history`
    (any touch until then) and `preferences` (how they buy, or a contact)."""
    has = [account.c[name] != "" for name in ("name", "industry", "region")]
    touched = shown(touch, workspace)
    alone = select(touch.c.id).where(touched, touch.c.account == account.c.account, touch.c.at <= at)
    alone = alone.where(text("crm_touch.deal = ''"))
    by_deal = select(touch.c.id).select_from(deal.join(touch, touch.c.deal == deal.c.deal))
    by_deal = by_deal.where(touched, shown(deal, workspace), deal.c.account == account.c.account, touch.c.at <= at)
    prefers = or_(account.c.purchase_preference != "", account.c.contact != "")
    query = select(
        func.count().label("n"),
        func.sum(_one(and_(*has))).label("basics"),
        func.sum(_one(or_(alone.exists(), by_deal.exists()))).label("history"),
        func.sum(_one(prefers)).label("preferences"),
    )
    return db.execute(query.where(shown(account, workspace), *_owned(account.c.owner, scope))).one()


def _one(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def strays(db: Connection, workspace: int, begins: datetime, ends: datetime) -> int:
    """How many moves of that time have no deal yet."""
    theirs = select(deal.c.id).where(shown(deal, workspace), deal.c.deal == move.c.deal)
    query = select(func.count()).select_from(move).where(shown(move, workspace), ~theirs.exists())
    query = query.where(move.c.from_stage > 0, move.c.at >= begins, move.c.at < ends)
    return db.execute(query).scalar_one()


def ahead(db: Connection, workspace: int, scope: Scope, now: datetime) -> int:
    """How many moves are dated in the future."""
    query = select(func.count()).select_from(move).where(shown(move, workspace), move.c.at > now)
    if scope.owners is not None:
        theirs = and_(shown(deal, workspace), deal.c.deal == move.c.deal, *_owned(deal.c.owner, scope))
        query = query.where(select(deal.c.id).where(theirs).exists())
    return db.execute(query).scalar_one()


def targets(db: Connection, workspace: int) -> Rows:
    """All of them: `team`, `owner`, `period`, `measure`, `target`."""
    query = select(target.c.team, target.c.owner, target.c.period, target.c.measure, target.c.target)
    return list(db.execute(query.where(shown(target, workspace))).all())
