"""A conversation by hand: what passes is written out as it happens, and short lines make people act."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from .presses import Press
from .server import Telegram
from .things import Chat, Message, User

HELP = """\
ann start [CODE]        presses start          ann hello            writes to the bot
ann press 2             presses a button       ann @sales hello     writes in a group
ann reply 12 text       answers message 12     ann edit 12 text     changes what she wrote
ann send FILE [text]    sends a file           ann open LINK        follows a t.me link
ann forward 12          hands message 12 on     ann @sales forward 12   one of a group
ann block | unblock     the bot                help | down | up     of Telegram itself
"""


class Talk:
    """Reads lines such as "ann hello" and writes lines such as "Ann: hello"."""

    def __init__(self, telegram: Telegram, write: Callable[[str], None]) -> None:
        self.telegram, self.write = telegram, write
        self.buttons: list[tuple[Message, str]] = []  # a button's number is its place here, from 1
        telegram.watchers.append(self.show)

    def show(self, what: str, about: Any) -> None:
        """Write out what happened."""
        if isinstance(about, Message):
            self._message({"posted": "", "edited": " (edited)", "deleted": " (deleted)"}[what], about)
        elif what == "pressed":
            self.write(f"{about.user.first_name} presses {about.data}")
        elif what == "answered" and about.answer["text"]:
            self.write(f"  {about.user.first_name} sees: {about.answer['text']}")
        elif what == "standing":
            chat, by, status = about
            self.write(f"{by.first_name}{f' @{chat.title}' if chat.shared else ''}: the bot is {status} now")
        elif what == "refused":
            call, refusal = about
            self.write(f"  refused {call.method}: {refusal.description}")

    def _message(self, how: str, message: Message) -> None:
        chat, ours = message.chat, message.sender.is_bot
        where = f" @{chat.title}" if chat.shared else (f" to {self.telegram.users[chat.id].first_name}" if ours else "")
        topic = f" #{chat.topics.get(message.thread, message.thread)}" if message.thread else ""
        file = f"<{message.file.kind} {message.file.name}, {len(message.file.data)} bytes> " if message.file else ""
        text = f"{file}{message.text}" if not message.service else f"<{', '.join(message.service)}>"
        self.write(f"{message.sender.first_name}{where}{topic} {message.message_id}{how}: {text}")
        if message.buttons and how != " (deleted)":
            self.write("  " + "  ".join(self._number(message, button) for button in message.buttons))

    def _number(self, message: Message, button: dict[str, Any]) -> str:
        if "callback_data" not in button:
            return f"[{button['text']} -> {button.get('url', '')}]"
        self.buttons.append((message, button["callback_data"]))
        return f"[{len(self.buttons)} {button['text']}]"

    def hear(self, line: str) -> None:
        """Do what a line says; write what is wrong with it."""
        try:
            self._do(line.strip())
        except (LookupError, AssertionError, ValueError, OSError) as error:
            self.write(f"  no: {error if str(error) else type(error).__name__}; try help")

    def _do(self, line: str) -> None:
        who, _, rest = line.partition(" ")
        if who in ("", "help"):
            self.write(HELP)
        elif who in ("down", "up"):
            self.telegram.down = who == "down"
        else:
            user = self.telegram.user(who)
            self._act(user, *self._place(user, rest.strip()))

    def _place(self, user: User, rest: str) -> tuple[Chat | User, str]:
        if not rest.startswith("@"):
            return user, rest
        name, _, text = rest[1:].partition(" ")
        chats = {chat.title.lower(): chat for chat in self.telegram.chats.values() if not chat.moved_to}
        return (chats[name.lower()], text) if name.lower() in chats else (user, rest)

    def _act(self, user: User, where: Chat | User, rest: str) -> None:
        telegram, (word, _, tail) = self.telegram, rest.partition(" ")
        id, _, text = tail.partition(" ")
        acts: dict[str, Callable[[], object]] = {
            "start": lambda: telegram.start(user, tail),
            "open": lambda: telegram.follow(user, tail),
            "press": lambda: self._press(user, int(tail)),
            "reply": lambda: telegram.say(user, where, text, reply_to=int(id)),
            "forward": lambda: telegram.forward(user, user, telegram.message(where, int(id))),
            "edit": lambda: telegram.edit(user, where, int(id), text),
            "send": lambda: telegram.send_document(user, where, Path(id).name, Path(id).read_bytes(), text),
            "block": lambda: telegram.block(user),
            "unblock": lambda: telegram.unblock(user),
        }
        acts.get(word, lambda: telegram.say(user, where, rest))()

    def _press(self, user: User, number: int) -> Press:
        if not 1 <= number <= len(self.buttons):
            raise LookupError(f"there is no button {number}")
        message, data = self.buttons[number - 1]
        return self.telegram.press(user, message.chat, message, data)
