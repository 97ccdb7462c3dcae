"""Carrying out jobs: what a job is given, and how a run of one ends, in good order or not."""

import contextvars
import json
import logging
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.db import Database
from bot.errors import BotError
from bot.work import store
from bot.work.engine import Engine, Stopped
from bot.work.model import CUT_SHORT

log = logging.getLogger("paceline.work")

OFTEN = 0.5  # seconds between two notes of how far a job is

# A long piece of work, as a plain function of `Steps` and its input. Run again after a crash, it must ask for the same
# steps in the same order: what may differ from one run to the next (the time, a query, the network) belongs in a step.
Job = Callable[..., None]


@dataclass(eq=False, slots=True)
class Run:
    """One start of one job. `stopping`: it shall begin no other step. `left`: nobody waits for it any more, and what
    it gives is not kept. `stopped`: it did not come to an end. `alone`: held while it may be what kills us."""

    job: str
    token: str = field(default_factory=lambda: str(uuid.uuid4()))
    over: threading.Event = field(default_factory=threading.Event)
    stopping: bool = False
    left: bool = False
    stopped: bool = False
    alone: "threading.Lock | None" = None

    def passed(self) -> None:
        """The step in which it was cut short before is behind it."""
        alone, self.alone = self.alone, None
        if alone is not None:
            alone.release()


class Steps:
    """What a job works with, in the thread that it was called in."""

    def __init__(self, run: Run, engine: Engine, database: Database) -> None:
        self._run = run
        self._engine = engine
        self._database = database
        self._noted = -OFTEN

    def do(self, label: str, function: Callable[..., Any], *args: Any) -> Any:
        """Run one step and give what it gives, as JSON has it: a tuple comes back as a list.

        The result is remembered: after a crash it is given again, and the function is not called. Only a step that
        was under way is run once more, so what it changes it should change by a unique key. A `BotError` is
        remembered and raised again like a result. Raises `TypeError` when the result is no JSON.
        """
        if self._run.stopping:
            raise Stopped

        def call() -> str:
            try:
                gave = {"gave": function(*args)}
            except BotError as fault:
                gave = {"fault": str(fault)}
            finally:
                if self._run.left:  # a fault too may come of the end of the process, and is not to be remembered
                    raise Stopped
            self._run.passed()
            return json.dumps(gave, ensure_ascii=False)

        gave = json.loads(self._engine.step(label, call))
        if "fault" in gave:
            raise BotError(gave["fault"])
        return gave["gave"]

    def progress(self, done: int, of: int) -> None:
        """Say that `done` of `of` parts are behind us. Cheap: written down twice a second at most, and at the end."""
        if self._run.stopping:
            raise Stopped
        if done < of and time.monotonic() < self._noted + OFTEN:
            return
        self._noted = time.monotonic()
        try:
            with self._database.begin() as db:
                store.report(db, self._run.job, self._run.token, done, of)
        except Exception:
            log.exception("how far a job is could not be written down; the job goes on")


class Runs:
    """The jobs that run in this process."""

    def __init__(self, engine: Engine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now
        self._lock, self._alone = threading.Lock(), threading.Lock()
        self._stopping = False
        self._running: set[Run] = set()

    def ids(self) -> set[str]:
        """The jobs that run just now."""
        with self._lock:
            return {run.job for run in self._running}

    def carry_out(self, job_id: str, jobs: Mapping[str, Job], database: Database) -> None:
        """Run a job to its end. Raises `Stopped` when it does not come to one here.

        It gets a thread of its own, which the end of the process does not wait for: a step may take minutes.
        """
        run = Run(job_id)
        with self._lock:
            if self._stopping:
                raise Stopped
            self._running.add(run)
        try:
            start = contextvars.copy_context().run
            threading.Thread(target=start, args=(self._live, run, jobs, database), name="work", daemon=True).start()
            run.over.wait()
        finally:
            with self._lock:
                self._running.discard(run)
        if run.stopped:
            raise Stopped

    def _live(self, run: Run, jobs: Mapping[str, Job], database: Database) -> None:
        try:
            steps = self._engine.steps(run.job)
            self._beware(run, database, steps)
            with database.begin() as db:
                taken = store.take(db, run.job, run.token, steps)
            if taken is not None:
                error = self._outcome(run, taken, jobs, Steps(run, self._engine, database))
                with database.begin() as db:
                    run.stopped = not store.end(db, run.job, run.token, error, self._now())
        except Stopped:
            self._let_go(run, database)
        except Exception:
            run.stopped = True
            log.exception("what became of a job could not be written down; it is taken up again")
        finally:
            run.passed()
            run.over.set()

    def _beware(self, run: Run, database: Database, steps: int) -> None:
        """Of the jobs that were cut short, let one at a time into the step where it happened: if that kills the process
        again, it is known which of them did."""
        with database.read() as db:
            if not store.cut_short(db, run.job, steps):
                return
        while not self._alone.acquire(timeout=0.2):
            if run.stopping:
                raise Stopped
        run.alone = self._alone

    def _outcome(self, run: Run, taken: store.Taken, jobs: Mapping[str, Job], steps: Steps) -> str:
        """Why the job failed, one plain sentence; "" when it did not."""
        if taken.starts > CUT_SHORT:
            return f"It was cut short {CUT_SHORT} times in the middle of the same step, and is not tried again."
        if taken.name not in jobs:
            return f"This version of Paceline has no job {taken.name!r}."
        try:
            jobs[taken.name](steps, **taken.input)
        except Stopped:
            raise
        except BotError as fault:
            return str(fault)
        except BaseException as fault:  # a job that calls sys.exit has failed too
            log.exception("job %s failed", taken.name)
            return f"Something went wrong that should not ({type(fault).__name__}); the log says where."
        return ""

    @staticmethod
    def _let_go(run: Run, database: Database) -> None:
        run.stopped = True
        try:
            with database.begin() as db:
                store.let_go(db, run.job, run.token)
        except Exception:
            log.exception("a job that was stopped could not be given back; it goes on all the same")

    def stop(self, patience: float, database: Database) -> None:
        """Begin no step any more; wait for those under way, `patience` seconds at most, and leave the rest as it is."""
        with self._lock:
            self._stopping = True
            running = list(self._running)
        for run in running:
            run.stopping = True
        until = time.monotonic() + patience
        for run in running:
            if not run.over.wait(max(0.0, until - time.monotonic())):
                run.left = True
                self._let_go(run, database)
                run.over.set()
