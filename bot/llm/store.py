"""Tables of what was asked of a model, and of answers that held, by the content of their question."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Column, Float, Index, Integer, String, Table, Text, case, delete, func, insert, select

from bot.db import Connection, Instant, Json, metadata, upsert
from bot.llm.model import ASKED, Call, Outcome, Usage

call = Table(
    "llm_call",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("workspace_id", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("task", String(32), nullable=False),
    Column("model", Text, nullable=False),
    Column("rung", Integer, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("given", Integer, nullable=False),
    Column("made", Integer, nullable=False),
    Column("cached", Integer, nullable=False),
    Column("guessed", Boolean, nullable=False),
    Column("ms", Integer, nullable=False),
    Column("cost", Float),
    Index("ix_llm_call_workspace_id_at", "workspace_id", "at"),
)

answer = Table(
    "llm_answer",
    metadata,
    Column("workspace_id", Integer, primary_key=True, autoincrement=False),
    Column("digest", String(64), primary_key=True),
    Column("task", String(32), nullable=False),
    Column("about", String(64), nullable=False),
    Column("body", Json, nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_llm_answer_workspace_id_about", "workspace_id", "about"),
    Index("ix_llm_answer_at", "at"),
)


def note(db: Connection, workspace: int, one: Call) -> None:
    db.execute(
        insert(call).values(
            workspace_id=workspace,
            at=one.at,
            task=one.task[:32],
            model=one.model,
            rung=one.rung,
            outcome=one.outcome.value,
            given=one.used.given,
            made=one.used.made,
            cached=one.used.cached,
            guessed=one.used.guessed,
            ms=one.ms,
            cost=one.cost,
        )
    )


def spent(db: Connection, workspace: int, since: datetime) -> tuple[float, int]:
    """The money and the tokens since then, as far as they are known."""
    query = select(func.coalesce(func.sum(call.c.cost), 0.0), func.coalesce(func.sum(call.c.given + call.c.made), 0))
    money, used = db.execute(query.where(call.c.workspace_id == workspace, call.c.at >= since)).one()
    return float(money), int(used)


def usage(db: Connection, workspace: int, since: datetime) -> Usage:
    """What was asked since then."""
    here = (call.c.workspace_id == workspace, call.c.at >= since)
    asked = call.c.outcome.in_([one.value for one in ASKED])
    totals = select(
        func.coalesce(func.sum(case((asked, 1), else_=0)), 0),
        func.coalesce(func.sum(case((call.c.outcome == Outcome.KEPT.value, 1), else_=0)), 0),
        func.coalesce(func.sum(call.c.given), 0),
        func.coalesce(func.sum(call.c.made), 0),
        func.coalesce(func.sum(call.c.cached), 0),
        func.sum(call.c.cost),
        func.coalesce(func.sum(case((asked & call.c.cost.is_(None), 1), else_=0)), 0),
    )
    calls, kept, given, made, cached, cost, unpriced = db.execute(totals.where(*here)).one()
    return Usage(
        calls,
        kept,
        given,
        made,
        cached,
        None if unpriced else float(cost or 0.0),
        tuple((Outcome(name), n) for name, n in _counted(db, call.c.outcome, here)),
        tuple(_counted(db, call.c.task, (*here, asked))),
    )


def _counted(db: Connection, column: Column[Any], where: Sequence[Any]) -> list[tuple[str, int]]:
    count = func.count()
    query = select(column, count).where(*where).group_by(column).order_by(count.desc(), column)
    return [(name, n) for name, n in db.execute(query)]


def last(db: Connection, workspace: int) -> tuple[Outcome, datetime] | None:
    """How the latest question ended, and when."""
    asked = call.c.outcome.in_([one.value for one in ASKED])
    query = select(call.c.outcome, call.c.at).where(call.c.workspace_id == workspace, asked)
    row = db.execute(query.order_by(call.c.id.desc()).limit(1)).first()
    return (Outcome(row[0]), row[1]) if row else None


def kept(db: Connection, workspace: int, digest: str) -> Any:
    """The answer that held to the question of this digest, None when there is none."""
    query = select(answer.c.body).where(answer.c.workspace_id == workspace, answer.c.digest == digest)
    return db.execute(query).scalar()


def keep(db: Connection, workspace: int, digest: str, task: str, about: str, body: Any, now: datetime) -> None:
    row = {"workspace_id": workspace, "digest": digest, "task": task[:32], "about": about[:64], "body": body, "at": now}
    upsert(db, answer, [row], key=("workspace_id", "digest"))


def forget_about(db: Connection, workspace: int, about: str) -> int:
    """Drop the answers that are about something, such as a call that is to be erased; how many there were."""
    return db.execute(delete(answer).where(answer.c.workspace_id == workspace, answer.c.about == about[:64])).rowcount


def forget(db: Connection, workspace: int, answers_before: datetime, calls_before: datetime) -> None:
    """Drop what is older than that."""
    db.execute(delete(answer).where(answer.c.workspace_id == workspace, answer.c.at < answers_before))
    db.execute(delete(call).where(call.c.workspace_id == workspace, call.c.at < calls_before))
