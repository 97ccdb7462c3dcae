"""The whole path against a real, very small model: what it is asked and how its answers are taken, never their wording.

`make test-llm` runs it; without `PACELINE_TEST_MODEL`, a Python that has the model, it is skipped.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.app import App
from bot.cli import tables  # noqa: F401 - declares every table
from bot.db import Database
from bot.library.adapt import pick
from bot.library.model import Card
from bot.llm import store
from bot.llm.chat import Question
from bot.llm.model import ASKED, Outcome
from bot.minutes import modelled, offline
from bot.minutes.transcripts import read
from bot.settings import read_settings

PYTHON = os.environ.get("PACELINE_TEST_MODEL", "")
pytestmark = pytest.mark.skipif(not PYTHON, reason="make test-llm runs it")
ROOT = Path(__file__).parents[2]
START = datetime(2026, 1, 1, tzinfo=UTC)
ON = date(2026, 6, 10)
CALL = """\
Ana Muñoz: Thanks for joining, Ben.
Ben Li: The price of $12,400 is more than we budgeted.
Ana Muñoz: I'll send the volume quote to grace@acme.example by Friday.
Ben Li: Good. We go with the annual plan then.
"""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    command = [PYTHON, str(ROOT / "tests" / "models" / "serve.py")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        assert server.stdout
        address = next((line for line in server.stdout if line.startswith("http")), "").strip()
        assert address, "it did not start"
        yield f"{address}/v1"
        assert server.stdin
        server.stdin.close()
        server.terminate()


@pytest.fixture
def served(db: Database, tmp_path: Path, url: str) -> App:
    env = {
        "PACELINE_HOME": str(tmp_path),
        "PACELINE_LLM_URL": url,
        "PACELINE_LLM_MODEL": "smollm2",
        "PACELINE_LLM_PRICE_IN": "1",
        "PACELINE_LLM_PRICE_OUT": "2",
    }
    return App(read_settings(env), db, lambda: datetime(2026, 6, 10, 9, tzinfo=UTC))


def test_a_schema_is_kept_to_and_the_books_are_right(served: App) -> None:
    assert served.model
    schema = {
        "type": "object",
        "properties": {"answer": {"enum": ["yes", "no"]}},
        "required": ["answer"],
        "additionalProperties": False,
    }
    question = Question("Is Paris in France? Answer yes or no.", lambda body: str(body["answer"]), schema, "try")
    first = served.model.answer(question, 120)
    assert first.outcome is Outcome.GOOD
    assert first.value in ("yes", "no")
    assert served.model.answer(question, 120).outcome is Outcome.KEPT
    with served.db.read() as look:
        used = store.usage(look, 1, START)
    assert (used.calls, used.kept) == (1, 1)
    assert used.given > 0
    assert used.made > 0
    assert used.cost
    assert used.cost > 0


def test_it_chooses_a_card_or_none(served: App) -> None:
    assert served.model
    cards = [
        Card(1, 1, "price", "Price too high", "Compare the cost over 3 years.", ("too expensive",)),
        Card(2, 1, "trial", "Wants a trial", "Two weeks with one team.", ("can we try it",)),
    ]
    assert pick(served.model, "may we test it", cards) in (*cards, None)
    with served.db.read() as look:
        assert dict(store.usage(look, 1, START).tasks) == {"pick": 1}


def test_minutes_arrive_and_every_item_rests_on_lines(served: App) -> None:
    assert served.model
    said = read(CALL.encode(), "call.txt", language="en")
    without = offline.minutes(said, ON)
    found = modelled.minutes(served.model, modelled.reading(said, ON, []), without)
    items = [*found.summary, *found.decisions, *found.todos, *found.objections]
    assert all(0 <= line < 4 for item in items for line in item.lines)
    assert {todo.owner for todo in found.todos} <= {None, "Ana Muñoz", "Ben Li"}
    with served.db.read() as look:
        used = store.usage(look, 1, START)
    assert used.calls >= 1
    assert {outcome for outcome, _ in used.outcomes} <= ASKED
    sys.stderr.write(f"{found.engine}, {used.outcomes}, dropped {json.dumps([one.why for one in found.dropped])}\n")
