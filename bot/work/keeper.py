"""Keeps the engine and the list of jobs in step: launches it when there is work, and takes up what others left."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime

from bot.db import Database
from bot.work import store
from bot.work.engine import Engine
from bot.work.model import LOST, REST, SILENCE, Held, Move, Since, move
from bot.work.owner import gone

log = logging.getLogger("paceline.work")

UNKNOWN_END = "Nobody wrote down how it ended; the log may say more."


class Keeper:
    """`open_database`: gives the database, or None while there is none. `launch`: starts the engine. `running`: the
    jobs that run in this process, which is called `me`. It looks around every `tick` seconds, or when it is woken."""

    def __init__(
        self,
        me: str,
        engine: Engine,
        open_database: Callable[[], Database | None],
        launch: Callable[[], None],
        running: Callable[[], set[str]],
        now: Callable[[], datetime],
        tick: float,
    ) -> None:
        self._me = me
        self._engine = engine
        self._database = open_database
        self._launch = launch
        self._running = running
        self._now = now
        self._tick = tick
        self._beats, self._lost, self._idle = Since(), Since(), Since()
        self._wake, self._over = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._keep, name="work-keeper", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        """Look around now: there is a new job."""
        self._wake.set()

    def stop(self, patience: float) -> bool:
        """Look around no more; whether that could be had within `patience` seconds."""
        self._over.set()
        self._wake.set()
        self._thread.join(patience)
        return not self._thread.is_alive()

    def _keep(self) -> None:
        while not self._over.is_set():
            self._wake.clear()
            try:
                self.look()
            except Exception:
                log.exception("the long jobs could not be looked after; trying again")
            self._wake.wait(self._tick)

    def look(self) -> None:
        """Do for every open job what has to be done, once."""
        database = self._database()
        if database is None:
            return
        with database.read() as db:
            jobs = store.open_jobs(db)
        if not jobs and not self._engine.launched:
            return
        if self._idle.lasting([] if jobs or self._running() else [None], time.monotonic(), REST):
            self.put_away(database)
            return
        with database.begin() as db:  # before the engine takes anything, or others take us for dead
            store.beat_once(db, self._me)
        if not self._engine.launched:
            self._launch()
        if jobs:
            held = self._engine.held(jobs)  # before the beats: who has taken one has beaten before
            self._settle(database, jobs, held, self._living(database))

    def put_away(self, database: Database) -> None:
        """Stop the engine; whoever looks next goes on with what it had, and need not wait for our silence."""
        if self._engine.launched:
            self._engine.stop()
        with database.begin() as db:
            store.bury(db, [self._me])

    def _living(self, database: Database) -> set[str]:
        """The processes that may be running a job; the others are forgotten."""
        with database.read() as db:
            beats = store.beats(db)
        silent = self._beats.lasting(beats.items(), time.monotonic(), SILENCE)
        dead = {owner for owner, count in beats.items() if (owner, count) in silent or gone(owner, self._me)}
        if dead:
            with database.begin() as db:
                store.bury(db, dead)
        return beats.keys() - dead

    def _settle(self, database: Database, jobs: list[str], held: Mapping[str, Held], living: set[str]) -> None:
        moves = {job: move(held.get(job), living) for job in jobs}
        ours = {job for job in held if held[job] == Held("PENDING", self._me)} - self._running()
        lost = self._lost.lasting(ours, time.monotonic(), LOST)
        left = [job for job in jobs if moves[job] is Move.RESUME or job in lost]
        ended = [job for job in jobs if moves[job] is Move.FAIL]
        if left or ended:
            with database.begin() as db:
                store.wait(db, left)
                store.fail(db, ended, UNKNOWN_END, self._now())
        if left:
            log.info("%d long jobs that were left behind go on here", len(left))
            self._engine.resume(left)
        for job in jobs:
            if moves[job] is Move.ENQUEUE:
                self._engine.enqueue(job)
