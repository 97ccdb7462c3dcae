"""What people do in Telegram is heard once, in order, and confirmed only when it is stored."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette

from bot.app import App
from bot.chat.telegram import files
from bot.message import Button, Choices, Reply
from tests.bot.chat.telegram.scene import BASE, FakeEar, Scene, connected, platform, there
from tests.conftest import Office

SECRET = "s3cret"


def scene(east: Office, play: Callable[[Scene], Awaitable[None]], **more: Any) -> None:
    async def go() -> None:
        async with connected(east.app, **more) as found:
            await play(found)

    asyncio.run(go())


def test_words_and_who_said_them(east: Office) -> None:
    async def play(s: Scene) -> None:
        said = s.telegram.say(s.ann, s.ann, "hello")
        (heard,) = await s.heard(1)
        assert heard.id == f"1001:{said.message_id}"
        assert (heard.person, heard.place, heard.how) == (east.person("anna").id, there(1001), "typed")
        assert heard.at.timestamp() == int(said.date)
        s.telegram.edit(s.ann, s.ann, said, "hello there")
        edited = (await s.heard(2))[1]
        assert (edited.text, edited.how) == ("hello there", "edit")
        assert edited.id.startswith(heard.id + ":e")
        bob = s.telegram.add_user(1002, "Bob")
        s.telegram.start(bob)
        s.telegram.say(bob, bob, "let me in")
        assert (await s.heard(3))[2].person == 0

    scene(east, play)


def test_once_though_it_comes_thrice_and_in_disorder(east: Office) -> None:
    async def play(s: Scene) -> None:
        s.telegram.deliver_times = 3
        with s.telegram.scrambled(seed=4):
            said = [s.telegram.say(s.ann, s.ann, str(n)) for n in range(5)]
        await s.calm()
        s.telegram.again(said[0])
        await s.calm()
        assert sorted(s.ear.texts) == [str(n) for n in range(5)]

    scene(east, play)


def test_once_through_a_restart(east: Office) -> None:
    async def play(s: Scene) -> None:
        said = s.telegram.say(s.ann, s.ann, "one")
        await s.calm()
        await s.chat.stop()
        s.telegram.again(said)
        s.telegram.say(s.ann, s.ann, "two")
        s.chat = platform(s.app, s.telegram)
        await s.chat.start(s.ear)
        await s.calm()
        assert s.ear.texts == ["one", "two"]

    scene(east, play)


def test_not_confirmed_before_it_is_stored(east: Office) -> None:
    async def play(s: Scene) -> None:
        s.ear.fails = 2
        s.telegram.say(s.ann, s.ann, "one")
        s.telegram.say(s.ann, s.ann, "two")
        await s.telegram.until(lambda: "storing" in s.chat.broken())
        assert len(s.telegram.queue.pending) == 2
        await s.heard(2)
        assert s.ear.texts == ["one", "two"]
        await s.calm()
        assert s.chat.broken() == {}

    scene(east, play)


def test_answers_in_order(east: Office) -> None:
    async def play(s: Scene) -> None:
        s.ear.slow = 0.05
        for n in range(4):
            s.telegram.say(s.ann, s.ann, str(n))
        await s.heard(4)
        assert s.ear.texts == ["0", "1", "2", "3"]

    scene(east, play)


def test_presses(east: Office) -> None:
    async def play(s: Scene) -> None:
        later = Choices("Later", (Button("in 15", "/later 15"), Button("in 30", "/later 30")))
        sent = await s.chat.send(there(1001), Reply("Standup?", (Button("Answer", "/answer"), later)), "k")
        s.ear.keys[sent] = "standup-prompt:1"
        s.telegram.deliver_times = 3
        assert await s.tap("Answer") == ""
        (heard,) = s.ear.answered
        assert (heard.text, heard.how, heard.about) == ("/answer", "button", "standup-prompt:1")
        await s.tap("Later ▾")
        assert s.card.labels == ["in 15", "in 30", "‹ Back"]
        await s.tap("‹ Back")
        assert s.card.labels == ["Answer", "Later ▾"]
        await s.tap("Later ▾")
        await s.chat.stop()
        s.chat = platform(s.app, s.telegram)
        await s.chat.start(s.ear)
        await s.tap("in 30")
        assert s.ear.texts == ["/answer", "/later 30"]

    scene(east, play)


def test_made_up_buttons_do_nothing(east: Office) -> None:
    async def play(s: Scene) -> None:
        for data in ("x", "AAAAAAAAAAAAAAAA.0", "c.AAAAAAAA.0.z", "/login", "AAAAAAAAAAAAAAAA.999.999"):
            keys = {"inline_keyboard": [[{"text": "Go", "callback_data": data}]]}
            await s.chat.desk.bot.send_message(1001, "x", api_kwargs={"reply_markup": keys})
            toast = await s.tap("Go")
            assert toast.startswith("This form is closed" if data.startswith("c.") else "This button is too old"), data
            assert s.ear.heard == {}

    scene(east, play)


def test_a_button_of_one_of_several_parts(east: Office) -> None:
    async def play(s: Scene) -> None:
        long = Reply("x" * 4000 + "\n\n" + "y" * 4000, (Button("Go", "/go"),))
        sent = await s.chat.send(there(1001), long, "k")
        s.ear.keys[sent] = "report:1"
        await s.tap("Go")
        assert s.ear.answered[0].about == "report:1"

    scene(east, play)


def test_groups(east: Office) -> None:
    async def play(s: Scene) -> None:
        forum = s.telegram.add_supergroup(-1009, "East", [s.ann], is_forum=True)
        topic = s.telegram.add_topic(forum, "Standup")
        s.telegram.promote(forum)
        sent = await s.chat.send(there(-1009, str(topic)), Reply("board", (Button("More", "/more"),)), "board")
        s.ear.keys[sent] = "standup-board:1"
        board = s.telegram.last(forum)
        for text in ("just talking", "/standup", "/standup@other_bot", "/standup@paceline_bot now"):
            s.telegram.say(s.ann, forum, text, thread=topic)
        s.telegram.say(s.ann, forum, "hey @Paceline_bot, who is blocked?")
        s.telegram.say(s.ann, forum, "me too", reply_to=board)
        await s.tap("More", where=forum)
        heard = s.ear.answered
        assert [m.text for m in heard] == [
            "/standup",
            "/standup now",
            "@paceline hey who is blocked?",
            "me too",
            "/more",
        ]
        assert {m.place for m in heard} == {there(-1009, str(topic), "1001"), there(-1009, "", "1001")}
        assert [m.about for m in heard] == ["", "", "", "standup-board:1", "standup-board:1"]

    scene(east, play)


def test_a_group_that_moves_on(east: Office) -> None:
    async def play(s: Scene) -> None:
        group = s.telegram.add_group(-55, "East", [s.ann])
        s.telegram.migrate(group, -10055)
        await s.telegram.until(lambda: len(s.ear.moves) == 2)
        assert set(s.ear.moves) == {("-55", "-10055")}

    scene(east, play)


def test_an_anonymous_admin_is_told(east: Office) -> None:
    async def play(s: Scene) -> None:
        group = s.telegram.add_supergroup(-1009, "East", [s.ann])
        s.telegram.say(s.ann, group, "/here", anonymous=True)
        await s.telegram.until(lambda: s.telegram.said(group))
        assert "Write as yourself" in s.telegram.last(group).text
        assert s.ear.heard == {}

    scene(east, play)


def test_files(east: Office) -> None:
    async def play(s: Scene) -> None:
        s.telegram.send_document(s.ann, s.ann, "..deals|2026.csv", b"a,b\n", caption="/import")
        await s.calm()
        (heard,) = s.ear.answered
        (file,) = heard.files
        assert (heard.text, file.name, file.size) == ("/import", "..deals|2026.csv", 4)
        assert str(s.app.settings.home / "files" / "telegram") in file.path
        assert file.path.endswith("/deals_2026.csv")
        assert files._safe("../../etc/passwd") == "_.._etc_passwd"
        s.telegram.send_document(s.ann, s.ann, "film.mov", b"\0" * (21 * 2**20))
        await s.telegram.until(lambda: s.telegram.said(s.ann))
        assert "at most 20 MB" in s.card.text
        assert len(s.ear.heard) == 1

    scene(east, play)


def test_a_file_that_cannot_be_fetched_loses_no_words(east: Office) -> None:
    async def play(s: Scene) -> None:
        s.telegram.misbehave("getFile", "500", times=3)
        s.telegram.send_document(s.ann, s.ann, "deals.csv", b"a,b\n", caption="/import")
        await s.heard(1)
        assert (s.ear.answered[0].text, s.ear.answered[0].files) == ("/import", ())
        await s.telegram.until(lambda: s.telegram.said(s.ann))
        assert "Send it again" in s.card.text

    scene(east, play)


def test_the_menu_in_both_languages(east: Office) -> None:
    async def play(s: Scene) -> None:
        await s.telegram.until(lambda: len(s.telegram.commands) == 2)
        english, chinese = s.telegram.commands[("default", "")], s.telegram.commands[("default", "zh")]
        assert english[0] == {"command": "standup", "description": "Answer today's standup, or change your answer"}
        assert chinese[0]["description"] == "填写或修改今天的站会"

    scene(east, play)


def test_down_and_up_again(east: Office) -> None:
    async def play(s: Scene) -> None:
        s.telegram.down = True
        await s.telegram.until(lambda: "listening" in s.chat.broken())
        s.telegram.down = False
        s.telegram.say(s.ann, s.ann, "anybody?")
        await s.heard(1)
        assert s.chat.broken() == {}

    scene(east, play)


def test_a_start_while_telegram_is_down(east: Office) -> None:
    async def play(s: Scene) -> None:
        s.telegram.down = True
        await s.chat.start(s.ear)
        await s.telegram.until(lambda: "listening" in s.chat.broken())
        assert s.chat.invitation("abc") == "/start abc"
        s.telegram.down = False
        s.telegram.say(s.ann, s.ann, "anybody?")
        await s.heard(1)
        assert s.chat.invitation("abc") == "https://t.me/paceline_bot?start=abc"

    scene(east, play, start=False)


def test_a_revoked_token_and_a_second_program(east: Office) -> None:
    async def play(s: Scene) -> None:
        second = platform(s.app, s.telegram)
        await second.start(FakeEar())
        await s.telegram.until(lambda: "conflict" in s.chat.broken() or "conflict" in second.broken())
        await second.stop()
        s.telegram.revoke("123456789:AAOtherOtherOtherOtherOtherOtherOth")
        s.telegram.down = True
        s.telegram.down = False
        await s.telegram.until(lambda: "token" in s.chat.broken())
        assert "@BotFather" in s.chat.broken()["token"]

    scene(east, play)


def test_nothing_private_is_logged(east: Office, caplog: pytest.LogCaptureFixture) -> None:
    async def play(s: Scene) -> None:
        with caplog.at_level("DEBUG"):
            s.ear.fails = 1
            s.telegram.misbehave("getUpdates", "500")
            s.telegram.say(s.ann, s.ann, "secret plan")
            await s.heard(1)
            await s.chat.send(there(1001), Reply("secret answer"), "k")

    scene(east, play)
    for word in ("secret", "AAFake", "Ann"):
        assert word not in caplog.text


def test_an_update_that_we_stumble_over_holds_nobody_up_for_long(east: Office) -> None:
    async def play(s: Scene) -> None:
        take, stumbled = s.chat.hearing.take, []

        async def stumbling(update: Any) -> None:
            if update.message.text == "odd":
                stumbled.append(update)
                raise KeyError("secret")
            await take(update)

        s.chat.hearing.take = stumbling
        s.telegram.say(s.ann, s.ann, "odd")
        s.telegram.say(s.ann, s.ann, "even")
        await s.heard(1)
        assert (s.ear.texts, len(stumbled)) == (["even"], 4)

    scene(east, play)


# The webhook.


@asynccontextmanager
async def hooked(app: App) -> AsyncIterator[Scene]:
    """A scene in which Telegram calls us."""
    async with connected(app, start=False) as s:
        s.chat = platform(app, s.telegram, SECRET)
        server = uvicorn.Server(uvicorn.Config(Starlette(routes=list(s.chat.routes())), port=0, log_config=None))
        serving = asyncio.create_task(server.serve())
        await s.telegram.until(lambda: server.started)
        port = server.servers[0].sockets[0].getsockname()[1]
        s.telegram.line.reroute[BASE] = f"http://127.0.0.1:{port}"
        s.telegram.line.pauses = (0.02,)
        await s.chat.start(s.ear)
        await s.telegram.until(lambda: s.telegram.line.url)
        yield s
        server.should_exit = True
        await serving


def test_a_webhook(east: Office) -> None:
    async def go() -> None:
        async with hooked(east.app) as s:
            assert s.telegram.line.url == "https://paceline.example/telegram/webhook"
            s.ear.fails = 2
            s.telegram.deliver_times = 3
            for n in range(3):
                s.telegram.say(s.ann, s.ann, str(n))
            await s.calm()
            assert s.ear.texts == ["0", "1", "2"]
            statuses = [d.status for d in s.telegram.deliveries]
            assert (statuses[:2], set(statuses[2:])) == ([503, 503], {200})
            update = s.telegram.updates[-1]
            for secret in ("guessed", None, "é"):
                assert await s.telegram.forge(update | {"update_id": 1}, secret=secret) == 403
            assert s.chat.listening.refused == 3
            assert await s.telegram.forge({"nonsense": True}, secret=SECRET) == 200
            await s.chat.stop()
            again = platform(east.app, s.telegram)
            await again.start(s.ear)
            await s.telegram.until(lambda: not s.telegram.line.url)
            s.telegram.say(s.ann, s.ann, "by polling")
            await s.heard(4)
            await again.stop()

    asyncio.run(go())
