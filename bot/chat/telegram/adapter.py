"""Telegram as the outbox and the running bot see it."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any

from starlette.routing import BaseRoute
from telegram import ReplyParameters
from telegram.error import TelegramError

from bot.chat import Check, Ear, Limits
from bot.chat.telegram import trouble
from bot.chat.telegram.buttons import Keyboards
from bot.chat.telegram.cards import Cards
from bot.chat.telegram.check import check
from bot.chat.telegram.desk import PLATFORM, Desk
from bot.chat.telegram.hearing import Hearing
from bot.chat.telegram.listening import Listening
from bot.chat.telegram.posts import Posts
from bot.errors import ChatError
from bot.message import Place, Reply

LONGEST = 25.0  # seconds for one message, shorter than the lease of a lane
QUIET = "quiet"  # the id of what a group is spared


class TelegramChat:
    """Keeps the `Platform` protocol.

    A message's id is "<chat>:<message>", that of its first part when it has several. In a group nothing is said in
    the thread of a message: its board is edited instead. What only one person may see goes to their own chat.
    """

    platform = PLATFORM

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.limits = Limits(overall=((desk.settings.per_second, 1.0),), chat=((1, 1.0),), group=((20, 60.0),))
        keyboards = Keyboards(desk)
        self.posts = Posts(desk, keyboards)
        self.hearing = Hearing(desk, keyboards, Cards(desk))
        self.listening = Listening(desk, self.hearing, keyboards)

    def shared(self, chat: str) -> bool:
        return chat.startswith("-")

    async def send(self, place: Place, reply: Reply, key: str) -> str:
        """Post a message. Its parts are posted once: a `key` that was begun before goes on where it was cut short."""
        if self._spared(place):
            return QUIET
        chat = place.only or place.chat
        async with self._refusals(place, chat):
            return await self.posts.send(chat, self._where(place, chat), reply, key)

    async def edit(self, place: Place, sent: str, reply: Reply) -> None:
        if sent == QUIET:
            return
        chat = place.only or place.chat
        async with self._refusals(place, chat):
            await self.posts.edit(chat, sent, self._where(place, chat), reply)

    async def find(self, place: Place, key: str) -> str | None:
        raise NotImplementedError("Telegram cannot be looked at")

    @asynccontextmanager
    async def _refusals(self, place: Place, chat: str) -> AsyncIterator[None]:
        """Say something in its turn, and no later than the pump has the lane for."""
        try:
            async with asyncio.timeout(LONGEST):
                await self.desk.turn(chat)
                yield
        except TelegramError as fault:
            raise trouble.chat_error(fault, personal=not self.shared(place.chat)) from fault
        except TimeoutError as late:
            raise ChatError("Telegram did not answer in time.", unsure=True) from late

    def _spared(self, place: Place) -> bool:
        """Whether it would hang under a message in a group."""
        return bool(place.thread) and not place.thread.isdecimal() and self.shared(place.chat) and not place.only

    def _where(self, place: Place, chat: str) -> dict[str, Any]:
        """The topic, or what is replied to."""
        if place.thread.isdecimal() and self.shared(chat):
            return {"message_thread_id": int(place.thread)}
        there, _, message_id = place.thread.partition(",")[0].partition(":")
        if there == chat and message_id.isdecimal():
            return {"reply_parameters": ReplyParameters(int(message_id), allow_sending_without_reply=True)}
        return {}

    async def start(self, ear: Ear) -> None:
        self.desk.ear = ear
        self.listening.start()

    async def stop(self) -> None:
        """Stop listening. What is on its way out goes on: the pump may still wait for it."""
        await self.listening.stop()
        with suppress(TimeoutError):
            await asyncio.wait_for(self.hearing.answering.finish(), 3)

    def routes(self) -> Sequence[BaseRoute]:
        return self.listening.routes()

    def broken(self) -> Mapping[str, str]:
        return dict(self.desk.trouble)

    def invitation(self, code: str) -> str:
        """A link that opens the bot and presses Start; before the bot's name is known, what to send it."""
        if not self.desk.username:
            return f"/start {code}"
        return f"https://t.me/{self.desk.username}?start={code}"

    async def check(self) -> Sequence[Check]:
        return await check(self.desk)
