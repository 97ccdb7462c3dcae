"""What people see of their deals in chat, and what they change: say this, expect that."""

from pathlib import Path

import pytest

from bot.crm import service
from bot.crm.imports import import_folder
from bot.errors import FormError
from bot.library import service as library
from bot.library.uses import store as uses
from bot.message import Button, Form, Reply
from tests.conftest import Office
from tests.handlers.test_library import CARDS, last

FILES = {
    "stages": "stage,position,exit_criteria,stall_days,touch_days\nLead,1,,10,7\nDemo,2,,10,7\nOffer,3,,20,5\n",
    "accounts": "account,name,industry,owner,contact\nA1,Nordwind,manufacturing,anna,Ida Holm\n"
    "A2,Sahara *Foods*,Retail,anna,\nA3,Kite & Co,Retail,omar,\n",
    "deals": "deal,name,account,owner,product_line,amount,currency,stage,status,created,expected_close,"
    "next_step,next_step_on\n"
    "D1,Nordwind press,A1,anna,Cloud,12000,EUR,Demo,open,2026-06-05,2026-08-01,Call Ida,2026-06-20\n"
    "D2,Sahara *till*,A2,anna,Data,900.5,EUR,Offer,open,2026-04-01,2026-06-01,,\n"
    "D3,Sahara shop,A2,anna,Data,,,Offer,open,2026-06-09,2026-08-01,Offer,2026-06-30\n"
    "D4,Kite,A3,omar,Data,10,EUR,Lead,open,2026-06-09,,Offer,2026-06-30\n",
    "touches": "deal,owner,kind,at\nD1,anna,call,2026-06-10T03:00:00Z\nD2,anna,call,2026-05-10T03:00:00Z\n"
    "D3,anna,call,2026-06-10T03:00:00Z\nD4,omar,call,2026-06-10T03:00:00Z\n",
}


@pytest.fixture
def shop(east: Office, tmp_path: Path) -> Office:
    for name, text in FILES.items():
        (tmp_path / f"{name}.csv").write_text(text)
    assert not import_folder(east.app.db, 1, tmp_path, east.app.now()).faults
    return east


def buttons(reply: Reply) -> list[str]:
    return [one.says for one in reply.buttons if isinstance(one, Button)]


def opened(shop: Office, who: str, says: str) -> Form:
    assert says in buttons(last(shop, who)), buttons(last(shop, who))
    return shop.form(who, says)


def test_how_a_deal_stands(shop: Office) -> None:
    shop.say("anna", "/deal nordwind")
    said = last(shop, "anna").text
    assert said.startswith("**Nordwind press** · Nordwind\nIn Demo for ")
    assert "Amount: 12,000 EUR · expected to close Sat 1 Aug" in said
    assert "Next step: Call Ida (Sat 20 Jun)" in said
    assert "It needs a look" not in said
    assert buttons(last(shop, "anna")) == [f"/deal #{verb} D1" for verb in ("step", "move", "remark", "dead")]
    shop.say("anna", "/deal D2")
    said = last(shop, "anna").text
    assert said.startswith("**Sahara \\*till\\*** · Sahara \\*Foods\\*"), "what a CRM says is no Markdown"
    assert "**It needs a look**\n- In its stage for 71 days" in said
    assert "- No next step" in said


@pytest.mark.parametrize("said", ["Sahara *Foods*", "sahara"])
def test_several_of_a_name_are_offered(shop: Office, said: str) -> None:
    shop.say("anna", f"/deal {said}")
    assert buttons(last(shop, "anna")) == ["/deal #show D2", "/deal #show D3"] or buttons(last(shop, "anna")) == [
        "/deal #show D3",
        "/deal #show D2",
    ]
    shop.say("anna", "/deal #show D3", how="button")
    assert "Sahara shop" in last(shop, "anna").text


def test_none_of_a_name_says_so_with_the_nearest(shop: Office) -> None:
    shop.say("anna", "/商机 Nordwint press")
    assert "None of your deals is called “Nordwint press”" in last(shop, "anna").text
    assert buttons(last(shop, "anna")) == ["/deal #show D1"]
    shop.say("anna", "/deal Zzz")
    assert buttons(last(shop, "anna")) == []


def test_all_that_can_be_changed(shop: Office) -> None:
    shop.say("anna", "/deal D1")
    shop.fill("anna", opened(shop, "anna", "/deal #step D1"), text="Send the\noffer", on="2026-06-30")
    assert last(shop, "anna").text.startswith("Saved.\n\n**Nordwind press**")
    assert "Next step: Send the\noffer (Tue 30 Jun)" in last(shop, "anna").text
    shop.fill("anna", opened(shop, "anna", "/deal #remark D1"), text="Waits for *the* budget")
    assert "Why it stands here, says Anna Berg:\n> Waits for \\*the\\* budget" in last(shop, "anna").text
    form = opened(shop, "anna", "/deal #move D1")
    assert [option.label for option in form.fields[0].options] == ["Lead", "Offer"]
    shop.fill("anna", form, stage=form.fields[0].options[1].value)
    assert "In Offer for 0 days" in last(shop, "anna").text
    assert "stage: Demo → Offer" in last(shop, "anna").text
    shop.fill("anna", opened(shop, "anna", "/deal #dead D1"), text="No budget")
    said = last(shop, "anna")
    assert "Lost on Thu 11 Jun · Offer" in said.text
    assert "status: under way → lost; why it is lost: No budget" in said.text
    assert buttons(said) == ["/deal #move D1"]
    shop.fill("anna", opened(shop, "anna", "/deal #move D1"), stage=form.fields[0].options[1].value)
    assert "In Offer for 0 days" in last(shop, "anna").text


def test_what_does_not_fit_stays_in_the_form(shop: Office) -> None:
    for verb, filled, field in (
        ("step", {"text": "Call", "on": "2026-06-01"}, "on"),
        ("step", {"text": "Call", "on": "soon"}, "on"),
        ("dead", {"text": " "}, "text"),
        ("move", {"stage": "99"}, "stage"),
    ):
        with pytest.raises(FormError) as refused:
            shop.fill("anna", shop.form("anna", f"/deal #{verb} D1"), **filled)
        assert list(refused.value.faults) == [field]


@pytest.mark.parametrize("said", ["D4", "Kite", "Kite & Co", "kit", "#show D4", "#step D4", "#owner D4", "Kitt"])
def test_a_rep_never_learns_of_another_s_deal(shop: Office, said: str) -> None:
    for how in ("typed", "button"):
        assert shop.say("anna", f"/deal {said}", how=how) is None
        reply = last(shop, "anna")
        assert "None of your deals" in reply.text
        assert [one for one in buttons(reply) if "D4" in one] == []
        assert "Data" not in reply.text


def test_a_rep_never_changes_another_s_deal(shop: Office) -> None:
    before = shop.app.db.url and _deal(shop, "D4")
    form = Form("", "/deal #step D4", (), "")
    shop.fill("anna", form, text="Mine now")
    assert "None of your deals" in last(shop, "anna").text
    assert _deal(shop, "D4") == before
    with pytest.raises(FormError):
        shop.fill("anna", Form("", "/deal #owner D1", (), ""), owner="omar")


def _deal(shop: Office, key: str) -> object:
    with shop.app.db.read() as db:
        found = service.deal(db, shop.person("omar"), key, shop.app.now())
    assert found
    return found.deal


def test_a_manager_gives_a_deal_away_and_both_hear_of_it(shop: Office) -> None:
    shop.say("weber", "/deal D1")
    form = opened(shop, "weber", "/deal #owner D1")
    shop.fill("weber", form, owner="omar")
    assert "owner: Anna Berg → " in last(shop, "weber").text
    assert shop.heard("bot:omar", "deal-changed")[0].startswith("**Nordwind press is yours now.**")
    assert shop.heard("bot:anna", "deal-changed")[0].startswith("**Nordwind press was changed.**")
    shop.say("anna", "/deal D1")
    assert "None of your deals" in last(shop, "anna").text


def test_the_list_begins_with_what_needs_a_look(shop: Office) -> None:
    shop.say("anna", "/deals")
    said = last(shop, "anna")
    assert said.text.startswith("**3 open deals · 1 needs a look**\n- Sahara \\*till\\* · ")
    assert " · Offer · 71 days: in its stage for 71 days" in said.text
    assert buttons(said)[0] == "/deal #show D2"
    shop.say("weber", "/deals")
    assert "Anna Berg: 3" in last(shop, "weber").text
    shop.say("weber", "/deals anna")
    assert "Anna Berg: 3 open deals" in last(shop, "weber").text
    for said_by in ("omar", "nobody"):
        shop.say("anna", f"/deals {said_by}")
        assert last(shop, "anna").text == "Nobody by that name whose deals you can see."


def test_a_talk_track_knows_the_deal(shop: Office) -> None:
    from bot.library import service as library

    track = "{{ product }} at {{ customer }}, {{ stage }}: {{ next_step }}"
    cards = CARDS.replace("See {{ proof }}", track)
    with shop.app.db.begin() as db:
        library.import_cards(db, 1, cards, shop.app.now(), name="cards.jsonl")
    form = shop.form("anna", "/talktrack price Nordwind")
    assert {field.name: field.value for field in form.fields} == {
        "channel": "call",
        "trade": "manufacturing",
        "customer": "Nordwind",
        "contact": "Ida Holm",
        "product": "Cloud",
        "stage": "Demo",
        "next_step": "Call Ida",
    }
    shop.say("anna", "/talktrack price sahara")
    assert sorted(one.split()[-1] for one in buttons(last(shop, "anna"))) == ["D2", "D3"]
    (says, *_) = buttons(last(shop, "anna"))
    assert {field.name: field.value for field in shop.form("anna", says).fields}["customer"] == "Sahara *Foods*"
    other = {field.name: field.value for field in shop.form("anna", "/talktrack price Kite & Co").fields}
    assert (other["customer"], other["product"]) == ("Kite & Co", ""), "another's deal fills nothing in"


def test_a_talk_track_that_was_written_for_a_deal_counts_there(shop: Office) -> None:
    with shop.app.db.begin() as db:
        library.import_cards(db, 1, CARDS, shop.app.now(), name="cards.jsonl")
    form = shop.form("anna", "/talktrack price Nordwind")
    filled = {field.name: str(field.value) or "x" for field in form.fields if field.kind == "line"}
    for _ in range(2):
        shop.fill("anna", form, **filled, channel="call", trade="")
    with shop.app.db.read() as look:
        assert list(uses.deals(look, 1, shop.app.now()).values()) == [(1, 0)]
