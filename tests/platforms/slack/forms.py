"""What a person's choices and entries look like in a payload."""

import re
from collections.abc import Mapping
from typing import Any

from .things import Json

ONE = {"static_select": "option", "radio_buttons": "option", "external_select": "option", "overflow": "option"}
ONE |= {"datepicker": "date", "timepicker": "time", "users_select": "user", "channels_select": "channel"}
ONE |= {"conversations_select": "conversation", "datetimepicker": "date_time"}
MANY = {"checkboxes", "multi_static_select"}
STATELESS = {"button", "overflow", "image"}


def options(element: Json) -> list[Json]:
    """All that can be chosen."""
    grouped = [option for group in element.get("option_groups", []) for option in group["options"]]
    return [*element.get("options", []), *grouped]


def pick(element: Json, wanted: str) -> Json:
    """An option by its value or label."""
    for option in options(element):
        if wanted in (option["value"], option["text"]["text"]):
            return option
    raise AssertionError(f"there is no {wanted!r} among {[option['text']['text'] for option in options(element)]}")


def held(element: Json, value: Any) -> Json:
    """An element's entry in the state, holding a value; None: what it held from the start."""
    kind = element["type"]
    if kind in MANY:
        start = element.get("initial_options", [])
        return {"type": kind, "selected_options": start if value is None else [pick(element, one) for one in value]}
    if kind in ONE:
        what, start = f"selected_{ONE[kind]}", element.get(f"initial_{ONE[kind]}")
        if value is None or value == "":
            return {"type": kind, what: start if value is None else None}
        return {"type": kind, what: pick(element, value) if ONE[kind] == "option" else value}
    text = element.get("initial_value") if value is None else value
    return {"type": kind, "value": text or None}


def chosen(element: Json, option: str) -> Json:
    """The action of pressing or choosing."""
    kind = element["type"]
    if kind == "button":
        return {key: element[key] for key in ("action_id", "text", "value", "type", "style", "url") if key in element}
    wanted: Any = option.split(",") if kind in MANY else option
    entry = held(element, [one for one in wanted if one] if kind in MANY else wanted)
    return {"action_id": element["action_id"], **entry}


def state_of(blocks: list[Json], now: Mapping[str, Json]) -> Json:
    """What all elements hold, by block and action; `now`: the actions that are just being taken."""
    state: Json = {}
    for block in blocks:
        elements = [*block.get("elements", []), block.get("accessory", {}), block.get("element", {})]
        for element in elements:
            if "action_id" not in element or element["type"] in STATELESS:
                continue
            act = now.get(element["action_id"])
            kept = {k: v for k, v in act.items() if k in ("type", "value") or k.startswith("selected")} if act else None
            state.setdefault(block["block_id"], {})[element["action_id"]] = kept or held(element, None)
    return state


def filled(blocks: list[Json], values: Mapping[str, Any]) -> Json:
    """The state of a form that was filled in; refuses what Slack's own client would not let pass."""
    state: Json = {}
    unknown = set(values)
    for block in blocks:
        element = block.get("element")
        if block["type"] != "input" or element is None:
            continue
        names = (block["block_id"], element["action_id"])
        unknown -= set(names)
        value = next((values[name] for name in names if name in values), None)
        entry = held(element, value)
        _complain(block, element, entry)
        state[block["block_id"]] = {element["action_id"]: entry}
    assert not unknown, f"the form has no fields {sorted(unknown)}"
    return state


def _complain(block: Json, element: Json, entry: Json) -> None:
    """Raise what would keep a client from sending."""
    label = block["label"]["text"]
    value = next(value for key, value in entry.items() if key != "type")
    if not block.get("optional"):
        assert value, f"{label!r} must be filled in"
    if isinstance(value, str) and element["type"] == "plain_text_input":
        most, least = element.get("max_length", 3000), element.get("min_length", 0)
        assert least <= len(value) <= most, f"{label!r} takes {least} to {most} characters"
    if isinstance(value, str) and element["type"] == "number_input":
        pattern = r"-?\d+(\.\d+)?" if element["is_decimal_allowed"] else r"-?\d+"
        assert re.fullmatch(pattern, value), f"{label!r} takes a number"
