"""Finds what is wrong with blocks and views, and says it the way Slack does."""

import re
from collections.abc import Collection
from typing import Any

from . import rules
from .things import Json

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
# Not documented: reports of msg_blocks_too_long agree on a little more than this in all texts together.
MESSAGE_TEXT = 13_000


def message_faults(blocks: Any, files: Collection[str] = ()) -> list[str]:
    """The faults of the blocks of a message. `files`: the ids of those that a picture may show."""
    check = Check(files)
    check.blocks(blocks, "/blocks", MESSAGE_BLOCKS)
    return check.faults


def view_faults(view: Json, kind: str) -> list[str]:
    """The faults of a view that should be a modal or a home tab."""
    check = Check()
    if view.get("type") != kind:
        check.fault(f"must be one of: {kind}", "/view/type")
        return check.faults
    check.part(view, kind, "/view", rules.OTHERS[kind].split())
    check.blocks(view.get("blocks", []), "/view/blocks", VIEW_BLOCKS)
    if kind == "modal" and "submit" not in view and any(b.get("type") == "input" for b in view.get("blocks", [])):
        check.fault("missing required field: submit", "/view")
    return check.faults


def text_in(blocks: Any) -> int:
    """How many characters of text stand in blocks."""
    if isinstance(blocks, dict):
        own = blocks.get("text")
        return (len(own) if isinstance(own, str) else 0) + sum(text_in(value) for value in blocks.values())
    return sum(map(text_in, blocks)) if isinstance(blocks, list) else 0


class Check:
    """Walks through the parts of a message or view, and gathers `faults`."""

    def __init__(self, files: Collection[str] = ()) -> None:
        self.files = files
        self.faults: list[str] = []

    def fault(self, what: str, where: str) -> None:
        self.faults.append(f"{what} [json-pointer:{where}]")

    def blocks(self, blocks: Any, where: str, most: int) -> None:
        """All blocks of a message or view."""
        if not isinstance(blocks, list):
            self.fault("must be an array", where)
            return
        if len(blocks) > most:
            self.fault(f"no more than {most} items allowed", where)
        for number, block in enumerate(blocks):
            self._block(block, f"{where}/{number}")
        self._unique([block.get("block_id") for block in blocks if isinstance(block, dict)], "block_id", where)

    def _block(self, block: Any, where: str) -> None:
        kind = block.get("type") if isinstance(block, dict) else None
        if kind not in rules.BLOCKS:
            self.fault(f"unsupported type: {kind}", f"{where}/type")
            return
        self.part(block, kind, where, ["type", "block_id", *rules.BLOCKS[kind].split()])
        if "slack_file" in block and block["slack_file"].get("id") not in self.files:
            self.fault("invalid slack file", f"{where}/slack_file")
        if kind == "section" and not block.get("text") and not block.get("fields"):
            self.fault("missing required field: text", where)
        if kind == "actions":
            for number, element in enumerate(block.get("elements", [])):
                self._element(element, f"{where}/elements/{number}", rules.IN_ACTIONS)
            self._unique([element.get("action_id") for element in block.get("elements", [])], "action_id", where)
        if "accessory" in block:
            self._element(block["accessory"], f"{where}/accessory", rules.IN_SECTION)
        if kind == "input" and "element" in block:
            self._element(block["element"], f"{where}/element", rules.IN_INPUT)

    def _element(self, element: Any, where: str, allowed: set[str]) -> None:
        kind = element.get("type") if isinstance(element, dict) else None
        if kind not in allowed:
            self.fault(f"unsupported type: {kind}", f"{where}/type")
            return
        self.part(element, kind, where, ["type", *rules.ELEMENTS[kind].split()])
        if kind in ("static_select", "multi_static_select") and not {"options", "option_groups"} & set(element):
            self.fault("missing required field: options", where)
        if "confirm" in element:
            self.part(element["confirm"], "confirm", f"{where}/confirm", rules.OTHERS["confirm"].split())
        self._options(element, where)

    def _options(self, element: Json, where: str) -> None:
        values = []
        for number, group in enumerate(element.get("option_groups", [])):
            here = f"{where}/option_groups/{number}"
            self.part(group, "option_group", here, rules.OTHERS["option_group"].split())
            values += self._choices(group.get("options", []), f"{here}/options", plain=True)
        plain = element["type"] not in ("checkboxes", "radio_buttons")
        values += self._choices(element.get("options", []), f"{where}/options", plain=plain)
        initial = [element["initial_option"]] if "initial_option" in element else element.get("initial_options")
        if initial is not None and element["type"] != "external_select":
            if not initial:
                self.fault("no fewer than 1 items allowed", f"{where}/initial_options")
            for option in initial:
                if option not in values:
                    self.fault("initial option was not found in options", where)

    def _choices(self, options: list[Json], where: str, *, plain: bool) -> list[Json]:
        for number, option in enumerate(options):
            kind = "option" if plain else "ticked option"
            self.part(option, kind, f"{where}/{number}", rules.OTHERS["option"].split())
        return options

    def part(self, part: Any, kind: str, where: str, allowed: list[str]) -> None:
        """What a part is made of: only what belongs there, all that is needed, nothing too long."""
        loose, kind = kind.startswith("ticked "), kind.removeprefix("ticked ")
        if not isinstance(part, dict):
            self.fault("must be an object", where)
            return
        for name in rules.NEEDED.get(kind, "").split():
            if name not in part:
                self.fault(f"missing required field: {name}", where)
        for name, value in part.items():
            here = f"{where}/{name}"
            if name not in allowed:
                self.fault(f"invalid additional property: {name}", where)
            elif value is None:
                self.fault("must not be null", here)
            else:
                self._value(f"{kind}.{name}", f"*.{name}", value, here, loose)

    def _value(self, key: str, any_key: str, value: Any, here: str, loose: bool) -> None:
        if key in rules.LISTS:
            self._length(value, rules.LISTS[key], here, "items allowed")
        if key in rules.TEXTS or any_key in rules.TEXTS:
            most, plain = rules.TEXTS.get(key) or rules.TEXTS[any_key]
            many = isinstance(value, list)
            for number, text in enumerate(value if many else [value]):
                self._text(text, most, plain and not loose, f"{here}/{number}" if many else here)
        if key in rules.STRINGS or any_key in rules.STRINGS:
            self._string(value, rules.STRINGS.get(key) or rules.STRINGS[any_key], here)
        if key in rules.NUMBERS and not rules.NUMBERS[key][0] <= value <= rules.NUMBERS[key][1]:
            self.fault(f"must be no more than {rules.NUMBERS[key][1]}", here)
        if key in rules.PATTERNS and not re.fullmatch(rules.PATTERNS[key], str(value)):
            self.fault(f"must match {rules.PATTERNS[key]}", here)

    def _text(self, text: Any, most: int, plain: bool, where: str) -> None:
        if isinstance(text, dict) and text.get("type") == "image":
            self.part(text, "image", where, ["type", *rules.ELEMENTS["image"].split()])
            return
        before = len(self.faults)
        kinds = ("plain_text",) if plain else ("plain_text", "mrkdwn")
        if not isinstance(text, dict) or text.get("type") not in kinds:
            self.fault(f"must be one of: {', '.join(kinds)}", f"{where}/type")
        else:
            allowed = {"type", "text", "emoji"} if text["type"] == "plain_text" else {"type", "text", "verbatim"}
            for name in set(text) - allowed:
                self.fault(f"invalid additional property: {name}", where)
            self._string(text.get("text"), (1, most), f"{where}/text")
        if len(self.faults) > before:
            self.faults.insert(before, f"failed to match all allowed schemas [json-pointer:{where}]")

    def _string(self, value: Any, size: tuple[int, int], where: str) -> None:
        if not isinstance(value, str):
            self.fault("must be a string", where)
        else:
            self._length(value, size, where, "characters")

    def _length(self, value: Any, size: tuple[int, int], where: str, unit: str) -> None:
        least, most = size
        items = unit != "characters"
        if len(value) < least:
            self.fault(f"no fewer than {least} {unit}" if items else f"must be more than {least - 1} characters", where)
        if len(value) > most:
            self.fault(f"no more than {most} {unit}" if items else f"must be less than {most + 1} characters", where)

    def _unique(self, names: list[Any], what: str, where: str) -> None:
        given = [name for name in names if name]
        for name in sorted({name for name in given if given.count(name) > 1}):
            self.fault(f"{what} {name!r} already exists", where)
