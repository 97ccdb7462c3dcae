"""A real process dies between any two statements; the next one goes on, and nothing is said twice or lost."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import Office

ROOT = Path(__file__).parent.parent.parent
CHILD = Path(__file__).parent / "crash_child.py"


def live(home: Path, at: datetime, statements: int) -> int:
    command = [sys.executable, str(CHILD), str(home), at.isoformat(), str(statements)]
    return subprocess.run(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, timeout=60).returncode


@pytest.mark.parametrize("statements", [2, 5, 8, 11, 15, 19, 24, 30])
def test_killed_at_any_statement(east: Office, tmp_path: Path, statements: int) -> None:
    start = datetime(2026, 6, 11, 7, 30, tzinfo=UTC)
    died = 0
    for moment in (start - timedelta(minutes=60), start, start + timedelta(minutes=8), start + timedelta(minutes=11)):
        east.clock.now = moment
        died += live(tmp_path, moment, statements) == 9
        assert live(tmp_path, moment, 10_000) == 0
        east.deliver()
    assert died, "no run reached so many statements: the test proves nothing"
    assert len(east.keys("standup-prompt:")) == 3
    assert len(east.keys("standup-nudge:")) == 3
    assert len(east.keys("standup-board:")) == 1
    assert len(east.keys("standup-summary:")) == 1
    assert len(east.keys("standup-manager:")) == 1
