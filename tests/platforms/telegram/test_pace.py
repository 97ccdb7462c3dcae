"""What happens to a bot that is too fast, and what goes wrong on purpose."""

import asyncio
import time
from datetime import timedelta

import pytest
from telegram import error

from tests.platforms.telegram import Limits
from tests.platforms.telegram.limits import Gate
from tests.platforms.telegram.refusal import Refusal
from tests.platforms.telegram.scene import bot_of, talking
from tests.platforms.windows import most


@pytest.fixture(autouse=True)
def _times(monkeypatch: pytest.MonkeyPatch) -> None:
    """python-telegram-bot warns of the type of every retry_after unless it is told to use the new one."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


def test_a_chat_takes_one_message_a_second() -> None:
    async def scene() -> None:
        async with talking(limits=Limits()) as (telegram, bot, _):
            for _ in range(3):
                await bot.send_message(1001, "burst")
            with pytest.raises(error.RetryAfter) as slow:
                await bot.send_message(1001, "one too many")
            assert slow.value.retry_after == timedelta(seconds=1)
            with pytest.raises(error.RetryAfter):
                await bot.send_message(1001, "did not wait")
            assert telegram.refusals[-1][1].description == "Too Many Requests: retry after 1"
            assert [early.chat for early in telegram.report().early] == [1001]
            assert telegram.report().chats == {1001: 4}

    asyncio.run(scene())


def test_a_group_takes_twenty_a_minute() -> None:
    gate = Gate(Limits(burst=100))
    for second in range(20):
        gate.spend("sendmessage", -55, True, second)
    with pytest.raises(Refusal, match="retry after 35"):
        gate.spend("sendmessage", -55, True, 25)
    with pytest.raises(Refusal, match="retry after 34"):
        gate.open("editmessagetext", -55, 26)
    gate.open("sendmessage", 1001, 26)
    gate.open("sendmessage", -55, 60)
    gate.spend("sendmessage", -55, True, 60)
    assert gate.report().groups == {-55: 21}
    assert [(early.chat, early.seconds) for early in gate.report().early] == [(-55, 34)]


def test_all_together_get_thirty_a_second() -> None:
    gate = Gate(Limits())
    for chat in range(1, 31):
        gate.spend("sendmessage", chat, False, 0.5)
    with pytest.raises(Refusal, match="retry after 1"):
        gate.spend("sendmessage", 31, False, 1)
    with pytest.raises(Refusal, match="retry after 1"):
        gate.open("sendmessage", 32, 1.9)
    gate.open("answercallbackquery", 32, 1.9)
    gate.open("sendmessage", 32, 2)
    gate.spend("sendmessage", 32, False, 2)
    assert gate.report().overall == 31


def test_a_gate_without_limits_still_counts() -> None:
    gate = Gate(None)
    for _ in range(50):
        gate.spend("sendmessage", 1, False, 7)
    assert gate.report().chats == {1: 50}


def test_sliding_windows_count_what_straddles_a_second() -> None:
    assert most([0.0, 0.9, 1.0, 1.8, 1.95], 1) == 3
    assert most([], 1) == 0


def test_scripted_mishaps() -> None:
    async def scene() -> None:
        async with talking() as (telegram, _, ann), bot_of(telegram, read_timeout=0.5) as bot:
            telegram.misbehave("sendMessage", "drop")
            telegram.misbehave("sendMessage", "502")
            telegram.misbehave("sendMessage", "500")
            telegram.misbehave("sendMessage", "hang")
            telegram.misbehave("sendMessage", "error:403:Forbidden: bot was blocked by the user")
            kinds = [error.NetworkError, error.NetworkError, error.NetworkError, error.TimedOut, error.Forbidden]
            for kind in kinds:
                with pytest.raises(kind):
                    await bot.send_message(1001, "x")
            assert telegram.said(ann) == []
            telegram.misbehave("sendMessage", "500", chat=-55)
            await bot.send_message(1001, "at last")
            telegram.misbehave("sendMessage", "429:7", after=1)
            await bot.send_message(1001, "and again")
            with pytest.raises(error.RetryAfter):
                await bot.send_message(1001, "x")
            with pytest.raises(error.RetryAfter):
                await bot.send_message(1001, "x")
            assert len(telegram.report().early) == 1
            outcomes = [call.outcome for call in telegram.calls if call.method == "sendMessage"]
            assert outcomes[:4] == ["drop", "502", "500", "hang"]

    asyncio.run(scene())


def test_a_lost_acknowledgement() -> None:
    async def scene() -> None:
        async with talking() as (telegram, _, ann), bot_of(telegram, read_timeout=0.5) as bot:
            for how, kind in (("post-then-drop", error.NetworkError), ("post-then-hang", error.TimedOut)):
                telegram.misbehave("sendMessage", how)
                with pytest.raises(kind):
                    await bot.send_message(1001, how)
                assert telegram.last(ann).text == how

    asyncio.run(scene())


def test_down_and_slow() -> None:
    async def scene() -> None:
        async with talking() as (telegram, bot, _):
            telegram.down = True
            with pytest.raises(error.NetworkError):
                await bot.get_me()
            telegram.down = False
            telegram.latency = 0.1
            begun = time.monotonic()
            await bot.get_me()
            assert time.monotonic() - begun > 0.1

    asyncio.run(scene())
