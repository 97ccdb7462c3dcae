"""A conversation by hand: what passes is written out as it happens, and short lines make people act."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from .delivery import Act
from .forms import options
from .server import Slack
from .things import Channel, Json, Message, User, View

HELP = """\
U1 dm hello             writes to the bot      U1 #sales hello      writes in a channel
U1 /standup text        types a command        U1 #sales /standup   does so in a channel
U1 press 2              presses a button       U1 press 3 Tomorrow  chooses from a menu
U1 submit a | b         fills in the form      U1 close             closes it
U1 thread 2 text        answers message 2      U1 edit 2 text       changes what they wrote
U1 upload FILE [text]   sends a file           U1 home              opens the home tab
U1 ask 2                picks that entry in the menu of message 2
U1 invite #sales        brings the bot in      U1 kick #sales       throws it out
help | down | up | refresh                     of Slack itself
"""


class Talk:
    """Reads lines such as "U1 dm hello" and writes lines such as "Ann: hello"."""

    def __init__(self, slack: Slack, write: Callable[[str], None]) -> None:
        self.slack, self.write = slack, write
        self.buttons: list[tuple[Message | View, Json]] = []  # a button's number is its place here, from 1
        self.messages: list[Message] = []
        slack.watchers.append(self.show)

    def show(self, what: str, about: Any) -> None:
        """Write out what happened."""
        if what == "refused":
            call, refusal = about
            self.write(f"  refused {call.method}: {refusal.error} {refusal.more.get('response_metadata', '')}")
        elif isinstance(about, View):
            self._view(about)
        else:
            how = {"posted": "", "changed": " (changed)", "deleted": " (deleted)"}[what]
            self._message(how, about[0] if what == "changed" else about)

    def _message(self, how: str, message: Message) -> None:
        if message not in self.messages:
            self.messages.append(message)
        channel, number = message.channel, self.messages.index(message) + 1
        other = self.slack.users[channel.user] if message.user is self.slack.bot and channel.im else self.slack.bot
        to = other.name if channel.im else f"#{channel.name}"
        thread = " in a thread" if message.thread_ts not in ("", message.ts) else ""
        only = f" (only {self.slack.users[message.only].name} sees it)" if message.only else ""
        files = "".join(f"<file {file.name}, {len(file.data)} bytes> " for file in message.files)
        self.write(f"{number} {message.user.name} to {to}{thread}{only}{how}: {files}{message.shown}")
        if how != " (deleted)":
            self._elements(message)

    def _elements(self, on: Message | View) -> None:
        shown = []
        for element in on.elements:
            if element["type"] in ("button", "overflow", "static_select") and element not in _inputs(on):
                self.buttons.append((on, element))
                label = (element.get("text") or element.get("placeholder") or {"text": "..."})["text"]
                menu = " | ".join(option["text"]["text"] for option in options(element))
                shown.append(f"[{len(self.buttons)} {label}{': ' + menu if menu else ''}]")
        if shown:
            self.write("  " + "  ".join(shown))

    def _view(self, view: View) -> None:
        name = self.slack.users[view.user].name
        self.write(f"{name} sees the form {view.title!r}:" if view.title else f"{name} sees the home tab:")
        for block in view.blocks:
            if block["type"] != "input":
                continue
            element = block["element"]
            choices = " | ".join(option["text"]["text"] for option in options(element))
            given = element.get("initial_value") or element.get("initial_date") or choices
            self.write(f"  {block['label']['text']}{' (may be empty)' if block.get('optional') else ''}: {given}")
        self.write("".join(f"  {line}\n" for line in view.shown.splitlines()))
        self._elements(view)

    def hear(self, line: str) -> None:
        """Do what a line says; write what is wrong with it."""
        try:
            act = self._do(line.strip())
            if act and not (self.slack.courier or self.slack.sockets.open):
                self.write("  no app is connected")
            elif act and not act.wait(5).acked:
                self.write("  the app did not hear")
            for block, error in (act.errors if act else {}).items():
                self.write(f"  {block}: {error}")
        except (LookupError, AssertionError, ValueError, OSError) as error:
            self.write(f"  no: {error if str(error) else type(error).__name__}; try help")

    def _do(self, line: str) -> Act | None:
        who, _, rest = line.partition(" ")
        if who in ("", "help"):
            self.write(HELP)
        elif who in ("down", "up"):
            self.slack.down = who == "down"
        elif who == "refresh":
            self.slack.disconnect()
        else:
            return self._act(self.slack.user(who), rest.strip())
        return None

    def _act(self, user: User, rest: str) -> Act:
        slack, (word, _, tail) = self.slack, rest.partition(" ")
        first, _, text = tail.partition(" ")
        acts: dict[str, Callable[[], Act]] = {
            "press": lambda: self._press(user, int(first), text),
            "submit": lambda: self._submit(user, tail),
            "close": lambda: slack.close_view(user, self._screen(user)),
            "thread": lambda: self._answer(user, self.messages[int(first) - 1], text),
            "ask": lambda: slack.shortcut(user, self.messages[int(first) - 1], "ask"),
            "edit": lambda: slack.edit(user, *self._place(int(first)), text),
            "upload": lambda: slack.upload_file(user, "dm", Path(first).name, Path(first).read_bytes(), text),
            "home": lambda: slack.open_home(user),
            "invite": lambda: slack.invite(first),
            "kick": lambda: slack.kick(first),
        }
        if word in acts:
            return acts[word]()
        where: str | Channel = slack.channel(word) if word.startswith("#") else "dm"
        said = tail if word.startswith("#") or word == "dm" else rest
        if said.startswith("/"):
            command, _, text = said.partition(" ")
            return slack.command(user, where, command, text)
        return slack.say(user, where, said)

    def _place(self, number: int) -> tuple[Channel, str]:
        message = self.messages[number - 1]
        return message.channel, message.ts

    def _answer(self, user: User, message: Message, text: str) -> Act:
        return self.slack.say(user, message.channel, text, thread_ts=message.thread_ts or message.ts)

    def _press(self, user: User, number: int, option: str) -> Act:
        on, element = self.buttons[number - 1]
        return self.slack.press(user, on, element["action_id"], option)

    def _screen(self, user: User) -> View:
        view = self.slack.screen(user)
        assert view, "there is no form open"
        return view

    def _submit(self, user: User, tail: str) -> Act:
        view = self._screen(user)
        values: dict[str, Any] = {}
        inputs = [block for block in view.blocks if block["type"] == "input"]
        for block, value in zip(inputs, tail.split("|"), strict=False):
            many = block["element"]["type"] in ("checkboxes", "multi_static_select")
            if value.strip():
                values[block["block_id"]] = value.strip().split(",") if many else value.strip()
        return self.slack.submit(user, view, values)


def _inputs(on: Message | View) -> list[Json]:
    return [block["element"] for block in on.blocks if block["type"] == "input"]
