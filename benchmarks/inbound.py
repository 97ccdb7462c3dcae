"""A signed Slack event through signature, dedupe, handler and commit, beside bare slack-bolt with a listener that does
nothing; a Telegram update the same, beside bare python-telegram-bot with its parsing. CPU, without a network."""

import asyncio
import hashlib
import hmac
import json
import os
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Route

from benchmarks.company import roster
from benchmarks.drain import platform
from bot.app import App
from bot.cli import tables  # noqa: F401 - declares every table
from bot.db import Database
from bot.inbox.ear import Inbox
from bot.settings import read_settings
from bot.team import accounts
from bot.team import service as team
from handlers import FREE, MENU
from handlers.route import route

MANY, PEOPLE, AT_ONCE = 2_000, 200, 32
SECRET = "secret"
Call = Callable[[Starlette, int], Awaitable[None]]


def main() -> None:
    os.environ.setdefault("PTB_TIMEDELTA", "true")
    with platform() as port:
        for name, bare, call, target in (
            ("slack", slack_bare, slack_event, 0.4),
            ("telegram", telegram_bare, telegram_update, 0.2),
        ):
            alone = asyncio.run(bare(port))
            ours = asyncio.run(heard(name, port, call))
            rates = f"{1 / ours:.0f} a second of CPU, {alone / ours:.2f}x the rate of bare"
            print(f"inbound: {name} {rates} (target {target}x)")


async def heard(name: str, port: int, call: Call) -> float:
    """Seconds of CPU for each thing heard, stored, answered and committed."""
    with connected(port) as app:
        if name == "slack":
            from bot.chat import slack

            assert app.settings.slack
            chat: Any = slack.connect(app.settings.slack, app.db, 1, app.settings.home, app.now)
        else:
            from bot.chat import telegram

            assert app.settings.telegram
            base = app.settings.base_url
            chat = telegram.connect(app.settings.telegram, base, app.db, 1, app.settings.home, app.now)
        inbox = Inbox(app.db, 1, partial(route, app, MENU, FREE), app.now)
        await chat.start(inbox)
        await asyncio.sleep(1)  # what it asks the platform at first is not what is measured
        site = Starlette(routes=list(chat.routes()))
        await call(site, 0)
        began = time.process_time()
        await at_once(lambda n: call(site, n))
        while left(app):
            await asyncio.sleep(0.05)
        took = time.process_time() - began
        await chat.stop()
        inbox.close()
    return took / (MANY - 1)


async def at_once(call: Callable[[int], Awaitable[None]]) -> None:
    """All of them, so many on their way at a time."""
    turns = iter(range(1, MANY))

    async def line() -> None:
        for n in turns:
            await call(n)

    await asyncio.gather(*(line() for _ in range(AT_ONCE)))


def left(app: App) -> int:
    with app.db.read() as db:
        heard, answered = db.exec_driver_sql("SELECT count(*), count(answered) FROM inbox").one()
    return int(MANY - answered) if heard == MANY else MANY


@contextmanager
def connected(port: int) -> Iterator[App]:
    with tempfile.TemporaryDirectory() as home:
        env = {
            "PACELINE_HOME": home,
            "PACELINE_URL": "https://paceline.example",
            "PACELINE_SLACK_BOT_TOKEN": "xoxb-1",
            "PACELINE_SLACK_SIGNING_SECRET": SECRET,
            "PACELINE_SLACK_API_URL": f"http://127.0.0.1:{port}/api/",
            "PACELINE_TELEGRAM_BOT_TOKEN": "1:a",
            "PACELINE_TELEGRAM_WEBHOOK_SECRET": SECRET,
            "PACELINE_TELEGRAM_API_URL": f"http://127.0.0.1:{port}",
        }
        settings = read_settings(env)
        db = Database(settings.db_url)
        db.migrate()
        app = App(settings, db, lambda: datetime.now(UTC))
        with db.begin() as connection:
            team.import_roster(connection, 1, roster(PEOPLE, 10).encode(), app.now())
            for who in team.people(connection, 1):
                accounts.link(connection, 1, who.id, "slack", f"U{who.id}", f"U{who.id}")
                accounts.link(connection, 1, who.id, "telegram", str(who.id), str(who.id))
        yield app
        db.close()


async def post(site: Starlette, path: str, body: bytes, headers: dict[str, str]) -> None:
    """One request, as the web server would hand it over."""
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b""}
    scope |= {"headers": raw, "http_version": "1.1", "scheme": "http", "server": ("x", 80), "root_path": ""}
    answers: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        answers.append(message)

    await site(scope, receive, send)
    assert answers[0]["status"] == 200, answers


async def slack_event(site: Starlette, n: int) -> None:
    user = f"U{n % PEOPLE + 1}"
    event = {"type": "message", "channel": f"D{user}", "user": user, "text": "/help", "ts": f"{n}.0001"}
    event |= {"channel_type": "im", "event_ts": f"{n}.0001"}
    body = {"token": "t", "team_id": "T1", "api_app_id": "A1", "type": "event_callback", "event_id": f"Ev{n}"}
    body |= {"event": event, "event_time": n, "authorizations": [{"team_id": "T1", "user_id": "UB", "is_bot": True}]}
    raw, at = json.dumps(body).encode(), str(int(time.time()))
    signature = hmac.new(SECRET.encode(), b"v0:" + at.encode() + b":" + raw, hashlib.sha256).hexdigest()
    headers = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={signature}"}
    await post(site, "/slack/events", raw, headers | {"Content-Type": "application/json"})


async def slack_bare(port: int) -> float:
    from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
    from slack_bolt.async_app import AsyncApp
    from slack_sdk.web.async_client import AsyncWebClient

    client = AsyncWebClient("xoxb-1", base_url=f"http://127.0.0.1:{port}/api/")
    app = AsyncApp(client=client, signing_secret=SECRET)

    @app.event("message")
    async def nothing() -> None:
        pass

    handler = AsyncSlackRequestHandler(app)
    routes: list[BaseRoute] = [Route("/slack/events", handler.handle, methods=["POST"])]
    site = Starlette(routes=routes)
    await slack_event(site, 0)
    began = time.process_time()
    await at_once(lambda n: slack_event(site, n))
    return (time.process_time() - began) / (MANY - 1)


def written(n: int) -> bytes:
    who = n % PEOPLE + 1
    user = {"id": who, "is_bot": False, "first_name": "P", "language_code": "en"}
    chat = {"id": who, "type": "private", "first_name": "P"}
    entities = [{"type": "bot_command", "offset": 0, "length": 5}]
    message = {"message_id": n + 1, "date": 1718000000, "chat": chat, "from": user, "text": "/help"}
    return json.dumps({"update_id": n + 1, "message": message | {"entities": entities}}).encode()


async def telegram_update(site: Starlette, n: int) -> None:
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
    await post(site, "/telegram/webhook", written(n), headers)


async def telegram_bare(port: int) -> float:
    from telegram import Update
    from telegram.ext import Application, MessageHandler, filters

    app = Application.builder().token("1:a").base_url(f"http://127.0.0.1:{port}/bot").updater(None).build()

    async def nothing(update: object, context: object) -> None:
        pass

    app.add_handler(MessageHandler(filters.ALL, nothing))
    await app.initialize()
    bodies = [written(n) for n in range(MANY)]
    began = time.process_time()
    for body in bodies:
        await app.process_update(Update.de_json(json.loads(body), app.bot))
    took = (time.process_time() - began) / MANY
    await app.shutdown()
    return took
