"""How updates reach a bot: asked for or delivered, once or again, with a secret."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from tests.platforms.telegram import Telegram
from tests.platforms.telegram.polling import SECRET_HEADER
from tests.platforms.telegram.scene import bot_of, refused, talking


def test_polling_waits_and_confirms_by_offset() -> None:
    async def scene() -> None:
        async with talking() as (telegram, bot, ann):
            (started,) = await bot.get_updates()
            again = await bot.get_updates()
            assert [u.update_id for u in again] == [started.update_id], "nothing was confirmed"
            offset = started.update_id + 1
            begun = time.monotonic()
            assert await bot.get_updates(offset=offset, timeout=0) == ()
            waiting = asyncio.create_task(bot.get_updates(offset=offset, timeout=5))
            await asyncio.sleep(0.1)
            telegram.say(ann, ann, "one")
            assert [u.message and u.message.text for u in await waiting] == ["one"]
            assert 0.1 < time.monotonic() - begun < 2
            telegram.say(ann, ann, "two")
            telegram.say(ann, ann, "three")
            assert len(await bot.get_updates(limit=1)) == 1
            assert [u.message and u.message.text for u in await bot.get_updates(offset=-1)] == ["three"]
            assert len(telegram.queue.pending) == 1

    asyncio.run(scene())


def test_two_who_poll_get_in_each_others_way() -> None:
    async def scene() -> None:
        async with talking() as (telegram, bot, _):
            offset = telegram.updates[-1]["update_id"] + 1
            first = asyncio.create_task(bot.get_updates(offset=offset, timeout=5))
            await asyncio.sleep(0.1)
            async with bot_of(telegram) as other:
                second = asyncio.create_task(other.get_updates(offset=offset, timeout=5))
                assert await refused(telegram, first) == (
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
                )
                await bot.set_webhook("http://127.0.0.1:1/hook")
                assert await refused(telegram, second) == "Conflict: terminated by setWebhook request"
            assert (await refused(telegram, bot.get_updates())).startswith(
                "Conflict: can't use getUpdates method while webhook"
            )

    asyncio.run(scene())


def test_only_the_updates_that_were_asked_for() -> None:
    async def scene() -> None:
        async with talking() as (telegram, bot, ann):
            await bot.get_updates(offset=-1, allowed_updates=["callback_query"])
            telegram.say(ann, ann, "unheard")
            telegram.block(ann)
            assert len(telegram.updates) == 1

    asyncio.run(scene())


def test_updates_that_come_again_and_in_disorder() -> None:
    async def scene() -> None:
        async with talking() as (telegram, bot, ann):
            await bot.get_updates(offset=-1)
            telegram.deliver_times = 3
            telegram.say(ann, ann, "thrice")
            telegram.deliver_times = 1
            with telegram.scrambled():
                for word in ("a", "b", "c"):
                    telegram.say(ann, ann, word)
            telegram.again(telegram.message(ann, 1))
            told = [u.message.text for u in await bot.get_updates() if u.message]
            assert told == ["/start", "thrice", "thrice", "thrice", "c", "b", "a", "/start"]

    asyncio.run(scene())


@asynccontextmanager
async def listening(answer: Callable[[str, dict[str, Any]], int], telegram: Telegram) -> AsyncIterator[web.AppRunner]:
    """A web server that is called for https://bot.example.com and answers with a status."""

    async def hook(request: web.Request) -> web.Response:
        return web.Response(status=answer(request.headers.get(SECRET_HEADER, ""), await request.json()))

    app = web.Application()
    app.router.add_post("/telegram", hook)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    telegram.line.reroute["https://bot.example.com"] = f"http://127.0.0.1:{runner.addresses[0][1]}"
    telegram.line.pauses = (0.01, 0.02)
    yield runner
    await runner.cleanup()


HOOK = "https://bot.example.com/telegram"


def test_a_webhook_with_its_secret() -> None:
    heard: list[tuple[str, dict[str, Any]]] = []
    answers = [500, 403, 200]

    def answer(secret: str, body: dict[str, Any]) -> int:
        heard.append((secret, body))
        return answers.pop(0) if answers else 200

    async def scene() -> None:
        async with talking() as (telegram, bot, ann), listening(answer, telegram) as runner:
            plain = bot.set_webhook(HOOK.replace("https", "http"))
            assert "An HTTPS URL must be provided" in await refused(telegram, plain)
            await bot.set_webhook(HOOK, secret_token="s3cret", max_connections=1)
            telegram.say(ann, ann, "one")
            telegram.say(ann, ann, "two")
            await telegram.until(lambda: not telegram.queue.pending)
            assert [secret for secret, _ in heard] == ["s3cret"] * 5
            assert [body["message"]["text"] for _, body in heard] == ["/start"] * 3 + ["one", "two"]
            assert [d.status for d in telegram.deliveries] == [500, 403, 200, 200, 200]
            info = await bot.get_webhook_info()
            assert (info.url, info.pending_update_count) == (HOOK, 0)
            assert info.last_error_message == "Wrong response from the webhook: 403"
            await telegram.forge({"update_id": 1}, secret="guessed")
            await telegram.forge({"update_id": 2})
            assert [secret for secret, _ in heard[-2:]] == ["guessed", ""]
            await runner.cleanup()
            telegram.say(ann, ann, "nobody home")
            await telegram.until(lambda: telegram.deliveries[-1].status == 0)
            await bot.delete_webhook(drop_pending_updates=True)
            assert await bot.get_updates() == ()

    asyncio.run(scene())


def test_a_webhook_keeps_order_by_chat_only() -> None:
    heard: list[str] = []
    down = True

    def answer(_: str, body: dict[str, Any]) -> int:
        message = body["message"]
        if message["from"]["first_name"] == "Ann" and down:
            return 503
        heard.append(message["text"])
        return 200

    async def scene() -> None:
        nonlocal down
        async with talking() as (telegram, bot, ann), listening(answer, telegram):
            bob = telegram.add_user(1002, "Bob")
            telegram.start(bob)
            await bot.get_updates(offset=-1)
            await bot.get_updates(offset=telegram.updates[-1]["update_id"] + 1)
            await bot.set_webhook(HOOK)
            for number in range(3):
                telegram.say(ann, ann, f"ann {number}")
                telegram.say(bob, bob, f"bob {number}")
            await telegram.until(lambda: len(heard) == 3)
            down = False
            await telegram.until(lambda: not telegram.queue.pending)
            assert heard == ["bob 0", "bob 1", "bob 2", "ann 0", "ann 1", "ann 2"]

    asyncio.run(scene())
