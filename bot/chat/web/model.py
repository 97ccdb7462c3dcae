"""Conversations and messages of the web chat as values. Pure: no I/O, no clock."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bot.message import Button, Choices

MOST_TEXT = 20_000  # characters of one message, and of one answer in a form
MOST_BYTES = 20 * 1024 * 1024  # of one file

Kind = Literal["bot", "team", "direct"]


@dataclass(frozen=True, slots=True)
class Conversation:
    """`bot-5`: person 5 with Paceline · `team-3`: the channel of team 3 · `direct-5-9`: two people, lower id first."""

    kind: Kind
    ids: tuple[int, ...]

    @property
    def id(self) -> str:
        return "-".join((self.kind, *map(str, self.ids)))


def with_bot(person_id: int) -> Conversation:
    return Conversation("bot", (person_id,))


def channel(team_id: int) -> Conversation:
    return Conversation("team", (team_id,))


def direct(one: int, other: int) -> Conversation:
    return Conversation("direct", (min(one, other), max(one, other)))


_ID = re.compile(r"(bot|team)-([1-9][0-9]{0,17})|(direct)-([1-9][0-9]{0,17})-([1-9][0-9]{0,17})")


def read(chat: str) -> Conversation | None:
    """The conversation that an id names; None for anything but the one way of writing it."""
    found = _ID.fullmatch(chat)
    if found is None:
        return None
    if found[1]:
        return Conversation("bot" if found[1] == "bot" else "team", (int(found[2]),))
    one, other = int(found[4]), int(found[5])
    return direct(one, other) if one < other else None


@dataclass(frozen=True, slots=True)
class Attached:
    """A file or picture of a message; `alt` says what a picture shows, "" for what a person dropped in."""

    id: str
    name: str
    size: int
    media_type: str
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """What a message says. Of people it is plain text as they typed it, of the bot our small Markdown."""

    text: str
    buttons: tuple[Button | Choices, ...] = ()
    files: tuple[Attached, ...] = ()


def to_json(body: Body) -> dict[str, Any]:
    return {
        "text": body.text,
        "buttons": [_button_json(b) for b in body.buttons],
        "files": [[f.id, f.name, f.size, f.media_type, f.alt] for f in body.files],
    }


def _button_json(button: Button | Choices) -> dict[str, Any]:
    if isinstance(button, Choices):
        return {"label": button.label, "buttons": [_button_json(b) for b in button.buttons]}
    return {"label": button.label, "says": button.says, "style": button.style}


def from_json(kept: Mapping[str, Any]) -> Body:
    buttons = tuple(_button(b) for b in kept["buttons"])
    return Body(kept["text"], buttons, tuple(Attached(*f) for f in kept["files"]))


def _button(kept: Mapping[str, Any]) -> Button | Choices:
    if "buttons" in kept:
        inner = tuple(Button(b["label"], b["says"], b["style"]) for b in kept["buttons"])
        return Choices(kept["label"], inner)
    return Button(kept["label"], kept["says"], kept["style"])


@dataclass(frozen=True, slots=True)
class Draft:
    """A message about to be stored. `author` None is the bot, whose messages have a `key`; people's have a
    `client_id`, chosen by their page. `only` is the one person who may see it in a shared chat."""

    chat: str
    body: Body
    thread: int | None = None
    author: int | None = None
    key: str | None = None
    client_id: str | None = None
    only: int | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A stored message. `seq` is the number of its last change; `replies` those that the viewer sees under it."""

    id: int
    chat: str
    thread: int | None
    author: int | None
    key: str | None
    client_id: str | None
    body: Body
    only: int | None
    created: datetime
    edited: datetime | None
    seq: int
    replies: int = 0
    last_reply: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredFile:
    """`owner` None is the bot. Until `posted`, a file is its owner's alone."""

    id: str
    chat: str
    owner: int | None
    only: int | None
    name: str
    media_type: str
    size: int
    posted: bool


_PICTURES = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"))


def media_type(start: bytes) -> str:
    """The type of a file by its first bytes, whatever it claims to be: a picture that browsers show, or bytes."""
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for magic, kind in _PICTURES if start.startswith(magic)), "application/octet-stream")


def file_name(name: str) -> str:
    """A name that is safe to show and to save under: no folders, no control or direction characters, not too long."""
    last = re.split(r"[/\\]", name)[-1]
    clean = "".join(c for c in last if c.isprintable()).strip(" .")
    if len(clean) > 120:
        stem, dot, ending = clean.rpartition(".")
        clean = clean[:120] if not dot or len(ending) > 12 else f"{stem[: 119 - len(ending)]}.{ending}"
    return clean or "file"


def calls_bot(text: str) -> bool:
    """Whether what was typed in a shared chat is meant for the bot: a command, or `@paceline` in it."""
    return text.startswith("/") or re.search(r"(?<!\w)@paceline(?!\w)", text, re.IGNORECASE) is not None
