"""A real process that imports is killed: what counts is the old picture or the new one, and no trace is left."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import func, select

from bot.crm.store import TABLES, move, state
from bot.db import Database, insert_new
from bot.team import store as team
from tests.bot.crm.conftest import FILES, Crm

ROOT = Path(__file__).parent.parent.parent.parent
CHILD = Path(__file__).parent / "child.py"
SECONDS = 60.0  # for a busy machine

STAGES = ("Lead", "Demo", "Offer")
DEALS = 300


def folder(crm: Crm, *, later: bool) -> Path:
    """Some hundred deals; `later` most of them changed, some moves were corrected, and everywhere there is more."""
    chance = random.Random(1)
    files = {kind: FILES[kind].split("\n")[0] + "\n" for kind in ("deals", "moves", "touches")}
    for n in range(DEALS + 100 * later):
        stage, amount = chance.randrange(3), n + 1000 * later * (n % 3 > 0)
        files["deals"] += f"D{n},Deal {n},A1,li,Cloud,{amount},CNY,{STAGES[stage]},open,2026-05-01,,,,\n"
        for step in range(stage + later):
            left = STAGES[step % 2] if later and n % 2 else ""
            files["moves"] += f"D{n},{left},{STAGES[step % 3]},2026-05-{10 + step}\n"
        files["touches"] += f"D{n},,li,call,out,2026-06-0{1 + n % 9},{'again ' * later}\n"
    return crm.folder({"stages": FILES["stages"], "accounts": FILES["accounts"], **files})


@contextmanager
def importing(crm: Crm, where: Path) -> Iterator["subprocess.Popen[bytes]"]:
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    child = subprocess.Popen([sys.executable, str(CHILD), crm.db.url, str(where)], env=env)
    try:
        yield child
    finally:
        child.kill()
        child.wait()


def until(true: Callable[[], bool], child: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + SECONDS
    while not true():
        assert child.poll() is None, "it was over before it was killed: the test proves nothing"
        assert time.monotonic() < end, "it did not come to be in time"
        time.sleep(0.002)


def written(db: Database) -> int:
    """How many moves an import has written that does not count yet."""
    with db.read() as look:
        now = select(state.c.generation).scalar_subquery()
        return look.execute(select(func.count()).where(move.c.since > now)).scalar_one()


def switched(db: Database) -> bool:
    with db.read() as look:
        return look.execute(select(state.c.generation)).scalar() == 2


def versions(crm: Crm) -> dict[str, int]:
    return {kind: crm.kept(kind) for kind in TABLES}


@pytest.mark.parametrize("seed", range(3))
def test_killed_half_way_it_left_the_old_picture_and_comes_to_the_same_numbers(crm: Crm, seed: int) -> None:
    chance = random.Random(seed)
    old, new = folder(crm, later=False), folder(crm, later=True)
    crm.bring(old)
    before = crm.out()
    for _ in range(2):
        goal = chance.randint(1, 500)
        with importing(crm, new) as child:
            until(lambda goal=goal: written(crm.db) >= goal, child)  # type: ignore[misc]
            time.sleep(chance.uniform(0, 0.02))
            child.send_signal(signal.SIGKILL)
            child.wait()
        assert crm.out() == before
    if seed:
        crm.bring(old)
        assert crm.out() == before
    assert crm.bring(new)["deals"] == (100, DEALS - DEALS // 3, DEALS // 3)
    assert_clean(crm)


def test_killed_while_it_sweeps_the_new_picture_stays(crm: Crm) -> None:
    crm.bring(folder(crm, later=False))
    new = folder(crm, later=True)
    with importing(crm, new) as child:
        until(lambda: switched(crm.db), child)
        child.send_signal(signal.SIGKILL)
        child.wait()
    after = crm.out()
    assert crm.bring(new)["deals"] == (0, 0, DEALS + 100)
    assert crm.out() == after
    assert_clean(crm)


def assert_clean(crm: Crm) -> None:
    """One version of each row, just as if nothing had ever been cut off."""
    counting = {kind: len(crm.rows(kind, "id")) for kind in TABLES}
    assert versions(crm) == counting
    shown = [crm.rows(kind, "until") for kind in TABLES]
    assert {until for rows in shown for (until,) in rows} == {2_147_483_647}


def test_who_writes_meanwhile_waits_for_moments_alone(crm: Crm) -> None:
    """A message is stored in the same database, again and again, while an import runs in another process."""
    waits: list[float] = []
    over = Event()

    def chat() -> None:
        while not over.is_set():
            began = time.monotonic()
            with crm.db.begin() as db:
                row = {"workspace_id": 1, "person_id": None, "team_id": None, "platform": "web", "thread": ""}
                insert_new(db, team.place, [row | {"chat": f"c{len(waits)}", "preferred": False}])
            waits.append(time.monotonic() - began)
            time.sleep(0.005)

    where = folder(crm, later=True)
    writer = Thread(target=chat)
    with importing(crm, where) as child:
        writer.start()
        child.wait(SECONDS)
        over.set()
        writer.join()
    assert child.returncode == 0
    assert len(crm.rows("deals", "deal")) == DEALS + 100
    assert len(waits) > 50
    assert sorted(waits)[len(waits) * 9 // 10] < 1.0
