"""What people ask the library in chat, and how its cards come about: say this, expect that."""

from datetime import timedelta

import pytest

from bot.library import service, store
from bot.library.model import State
from bot.llm.chat import Chat
from bot.message import Choices, Reply
from bot.outbox import store as outbox
from bot.settings import LlmSettings
from tests.bot.llm.server import serving
from tests.conftest import Office

CARDS = """\
{"id": "price", "title": "Price too high", "answer": "Thank you for saying it, {{ contact }}.\\n\\nWhat do you compare it with?\\n\\nSee {{ proof }}.\\n\\nShall we look at it on Friday?", "phrasings": ["it is too expensive", "your price is too high"], "variants": {"manufacturing": "What does an hour of downtime cost?"}, "tags": ["price"], "owner": "weber"}
{"id": "delivery", "title": "Delivery takes too long", "answer": "When do you need it?", "phrasings": ["we cannot wait eight weeks", "your lead time is too long"], "tags": ["delivery"]}
{"id": "secret", "title": "Walk-away price", "answer": "Never below cost.", "phrasings": ["what is the lowest price you can do"], "roles": ["manager"]}
{"id": "old", "title": "The 2019 promotion", "answer": "Buy two.", "phrasings": ["is the promotion of 2019 still on"], "state": "retired"}
"""  # noqa: E501 - JSON lines


@pytest.fixture
def shop(east: Office) -> Office:
    with east.app.db.begin() as db:
        done = service.import_cards(db, 1, CARDS, east.app.now(), name="cards.jsonl")
    assert not done.faults
    return east


def last(office: Office, key: str) -> Reply:
    """What the bot said last in somebody's chat."""
    from bot.message import load

    with office.app.db.read() as db:
        rows = db.execute(outbox.outbox.select().order_by(outbox.outbox.c.id)).all()
    return load([row for row in rows if row.chat == f"bot-{office.person(key).id}"][-1].body)


def press(office: Office, key: str, label: str) -> Reply | None:
    """Press the button of this label under the last message, also one of a list."""
    for button in last(office, key).buttons:
        for one in button.buttons if isinstance(button, Choices) else (button,):
            if one.label == label:
                return office.say(key, one.says, how="button")
    raise AssertionError(f"no button {label!r} among {last(office, key).buttons}")


def test_an_objection_is_answered_verbatim_with_its_card(shop: Office) -> None:
    shop.say("anna", "/ask your price is too high")
    said = last(shop, "anna").text
    assert said.startswith("**Price too high** · card price · Jonas Weber")
    assert "Thank you for saying it, \\[contact\\]." in said
    assert "{{" not in said


def test_a_direct_message_is_a_question_too(shop: Office) -> None:
    shop.say("anna", "What do I say to: your price is too high?")
    assert "Price too high" in last(shop, "anna").text + str(last(shop, "anna").buttons)


def test_small_talk_is_none_of_the_librarys_business(shop: Office) -> None:
    shop.say("anna", "good morning everybody")
    assert "I did not get that" in last(shop, "anna").text


def test_another_industry_is_one_tap_away(shop: Office) -> None:
    shop.say("anna", "/ask your price is too high")
    press(shop, "anna", "manufacturing")
    assert "an hour of downtime" in last(shop, "anna").text
    assert "manufacturing" in last(shop, "anna").text


def test_what_a_role_may_not_see_is_not_found_by_it(shop: Office) -> None:
    shop.say("anna", "/ask what is the lowest price you can do")
    assert "Never below cost" not in last(shop, "anna").text
    shop.say("weber", "/ask what is the lowest price you can do")
    assert "Never below cost" in last(shop, "weber").text
    with shop.app.db.read() as db:
        secret = store.by_key(db, 1, "secret")
    assert secret
    shop.say("anna", f"/ask #show 0 {secret.id}")
    assert "not in the library" in last(shop, "anna").text


def test_a_retired_card_is_never_quoted(shop: Office) -> None:
    shop.say("anna", "/ask is the promotion of 2019 still on")
    assert "Buy two" not in last(shop, "anna").text


def test_what_is_missing_becomes_a_gap_and_then_a_card(shop: Office) -> None:
    shop.say("anna", "/ask can your device survive the surface of Venus")
    assert "Shall I put it to Jonas Weber" in last(shop, "anna").text
    press(shop, "anna", "Yes")
    assert "Noted as a gap" in last(shop, "anna").text
    shop.say("weber", "/library gaps")
    form = press(shop, "weber", "Write the card")
    assert form
    assert form.form
    assert {f.name: f.value for f in form.form.fields}["phrasings"] == "can your device survive the surface of Venus"
    shop.fill("weber", form.form, title="Works on Venus", answer="It is rated to 500 degrees.", language="en")
    assert "found from now on" in shop.heard("bot:weber")[-1]
    assert "There is a card now" in last(shop, "anna").text
    press(shop, "anna", "Show")
    assert "500 degrees" in last(shop, "anna").text
    with shop.app.db.read() as db:
        assert service.gaps(db, 1) == []


def test_near_duplicates_are_one_gap(shop: Office) -> None:
    for key, question in (
        ("anna", "does it survive the surface of Venus"),
        ("omar", "does it survive on the surface of Venus"),
    ):
        shop.say(key, f"/ask {question}")
        press(shop, key, "Yes")
    with shop.app.db.read() as db:
        (gap,) = service.gaps(db, 1)
    assert (gap.asked, gap.people) == (2, 2)


def test_the_card_that_was_chosen_learns_the_question(shop: Office) -> None:
    with shop.app.db.read() as db:
        delivery = store.by_key(db, 1, "delivery")
    assert delivery
    shop.say("anna", "/ask the boxes arrive in spring, that is late")
    with shop.app.db.read() as db:
        newest = max(row.id for row in db.execute(store.ask.select()))
    shop.say("anna", f"/ask #choose {newest} {delivery.id}", how="button")
    assert "When do you need it?" in last(shop, "anna").text
    shop.say("weber", "/library offers")
    assert "the boxes arrive in spring" in last(shop, "weber").text
    press(shop, "weber", "Yes")
    with shop.app.db.read() as db:
        learnt = store.by_key(db, 1, "delivery")
    assert learnt
    assert "the boxes arrive in spring, that is late" in learnt.phrasings
    assert learnt.version == 2


def test_helped_is_counted(shop: Office) -> None:
    shop.say("anna", "/ask your price is too high")
    press(shop, "anna", "Helped")
    with shop.app.db.read() as db:
        (row,) = store.usage(db, 1, shop.app.now() - timedelta(days=1))
    assert (row.asked, row.helped, row.not_helped, row.people) == (1, 1, 0, 1)


def test_nobody_judges_what_another_asked(shop: Office) -> None:
    shop.say("anna", "/ask your price is too high")
    with shop.app.db.read() as db:
        (asked,) = db.execute(store.ask.select()).all()
    for says in (f"/ask #helped {asked.id}", f"/ask #gap {asked.id}"):
        shop.say("omar", says, how="button")
        assert "not yours" in last(shop, "omar").text


CALL = (
    "Thank you for saying it, Maria.\n\nWhat do you compare it with?\n\nSee a plant in Lodz.\n\n"
    "Shall we look at it on Friday?"
)


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        ("call", CALL),
        ("im", "Thank you for saying it, Maria. Shall we look at it on Friday?"),
        ("email", f"Hello Maria,\n\n{CALL}\n\nBest regards,\nAnna Berg"),
    ],
)
def test_a_talk_track_for_a_deal(shop: Office, channel: str, expected: str) -> None:
    form = shop.form("anna", "/talktrack price Acme")
    assert [f.name for f in form.fields] == ["channel", "trade", "contact", "proof"]
    shop.fill("anna", form, channel=channel, contact="Maria", proof="a plant in Lodz")
    assert last(shop, "anna").text == expected


def test_a_blank_is_asked_for_and_never_guessed(shop: Office) -> None:
    from bot.errors import FormError

    form = shop.form("anna", "/talktrack price Acme")
    with pytest.raises(FormError) as refused:
        shop.fill("anna", form, channel="call", contact="Maria", proof="")
    assert refused.value.faults == {"proof": "This talk track needs it."}


def test_a_rep_suggests_and_the_keeper_approves(shop: Office) -> None:
    form = shop.form("anna", "/card")
    shop.fill(
        "anna",
        form,
        title="Too small for us",
        answer="We begin with one team.",
        language="en",
        phrasings="we are too small\nwe are only five people",
    )
    assert "Jonas Weber looks at it" in last(shop, "anna").text
    shop.say("omar", "/ask we are only five people")
    assert "begin with one team" not in last(shop, "omar").text
    assert "Anna Berg suggests a card: Too small for us" in last(shop, "weber").text
    with shop.app.db.read() as db:
        (draft,) = store.cards(db, 1, states=[State.DRAFT])
    shop.say("anna", f"/card approve {draft.id}", how="button")
    assert "keeps the library" in last(shop, "anna").text
    press(shop, "weber", "Approve")
    shop.say("omar", "/ask we are only five people")
    assert "begin with one team" in last(shop, "omar").text


def test_a_card_changes_and_its_history_says_who(shop: Office) -> None:
    with shop.app.db.read() as db:
        price = store.by_key(db, 1, "price")
    assert price
    form = shop.form("weber", f"/card edit {price.id}")
    shop.fill("weber", form, title="Price", answer="Compared with what?", language="en", phrasings="too dear")
    with shop.app.db.read() as db:
        changed = store.by_key(db, 1, "price")
        assert changed
        history = store.versions(db, changed)
    assert [(who, card.title) for _at, who, card in history] == [
        (shop.person("weber").id, "Price"),
        (None, "Price too high"),
    ]
    assert changed.variants == price.variants


def test_the_whole_menu_in_chinese(shop: Office) -> None:
    shop.say("li", "/ask your price is too high")
    assert "话术卡 price" in last(shop, "li").text
    shop.say("li", "/ask 能在金星表面用吗")
    assert "要转给负责话术库的 Jonas Weber 吗" in last(shop, "li").text


def test_an_empty_library_says_how_to_fill_it(east: Office) -> None:
    east.say("anna", "/ask too expensive")
    assert "paceline import library --starter" in last(east, "anna").text


@pytest.mark.parametrize("rest", ["show 99 99", "choose 99 99", "helped 99", "gap 99", "none 99", "drop 99"])
def test_buttons_of_long_ago_are_answered_in_words(shop: Office, rest: str) -> None:
    shop.say("anna", f"/ask #{rest}", how="button")
    assert last(shop, "anna").text


def test_with_a_model_the_talk_track_comes_in_other_words_too(shop: Office) -> None:
    said = (
        '{"sentences": [{"card": "price", "sentence": "Thank you for saying it."}, {"card": "x", "sentence": "No."}]}'
    )
    with serving(lambda _: said) as server:
        object.__setattr__(shop.app, "model", Chat(LlmSettings(server.url, "", "m")))
        shop.say("anna", "/ask your price is too high")
        press(shop, "anna", "In other words")
    text = last(shop, "anna").text
    assert "in a model's words" in text
    assert "Thank you for saying it. [price]" in text
    assert "1 sentence dropped" in text
    press(shop, "anna", "The talk track as stored")
    assert "What do you compare it with?" in last(shop, "anna").text


@pytest.mark.parametrize("objection", ["show 3 references from our industry", "drop 12", "choose 2 9", "gap 5"])
def test_an_objection_is_never_taken_for_a_button(shop: Office, objection: str) -> None:
    shop.say("anna", f"/ask {objection}", how="button")
    with shop.app.db.read() as db:
        assert [row.question for row in db.execute(store.ask.select())] == [objection]
