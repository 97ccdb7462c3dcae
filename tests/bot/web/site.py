"""A web server with an echo in place of the handlers, on a free port: real HTTP, a real browser."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from bot.app import App
from bot.chat.web.adapter import WebChat
from bot.cli import tables  # noqa: F401 - declares every table
from bot.errors import BotError, FormError
from bot.message import Button, Choices, Field, Form, Message, Option, Place, Reply, answer
from bot.settings import read_settings
from bot.team import service as team
from bot.team.model import Person
from bot.web import server
from bot.web import store as web
from tests.databases import migrated

ROSTER = """person,name,team,role,timezone,language,calendar,manager
boss,Jonas Weber,North,manager,Europe/Berlin,en,,
anna,Anna Berg,East,rep,Europe/Berlin,en,,boss
li,李伟,East,rep,Asia/Shanghai,zh,CN,boss
omar,Omar Said,West,rep,Asia/Kolkata,en,,
root,Ruth Adeyemi,West,admin,Europe/London,en,,
"""

FORM = Form(
    "Tell us",
    "/tell",
    (
        Field("next", "What is next?", "text", required=True),
        Field("way", "In the way?", "one", options=(Option("", "Nothing"), Option("price", "Price"))),
        Field("done", "Done?", "many", options=(Option("1", "Demo"), Option("2", "Quote"))),
        Field("on", "When?", "date"),
    ),
    "Send",
)


@dataclass
class Echo:
    """Says what it heard, once each; opens a form for /form; refuses what it is told to refuse."""

    chat: WebChat
    heard: list[Message] = field(default_factory=list)

    async def hear(self, message: Message) -> bool:
        if any(known.id == message.id for known in self.heard):
            return False
        self.heard.append(message)
        return True

    async def answer(self, message: Message) -> Reply | None:
        if message.text == "/form":
            return Reply(form=FORM)
        if message.text == "/refuse":
            raise BotError("That cannot be done today.")
        if message.how == "form" and "no" in answer(message, "next"):
            raise FormError({"next": "Say more than no."})
        text = answer(message, "next") or message.text
        await self.chat.send(message.place, Reply(f"**Heard** {message.how}: {len(text)}"), f"echo:{message.id}")
        return None


def done(doing: Coroutine[Any, Any, Any]) -> Any:
    """Done when this returns; in a thread of its own, for the driver of the browser keeps a loop in this one."""
    with ThreadPoolExecutor(1) as one:
        return one.submit(asyncio.run, doing).result()


@dataclass
class Site:
    app: App
    chat: WebChat
    ear: Echo
    url: str = ""

    def person(self, key: str) -> Person:
        with self.app.db.read() as db:
            found = team.find_person(db, 1, key)
        assert found is not None
        return found

    def link(self, key: str) -> str:
        with self.app.db.begin() as db:
            return self.url + web.new_link(db, self.person(key), self.app.now())

    def signed_in(self, key: str) -> httpx.Client:
        answer = httpx.post(self.link(key))
        assert answer.status_code == 303
        return httpx.Client(base_url=self.url, timeout=10, cookies={"paceline": answer.cookies["paceline"]})

    def bot(self, key: str) -> str:
        return f"bot-{self.person(key).id}"

    def channel(self, key: str) -> str:
        return f"team-{self.person(key).team_id}"

    def says(self, chat: str, text: str, key: str, *buttons: Button | Choices, **place: str) -> str:
        reply = Reply(text, buttons)
        return done(self.chat.send(Place("web", chat, **place), reply, key))

    def edits(self, chat: str, sent: str, text: str) -> None:
        done(self.chat.edit(Place("web", chat), sent, Reply(text)))


@contextmanager
def running(home: Path, **env: str) -> Iterator[Site]:
    settings = read_settings({"PACELINE_HOME": str(home)} | env)
    db = migrated(settings.db_url)
    app = App(settings, db, lambda: datetime.now(UTC))
    with db.begin() as writing:
        assert not team.import_roster(writing, 1, ROSTER.encode(), app.now()).faults
    chat = WebChat(db, 1, home / "files", app.now)
    site = Site(app, chat, Echo(chat))
    starlette = server.build(app, site.ear, chat, lambda who: [("/form", "Open a form"), ("/help", "What there is")])
    serving = server.serving(starlette, chat, "127.0.0.1", 0)
    thread = threading.Thread(target=serving.run)
    thread.start()
    while not serving.started:
        thread.join(0.02)
    site.url = f"http://127.0.0.1:{serving.servers[0].sockets[0].getsockname()[1]}"
    yield site
    serving.should_exit = True
    thread.join(8)
    assert not thread.is_alive(), "the server did not stop"
    db.close()
