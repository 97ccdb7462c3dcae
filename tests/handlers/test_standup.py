"""Conversations about the standup: say this, expect that."""

from datetime import UTC, date, datetime

import pytest

from bot.blockers import service as blockers
from bot.errors import FormError
from bot.standup import board, store
from bot.standup.model import State
from tests.conftest import Office

HALF_PAST = datetime(2026, 6, 11, 7, 30, tzinfo=UTC)
CLOSED = datetime(2026, 6, 11, 7, 45, tzinfo=UTC)


def answers(office: Office, key: str) -> dict[str, tuple[str, ...]]:
    with office.app.db.read() as db:
        slot = store.slot_on(db, 1, office.person(key).id, date(2026, 6, 11))
        assert slot is not None
        return board.answered(db, slot).answers


def standing(office: Office) -> list[blockers.Blocker]:
    with office.app.db.read() as db:
        return blockers.live(db, 1)


@pytest.mark.parametrize("nothing", ["none.", "没有", "暂无", "n/a", "None", "无", "no blockers", "nothing"])
def test_words_for_none_open_no_blocker(east: Office, nothing: str) -> None:
    east.run(HALF_PAST)
    east.say("anna", f"Done: a\nNext: b\nBlockers: {nothing}")
    assert standing(east) == []
    assert answers(east, "anna") == {"done": ("a",), "next": ("b",), "blocker": ()}


def test_a_form_sent_three_times_is_one_answer(east: Office) -> None:
    east.run(HALF_PAST)
    form = east.form("anna", "/standup")
    for _ in range(3):
        east.fill("anna", form, done="met Acme", blocker__kind="price", blocker="too expensive")
    assert answers(east, "anna")["done"] == ("met Acme",)
    assert len(standing(east)) == 1
    assert len(east.keys("standup-answer:")) == 1
    assert len(east.keys("blocker:")) == 1
    with east.app.db.read() as db:
        slot = store.slot_on(db, 1, east.person("anna").id, date(2026, 6, 11))
        assert slot is not None
        assert [e.kind for e in store.events(db, slot.id)] == ["asked", "answered"]


def test_a_button_clicked_twice_has_one_effect(east: Office) -> None:
    east.run(HALF_PAST)
    east.say("anna", "Done: a\nNext: b\nBlockers: legal has the contract")
    (one,) = standing(east)
    for _ in range(2):
        east.say("weber", f"/blocker ack {one.id}", how="button")
    with east.app.db.read() as db:
        assert [e.kind for e in blockers.history(db, one)] == ["raised", "acknowledged"]
    assert len(east.keys("blocker-moved:")) == 1


def test_an_edited_answer_keeps_its_acknowledged_blocker(east: Office) -> None:
    east.run(HALF_PAST)
    east.say("anna", "Done: a\nNext: b\nBlockers: legal has the contract")
    (one,) = standing(east)
    east.say("weber", f"/blocker ack {one.id}", how="button")
    east.fill("anna", east.form("anna", "/standup"), done="a", blocker__kind="none")
    assert [b.id for b in standing(east)] == [one.id]
    east.fill("anna", east.form("anna", "/standup"), done="a", blocker__kind="approval", blocker="legal still has it")
    (same,) = standing(east)
    assert (same.id, same.owner_id, same.text) == (one.id, east.person("weber").id, "legal still has it")


def test_an_untouched_blocker_goes_with_the_words_that_named_it(east: Office) -> None:
    east.run(HALF_PAST)
    east.say("anna", "Done: a\nNext: b\nBlockers: legal has the contract")
    east.fill("anna", east.form("anna", "/standup"), done="a", blocker__kind="none")
    assert standing(east) == []


def test_questions_changed_at_noon_leave_the_mornings_form_alone(east: Office) -> None:
    east.run(HALF_PAST)
    form = east.form("anna", "/standup")
    questions = east.form("weber", "/questions")
    east.fill("weber", questions, questions="text: How was your week?")
    east.fill("anna", form, done="met Acme", next="call Wang", blocker__kind="none")
    assert answers(east, "anna") == {"done": ("met Acme",), "next": ("call Wang",), "blocker": ()}


def test_late_is_marked_and_the_board_is_recomputed(east: Office) -> None:
    east.run(CLOSED)
    assert "0 of 3" in east.heard("team:East", "standup-summary:")[0]
    east.say("anna", "Done: a\nNext: b\nBlockers: none")
    assert "1 of 3" in east.heard("team:East", "standup-summary:")[0]
    assert "Anna Berg** (late)" in east.heard("team:East", "standup-board:")[0]
    assert "Anna Berg" not in east.heard("bot:weber", "standup-manager:")[0]


def test_early_takes_the_prompt_back(east: Office) -> None:
    east.fill("anna", east.form("anna", "/standup"), done="early bird", blocker__kind="none")
    east.run(CLOSED)
    assert east.heard("bot:anna", "standup-prompt:") == []
    assert "1 of 3" in east.heard("team:East", "standup-board:")[0]


def test_skipped_and_on_leave_are_out_of_the_count(east: Office) -> None:
    east.say("li", "今天休假")
    east.run(HALF_PAST)
    slot = east.form("anna", "/standup").says.rsplit(" ", 1)[1]
    east.say("anna", f"/standup skip {slot} visit", how="button")
    east.run(CLOSED)
    text = east.heard("team:East", "standup-board:")[0]
    assert "0 of 1 · 1 on leave · 1 skipped" in text
    assert east.heard("bot:li", "standup-prompt:") == []


def test_later_asks_again_and_moves_the_close(east: Office) -> None:
    east.run(HALF_PAST)
    slot = east.form("anna", "/standup").says.rsplit(" ", 1)[1]
    for _ in range(2):
        east.say("anna", f"/standup later {slot} 15", how="button")
    east.run(CLOSED)
    assert len(east.keys(f"standup-prompt:{slot}:")) == 2
    assert east.keys("standup-summary:") == []  # her window has not ended
    east.run(datetime(2026, 6, 11, 7, 57, tzinfo=UTC))
    assert len(east.keys("standup-summary:")) == 1


def test_nobody_answers_for_somebody_else(east: Office) -> None:
    east.run(HALF_PAST)
    form = east.form("anna", "/standup")
    east.fill("omar", form, done="not mine", blocker__kind="none")
    assert answers(east, "anna") == {}


def test_hostile_text_is_kept_and_never_becomes_markup(east: Office) -> None:
    east.run(HALF_PAST)
    text = "<script>alert(1)</script> **bold** [x](javascript:1) @channel שלום 👩🏽‍💻 {{ 7*7 }}"
    east.fill("anna", east.form("anna", "/standup"), done=text, blocker__kind="none")
    assert answers(east, "anna")["done"] == (text,)
    told = east.heard("team:East", "standup-answer:")[0]
    assert "**bold**" not in told
    assert "[x](" not in told
    assert "49" not in told


def test_twenty_thousand_characters_and_one_more(east: Office) -> None:
    east.run(HALF_PAST)
    east.fill("anna", east.form("anna", "/standup"), done="字" * 20_000, blocker__kind="none")
    assert len(answers(east, "anna")["done"][0]) == 20_000
    east.fill("omar", east.form("omar", "/standup"), done="x" * 20_001, blocker__kind="none")
    assert answers(east, "omar") == {}
    assert "20000 is the limit" in east.heard("bot:omar", "reply:")[-1]


def test_a_blocker_without_words_keeps_the_form_open(east: Office) -> None:
    east.run(HALF_PAST)
    with pytest.raises(FormError) as refused:
        east.fill("anna", east.form("anna", "/standup"), done="a", blocker__kind="price")
    assert list(refused.value.faults) == ["blocker"]
    with pytest.raises(FormError):
        east.fill("anna", east.form("anna", "/standup"), blocker__kind="none")


def test_observers_are_neither_asked_nor_counted(east: Office) -> None:
    east.run(CLOSED)
    assert east.heard("bot:olga") == []
    assert "of 3" in east.heard("team:East", "standup-board:")[0]


def test_the_third_day_asks_for_a_decision_once(east: Office) -> None:
    east.run(HALF_PAST)
    east.say("anna", "Done: a\nNext: b\nBlockers: legal has the contract")
    east.run(datetime(2026, 6, 15, 12, 0, tzinfo=UTC), step=600)  # a weekend lies between
    asked = east.keys("blocker-decide:")
    assert len(asked) == 1
    assert "What shall happen" in east.heard("bot:weber", "blocker-decide:")[0]
    (one,) = standing(east)
    east.say("weber", f"/blocker accept {one.id}", how="button")
    assert standing(east) == []


def test_yesterdays_next_comes_back_to_tick(east: Office) -> None:
    east.run(HALF_PAST)
    east.say("anna", "Done: a\nNext: demo for Acme; call Wang\nBlockers: none")
    east.run(datetime(2026, 6, 12, 7, 31, tzinfo=UTC), step=300)
    assert "Yesterday you planned: demo for Acme; call Wang" in east.heard("bot:anna", "standup-prompt:")[-1]
    form = east.form("anna", "/standup")
    assert [o.label for o in form.fields[0].options] == ["demo for Acme", "call Wang"]
    slot = form.says.rsplit(" ", 1)[1]
    east.say("anna", f"/standup same {slot}", how="button")
    with east.app.db.read() as db:
        found = store.slot_by_id(db, 1, int(slot))
        assert found is not None
        assert found.state is State.ANSWERED


def test_talk_in_a_thread_is_not_an_answer(east: Office) -> None:
    from bot.message import Message, Place
    from handlers import FREE, MENU
    from handlers.route import route

    east.run(HALF_PAST)
    who = east.person("anna")
    place = Place("web", "team-1", "1", only=str(who.id))
    heard = Message("t1", who.id, place, "well done", east.app.now(), about="standup-board:1:web/team-1")
    assert route(east.app, MENU, FREE, heard) is None
    assert answers(east, "anna") == {}
    assert east.keys("reply:web:t1") == []
