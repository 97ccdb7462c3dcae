"""The real pump against a chat that misbehaves."""

import asyncio
from datetime import timedelta

import pytest

from bot.app import App
from bot.errors import ChatError
from bot.message import Place, Reply
from bot.outbox import store
from bot.outbox.model import State
from bot.outbox.pump import Pump
from tests.fakes import Clock, FakeChat

HERE = Place("web", "bot-1")


def drain(app: App, chat: FakeChat) -> None:
    async def go() -> None:
        await Pump(app.db, {"web": chat}, app.now).drain()  # each time a pump of its own, as after a restart

    asyncio.run(go())


def say(app: App, text: str, key: str, **more: object) -> None:
    with app.db.begin() as db:
        app.say(db, HERE, Reply(text), key, **more)  # type: ignore[arg-type]


def texts(chat: FakeChat) -> list[str]:
    return [reply.text for _, reply, _ in chat.posts.values()]


def test_said_twice_is_said_once_and_in_order(app: App) -> None:
    chat = FakeChat()
    for n in (1, 2, 2, 3, 1):
        say(app, f"m{n}", f"k:{n}")
    drain(app, chat)
    drain(app, chat)
    assert texts(chat) == ["m1", "m2", "m3"]


def test_a_failure_holds_the_chat_and_is_tried_again(app: App, clock: Clock) -> None:
    chat = FakeChat(fails=[ChatError("busy", retry_after=30)])
    say(app, "first", "k:1")
    say(app, "second", "k:2")
    drain(app, chat)
    assert texts(chat) == []
    clock.forward(seconds=29)
    drain(app, chat)
    assert texts(chat) == []
    clock.forward(seconds=3)
    drain(app, chat)
    assert texts(chat) == ["first", "second"]


def test_a_permanent_refusal_is_given_up_and_stops_nobody(app: App) -> None:
    chat = FakeChat(fails=[ChatError("gone", permanent=True)])
    say(app, "first", "k:1")
    say(app, "second", "k:2")
    drain(app, chat)
    drain(app, chat)
    assert texts(chat) == ["second"]
    with app.db.read() as db:
        assert app.delivered(db, ["k:1"])["k:1"].state is State.DEAD


def test_a_pump_that_died_holding_a_message_does_not_double_it(app: App, clock: Clock) -> None:
    chat = FakeChat()
    say(app, "once", "k:1")
    with app.db.begin() as db:
        lane = store.hold(db, "1/web", "somewhere/1/else", app.now(), lambda owner: True)
        assert lane is not None
        (waiting,) = store.waiting(db, "1/web", lane.epoch, app.now())
        (held,) = store.claim(db, [waiting], lane.epoch, app.now())
    asyncio.run(chat.send(held.place, held.reply, held.key))  # it was posted, and the process died
    drain(app, chat)
    clock.forward(seconds=61)
    drain(app, chat)
    assert texts(chat) == ["once"]


def test_edits_come_as_one_and_the_newest_wins(app: App, clock: Clock) -> None:
    chat = FakeChat()
    say(app, "0", "board")
    drain(app, chat)
    for n in range(1, 5):
        with app.db.begin() as db:
            app.edit(db, "board", Reply(str(n)))
        drain(app, chat)
        clock.forward(seconds=1)
    clock.forward(seconds=5)
    drain(app, chat)
    assert texts(chat) == ["4"]
    assert len(chat.edits) == 1


def test_what_has_expired_is_not_said(app: App, clock: Clock) -> None:
    chat = FakeChat()
    say(app, "late", "k:1", expires=app.now() + timedelta(minutes=1))
    clock.forward(minutes=2)
    drain(app, chat)
    assert texts(chat) == []
    with app.db.read() as db:
        assert app.delivered(db, ["k:1"])["k:1"].state is State.STALE


def test_a_rolled_back_transaction_says_nothing(app: App) -> None:
    chat = FakeChat()

    def half_done() -> None:
        with app.db.begin() as db:
            app.say(db, HERE, Reply("never"), "k:1")
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        half_done()
    drain(app, chat)
    assert texts(chat) == []
