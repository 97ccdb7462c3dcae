"""A signed Slack event through signature, dedupe, handler and commit, beside bare slack-bolt with a listener that does
nothing; a Telegram update the same, beside bare python-telegram-bot with its parsing.

Each side is a web server in a process of its own, 32 connections deliver to it; what counts is that process's CPU.
"""

import asyncio
import hashlib
import hmac
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

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

MANY, PEOPLE, AT_ONCE = 3_000, 200, 32
SECRET = "secret"
TICK = os.sysconf("SC_CLK_TCK")
Told = Callable[[int], tuple[str, bytes, dict[str, str]]]


def main() -> None:
    with platform() as port:
        for name, told, target in (("slack", slack_event, 0.4), ("telegram", telegram_update, 0.2)):
            alone, ours = measured(f"bare-{name}", told, port), measured(name, told, port)
            rates = f"{ours * 1000:.2f} ms of CPU each, {alone / ours:.2f}x the rate of bare"
            print(f"inbound: {name} {rates} (target {target}x)")


def measured(side: str, told: Told, port: int) -> float:
    """Seconds of CPU for each thing told to one side, until all of them are dealt with."""
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "benchmarks.inbound", side, str(port), home]
        env = os.environ | {"PTB_TIMEDELTA": "true"}
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env)
        assert process.stdout is not None
        try:
            at = int(process.stdout.readline())
            asyncio.run(deliver(at, told, range(200)))
            wait(home, 200)
            began = spent(process.pid)
            asyncio.run(deliver(at, told, range(200, 200 + MANY)))
            wait(home, 200 + MANY)
            return (spent(process.pid) - began) / MANY
        finally:
            process.terminate()
            process.wait()


def spent(pid: int) -> float:
    """Seconds of CPU that a process took so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def wait(home: str, many: int) -> None:
    """Until all that was told is answered; the bare sides keep nothing."""
    path = Path(home) / "paceline.db"
    if path.exists():
        db = Database(f"sqlite:///{path}")
        while True:
            with db.read() as connection:
                if connection.exec_driver_sql("SELECT count(answered) FROM inbox").scalar() == many:
                    break
            time.sleep(0.05)
        db.close()


async def deliver(port: int, told: Told, numbers: range) -> None:
    turns = iter(numbers)

    async def line(session: aiohttp.ClientSession) -> None:
        for n in turns:
            path, body, headers = told(n)
            async with session.post(f"http://127.0.0.1:{port}{path}", data=body, headers=headers) as answer:
                assert answer.status == 200, await answer.text()

    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(line(session) for _ in range(AT_ONCE)))


def slack_event(n: int) -> tuple[str, bytes, dict[str, str]]:
    user, ts = f"U{n % PEOPLE + 1}", f"{1718000000 + n}.0001"
    event = {"type": "message", "channel": f"D{user}", "user": user, "text": "/help", "ts": ts}
    event |= {"channel_type": "im", "event_ts": ts}
    body: dict[str, Any] = {"token": "t", "team_id": "T1", "api_app_id": "A1", "type": "event_callback"}
    body |= {"event": event, "event_id": f"Ev{n}", "event_time": 1718000000 + n}
    body |= {"authorizations": [{"team_id": "T1", "user_id": "UB", "is_bot": True}]}
    raw, at = json.dumps(body).encode(), str(int(time.time()))
    signature = hmac.new(SECRET.encode(), b"v0:" + at.encode() + b":" + raw, hashlib.sha256).hexdigest()
    headers = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={signature}"}
    return "/slack/events", raw, headers | {"Content-Type": "application/json"}


def telegram_update(n: int) -> tuple[str, bytes, dict[str, str]]:
    who = n % PEOPLE + 1
    user = {"id": who, "is_bot": False, "first_name": "P", "language_code": "en"}
    chat = {"id": who, "type": "private", "first_name": "P"}
    entities = [{"type": "bot_command", "offset": 0, "length": 5}]
    message = {"message_id": n + 1, "date": 1718000000, "chat": chat, "from": user, "text": "/help"}
    raw = json.dumps({"update_id": n + 1, "message": message | {"entities": entities}}).encode()
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
    return "/telegram/webhook", raw, headers


# the sides, each the main program of a process


async def serve(side: str, port: int, home: str) -> None:
    sides = {"slack": ours, "telegram": ours, "bare-slack": bare_slack, "bare-telegram": bare_telegram}
    site = await sides[side](side, port, home)
    config = uvicorn.Config(site, port=0, log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    print(server.servers[0].sockets[0].getsockname()[1], flush=True)
    await serving


async def ours(side: str, port: int, home: str) -> Starlette:
    app = company(port, home)
    inbox = Inbox(app.db, 1, partial(route, app, MENU, FREE), app.now)
    settings = app.settings
    if side == "slack":
        from bot.chat import slack

        assert settings.slack
        chat: Any = slack.connect(settings.slack, app.db, 1, settings.home, app.now)
    else:
        from bot.chat import telegram

        assert settings.telegram
        chat = telegram.connect(settings.telegram, settings.base_url, app.db, 1, settings.home, app.now)
    await chat.start(inbox)
    await asyncio.sleep(1)  # what it asks the platform at first is not what is measured
    return Starlette(routes=list(chat.routes()))


def company(port: int, home: str) -> App:
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
    return app


async def bare_slack(side: str, port: int, home: str) -> Starlette:
    from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
    from slack_bolt.async_app import AsyncApp
    from slack_sdk.web.async_client import AsyncWebClient

    client = AsyncWebClient("xoxb-1", base_url=f"http://127.0.0.1:{port}/api/")
    app = AsyncApp(client=client, signing_secret=SECRET)

    @app.event("message")
    async def nothing() -> None:
        pass

    handler = AsyncSlackRequestHandler(app)

    async def endpoint(request: Request) -> Response:
        return await handler.handle(request)

    return Starlette(routes=[Route("/slack/events", endpoint, methods=["POST"])])


async def bare_telegram(side: str, port: int, home: str) -> Starlette:
    from telegram import Update
    from telegram.ext import Application, MessageHandler, filters

    app = Application.builder().token("1:a").base_url(f"http://127.0.0.1:{port}/bot").updater(None).build()

    async def nothing(update: object, context: object) -> None:
        pass

    app.add_handler(MessageHandler(filters.ALL, nothing))
    await app.initialize()

    async def endpoint(request: Request) -> Response:
        await app.process_update(Update.de_json(await request.json(), app.bot))
        return Response()

    return Starlette(routes=[Route("/telegram/webhook", endpoint, methods=["POST"])])


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
