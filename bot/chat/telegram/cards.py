"""A form as one card in the private chat: kept in a table, shown by editing one message, submitted once."""

import asyncio
import logging
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.chat import Ear
from bot.chat.telegram import shown, store, trouble, walk
from bot.chat.telegram.desk import PLAIN, PLATFORM, Desk, seconds
from bot.chat.telegram.walk import Card
from bot.errors import FormError
from bot.message import Form, Message, Place

log = logging.getLogger("paceline.telegram")

ATTENTION = timedelta(hours=2)  # words written longer after the last step are not meant for the card
REMEMBERED = 60  # messages that answered a question
TRIES = 5

_DATA = re.compile(r"c\.([A-Za-z0-9_-]{8})\.(\d{1,3})\.([a-z]\d{0,3})")

Change = Callable[[Card, timedelta], tuple[Card, bool] | None]


@dataclass(frozen=True, slots=True)
class Taken:
    """What a tap or words did to a card. `over`: it is closed already; `form`: what is to be heard and submitted."""

    over: bool = False
    form: Message | None = None


@dataclass(slots=True)
class Cards:
    """One card is open in a chat; a new one replaces it. All of it survives a restart."""

    desk: Desk
    _stale: set[str] = field(default_factory=set)  # chats whose card changed since it was shown
    _showing: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    async def open(self, chat: str, form: Form, language: str, person: int) -> None:
        """Ask a form from its start. What was open in the chat is over."""
        before = await self.desk.away(self._replace, chat, form, language, person)
        if before:
            try:
                await self._edit(chat, *before)
            except TelegramError as fault:
                log.info("a card that is over could not be closed: %s", type(fault).__name__)
        self.show(chat)

    def _replace(self, chat: str, form: Form, language: str, person: int) -> tuple[int, Card] | None:
        """Keep a new card; gives the one that it replaces, when somebody may see it still."""
        with self.desk.db.begin() as db:
            found = store.card_of(db, self.desk.workspace, chat)
            old = walk.load(found[1]) if found else None
            typed = dict.fromkeys(list(old.typed)[-REMEMBERED:], "") if old else {}
            card = walk.opened(secrets.token_urlsafe(6), form, language, person, typed)
            store.save_card(db, self.desk.workspace, chat, 0, walk.dump(card), self.desk.now())
        if found is None or old is None or old.status != "open" or not found[0]:
            return None
        return found[0], replace(old, status="replaced")

    def _change(self, chat: str, change: Change) -> tuple[Card, bool] | None:
        """Take a step in one transaction; the card after it, and whether to submit it."""
        with self.desk.db.read() as db:  # most words are for no card, and should not wait for the right to write
            found = store.card_of(db, self.desk.workspace, chat)
        if found is None or change(walk.load(found[1]), self.desk.now() - found[2]) is None:
            return None
        with self.desk.db.begin() as db:
            found = store.card_of(db, self.desk.workspace, chat)
            if found is None:
                return None
            before, now = walk.load(found[1]), self.desk.now()
            after = change(before, now - found[2])
            if after is not None and after[0] != before:
                store.save_card(db, self.desk.workspace, chat, found[0], walk.dump(after[0]), now)
            return after

    async def _step(self, chat: str, change: Change) -> Taken | None:
        after = await self.desk.away(self._change, chat, change)
        if after is None:
            return None
        card, submit = after
        self.show(chat)
        return Taken(card.status in ("sent", "replaced"), self._submission(chat, card) if submit else None)

    async def press(self, chat: str, data: str) -> Taken | None:
        """Take a tap on a button of a card; None when there is no such card any more."""
        found = _DATA.fullmatch(data)
        if found is None:
            return None
        card_id, at, act = found.groups()
        return await self._step(chat, lambda card, _: walk.stepped(card, int(at), act) if card.id == card_id else None)

    async def typed(self, chat: str, message_id: int, text: str, today: date) -> Taken | None:
        """Take words that were written while a card is open; None when they are not meant for one."""
        this, cancel = str(message_id), text.strip().casefold() == "/cancel"
        if text.startswith("/") and not cancel:
            return None

        def step(card: Card, age: timedelta) -> tuple[Card, bool] | None:
            if this in card.typed:  # delivered again; what it submits is submitted once
                return card, card.at == card.glance and len(card.form.fields) == 1 and card.status == "open"
            if card.status != "open" or age > ATTENTION:
                return None
            return (replace(card, status="cancelled"), False) if cancel else walk.typed(card, this, text, today)

        return await self._step(chat, step)

    async def corrected(self, chat: str, message_id: int, text: str, today: date) -> Taken | None:
        """Take what a message that answered a question was changed to; None when it was no such message."""
        this = str(message_id)
        return await self._step(
            chat, lambda card, _: (walk.corrected(card, this, text, today), False) if this in card.typed else None
        )

    def _submission(self, chat: str, card: Card) -> Message:
        answers = {one.name: card.answers.get(one.name, "") for one in card.form.fields}
        return Message(
            id=f"card:{card.id}:{card.attempt}",
            person=card.person,
            place=Place(PLATFORM, chat),
            text=card.form.says,
            at=self.desk.now(),
            how="form",
            answers=answers,
        )

    async def submit(self, ear: Ear, message: Message) -> None:
        """Let the form be answered, unless it was; one that cannot be taken so stays open with its faults."""
        chat = message.place.chat
        found = await self.desk.look(self._read, chat)
        if found is None or found[1].status != "open" or self._submission(chat, found[1]).id != message.id:
            return
        card = found[1]
        try:
            reply = await ear.answer(message)
        except FormError as fault:
            faults = fault.faults
        else:
            faults = {}
            if reply is not None and reply.form is not None:
                await self.open(chat, reply.form, card.language, card.person)
                return

        def settle(now: Card, _: timedelta) -> tuple[Card, bool] | None:
            if now.id != card.id:
                return None
            return (walk.refused(now, faults) if faults else replace(now, status="sent", faults={})), False

        await self._step(chat, settle)

    def _read(self, chat: str) -> tuple[int, Card] | None:
        with self.desk.db.read() as db:
            found = store.card_of(db, self.desk.workspace, chat)
        return None if found is None else (found[0], walk.load(found[1]))

    # What people see of it.

    def show(self, chat: str) -> None:
        """Bring the message up to the card, in the background; steps taken meanwhile are shown together."""
        self._stale.add(chat)
        if chat not in self._showing:
            self._showing[chat] = asyncio.create_task(self._keep_showing(chat))

    async def _keep_showing(self, chat: str) -> None:
        failed = 0
        try:
            while chat in self._stale and failed < TRIES:
                self._stale.discard(chat)
                try:
                    await self._show(chat)
                except RetryAfter as fault:
                    self._stale.add(chat)
                    self.desk.rests(chat, seconds(fault))
                    await asyncio.sleep(seconds(fault) + 0.05)
                except Exception as fault:
                    if isinstance(fault, TelegramError) and not trouble.down(fault):
                        log.warning("a card could not be shown: %s", type(fault).__name__)
                        return
                    failed += 1
                    self._stale.add(chat)
                    log.info("a card could not be shown: %s", type(fault).__name__)
                    await asyncio.sleep(2.0 ** (failed - 1))
        finally:
            del self._showing[chat]

    async def _show(self, chat: str) -> None:
        found = await self.desk.look(self._read, chat)
        if found is None:
            return
        message_id, card = found
        self.desk.rests(chat)
        try:
            if message_id:
                await self._edit(chat, message_id, card)
                return
        except BadRequest as fault:
            log.info("a card is posted anew: %s", fault.message[:100])
        if card.status == "open":
            sent = await self.desk.bot.send_message(
                chat,
                shown.text(card),
                parse_mode="HTML",
                link_preview_options=PLAIN,
                api_kwargs={"reply_markup": shown.keyboard(card)},
            )
            if not await self.desk.away(self._posted, chat, card.id, sent.message_id):
                await self._edit(chat, sent.message_id, replace(card, status="replaced"))

    async def _edit(self, chat: str, message_id: int, card: Card) -> None:
        try:
            await self.desk.bot.edit_message_text(
                shown.text(card),
                chat,
                message_id,
                parse_mode="HTML",
                link_preview_options=PLAIN,
                api_kwargs={"reply_markup": shown.keyboard(card)},
            )
        except BadRequest as fault:
            if not trouble.not_modified(fault):
                raise

    def _posted(self, chat: str, card_id: str, message_id: int) -> bool:
        """Remember where the card stands; False when another took its place meanwhile."""
        with self.desk.db.begin() as db:
            found = store.card_of(db, self.desk.workspace, chat)
            if found is None or found[1]["id"] != card_id:
                return False
            store.save_card(db, self.desk.workspace, chat, message_id, found[1], found[2])
            return True

    async def finish(self) -> None:
        """Wait until all is shown."""
        await asyncio.gather(*self._showing.values(), return_exceptions=True)
