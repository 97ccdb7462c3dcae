"""Checks that what this Slack says is made of keys that the real one uses."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .things import Json

KEYS: Json = json.loads((Path(__file__).parent / "keys.json").read_text(encoding="utf-8"))
# What stands under these keys is looked up in a set of its own, the same for all answers and events.
PARTS = {
    "attachments": "blocks",
    "blocks": "blocks",
    "channel": "channel",
    "channels": "channel",
    "file": "file",
    "files": "file",
    "latest": "message",
    "members": "user",
    "message": "message",
    "messages": "message",
    "previous_message": "message",
    "profile": "user",
    "root": "message",
    "title_blocks": "blocks",
    "user": "user",
    "view": "view",
}


def strange(group: str, name: str, body: Json) -> set[str]:
    """The keys that the real one does not use there, each with the path to it."""
    known = KEYS[group]
    words = known if isinstance(known, str) else f"{known.get('*', '')} {known[name]}"
    return set(_strange(body, set(words.split()), f"{group} {name}"))


def _strange(value: Any, known: set[str], where: str) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _strange(one, known, where)
    if not isinstance(value, dict):
        return
    for key, below in value.items():
        here = f"{where}/{key}"
        if key not in known:
            yield here
        if key == "state":
            yield from _strange_state(below, here)
        elif key not in ("event_payload", "shares"):
            part = KEYS["parts"][PARTS[key]].split() if key in PARTS else None
            yield from _strange(below, set(part) if part else known, here)


def _strange_state(state: Json, where: str) -> Iterator[str]:
    """The ids of blocks and actions are the app's own; what was filled in has the keys of an action."""
    known = set(KEYS["interactive"]["block_actions"].split()) | {"selected_options"}
    if set(state) - {"values"}:
        yield where
    for block in state.get("values", {}).values():
        for entry in block.values():
            yield from _strange(entry, known, f"{where}/values")
