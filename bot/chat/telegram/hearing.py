"""What comes of an update: it is stored first, then answered, the messages of one chat in order."""

import asyncio
from typing import Any
from weakref import WeakValueDictionary

from telegram import ChatMemberUpdated, Message, Update, User

from bot.chat import asking
from bot.chat.telegram import files, people
from bot.chat.telegram.addressed import ASKS, words_for
from bot.chat.telegram.answering import Answering
from bot.chat.telegram.buttons import Keyboards
from bot.chat.telegram.cards import Cards
from bot.chat.telegram.desk import PLATFORM, Desk, language_of, stored, topic
from bot.chat.telegram.pressing import Pressing
from bot.message import File, Place
from bot.message import Message as Heard
from bot.team.model import Person
from prompts import words


class Hearing:
    """All updates. `told`: messages that were answered by a line of our own."""

    def __init__(self, desk: Desk, keyboards: Keyboards, cards: Cards) -> None:
        self.desk = desk
        self.answering = Answering(desk, cards)
        self.pressing = Pressing(desk, keyboards, self.answering)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._moving = asyncio.Lock()
        self._told: dict[tuple[int, int], None] = {}

    async def take(self, update: Update) -> None:
        """Store what an update brings, and let it be answered afterwards. Raises `NotStored`."""
        chat = update.effective_chat
        lock = self._locks.setdefault(str(chat.id) if chat else "", asyncio.Lock())
        async with lock:
            if update.callback_query:
                await self.pressing.press(update.callback_query)
            elif update.my_chat_member:
                await self._standing(update.my_chat_member)
            elif update.message:
                await self._message(update.message, "")
            elif update.edited_message:
                await self._message(update.edited_message, f":e{update.update_id}")

    async def _message(self, message: Message, edit: str) -> None:
        user = message.from_user
        if message.migrate_to_chat_id or message.migrate_from_chat_id:
            await self._moved(message)
        elif user is not None and user.is_bot:
            await self._anonymous(message)
        elif user is not None and message.chat.type != "channel":
            await self._said(message, user, edit)

    async def _moved(self, message: Message) -> None:
        old, new = message.migrate_from_chat_id or message.chat.id, message.migrate_to_chat_id or message.chat.id
        self.desk.trouble.pop(f"group {old}", None)
        async with self._moving:  # each of the two groups tells of it
            if not await self.desk.away(people.has_moved, self.desk, str(old), str(new)):
                await stored(self.desk.ear.moved(PLATFORM, str(old), str(new)))

    async def _anonymous(self, message: Message) -> None:
        """An admin who writes in the name of the group: we cannot know who that is."""
        if message.sender_chat == message.chat and (message.text or "").startswith("/"):
            _ = words(await self.desk.away(people.language_in, self.desk, str(message.chat.id)))
            self._tell(message, _("I cannot see who you are while you write as the group. Write as yourself."))

    async def _said(self, message: Message, user: User, edit: str) -> None:
        shared, answered = message.chat.type != "private", self._answered(message)
        text = self._words(message, shared=shared, answers_us=answered is not None)
        sent = files.attached(message)
        if text is None:
            return
        who = await self.desk.look(self.desk.person, user.id)
        if text in ASKS and answered is None and (quoted := _quoted(message)) is not None:
            text = asking.ask(quoted)
            if not text:
                self._tell(message, asking.no_words(language_of(who, user)))
                return
        if text.partition(" ")[0] == "/start" and not edit:
            if not shared:
                await self._start(message, user, who, text.partition(" ")[2].strip())
            return
        if not text and sent is None:
            if not shared and not edit:
                self._tell(message, _no_words(language_of(who, user)))
            return
        about = await self.answering.about(message.chat.id, answered) if answered is not None else ""
        if who and not shared and not sent and not about and await self._carded(message, who, text, edit):
            return
        fetched = await self._files(message, language_of(who, user)) if not edit else ()
        if text or fetched:
            how: Any = "edit" if edit else "typed"
            place = _place(message, user)
            await self._hear(message, edit, who, place, text, how=how, about=about, files=fetched)

    async def _hear(
        self, message: Message, edit: str, who: Person | None, place: Place, text: str, **more: Any
    ) -> None:
        id = f"{message.chat.id}:{message.message_id}{edit}"
        heard = Heard(id, who.id if who else 0, place, text, message.edit_date or message.date, **more)
        if await stored(self.desk.ear.hear(heard)):
            self.answering.lines.after(place.chat, lambda: self.answering.answer(heard, who))

    def _words(self, message: Message, *, shared: bool, answers_us: bool) -> str | None:
        """The words that are meant for us. What is forwarded is a quote: it is asked about, and never done."""
        said = message.text or message.caption or ""
        if message.forward_origin is not None:
            return None if shared else asking.ask(said)
        return words_for(said, self.desk.username, shared=shared, answers_us=answers_us)

    def _answered(self, message: Message) -> int | None:
        """The message of ours that this one answers. In a topic all seem to answer its beginning."""
        to = message.reply_to_message
        if to is None or to.forum_topic_created or to.from_user is None or to.from_user.id != self.desk.bot_id:
            return None
        return to.message_id

    async def _start(self, message: Message, user: User, who: Person | None, code: str) -> None:
        linked = False
        if code:
            linked = await self.desk.away(people.redeem, self.desk, code, user.id, message.chat.id)
        if linked:
            who = await self.desk.look(self.desk.person, user.id)
        if who is None:
            self._tell(message, people.stranger(user, code=bool(code)))
            return
        await self._hear(message, "", who, _place(message, user), "/start")

    async def _carded(self, message: Message, who: Person, text: str, edit: str) -> bool:
        """Whether the words were meant for the card that is open."""
        chat = str(message.chat.id)
        take = self.answering.cards.corrected if edit else self.answering.cards.typed
        taken = await take(chat, message.message_id, text, who.today(self.desk.now()))
        if taken is None:
            return False
        if taken.over and edit:
            _ = words(who.language)
            self._tell(message, _("That was sent already. Use the button under what I noted to change it."))
        await self.answering.submit(taken, who)
        return True

    async def _files(self, message: Message, language: str) -> tuple[File, ...]:
        sent = files.attached(message)
        if sent is None:
            return ()
        _ = words(language)
        try:
            return (await files.fetch(self.desk, sent),)
        except files.TooLarge:
            self._tell(message, _("That file is too large: Telegram hands me at most 20 MB."))
        except files.Lost:
            self._tell(message, _("I could not fetch that file from Telegram. Send it again."))
        return ()

    async def _standing(self, update: ChatMemberUpdated) -> None:
        hello = await self.desk.away(people.standing, self.desk, update)
        if hello:
            self.answering.lines.beside(self.desk.tell(update.chat.id, hello))

    def _tell(self, message: Message, text: str) -> None:
        """Say a line of our own, once for each message that asks for it."""
        this = (message.chat.id, message.message_id)
        if this not in self._told:
            self._told[this] = None
            if len(self._told) > 1000:
                del self._told[next(iter(self._told))]
            self.answering.lines.beside(self.desk.tell(message.chat.id, text, int(topic(message) or 0) or None))


def _place(message: Message, user: User) -> Place:
    chat = message.chat.id
    return Place(PLATFORM, str(chat), topic(message), str(user.id) if chat < 0 else "")


def _quoted(message: Message) -> str | None:
    """The words that a message answers, or the part of them that its writer picked; None when it answers nothing."""
    if message.quote is not None:
        return message.quote.text
    to = message.reply_to_message
    if to is None or to.forum_topic_created:
        return None
    return to.text or to.caption or ""


def _no_words(language: str) -> str:
    _ = words(language)
    return _("I read text, pictures and documents. This I cannot read.")
