"""Where the CRM's files meet what was changed in chat."""

import signal
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.crm.changes.model import Change, Changed, Kind, State, judge, told_twice
from bot.crm.model import LOST, Move
from tests.bot.crm.changes.saying import changes, moved, say, states
from tests.bot.crm.conftest import FILES, NOW, Crm
from tests.bot.crm.test_crash import folder, importing, until, written

DAY = timedelta(days=1)
STEP = Change(Kind.NEXT_STEP, "Send the offer")
DEALS = FILES["deals"]
MOVES = "deal,from_stage,to_stage,at\n"


@pytest.fixture
def full(crm: Crm) -> Crm:
    crm.bring()
    return crm


def row(crm: Crm, deal: str, *names: str) -> tuple[object, ...]:
    return next(values for key, *values in map(list, crm.rows("deals", "deal", *names)) if key == deal)  # type: ignore[return-value]


def step(crm: Crm, deal: str = "D1") -> object:
    return row(crm, deal, "next_step")[0]


def stage(crm: Crm, deal: str = "D1") -> str:
    number = row(crm, deal, "stage")[0]
    return next(name for name, one in crm.stages().items() if one.number == number)


def moves(crm: Crm, deal: str) -> list[tuple[int, int, datetime]]:
    return [
        (left, to, at) for key, left, to, at in crm.rows("moves", "deal", "from_stage", "to_stage", "at") if key == deal
    ]


def test_what_the_crm_only_repeats_leaves_it_standing_and_changes_nothing(full: Crm) -> None:
    say(full, "li", "D1", STEP)
    say(full, "anna", "D2", Change(Kind.DEAD, "Gone"))
    say(full, "mei", "D1", Change(Kind.OWNER, owner="omar"))
    before = full.out()
    for _ in range(3):
        assert full.bring()["deals"] == (0, 0, 3)
    assert full.out() == before
    assert states(full, "D1") == ["stands", "stands"]
    assert row(full, "D2", "status", "closed") == ["lost", NOW]


def test_a_dry_run_counts_alike_and_settles_nothing(full: Crm) -> None:
    say(full, "li", "D1", STEP)
    done = full.take(FILES | {"deals": DEALS.replace("Call the CFO", "Lunch")}, dry_run=True)
    assert (done.counts["deals"].changed, states(full, "D1"), step(full)) == (1, ["stands"], "Send the offer")
    assert full.take(dry_run=True).counts["deals"].changed == 0


def test_what_the_crm_says_too_is_taken_over(full: Crm) -> None:
    say(full, "li", "D1", STEP)
    same = DEALS.replace("Call the CFO,2026-06-20", "Send  the offer,")
    assert full.bring({"deals": same})["deals"] == (0, 0, 3)
    assert states(full, "D1") == ["taken"]
    full.bring()
    assert step(full) == "Call the CFO", "from now on its word counts again"


def test_what_the_crm_says_otherwise_wins(full: Crm) -> None:
    say(full, "li", "D1", STEP)
    assert full.bring({"deals": DEALS.replace("Call the CFO", "Lunch")})["deals"] == (0, 1, 2)
    assert (step(full), states(full, "D1")) == ("Lunch", ["overtaken"])
    full.bring()
    assert step(full) == "Call the CFO"


def test_it_stands_against_files_that_say_nothing_of_it(full: Crm) -> None:
    say(full, "li", "D1", STEP)
    bare = "deal,owner,stage,status,created\nD1,li,Demo,open,2026-05-01T02:00:00Z\n"
    assert full.bring({"deals": bare})["deals"] == (0, 0, 1)
    full.bring({"touches": FILES["touches"]})
    assert (step(full), states(full, "D1")) == ("Send the offer", ["stands"])


def test_the_crm_takes_over_the_first_of_two_and_the_second_stands(full: Crm) -> None:
    say(full, "li", "D1", STEP)
    say(full, "li", "D1", Change(Kind.NEXT_STEP, "Visit them"), NOW + DAY)
    first = DEALS.replace("Call the CFO,2026-06-20", "Send the offer,")
    for _ in range(2):
        assert full.bring({"deals": first})["deals"] == (0, 0, 3)
        assert (step(full), states(full, "D1")) == ("Visit them", ["taken", "stands"])
    full.bring({"deals": DEALS})
    assert (step(full), states(full, "D1")) == ("Call the CFO", ["taken", "overtaken"]), "it says something new"


def test_one_field_is_overtaken_and_another_stands(full: Crm) -> None:
    say(full, "li", "D1", STEP)
    say(full, "mei", "D1", Change(Kind.OWNER, owner="anna"))
    full.bring({"deals": DEALS.replace("A1,li", "A1,mei")})
    assert row(full, "D1", "owner", "next_step") == ["mei", "Send the offer"]
    assert states(full, "D1") == ["stands", "overtaken"]


def test_a_dead_deal_that_the_crm_moves_on_lives(full: Crm) -> None:
    say(full, "li", "D1", Change(Kind.DEAD, "Gone"))
    full.bring({"deals": DEALS.replace("Demo,open", "Offer,open")})
    assert row(full, "D1", "status", "closed") == ["open", None]
    assert LOST not in [to for _, to, _ in moves(full, "D1")], "it counts as lost in no week"
    assert states(full, "D1") == ["overtaken"]


def test_it_lives_too_where_the_crm_tells_no_day_of_closing(crm: Crm) -> None:
    bare = "deal,owner,stage,status,created\nD1,li,{},open,2026-05-01T02:00:00Z\n"
    crm.bring({"stages": FILES["stages"], "deals": bare.format("Demo")})
    say(crm, "li", "D1", Change(Kind.DEAD, "Gone"))
    crm.bring({"deals": bare.format("Demo")})
    assert row(crm, "D1", "status", "closed") == ["lost", NOW]
    crm.bring({"deals": bare.format("Offer")})
    assert row(crm, "D1", "status", "closed") == ["open", None]


def test_a_dead_deal_that_the_crm_closes_takes_its_day_and_its_move(full: Crm) -> None:
    say(full, "li", "D1", Change(Kind.DEAD, "Gone"))
    lost = DEALS.replace("Demo,open", "Demo,lost").replace("2026-07-01,", "2026-07-01,2026-06-13T00:00:00Z")
    full.bring({"deals": lost, "moves": MOVES + "D1,Demo,lost,2026-06-13T00:00:00Z\n"})
    day = datetime(2026, 6, 13, tzinfo=UTC)
    assert row(full, "D1", "status", "closed") == ["lost", day]
    assert [at for _, to, at in moves(full, "D1") if to == LOST] == [day]
    assert states(full, "D1") == ["taken"]


# moves


def test_a_move_stays_though_the_crm_has_none(full: Crm) -> None:
    say(full, "li", "D1", moved(full, "Offer"))
    for _ in range(2):
        assert full.bring()["moves"] == (0, 0, 5)
        assert (stage(full), len(moves(full, "D1"))) == ("Offer", 3)


@pytest.mark.parametrize("left", ["Demo", ""])
@pytest.mark.parametrize(("days", "twice"), [(-2, False), (5, False), (14, False), (15, True)])
def test_the_crm_s_move_within_days_is_the_same(full: Crm, days: int, twice: bool, left: str) -> None:
    say(full, "li", "D1", moved(full, "Offer"))
    offer, at = full.stages()["Offer"].number, NOW + days * DAY
    head = MOVES if left else "deal,to_stage,at\n"
    theirs = f"{head}D1,{left}{',' * bool(left)}Offer,{at:%Y-%m-%dT%H:%M:%SZ}\n"
    for _ in range(2):
        full.bring({"moves": theirs, "deals": DEALS.replace("Demo,open", "Offer,open")})
        found = [one for one in moves(full, "D1") if one[1] == offer]
        assert [at for *_, at in found] == ([NOW, at] if twice else [at])
        assert {left for left, *_ in found} == {full.stages()["Demo"].number}
    assert changes(full, "D1")[0].to_stage == (offer if twice else None)


def test_a_move_that_the_crm_told_before_is_another(full: Crm) -> None:
    """Back and forth within days: the files repeat the first move to the stage, and the second was made in chat."""
    say(full, "li", "D1", moved(full, "Lead"), NOW)
    say(full, "li", "D1", moved(full, "Demo"), NOW + DAY)
    full.bring({"moves": FILES["moves"]})
    assert len(moves(full, "D1")) == 4


def test_our_own_export_imported_again_changes_nothing(full: Crm) -> None:
    say(full, "li", "D1", moved(full, "Offer"))
    out = full.out()
    done = full.bring({name: text for name, text in out.items() if name != "changes"})
    assert {kind: (added, changed) for kind, (added, changed, _) in done.items()} == dict.fromkeys(done, (0, 0))
    assert full.out() == {name: text for name, text in out.items() if name != "changes"}
    later = NOW + 3 * DAY
    full.bring({"moves": f"{MOVES}D1,Demo,Offer,{later:%Y-%m-%dT%H:%M:%SZ}\n"})
    assert len(moves(full, "D1")) == 4, "the files told the move by now, so this is another"


# a crash, and an import under way


def big(crm: Crm) -> list[str]:
    crm.bring(folder(crm, later=False))
    return [f"D{n}" for n in range(0, 300, 7)]


def test_after_a_crash_the_changes_stand_as_before(crm: Crm) -> None:
    keys, new = big(crm), folder(crm, later=True)
    deals = new / "deals.csv"
    deals.write_text(deals.read_text().replace(",Lead,open", ",Demo,open"))
    for key in keys:
        say(crm, "ada", key, Change(Kind.NEXT_STEP, f"Step of {key}"))
        say(crm, "ada", key, Change(Kind.DEAD, "Gone"))
    before = crm.out()
    with importing(crm, new) as child:
        until(lambda: written(crm.db) >= 100, child)
        child.send_signal(signal.SIGKILL)
        child.wait()
    assert crm.out() == before
    assert {state for key in keys for state in states(crm, key)} == {"stands"}
    crm.bring(new)
    after = crm.out()
    assert [step(crm, key) for key in keys] == [f"Step of {key}" for key in keys]
    assert crm.bring(new)["deals"] == (0, 0, 400)
    assert crm.out() == after
    lost = [key for key in keys if states(crm, key)[1] == "stands"]
    assert 0 < len(lost) < len(keys), "the files moved some of them on"
    assert {key: row(crm, key, "status")[0] for key in keys} == {key: "lost" if key in lost else "open" for key in keys}


def test_what_is_changed_while_an_import_runs_is_later_than_its_files(crm: Crm) -> None:
    keys, new = big(crm), folder(crm, later=True)
    waits: list[float] = []
    with importing(crm, new) as child:
        until(lambda: written(crm.db) >= 1, child)
        for key in keys:
            if child.poll() is not None:
                break
            began = time.monotonic()
            say(crm, "ada", key, Change(Kind.NEXT_STEP, f"Step of {key}"))
            say(crm, "ada", key, Change(Kind.DEAD, "Gone"))
            waits.append((time.monotonic() - began) / 2)
        child.wait(60)
    assert child.returncode == 0
    assert len(waits) > 5, "it was over too soon: the test proves nothing"
    assert sorted(waits)[len(waits) * 9 // 10] < 1.0
    keys = keys[: len(waits)]

    def kept() -> None:
        assert {state for key in keys for state in states(crm, key)} == {"stands"}
        assert [(step(crm, key), *row(crm, key, "status")) for key in keys] == [
            (f"Step of {key}", "lost") for key in keys
        ]
        assert all(LOST in [to for _, to, _ in moves(crm, key)] for key in keys)

    kept()
    assert crm.bring(new)["deals"] == (0, 0, 400)
    kept()


# the rules by themselves


def made(id: int, told: str, after: str) -> Changed:
    values = {"owner": after}
    return Changed(id, "", "D1", Kind.OWNER, {}, values, {"owner": told}, "", "li", NOW, "chat", State.STANDS)


@given(
    st.text("ab", max_size=1), st.lists(st.text("ab", max_size=1), min_size=1, max_size=4), st.text("abc", max_size=1)
)
def test_either_the_last_change_or_the_crm_counts_and_each_change_has_one_end(
    told: str, afters: list[str], said: str
) -> None:
    chain = [made(n, told, after) for n, after in enumerate(afters)]
    verdict = judge(chain, {"owner": said})
    assert verdict.holds is None or verdict.holds is chain[-1]
    assert (verdict.holds is None) == (len(verdict.states) == len(chain))
    if said == told:
        assert not verdict.states
    elif said in afters:
        assert set(verdict.states.values()) == {State.TAKEN}
    else:
        assert set(verdict.states.values()) == {State.OVERTAKEN}


def at(days: int, deal: str = "D1", to: int = 2) -> Move:
    return Move(deal, 1, to, NOW + days * DAY)


@pytest.mark.parametrize(
    ("ours", "theirs", "twice"),
    [
        ([at(0)], [at(3), at(-1)], [at(0)]),
        ([at(0), at(6)], [at(5)], [at(6)]),
        ([at(0), at(6)], [at(5), at(9)], [at(0), at(6)]),
        ([at(0, "D2")], [at(0)], []),
        ([at(0, to=3)], [at(0)], []),
        ([at(0)], [at(15), at(-15)], []),
    ],
)
def test_which_moves_are_told_twice(ours: list[Move], theirs: list[Move], twice: list[Move]) -> None:
    assert told_twice(ours, theirs) == twice
