"""A process that runs long jobs until it is killed, or told to stop by the end of its input.

`child.py HOME [PAUSE [SILENCE]]`: the job `count` has its effects in `effects.db`, one row a call of a step; each takes
`PAUSE` seconds. Prints a line when it is ready, and one when it has stopped.
"""

import os
import sqlite3
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from bot.settings import read_settings
from bot.work import Steps, Work, keeper

home = Path(sys.argv[1])
pause = float(sys.argv[2]) if len(sys.argv) > 2 else 0.005
keeper.SILENCE = float(sys.argv[3]) if len(sys.argv) > 3 else keeper.SILENCE


def effect(job: str, part: int) -> int:
    with closing(sqlite3.connect(home / "effects.db", timeout=30, isolation_level=None)) as db:
        db.execute("INSERT INTO effect VALUES (?, ?, ?)", (job, part, os.getpid()))
    time.sleep(pause)
    return part * part


def count(steps: Steps, job: str, parts: int) -> None:
    squares = []
    for part in range(parts):
        squares.append(steps.do(f"part {part}", effect, job, part))
        steps.progress(part + 1, parts)
    assert squares == [part * part for part in range(parts)]


def poison(steps: Steps) -> None:
    steps.do("deadly", die)


def die() -> None:
    time.sleep(pause / 2)
    os._exit(9)


work = Work(read_settings({"PACELINE_HOME": str(home)}), lambda: datetime.now(UTC), tick=0.2)
work.register({"count": count, "poison": poison})
work.start()
sys.stdout.write("ready\n")
sys.stdout.flush()
sys.stdin.read()
work.stop(patience=2)
sys.stdout.write("stopped\n")
