"""A real process dies while it takes an answer with deals: nothing of it is half done, and the next one does it all."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Office
from tests.handlers.deals import HALF_PAST, bring, changed, deal, standing

ROOT = Path(__file__).parent.parent.parent
CHILD = Path(__file__).parent / "answer_child.py"
SAID = {
    "done": "a",
    "blocker.kind": "none",
    "about0.what": "moved",
    "about0": "send the quote by Fri",
    "about1.what": "stuck",
    "about1": "price",
    "about2.what": "dead",
    "about2": "no budget",
}


def live(home: Path, office: Office, says: str, statements: int) -> int:
    who = str(office.person("anna").id)
    command = [sys.executable, str(CHILD), str(home), office.app.now().isoformat(), str(statements), who, says]
    return subprocess.run(
        [*command, json.dumps(SAID)], env=os.environ | {"PYTHONPATH": str(ROOT)}, timeout=120
    ).returncode


def so_far(office: Office) -> tuple[str, int, int]:
    return deal(office, "D1").stage.name, len(changed(office)), len(standing(office))


@pytest.mark.parametrize("statements", [12, 25, 40, 55, 70])
def test_killed_at_any_statement_of_an_answer(east: Office, tmp_path: Path, statements: int) -> None:
    bring(east)
    east.run(HALF_PAST)
    form = east.form("anna", "/standup")
    assert live(tmp_path, east, form.says, statements) == 9, "it never came so far: the test proves nothing"
    assert so_far(east) == ("Demo", 0, 0)
    for _ in range(2):
        assert live(tmp_path, east, form.says, 10_000) == 0
        assert so_far(east) == ("Offer", 3, 1)
    assert deal(east, "D1").deal.next_step == "send the quote"
    assert deal(east, "D3").deal.lost
