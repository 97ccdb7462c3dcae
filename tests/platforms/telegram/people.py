"""What a person does with their phone: writes, answers, edits, presses, sends a file."""

import re
from contextlib import AbstractContextManager
from typing import Any

from .chats import Chats, Who
from .entities import find
from .pictures import size_of
from .presses import Press
from .things import Chat, Edit, Json, Message, User

Where = int | Chat | User
PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
LINK = re.compile(r"https://t\.me/(\w+)\?(start|startgroup)=([A-Za-z0-9_-]{1,64})$")


class People(Chats):
    """Everything that tests do as a person. All of it may be called from any thread."""

    def start(self, who: Who, payload: str = "") -> Message:
        """Open the bot's chat and press start, as a deep link does with its payload."""
        with self.lock:
            user = self.user(who)
            if payload and not PAYLOAD.fullmatch(payload):
                raise ValueError(f"{payload!r} does not fit into a deep link")
            if user.id not in self.chats:
                self.chats[user.id] = Chat(user.id, "private", members={user.id: "member", self.bot.id: "member"})
            if self.chats[user.id].members[self.bot.id] == "kicked":
                self.unblock(user)
            user.known = True
            return self.say(user, user, f"/start {payload}".strip())

    def follow(self, who: Who, link: str, chat: Chat | None = None) -> Message:
        """Open a https://t.me link of the bot; with `startgroup` it adds the bot to `chat`."""
        found = LINK.match(link)
        if not found or found[1].lower() != (self.bot.username or "").lower():
            raise ValueError(f"{link} does not lead to @{self.bot.username}")
        if found[2] == "start":
            return self.start(who, found[3])
        assert chat is not None, "a startgroup link asks for a group"
        self.invite(who, chat)
        return self.say(who, chat, f"/start@{self.bot.username} {found[3]}")

    def say(
        self,
        who: Who,
        where: Where,
        text: str,
        reply_to: int | Message | None = None,
        thread: int | None = None,
        *,
        anonymous: bool = False,
        quote: str = "",
    ) -> Message:
        """Write a message, perhaps as an answer to another or to a part of it, in a topic, or anonymously as an
        admin."""
        with self.lock:
            text = text.strip()
            more: Json = {"text": text, "raw": text, "entities": find(text), "anonymous": anonymous, "quote": quote}
            return self._write(who, where, reply_to, thread, **more)

    def forward(self, who: Who, where: Where, message: Message, *, hidden: bool = False) -> Message:
        """Hand on what somebody wrote, here or where the bot is not. `hidden`: the writer shows no account."""
        with self.lock:
            origin: Json = {"type": "user", "sender_user": message.sender.json(), "date": int(message.date)}
            if hidden:
                name = message.sender.first_name
                origin = {"type": "hidden_user", "sender_user_name": name, "date": int(message.date)}
            same: Json = {"text": message.text, "raw": message.raw, "entities": message.entities, "file": message.file}
            return self._write(who, where, None, None, origin=message.origin or origin, **same)

    def send_document(
        self, who: Who, where: Where, name: str, data: bytes, caption: str = "", mime: str = "", **more: Any
    ) -> Message:
        """Send a file. `more`: reply_to, thread."""
        with self.lock:
            file = self.keep("document", name, data, mime)
            return self._file(who, where, caption, file=file, **more)

    def send_photo(self, who: Who, where: Where, data: bytes, caption: str = "", **more: Any) -> Message:
        """Send a picture. `more`: reply_to, thread."""
        with self.lock:
            width, height = size_of(data) or (640, 480)
            file = self.keep("photo", "photo.jpg", data, "image/jpeg", width=width, height=height)
            return self._file(who, where, caption, file=file, **more)

    def _file(self, who: Who, where: Where, caption: str, **more: Any) -> Message:
        reply_to, thread = more.pop("reply_to", None), more.pop("thread", None)
        return self._write(who, where, reply_to, thread, text=caption, raw=caption, entities=find(caption), **more)

    def _write(
        self, who: Who, where: Where, reply_to: int | Message | None, thread: int | None, **more: Any
    ) -> Message:
        user, chat = self.user(who), self._place(who, where)
        answered = self.message(chat, reply_to) if isinstance(reply_to, int) else reply_to
        if answered is not None and thread is None:
            thread = answered.thread
        if thread and thread not in chat.topics:
            raise LookupError(f"no topic {thread} in {chat.title}, only {chat.topics}")
        return self._heard(self.post(chat, user, reply_to=answered, thread=thread, **more))

    def _place(self, who: Who, where: Where) -> Chat:
        chat = self.chat(where)
        assert chat.present(self.user(who).id), f"{self.user(who).first_name} is not in {chat.id}"
        assert not chat.moved_to, "this group is a supergroup now"
        return chat

    def edit(self, who: Who, where: Where, message_id: int | Message, text: str) -> Message:
        """Change what one wrote before."""
        with self.lock:
            message = self._find(self.chat(where), message_id)
            assert message.sender is self.user(who), "people edit only what they wrote"
            message.edits.append(Edit(message.text, None, self.now()))
            message.text = message.raw = text
            message.entities, message.edited_at = find(text), self.now()
            self.tell("edited", message)
            return self._heard(message, "edited_message")

    def press(
        self,
        who: Who,
        where: Where,
        message_id: int | Message,
        label_or_data: str,
        *,
        within: float = 5,
        inaccessible: bool = False,
    ) -> Press:
        """Press a button under a message of the bot. Await what comes back for the text that pops up.

        `inaccessible`: the message is so old that the bot is told no more than where it stands.
        """
        with self.lock:
            user, message = self.user(who), self._find(self._place(who, where), message_id)
            data = message.button(label_or_data).get("callback_data")
            if data is None:
                raise LookupError(f"{label_or_data!r} is a link, the bot does not hear of it")
            press = Press(f"{user.id}{len(self.presses) + 1:08}", user, message, data, self.now(), within)
            self.presses[press.id] = press
            self.tell("pressed", press)
            self.queue.put("callback_query", self._query(press, inaccessible))
            return press

    def _query(self, press: Press, inaccessible: bool) -> Json:
        shown = press.message.json()
        if inaccessible:
            shown = {"chat": shown["chat"], "message_id": shown["message_id"], "date": 0}
        return {
            "id": press.id,
            "from": press.user.json(),
            "message": shown,
            "chat_instance": str(-press.message.chat.id),
            "data": press.data,
        }

    def _find(self, chat: Chat, message_id: int | Message) -> Message:
        return message_id if isinstance(message_id, Message) else self.message(chat, message_id)

    def again(self, message: Message | Press | Json, times: int = 1) -> None:
        """Deliver the last update about something once more."""
        with self.lock:
            self.queue.again(message if isinstance(message, dict) else self._update_of(message), times)

    def _update_of(self, what: Message | Press) -> Json:
        for update in reversed(self.updates):
            if isinstance(what, Press) and update.get("callback_query", {}).get("id") == what.id:
                return update
            body = update.get("message") or update.get("edited_message") or {}
            if isinstance(what, Message) and (body.get("message_id"), body.get("chat", {}).get("id")) == (
                what.message_id,
                what.chat.id,
            ):
                return update
        raise LookupError("the bot was never told of that")

    @property
    def deliver_times(self) -> int:
        """How often every update that is made from now on comes."""
        return self.queue.deliver_times

    @deliver_times.setter
    def deliver_times(self, times: int) -> None:
        self.queue.deliver_times = times

    def scrambled(self, seed: int | None = None) -> AbstractContextManager[None]:
        """Hold back the updates that are made meanwhile; they come backwards, or shuffled by a seed, when it ends."""
        return self.queue.scrambled(seed)
