"""A real process dies anywhere between a transcript and its posted minutes: the next goes on, and posts them once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.minutes.calls import store
from bot.todos import store as todos
from tests.bot.minutes.found import CALL
from tests.conftest import Office
from tests.handlers.deals import bring, changed

ROOT = Path(__file__).parent.parent.parent
CHILD = Path(__file__).parent / "minutes_child.py"


def live(home: Path, office: Office, statements: int) -> tuple[int, str]:
    anna = office.person("anna")
    asked = [str(home), office.app.now().isoformat(), str(statements), str(anna.id), str(anna.team_id)]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, str(CHILD), *asked], env=env, timeout=120, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def dropped(east: Office, tmp_path: Path) -> Path:
    bring(east)
    (tmp_path / "dropped").write_text(CALL, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("share", [0.04, 0.25, 0.5, 0.75, 0.97])
def test_killed_anywhere_it_is_posted_once(east: Office, dropped: Path, share: float) -> None:
    code, said = live(dropped, east, int(STATEMENTS * share))
    assert code == 9, f"it never came so far, the test proves nothing: {said}"
    code, said = live(dropped, east, 10_000)
    assert code == 0, said
    once(east)


STATEMENTS = 175  # a whole run takes a few more


def once(office: Office) -> None:
    """All came about, nothing twice."""
    posted = office.keys("minutes-posted")
    assert len(posted) == len(office.heard("team:East", "minutes-posted")) == 1
    with office.app.db.read() as db:
        (one,) = store.calls(db, 1)
        assert store.parts(db, one) == {}
        tasks = [each.task for each in todos.of_call(db, 1, one.id)]
    assert len(tasks) == len(set(tasks)) >= 2
    assert len(changed(office)) == 1
    assert not (Path(office.app.settings.home) / "dropped").exists()
