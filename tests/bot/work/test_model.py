"""What is done about a job, and how it is seen that something lasts."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.work import owner
from bot.work.model import Held, Move, Since, move


@pytest.mark.parametrize(
    ("held", "wanted"),
    [
        (None, Move.ENQUEUE),
        (Held("ENQUEUED", ""), Move.LEAVE),
        (Held("DELAYED", ""), Move.LEAVE),
        (Held("PENDING", "alive"), Move.LEAVE),
        (Held("PENDING", "dead"), Move.RESUME),
        (Held("SUCCESS", "alive"), Move.FAIL),
        (Held("ERROR", "dead"), Move.FAIL),
        (Held("CANCELLED", "alive"), Move.FAIL),
    ],
)
def test_what_an_open_job_needs(held: Held | None, wanted: Move) -> None:
    assert move(held, {"alive"}) is wanted


def test_what_goes_away_and_comes_back_begins_anew() -> None:
    since = Since()
    assert since.lasting(["a", "b"], 0, 10) == set()
    assert since.lasting(["a"], 9, 10) == set()
    assert since.lasting(["a", "b"], 11, 10) == {"a"}
    assert since.lasting(["a", "b"], 22, 10) == {"a", "b"}


@given(st.lists(st.tuples(st.sets(st.integers(0, 3)), st.floats(0, 5)), max_size=20))
def test_what_lasts_has_been_there_at_each_look(looks: list[tuple[set[int], float]]) -> None:
    since, at, seen = Since(), 0.0, []
    for things, passed in looks:
        at += passed
        seen.append((at, things))
        for thing in since.lasting(things, at, 6):
            then = [(when, there) for when, there in seen if when <= at - 6]
            assert then
            assert all(thing in there for _, there in [*seen[len(then) - 1 :]])


def test_who_is_known_to_be_gone() -> None:
    me = owner.myself()
    here, pid, word = me.rsplit("/", 2)
    assert not owner.gone(me, me)
    assert owner.gone(f"{here}/{pid}/other", me), "our number, and not us: it was before us"
    assert owner.gone(f"{here}/{2**22 + 1}/{word}", me)
    assert not owner.gone(f"{here}/{os.getppid()}/{word}", me)
    assert not owner.gone(f"elsewhere/{2**22 + 1}/{word}", me)
