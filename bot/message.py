"""What is said and what is heard, as plain values that fit every platform.

A button is a sentence: pressing `Button("Done", says="/todo done 12")` is heard exactly as if its `says`
had been typed. A form is a sentence with blanks: submitting it is hearing its `says` with the answers
attached. Text is the small Markdown of `bot.markdown`; labels, hints and titles are plain text.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NamedTuple


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is said. `chat`, `thread` and `only` are the platform's own ids.

    `thread` is the message that the thread hangs from; `only` is the one person who may see it in a shared chat.
    Of a message heard in a shared chat, `only` is the platform's id of whoever said it.
    """

    platform: str
    chat: str
    thread: str = ""
    only: str = ""


class Button(NamedTuple):  # like Choices made by the ten thousand, and written down as it is
    label: str
    says: str
    style: Literal["", "primary", "danger"] = ""


class Choices(NamedTuple):
    """A button that opens a short list of buttons: `[ Later v ]`."""

    label: str
    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """One blank of a form.

    `kind`: line (one line), text (several), one (choose one), many (tick any), number, date (ISO), time (HH:MM).
    `value`: what it is prefilled with; a tuple of option values for `many`. `most`: characters taken.
    A required `many` wants at least one tick. Options whose value is "" stand for "nothing".
    """

    name: str
    label: str
    kind: Literal["line", "text", "one", "many", "number", "date", "time"] = "line"
    value: str | tuple[str, ...] = ""
    options: tuple[Option, ...] = ()
    required: bool = False
    hint: str = ""
    most: int = 3000


@dataclass(frozen=True, slots=True)
class Form:
    """`says` is heard, with the answers attached, when `submit` is pressed."""

    title: str
    says: str
    fields: tuple[Field, ...]
    submit: str
    intro: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG. `alt` says in words what it shows."""

    name: str
    png: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What the bot says. `private`: for the eyes of the one who asked, even in a shared channel.

    A reply with a `form` opens it where the platform can, at the asker's screen; it is not a message.
    """

    text: str = ""
    buttons: tuple[Button | Choices, ...] = ()
    form: Form | None = None
    pictures: tuple[Picture, ...] = ()
    private: bool = False


Answers = Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class File:
    """Something a person dropped into the chat. `path` is where the adapter keeps it on this machine."""

    name: str
    path: str
    size: int


@dataclass(frozen=True, slots=True)
class Message:
    """What a person said, pressed or filled in.

    `id` is the platform's own id: hearing it twice is hearing it once. `person` is our id of a roster member.
    0 when nobody on the roster is known by that account. `how` tells typing from pressing and submitting; `edit` is
    a message that its writer changed afterwards; `home` asks for what a platform's page of its own shows.
    `about` is the outbox key of our message that was answered in a thread, or that carried the button; else "".
    """

    id: str
    person: int
    place: Place
    text: str
    at: datetime
    how: Literal["typed", "button", "form", "edit", "home"] = "typed"
    answers: Answers = field(default_factory=dict)
    about: str = ""
    files: tuple[File, ...] = ()


def answer(message: Message, name: str) -> str:
    """The text that was filled into one field, trimmed; "" when it was left empty."""
    value = message.answers.get(name, "")
    return (value if isinstance(value, str) else ", ".join(value)).strip()


def ticks(message: Message, name: str) -> tuple[str, ...]:
    """The options that were ticked in one field."""
    value = message.answers.get(name, ())
    return tuple(v for v in ((value,) if isinstance(value, str) else value) if v)


def dump(reply: Reply) -> dict[str, Any]:
    """A reply as JSON-ready values: a button as [label, says, style], choices as [label, [button, ...]].

    Its form is left out: a form is shown or not, it is never kept.
    """
    body: dict[str, Any] = {"text": reply.text}
    if reply.buttons:
        body["buttons"] = reply.buttons
    if reply.pictures:
        body["pictures"] = [{"name": p.name, "png": b64encode(p.png).decode(), "alt": p.alt} for p in reply.pictures]
    if reply.private:
        body["private"] = True
    return body


def load(body: Mapping[str, Any]) -> Reply:
    """The reply that `dump` wrote down."""
    return Reply(
        text=body["text"],
        buttons=tuple(_load_button(b) for b in body.get("buttons", ())),
        pictures=tuple(Picture(p["name"], b64decode(p["png"]), p["alt"]) for p in body.get("pictures", ())),
        private=body.get("private", False),
    )


def _load_button(body: Sequence[Any]) -> Button | Choices:
    label, rest, *style = body
    return Button(label, rest, *style) if isinstance(rest, str) else Choices(label, tuple(Button(*b) for b in rest))
