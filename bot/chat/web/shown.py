"""Stored messages and forms as the JSON that the page is given. The bot's words become safe HTML only here."""

from collections.abc import Mapping, Sequence
from typing import Any

import prompts
from bot import markdown
from bot.chat import asking
from bot.chat.web.chats import BOT, Listed
from bot.chat.web.model import Attached, Body, Said, to_json
from bot.message import Field, Form
from bot.team.model import Person


def message(said: Said, viewer: Person, names: Mapping[int, str]) -> dict[str, Any]:
    """A message for the page. `html` is the bot's; what people typed is `text`, to be shown as it is.

    `ask`: what the viewer says to their own bot to ask what to say to it; "" under their words and the bot's.
    """
    _ = prompts.words(viewer.language)
    mine = said.author == viewer.id
    return {
        "id": said.id,
        "seq": said.seq,
        "chat": said.chat,
        "thread": said.thread,
        "author": said.author,
        "name": BOT if said.author is None else names.get(said.author, _("Somebody who left")),
        "mine": mine,
        "client": said.client_id if mine else None,
        "at": said.created.isoformat(),
        "edited": said.edited is not None,
        "only": said.only is not None,
        "ask": "" if mine or said.author is None else asking.ask(said.body.text),
        "replies": said.replies,
        "replies_label": _.n("{n} reply", "{n} replies", said.replies),
        **_body(said.body, said.author is None, viewer.language),
    }


def _body(body: Body, ours: bool, language: str) -> dict[str, Any]:
    says = {"html": markdown.html(body.text)} if ours else {"text": body.text}
    return says | {
        "buttons": to_json(body)["buttons"],
        "files": [file(f, language) for f in body.files],
    }


def file(attached: Attached, language: str) -> dict[str, Any]:
    return {
        "id": attached.id,
        "name": attached.name,
        "size": size(attached.size, language),
        "picture": attached.media_type.startswith("image/"),
        "alt": attached.alt,
    }


def size(count: int, language: str) -> str:
    """Bytes as people say them: 12 KB, 1.4 MB."""
    if count < 1024 * 1024:
        return f"{prompts.number(max(1, round(count / 1024)), language)} KB"
    return f"{prompts.number(round(count / 1024 / 1024, 1), language)} MB"


def form(opened: Form, about: str) -> dict[str, Any]:
    """A form for the page. `about` comes back with its answers: the message that it was opened from."""
    return {
        "title": opened.title,
        "says": opened.says,
        "intro": markdown.html(opened.intro) if opened.intro else "",
        "submit": opened.submit,
        "about": about,
        "fields": [_field(each) for each in opened.fields],
    }


def _field(each: Field) -> dict[str, Any]:
    return {
        "name": each.name,
        "label": each.label,
        "kind": each.kind,
        "value": each.value if isinstance(each.value, str) else list(each.value),
        "options": [{"value": o.value, "label": o.label} for o in each.options],
        "required": each.required,
        "hint": each.hint,
        "most": each.most,
    }


def listing(found: Sequence[Listed]) -> list[dict[str, Any]]:
    return [{"id": c.id, "kind": c.kind, "name": c.name, "unread": c.unread} for c in found]
