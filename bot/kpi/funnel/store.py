"""The exits of the CRM picture, counted where they are kept: one question a cut, however many deals there are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    Table,
    and_,
    case,
    func,
    literal,
    select,
    type_coerce,
    union_all,
)

from bot.crm.model import LOST, NONE, WON, Stage, Status
from bot.crm.order import Flows
from bot.crm.store import Second, account, deal, move, shown
from bot.db import Connection
from bot.kpi.funnel.model import WEEK, By, Calendar, Cell, Piece

_COLUMNS: dict[By, ColumnElement[str]] = {
    By.PRODUCT_LINE: deal.c.product_line,
    By.INDUSTRY: account.c.industry,
    By.REGION: account.c.region,
    By.OWNER: deal.c.owner,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The exits of these weeks, as far as they lie before `now`. `final`: the number of the last stage, out of which
    deals closed that do not say where they were. `owners`: whose deals, None for all."""

    workspace: int
    weeks: Calendar
    now: datetime
    final: int
    owners: Collection[str] | None = None


def first_exit(db: Connection, workspace: int, stages: Sequence[Stage]) -> datetime | None:
    """When a deal first left a stage, or closed."""
    moves = select(func.min(move.c.at, type_=Second)).where(shown(move, workspace))
    asked = [moves.where(move.c.from_stage == stage.number) for stage in stages]  # one each, for the index
    asked.append(select(func.min(deal.c.closed, type_=Second)).where(shown(deal, workspace)))
    return min(filter(None, (db.execute(one).scalar() for one in asked)), default=None)


def flows(db: Connection, workspace: int) -> Flows:
    """How many moves led from one stage to another, by their numbers."""
    query = select(move.c.from_stage, move.c.to_stage, func.count()).where(shown(move, workspace))
    rows = db.execute(query.group_by(move.c.from_stage, move.c.to_stage))
    return {(left, to): count for left, to, count in rows}


def counted(db: Connection, asked: Asked, cuts: Sequence[By | None]) -> dict[By | None, list[Cell]]:
    """All moves out of stages by week, and by the segments of each cut: in one walk, some thousands at a time."""
    segments = [literal("") if cut is None else func.coalesce(_COLUMNS[cut], "") for cut in cuts]
    columns = [segment.label(f"segment{n}") for n, segment in enumerate(segments)]
    found = _exits(asked, columns, accounts=not {By.INDUSTRY, By.REGION}.isdisjoint(cuts)).subquery()
    query = select(_week(found.c.at, asked.weeks), found.c.left, found.c.to, *list(found.c)[3:])
    tallies: list[dict[tuple[int, int, int, str], int]] = [{} for _ in cuts]
    for week, left, to, *among in db.execute(query.execution_options(yield_per=5_000)):
        for tally, segment in zip(tallies, among, strict=True):
            key = week, left, to, segment
            tally[key] = tally.get(key, 0) + 1
    weeks = asked.weeks.weeks
    return {
        cut: [Cell(weeks[at], left, to, of, n) for (at, left, to, of), n in tally.items() if cut is None or of]
        for cut, tally in zip(cuts, tallies, strict=True)
    }


def exits(db: Connection, asked: Asked, stage: int, by: By | None = None, segment: str = "") -> list[Any]:
    """The moves out of one stage in order of time: `deal`, `name`, `account` (its name), `owner`, `at`, `to`."""
    known_as = func.coalesce(func.nullif(account.c.name, ""), deal.c.account).label("account")
    columns = [deal.c.deal, deal.c.name, known_as, deal.c.owner]
    if by is not None:
        columns.append(_COLUMNS[by].label("segment"))
    found = _exits(asked, columns, accounts=True, stage=stage).subquery()
    rest = [column for column in found.c if column.name != "at"]
    query = (
        select(*rest, type_coerce(found.c.at, Second).label("at"))
        .where(found.c.left == stage)
        .order_by(found.c.at, found.c.deal)
    )
    if by is not None:
        query = query.where(found.c.segment == segment)
    return list(db.execute(query))


def _exits(asked: Asked, columns: Sequence[ColumnElement[Any]], *, accounts: bool, stage: int = NONE) -> Any:
    """Moves out of stages, or out of one, and closings that no move tells of: `left`, `to`, `at` in seconds, and the
    columns asked for: those of the deal, and with `accounts` of its account."""
    moved = select(move.c.from_stage.label("left"), move.c.to_stage.label("to"), _seconds(move).label("at"), *columns)
    if stage:
        rows, these = deal.join(move, _moves_of(asked)), move.c.from_stage == stage
    else:
        # An outer join, and nothing that a lack of moves would fail: so SQLite begins with the deals, in whose order
        # their moves lie, and not with the moves, whose deals it would have to look for all over the table.
        rows, these = deal.outerjoin(move, _moves_of(asked)), func.coalesce(move.c.from_stage, NONE) > NONE
    moved = moved.select_from(_with_accounts(rows, asked) if accounts else rows)
    moved = moved.where(shown(deal, asked.workspace), these)
    return union_all(_of_whom(moved, asked), _closed(asked, columns, accounts, stage))


def _moves_of(asked: Asked) -> ColumnElement[bool]:
    theirs = and_(shown(move, asked.workspace), move.c.deal == deal.c.deal, move.c.from_stage != move.c.to_stage)
    return and_(theirs, *_inside(_seconds(move), asked))


def _closed(asked: Asked, columns: Sequence[ColumnElement[Any]], accounts: bool, stage: int) -> Select[Any]:
    """Out of the stage that the last move led to, which for deals that say how they ended is none; else of the row's;
    else of the last."""
    here = and_(shown(move, asked.workspace), move.c.deal == deal.c.deal, move.c.at <= asked.now)
    # of two in the same second the end is the last: its number is below 0
    last = select(move.c.to_stage).where(here).order_by(move.c.at.desc(), move.c.to_stage).limit(1)
    led = last.correlate(deal).scalar_subquery()
    left = func.coalesce(led, case((deal.c.stage > 0, deal.c.stage), else_=asked.final))
    to = case((deal.c.status == Status.WON.value, WON), else_=LOST)
    closed = type_coerce(deal.c.closed, BigInteger)
    at = closed if stage else closed + 0  # of all of them not by their index, for the same reason
    query = select(left.label("left"), to.label("to"), at.label("at"), *columns)
    query = query.select_from(_with_accounts(deal, asked) if accounts else deal)
    query = query.where(shown(deal, asked.workspace), deal.c.status != Status.OPEN.value)
    return _of_whom(query.where(*_inside(at, asked), func.coalesce(led, 1) > 0), asked)


def _seconds(table: Table) -> ColumnElement[int]:
    return type_coerce(table.c.at, BigInteger)


def _with_accounts(rows: FromClause, asked: Asked) -> FromClause:
    known = and_(shown(account, asked.workspace), account.c.account == deal.c.account)
    return rows.outerjoin(account, known)


def _inside(at: ColumnElement[int], asked: Asked) -> list[ColumnElement[bool]]:
    return [at >= asked.weeks.begins[0], at < asked.weeks.begins[-1], at <= int(asked.now.timestamp())]


def _of_whom(query: Select[Any], asked: Asked) -> Select[Any]:
    return query if asked.owners is None else query.where(deal.c.owner.in_(asked.owners))


def _week(at: ColumnElement[int], weeks: Calendar) -> ColumnElement[int]:
    """The number of a second's week, counted from the calendar's first: a division, between two changes of clocks."""
    pieces = [(at < piece.ends, _within(at, piece)) for piece in weeks.pieces()]
    return case(*pieces[:-1], else_=pieces[-1][1]) if len(pieces) > 1 else pieces[0][1]


def _within(at: ColumnElement[int], piece: Piece) -> ColumnElement[int]:
    if (piece.ends - piece.begins) % WEEK:
        return literal(piece.first, BigInteger)
    return piece.first + (at - piece.begins) // WEEK
