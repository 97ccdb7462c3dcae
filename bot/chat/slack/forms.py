"""A form as a modal, and what was filled in as answers.

The modal carries what is heard when it is sent, so that nothing has to be remembered here between the two.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

from bot.chat.slack import dialect, longer
from bot.chat.slack.buttons import option
from bot.chat.slack.dialect import shorten
from bot.chat.slack.shape import section
from bot.message import Field, Form, Option, Place
from prompts import Words, escape

Json = dict[str, Any]

BLOCKS = 100
TEXT = 3000  # characters that an input takes
_FEW, _LIST = 10, 100  # options as ticks, in a list
_METADATA, _VALUE = 3000, 150
_TITLE = 24
CALLBACK = "paceline-form"


@dataclass(frozen=True, slots=True)
class Carried:
    """What a modal keeps: the words that sending it says, which message it came from and where that stands, and how
    each field is read."""

    says: str
    about: str
    place: Place
    kinds: Mapping[str, str]


def view(form: Form, place: Place, about: str, folder: Path, _: Words) -> Json:
    """The modal. A title that does not fit stands in full below itself."""
    title = f"**{escape(' '.join(form.title.split()))}**\n" if dialect.size(form.title) > _TITLE else ""
    blocks = [section(text) for text in dialect.sections(title + form.intro)]
    kinds: dict[str, str] = {}
    left = 0
    for field in form.fields:
        inputs = list(_inputs(field, folder))
        if len(blocks) + len(inputs) + 2 > BLOCKS:
            left += 1
            continue
        kinds[field.name] = field.kind
        blocks += inputs
    if left:
        text = _.n("{n} more field does not fit here.", "{n} more fields do not fit here.", left)
        blocks.append(section(dialect.escape(text)))
    carried = [form.says, about, [place.chat, place.thread, place.only], kinds]
    kept = json.dumps(carried, ensure_ascii=False, separators=(",", ":"))
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": _plain(form.title, _TITLE),
        "submit": _plain(form.submit, _TITLE),
        "close": _plain(_("Cancel"), _TITLE),
        "blocks": blocks,
        "private_metadata": kept if len(kept.encode()) < _METADATA else longer.token(folder, kept, 0),
    }


def note(title: str, text: str, close: str) -> Json:
    """A modal that only says something."""
    blocks = [section(some) for some in dialect.sections(text)]
    return {"type": "modal", "title": _plain(title, _TITLE), "blocks": blocks, "close": _plain(close, _TITLE)}


def carried(view: Json, folder: Path) -> Carried | None:
    """What a modal kept; None for one that is not ours, or is too old."""
    try:
        says, about, place, kinds = json.loads(longer.read(folder, str(view.get("private_metadata") or "")))
    except ValueError:
        return None
    return Carried(says, about, Place("slack", *place), kinds)


NOTHING = "nothing:"  # an option's value may not be empty


def _inputs(field: Field, folder: Path) -> Iterator[Json]:
    for part, element in _elements(field, folder):
        block: Json = {
            "type": "input",
            "block_id": field.name + part,
            "label": _plain(field.label, 2000),
            "element": {"action_id": "answer", **element},
            "optional": not field.required or bool(part),
        }
        if field.hint and not part:
            block["hint"] = _plain(field.hint, 2000)
        yield block


def _elements(field: Field, folder: Path) -> Iterator[tuple[str, Json]]:
    """What is filled in, with what tells its blocks apart when it takes several."""
    if field.kind in ("one", "many"):
        yield from _options(field, folder)
        return
    value = field.value if isinstance(field.value, str) else "\n".join(field.value)
    if field.kind == "number":
        element: Json = {"type": "number_input", "is_decimal_allowed": True}
        yield "", element | ({"initial_value": value} if re.fullmatch(r"-?\d+(\.\d+)?", value) else {})
    elif field.kind == "date":
        yield "", {"type": "datepicker"} | _initial("date", value, date.fromisoformat)
    elif field.kind == "time":
        yield "", {"type": "timepicker"} | _initial("time", value, time.fromisoformat)
    else:
        plain: Json = {"type": "plain_text_input", "multiline": field.kind == "text"}
        for part, some in _split(value):
            most = min(field.most, TEXT)
            yield part, plain | {"max_length": max(most, len(some))} | ({"initial_value": some} if some else {})


def _initial(what: str, value: str, read: Any) -> Json:
    try:
        return {f"initial_{what}": read(value).isoformat()[: 5 if what == "time" else 10]}
    except ValueError:
        return {}


def _split(value: str) -> Iterator[tuple[str, str]]:
    """A value in pieces that fit an input each. What joins two of them stands in the name of the second."""
    number, joint = 0, ""
    while True:
        part = f"~{number}{joint}" if number else ""
        if len(value) <= TEXT:
            yield part, value
            return
        at = max(value.rfind("\n", 1, TEXT), value.rfind(" ", 1, TEXT))
        joint = {"\n": "n", " ": "s"}[value[at]] if at > 0 else "x"
        at = at if at > 0 else TEXT
        yield part, value[:at]
        value = value[at + (joint != "x") :]
        number += 1


def _options(field: Field, folder: Path) -> Iterator[tuple[str, Json]]:
    chosen = (field.value,) if isinstance(field.value, str) else field.value
    most = _FEW if len(field.options) <= _FEW else _LIST
    if field.kind == "many":
        kind = "checkboxes" if most == _FEW else "multi_static_select"
    else:
        kind = "radio_buttons" if most == _FEW else "static_select"
    for number, at in enumerate(range(0, max(len(field.options), 1), most)):
        some = field.options[at : at + most] or (Option("", "–"),)
        options = [option(o.label, longer.token(folder, o.value, _VALUE) if o.value else NOTHING) for o in some]
        ticked = [shown for shown, o in zip(options, some, strict=True) if o.value in chosen and _is_set(field, o)]
        element: Json = {"type": kind, "options": options}
        if ticked and field.kind == "many":
            element["initial_options"] = ticked
        elif ticked:
            element["initial_option"] = ticked[0]
        yield f"~{number}" if number else "", element


def _is_set(field: Field, option: Option) -> bool:
    """Options whose value is "" stand for "nothing", which is what an empty field of one choice says."""
    return bool(option.value) or field.kind == "one"


def fault(why: str) -> Json:
    """A sentence below the field that it is about."""
    return section("> " + dialect.escape(" ".join(why.split())[:1000]))


def _plain(text: str, most: int) -> Json:
    return {"type": "plain_text", "text": shorten(text, most)}
