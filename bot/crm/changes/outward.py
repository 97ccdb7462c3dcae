"""What was changed in chat as others read it: lines of `changes.csv`, and the body of what is sent to the CRM. Pure."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from typing import Any

from bot.crm.cells import instant_text
from bot.crm.changes.model import Changed
from bot.crm.model import LOST, NONE, WON, Stage

HEADER = ("deal", "field", "before", "after", "by", "at")

Line = tuple[str, str, str]
"""A field, and what it said before and after."""


def fields(one: Changed, stages: Sequence[Stage]) -> list[Line]:
    """What a change says of each field that it did change. Fields: next_step, next_step_on, owner, stage_remark, stage,
    status, lost_reason."""
    if "place" in one.after:
        return list(_place(one, {NONE: "", WON: "won", LOST: "lost"} | {stage.number: stage.name for stage in stages}))
    said = ((name, str(one.before[name] or ""), str(one.after[name] or "")) for name in one.after)
    return [line for line in said if line[1] != line[2]]


def _place(one: Changed, names: Mapping[int, str]) -> Iterator[Line]:
    before, after = one.before["place"], one.after["place"]
    if after == LOST:
        yield "status", "open", "lost"
        yield "lost_reason", "", one.note
        return
    yield "stage", names.get(before, ""), names.get(after, "")
    if before == LOST:
        yield "status", "lost", "open"


def lines(changes: Sequence[Changed], stages: Sequence[Stage]) -> list[tuple[str, ...]]:
    """Rows under `HEADER`."""
    return [(one.deal, *line, one.who, instant_text(one.at)) for one in changes for line in fields(one, stages)]


def body(changes: Sequence[Changed], stages: Sequence[Stage]) -> bytes:
    """The changes as JSON. Each has an `id` of its own, the same however often it is sent."""
    return json.dumps({"changes": [_told(one, stages) for one in changes]}, ensure_ascii=False).encode()


def _told(one: Changed, stages: Sequence[Stage]) -> dict[str, Any]:
    said = [{"field": name, "before": before, "after": after} for name, before, after in fields(one, stages)]
    at = one.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"id": one.key, "deal": one.deal, "by": one.who, "at": at, "how": one.how, "fields": said}
