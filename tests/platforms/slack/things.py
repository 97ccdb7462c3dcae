"""The people, channels, messages, files and views of this Slack, as plain values."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass
class User:
    """A person, or the bot itself."""

    id: str
    name: str
    email: str = ""
    deleted: bool = False
    bot: bool = False
    real_name: str = ""
    tz: str = "Europe/Berlin"
    locale: str = "en-US"
    guest: bool = False

    def __post_init__(self) -> None:
        self.real_name = self.real_name or self.name.title()


@dataclass
class Channel:
    """A channel, or the direct messages between the bot and `user`."""

    id: str
    name: str = ""
    members: list[str] = field(default_factory=list)
    archived: bool = False
    private: bool = False
    user: str = ""
    created: int = 0

    @property
    def im(self) -> bool:
        """Whether these are direct messages."""
        return bool(self.user)

    @property
    def kind(self) -> str:
        """What an event calls it: im, group or channel."""
        return "im" if self.im else "group" if self.private else "channel"


@dataclass
class File:
    """An uploaded file. `done`: it was shared, so that it may be downloaded."""

    id: str
    name: str
    title: str
    user: str
    data: bytes = b""
    size: int = 0
    done: bool = False
    created: int = 0
    alt: str = ""
    channels: list[str] = field(default_factory=list)


@dataclass
class Message:
    """A message as it stands now. `only`: the one person who sees it. `versions`: what it said before."""

    channel: Channel
    ts: str
    user: User
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str = ""
    metadata: Json | None = None
    files: list[File] = field(default_factory=list)
    subtype: str = ""
    only: str = ""
    edited: str = ""
    deleted: bool = False
    versions: list[str] = field(default_factory=list)

    @property
    def elements(self) -> list[Json]:
        """Everything in it that can be pressed or chosen, in order."""
        return _elements(self.blocks)

    @property
    def labels(self) -> list[str]:
        """What its buttons say."""
        return [element["text"]["text"] for element in self.elements if element["type"] == "button"]

    @property
    def shown(self) -> str:
        """What people read: its blocks if it has any, else its text."""
        typed = not self.blocks or self.blocks[0]["type"] == "rich_text"  # by a person, whose text says the same
        return self.text if typed else "\n".join(filter(None, map(_shown, self.blocks)))


@dataclass
class View:
    """A form on a person's screen, or their home tab. `body` is what the app gave, completed by Slack."""

    id: str
    user: str
    body: Json
    hash: str
    root: str = ""
    previous: str = ""
    open: bool = True

    @property
    def title(self) -> str:
        """What stands above it."""
        return str(self.body.get("title", {}).get("text", ""))

    @property
    def blocks(self) -> list[Json]:
        """What it is made of."""
        return list(self.body["blocks"])

    @property
    def elements(self) -> list[Json]:
        """Everything in it that can be pressed, chosen or filled in, in order."""
        return _elements(self.blocks)

    @property
    def shown(self) -> str:
        """What people read."""
        return "\n".join(filter(None, map(_shown, self.blocks)))


def _elements(blocks: list[Json]) -> list[Json]:
    found: list[Json] = []
    for block in blocks:
        found += block.get("elements", []) if block["type"] == "actions" else []
        found += [block[key] for key in ("accessory", "element") if "action_id" in block.get(key, {})]
    return found


def _shown(block: Json) -> str:
    """A block as a line of text."""
    texts = [block[key] for key in ("text", "label", "title", "alt_text") if key in block]
    texts += block.get("fields", [])
    for element in block.get("elements", []):
        texts.append(element.get("text", element.get("placeholder", "")))
    line = [text["text"] if isinstance(text, dict) else text for text in texts]
    return " ".join(str(text) for text in line if text)
