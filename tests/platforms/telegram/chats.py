"""Who is there and where they meet: people, groups, topics, and what happens to them."""

from typing import Any

from .things import Chat, Json, Message, User
from .world import World

Who = int | User | str


class Chats(World):
    """People and chats, and the updates that their comings and goings make."""

    def add_user(self, id: int, first_name: str, username: str | None = None, language_code: str = "en") -> User:
        """A person with an account. Their private chat with the bot exists once they press start."""
        self.users[id] = User(id, first_name, username, language_code)
        return self.users[id]

    def add_group(self, id: int, title: str, members: list[User], *, bot: bool = True) -> Chat:
        """A basic group; its id is negative. `bot`: the bot is in it already. The first member owns it."""
        return self._add(Chat(id, "group", title), members, bot)

    def add_supergroup(
        self, id: int, title: str, members: list[User], *, is_forum: bool = False, bot: bool = True
    ) -> Chat:
        """A supergroup, whose id begins with -100; a forum has topics."""
        # Message 1 of a forum is its general topic, which is no thread to write to.
        return self._add(Chat(id, "supergroup", title, is_forum, last_id=int(is_forum)), members, bot)

    def _add(self, chat: Chat, members: list[User], bot: bool) -> Chat:
        chat.members = {user.id: "member" for user in members}
        if members:
            chat.members[members[0].id] = "creator"
        if bot:
            self._enter(chat)
        self.chats[chat.id] = chat
        return chat

    def _enter(self, chat: Chat) -> None:
        chat.members[self.bot.id] = "member"
        for user in chat.members:
            self.users[user].known = True

    def add_topic(self, chat: Chat, name: str, by: Who | None = None) -> int:
        """A new topic of a forum; its thread id."""
        with self.lock:
            service = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
            message = self._service(chat, self._owner(chat, by), service)
            message.thread = message.message_id
            chat.topics[message.message_id], chat.heads[message.message_id] = name, message
            self._heard(message)
            return message.message_id

    def close_topic(self, chat: Chat, thread: int) -> None:
        """Nobody but admins may write there from now on."""
        chat.closed_topics.add(thread)

    def delete_topic(self, chat: Chat, thread: int) -> None:
        """The topic and its messages are gone."""
        with self.lock:
            del chat.topics[thread]
            for message in self.messages:
                if message.chat is chat and message.thread == thread:
                    message.deleted = True

    def migrate(self, group: Chat, id: int) -> Chat:
        """A group becomes a supergroup with another id, which the bot learns from service messages."""
        with self.lock:
            chat = Chat(id, "supergroup", group.title, members=dict(group.members))
            self.chats[id], group.moved_to = chat, id
            owner = self._owner(chat, None)
            if chat.present(self.bot.id):
                self._membership(chat, owner, "left", chat.members[self.bot.id])
            self._heard(self._service(group, owner, {"migrate_to_chat_id": id}))
            self._heard(self._service(chat, owner, {"migrate_from_chat_id": group.id}))
            return chat

    def block(self, who: Who) -> None:
        """A person blocks the bot."""
        self._change(self.chats[self.user(who).id], self.user(who), "kicked")

    def unblock(self, who: Who) -> None:
        self._change(self.chats[self.user(who).id], self.user(who), "member")

    def deactivate(self, who: Who) -> None:
        """The account of a person ceases to be; the bot is not told."""
        self.user(who).deactivated = True

    def invite(self, by: Who, chat: Chat) -> None:
        """Somebody adds the bot to a group."""
        with self.lock:
            self._enter(chat)
            chat.members[self.bot.id] = "left"
            self._change(chat, self.user(by), "member")
            self._heard(self._service(chat, self.user(by), {"new_chat_members": [self.bot.json()]}))

    def kick(self, chat: Chat, by: Who | None = None) -> None:
        """Somebody removes the bot from a group."""
        with self.lock:
            owner = self._owner(chat, by)
            service = self._service(chat, owner, {"left_chat_member": self.bot.json()})
            if chat.kind == "group":  # the real one tells a basic group's bot so, a supergroup's only by the update
                self._heard(service)
            self._change(chat, owner, "kicked")

    def promote(self, chat: Chat, by: Who | None = None) -> None:
        """The bot becomes an administrator, who reads everything."""
        self._change(chat, self._owner(chat, by), "administrator")

    def mute(self, chat: Chat, muted: bool = True) -> None:
        """Admins take the bot's right to write, or give it back; the bot is not told."""
        chat.muted = muted

    def delete_group(self, chat: Chat) -> None:
        chat.deleted = True

    def join(self, who: Who, chat: Chat) -> None:
        """A person joins a group."""
        with self.lock:
            user = self.user(who)
            self._person(chat, user, "member")
            user.known = user.known or chat.present(self.bot.id)
            self._heard(self._service(chat, user, {"new_chat_members": [user.json()]}))

    def leave(self, who: Who, chat: Chat) -> None:
        """A person leaves a group."""
        with self.lock:
            user = self.user(who)
            self._person(chat, user, "left")
            self._heard(self._service(chat, user, {"left_chat_member": user.json()}))

    def _owner(self, chat: Chat, by: Who | None) -> User:
        if by is not None:
            return self.user(by)
        people = [user for user in chat.members if user != self.bot.id]
        return self.users[people[0]] if people else self.bot

    def _service(self, chat: Chat, user: User, service: Json) -> Message:
        return self.post(chat, user, service=service)

    def _heard(self, message: Message, kind: str = "message") -> Message:
        """Let the bot know of a message, if it may."""
        if self.reads(message) or "left_chat_member" in message.service:
            self.queue.put(kind, message.json())
        return message

    def _change(self, chat: Chat, by: User, status: str) -> None:
        """The bot's own standing in a chat changes."""
        with self.lock:
            old = chat.members.get(self.bot.id, "left")
            chat.members[self.bot.id] = status
            self._membership(chat, by, old, status)

    def _membership(self, chat: Chat, by: User, old: str, new: str) -> None:
        self.queue.put("my_chat_member", self._member_update(chat, by, self.bot, old, new))
        self.tell("standing", (chat, by, new))

    def _person(self, chat: Chat, user: User, status: str) -> None:
        old = chat.members.get(user.id, "left")
        chat.members[user.id] = status
        if chat.members.get(self.bot.id) == "administrator":
            self.queue.put("chat_member", self._member_update(chat, user, user, old, status))

    def _member_update(self, chat: Chat, by: User, who: User, old: str, new: str) -> Json:
        person = None if chat.shared else self.users[chat.id]
        return {
            "chat": chat.json(person),
            "from": by.json(),
            "date": int(self.now()),
            "old_chat_member": member_json(who, old),
            "new_chat_member": member_json(who, new),
        }


RIGHTS = (
    "can_be_edited",
    "is_anonymous",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


def member_json(user: User, status: str) -> Json:
    """A ChatMember."""
    body: dict[str, Any] = {"user": user.json(), "status": status}
    if status == "administrator":
        body |= dict.fromkeys(RIGHTS, False) | {"can_manage_chat": True}
    if status == "creator":
        body["is_anonymous"] = False
    if status == "kicked":
        body["until_date"] = 0
    return body
