"""A `Work` in this process, and jobs that leave traces."""

import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.errors import BotError
from bot.settings import read_settings
from bot.work import Progress, State, Steps, Work

PATIENCE = 30.0  # seconds, on a busy machine


class Office:
    """`seen`: what the jobs met with. `gate` lets a job go on that waits for it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.now = datetime(2026, 6, 11, 9, 0, tzinfo=UTC)
        self.seen: list[Any] = []
        self.gate = threading.Event()
        self.work = self.another()
        jobs = (self.note, self.measured, self.refused, self.broken, self.quits, self.bold, self.no_json)
        self.work.register({job.__name__: job for job in (*jobs, self.astray, self.chain)})

    def another(self) -> Work:
        """One that looks into the same home, as another process would."""
        return Work(read_settings({"PACELINE_HOME": str(self.home)}), lambda: self.now, tick=0.2)

    def note(self, steps: Steps, what: str) -> None:
        self.seen.append(steps.do("note", lambda: (what, 1)))

    def measured(self, steps: Steps) -> None:
        steps.progress(3, 10)
        self.gate.wait(PATIENCE)
        steps.progress(10, 10)

    def refused(self, steps: Steps) -> None:
        steps.do("look", fail, BotError("The file has no rows."))

    def broken(self, steps: Steps) -> None:
        steps.do("divide", fail, ZeroDivisionError("secret"))

    def quits(self, steps: Steps) -> None:
        sys.exit(3)

    def bold(self, steps: Steps) -> None:
        for n in range(3):
            try:
                steps.do(f"try {n}", fail, BotError(f"no {n}"))
            except BotError as fault:
                self.seen.append(str(fault))

    def no_json(self, steps: Steps) -> None:
        steps.do("object", object)

    def astray(self, steps: Steps) -> None:
        thread = threading.Thread(target=lambda: self.seen.append(raised(lambda: steps.do("x", int))))
        thread.start()
        thread.join()

    def chain(self, steps: Steps) -> None:
        steps.do("next", self.work.begin, "note", "chained")
        self.work.forget(self.now - timedelta(days=7))
        self.seen.append(steps.do("known", lambda: 5))

    def until(self, key: str, *states: State) -> Progress:
        """How the job of this key stands once it is in one of these states; at its end, if none are named."""
        wanted = states or (State.DONE, State.FAILED)
        wait(lambda: (found := self.work.progress(key)) is not None and found.state in wanted)
        found = self.work.progress(key)
        assert found is not None
        return found


def fail(fault: Exception) -> None:
    raise fault


def raised(call: Callable[[], object]) -> str:
    """The name of the error that it raises."""
    try:
        call()
    except Exception as fault:
        return type(fault).__name__
    return ""


def wait(true: Callable[[], bool]) -> None:
    """Until something is so; fails when it does not come to be."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it did not come to be in time"
        time.sleep(0.005)
