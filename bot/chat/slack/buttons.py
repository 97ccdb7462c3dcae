"""What stands below a text: buttons, and short lists of them, in Slack's blocks."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bot.chat.slack import longer
from bot.chat.slack.dialect import shorten
from bot.message import Button, Choices, Reply

Json = dict[str, Any]

ROW = 25  # elements in a block
_LIST = 100  # options in a list
_VALUE, _OPTION = 2000, 150


def blocks(reply: Reply, folder: Path, name: str = "say") -> list[Json]:
    """The blocks of a reply's buttons. `name` begins the ids of the blocks. Several lists stand for one of more than
    a hundred choices."""
    elements = list(_elements(reply.buttons, folder))
    rows = [elements[at : at + ROW] for at in range(0, len(elements), ROW)]
    return [{"type": "actions", "block_id": f"{name}{n}", "elements": row} for n, row in enumerate(rows)]


def said(action: Json, folder: Path) -> str:
    """What a press says; "" for what says nothing."""
    chosen = action.get("selected_option") or action
    return longer.read(folder, str(chosen.get("value") or ""))


def _elements(buttons: Sequence[Button | Choices], folder: Path) -> Iterator[Json]:
    for number, button in enumerate(buttons):
        if isinstance(button, Choices):
            yield from _lists(button, f"say{number}", folder)
        else:
            element: Json = {
                "type": "button",
                "action_id": f"say{number}",
                "text": {"type": "plain_text", "text": shorten(button.label, 75)},
                "value": longer.token(folder, button.says, _VALUE),
            }
            if button.style:
                element["style"] = button.style
            yield element


def _lists(choices: Choices, action_id: str, folder: Path) -> Iterator[Json]:
    for number, at in enumerate(range(0, len(choices.buttons), _LIST)):
        some = choices.buttons[at : at + _LIST]
        yield {
            "type": "static_select",
            "action_id": f"{action_id}-{number}",
            "placeholder": {"type": "plain_text", "text": shorten(choices.label, 150)},
            "options": [option(b.label, longer.token(folder, b.says, _OPTION)) for b in some],
        }


def option(label: str, value: str) -> Json:
    """One entry of a list."""
    return {"text": {"type": "plain_text", "text": shorten(label, 75)}, "value": value}
