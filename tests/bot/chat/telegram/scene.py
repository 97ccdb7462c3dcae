"""What the tests have in common: a Telegram on loopback, our adapter connected to it, somebody who hears."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.app import App
from bot.chat import Platform
from bot.chat.telegram import connect
from bot.errors import FormError
from bot.inbox.ear import Inbox
from bot.message import Form, Message, Place, Reply
from bot.outbox import store as outbox
from bot.outbox.lane import follow
from bot.outbox.pump import Pump
from bot.settings import TelegramSettings
from bot.team import accounts
from handlers import FREE, MENU
from handlers.help import listed
from handlers.route import route
from tests.platforms.telegram import TOKEN, Telegram, User

BASE = "https://paceline.example"


@dataclass
class FakeEar:
    """Hears each message once and answers with what `forms` says. `fails`: how often storing does not work.

    `refuses`: field -> fault, for the next forms that are submitted, one a form.
    """

    heard: dict[str, Message] = field(default_factory=dict)
    answered: list[Message] = field(default_factory=list)
    moves: list[tuple[str, str]] = field(default_factory=list)
    forms: dict[str, Form] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    refuses: list[dict[str, str]] = field(default_factory=list)
    fails: int = 0
    slow: float = 0

    async def about(self, platform: str, chat: str, sent: str) -> str:
        return self.keys.get(sent, "")

    async def moved(self, platform: str, chat: str, to: str) -> None:
        self.moves.append((chat, to))

    async def hear(self, message: Message) -> bool:
        if self.fails:
            self.fails -= 1
            raise RuntimeError("the database is locked")
        return self.heard.setdefault(message.id, message) is message

    async def answer(self, message: Message) -> Reply | None:
        await asyncio.sleep(self.slow)
        self.answered.append(message)
        if message.how == "form" and self.refuses:
            raise FormError(self.refuses.pop(0))
        form = self.forms.get(message.text)
        return Reply(form=form) if form else None

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.answered]


@dataclass
class Scene:
    """`ann` has pressed start and is linked to Anna of the roster."""

    app: App
    telegram: Telegram
    chat: Any
    ear: Any
    ann: User

    async def drain(self) -> None:
        """Send all that the outbox holds for Telegram now."""
        for _ in range(2):  # what was stale ends the first round
            await Pump(self.app.db, {"telegram": self.chat}, self.app.now).drain()

    async def heard(self, count: int) -> list[Message]:
        await self.telegram.until(lambda: len(self.ear.answered) >= count)
        return list(self.ear.answered)

    async def calm(self) -> None:
        """Until everything that came was taken, answered and shown."""
        await self.telegram.until(lambda: not self.telegram.queue.pending)
        await self.chat.hearing.answering.finish()
        await asyncio.sleep(0.02)
        await self.chat.hearing.answering.finish()

    async def tap(self, label: str, who: User | None = None, where: Any = None) -> str:
        """Press a button of the last message that has it; what pops up."""
        who = who or self.ann
        where = where if where is not None else who
        message = next(m for m in reversed(self.telegram.said(where)) if label in m.labels)
        toast = await self.telegram.press(who, where, message, label)
        await self.calm()
        return toast

    async def write(self, text: str, **more: Any) -> None:
        self.telegram.say(self.ann, more.pop("where", self.ann), text, **more)
        await self.calm()

    @property
    def card(self) -> Any:
        return self.telegram.last(self.ann)


def settings(telegram: Telegram, secret: str = "", token: str = TOKEN) -> TelegramSettings:
    return TelegramSettings(token, secret, telegram.url, 30)


def platform(app: App, telegram: Telegram, secret: str = "", token: str = TOKEN) -> Any:
    chat: Platform = connect(
        settings(telegram, secret, token), BASE, app.db, app.workspace, app.settings.home / "files", app.now, listed()
    )
    return chat


def real_ear(app: App) -> Inbox:
    """The inbox and the handlers, as they run."""

    def about(platform: str, chat: str, sent: str) -> str:
        with app.db.read() as db:
            return outbox.key_of(db, app.workspace, platform, chat, sent)

    def moved(platform: str, chat: str, to: str) -> None:
        with app.db.begin() as db:
            follow(db, app.workspace, platform, chat, to)

    return Inbox(app.db, app.workspace, lambda m: route(app, MENU, FREE, m), app.now, about=about, moved=moved)


def link(app: App, key: str, user: int) -> None:
    """This account is theirs, and they are asked on Telegram."""
    from bot.team import service

    with app.db.begin() as db:
        who = service.find_person(db, app.workspace, key)
        assert who is not None
        accounts.link(db, app.workspace, who.id, "telegram", str(user), str(user))


@asynccontextmanager
async def connected(
    app: App, ear: Any = None, *, linked: str = "anna", limits: Any = None, start: bool = True
) -> AsyncIterator[Scene]:
    """A scene in which the adapter polls."""
    async with Telegram(limits=limits) as telegram:
        ann = telegram.add_user(1001, "Ann", "ann")
        telegram.start(ann)
        telegram.queue.drop()
        if linked:
            link(app, linked, ann.id)
        chat = platform(app, telegram)
        chat.desk.spacing = 1.0 if limits else 0.0
        ear = ear if ear is not None else FakeEar()
        if start:
            await chat.start(ear)
            await telegram.until(lambda: any(call.method == "getUpdates" for call in telegram.calls))
        try:
            yield Scene(app, telegram, chat, ear, ann)
        finally:
            await chat.stop()
            await chat.desk.close()
            if isinstance(ear, Inbox):
                ear.close()


def there(chat: int | str, thread: str = "", only: str = "") -> Place:
    return Place("telegram", str(chat), thread, only)
