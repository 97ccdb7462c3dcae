"""What messages and presses share: which message of ours is meant, and how the answer gets back."""

import logging
from dataclasses import dataclass, field

from bot.chat.telegram import store
from bot.chat.telegram.cards import Cards, Taken
from bot.chat.telegram.desk import PLATFORM, Desk, stored
from bot.chat.telegram.lines import Lines
from bot.errors import FormError
from bot.message import Message as Heard
from bot.team.model import Person

log = logging.getLogger("paceline.telegram")


@dataclass(slots=True)
class Answering:
    desk: Desk
    cards: Cards
    lines: Lines = field(default_factory=Lines)

    async def finish(self) -> None:
        """Wait for what is being answered and shown."""
        await self.lines.finish()
        await self.cards.finish()

    async def about(self, chat: int, message_id: int) -> str:
        """The key of the message of ours that has this part."""
        key = await stored(self.desk.ear.about(PLATFORM, str(chat), f"{chat}:{message_id}"))
        if key:
            return key
        whole = await self.desk.look(self._whole, str(chat), message_id)
        return await stored(self.desk.ear.about(PLATFORM, str(chat), whole)) if whole else ""

    def _whole(self, chat: str, message_id: int) -> str:
        with self.desk.db.read() as db:
            return store.whole(db, self.desk.workspace, chat, message_id)

    async def answer(self, heard: Heard, who: Person | None) -> None:
        try:
            reply = await self.desk.ear.answer(heard)
        except FormError:
            return
        if reply is not None and reply.form is not None and who is not None:
            chat = heard.place.only or heard.place.chat
            await self.cards.open(chat, reply.form, who.language, who.id)

    async def submit(self, taken: Taken, who: Person | None) -> None:
        """Hear a form that was submitted. It is answered once, whether it was heard before or not."""
        form = taken.form
        if form is None or who is None or who.id != form.person:
            return
        await stored(self.desk.ear.hear(form))
        self.lines.after(form.place.chat, lambda: self.cards.submit(self.desk.ear, form))
