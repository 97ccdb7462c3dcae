"""A company of any size on a fresh database, at a clock that is set by hand."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.app import App
from bot.cli import tables  # noqa: F401 - declares every table
from bot.db import Database
from bot.settings import read_settings
from bot.standup import planning
from bot.team import service as team

BEFORE = datetime(2026, 6, 11, 0, 0, tzinfo=UTC)  # half past nine in Berlin is 07:30


class Clock:
    def __init__(self) -> None:
        self.now = BEFORE

    def __call__(self) -> datetime:
        return self.now


@contextmanager
def company(people: int, teams: int) -> Iterator[tuple[App, Clock]]:
    with tempfile.TemporaryDirectory(prefix="paceline-bench-") as home:
        clock = Clock()
        db = Database(f"sqlite:///{home}/bench.db")
        db.migrate()
        app = App(read_settings({"PACELINE_HOME": home}), db, clock)
        with db.begin() as connection:
            done = team.import_roster(connection, 1, roster(people, teams).encode(), clock())
            assert not done.faults, done.faults[:3]
            planning.replan(connection, 1, [t.id for t in team.teams(connection, 1)], clock())
        yield app, clock
        db.close()


def roster(people: int, teams: int) -> str:
    lines = ["person,name,team,role,timezone,language,calendar"]
    lines += [f"p{n},Person {n},Team {n % teams},rep,Europe/Berlin,en,DE" for n in range(people)]
    return "\n".join(lines) + "\n"


def timed(work: Callable[[], object]) -> float:
    """Seconds of CPU of this process that `work` took."""
    began = time.process_time()
    work()
    return time.process_time() - began


def file_in(folder: str, name: str, text: str) -> Path:
    path = Path(folder) / name
    path.write_text(text, encoding="utf-8")
    return path
