""" "What do I say to this?" in the menu of a message: the words under it, asked in the asker's own chat."""

import time
from pathlib import Path

import pytest

from bot.chat.slack import reading
from bot.message import Place
from tests.bot.chat.slack.desk import Desk, office, run
from tests.platforms.slack import BOT_USER, Act, Message
from tests.platforms.slack.checking import strange

BOTH = pytest.mark.parametrize("http", [False, True], ids=["socket", "http"])


def writes(desk: Desk, text: str) -> Message:
    """李伟 writes in a channel without the bot."""
    if "C9" not in desk.slack.channels:
        desk.slack.add_channel("C9", "talk", ["anna", "li"], bot=False)
    return desk.slack.message("C9", desk.slack.say("li", "C9", text).ts)


async def asks(desk: Desk, text: str, callback_id: str = "ask", who: str = "anna") -> Act:
    """Somebody picks the entry in the menu of what 李伟 writes."""
    return await desk.slack.shortcut(who, writes(desk, text), callback_id)


@BOTH
def test_it_is_asked_once_in_the_askers_own_chat(tmp_path: Path, http: bool) -> None:
    async def test() -> None:
        async with office(tmp_path, http=http) as desk:
            act = await asks(desk, "Your competitor is cheaper & faster")
            assert act.acked
            for _ in range(2):
                assert (await desk.slack.again(act)).acked
            message = await desk.hears()
            assert desk.ear.texts == ["/ask Your competitor is cheaper & faster"]
            assert (message.person, message.how, message.about) == (desk.person("anna").id, "button", "")
            assert (message.place, message.id) == (Place("slack", "U2"), act.trigger_id)
            told = [body for _, name, body in desk.slack.emitted if name == "message_action"]
            assert strange("interactive", "message_action", told[0]) == set()

    run(test)


@BOTH
def test_what_could_not_be_stored_is_not_acknowledged(tmp_path: Path, http: bool) -> None:
    async def test() -> None:
        async with office(tmp_path, http=http, ack_within=0.5) as desk:
            desk.ear.deaf = 1
            assert not (await asks(desk, "too expensive")).acked
            assert desk.ear.answered == []

    run(test)


def test_other_entries_are_passed_over(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path) as desk:
            assert (await asks(desk, "too expensive", "make_todo")).acked
            everywhere = {"type": "shortcut", "callback_id": "ask", "trigger_id": "1.2.3", "user": {"id": "U2"}}
            (told,) = desk.slack.send("interactive", "shortcut", everywhere)
            await Act([told])
            assert told.acked
            await desk.slack.say("anna", "dm", "that is all")
            assert (await desk.hears()).text == "that is all"
            assert len(desk.ear.heard) == 1

    run(test)


def test_a_picture_without_words_is_answered_in_one_sentence(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path) as desk:
            desk.slack.add_channel("C9", "talk", ["anna", "li"], bot=False)
            said = desk.slack.upload_file("li", "C9", "board.png", b"\x89PNG")
            act = await desk.slack.shortcut("anna", desk.slack.message("C9", said.ts), "ask")
            assert (await desk.slack.again(act)).acked
            await desk.slack.until(lambda: desk.slack.said("anna"))
            assert act.acked
            assert desk.slack.texts("anna") == [
                "There are no words in that message. Write what the customer said after /ask."
            ]
            assert desk.ear.heard == []
            assert desk.slack.said("C9") == []

    run(test)


WRITTEN = [
    (f"<@{BOT_USER}> what do I say?", "what do I say?"),
    (
        "<@U1> says <!channel> <#C1|east> see https://a.example/x?a=1&b=2",
        "Jonas Weber says @channel #east see https://a.example/x?a=1&b=2",
    ),
    ("<@U404> & mail ann@a.example", "@somebody & mail ann@a.example"),
    ("/leave until Friday", "/leave until Friday"),
    ("@Paceline /blocker 1 done\n/leave today", "@Paceline /blocker 1 done\n/leave today"),
    ("*bold* `code` <b>no</b> &amp;lt; 太贵了", "*bold* `code` <b>no</b> &amp;lt; 太贵了"),
]


@pytest.mark.parametrize(("written", "asked"), WRITTEN)
def test_whatever_it_holds_stays_text(tmp_path: Path, written: str, asked: str) -> None:
    async def test() -> None:
        async with office(tmp_path) as desk:
            await asks(desk, written)
            assert (await desk.hears()).text == f"/ask {asked}"

    run(test)


@pytest.mark.parametrize(
    "text", ["price " * 3333, "贵" * 20_000, "<@U1> " * 3333, " " * 20_000 + "x", "<" * 20_000, "a\n" * 9_999]
)
def test_what_is_very_long_is_cut_at_a_word(tmp_path: Path, text: str) -> None:
    async def test() -> None:
        async with office(tmp_path) as desk:
            said = writes(desk, text)
            began = time.monotonic()
            assert (await desk.slack.shortcut("anna", said, "ask")).acked
            message = await desk.hears()
            assert time.monotonic() - began < 3, "Slack waits no longer"
            question = message.text.removeprefix("/ask ")
            assert question == "x" or (500 < len(question) <= 600 and question.endswith("…"))
            assert question.removesuffix("…").rpartition(" ")[2] in ("price", "贵" * 599, "Weber", "x", "<" * 599) or (
                "\n" in question
            )

    run(test)


def test_a_stranger_is_heard_as_nobody(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path) as desk:
            desk.slack.add_user("U9", "guest")
            desk.slack.add_channel("C9", "talk", ["U9", "li"], bot=False)
            await asks(desk, "too expensive", who="guest")
            message = await desk.hears()
            assert (message.person, message.place) == (0, Place("slack", "U9"))

    run(test)


def test_a_message_that_was_shared_says_what_it_shares() -> None:
    shared = {"message": {"text": "", "attachments": [{"text": "too <@U1> dear"}, {"fallback": "[no preview]"}]}}
    assert reading.pointed_at(shared) == "too <@U1> dear"
    assert reading.pointed_at({"message": {"text": "look", "attachments": [{"text": "dear"}]}}) == "look"
    assert reading.pointed_at({}) == ""


@pytest.mark.parametrize("text", [" " * 40_000, "a" + " " * 39_000 + "b", "<@UBOT" + " " * 39_000, "<@U" * 13_000])
def test_reading_takes_no_longer_for_odd_texts(text: str) -> None:
    began = time.monotonic()
    reading.typed(text, "UBOT")
    assert time.monotonic() - began < 0.5


@pytest.mark.parametrize(
    ("text", "read"),
    [("  <@UBOT>: a ", "a"), ("a  <@UBOT|bot> ", "a"), ("<@UBOT>", ""), ("a <@UBOT> b", "a @Paceline b")],
)
def test_the_name_of_the_bot_is_left_out_at_both_ends(text: str, read: str) -> None:
    assert reading.typed(text, "UBOT") == read
