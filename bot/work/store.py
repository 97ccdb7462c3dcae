"""The tables of long work, beside the engine's own, and their queries: what was begun, how far it is, who lives.

A job is written here before the engine hears of it, and read here without the engine. They are no part of the
migrations: they live in a database, or a schema, that holds nothing else and may be thrown away with what is under way.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Integer, MetaData, String, Table, Text, delete, make_url, or_, select, text, update

from bot.db import Connection, Database, Instant, Json, insert_new, upsert
from bot.work.model import OPEN, Progress, State

SCHEMA = "work"  # where everything stands on Postgres

_metadata = MetaData()

job = Table(
    "job",
    _metadata,
    Column("id", String(36), primary_key=True),  # the engine's name for it
    Column("key", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("input", Json, nullable=False),
    Column("state", String(8), nullable=False, index=True),
    Column("done", Integer, nullable=False),
    Column("of", Integer, nullable=False),
    Column("error", Text, nullable=False),
    Column("run", String(36), nullable=False),  # who may write down what came of it: the start that is the latest
    Column("steps", Integer, nullable=False),  # how many were behind it at that start
    Column("starts", Integer, nullable=False),  # with no step between them
    Column("begun", Instant, nullable=False),
    Column("ended", Instant),
)

# the processes that have an engine
beat = Table(
    "beat",
    _metadata,
    Column("owner", String(200), primary_key=True),
    Column("times", Integer, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A job in our hands. `starts`: how often it was started at this very step, now included."""

    name: str
    input: dict[str, Any]
    starts: int


def prepare() -> None:
    """Load what the engine needs of SQLAlchemy beyond what we do. It must be there before there are threads: for as
    long as it is half loaded, comparing a column with a value fails in all of them."""
    import sqlalchemy.orm  # noqa: F401


def connect(url: str) -> Database:
    """The database of long work, its tables in it."""
    if url.startswith("sqlite"):
        database = Database(url)
    else:
        where = make_url(url).update_query_dict({"options": f"-csearch_path={SCHEMA}"})
        database = Database(where.render_as_string(hide_password=False))
    with database.begin() as db:
        if not database.near:
            db.execute(text("SELECT pg_advisory_xact_lock(7223117)"))  # two replicas may start at once
            db.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
        _metadata.create_all(db)
    return database


def begin(db: Connection, name: str, key: str, given: dict[str, Any], now: datetime) -> bool:
    """Write down that a job is wanted; False when its key is there already."""
    row: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "key": key,
        "name": name,
        "input": given,
        "state": State.WAITING.value,
    }
    row |= {"done": 0, "of": 0, "error": "", "run": "", "steps": 0, "starts": 0, "begun": now, "ended": None}
    return insert_new(db, job, [row]) == 1


def progress(db: Connection, key: str) -> Progress | None:
    row = db.execute(select(job.c.state, job.c.done, job.c.of, job.c.error).where(job.c.key == key)).first()
    return None if row is None else Progress(State(row.state), row.done, row.of, row.error)


def open_jobs(db: Connection) -> list[str]:
    """The ids of the jobs that are not at their end, oldest first."""
    return list(db.execute(select(job.c.id).where(job.c.state.in_(OPEN)).order_by(job.c.begun, job.c.id)).scalars())


def cut_short(db: Connection, job_id: str, steps: int) -> bool:
    """Whether a job was started before with as many `steps` behind it, and its process died of something."""
    row = db.execute(select(job.c.steps, job.c.starts).where(job.c.id == job_id)).first()
    return row is not None and row.steps == steps and row.starts > 0


def take(db: Connection, job_id: str, run: str, steps: int) -> Taken | None:
    """Start a job, or start it again; None when it is at its end. `steps`: how many of its steps are behind it."""
    found = db.execute(select(job).where(job.c.id == job_id, job.c.state.in_(OPEN))).first()
    if found is None:
        return None
    starts = found.starts + 1 if found.steps == steps else 1
    values = {"state": State.RUNNING.value, "run": run, "steps": steps, "starts": starts}
    db.execute(update(job).where(job.c.id == job_id).values(values))
    return Taken(found.name, found.input, starts)


def report(db: Connection, job_id: str, run: str, done: int, of: int) -> None:
    """Write down how far a job is; less than was said of the same whole before is a job that goes through it again."""
    further = or_(job.c.of != of, job.c.done < done)
    db.execute(update(job).where(job.c.id == job_id, job.c.run == run, further).values(done=done, of=of))


def end(db: Connection, job_id: str, run: str, error: str, now: datetime) -> bool:
    """Write down that a job has ended, well when there is no `error`; False when another run has it by now."""
    return _end(db, [job.c.id == job_id, job.c.run == run], error, now)


def fail(db: Connection, job_ids: Collection[str], error: str, now: datetime) -> None:
    """Write down that open jobs have failed, whoever had them."""
    _end(db, [job.c.id.in_(job_ids)], error, now)


def _end(db: Connection, which: Sequence[Any], error: str, now: datetime) -> bool:
    values = {"state": (State.FAILED if error else State.DONE).value, "error": error, "ended": now}
    return db.execute(update(job).where(*which, job.c.state.in_(OPEN)).values(values)).rowcount > 0


def let_go(db: Connection, job_id: str, run: str) -> None:
    """Leave a job to whoever takes it next; that it was stopped in good order is not held against it."""
    mine = (job.c.id == job_id, job.c.run == run, job.c.state.in_(OPEN))
    db.execute(update(job).where(*mine).values(state=State.WAITING.value, run="", starts=job.c.starts - 1))


def wait(db: Connection, job_ids: Collection[str]) -> None:
    """Show jobs as waiting whose process is gone."""
    lost = (job.c.id.in_(job_ids), job.c.state.in_(OPEN))
    db.execute(update(job).where(*lost).values(state=State.WAITING.value, run=""))


def forget(db: Connection, before: datetime) -> int:
    """Drop the jobs that ended before then; how many they were."""
    return db.execute(delete(job).where(job.c.ended < before)).rowcount


def beat_once(db: Connection, owner: str) -> None:
    """Show that a process lives."""
    if not db.execute(update(beat).where(beat.c.owner == owner).values(times=beat.c.times + 1)).rowcount:
        upsert(db, beat, [{"owner": owner, "times": 1}], key=["owner"])


def beats(db: Connection) -> dict[str, int]:
    """How often each process has shown that it lives."""
    return {row.owner: row.times for row in db.execute(select(beat.c.owner, beat.c.times))}


def bury(db: Connection, owners: Collection[str]) -> None:
    """Forget processes that are dead."""
    db.execute(delete(beat).where(beat.c.owner.in_(owners)))
