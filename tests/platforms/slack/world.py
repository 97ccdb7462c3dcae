"""All there is in this Slack: people, channels, messages, files, views. Tests may look at any of it."""

import itertools
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from .refusal import Refusal
from .things import Channel, File, Json, Message, User, View

TEAM, BOT_USER, BOT, APP = "T0PACELINE", "U0PACELINE", "B0PACELINE", "A0PACELINE"
SLACKBOT = "USLACKBOT"


@dataclass
class Trigger:
    """Proof that `user` did something just now, good for one view. `at` in monotonic seconds."""

    user: str
    at: float
    view: str = ""
    used: bool = False


@dataclass
class Reply:
    """A response_url: where it leads, and how often it was used. `at` in monotonic seconds."""

    channel: str
    user: str
    at: float
    ts: str = ""
    thread_ts: str = ""
    used: int = 0


class World:
    """The state. Whoever changes it holds `lock`, since tests may act from another thread than the server's."""

    @property
    def files_url(self) -> str:
        """Where files and response urls are."""
        raise NotImplementedError

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self.now = now
        self.lock = threading.RLock()
        self.domain = "paceline-test"
        self.bot = User(BOT_USER, "paceline", bot=True, real_name="Paceline")
        # Slackbot is in every workspace, and says of itself that it is no bot.
        self.users = {BOT_USER: self.bot, SLACKBOT: User(SLACKBOT, "slackbot")}
        self.channels: dict[str, Channel] = {}
        self.messages: list[Message] = []
        self.files: dict[str, File] = {}
        self.views: dict[str, View] = {}
        self.homes: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.replies: dict[str, Reply] = {}
        self.trigger_within = 3.0  # seconds in which a trigger_id may open a view
        self.deactivated_error = ""  # what chat.postMessage says of a deactivated person; the real one just takes it
        self.watchers: list[Callable[[str, Any], None]] = []
        self._ids = itertools.count(1)
        self._last_ts = 0

    def tell(self, what: str, about: Any) -> None:
        """Let those who watch know."""
        for watcher in self.watchers:
            watcher(what, about)

    def next_id(self, prefix: str) -> str:
        """An id that nothing has yet."""
        return f"{prefix}0{next(self._ids):08}"

    def stamp(self) -> str:
        """A timestamp that no message has, later than all before."""
        self._last_ts = max(self._last_ts + 1, int(self.now() * 1e6))
        return f"{self._last_ts // 10**6}.{self._last_ts % 10**6:06}"

    # Who and where.

    def user(self, who: str | User) -> User:
        """A person by id or name."""
        if isinstance(who, User):
            return who
        for user in self.users.values():
            if who.removeprefix("@") in (user.id, user.name, user.email):
                return user
        raise LookupError(f"there is nobody called {who}")

    def dm(self, who: str | User) -> Channel:
        """The direct messages between a person and the bot, opened when they are not yet."""
        user = self.user(who)
        for channel in self.channels.values():
            if channel.user == user.id:
                return channel
        channel = Channel(self.dm_id(user), members=[user.id, BOT_USER], user=user.id, created=int(self.now()))
        self.channels[channel.id] = channel
        return channel

    def dm_id(self, user: User) -> str:
        """The id that the direct messages with a person have, or will have."""
        return f"D{user.id[1:]}"

    def channel(self, where: str | User | Channel) -> Channel:
        """A channel by id or name; a person stands for the direct messages with them."""
        if isinstance(where, Channel):
            return where
        if isinstance(where, User):
            return self.dm(where)
        for channel in self.channels.values():
            if where == channel.id or (channel.name and where.removeprefix("#") == channel.name):
                return channel
        return self.dm(where)

    def message(self, where: str | User | Channel, ts: str) -> Message:
        """A message that was not deleted."""
        channel = self.channel(where)
        for message in reversed(self.messages):
            if message.channel is channel and message.ts == ts and not message.deleted:
                return message
        raise LookupError(f"there is no message {ts} in {channel.id}")

    def add_view(self, body: Json, user: str, previous: View | None = None) -> View:
        """Show a view, on top of another or as the first."""
        below = (previous.root or previous.id, previous.id) if previous else ("", "")
        view = View(self.next_id("V"), user, {**body, "blocks": completed(body["blocks"])}, self.stamp(), *below)
        self.views[view.id] = view
        self.tell("view", view)
        return view

    def screen(self, who: str | User) -> View | None:
        """The form that a person sees now."""
        user = self.user(who)
        seen = [view for view in self.views.values() if view.user == user.id and view.open]
        return next((view for view in reversed(seen) if view.body["type"] == "modal"), None)

    # What the bot said.

    def said(self, where: str | User | Channel, thread: str | None = None) -> list[Message]:
        """What the bot said there and did not delete, oldest first; for the eyes of one person only included."""
        channel = self.channel(where)
        ours = [m for m in self.messages if m.channel is channel and m.user is self.bot and not m.deleted]
        return [m for m in ours if thread is None or m.thread_ts == thread]

    def texts(self, where: str | User | Channel, thread: str | None = None) -> list[str]:
        """What people read of it."""
        return [message.shown for message in self.said(where, thread)]

    def last(self, where: str | User | Channel, thread: str | None = None) -> Message:
        """The last thing that the bot said there."""
        return self.said(where, thread)[-1]

    def post(self, channel: Channel, user: User, text: str = "", blocks: Iterable[Json] = (), **more: Any) -> Message:
        """Put a message into a channel."""
        message = Message(channel, self.stamp(), user, text, completed(blocks), **more)
        self.messages.append(message)
        self.tell("posted", message)
        return message

    def change(self, message: Message, text: str, blocks: Iterable[Json]) -> None:
        """Let a message read otherwise."""
        message.versions.append(message.shown)
        message.text, message.blocks = text, completed(blocks)

    def thread(self, channel: Channel, ts: str) -> list[Message]:
        """The replies to a message, oldest first."""
        here = [m for m in self.messages if m.channel is channel and not m.deleted and not m.only]
        return [m for m in here if m.thread_ts == ts and m.ts != ts]

    # What the bot may reach.

    def reach(self, channel_id: str, *, post: bool = False, member: bool = True) -> Channel:
        """The channel that a call names, as far as the bot may use it. `post`: a user id will do as well."""
        channel = self.channels.get(channel_id)
        if channel is None and post and channel_id in self.users:
            channel = self.open_dm(channel_id, gone=True)
        if channel is None or (channel.private and BOT_USER not in channel.members):
            raise Refusal("channel_not_found")
        if post and channel.im and self.users[channel.user].deleted and self.deactivated_error:
            raise Refusal(self.deactivated_error)
        if post and channel.archived:
            raise Refusal("is_archived")
        if member and BOT_USER not in channel.members:
            raise Refusal("not_in_channel")
        return channel

    def open_dm(self, user_id: str, *, gone: bool = False) -> Channel:
        """Open the direct messages with a person for the bot; with `gone`, also with somebody deactivated."""
        user = self.users.get(user_id)
        if user is None:
            raise Refusal("user_not_found")
        if user.bot or user.id == SLACKBOT:
            raise Refusal("cannot_dm_bot")
        if user.deleted and not gone:
            raise Refusal("user_disabled")
        return self.dm(user)

    def trigger(self, user: User, view: str = "") -> str:
        """A new trigger_id."""
        trigger_id = f"{next(self._ids)}.{next(self._ids)}.{secrets.token_hex(8)}"
        self.triggers[trigger_id] = Trigger(user.id, time.monotonic(), view)
        return trigger_id


def completed(blocks: Iterable[Json]) -> list[Json]:
    """Blocks with an id each, as Slack keeps them."""
    return [{**block, "block_id": block.get("block_id") or secrets.token_urlsafe(4)[:5]} for block in blocks]
