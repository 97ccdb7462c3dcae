"""Batches that are pushed: taken once, whole or not at all, each row by the columns that it tells."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.crm.changes import service as changes
from bot.crm.changes.model import Change, Kind
from bot.crm.imports import import_folder
from bot.crm.push import service, store
from bot.crm.push.service import Answer, Pushed
from bot.crm.staging.store import Scratch
from bot.crm.store import TABLES, state
from bot.crm.tending import tend
from bot.crm.turn.store import turn
from tests.bot.crm.conftest import FILES, NOW, Crm

DEAL = {"deal": "D1", "owner": "li", "stage": "Demo", "status": "open", "created": "2026-05-01T02:00:00Z"}


def push(crm: Crm, body: object, *, batch: str = "", signed: str = "", patience: float = 10.0, **more: Any) -> Answer:
    told = body if isinstance(body, bytes) else json.dumps(body).encode()
    asked = Pushed(told, signed or os.urandom(32).hex(), batch)
    settings = {"zone": UTC, "language": "en", "patience": patience} | more
    return service.take(crm.db, 1, asked, NOW, **settings)


def deals(crm: Crm, *rows: dict[str, Any], **more: Any) -> Answer:
    return push(crm, {"kind": "deals", "rows": list(rows)}, **more)


def refusal(answer: Answer) -> list[str]:
    assert answer.status == 422
    return [f"{one['kind']} {one['says']}" for one in answer.body["faults"]]


def test_a_batch_is_taken_and_what_is_odd_in_it_is_named(crm: Crm) -> None:
    crm.bring({"stages": FILES["stages"], "accounts": FILES["accounts"]})
    answer = deals(
        crm, DEAL | {"account": "A1", "amount": 12000.5, "currency": "CNY"}, DEAL | {"deal": 7, "owner": "bo"}
    )
    assert answer.status == 200
    assert answer.body["kinds"] == {"deals": {"added": 2, "changed": 0, "unchanged": 0}}
    says = [warning["says"] for warning in answer.body["warnings"]]
    assert "deals, owner: 1 row has an owner who is not on the roster: “bo” in row 2" in says
    assert crm.rows("deals", "deal", "amount") == [("7", None), ("D1", 12000.5)]


def test_several_kinds_at_once_in_whatever_order(crm: Crm) -> None:
    moves = [{"deal": "D1", "to_stage": "Demo", "at": "2026-05-02"}]
    stages = [{"stage": "Lead", "position": 1}, {"stage": "Demo", "position": 2}]
    answer = push(crm, {"kinds": {"moves": moves, "deals": [DEAL], "stages": stages}})
    assert list(answer.body["kinds"]) == ["stages", "deals", "moves"]
    assert answer.body["warnings"] == []


def test_what_a_row_does_not_tell_stays_as_it_is(crm: Crm) -> None:
    crm.bring()
    answer = deals(
        crm,
        DEAL | {"amount": 5},
        DEAL | {"deal": "D2", "owner": "anna", "stage": "Offer", "next_step": "Send the quote"},
        DEAL | {"deal": "D3", "name": "Till", "amount": None, "next_step_on": "2026-07-01"},
    )
    assert answer.body["kinds"]["deals"]["changed"] == 3
    told = crm.rows("deals", "deal", "name", "amount", "next_step", "account")
    assert told == [
        ("D1", "宏达 CRM", 5.0, "Call the CFO", "A1"),
        ("D2", "Acme shop", 900.5, "Send the quote", "A2"),
        ("D3", "Till", None, "", "A2"),
    ]
    assert deals(crm, DEAL | {"amount": ""}, DEAL | {"deal": "D9", "name": "New"}).status == 200
    told = crm.rows("deals", "deal", "name", "amount", "next_step", "account")
    assert (told[0], told[-1]) == (("D1", "宏达 CRM", None, "Call the CFO", "A1"), ("D9", "New", None, "", ""))


def test_a_move_that_does_not_tell_what_it_left(crm: Crm) -> None:
    crm.bring({"stages": FILES["stages"], "deals": FILES["deals"]})
    moves = [
        {"deal": "D1", "to_stage": "Lead", "at": "2026-05-01"},
        {"deal": "D1", "to_stage": "Offer", "at": "2026-05-03"},
        {"deal": "D1", "from_stage": "Lead", "to_stage": "won", "at": "2026-05-05"},
    ]
    push(crm, {"kind": "moves", "rows": moves})
    number = {stage.number: name for name, stage in crm.stages().items()} | {0: "", -1: "won"}
    assert [(number[a], number[b]) for a, b in crm.rows("moves", "from_stage", "to_stage")] == [
        ("", "Lead"),
        ("Lead", "Offer"),
        ("Lead", "won"),
    ]


def test_stages_keep_what_their_row_does_not_tell(crm: Crm) -> None:
    crm.bring()
    rows = [{"stage": "Lead", "touch_days": 3}, {"stage": "Demo", "stall_days": 5}, {"stage": "Pilot", "position": 2.5}]
    push(crm, {"kind": "stages", "rows": [*rows, {"stage": "Offer"}]})
    found = {name: (s.position, s.stall_days, s.touch_days) for name, s in crm.stages().items()}
    assert found == {"Lead": (1, 10, 3), "Demo": (2, 5, 7), "Pilot": (2.5, None, None), "Offer": (3, 20, 5)}


def test_every_fault_is_named_and_nothing_is_taken(crm: Crm) -> None:
    crm.bring()
    before = crm.out()
    answer = push(
        crm,
        {
            "kinds": {
                "accounts": [{"account": "A9"}],
                "deals": [
                    DEAL | {"amount": "much"},
                    {"deal": "D5"},
                    DEAL | {"deal": "D6", "amount": [1]},
                    DEAL | {"deal": "D7", "name": "\ud800"},
                    DEAL | {"Deal ": "D8"},
                    {},
                    3,
                ],
            }
        },
    )
    assert refusal(answer) == [
        "deals Row 3, amount: found “[1]”, expected a text, a number, true, false or null",
        "deals Row 4, name: found “'\\ud800'”, expected a text, a number, true, false or null",
        "deals Row 5, deal: found “Deal ”, expected each column once",
        "deals Row 6: found “{}”, expected an object of columns",
        "deals Row 7: found “3”, expected an object of columns",
    ]
    answer = deals(crm, DEAL | {"amount": "much"}, {"deal": "D5", "status": "on"}, DEAL, DEAL | {"deal": ""})
    assert refusal(answer) == [
        "deals Row 1 (D1), amount: found “much”, expected a number such as 12500 or 12,500.00",
        "deals Row 2 (D5), owner: nothing there, expected a value",
        "deals Row 2 (D5), stage: nothing there, expected a value",
        "deals Row 2 (D5), status: found “on”, expected one of open, won, lost",
        "deals Row 2 (D5), created: nothing there, expected a value",
        "deals Row 4, deal: nothing there, expected a value",
    ]
    assert refusal(deals(crm, DEAL, DEAL)) == [
        "deals Row 2, deal: found “D1”, expected a value of its own; row 1 has the same"
    ]
    assert crm.out() == before


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"\xff", "no JSON"),
        (b"", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b'{"kind":"deals","rows":[{"amount":NaN}]}', "no JSON"),
        (b'{"kind":"deals","rows":[{"amount":%s}]}' % (b"9" * 9000), "no JSON"),
        (b'{"kind":"deals","kind":"moves","rows":[]}', "“kind” stands twice"),
        (b'{"kind":"deals"}', "The body is no batch"),
        (b'{"kinds":{"deals":{}}}', "The body is no batch"),
        (b'{"kind":"deals","rows":[],"more":1}', "The body is no batch"),
        (b"[]", "The body is no batch"),
        (b'{"kind":"widgets","rows":[]}', "There is no kind “widgets”"),
        (b'{"kind":"deals","rows":[%s]}' % b",".join([b"{}"] * 1001), "has 1001 rows"),
    ],
)
def test_what_is_no_batch(crm: Crm, body: bytes, says: str) -> None:
    answer = push(crm, body)
    assert answer.status == 400
    assert says in answer.body["error"]


def test_texts_are_kept_as_they_are_and_long_ones_are_refused(crm: Crm) -> None:
    deals(crm, DEAL | {"name": "=1+1", "next_step": '\'-x\n a,"b"; c\t', "amount": -5})
    assert crm.rows("deals", "name", "next_step", "amount") == [("=1+1", '\'-x\na,"b"; c', -5)]
    (said,) = refusal(deals(crm, DEAL | {"name": "x" * 200_000}))
    assert said.endswith("expected at most 200 characters")


def test_the_same_batch_again_changes_nothing_and_gets_the_same_answer(crm: Crm) -> None:
    first = deals(crm, DEAL, batch="b-1")
    deals(crm, DEAL | {"stage": "Offer"}, batch="b-2")
    assert deals(crm, DEAL, batch="b-1") == first
    assert len(crm.rows("deals", "stage")) == 1
    assert crm.stages()["Offer"].number == crm.rows("deals", "stage")[0][0]
    other = deals(crm, DEAL | {"stage": "Lead"}, batch="b-1")
    assert (other.status, "key b-1" in other.body["error"]) == (409, True)


def test_an_overheard_request_that_is_sent_again_changes_nothing(crm: Crm) -> None:
    first = deals(crm, DEAL, signed="a" * 64)
    deals(crm, DEAL | {"stage": "Offer"})
    assert deals(crm, DEAL, signed="a" * 64, batch="another-key") == first
    assert crm.rows("deals", "stage") == [(crm.stages()["Offer"].number,)]


def test_a_refused_batch_may_be_mended_under_its_key(crm: Crm) -> None:
    assert deals(crm, DEAL | {"amount": "x"}, batch="b").status == 422
    assert deals(crm, DEAL | {"amount": "1"}, batch="b").status == 200


def test_batches_are_forgotten_after_a_week(crm: Crm) -> None:
    deals(crm, DEAL, batch="b")
    with crm.db.begin() as db:
        assert service.forget(db, 1, NOW + timedelta(days=6)) == 0
        assert service.forget(db, 1, NOW + timedelta(days=8)) == 1


def test_an_empty_batch_says_that_the_source_is_there(crm: Crm) -> None:
    assert deals(crm).body == {"kinds": {"deals": {"added": 0, "changed": 0, "unchanged": 0}}, "warnings": []}


def test_while_another_import_is_under_way_it_is_to_come_again(crm: Crm) -> None:
    with closing(Scratch(crm.db)) as other, turn(other, 1, 0):
        answer = deals(crm, DEAL, patience=0.1)
        assert (answer.status, answer.again > 0) == (503, True)
        with closing(Scratch(crm.db)) as third, turn(third, 2, 0):
            pass  # another workspace has a turn of its own
    assert crm.rows("deals", "deal") == []
    assert deals(crm, DEAL, patience=0.1).status == 200


def at_once(*doing: Callable[[], Any]) -> list[Any]:
    gave: list[Any] = [None] * len(doing)
    together = Barrier(len(doing))

    def one(place: int) -> None:
        together.wait()
        gave[place] = doing[place]()

    threads = [Thread(target=one, args=(place,)) for place in range(len(doing))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return gave


def test_pushes_and_a_folder_at_once_all_count(crm: Crm) -> None:
    crm.bring()
    more = crm.folder({"leads": "lead,created\n" + "".join(f"L{n},2026-05-01\n" for n in range(2, 500))})
    pushes = [
        (lambda n=n: deals(crm, DEAL | {"deal": f"P{n}", "stage": f"New {n}"}, patience=60))  # type: ignore[misc]
        for n in range(4)
    ]
    *answers, folder = at_once(*pushes, lambda: import_folder(crm.db, 1, more, NOW))
    assert [answer.status for answer in answers] == [200] * 4
    assert folder.counts["leads"].added == 498
    assert [deal for (deal,) in crm.rows("deals", "deal")] == ["D1", "D2", "D3", "P0", "P1", "P2", "P3"]
    assert len(crm.stages()) == 7
    assert_clean(crm)


def test_the_same_batch_twice_at_once_is_taken_once(crm: Crm) -> None:
    answers = at_once(*[lambda: deals(crm, DEAL, batch="b", patience=60)] * 3)
    assert [answer.body["kinds"]["deals"]["added"] for answer in answers] == [1, 1, 1]
    with crm.db.read() as db:
        assert db.execute(select(func.count()).select_from(store.table)).scalar() == 1


def assert_clean(crm: Crm) -> None:
    for kind in TABLES:
        assert crm.kept(kind) == len(crm.rows(kind, "id"))


CHILD = Path(__file__).parent / "child.py"


@pytest.mark.parametrize("seed", range(3))
def test_killed_half_way_the_batch_counts_as_a_whole_or_not_and_can_be_sent_again(
    crm: Crm, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    crm.bring()
    rows = [DEAL | {"deal": f"K{n}", "amount": n} for n in range(900)]
    body = {"kinds": {"deals": rows, "accounts": [{"account": f"K{n}"} for n in range(100)]}}
    (tmp_path / "body.json").write_text(json.dumps(body))
    env = os.environ | {"PYTHONPATH": str(Path(__file__).parents[4])}
    command = [sys.executable, str(CHILD), crm.db.url, str(tmp_path / "body.json")]
    for _ in range(3):
        with subprocess.Popen(command, env=env) as child:
            try:
                _until(lambda: _begun(crm) or child.poll() is not None)
                time.sleep(chance.uniform(0, 0.3))
            finally:
                child.send_signal(signal.SIGKILL)
        taken = len(crm.rows("deals", "deal")) - 3
        assert (taken, len(crm.rows("accounts", "account")) - 2) in ((0, 0), (900, 100))
    answer = push(crm, body, batch="killed")
    assert answer.body["kinds"] == {
        "accounts": {"added": 100, "changed": 0, "unchanged": 0},
        "deals": {"added": 900, "changed": 0, "unchanged": 0},
    }
    assert deals(crm, DEAL).status == 200
    assert_clean(crm)


def _begun(crm: Crm) -> bool:
    with crm.db.read() as db:
        row = db.execute(select(state.c.generation, state.c.pending)).one()
        return bool(row.pending != row.generation)


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.002)


def test_what_is_usual_is_worked_out_for_many_batches_at_once(crm: Crm) -> None:
    crm.bring({"stages": FILES["stages"], "deals": FILES["deals"]})
    assert not tend(crm.db, 1, NOW), "a folder has done it"
    push(crm, {"kind": "moves", "rows": [{"deal": "D1", "from_stage": "Demo", "to_stage": "won", "at": "2026-06-01"}]})
    assert crm.stages()["Demo"].usual is None
    assert tend(crm.db, 1, NOW)
    usual = crm.stages()["Demo"].usual
    assert usual is not None
    assert usual.days == 30
    assert not tend(crm.db, 1, NOW)


def test_targets_of_no_team_change_too(crm: Crm) -> None:
    crm.bring({"targets": "period,measure,target\n2026,won,5\n"})
    assert crm.bring({"targets": "period,measure,target\n2026,won,6\n"})["targets"] == (0, 1, 0)
    answer = push(crm, {"kind": "targets", "rows": [{"period": "2026", "measure": "won", "target": 7}]})
    assert answer.body["kinds"]["targets"]["changed"] == 1
    assert crm.rows("targets", "target") == [(7,)]


def test_what_chat_said_stands_where_a_row_does_not_tell_it(crm: Crm) -> None:
    crm.bring()
    with crm.db.begin() as db:
        changes.change(db, crm.person("li"), "D1", Change(Kind.NEXT_STEP, text="Meet the board"), NOW)
    deals(crm, DEAL | {"amount": 1}, DEAL | {"deal": "D2", "owner": "anna", "next_step": "Send it"})
    assert crm.rows("deals", "amount", "next_step")[:2] == [(1, "Meet the board"), (900.5, "Send it")]
    deals(crm, DEAL | {"next_step": "Sign"})
    assert crm.rows("deals", "next_step")[0] == ("Sign",)
