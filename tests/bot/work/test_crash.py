"""Real processes that run jobs are killed, stopped and frozen: every job comes to its end, no effect is lost, and none
comes twice but that of a step that was under way."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.settings import read_settings
from bot.work import Progress, State, Work

ROOT = Path(__file__).parent.parent.parent.parent
CHILD = Path(__file__).parent / "child.py"
SECONDS = 60.0  # for a busy machine


class Home:
    """A home folder, and the processes that run jobs in it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.work = Work(read_settings({"PACELINE_HOME": str(home)}), lambda: datetime.now(UTC))
        self.children: list[subprocess.Popen[str]] = []
        with closing(sqlite3.connect(home / "effects.db", isolation_level=None)) as db:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("CREATE TABLE effect (job, part, pid)")

    def start(self, *asked: float) -> "subprocess.Popen[str]":
        command = [sys.executable, str(CHILD), str(self.home), *map(str, asked)]
        env = os.environ | {"PYTHONPATH": str(ROOT)}
        child = subprocess.Popen(command, env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.children.append(child)
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        return child

    def effects(self, job: str = "job") -> list[tuple[int, int]]:
        """The effects that a job had, as part and process."""
        with closing(sqlite3.connect(self.home / "effects.db", timeout=30)) as db:
            return db.execute("SELECT part, pid FROM effect WHERE job = ? ORDER BY rowid", (job,)).fetchall()

    def progress(self, key: str = "job") -> Progress:
        found = self.work.progress(key)
        assert found is not None
        return found

    def over(self, key: str = "job") -> bool:
        return self.progress(key).state in (State.DONE, State.FAILED)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path)
    yield home
    for child in home.children:
        child.kill()
        child.communicate()
    home.work.stop()


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < end, "it did not come to be in time"
        time.sleep(0.005)


def kill(child: "subprocess.Popen[str]") -> None:
    child.send_signal(signal.SIGKILL)
    child.wait()


def freeze(child: "subprocess.Popen[str]", home: Home) -> None:
    """Let it stand still, at a moment when it does not hold the database: else it holds up everybody."""
    while True:
        child.send_signal(signal.SIGSTOP)
        with closing(sqlite3.connect(home.home / "work.db", timeout=0.1, isolation_level=None)) as db:
            try:
                db.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                child.send_signal(signal.SIGCONT)
                time.sleep(0.01)
                continue
            db.execute("ROLLBACK")
        return


def stop(child: "subprocess.Popen[str]") -> float:
    """Tell it to stop; the seconds that it took to be gone."""
    began = time.monotonic()
    out, _ = child.communicate("")
    assert "stopped" in out
    assert child.returncode == 0
    return time.monotonic() - began


@pytest.mark.parametrize("seed", range(2))
def test_killed_at_any_moment_it_does_every_step(home: Home, seed: int) -> None:
    chance = random.Random(seed)
    parts, kills = 120, 4
    assert home.work.begin("count", "job", job="job", parts=parts) is True
    for n in range(kills):
        child = home.start()
        goal = len(home.effects()) + chance.randint(1, parts // (kills + 1))
        until(lambda goal=goal: len(home.effects()) >= goal)  # type: ignore[misc]
        time.sleep(chance.uniform(0, 0.01))
        assert not home.over(), f"it was over before kill {n}: the test proves nothing"
        kill(child)
    home.start()
    until(home.over)
    assert home.progress() == Progress(State.DONE, parts, parts, "")
    times = Counter(part for part, _ in home.effects())
    assert set(times) == set(range(parts))
    assert sum(times.values()) - parts <= kills
    for (part, pid), (after, other) in zip(home.effects(), home.effects()[1:], strict=False):
        assert after == part + 1 or (after == part and pid != other), "more than the step under way came again"


@pytest.mark.parametrize("seed", range(2))
def test_killed_while_it_starts_it_loses_nothing(home: Home, seed: int) -> None:
    chance = random.Random(seed)
    home.work.begin("count", "job", job="job", parts=5)
    for _ in range(4):
        child = home.start()
        time.sleep(chance.uniform(0, 2))
        kill(child)
    home.start()
    until(home.over)
    assert home.progress().state is State.DONE
    assert {part for part, _ in home.effects()} == set(range(5))


def test_two_processes_share_the_jobs_and_one_takes_up_what_the_other_leaves(home: Home) -> None:
    jobs = [f"job {n}" for n in range(8)]
    first, second = home.start(0.01), home.start(0.01)
    for job in jobs:
        home.work.begin("count", job, job=job, parts=30)
    until(lambda: {pid for job in jobs for _, pid in home.effects(job)} == {first.pid, second.pid})
    kill(first)
    until(lambda: all(home.over(job) for job in jobs))
    for job in jobs:
        assert home.progress(job).state is State.DONE
        times = Counter(part for part, _ in home.effects(job))
        assert set(times) == set(range(30))
        assert sum(times.values()) <= 31
    assert sum(len(home.effects(job)) for job in jobs) <= 8 * 30 + 2, "two jobs were under way, no more"


def test_who_was_frozen_and_is_taken_for_dead_does_no_harm(home: Home) -> None:
    frozen = home.start(0.05, 1)
    home.work.begin("count", "job", job="job", parts=60)
    until(lambda: len(home.effects()) >= 3)
    freeze(frozen, home)
    other = home.start(0.05, 1)
    until(lambda: home.effects()[-1][1] == other.pid)
    frozen.send_signal(signal.SIGCONT)
    until(home.over)
    assert home.progress() == Progress(State.DONE, 60, 60, "")
    times = Counter(part for part, _ in home.effects())
    assert set(times) == set(range(60))
    assert sum(times.values()) <= 61
    assert stop(frozen) < 8


def test_stopped_it_is_gone_within_seconds_and_goes_on_later(home: Home) -> None:
    child = home.start(0.05)
    home.work.begin("count", "job", job="job", parts=40)
    until(lambda: len(home.effects()) >= 3)
    assert stop(child) < 8
    assert home.progress().state is State.WAITING
    done = len(home.effects())
    assert done < 40
    home.start(0.001)
    until(home.over)
    assert [part for part, _ in home.effects()] == list(range(40)), "in good order, no step comes twice"


def test_a_step_that_takes_long_does_not_hold_up_the_stop(home: Home) -> None:
    child = home.start(600)
    home.work.begin("count", "job", job="job", parts=2)
    until(lambda: len(home.effects()) == 1)
    assert stop(child) < 8
    home.start(0.001)
    until(home.over)
    assert [part for part, _ in home.effects()] == [0, 0, 1]


def test_what_kills_its_process_is_given_up_and_takes_no_other_with_it(home: Home) -> None:
    home.work.begin("poison", "job")
    home.work.begin("count", "other", job="other", parts=2)
    deaths = 0
    while not home.over():
        child = home.start(0.6)
        until(lambda child=child: child.poll() is not None or home.over())  # type: ignore[misc]
        deaths += child.poll() is not None
    assert deaths == 3
    assert home.progress().state is State.FAILED
    assert "cut short 3 times" in home.progress().error
    until(lambda: home.over("other"))
    assert home.progress("other").state is State.DONE
