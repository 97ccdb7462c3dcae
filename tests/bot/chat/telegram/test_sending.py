"""Messages as they come to stand in Telegram: sent, changed, split, with pictures; and what is said of refusals."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.app import App
from bot.errors import ChatError
from bot.message import Button, Choices, Picture, Reply
from tests.bot.chat.telegram.scene import Scene, connected, there
from tests.platforms.telegram.scene import png

TALL = Picture("tall.png", png(1, 400), "a line")  # no photo for Telegram


def picture(n: int = 4) -> Picture:
    return Picture("numbers.png", png(n, 3), "three lines that fall")


def scene(app: App, play: Callable[[Scene], Awaitable[None]], **more: Any) -> None:
    async def go() -> None:
        async with connected(app, start=False, **more) as found:
            await play(found)

    asyncio.run(go())


def test_sent_and_changed(app: App) -> None:
    async def play(s: Scene) -> None:
        sent = await s.chat.send(there(1001), Reply("**Hello** <Ann>", (Button("Go", "/go", "primary"),)), "k")
        assert sent == f"1001:{s.card.message_id}"
        assert (s.card.text, s.card.raw, s.card.labels) == ("Hello <Ann>", "<b>Hello</b> &lt;Ann&gt;", ["Go"])
        assert s.card.buttons[0]["style"] == "primary"
        for _ in range(2):
            await s.chat.edit(there(1001), sent, Reply("Bye"))
        assert (s.card.text, s.card.labels, len(s.card.edits)) == ("Bye", [], 1)
        assert s.telegram.calls[-1].json("link_preview_options") == {"is_disabled": True}
        with pytest.raises(NotImplementedError):
            await s.chat.find(there(1001), "k")

    scene(app, play, linked="")


def test_a_long_text_grows_and_shrinks(app: App) -> None:
    async def play(s: Scene) -> None:
        long = "\n\n".join(letter * 3000 for letter in "abc")
        sent = await s.chat.send(there(1001), Reply(long, (Button("Go", "/go"),)), "k")
        assert [len(m.text) for m in s.telegram.said(s.ann)] == [3000] * 3
        assert [m.labels for m in s.telegram.said(s.ann)] == [[], [], ["Go"]]
        await s.chat.edit(there(1001), sent, Reply("short", (Button("Go", "/go"),)))
        assert [(m.text, m.labels) for m in s.telegram.said(s.ann)] == [("short", ["Go"])]
        await s.chat.edit(there(1001), sent, Reply(long))
        assert [m.text[0] for m in s.telegram.said(s.ann)] == ["a", "b", "c"]
        assert sent == f"1001:{s.telegram.said(s.ann)[0].message_id}"

    scene(app, play, linked="")


def test_what_was_cut_short_goes_on_where_it_was(app: App) -> None:
    async def play(s: Scene) -> None:
        long = Reply("\n\n".join(letter * 3000 for letter in "abc"))
        s.telegram.misbehave("sendMessage", "429:1", after=1)
        with pytest.raises(ChatError) as fault:
            await s.chat.send(there(1001), long, "k")
        assert fault.value.retry_after == 1
        await asyncio.sleep(1)
        sent = await s.chat.send(there(1001), long, "k")
        assert [m.text[0] for m in s.telegram.said(s.ann)] == ["a", "b", "c"]
        assert await s.chat.send(there(1001), long, "k") == sent
        assert len(s.telegram.said(s.ann)) == 3

    scene(app, play, linked="")


def test_a_picture_and_its_text(app: App) -> None:
    async def play(s: Scene) -> None:
        sent = await s.chat.send(there(1001), Reply("Down", (Button("Why", "/why"),), pictures=(picture(),)), "k")
        assert (s.card.text, s.card.media, s.card.labels) == ("Down", picture().png, ["Why"])
        await s.chat.edit(there(1001), sent, Reply("Up", pictures=(picture(),)))
        assert (s.card.text, s.card.media) == ("Up", picture().png)
        await s.chat.edit(there(1001), sent, Reply("Up", pictures=(picture(5),)))
        assert s.card.media == picture(5).png
        await s.chat.edit(there(1001), sent, Reply("Over"))
        assert [(m.text, m.media) for m in s.telegram.said(s.ann)] == [("Over", None)]

    scene(app, play, linked="")


def test_a_text_too_long_for_a_caption_goes_before(app: App) -> None:
    async def play(s: Scene) -> None:
        reply = Reply("x" * 1025, (Button("Why", "/why"),), pictures=(picture(), picture(5)))
        await s.chat.send(there(1001), reply, "k")
        said = s.telegram.said(s.ann)
        assert [m.text for m in said] == ["x" * 1025, picture().alt, picture().alt]
        assert [m.labels for m in said] == [["Why"], [], []]

    scene(app, play, linked="")


def test_a_picture_that_is_refused_loses_no_text(app: App) -> None:
    async def play(s: Scene) -> None:
        await s.chat.send(there(1001), Reply("Down", (Button("Why", "/why"),), pictures=(TALL,)), "k")
        await s.chat.send(there(1001), Reply("x" * 2000, pictures=(TALL,)), "k2")
        assert [m.text for m in s.telegram.said(s.ann)] == ["Down", "x" * 2000, "a line"]
        assert s.telegram.said(s.ann)[0].labels == ["Why"]

    scene(app, play, linked="")


def test_groups_and_topics(app: App) -> None:
    async def play(s: Scene) -> None:
        forum = s.telegram.add_supergroup(-1009, "East", [s.ann], is_forum=True)
        topic = s.telegram.add_topic(forum, "Standup")
        assert (s.chat.shared("-1009"), s.chat.shared("1001")) == (True, False)
        sent = await s.chat.send(there(-1009, str(topic)), Reply("board @ann"), "board")
        assert s.telegram.texts(forum, thread=topic) == ["board @\u2060ann"]
        quiet = await s.chat.send(there(-1009, sent), Reply("Anna's answer"), "answer")
        await s.chat.edit(there(-1009, sent), quiet, Reply("Anna's answer, changed"))
        assert len(s.telegram.said(forum)) == 1, "a group has its board, and is spared the rest"
        await s.chat.send(there(-1009, str(topic), "1001"), Reply("only you"), "only")
        assert s.card.text == "only you"
        await s.chat.send(there(1001, f"1001:{s.card.message_id}"), Reply("under it"), "under")
        assert s.card.reply_to is not None
        await s.chat.send(there(1001, "1001:987"), Reply("under what is gone"), "gone")
        assert s.card.text == "under what is gone"

    scene(app, play, linked="")


def test_a_board_moves_with_its_group(app: App) -> None:
    async def play(s: Scene) -> None:
        group = s.telegram.add_group(-55, "East", [s.ann])
        sent = await s.chat.send(there(-55), Reply("0 of 3"), "board")
        new = s.telegram.migrate(group, -10055)
        with pytest.raises(ChatError) as fault:
            await s.chat.edit(there(-55), sent, Reply("1 of 3"))
        assert fault.value.moved_to == "-10055"
        for text in ("1 of 3", "2 of 3"):
            await s.chat.edit(there(-10055), sent, Reply(text))
        assert s.telegram.texts(new) == ["2 of 3"]

    scene(app, play, linked="")


def test_equal_buttons_cost_one_row(app: App) -> None:
    async def play(s: Scene) -> None:
        keys = (Button("A", "/a" * 90), Choices("Later", tuple(Button(f"in {n}", f"/later {n}") for n in range(3))))
        for n in range(3):
            await s.chat.send(there(1001), Reply(str(n), keys), f"k{n}")
        assert len({m.buttons[0]["callback_data"] for m in s.telegram.said(s.ann)}) == 1
        assert [b["text"] for b in s.card.buttons] == ["A", "Later ▾"]

    scene(app, play, linked="")


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("429:7", {"retry_after": 7}, "wait"),
    ("500", {"unsure": True}, "out of order"),
    ("502", {"unsure": True}, "out of order"),
    ("drop", {"unsure": True}, "cannot be reached"),
    ("post-then-drop", {"unsure": True}, "cannot be reached"),
    ("error:401:Unauthorized", {"locked_out": True}, "PACELINE_TELEGRAM_BOT_TOKEN"),
    ("error:403:Forbidden: bot was blocked by the user", {"gone": True, "permanent": True}, "press Start"),
    ("error:403:Forbidden: user is deactivated", {"gone": True, "permanent": True}, "/invite"),
    ("error:403:Forbidden: bot can't initiate conversation with a user", {"gone": True, "permanent": True}, "/invite"),
    ("error:400:Bad Request: chat not found", {"permanent": True}, "/start"),
    ("error:400:Bad Request: message thread not found", {"permanent": True}, "/here"),
    ("error:400:Bad Request: TOPIC_CLOSED", {"permanent": True}, "/here"),
    ("error:400:Bad Request: something new", {"permanent": True}, "Something new"),
]


def test_refusals(app: App) -> None:
    async def play(s: Scene) -> None:
        for n, (how, flags, says) in enumerate(REFUSED):
            group = s.telegram.add_group(-n - 1, "one of its own", [s.ann])
            chat = group.id if "429" in how else s.ann.id
            s.telegram.misbehave("sendMessage", how)
            with pytest.raises(ChatError, match=says) as fault:
                await s.chat.send(there(chat), Reply("hello"), "k")
            names = ("permanent", "gone", "unsure", "locked_out", "retry_after", "moved_to")
            found = {name: getattr(fault.value, name) for name in names if getattr(fault.value, name)}
            assert found == flags, how

    scene(app, play, linked="")


def test_what_was_never_sent_is_no_riddle(app: App) -> None:
    async def play(s: Scene) -> None:
        await s.telegram.close()
        with pytest.raises(ChatError, match="cannot be reached") as fault:
            await s.chat.send(there(1001), Reply("hello"), "k")
        assert (fault.value.unsure, fault.value.permanent) == (False, False)
        await s.telegram.open()
        assert await s.chat.send(there(1001), Reply("hello"), "k")

    scene(app, play, linked="")


def test_kicked_from_the_group(app: App) -> None:
    async def play(s: Scene) -> None:
        group = s.telegram.add_supergroup(-1009, "East", [s.ann])
        s.telegram.kick(group)
        with pytest.raises(ChatError, match="Add me to it again") as fault:
            await s.chat.send(there(-1009), Reply("board"), "k")
        assert (fault.value.permanent, fault.value.gone) == (True, False)

    scene(app, play, linked="")


def test_html_that_telegram_cannot_read_goes_plain(app: App) -> None:
    async def play(s: Scene) -> None:
        s.telegram.misbehave("sendMessage", "error:400:Bad Request: can't parse entities: Unclosed start tag")
        await s.chat.send(there(1001), Reply("**a** < b"), "k")
        assert s.card.text == "a < b"

    scene(app, play, linked="")
