"""What the measures count, over the tables of `bot.crm.store`: grouped by the database, a few rows a day or stage.

With owners, their deals are found first and all else by these; without, the rows of the time. Times come out as whole
seconds since 1970, days as whole days since then.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Float, and_, case, func, literal, or_, select, text, type_coerce

from bot.crm.model import Course, Move, Stage, course
from bot.crm.risk import limit
from bot.crm.store import EVER, account, deal, lead, move, shown, stages, state, target, touch
from bot.db import Connection
from bot.kpi.measures.model import Out, Stretch
from bot.kpi.model import Scope

DAY = 86_400
LARGE = 50_000  # deals, of which all numbers take a second
Rows = list[Any]
_told = and_(deal.c.amount.is_not(None), deal.c.amount != 0)


def seconds(column: Any) -> ColumnElement[int]:
    return type_coerce(column, BigInteger)


def day(column: Any) -> ColumnElement[int]:
    return seconds(column) // DAY


def generation(db: Connection, workspace: int) -> int:
    """The import that counts; 0 before the first."""
    return db.execute(select(state.c.generation).where(state.c.workspace_id == workspace)).scalar() or 0


def large(db: Connection) -> bool:
    """Whether all deals together are too many to be counted while somebody waits."""
    return (db.execute(select(func.max(deal.c.id))).scalar() or 0) > LARGE


def owned(column: Any, scope: Scope) -> list[ColumnElement[bool]]:
    return [] if scope.owners is None else [column.in_(sorted(scope.owners))]


def within(column: Any, scope: Scope, begins: datetime, ends: datetime) -> list[ColumnElement[bool]]:
    """A time from `begins` to before `ends`. With owners the rows are found by these: a sum is in no index, and SQLite
    would go by the times of the whole company."""
    at = seconds(column) if scope.owners is None else seconds(column) + 0
    return [at >= int(begins.timestamp()), at < int(ends.timestamp())]


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
    query = query.where(shown(deal, workspace), *owned(deal.c.owner, scope), deal.c.status.in_(["won", "lost"]))
    query = query.where(*within(deal.c.closed, scope, begins, ends))
    return list(db.execute(query.group_by(at, deal.c.status, deal.c.currency)).all())


def lives(db: Connection, workspace: int, scope: Scope, begins: datetime, ends: datetime) -> Rows:
    """Deals that were created then: by the days `created` and `closed` (None while open) and `status`, how many `n`."""
    born = day(deal.c.created).label("born")
    died = case((deal.c.status == "open", None), else_=day(deal.c.closed)).label("died")
    query = select(born, died, deal.c.status, func.count().label("n"))
    query = query.where(shown(deal, workspace), *owned(deal.c.owner, scope))
    query = query.where(*within(deal.c.created, scope, begins, ends))
    return list(db.execute(query.group_by(born, died, deal.c.status)).all())


def stays(db: Connection, workspace: int, scope: Scope, begins: datetime, ends: datetime) -> Iterator[Any]:
    """Moves out of stages: the `day`, `from_stage` and for how many seconds the deal had been there (`took`, as
    `bot.crm.model.stay`; None where its moves do not tell, below 0 where they cannot be). Some thousands at a time."""
    before = move.alias("before")
    other = and_(
        shown(before, workspace),
        before.c.deal == move.c.deal,
        before.c.at <= move.c.at,
        before.c.id != move.c.id,
        before.c.from_stage != before.c.to_stage,
    )
    came = select(func.max(seconds(before.c.at))).where(other, before.c.to_stage == move.c.from_stage)
    began = case((select(before.c.id).where(other).exists(), None), else_=seconds(deal.c.created))
    took = seconds(move.c.at) - func.coalesce(came.scalar_subquery(), began)
    query = select(day(move.c.at).label("day"), move.c.from_stage, took.label("took"))
    query = query.select_from(move.join(deal, and_(shown(deal, workspace), _deal_of_move(scope))))
    left = move.c.from_stage > 0, move.c.from_stage != move.c.to_stage
    query = query.where(shown(move, workspace), *left, move.c.at >= begins, move.c.at < ends)
    query = query.where(*owned(deal.c.owner, scope)).execution_options(yield_per=5_000)
    yield from db.execute(query)


def _deal_of_move(scope: Scope) -> ColumnElement[bool]:
    """Some people's deals are found by their owners, and the moves by these: + "" keeps SQLite from reading all."""
    return (deal.c.deal if scope.owners is None else deal.c.deal + "") == move.c.deal


def leads(db: Connection, workspace: int, scope: Scope, begins: datetime, ends: datetime) -> Iterator[Any]:
    """Leads that came then, by nothing: `owner`, `created`, `first_response`, some thousands at a time."""
    query = select(lead.c.owner, lead.c.created, lead.c.first_response)
    query = query.where(shown(lead, workspace), *owned(lead.c.owner, scope))
    query = query.where(*within(lead.c.created, scope, begins, ends))
    yield from db.execute(query.execution_options(yield_per=5_000))


def converted(db: Connection, workspace: int, scope: Scope, begins: datetime, ends: datetime) -> Rows:
    """Leads that came then: by the `day` they came, `source` and the day `became` that their deal was created (None
    without one; that of the lead where the deal has not come), how many `n`."""
    theirs = and_(shown(deal, workspace), deal.c.deal == lead.c.deal)
    came = day(lead.c.created).label("day")
    became = case((lead.c.deal == "", None), else_=day(func.coalesce(deal.c.created, lead.c.created))).label("became")
    query = select(came, lead.c.source, became, func.count().label("n")).select_from(lead.outerjoin(deal, theirs))
    query = query.where(shown(lead, workspace), *owned(lead.c.owner, scope))
    query = query.where(*within(lead.c.created, scope, begins, ends))
    return list(db.execute(query.group_by(came, lead.c.source, became)).all())


def open_deals(db: Connection, workspace: int, scope: Scope, at: datetime, now: datetime) -> Rows:
    """The deals that were open at a moment, by the `stage` they stood in: how many `n`, how many of them for longer
    than its limit (`late`), and how many were touched, or created, within its rhythm (`touched`). A stage without the
    one or the other has 0 there.

    Now, a deal's row tells its stage; before, its last move did.
    """
    known = stages(db, workspace)
    each = _each_open(workspace, scope, at, now)
    limits = {s.number: most.total_seconds() for s in known if (most := limit(s)) is not None}
    rhythms = {s.number: s.touch_days * DAY for s in known if s.touch_days is not None}
    moment = at.timestamp()
    query = select(
        each.c.stage,
        func.count().label("n"),
        func.sum(_one(each.c.entered < _less(moment, limits, each.c.stage))).label("late"),
        func.sum(_one(_latest(each) >= _less(moment, rhythms, each.c.stage))).label("touched"),
    )
    return list(db.execute(query.group_by(each.c.stage)).all())


def worst_keys(
    db: Connection, workspace: int, scope: Scope, at: datetime, most: int, *, late: bool, stage: int | None = None
) -> list[str]:
    """The open deals that are `late` in their stage, those first that are longest in it; or, else, that were not
    touched within its rhythm, those first that have waited longest. At most so many; of one stage, or of all."""
    known, each = stages(db, workspace), _each_open(workspace, scope, at, at)
    limits = {s.number: span.total_seconds() for s in known if (span := limit(s)) is not None}
    rhythms = {s.number: s.touch_days * DAY for s in known if s.touch_days is not None}
    since = each.c.entered if late else _latest(each)
    query = select(each.c.deal).where(since < _less(at.timestamp(), limits if late else rhythms, each.c.stage))
    if stage is not None:
        query = query.where(each.c.stage == stage)
    return list(db.execute(query.order_by(since, each.c.deal).limit(most)).scalars())


def closed_keys(
    db: Connection, workspace: int, scope: Scope, begins: datetime, ends: datetime, most: int, *, won: bool
) -> list[str]:
    """The deals that closed then, the latest first; those that were `won` alone. At most so many."""
    query = select(deal.c.deal).where(shown(deal, workspace), *owned(deal.c.owner, scope))
    query = query.where(deal.c.status.in_(["won"] if won else ["won", "lost"]))
    query = query.where(*within(deal.c.closed, scope, begins, ends))
    return list(db.execute(query.order_by(deal.c.closed.desc(), deal.c.deal).limit(most)).scalars())


def _less(moment: float, by_stage: Mapping[int, float], stage: Any) -> Any:
    """So many seconds before a moment, by stage; NULL, beside which nothing holds, for others."""
    if not by_stage:
        return literal(None, Float)  # null() may not be compared
    return case({number: literal(moment - less) for number, less in by_stage.items()}, value=stage)


def _latest(each: Any) -> Any:
    """The last touch, else when the deal was created."""
    one, other = each.c.about_deal, each.c.about_account
    return func.coalesce(case((or_(other.is_(None), one > other), one), else_=other), each.c.created)


def _each_open(workspace: int, scope: Scope, at: datetime, now: datetime) -> Any:
    moved = and_(shown(move, workspace), move.c.deal == deal.c.deal, move.c.at <= at)
    last = select(seconds(move.c.at)).where(moved, move.c.from_stage != move.c.to_stage)
    last = last.order_by(move.c.at.desc(), move.c.id.desc()).limit(1)
    entered = func.coalesce(last.scalar_subquery(), seconds(deal.c.created)).label("entered")
    to = select(move.c.to_stage).where(moved, move.c.from_stage != move.c.to_stage)
    to = to.order_by(move.c.at.desc(), move.c.id.desc()).limit(1)
    stage = deal.c.stage if at >= now else func.coalesce(to.scalar_subquery(), deal.c.stage)
    query = select(
        deal.c.deal, stage.label("stage"), entered, seconds(deal.c.created).label("created"), *_touched(workspace, at)
    )
    query = query.where(shown(deal, workspace), *owned(deal.c.owner, scope), _open_at(at, now))
    return query.limit(EVER).subquery()  # within a limit SQLite asks each of these once, not wherever it is named


def _open_at(at: datetime, now: datetime) -> ColumnElement[bool]:
    """Now, its row alone says whether a deal is open; before, it was from when it was created until it closed."""
    if at >= now:
        return deal.c.status == "open"
    return and_(deal.c.created <= at, or_(deal.c.status == "open", deal.c.closed > at))


def _touched(workspace: int, at: datetime) -> list[Any]:
    """When there last was a touch about the deal, and about its account alone."""
    last = select(seconds(touch.c.at)).where(shown(touch, workspace), touch.c.at <= at)
    last = last.order_by(touch.c.at.desc()).limit(1)
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
    query = query.where(shown(deal, workspace), *owned(deal.c.owner, scope), _open_at(at, now))
    return list(db.execute(query.group_by(deal.c.currency, deal.c.expected_close)).all())


def pipelines(db: Connection, workspace: int, scope: Scope, begins: datetime, ends: datetime) -> Rows:
    """What `pipeline` tells of the end of each day from `begins` on, in one: a row counts on the days since it was
    `born` and before it `died` (None while open)."""
    born, died = (seconds(deal.c.created) - 1) // DAY, (seconds(deal.c.closed) - 1) // DAY  # midnight is the day before
    query = select(
        deal.c.currency,
        deal.c.expected_close,
        born.label("born"),
        case((deal.c.status == "open", None), else_=died).label("died"),
        literal(1).label("n"),
        case((_told, 1), else_=0).label("told"),
        func.coalesce(deal.c.amount, 0.0).label("net"),
    )
    query = query.where(shown(deal, workspace), *owned(deal.c.owner, scope), deal.c.created <= ends)
    return list(db.execute(query.where(or_(deal.c.status == "open", deal.c.closed > begins))).all())


def records(db: Connection, workspace: int, scope: Scope, at: datetime) -> Any:
    """Customer records: how many `n`, and of these how many have their `basics` (name, industry, region), a `history`
    (any touch until then) and `preferences` (how they buy, or a contact)."""
    has = [account.c[name] != "" for name in ("name", "industry", "region")]
    touched = shown(touch, workspace)
    alone = select(touch.c.id).where(touched, touch.c.account == account.c.account, touch.c.at <= at)
    alone = alone.where(text("crm_touch.deal = ''"))
    # the deals by their account, the touches by these: + "" keeps SQLite from reading all touches for each account
    by_deal = select(touch.c.id).select_from(deal.join(touch, touch.c.deal == deal.c.deal + ""))
    by_deal = by_deal.where(touched, shown(deal, workspace), deal.c.account == account.c.account, touch.c.at <= at)
    prefers = or_(account.c.purchase_preference != "", account.c.contact != "")
    query = select(
        func.count().label("n"),
        func.sum(_one(and_(*has))).label("basics"),
        func.sum(_one(or_(alone.exists(), by_deal.exists()))).label("history"),
        func.sum(_one(prefers)).label("preferences"),
    )
    return db.execute(query.where(shown(account, workspace), *owned(account.c.owner, scope))).one()


def _one(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def moves_left_out(db: Connection, workspace: int, scope: Scope, stretch: Stretch) -> list[tuple[Out, int]]:
    """Moves that count in no conversion, by why: of the stretch those between stages of which one has no place, that
    stayed, and, where everybody's are asked for, whose deal has not come; and all those dated in the future."""
    known = {one.number: one for one in stages(db, workspace)}
    theirs = and_(shown(deal, workspace), _deal_of_move(scope), *owned(deal.c.owner, scope))
    query = select(move.c.from_stage, move.c.to_stage, func.count()).where(shown(move, workspace))
    query = query.where(move.c.at >= stretch.begins, move.c.at < stretch.ends)
    rows = db.execute(query.select_from(move.join(deal, theirs)).group_by(move.c.from_stage, move.c.to_stage))
    found = [(_NOT_COUNTED[led], n) for one, other, n in rows if (led := _course(one, other, known)) in _NOT_COUNTED]
    ahead = select(func.count()).select_from(move.join(deal, theirs))
    ahead = ahead.where(shown(move, workspace), move.c.at > stretch.now)
    found.append((Out.FUTURE, db.execute(ahead).scalar_one()))
    if scope.owners is None:
        has_deal = select(deal.c.id).where(shown(deal, workspace), deal.c.deal == move.c.deal)
        found.append(
            (
                Out.NO_DEAL,
                sum(
                    n
                    for _one, _other, n in db.execute(
                        query.where(~has_deal.exists()).group_by(move.c.from_stage, move.c.to_stage)
                    )
                ),
            )
        )
    return found


_NOT_COUNTED = {
    Course.UNCLEAR: Out.UNCLEAR,
    Course.STAYED: Out.STAYED,
    Course.REOPENED: Out.REOPENED,
    Course.ENTERED: Out.ENTERED,
}


def _course(left: int, to: int, known: Mapping[int, Stage]) -> Course:
    return course(Move("", left, to, datetime.fromtimestamp(0, UTC)), known)


def targets(db: Connection, workspace: int, scope: Scope, teams: Collection[str]) -> Rows:
    """Those of all, of these teams and of the scope's people: `team`, `owner`, `period`, `measure`, `target`."""
    query = select(target.c.team, target.c.owner, target.c.period, target.c.measure, target.c.target)
    query = query.where(shown(target, workspace))
    if scope.owners is not None:
        whole = and_(target.c.owner == "", target.c.team.in_([*sorted(teams), ""]))
        query = query.where(or_(target.c.owner.in_(sorted(scope.owners)), whole))
    return list(db.execute(query).all())
