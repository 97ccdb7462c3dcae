"""Conversations about the deals that wait: the standup asks about them by name, and the answers change them."""

from datetime import date, timedelta

import pytest

from bot.crm.changes import service as changes
from bot.crm.changes.model import Change, Kind
from bot.crm.model import Status
from bot.errors import FormError
from bot.standup import export
from tests.conftest import Office
from tests.handlers.deals import ACME, ALL, CALM, HALF_PAST, HONGDA, KRAFTWERK, bring, changed, deal, standing


def prompt(office: Office, key: str) -> str:
    return office.heard(f"bot:{key}", "standup-prompt:")[-1]


def receipt(office: Office, key: str = "anna") -> str:
    return office.heard(f"bot:{key}", "reply:")[-1]


def test_the_prompt_names_what_waits_and_without_a_crm_it_does_not(east: Office) -> None:
    bring(east)
    east.run(HALF_PAST)
    told = prompt(east, "anna")
    assert "Deals waiting for you: Acme (Demo, 11 days without a touch)" in told
    assert "Kraftwerk pilot (Offer, close date passed)" in told
    assert "远航物流 (Lead, no next step)" in told
    assert "等你推进：宏达医疗（Demo，11 天没跟进）" in prompt(east, "li")
    assert "Deals" not in prompt(east, "omar")


def test_at_most_three_and_the_form_asks_about_those_that_were_named(east: Office) -> None:
    many = "".join(f"X{n},Deal {n},,anna,Offer,open,2026-05-30T08:00:00Z,2026-06-0{n},a,,{n}\n" for n in range(1, 7))
    bring(east, many)
    east.run(HALF_PAST)
    assert prompt(east, "anna").count("Offer,") == 3
    bring(east, ACME)  # another one waits meanwhile, which was not asked about
    labels = [f.label for f in east.form("anna", "/standup").fields if f.name.endswith(".what") and "about" in f.name]
    assert labels == ["Deal 6 (Offer)", "Deal 5 (Offer)", "Deal 4 (Offer)"]


def test_a_quiet_day_needs_no_word_about_them(east: Office) -> None:
    bring(east)
    east.run(HALF_PAST)
    east.fill("anna", east.form("anna", "/standup"), done="met Acme", blocker__kind="none")
    assert changed(east) == []
    assert "Deals" not in receipt(east)


def test_moved_next_stuck_and_dead_become_what_they_say(east: Office) -> None:
    bring(east)
    east.run(HALF_PAST)
    form = east.form("anna", "/standup")
    about = {"about0": "send the quote by Fri", "about1": "they want 20% off", "about2": "went with a rival"}
    about |= {"about0__what": "moved", "about1__what": "stuck", "about2__what": "dead"}
    for _ in range(3):
        east.fill("anna", form, done="a", blocker__kind="none", **about)
    acme, gone = deal(east, "D1"), deal(east, "D3")
    assert (acme.stage.name, acme.deal.next_step, acme.deal.next_step_on) == (
        "Offer",
        "send the quote",
        date(2026, 6, 12),
    )
    assert gone.deal.status is Status.LOST
    assert [c.kind for c in changed(east)] == [Kind.NEXT_STEP, Kind.MOVED, Kind.DEAD]
    (one,) = standing(east)
    assert (one.deal_key, one.deal, one.stage, one.text) == ("D2", "Kraftwerk pilot", "Offer", "they want 20% off")
    assert len(east.keys("blocker:")) == 1
    board = east.heard("team:East", "standup-board:")[0]
    assert "moved: Acme → Offer · dead: 远航物流" in board
    assert "they want 20% off" in board
    assert "Acme: moved to Offer, next send the quote (Fri 12 Jun)" in receipt(east)
    assert "Acme: moved to Offer" in east.heard("team:East", "standup-answer:")[0]


def test_an_edited_answer_takes_back_what_it_no_longer_says(east: Office) -> None:
    bring(east)
    east.run(HALF_PAST)
    form = east.form("anna", "/standup")
    east.fill("anna", form, done="a", blocker__kind="none", about0__what="moved", about0="send the quote Fri")
    east.fill("anna", form, done="a", blocker__kind="none", about0__what="stuck", about0="legal has it")
    acme = deal(east, "D1")
    assert (acme.stage.name, acme.deal.next_step, acme.deal.next_step_on) == ("Demo", "call", date(2026, 6, 20))
    assert [(b.deal_key, b.stage) for b in standing(east)] == [("D1", "Demo")]
    east.fill("anna", form, done="a", blocker__kind="none", about0__what="stuck", about0="legal and IT have it")
    (one,) = standing(east)
    assert one.text == "legal and IT have it"
    east.fill("anna", form, done="a", blocker__kind="none", about0__what="dead", about0="no budget")
    assert standing(east) == []
    assert deal(east, "D1").deal.lost
    east.fill("anna", form, done="a", blocker__kind="none", about0__what="none", about0="no budget")
    assert (deal(east, "D1").deal.open, deal(east, "D1").stage.name) == (True, "Demo")


def test_a_step_where_there_was_none_is_taken_back_to_none(east: Office) -> None:
    bring(east)
    east.run(HALF_PAST)
    form = east.form("anna", "/standup")
    east.fill("anna", form, done="a", blocker__kind="none", about2="call them tomorrow")
    assert deal(east, "D3").deal.next_step_on == date(2026, 6, 12)
    east.fill("anna", form, done="a", blocker__kind="none", about2="call them next Monday")
    assert deal(east, "D3").deal.next_step_on == date(2026, 6, 15)
    assert len(changed(east)) == 2
    east.fill("anna", form, done="a", blocker__kind="none", about2__what="none")
    assert (deal(east, "D3").deal.next_step, deal(east, "D3").deal.next_step_on) == ("", None)


def test_the_form_comes_back_filled_in(east: Office) -> None:
    bring(east)
    east.run(HALF_PAST)
    form = east.form("anna", "/standup")
    assert form.fields[-6].hint == "No touch for 11 days, this stage wants one every 7"
    east.fill("anna", form, done="a", blocker__kind="none", about1__what="stuck", about1="price")
    values = {f.name: f.value for f in east.form("anna", "/standup").fields}
    assert (values["about1.what"], values["about1"]) == ("stuck", "price")
    assert values["blocker.kind"] == "none", "the deal's blocker is not the answer to the question"


@pytest.mark.parametrize(
    ("what", "line", "fault"),
    [
        ("stuck", "", "what Acme is stuck on"),
        ("dead", "", "why Acme is dead"),
        ("step", "", "what happens next with Acme"),
        ("step", "send the quote 1 June", "That day has passed"),
    ],
)
def test_what_cannot_be_taken_so_keeps_the_form_open(east: Office, what: str, line: str, fault: str) -> None:
    bring(east)
    east.run(HALF_PAST)
    form = east.form("anna", "/standup")
    with pytest.raises(FormError, match=fault):
        east.fill("anna", form, done="a", blocker__kind="none", about0__what=what, about0=line)
    assert changed(east) == []


def test_a_deal_that_changed_hands_is_left_alone_and_the_rep_is_told(east: Office) -> None:
    bring(east)
    east.run(HALF_PAST)
    form = east.form("anna", "/standup")
    with east.app.db.begin() as db:
        changes.change(db, east.person("weber"), "D1", Change(Kind.OWNER, owner="omar"), east.app.now())
    more = {"about0__what": "moved", "about1__what": "stuck", "about1": "price"}
    east.fill("anna", form, done="a", blocker__kind="none", **more)
    assert deal(east, "D1").stage.name == "Demo"
    assert "Acme is not yours any more, so it was left alone" in receipt(east)
    assert [b.deal_key for b in standing(east)] == ["D2"]


def test_what_the_crm_closed_meanwhile_is_left_alone(east: Office) -> None:
    bring(east)
    east.run(HALF_PAST)
    form = east.form("anna", "/standup")
    bring(east, ACME.replace(",open,", ",won,") + KRAFTWERK)
    east.fill("anna", form, done="a", blocker__kind="none", about0__what="step", about0="send the quote Fri")
    assert "Acme is closed already" in receipt(east)
    assert changed(east) == []


def test_one_message_says_it_too(east: Office) -> None:
    bring(east, ALL + CALM)
    east.run(HALF_PAST)
    east.say("anna", "Done: met Beta\nKraftwerk: next step quote Friday\n远航物流 卡住了 价格\nBlockers: none")
    assert deal(east, "D2").deal.next_step == "quote"
    assert [(b.deal_key, b.category.value) for b in standing(east)] == [("D3", "price")]
    east.say("anna", "Acme stuck on legal")  # two deals begin so: none is meant
    assert len(standing(east)) == 1
    east.say("anna", "Acme renewal: next step send the contract by Monday")  # was not asked about
    assert deal(east, "D4").deal.next_step_on == date(2026, 6, 15)
    east.say("li", "宏达 推进了，下一步 周五前发报价")
    assert (deal(east, "D5").stage.name, deal(east, "D5").deal.next_step) == ("Offer", "发报价")
    assert "宏达医疗：已推进到Offer，下一步：发报价（6月12日 周五）" in receipt(east, "li")


def test_nobody_speaks_of_anothers_deals(east: Office) -> None:
    bring(east)
    east.run(HALF_PAST)
    east.say("omar", "Kraftwerk dead: no budget")
    assert deal(east, "D2").deal.open
    form = east.form("anna", "/standup")
    east.fill("omar", form, done="x", blocker__kind="none", about0__what="moved")
    assert deal(east, "D1").stage.name == "Demo"


def test_a_named_blocker_knows_the_deal_and_its_stage(east: Office) -> None:
    bring(east)
    east.run(HALF_PAST)
    form = east.form("anna", "/standup")
    stages = next(f for f in form.fields if f.name == "blocker.stage")
    assert [o.value for o in stages.options] == ["", "Lead", "Demo", "Offer"]
    east.fill("anna", form, done="a", blocker__kind="price", blocker="too dear", blocker__deal="kraftwerk")
    (one,) = standing(east)
    assert (one.deal_key, one.stage) == ("D2", "Offer")
    east.fill("anna", form, done="a", blocker__kind="price", blocker="far too dear", blocker__deal="kraftwerk")
    assert [(b.id, b.text) for b in standing(east)] == [(one.id, "far too dear")]


def test_still_stuck_the_next_day_is_the_same_blocker(east: Office) -> None:
    bring(east)
    east.run(HALF_PAST)
    east.fill(
        "anna", east.form("anna", "/standup"), done="a", blocker__kind="none", about1__what="stuck", about1="price"
    )
    (one,) = standing(east)
    east.run(HALF_PAST + timedelta(days=1, minutes=1), step=600)
    east.fill(
        "anna",
        east.form("anna", "/standup"),
        done="b",
        blocker__kind="none",
        about1__what="stuck",
        about1="price again",
    )
    (same,) = standing(east)
    assert (same.id, same.text) == (one.id, "price again")


def test_a_resolved_blocker_does_not_come_back_with_the_same_words(east: Office) -> None:
    bring(east)
    east.run(HALF_PAST)
    form = east.form("anna", "/standup")
    east.fill("anna", form, done="a", blocker__kind="none", about1__what="stuck", about1="price")
    (one,) = standing(east)
    east.say("weber", f"/blocker resolve {one.id}", how="button")
    east.fill("anna", form, done="a and b", blocker__kind="none", about1__what="stuck", about1="price")
    assert standing(east) == []


def test_history_and_export_carry_them(east: Office) -> None:
    bring(east)
    east.run(HALF_PAST)
    east.fill("anna", east.form("anna", "/standup"), done="a", blocker__kind="none", about0="send the quote by Friday")
    east.say("anna", "/history")
    assert "Deals: Acme: next send the quote (Fri 12 Jun)" in receipt(east)
    with east.app.db.read() as db:
        rows = [
            r for r in export.rows(db, 1, date(2026, 6, 11), date(2026, 6, 11)) if r["question"].startswith("deal:")
        ]
    assert [(r["person"], r["question"], r["answer"]) for r in rows] == [
        ("anna", "deal:D1", "step: send the quote by Friday")
    ]


def test_an_early_form_asks_too_and_the_prompt_keeps_its_deals(east: Office) -> None:
    bring(east, HONGDA + ACME)
    assert [f.name for f in east.form("anna", "/standup").fields if f.name.startswith("about")] == [
        "about0.what",
        "about0",
    ]
    bring(east)
    east.run(HALF_PAST)
    assert "Acme" in prompt(east, "anna")
    assert "Kraftwerk" not in prompt(east, "anna")
