"""Users, chats and messages as plain values, and the JSON that the Bot API makes of them."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


def units(text: str) -> int:
    """The length of a text in UTF-16 code units, which is how Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass
class User:
    """A person, or the bot itself. `known`: the bot has met them, though they may never have pressed start."""

    id: int
    first_name: str
    username: str | None = None
    language_code: str = "en"
    is_bot: bool = False
    known: bool = False
    deactivated: bool = False

    def json(self) -> Json:
        body: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.username:
            body["username"] = self.username
        if not self.is_bot:
            body["language_code"] = self.language_code
        return body


ANONYMOUS = User(1087968824, "Group", "GroupAnonymousBot", is_bot=True)


@dataclass
class Chat:
    """A private chat, group or supergroup.

    `members`: user id -> status ("creator", "administrator", "member", "left", "kicked"), the bot's among them.
    In a private chat "kicked" means that the person blocked the bot. `topics`: thread id -> name.
    `heads`: the service message that each topic began with. `moved_to`: the supergroup that this group became.
    `muted`: admins took the bot's right to write.
    """

    id: int
    kind: str
    title: str = ""
    is_forum: bool = False
    members: dict[int, str] = field(default_factory=dict)
    topics: dict[int, str] = field(default_factory=dict)
    closed_topics: set[int] = field(default_factory=set)
    heads: "dict[int, Message]" = field(default_factory=dict, repr=False)
    moved_to: int = 0
    deleted: bool = False
    muted: bool = False
    pinned: list[int] = field(default_factory=list)
    last_id: int = 0

    @property
    def shared(self) -> bool:
        return self.kind != "private"

    def present(self, user: int) -> bool:
        return self.members.get(user, "left") not in ("left", "kicked")

    def json(self, person: User | None = None) -> Json:
        """The chat as others see it; a private chat bears the name of its `person`."""
        body: Json = {"id": self.id, "type": self.kind}
        if person:
            body["first_name"] = person.first_name
            if person.username:
                body["username"] = person.username
        else:
            body["title"] = self.title
        if self.is_forum:
            body["is_forum"] = True
        return body


@dataclass
class File:
    """Bytes that were sent. `kind` is photo or document."""

    file_id: str
    kind: str
    name: str
    data: bytes
    mime: str = "application/octet-stream"
    width: int = 0
    height: int = 0

    @property
    def path(self) -> str:
        return f"{self.kind}s/{self.file_id}/{self.name}"

    def json(self) -> Json:
        body: Json = {"file_id": self.file_id, "file_unique_id": f"u{self.file_id}", "file_size": len(self.data)}
        if self.kind == "photo":
            return body | {"width": self.width, "height": self.height}
        return body | {"file_name": self.name, "mime_type": self.mime}


@dataclass(frozen=True)
class Edit:
    """What a message said before it was edited, and the keyboard that it had."""

    text: str
    reply_markup: Json | None
    at: float


@dataclass
class Message:
    """A message as it stands now. `text` is what people read (the caption, when there is a file), `raw` what was sent.

    `service`: the fields of a service message. `anonymous`: an admin wrote it in the name of the group.
    `quote`: the part of `reply_to` that its writer picked. `origin`: whose it was, of one that was forwarded.
    `edits`: its former states, oldest first.
    """

    chat: Chat
    message_id: int
    sender: User
    date: float
    text: str = ""
    raw: str = ""
    entities: list[Json] = field(default_factory=list)
    reply_markup: Json | None = None
    thread: int | None = None
    reply_to: "Message | None" = None
    file: File | None = None
    media_group: str | None = None
    service: Json = field(default_factory=dict)
    anonymous: bool = False
    quote: str = ""
    origin: Json = field(default_factory=dict)
    edits: list[Edit] = field(default_factory=list)
    edited_at: float = 0
    deleted: bool = False
    reaction: list[Json] = field(default_factory=list)
    person: User | None = None  # whose private chat it is

    @property
    def media(self) -> bytes | None:
        """The bytes of its photo or document."""
        return self.file.data if self.file else None

    @property
    def buttons(self) -> list[Json]:
        """Its inline buttons in reading order."""
        rows = (self.reply_markup or {}).get("inline_keyboard", [])
        return [button for row in rows for button in row]

    @property
    def labels(self) -> list[str]:
        return [button["text"] for button in self.buttons]

    def button(self, label_or_data: str) -> Json:
        """The button with this label, or else this callback data."""
        for key in ("text", "callback_data"):
            for button in self.buttons:
                if button.get(key) == label_or_data:
                    return button
        raise LookupError(f"no button {label_or_data!r} under message {self.message_id}, only {self.labels}")

    def root(self) -> "Message":
        """The message that its chain of replies began with."""
        return self.reply_to.root() if self.reply_to else self

    def json(self, *, whole: bool = True) -> Json:
        """The message on the wire; a message that is replied to does not carry what it replied to itself."""
        body: Json = {"message_id": self.message_id, "from": self.sender.json(), "date": int(self.date)}
        body["chat"] = self.chat.json(self.person)
        if self.anonymous:
            body |= {"from": ANONYMOUS.json(), "sender_chat": self.chat.json()}
        body |= self._thread() | self._content() | self.service
        # As in the real one: what answers nothing in a topic seems to answer the topic's beginning.
        answered = self.reply_to or self.chat.heads.get(self.thread or 0)
        if whole and answered and answered is not self:
            body["reply_to_message"] = answered.json(whole=False)
        if self.quote and self.reply_to:
            before = self.reply_to.text.partition(self.quote)[0]
            body["quote"] = {"text": self.quote, "position": units(before), "is_manual": True}
        if self.origin:
            body["forward_origin"] = self.origin
        if self.edited_at:
            body["edit_date"] = int(self.edited_at)
        if self.buttons:
            body["reply_markup"] = self.reply_markup
        if self.media_group:
            body["media_group_id"] = self.media_group
        return body

    def _thread(self) -> Json:
        if self.thread:
            return {"message_thread_id": self.thread, "is_topic_message": True}
        # As in the real one: replies in a plain supergroup name a thread that nobody can post to.
        if self.reply_to and self.chat.kind == "supergroup" and not self.chat.is_forum:
            return {"message_thread_id": self.root().message_id}
        return {}

    def _content(self) -> Json:
        if self.service:
            return {}
        word, marks = ("caption", "caption_entities") if self.file else ("text", "entities")
        body: Json = {word: self.text} if self.text else {}
        if self.entities:
            body[marks] = self.entities
        if self.file:
            body[self.file.kind] = [self.file.json()] if self.file.kind == "photo" else self.file.json()
        return body
