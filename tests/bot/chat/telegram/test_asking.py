"""A reply with just /ask, and what is forwarded: somebody else's words are asked about, and never done."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.message import Reply
from tests.bot.chat.telegram.scene import Scene, connected, there
from tests.conftest import Office
from tests.platforms.telegram.scene import png


def scene(east: Office, play: Callable[[Scene], Awaitable[None]], **more: Any) -> None:
    async def go() -> None:
        async with connected(east.app, **more) as found:
            await play(found)

    asyncio.run(go())


@pytest.mark.parametrize("command", ["/ask", "/ask@paceline_bot", " /ask ", "/话术"])
def test_a_reply_with_just_the_command_takes_what_it_answers(east: Office, command: str) -> None:
    async def play(s: Scene) -> None:
        bob = s.telegram.add_user(1002, "Bob")
        group = s.telegram.add_supergroup(-1009, "East", [bob, s.ann])
        s.telegram.promote(group)
        said = s.telegram.say(bob, group, "They say: too expensive @paceline_bot /leave")
        await s.calm()
        before = len(s.ear.answered)
        s.telegram.deliver_times = 3
        asked = s.telegram.say(s.ann, group, command, reply_to=said)
        await s.calm()
        (heard,) = s.ear.answered[before:]
        assert heard.text == "/ask They say: too expensive @paceline_bot /leave"
        assert (heard.id, heard.person) == (f"-1009:{asked.message_id}", east.person("anna").id)
        assert (heard.place, heard.how, heard.about) == (there(-1009, "", "1001"), "typed", "")

    scene(east, play)


def test_a_part_that_was_picked_and_a_caption(east: Office) -> None:
    async def play(s: Scene) -> None:
        bob = s.telegram.add_user(1002, "Bob")
        group = s.telegram.add_group(-55, "East", [bob, s.ann])
        long = s.telegram.say(bob, group, "Nice talk. It is too expensive. See you.")
        s.telegram.say(s.ann, group, "/ask", reply_to=long, quote="It is too expensive.")
        photo = s.telegram.send_photo(bob, group, png(), "the competitor's price list")
        s.telegram.say(s.ann, group, "/ask", reply_to=photo)
        s.telegram.say(s.ann, group, "/ask what about this", reply_to=long)
        await s.calm()
        assert s.ear.texts == ["/ask It is too expensive.", "/ask the competitor's price list", "/ask what about this"]

    scene(east, play)


def test_what_answers_nothing_or_our_own_words_is_asked_as_ever(east: Office) -> None:
    async def play(s: Scene) -> None:
        forum = s.telegram.add_supergroup(-1009, "East", [s.ann], is_forum=True)
        topic = s.telegram.add_topic(forum, "Deals")
        sent = await s.chat.send(there(1001), Reply("Standup?"), "k")
        s.ear.keys[sent] = "standup-prompt:1"
        s.telegram.say(s.ann, forum, "/ask", thread=topic)
        s.telegram.say(s.ann, s.ann, "/ask")
        s.telegram.say(s.ann, s.ann, "/ask", reply_to=s.telegram.last(s.ann))
        await s.calm()
        assert sorted((m.text, m.about) for m in s.ear.answered) == [
            ("/ask", ""),
            ("/ask", ""),
            ("/ask", "standup-prompt:1"),
        ]

    scene(east, play)


def test_a_picture_without_words_is_answered_in_one_sentence(east: Office) -> None:
    async def play(s: Scene) -> None:
        bob = s.telegram.add_user(1002, "Bob")
        group = s.telegram.add_group(-55, "East", [bob, s.ann])
        photo = s.telegram.send_photo(bob, group, png())
        s.telegram.deliver_times = 3
        s.telegram.say(s.ann, group, "/ask", reply_to=photo)
        await s.telegram.until(lambda: s.telegram.said(group))
        await s.calm()
        assert s.telegram.texts(group) == [
            "There are no words in that message. Write what the customer said after /ask."
        ]
        assert s.ear.heard == {}

    scene(east, play)


@pytest.mark.parametrize("hidden", [False, True])
@pytest.mark.parametrize(
    "text", ["You are too expensive", "/leave until Friday", "/start CODE", "off until Friday", "@paceline_bot /help"]
)
def test_what_is_forwarded_is_asked_about_and_never_done(east: Office, text: str, hidden: bool) -> None:
    async def play(s: Scene) -> None:
        bob = s.telegram.add_user(1002, "Bob")
        said = s.telegram.say(bob, s.telegram.add_group(-99, "Elsewhere", [bob, s.ann], bot=False), text)
        s.telegram.deliver_times = 3
        here = s.telegram.forward(s.ann, s.ann, said, hidden=hidden)
        await s.calm()
        (heard,) = s.ear.answered
        assert (heard.text, heard.how, heard.id) == (f"/ask {text}", "typed", f"1001:{here.message_id}")
        assert heard.place == there(1001)

    scene(east, play)


def test_what_is_forwarded_to_a_group_is_for_the_people_there(east: Office) -> None:
    async def play(s: Scene) -> None:
        bob = s.telegram.add_user(1002, "Bob")
        elsewhere = s.telegram.add_group(-99, "Elsewhere", [bob, s.ann], bot=False)
        group = s.telegram.add_supergroup(-1009, "East", [s.ann, bob])
        s.telegram.promote(group)
        for text in ("/leave until Friday", "@paceline_bot who is blocked?", "plain words"):
            here = s.telegram.forward(s.ann, group, s.telegram.say(bob, elsewhere, text))
        await s.calm()
        assert s.ear.heard == {}
        s.telegram.say(bob, group, "/ask", reply_to=here)
        await s.calm()
        assert s.ear.texts == ["/ask plain words"]

    scene(east, play)


def test_a_forwarded_file_is_taken_and_one_without_words_is_no_question(east: Office) -> None:
    async def play(s: Scene) -> None:
        bob = s.telegram.add_user(1002, "Bob")
        elsewhere = s.telegram.add_group(-99, "Elsewhere", [bob, s.ann], bot=False)
        s.telegram.forward(s.ann, s.ann, s.telegram.send_document(bob, elsewhere, "call.vtt", b"WEBVTT"))
        s.telegram.forward(s.ann, s.ann, s.telegram.send_photo(bob, elsewhere, png(), "/leave today"))
        await s.calm()
        assert [(m.text, len(m.files)) for m in s.ear.answered] == [("", 1), ("/ask /leave today", 1)]

    scene(east, play)


def test_what_is_long_is_cut_at_a_word(east: Office) -> None:
    async def play(s: Scene) -> None:
        bob = s.telegram.add_user(1002, "Bob")
        elsewhere = s.telegram.add_group(-99, "Elsewhere", [bob, s.ann], bot=False)
        for text in ("price " * 682, "贵" * 4096):
            s.telegram.forward(s.ann, s.ann, s.telegram.say(bob, elsewhere, text))
        await s.calm()
        first, second = s.ear.texts
        assert first == "/ask " + " ".join(["price"] * 100) + "…"
        assert second == "/ask " + "贵" * 599 + "…"

    scene(east, play)
