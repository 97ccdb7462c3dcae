"""Long work: jobs that survive a crash, and say how far they are.

A job is written down, with its input, before anything is done about it. It runs in the process that serves, a few at a
time, step by step; what each step gave is remembered, so that after a crash it goes on after the last of them.
"""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.db import Database
from bot.settings import Settings
from bot.work import store
from bot.work.engine import Engine
from bot.work.keeper import Keeper
from bot.work.model import Progress, State
from bot.work.owner import myself
from bot.work.running import Job, Runs, Steps

__all__ = ["Job", "Progress", "State", "Steps", "Work"]

TICK = 10.0  # seconds between two looks for what others began or left
LAUNCH = 3.0  # seconds that are left to an engine that is starting when it has to stop


class Work:
    """Begins long jobs and tells how far they are; once it is started, it also runs them, `threads` at a time.

    On SQLite everything is kept in `work.db` in the home folder. On Postgres it is kept beside our own tables, in the
    schema `work`; that way was tried by hand, and no test runs it. Only one to a process can run jobs.
    """

    def __init__(
        self, settings: Settings, now: Callable[[], datetime], *, threads: int = 2, tick: float = TICK
    ) -> None:
        here = settings.home / "work.db"
        self._file: Path | None = here if settings.db_url.startswith("sqlite") else None
        self._url = f"sqlite:///{here}" if self._file else settings.db_url
        self._now = now
        self._lock = threading.Lock()
        self._database: Database | None = None
        self._jobs: Mapping[str, Job] = {}
        me = myself()
        self._engine = Engine(self._url, me, threads)
        self._runs = Runs(self._engine, now)
        self._keeper = Keeper(me, self._engine, self._there, self._launch, self._runs.ids, now, tick)
        self._started = False

    def register(self, jobs: Mapping[str, Job]) -> None:
        """Say which jobs there are, by name; in a process that runs them, before it starts any threads."""
        store.prepare()
        self._jobs = dict(jobs)

    def start(self) -> None:
        """Run jobs from now on. The engine itself is loaded when there is one to be run, in a thread of its own."""
        self._started = True
        self._keeper.start()

    def begin(self, name: str, key: str, /, **input: Any) -> bool:
        """Have a job done, once for each key; False when it was begun before, however that ended.

        Only writes it down, at once and for good; it starts within seconds where jobs run, in this process or another.
        `input` is given to the job and must be JSON. Raises `ValueError` for a name that is not registered here.
        """
        if self._started and name not in self._jobs:
            raise ValueError(f"there is no job {name!r}")
        with self._open().begin() as db:
            fresh = store.begin(db, name, key, input, self._now())
        self._keeper.wake()
        return fresh

    def progress(self, key: str) -> Progress | None:
        """How far the job of this key is; None when there is none. Any process may ask."""
        database = self._there()
        if database is None:
            return None
        with database.read() as db:
            return store.progress(db, key)

    def forget(self, before: datetime) -> int:
        """Drop the jobs that ended before then, with what their steps gave; how many. Their keys are free again."""
        database = self._there()
        if database is None:
            return 0
        with database.begin() as db:
            dropped = store.forget(db, before)
        if self._engine.launched:  # if not, it keeps what it has until it is launched and this is asked again
            self._engine.forget(before)
        return dropped

    def stop(self, patience: float = 3.0) -> None:
        """Run no jobs any more: steps under way have `patience` seconds to end; what is not over then is left as it is,
        and done again at the next start. Takes a second or two more, three if it was just about to start."""
        if self._started:
            still = self._keeper.stop(LAUNCH)
            if database := self._there():
                self._runs.stop(patience, database)
                if still:
                    self._keeper.put_away(database)
        self._started = False
        if self._database is not None:
            self._database.close()

    def _launch(self) -> None:
        self._engine.launch(lambda job: self._runs.carry_out(job, self._jobs, self._open()))

    def _open(self) -> Database:
        with self._lock:
            if self._database is None:
                self._database = store.connect(self._url)
            return self._database

    def _there(self) -> Database | None:
        """The database, unless nobody has ever needed it."""
        if self._database is None and self._file is not None and not self._file.exists():
            return None
        return self._open()
