"""A Slack, the adapter in front of it, and an ear that keeps what it hears: what the tests of this folder share."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette

from bot.chat.slack.adapter import Slack as Adapter
from bot.cli import tables  # noqa: F401 - declares every table
from bot.db import Database
from bot.errors import FormError
from bot.message import Field, Form, Message, Option, Place, Reply
from bot.settings import SlackSettings
from bot.team import service as team
from bot.team.model import Person
from tests.databases import migrated
from tests.platforms.slack import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, Slack

ROSTER = """person,name,email,team,role,timezone,language,slack
weber,Jonas Weber,jonas@example.com,East,manager,Europe/Berlin,en,
anna,Anna Berg,anna@example.com,East,rep,Europe/Berlin,en,
li,李伟,li@example.com,East,rep,Asia/Shanghai,zh,
"""

FORM = Form(
    "Standup · Thu 11 Jun",
    "/tell us",
    (
        Field("next", "What is next?", "text", required=True),
        Field("way", "In the way?", "one", options=(Option("", "Nothing"), Option("price", "Price"))),
        Field("done", "Done?", "many", options=(Option("1", "Demo"), Option("2", "Quote"))),
        Field("on", "When?", "date"),
        Field("at", "At?", "time"),
        Field("much", "How much?", "number"),
    ),
    "Send",
)


@dataclass
class Ear:
    """Keeps what it hears, and answers what it was told to. `deaf`: how often storing fails; `slow`: seconds that an
    answer takes; `faults`: what the next form that is sent is refused for; `known`: our messages, by (chat, id)."""

    heard: list[Message] = field(default_factory=list)
    answered: list[Message] = field(default_factory=list)
    known: dict[tuple[str, str], str] = field(default_factory=dict)
    replies: dict[str, Reply] = field(default_factory=dict)
    faults: list[dict[str, str]] = field(default_factory=list)
    deaf: int = 0
    slow: float = 0
    slow_to_hear: float = 0

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.heard]

    async def about(self, platform: str, chat: str, sent: str) -> str:
        there = [key for (c, s), key in self.known.items() if c == chat and (s == sent or s.startswith(f"{sent},"))]
        return next(iter(there), "")

    async def moved(self, platform: str, chat: str, to: str) -> None:
        raise AssertionError("nothing moves on Slack")

    async def hear(self, message: Message) -> bool:
        await asyncio.sleep(self.slow_to_hear)
        if self.deaf:
            self.deaf -= 1
            raise OSError("the disk is full of secrets")
        if message.id in [known.id for known in self.heard]:
            return False
        self.heard.append(message)
        return True

    async def answer(self, message: Message) -> Reply | None:
        await asyncio.sleep(self.slow)
        if message.how == "form" and self.faults:
            raise FormError(self.faults.pop(0))
        self.answered.append(message)
        return self.replies.get(message.text)


@dataclass
class Desk:
    """`slack` is the platform, `chat` the adapter under test."""

    slack: Slack
    chat: Adapter
    ear: Ear
    db: Database
    home: Path

    def person(self, key: str) -> Person:
        with self.db.read() as db:
            found = team.find_person(db, 1, key)
        assert found is not None
        return found

    async def says(self, chat: str, text: str, key: str, *buttons: Any, **place: str) -> str:
        """Send something, and let the ear know it as the outbox would."""
        sent = await self.chat.send(Place("slack", chat, **place), Reply(text, tuple(buttons)), key)
        self.ear.known[chat, sent] = key
        return sent

    async def hears(self, count: int = 1, within: float = 5) -> Message:
        """Wait until so many things were answered; the last of them."""
        await self.slack.until(lambda: len(self.ear.answered) >= count, within)
        return self.ear.answered[-1]


@asynccontextmanager
async def office(home: Path, *, http: bool = False, listen: bool = True, **how: Any) -> AsyncIterator[Desk]:
    """Three people, one channel, the adapter listening: by Socket Mode, or by signed HTTP to a server of its own."""
    db = migrated(f"sqlite:///{home / 'test.db'}")
    with db.begin() as writing:
        assert not team.import_roster(writing, 1, ROSTER.encode(), datetime.now(UTC)).faults
    settings = SlackSettings(BOT_TOKEN, "" if http else APP_TOKEN, SIGNING_SECRET, "", 300)
    async with Slack(
        **({"request_url": "http://127.0.0.1:9/"} if http else {}),
        **({"limits": None, "again_after": (0.1, 0.3)} | how),
    ) as slack:
        people = [slack.add_user(f"U{n}", name) for n, name in enumerate(("jonas", "anna", "li"), start=1)]
        slack.add_channel("C1", "east", people)
        chat = Adapter(replace(settings, api_url=slack.url), db, 1, home / "files", lambda: datetime.now(UTC))
        desk = Desk(slack, chat, Ear(), db, home)
        async with _serving(desk) if http else _nothing():
            if listen:
                await chat.start(desk.ear)
                await slack.until(lambda: chat._listener and chat._listener._bot and (http or slack.sockets.open))
                await slack.until(lambda: chat.people.looked)
            started = time.monotonic()
            try:
                yield desk
            finally:
                started = time.monotonic()
                await chat.stop()
                assert time.monotonic() - started < 5, "it did not stop within seconds"
    db.close()


@asynccontextmanager
async def _nothing() -> AsyncIterator[None]:
    yield


@asynccontextmanager
async def _serving(desk: Desk) -> AsyncIterator[None]:
    server = uvicorn.Server(
        uvicorn.Config(Starlette(routes=list(desk.chat.routes())), port=0, log_level="critical", lifespan="off")
    )
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    assert desk.slack.courier
    desk.slack.courier.url = f"http://127.0.0.1:{port}/slack/events"
    try:
        yield
    finally:
        server.should_exit = True
        await serving


def run(test: Callable[[], Any]) -> None:
    """A test that waits for things, in a loop of its own."""
    asyncio.run(test())
