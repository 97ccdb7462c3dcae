"""What was filled into a modal: as answers, and shown again with its faults."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.chat.slack import longer
from bot.chat.slack.forms import BLOCKS, NOTHING, fault
from bot.message import Answers

Json = dict[str, Any]

_INITIAL = {
    "value": "initial_value",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
}
_JOINTS = {"n": "\n", "s": " "}


def answers(view: Json, kinds: Mapping[str, str], folder: Path) -> Answers:
    """What was filled in, by field."""
    found: dict[str, str | tuple[str, ...]] = {}
    for block_id, actions in ((view.get("state") or {}).get("values") or {}).items():
        name, _, part = block_id.partition("~")
        if name not in kinds:
            continue
        for element in actions.values():
            value = _value(element, folder)
            before = found.get(name)
            if before is None:
                found[name] = value
            elif isinstance(before, tuple) and isinstance(value, tuple):
                found[name] = before + value
            elif isinstance(before, str) and isinstance(value, str):
                found[name] = before + (_JOINTS.get(part[-1:], "") if value and before else "") + value
    return found


def errors(view: Json, faults: Mapping[str, str]) -> dict[str, str]:
    """The faults by block, as Slack shows them; those of no field stand at the first one."""
    inputs = [b["block_id"] for b in view.get("blocks") or () if b.get("type") == "input"]
    found: dict[str, str] = {}
    for name, why in faults.items():
        block = name if name in inputs else next(iter(inputs), "")
        if block:
            found[block] = f"{found[block]} {why}" if block in found else why[:1000]
    return found


def refilled(view: Json, form_state: Json, faults: Mapping[str, str]) -> Json:
    """The modal as it was filled in, with the faults below their fields; for one that was taken off the screen."""
    blocks: list[Json] = []
    for block in view.get("blocks") or ():
        if block.get("type") != "input":
            blocks.append(block)
            continue
        element = (form_state.get(block["block_id"]) or {}).get(block["element"]["action_id"])
        blocks.append(block | {"element": _prefilled(block["element"], element or {})})
        if why := faults.get(block["block_id"]):
            blocks.append(fault(why))
    kept = ("type", "callback_id", "title", "submit", "close", "private_metadata")
    return {name: view[name] for name in kept if view.get(name)} | {"blocks": blocks[:BLOCKS]}


def _prefilled(element: Json, filled: Json) -> Json:
    kept = {name: value for name, value in element.items() if not name.startswith("initial_")}
    return kept | {_INITIAL[name]: value for name, value in filled.items() if name in _INITIAL and value}


def _value(element: Json, folder: Path) -> str | tuple[str, ...]:
    if "selected_options" in element:
        return tuple(_meant(chosen, folder) for chosen in element["selected_options"] or ())
    if "selected_option" in element:
        return _meant(element["selected_option"], folder) if element["selected_option"] else ""
    for name in ("value", "selected_date", "selected_time"):
        if element.get(name):
            return str(element[name]).replace("\r\n", "\n").replace("\0", "")
    return ""


def _meant(chosen: Json, folder: Path) -> str:
    value = str(chosen["value"])
    return "" if value == NOTHING else longer.read(folder, value)
