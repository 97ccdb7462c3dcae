"""Messages of ours as messages of Telegram's: one, or several parts, with pictures; posted, changed, taken back."""

import hashlib
import html
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from telegram import InputFile, InputMediaPhoto, Message
from telegram.error import BadRequest, TelegramError

from bot.chat.telegram import dialect, store, trouble
from bot.chat.telegram.buttons import Keyboards
from bot.chat.telegram.desk import PLAIN, Desk
from bot.chat.telegram.store import Part
from bot.markdown import escape
from bot.message import Picture, Reply

log = logging.getLogger("paceline.telegram")

HTML = "HTML"


@dataclass(frozen=True, slots=True)
class Planned:
    """One message to be. With a picture, `html` is its caption; `buttons`: the keyboard belongs here."""

    html: str
    picture: Picture | None = None
    buttons: bool = False

    @property
    def digest(self) -> str:
        return hashlib.blake2b(self.picture.png, digest_size=12).hexdigest() if self.picture else ""


def plan(reply: Reply, base_url: str) -> list[Planned]:
    """How a reply is laid out: a text that fits goes under its picture, else it goes before."""
    pictures = reply.pictures
    texts = dialect.parts(reply.text, base_url) if reply.text.strip() or not pictures else ()
    captions = [dialect.parts(escape(one.alt), most=dialect.MOST_CAPTION)[0] if one.alt else "" for one in pictures]
    if pictures:
        under = dialect.parts(reply.text, base_url, dialect.MOST_CAPTION) if texts else (captions[0],)
        if len(under) == 1:
            texts, captions[0] = (), under[0]
    found = [Planned(html, buttons=n == len(texts)) for n, html in enumerate(texts, 1)]
    more = [
        Planned(html, picture, not texts and n == 0)
        for n, (html, picture) in enumerate(zip(captions, pictures, strict=True))
    ]
    return [*found, *more]


@dataclass(slots=True)
class Posts:
    desk: Desk
    keyboards: Keyboards

    async def send(self, chat: str, where: Mapping[str, Any], reply: Reply, key: str) -> str:
        """Post a message; its id, by which it can be changed. What was posted before under `key` is not posted again.

        `where`: the topic, and what it replies to, as the library names them.
        """
        planned = plan(reply, self.desk.base_url)
        markup = await self.keyboards.markup(reply.buttons)
        if len(planned) == 1 and planned[0].picture is None:
            message = await self._text(chat, planned[0].html, markup, where)
            return f"{chat}:{message.message_id}"
        sent, parts = await self.desk.away(self._begun, key)
        return await self._bring(sent, key, chat, parts, planned, markup, where)

    async def edit(self, chat: str, sent: str, where: Mapping[str, Any], reply: Reply) -> None:
        """Make the message read so: parts are changed, posted and taken back until it does.

        `chat`: where it belongs now. What stands in a group that moved on since is posted anew there.
        """
        planned = plan(reply, self.desk.base_url)
        markup = await self.keyboards.markup(reply.buttons)
        parts = await self.desk.away(self._parts, sent)
        there, _, message_id = sent.partition(":")
        single = not parts
        parts = parts or [Part(there, int(message_id))]
        if parts[0].chat.startswith("-") and parts[0].chat != chat:
            parts, single = [], False
        if single and len(planned) == 1 and planned[0].picture is None:
            await self._change(parts[0], planned[0], markup)
            return
        await self._bring(sent, "", parts[0].chat if parts else chat, parts, planned, markup, where)

    async def _bring(
        self,
        sent: str,
        key: str,
        chat: str,
        parts: Sequence[Part],
        planned: Sequence[Planned],
        markup: str,
        where: Mapping[str, Any],
    ) -> str:
        """Make the parts that stand there what is planned, writing down each step, so that one that fails goes on."""
        now = list(parts)
        for n, one in enumerate(planned):
            keys = markup if one.buttons else ""
            if n < len(now) and bool(now[n].picture) == bool(one.picture):
                await self._change(now[n], one, keys)
                now[n] = Part(now[n].chat, now[n].message_id, one.digest)
                continue
            fresh = await self._post(chat, one, keys, where)
            if n < len(now):
                await self._take_back(now[n])
            now[n : n + 1] = [fresh]
            sent = sent or f"{chat}:{fresh.message_id}"
            await self.desk.away(self._save, sent, key, now)
        for extra in now[len(planned) :]:
            await self._take_back(extra)
        await self.desk.away(self._save, sent, key, now[: len(planned)])
        return sent

    async def _post(self, chat: str, one: Planned, markup: str, where: Mapping[str, Any]) -> Part:
        if one.picture is None:
            return Part(chat, (await self._text(chat, one.html, markup, where)).message_id)
        try:
            message = await self.desk.bot.send_photo(
                chat,
                InputFile(one.picture.png, one.picture.name, attach=True),
                one.html or None,
                parse_mode=HTML,
                api_kwargs=_keys(markup),
                **where,
            )
        except TelegramError as fault:
            if not isinstance(fault, BadRequest) and not trouble.too_large(fault):
                raise
            log.warning("a picture was refused, its text goes alone: %s", fault.message[:100])
            message = await self._text(chat, one.html or "—", markup, where)
            return Part(chat, message.message_id)
        return Part(chat, message.message_id, one.digest)

    async def _text(self, chat: str, text: str, markup: str, where: Mapping[str, Any]) -> Message:
        send = self.desk.bot.send_message
        try:
            return await send(
                chat, text, parse_mode=HTML, link_preview_options=PLAIN, api_kwargs=_keys(markup), **where
            )
        except BadRequest as fault:
            if not trouble.unreadable(fault):
                raise
            log.error("Telegram cannot read our HTML; it is sent as plain text")  # better ugly than lost
            plain = html.unescape(re.sub(r"<[^>]*>", "", text))
            return await send(chat, plain, link_preview_options=PLAIN, api_kwargs=_keys(markup), **where)

    async def _change(self, part: Part, to: Planned, markup: str) -> None:
        bot, chat, message_id = self.desk.bot, part.chat, part.message_id
        keys = _keys(markup)
        try:
            if to.picture is None:
                await bot.edit_message_text(
                    to.html, chat, message_id, parse_mode=HTML, link_preview_options=PLAIN, api_kwargs=keys
                )
            elif part.picture == to.digest:
                await bot.edit_message_caption(
                    chat, message_id, caption=to.html or None, parse_mode=HTML, api_kwargs=keys
                )
            else:
                file = InputFile(to.picture.png, to.picture.name, attach=True)
                await bot.edit_message_media(
                    InputMediaPhoto(file, to.html or None, HTML), chat, message_id, api_kwargs=keys
                )
        except BadRequest as fault:
            if not trouble.not_modified(fault):
                raise

    async def _take_back(self, part: Part) -> None:
        """Delete a part; what is too old for that is emptied, so that nobody reads what is not so any more."""
        bot = self.desk.bot
        try:
            await bot.delete_message(part.chat, part.message_id)
        except BadRequest:
            try:
                if part.picture:
                    await bot.edit_message_caption(part.chat, part.message_id, caption="↑")
                else:
                    await bot.edit_message_text("↑", part.chat, part.message_id)
            except BadRequest:
                return

    def _begun(self, key: str) -> tuple[str, list[Part]]:
        with self.desk.db.read() as db:
            return store.parts_by_key(db, self.desk.workspace, key)

    def _parts(self, sent: str) -> list[Part]:
        with self.desk.db.read() as db:
            return store.parts_of(db, self.desk.workspace, sent)

    def _save(self, sent: str, key: str, parts: Sequence[Part]) -> None:
        with self.desk.db.begin() as db:
            store.save_parts(db, self.desk.workspace, sent, key, parts)


def _keys(markup: str) -> dict[str, str] | None:
    """The keyboard as the wire takes it: making the library's objects of it costs more than all the rest of ours."""
    return {"reply_markup": markup} if markup else None
