"""What comes of a press: it is stored, acknowledged, then answered; a list of choices is opened on the spot."""

import logging
from dataclasses import dataclass, field

from telegram import CallbackQuery, Message
from telegram.error import BadRequest, TelegramError

from bot.chat.telegram import buttons
from bot.chat.telegram.answering import Answering
from bot.chat.telegram.buttons import Keyboards, Pressed
from bot.chat.telegram.cards import Taken
from bot.chat.telegram.desk import PLATFORM, Desk, language_of, stored, topic
from bot.message import Message as Heard
from bot.message import Place
from bot.team.model import Person
from prompts import words

log = logging.getLogger("paceline.telegram")


@dataclass(slots=True)
class Pressing:
    desk: Desk
    keyboards: Keyboards
    answering: Answering
    _swapped: dict[str, None] = field(default_factory=dict)  # presses, which may be brought again and out of order

    async def press(self, query: CallbackQuery) -> None:
        message, data = query.message, query.data or ""
        if message is None:
            return
        chat = message.chat.id
        who = await self.desk.look(self.desk.person, query.from_user.id)
        language = language_of(who, query.from_user)
        if data.startswith("c."):
            taken = await self.answering.cards.press(str(chat), data)
            _ = words(language)
            self._acknowledge(query, "" if taken and not taken.over else _("This form is closed."))
            await self.answering.submit(taken or Taken(), who)
            return
        pressed = await self.desk.look(self.keyboards.find, data)
        if pressed is None:
            _ = words(language)
            self._acknowledge(query, _("This button is too old. Send /help to see what I can do."))
        elif not pressed.says:
            self._acknowledge(query)
            if query.id in self._swapped:
                return
            self._swapped[query.id] = None
            if len(self._swapped) > 1000:
                del self._swapped[next(iter(self._swapped))]
            self.answering.lines.after(str(chat), lambda: self._swap(chat, message.message_id, pressed, language))
        else:
            await self._heard_press(query, chat, message.message_id, who, pressed)

    async def _heard_press(
        self, query: CallbackQuery, chat: int, message_id: int, who: Person | None, pressed: Pressed
    ) -> None:
        thread = topic(query.message) if isinstance(query.message, Message) else ""
        place = Place(PLATFORM, str(chat), thread, str(query.from_user.id) if chat < 0 else "")
        about = await self.answering.about(chat, message_id)
        now = self.desk.now()
        heard = Heard(query.id, who.id if who else 0, place, pressed.says, now, how="button", about=about)
        fresh = await stored(self.desk.ear.hear(heard))
        self._acknowledge(query)
        if fresh:
            self.answering.lines.after(str(chat), lambda: self.answering.answer(heard, who))

    async def _swap(self, chat: int, message_id: int, pressed: Pressed, language: str) -> None:
        """Show the list of choices in place of the keyboard, or the keyboard again."""
        _ = words(language)
        shown = buttons.closed(pressed.token, pressed.buttons)
        if pressed.view >= 0:
            shown = buttons.opened(pressed.token, pressed.buttons, pressed.view, _("Back"))
        try:
            self.desk.rests(str(chat))
            await self.desk.bot.edit_message_reply_markup(chat, message_id, api_kwargs={"reply_markup": shown})
        except BadRequest as fault:
            log.info("a keyboard could not be changed: %s", fault.message[:100])

    def _acknowledge(self, query: CallbackQuery, text: str = "") -> None:
        """Let the clock on the button stop, with a word if there is one."""

        async def run() -> None:
            try:
                await self.desk.bot.answer_callback_query(query.id, text or None)
            except TelegramError as fault:
                log.info("a press could not be acknowledged: %s", type(fault).__name__)

        self.answering.lines.beside(run())
