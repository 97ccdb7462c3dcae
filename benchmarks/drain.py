"""Draining 10,000 messages without limits: on Slack beside a bare aiohttp loop that posts as many, on Telegram beside
bare python-telegram-bot calls. CPU of the sender alone; the platform takes 20 ms a message."""

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from bot.app import App
from bot.chat import Platform
from bot.cli import tables  # noqa: F401 - declares every table
from bot.db import Database
from bot.message import Button, Place, Reply
from bot.outbox.model import Say
from bot.outbox.pump import Pump
from bot.settings import read_settings

MANY, AT_ONCE = 10_000, 100
TEXT = "**Standup · Thu 11 Jun · closes 09:40**\nYesterday you planned: demo for Acme; call Wang about the quote."
ENDLESS = str(10**8)


def main() -> None:
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    with platform() as port:
        for name, bare, pairs, target in (("slack", slack_bare, 5, 2.0), ("telegram", telegram_bare, 1, 1.5)):
            times = [(spent(lambda bare=bare: bare(port)), drained(name, port)) for _ in range(pairs)]
            ratio, ours = statistics.median_low((ours / alone, ours) for alone, ours in times)
            print(f"drain: {MANY} on {name}: {ours:.1f} s CPU, {ratio:.2f}x bare calls (target {target}x)")


@contextmanager
def platform() -> Iterator[int]:
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.platform"], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()


def spent(work: Callable[[], Awaitable[object]]) -> float:
    """Seconds of CPU that an event loop takes for `work`."""

    async def run() -> None:
        await work()

    began = time.process_time()
    asyncio.run(run())
    return time.process_time() - began


def drained(name: str, port: int) -> float:
    env = {
        "PACELINE_SLACK_BOT_TOKEN": "xoxb-1",
        "PACELINE_SLACK_SIGNING_SECRET": "s",
        "PACELINE_SLACK_API_URL": f"http://127.0.0.1:{port}/api/",
        "PACELINE_SLACK_PER_MINUTE": ENDLESS,
        "PACELINE_TELEGRAM_BOT_TOKEN": "1:a",
        "PACELINE_TELEGRAM_API_URL": f"http://127.0.0.1:{port}",
        "PACELINE_TELEGRAM_PER_SECOND": ENDLESS,
    }
    with tempfile.TemporaryDirectory() as home:
        settings = read_settings(env | {"PACELINE_HOME": home})
        db = Database(settings.db_url)
        db.migrate()
        app = App(settings, db, lambda: datetime.now(UTC))
        button = Button("Answer", "/standup answer 1", "primary")
        says = [Say(Place(name, f"{n}"), Reply(TEXT, (button,)), f"k:{n}") for n in range(1, MANY + 1)]
        with db.begin() as connection:
            app.say_all(connection, says)
        took = spent(lambda: _drain(app, _chat(app, name)))
        with db.read() as connection:
            (sent,) = connection.exec_driver_sql("SELECT count(*) FROM outbox WHERE state = 'sent'").one()
        assert sent == MANY, f"{sent} of {MANY} were sent"
        db.close()
    return took


def _chat(app: App, name: str) -> Platform:
    settings, folder = app.settings, Path(app.settings.home)
    if name == "slack":
        from bot.chat import slack

        assert settings.slack
        return slack.connect(settings.slack, app.db, 1, folder, app.now)
    from bot.chat import telegram

    assert settings.telegram
    return telegram.connect(settings.telegram, "", app.db, 1, folder, app.now)


async def _drain(app: App, chat: Platform) -> None:
    await Pump(app.db, {chat.platform: chat}, app.now).drain()
    await chat.stop()


async def slack_bare(port: int) -> None:
    url, headers = f"http://127.0.0.1:{port}/api/chat.postMessage", {"Authorization": "Bearer xoxb-1"}
    action = {"type": "button", "text": {"type": "plain_text", "text": "Answer"}, "action_id": "a", "value": "v"}
    blocks = [
        {"type": "section", "text": {"type": "mrkdwn", "text": TEXT}},
        {"type": "actions", "elements": [action]},
    ]
    gate = asyncio.Semaphore(AT_ONCE)

    async def post(session: aiohttp.ClientSession, n: int) -> None:
        async with gate:
            body = {"channel": str(n), "text": TEXT, "blocks": blocks}
            async with session.post(url, json=body, headers=headers) as reply:
                assert (await reply.json())["ok"]

    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(post(session, n) for n in range(1, MANY + 1)))


async def telegram_bare(port: int) -> None:
    from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
    from telegram.request import HTTPXRequest

    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Answer", callback_data="answer")]])
    gate = asyncio.Semaphore(AT_ONCE)
    request = HTTPXRequest(connection_pool_size=AT_ONCE, pool_timeout=60)
    bot = Bot("1:a", base_url=f"http://127.0.0.1:{port}/bot", request=request)

    async def post(n: int) -> None:
        async with gate:
            await bot.send_message(n, TEXT, reply_markup=keyboard)

    async with bot:
        await asyncio.gather(*(post(n) for n in range(1, MANY + 1)))
