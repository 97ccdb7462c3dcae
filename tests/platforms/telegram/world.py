"""All there is in this Telegram: people, chats, messages, files, commands. Tests may look at any of it."""

import itertools
import re
import threading
import time
from collections.abc import Callable
from typing import Any

from .presses import Press
from .refusal import Refusal, bad, forbidden
from .things import Chat, File, Json, Message, User
from .updates import Queue


class World:
    """The state. Whoever changes it holds `lock`, since tests may act from another thread than the server's."""

    def __init__(self, username: str, bot_id: int, now: Callable[[], float] = time.time) -> None:
        self.now = now
        self.lock = threading.RLock()
        self.bot = User(bot_id, "Paceline", username, is_bot=True)
        self.can_read_all_group_messages = False
        self.can_join_groups = True
        self.answer_within = 30.0  # seconds until a press is too old to answer; the real one does not say how long
        self.users: dict[int, User] = {bot_id: self.bot}
        self.chats: dict[int, Chat] = {}
        self.messages: list[Message] = []
        self.files: dict[str, File] = {}
        self.presses: dict[str, Press] = {}
        self.commands: dict[tuple[str, str], list[Json]] = {}
        self.actions: list[tuple[int, str]] = []
        self.queue = Queue()
        self.watchers: list[Callable[[str, Any], None]] = []
        self._message_ids = itertools.count(1)
        self._file_ids = itertools.count(1)

    @property
    def updates(self) -> list[Json]:
        """Every update there ever was, oldest first."""
        return self.queue.all

    def tell(self, what: str, about: Any) -> None:
        """Let those who watch know."""
        for watcher in self.watchers:
            watcher(what, about)

    def user(self, who: int | User | str) -> User:
        """A person by id, or by first name or username in any case."""
        if isinstance(who, User):
            return who
        for user in self.users.values():
            if who == user.id or str(who).lower().removeprefix("@") in (user.first_name.lower(), user.username):
                return user
        raise LookupError(f"there is nobody called {who}")

    def chat(self, where: int | Chat | User) -> Chat:
        """A chat that exists; a user stands for their private chat."""
        if isinstance(where, Chat):
            return where
        found = self.chats.get(where.id if isinstance(where, User) else where)
        if found is None:
            raise LookupError(f"there is no chat with {where}: did they press start?")
        return found

    def message(self, where: int | Chat | User, message_id: int) -> Message:
        """A message that was not deleted."""
        chat = self.chat(where)
        for message in reversed(self.messages):
            if message.chat is chat and message.message_id == message_id and not message.deleted:
                return message
        raise LookupError(f"no message {message_id} in {chat.id}")

    def said(self, where: int | Chat | User, thread: int | None = None) -> list[Message]:
        """What the bot said in a chat and did not delete, oldest first."""
        chat = self.chats.get(where if isinstance(where, int) else where.id)
        ours = [m for m in self.messages if m.chat is chat and m.sender is self.bot and not m.deleted and not m.service]
        return [m for m in ours if thread is None or m.thread == thread]

    def texts(self, where: int | Chat | User, thread: int | None = None) -> list[str]:
        """The texts of what the bot said there, as people read them."""
        return [message.text for message in self.said(where, thread)]

    def last(self, where: int | Chat | User, thread: int | None = None) -> Message:
        """The last thing that the bot said there."""
        return self.said(where, thread)[-1]

    def post(self, chat: Chat, sender: User, **more: Any) -> Message:
        """Put a message into a chat."""
        person = None if chat.shared else self.users[chat.id]
        message = Message(chat, self._next_id(chat), sender, self.now(), person=person, **more)
        self.messages.append(message)
        self.tell("posted", message)
        return message

    def _next_id(self, chat: Chat) -> int:
        # A supergroup counts by itself; all other chats share one counter of the bot's account.
        if chat.kind == "supergroup":
            chat.last_id += 1
            return chat.last_id
        return next(self._message_ids)

    def keep(self, kind: str, name: str, data: bytes, mime: str = "", **more: int) -> File:
        """Store bytes under a file id."""
        file = File(f"file{next(self._file_ids):04}", kind, name, data, mime or "application/octet-stream", **more)
        self.files[file.file_id] = file
        return file

    def reach(self, chat_id: int, *, talk: bool = True) -> Chat:
        """The chat that a call names, as far as the bot may use it. `talk`: it wants to say something there."""
        chat = self.chats.get(chat_id)
        if chat is None:
            person = self.users.get(chat_id)
            if person and person.known and not person.is_bot:
                raise forbidden("bot can't initiate conversation with a user")
            raise bad("chat not found")
        if chat.moved_to:
            why = "Bad Request: group chat was upgraded to a supergroup chat"
            raise Refusal(400, why, migrate_to_chat_id=chat.moved_to)
        if not chat.shared:
            return self._reach_person(chat, talk)
        if chat.deleted:
            raise forbidden("the group chat was deleted")
        where = "supergroup chat" if chat.kind == "supergroup" else "group chat"
        status = chat.members.get(self.bot.id, "left")
        if status == "kicked":
            raise forbidden(f"bot was kicked from the {where}")
        if status == "left":
            raise forbidden(f"bot is not a member of the {where}")
        return chat

    def _reach_person(self, chat: Chat, talk: bool) -> Chat:
        if talk and self.users[chat.id].deactivated:
            raise forbidden("user is deactivated")
        if talk and chat.members.get(self.bot.id) == "kicked":
            raise forbidden("bot was blocked by the user")
        return chat

    def thread(self, chat: Chat, thread: int | None) -> int | None:
        """The topic that a call names, if it is there and open."""
        if not thread:
            return None
        if not chat.is_forum or thread not in chat.topics:
            raise bad("message thread not found")
        if thread in chat.closed_topics:
            raise bad("TOPIC_CLOSED")
        return thread

    def reads(self, message: Message) -> bool:
        """Whether the bot gets to see a person's message: in a group, privacy mode keeps most from it."""
        chat = message.chat
        if not chat.shared:
            return chat.members.get(self.bot.id) != "kicked"
        if not chat.present(self.bot.id):
            return False
        admin = chat.members[self.bot.id] == "administrator"
        return admin or self.can_read_all_group_messages or bool(message.service) or self._meant(message)

    def _meant(self, message: Message) -> bool:
        if message.reply_to and message.reply_to.sender is self.bot:
            return True
        command = re.match(r"/[A-Za-z0-9_]+(?:@(\w+))?", message.text)
        if command:
            return (command[1] or self.bot.username or "").lower() == (self.bot.username or "").lower()
        return f"@{self.bot.username}".lower() in message.text.lower().split()
