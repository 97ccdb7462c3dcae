"""The engine: loaded when it is needed, put away when it is not, one to a process; what it remembers is given again."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.errors import BotError
from bot.work import State, Steps, keeper, store
from tests.bot.work.office import Office, fail, wait

ROOT = Path(__file__).parent.parent.parent.parent


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.gate.set()
    office.work.stop()


def test_what_was_remembered_is_given_again_and_changed_code_is_told(office: Office) -> None:
    def called() -> dict[str, list[int | None]]:
        office.seen.append("called")
        return {"n": [1, None]}

    def first(steps: Steps) -> None:
        found = steps.do("one", called)
        with pytest.raises(BotError, match="no such"):
            steps.do("two", fail, BotError("no such"))
        office.seen.append(found)
        steps.do("long", office.gate.wait, 20)

    def changed(steps: Steps) -> None:
        steps.do("another", int)

    for seen, state, job in ((2, State.WAITING, first), (3, State.WAITING, first), (3, State.FAILED, changed)):
        work = office.another()
        work.register({"job": job})
        work.start()
        assert work.begin("job", "k") is (seen == 2)
        wait(lambda seen=seen: len(office.seen) == seen)  # type: ignore[misc]
        if job is changed:
            assert "another version" in office.until("k").error
        work.stop(patience=0)
        assert office.until("k", State.WAITING, State.FAILED).state is state
    assert office.seen == ["called", {"n": [1, None]}, {"n": [1, None]}]


def test_an_end_that_could_not_be_written_down_is_written_later(
    office: Office, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    write, tries = store.end, []

    def end(*given: Any) -> bool:
        tries.append(given)
        if len(tries) == 1:
            raise OSError("the disk is full")
        return write(*given)

    monkeypatch.setattr(store, "end", end)
    monkeypatch.setattr(keeper, "LOST", 0.3)
    calls: list[int] = []
    office.work.register({"job": lambda steps: steps.do("one", calls.append, 1)})
    office.work.start()
    office.work.begin("job", "k")
    assert office.until("k").state is State.DONE
    assert calls == [1], "the step was remembered"
    assert "could not be written down" in caplog.text


def test_it_is_put_away_when_there_is_nothing_to_do(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "REST", 0.3)
    office.work.start()
    for key in ("a", "b"):
        office.work.begin("note", key, what=key)
        assert office.until(key).state is State.DONE
        wait(lambda: not office.work._engine.launched)


def test_a_second_one_in_the_same_process_is_refused(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    office.work.start()
    office.work.begin("note", "k", what="a")
    office.until("k")
    (office.home / "b").mkdir()
    second = Office(office.home / "b")
    second.work.start()
    second.work.begin("note", "k", what="b")
    wait(lambda: "only one to a process" in caplog.text)
    office.work.stop()
    assert second.until("k").state is State.DONE, "it waited, and was not lost"
    second.work.stop()


LAZY = """
import logging, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from time import sleep

def watch(event, given):
    if event in ("socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "urllib.Request"):
        print("the network is touched:", event, given, file=sys.stderr)

sys.addaudithook(watch)
from bot.settings import read_settings
from bot.work import State, Work

def surroundings():
    signals = [signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGINT)]
    return signals, list(logging.root.handlers), logging.root.level, sys.excepthook

home = Path(sys.argv[1])
logging.basicConfig(level="INFO")
before = surroundings()
work = Work(read_settings({"PACELINE_HOME": str(home)}), lambda: datetime.now(UTC), tick=0.05)
work.register({"job": lambda steps: steps.do("one", int)})
work.start()
sleep(0.3)
assert work.progress("k") is None
assert "dbos" not in sys.modules, "loaded, and there is nothing to do"
assert list(home.iterdir()) == []
work.begin("job", "k")
while work.progress("k").state is not State.DONE:
    sleep(0.01)
assert "dbos" in sys.modules
assert before == surroundings()
work.stop()
assert before == surroundings()
assert [path.name for path in home.iterdir()] == ["work.db"]
"""


def test_it_loads_when_there_is_work_and_leaves_all_else_alone(tmp_path: Path) -> None:
    command = [sys.executable, "-c", LAZY, str(tmp_path)]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    ran = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60)
    assert (ran.returncode, ran.stderr, ran.stdout) == (0, "", "")


BUSY = """
import sys, threading
from datetime import UTC, datetime
from pathlib import Path
from sqlalchemy import select
from bot.settings import read_settings
from bot.work import State, Work, store

work = Work(read_settings({"PACELINE_HOME": sys.argv[1]}), lambda: datetime.now(UTC))
work.register({})
database = store.connect(f"sqlite:///{sys.argv[1]}/other.db")
over, faults = threading.Event(), []

def ask():
    while not over.is_set() and not faults:
        try:
            with database.read() as db:
                db.execute(select(store.job).where(store.job.c.state == State.DONE)).all()
        except Exception as fault:
            faults.append(fault)

asking = [threading.Thread(target=ask) for _ in range(3)]
for thread in asking:
    thread.start()
import dbos
over.set()
for thread in asking:
    thread.join()
sys.exit(str(faults[0]) if faults else 0)
"""


def test_to_load_it_is_no_harm_to_those_who_ask_the_database(tmp_path: Path) -> None:
    command = [sys.executable, "-c", BUSY, str(tmp_path)]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    ran = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60)
    assert (ran.returncode, ran.stderr) == (0, "")
