"""People and channels come, change and go, and the app is told."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from .delivery import Act, Attempt, Delivery, Post, failed
from .payloads import channel_body, escaped, message_body, user_body
from .signing import Courier
from .sockets import Sockets
from .things import Channel, Json, Message, User
from .world import APP, BOT_USER, TEAM, World

SUBSCRIPTIONS = {
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_archive",
    "channel_rename",
    "channel_unarchive",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "team_join",
    "tokens_revoked",
    "user_change",
}
UNTOLD = ("app_id", "bot_id", "bot_profile", "client_msg_id", "team")
MESSAGES = {"im": "message.im", "group": "message.groups", "channel": "message.channels"}


class People(World):
    """Who is there. `subscriptions`: the events that the app asked for. `courier` None: Socket Mode."""

    def __init__(self, now: Callable[[], float], courier: Courier | None) -> None:
        super().__init__(now)
        self.subscriptions = set(SUBSCRIPTIONS)
        self.sockets, self.courier = Sockets(), courier
        self.line = Post(self._carry)
        self.emitted: list[tuple[str, str, Json]] = []  # (api, events, interactive or commands; its name; the JSON)
        self.token_fault = ""  # token_revoked or account_inactive: what the bot token is answered with
        self._down = False
        self.watchers.append(self._echo)

    async def _carry(self, delivery: Delivery) -> Attempt:
        if self._down:
            return failed("timeout")
        return await (self.courier or self.sockets).carry(delivery)

    def send(self, kind: str, name: str, payload: Json, then: Callable[[Any], None] | None = None) -> list[Delivery]:
        """Set an envelope on its way to the app."""
        group = {"events_api": "events", "slash_commands": "commands"}.get(kind, kind)
        self.emitted.append((group, name, payload))
        return self.line.send(Delivery(kind, payload, then=then))

    def event(self, name: str, body: Json, subscription: str = "") -> list[Delivery]:
        """Tell the app of something that happened, if it asked for such events."""
        if (subscription or name.partition(".")[0]) not in self.subscriptions:
            return []
        grant = {"enterprise_id": None, "team_id": TEAM, "user_id": BOT_USER, "is_bot": True}
        payload: Json = {"token": "verification", "team_id": TEAM, "api_app_id": APP, "event": body}
        payload |= {"type": "event_callback", "event_id": self.next_id("Ev"), "event_time": int(time.time())}
        payload |= {"authorizations": [{**grant, "is_enterprise_install": False}], "is_ext_shared_channel": False}
        return self.send("events_api", name, payload | {"event_context": "4-context"})

    def message_event(self, message: Message, subtype: str, body: Json) -> list[Delivery]:
        """Tell of a message, where the bot is in the channel."""
        channel = message.channel
        if BOT_USER not in channel.members:
            return []
        place = {"channel": channel.id, "channel_type": channel.kind, "event_ts": body.get("ts", message.ts)}
        name = f"message.{subtype}" if subtype else "message"
        if subtype == "file_share":  # tells less than other messages, even of a bot's own
            body = {key: value for key, value in body.items() if key not in UNTOLD}
        return self.event(name, {"type": "message", **body, **place}, MESSAGES[channel.kind])

    def changed_event(self, message: Message, before: Json) -> list[Delivery]:
        """Tell that a message reads otherwise."""
        now = message_body(self, message)
        body = {"subtype": "message_changed", "hidden": True, "message": now, "previous_message": before}
        return self.message_event(message, "message_changed", {**body, "ts": self.stamp()})

    def deleted_event(self, message: Message) -> list[Delivery]:
        """Tell that a message is gone."""
        body = {"subtype": "message_deleted", "hidden": True, "deleted_ts": message.ts}
        before = message_body(self, message)
        return self.message_event(message, "message_deleted", {**body, "previous_message": before, "ts": self.stamp()})

    def _echo(self, what: str, about: Any) -> None:
        """The app hears of what its own bot says, as of everybody else."""
        message = about[0] if what == "changed" else about
        said = isinstance(message, Message) and message.subtype in ("", "file_share") and not message.only
        if not said or message.user is not self.bot:
            return
        if what == "posted":
            self.message_event(message, message.subtype, message_body(self, message))
        elif what == "changed":
            self.changed_event(*about)
        elif what == "deleted":
            self.deleted_event(message)

    # People.

    def add_user(
        self, id: str, name: str, email: str = "", *, deleted: bool = False, bot: bool = False, real_name: str = ""
    ) -> User:
        """Somebody who has been here all along."""
        user = User(id, name, email or f"{name}@example.com", deleted, bot, real_name)
        self.users[id] = user
        return user

    def team_join(self, id: str, name: str, email: str = "") -> Act:
        """Somebody new comes."""
        user = self.add_user(id, name, email)
        return Act(self.event("team_join", {"type": "team_join", "user": user_body(user)}))

    def user_change(self, who: str | User, **changes: Any) -> Act:
        """Somebody's name, email, tz or `deleted` changes."""
        user = self.user(who)
        for name, value in changes.items():
            setattr(user, name, value)
        body = {"type": "user_change", "user": user_body(user), "cache_ts": int(self.now())}
        return Act(self.event("user_change", body))

    def deactivate(self, who: str | User) -> Act:
        """Somebody's account is closed."""
        user = self.user(who)
        for channel in self.channels.values():
            if not channel.im and user.id in channel.members:
                channel.members.remove(user.id)
        return self.user_change(user, deleted=True)

    # Channels.

    def add_channel(
        self,
        id: str,
        name: str,
        members: Iterable[str | User] = (),
        archived: bool = False,
        *,
        private: bool = False,
        bot: bool = True,
    ) -> Channel:
        """A channel that has been there all along. `bot`: it is in there."""
        ids = [self.user(member).id for member in members] + ([BOT_USER] if bot else [])
        self.channels[id] = Channel(id, name, ids, archived, private, created=int(self.now()))
        return self.channels[id]

    def channel_rename(self, where: str | Channel, name: str) -> Act:
        """A channel gets another name."""
        channel = self.channel(where)
        old, channel.name = channel.name, name
        keys = ("id", "name", "name_normalized", "created", "is_channel", "is_mpim")
        body = {key: value for key, value in channel_body(self, channel).items() if key in keys}
        told = self._service(channel, "channel_name", f"has renamed the channel from {old}", old_name=old, name=name)
        event = {"type": "channel_rename", "channel": body, "event_ts": self.stamp()}
        return Act([*told, *self.event("channel_rename", event)])

    def channel_archive(self, where: str | Channel, archived: bool = True) -> Act:
        """A channel is archived, or taken out of the archive."""
        channel = self.channel(where)
        channel.archived = archived
        kind = "channel_archive" if archived else "channel_unarchive"
        told = self._service(channel, kind, "archived the channel" if archived else "un-archived the channel")
        body = {"type": kind, "channel": channel.id, "user": channel.members[0], "event_ts": self.stamp()}
        return Act([*told, *self.event(kind, body)])

    def invite(self, where: str | Channel, who: str | User = BOT_USER) -> Act:
        """Somebody, or the bot, comes into a channel."""
        channel, user = self.channel(where), self.user(who)
        inviter = channel.members[0] if channel.members else user.id
        channel.members.append(user.id)
        if BOT_USER not in channel.members:
            return Act([])
        told = self._service(channel, "channel_join", f"<@{user.id}> has joined the channel", user=user)
        body = {"type": "member_joined_channel", "user": user.id, "channel": channel.id, "team": TEAM}
        body |= {"channel_type": "G" if channel.private else "C", "inviter": inviter, "event_ts": self.stamp()}
        return Act([*told, *self.event("member_joined_channel", body)])

    def kick(self, where: str | Channel, who: str | User = BOT_USER) -> Act:
        """Somebody, or the bot, leaves a channel."""
        channel, user = self.channel(where), self.user(who)
        channel.members.remove(user.id)
        body = {"type": "member_left_channel", "user": user.id, "channel": channel.id, "team": TEAM}
        body |= {"channel_type": "G" if channel.private else "C", "event_ts": self.stamp()}
        return Act(self.event("member_left_channel", body))

    def _service(
        self, channel: Channel, subtype: str, text: str, user: User | None = None, **more: str
    ) -> list[Delivery]:
        """A line that Slack itself puts into a channel."""
        people = [self.users[member] for member in channel.members] or [self.bot]
        message = self.post(channel, user or people[0], escaped(text), subtype=subtype)
        body = {"subtype": subtype, "user": message.user.id, "text": message.text, "ts": message.ts, **more}
        return self.message_event(message, subtype, body)

    # The installation.

    def revoke(self, fault: str = "token_revoked") -> Act:
        """The bot token is good no more. `fault`: token_revoked, account_inactive or invalid_auth."""
        self.token_fault = fault
        body = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [BOT_USER]}}
        return Act(self.event("tokens_revoked", body))

    def uninstall(self) -> Act:
        """The app is removed from the workspace."""
        self.token_fault = "account_inactive"
        tokens = self.revoke("account_inactive").deliveries
        return Act([*self.event("app_uninstalled", {"type": "app_uninstalled"}), *tokens])
