"""What a pushed body holds, as rows of cells by kind. Pure.

`{"kind": "deals", "rows": [{"deal": "D1", ...}]}`, or several kinds at once: `{"kinds": {"accounts": [...], "deals":
[...]}}`. A row that lacks a column leaves it as it is; null and "" empty it. Rows are numbered from 1.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.crm.columns import COLUMNS, KINDS
from bot.crm.intake import Rows
from bot.crm.reading import LONGEST, armed
from bot.errors import BotError
from bot.tables import Fault, Words

MOST_ROWS = 1_000  # of all kinds together
MOST_UNKNOWN = 50  # columns nobody asked for of which their names are kept


class Malformed(BotError):
    """The body is no batch at all."""


@dataclass(slots=True)
class Batch:
    """`rows` by kind in the order in which they are taken, `faults` by kind."""

    rows: dict[str, Rows] = field(default_factory=dict)
    faults: dict[str, list[Fault]] = field(default_factory=dict)


def read(body: bytes, _: Words) -> Batch:
    """The batch in a body. Raises `Malformed`, in the words that are given."""
    try:
        said = json.loads(body, object_pairs_hook=_once, parse_constant=_no_number)
    except _Twice as twice:
        raise Malformed(_("“{name}” stands twice in one object.", name=twice.args[0])) from None
    except (ValueError, RecursionError):
        raise Malformed(_("The body is no JSON in UTF-8.")) from None
    kinds = _kinds(said)
    if kinds is None:
        shape = '{"kind": "deals", "rows": [{"deal": "D1", ...}]}'
        raise Malformed(_("The body is no batch. One looks like this: {shape}", shape=shape))
    for kind in kinds:
        if kind not in KINDS:
            named = {"kind": kind[:80], "kinds": ", ".join(KINDS)}
            raise Malformed(_("There is no kind “{kind}”. There are {kinds}.", **named))
    total = sum(map(len, kinds.values()))
    if total > MOST_ROWS:
        raise Malformed(_("The batch has {n} rows. Send at most {most} at a time.", n=total, most=MOST_ROWS))
    batch = Batch()
    for kind in KINDS:
        if kind in kinds:
            batch.rows[kind] = _rows(kind, kinds[kind], batch.faults.setdefault(kind, []))
    return batch


class _Twice(Exception):
    pass


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise _Twice(next(name for name in names if names.count(name) > 1)[:80])
    return found


def _no_number(text: str) -> Any:
    raise ValueError(text)


def _kinds(said: Any) -> Mapping[str, Sequence[Any]] | None:
    match said:
        case {"kind": str(kind), "rows": list(rows), **rest} if not rest:
            return {kind: rows}
        case {"kinds": dict(kinds), **rest} if not rest and all(isinstance(rows, list) for rows in kinds.values()):
            return kinds
    return None


def _rows(kind: str, rows: Sequence[Any], faults: list[Fault]) -> Rows:
    asked = [column.name for column in COLUMNS[kind]]
    needed = {column.name for column in COLUMNS[kind] if column.needed}
    told: list[Mapping[str, Any]] = []
    for number, row in enumerate(rows, 1):
        told.append(_named(row, number, faults))
    present = needed.union(*told).intersection(asked)
    unknown = sorted(set().union(*told).difference(asked))[:MOST_UNKNOWN]
    names = [*(name for name in asked if name in present), *unknown]
    lines = [
        [_cell(row.get(name), number, name, faults) if name in present else "" for name in names]
        for number, row in enumerate(told, 1)
    ]
    lacking = {number: present.difference(row) - needed for number, row in enumerate(told, 1)}
    found = iter([(0, [names]), (1, lines)] if lines else [(0, [names])])
    return Rows(found, {number: frozenset(left) for number, left in lacking.items() if left})


def _named(row: Any, number: int, faults: list[Fault]) -> dict[str, Any]:
    """A row by the names of its columns as files have them: small letters, `_` for spaces."""
    found: dict[str, Any] = {}
    if not isinstance(row, dict):
        faults.append(Fault(number, "", _shown(row), lambda _: _("an object of columns")))
        return found
    for said, value in row.items():
        name = re.sub(r"[\s\-]+", "_", said.strip().lower())
        if name in found:
            faults.append(Fault(number, name[:80], said[:80], lambda _: _("each column once")))
        elif name:
            found[name] = value
    if all(value is None or value == "" for value in found.values()):
        faults.append(Fault(number, "", _shown(row), lambda _: _("an object of columns")))
    return found


def _cell(value: Any, number: int, column: str, faults: list[Fault]) -> str:
    """A value as a file would hold it."""
    match value:
        case None:
            return ""
        case str():
            text = value[:LONGEST]
            if not _sound(text):
                faults.append(Fault(number, column, ascii(text), _a_value))
                return ""
            return armed(text)
        case bool():
            return "true" if value else "false"
        case int() | float():
            return armed(repr(value))
    faults.append(Fault(number, column, _shown(value), _a_value))
    return ""


def _a_value(_: Words) -> str:
    return _("a text, a number, true, false or null")


def _sound(text: str) -> bool:
    """Whether it is text that can be kept: JSON may hold halves of letters."""
    try:
        return text.isascii() or bool(text.encode())
    except UnicodeEncodeError:
        return False


def _shown(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True)[:80]
