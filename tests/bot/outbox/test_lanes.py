"""One owner a lane; what an owner left undone is in doubt, and looked into before anything is said twice."""

import asyncio
import os
import subprocess
import sys
from datetime import timedelta

import pytest

from bot.app import App
from bot.errors import ChatError
from bot.message import Place, Reply
from bot.outbox import owner, store
from bot.outbox.model import LEASE, State
from bot.outbox.pump import Pump
from tests.fakes import Clock, FakeChat


def drain(app: App, chat: FakeChat) -> None:
    async def go() -> None:
        await Pump(app.db, {"web": chat}, app.now).drain()

    asyncio.run(go())


def say(app: App, *keys: str, chat: str = "bot-1") -> None:
    with app.db.begin() as db:
        for key in keys:
            app.say(db, Place("web", chat), Reply(key), key)


def state(app: App, key: str) -> State:
    with app.db.read() as db:
        return app.delivered(db, [key])[key].state


def left_in_hand(app: App, owner: str, key: str) -> None:
    """An owner took a message in hand and was never seen again."""
    with app.db.begin() as db:
        lane = store.hold(db, "1/web", owner, app.now(), lambda _: True)
        assert lane is not None
        waiting = store.waiting(db, "1/web", lane.epoch, app.now())
        assert [due.key for due in store.claim(db, waiting, lane.epoch, app.now())] == [key]


def a_dead_owner() -> str:
    gone = subprocess.Popen([sys.executable, "-c", "pass"])
    gone.wait()
    return f"{owner.here()}/{gone.pid}/x"


def test_nobody_sends_while_another_holds_the_lane(app: App, clock: Clock) -> None:
    say(app, "first:1")
    left_in_hand(app, "elsewhere/1/x", "first:1")
    say(app, "second:1", chat="bot-2")
    chat = FakeChat()
    drain(app, chat)
    assert not chat.posts
    clock.forward(seconds=LEASE.total_seconds() + 1)
    drain(app, chat)
    assert len(chat.posts) == 2


def test_a_process_that_is_gone_holds_nothing(app: App) -> None:
    say(app, "first:1")
    left_in_hand(app, a_dead_owner(), "first:1")
    chat = FakeChat()
    drain(app, chat)
    assert len(chat.posts) == 1


def test_this_process_is_alive() -> None:
    assert owner.alive(f"{owner.here()}/{os.getpid()}/x")
    assert owner.alive("another-host/1/x")


@pytest.mark.parametrize(
    ("key", "then"),
    [("standup-prompt:1:0", State.SENT), ("reply:web:1", State.SENT), ("standup-summary:1:0:x", State.UNKNOWN)],
)
def test_in_doubt_a_blind_platform_is_told_again_or_an_admin_decides(app: App, key: str, then: State) -> None:
    chat = FakeChat(blind=True)
    say(app, key)
    left_in_hand(app, a_dead_owner(), key)
    drain(app, chat)
    assert state(app, key) is then
    with app.db.read() as db:
        (listed,) = store.troubled(db, 1, app.now() - timedelta(hours=1))
    assert listed.key == key  # either way it is told


def test_in_doubt_it_is_told_again_once_only(app: App, clock: Clock) -> None:
    chat = FakeChat(blind=True, deaf=2)
    say(app, "standup-prompt:1:0")
    for _ in range(4):
        drain(app, chat)
        clock.forward(minutes=1)
    assert len(chat.posts) == 2
    assert state(app, "standup-prompt:1:0") is State.UNKNOWN


def test_a_lost_acknowledgement_is_looked_into(app: App, clock: Clock) -> None:
    chat = FakeChat(deaf=1)
    say(app, "alert:1")
    drain(app, chat)
    clock.forward(minutes=1)
    drain(app, chat)
    assert len(chat.posts) == 1
    assert state(app, "alert:1") is State.SENT


def test_a_pause_outlives_the_process_and_is_kept_to_the_second(app: App, clock: Clock) -> None:
    chat = FakeChat(fails=[ChatError("slow down", retry_after=60)])
    say(app, "a:1")
    say(app, "b:1", chat="bot-2")
    drain(app, chat)
    before = len(chat.posts)
    clock.forward(seconds=59)
    drain(app, chat)
    assert len(chat.posts) == before
    clock.forward(seconds=4)
    drain(app, chat)
    assert len(chat.posts) == 2


def test_a_platform_that_is_down_costs_no_message_its_tries(app: App, clock: Clock) -> None:
    chat = FakeChat(fails=[ChatError("connection refused")] * 100)
    say(app, *(f"k:{n}" for n in range(20)))

    async def two_hours() -> None:
        sender = Pump(app.db, {"web": chat}, app.now)
        for _ in range(240):
            await sender.drain()
            clock.forward(seconds=31)

    asyncio.run(two_hours())
    assert len(chat.posts) == 20


def test_a_token_that_was_revoked_stops_the_lane_and_says_so(app: App, clock: Clock) -> None:
    chat = FakeChat(fails=[ChatError("The token was revoked. Give a new one.", locked_out=True)])
    say(app, "k:1")
    drain(app, chat)
    with app.db.read() as db:
        assert store.pauses(db, app.now())["1/web"][1] == "The token was revoked. Give a new one."
    clock.forward(minutes=1)
    drain(app, chat)
    assert state(app, "k:1") is State.SENT


def test_a_clock_that_was_set_back_keeps_nothing_waiting(app: App, clock: Clock) -> None:
    chat = FakeChat(fails=[ChatError("busy")])
    say(app, "k:1")
    drain(app, chat)  # tried again in a second, by the old clock
    clock.forward(hours=-1)
    drain(app, chat)
    assert state(app, "k:1") is State.SENT


def test_a_chat_that_moved_is_followed(app: App) -> None:
    chat = FakeChat(fails=[ChatError("upgraded", moved_to="bot-9")])
    say(app, "k:1", "k:2")
    drain(app, chat)
    drain(app, chat)
    assert [place.chat for place, _, _ in chat.posts.values()] == ["bot-9", "bot-9"]


def test_what_is_stale_holds_nothing_up(app: App, clock: Clock) -> None:
    with app.db.begin() as db:
        app.say(db, Place("web", "bot-1"), Reply("late"), "k:1", expires=app.now() - timedelta(minutes=1))
    say(app, "k:2")
    chat = FakeChat()
    drain(app, chat)
    assert [key for _, _, key in chat.posts.values()] == ["k:2"]
