"""What all parts of the adapter share: the bot behind the token, who somebody is, what is wrong just now."""

import asyncio
import logging
import os
import ssl
import time
import traceback
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

os.environ.setdefault("PTB_TIMEDELTA", "true")  # else the library warns at each pause that Telegram asks for

import httpx
from telegram import Bot, LinkPreviewOptions, Message, User
from telegram.error import RetryAfter, TelegramError
from telegram.request import HTTPXRequest

import prompts
from bot.chat import Ear
from bot.chat.telegram import dialect
from bot.db import Database
from bot.settings import TelegramSettings
from bot.team import accounts
from bot.team import store as teams
from bot.team.model import Person

log = logging.getLogger("paceline.telegram")

T = TypeVar("T")

PLATFORM = "telegram"
TIMEOUT = 10.0  # seconds until Telegram must have answered
STEP = 5.0  # seconds for all that comes before: a free connection, a way there, sending
CONNECTIONS = 24  # more than 30 messages a second need, and each one more costs processor time at every message
LONGEST_TURN = 5.0
PLAIN = LinkPreviewOptions(is_disabled=True)


class NotStored(Exception):
    """The database takes nothing just now: the update has to come again."""


async def stored(work: Awaitable[T]) -> T:
    """What must have happened before an update may be confirmed. Raises `NotStored`."""
    try:
        return await work
    except Exception as fault:
        raise NotStored(type(fault).__name__) from fault


@dataclass(slots=True)
class Desk:
    """`username` of the bot is known once Telegram was reached. `trouble`: what is wrong, by a short name.

    `spacing`: seconds between what a chat is shown beside the outbox and what the outbox says there.
    """

    settings: TelegramSettings
    base_url: str
    db: Database
    workspace: int
    folder: Path
    now: Callable[[], datetime]
    commands: tuple[tuple[str, Mapping[str, str]], ...] = ()
    username: str = ""
    trouble: dict[str, str] = field(default_factory=dict)
    spacing: float = 1.0
    _bot: Bot | None = None
    _ear: Ear | None = None
    _resting: dict[str, float] = field(default_factory=dict)

    @property
    def bot_id(self) -> int:
        number = self.settings.bot_token.partition(":")[0]
        return int(number) if number.isdecimal() else 0

    @property
    def ear(self) -> Ear:
        """What hears us, once the platform was started."""
        assert self._ear is not None, "nobody listens yet"
        return self._ear

    @ear.setter
    def ear(self, ear: Ear) -> None:
        self._ear = ear

    @property
    def bot(self) -> Bot:
        """The bot, made at first use, so that its connections belong to the running event loop."""
        if self._bot is None:
            self._bot = make_bot(self.settings)
        return self._bot

    async def close(self) -> None:
        """Let the connections go."""
        bot, self._bot = self._bot, None
        if bot is not None:
            await close(bot)

    def rests(self, chat: str, seconds: float = 0.0) -> None:
        """Something was said there beside the outbox, which keeps to a pace of its own: it should wait a little."""
        self._resting[chat] = time.monotonic() + (seconds or self.spacing)

    async def turn(self, chat: str) -> None:
        """Until something may be said there."""
        until = self._resting.pop(chat, 0.0) if self._resting else 0.0
        if until and (wait := until - time.monotonic()) > 0:
            await asyncio.sleep(min(wait, LONGEST_TURN))

    async def away(self, work: Callable[..., T], *args: Any) -> T:
        """Do something with the database in a thread."""
        return await asyncio.to_thread(work, *args)

    async def look(self, work: Callable[..., T], *args: Any) -> T:
        """Look something up in the database; readers of a file wait for nobody."""
        return work(*args) if self.db.near else await self.away(work, *args)

    def person(self, user: int | str) -> Person | None:
        """Who on the roster has this account."""
        with self.db.read() as db:
            found = accounts.person_on(db, self.workspace, PLATFORM, str(user))
            return teams.person_by_id(db, self.workspace, found) if found else None

    async def tell(self, chat: int, text: str, thread: int | None = None) -> None:
        """Say one line of our own in a chat. It is no promise: it is tried a few times, and may be lost."""
        html = dialect.escape(text)
        for _attempt in range(3):
            try:
                await self.bot.send_message(
                    chat, html, parse_mode="HTML", message_thread_id=thread, link_preview_options=PLAIN
                )
            except RetryAfter as fault:
                await asyncio.sleep(seconds(fault))
            except TelegramError as fault:
                log.info("a line could not be said: %s", type(fault).__name__)
                return
            else:
                return


def make_bot(settings: TelegramSettings) -> Bot:
    """The library's bot. Its loggers would write down the token, in addresses, and what people say."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("telegram").setLevel(logging.CRITICAL)
    waits: Any = {"read_timeout": TIMEOUT, "write_timeout": STEP, "connect_timeout": STEP, "pool_timeout": STEP}
    waits["httpx_kwargs"] = {"verify": trust()}
    root = settings.api_url
    return Bot(
        settings.bot_token,
        root + "/bot",
        root + "/file/bot",
        request=HTTPXRequest(connection_pool_size=CONNECTIONS, **waits),
        get_updates_request=HTTPXRequest(connection_pool_size=2, **waits),
    )


@cache
def trust() -> ssl.SSLContext:
    """The certificates that we trust: reading them takes longer than all else that a connection needs."""
    return httpx.create_ssl_context()


async def close(bot: Bot) -> None:
    await asyncio.gather(*(request.shutdown() for request in bot._request), return_exceptions=True)


def seconds(fault: RetryAfter) -> float:
    """How long Telegram asked us to wait."""
    wait = fault.retry_after
    return float(wait) if isinstance(wait, int | float) else wait.total_seconds()


def language_of(person: Person | None, user: User | None) -> str:
    """The language to say something in: the roster's, else that of their Telegram."""
    if person is not None:
        return person.language
    return prompts.words((user.language_code if user else "") or "en").language


def where(fault: BaseException) -> str:
    """What went wrong in which line. The fault's own words are left out: they may hold what people said."""
    frame = traceback.extract_tb(fault.__traceback__)[-1:]
    return f"{type(fault).__name__}" + "".join(f" in {one.filename}, line {one.lineno}" for one in frame)


def topic(message: Message) -> str:
    """The topic of a forum that a message stands in. A thread elsewhere is none that can be written to."""
    return str(message.message_thread_id) if message.is_topic_message and message.message_thread_id else ""
