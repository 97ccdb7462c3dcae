"""What a `stages.csv` makes of the stages that are known. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.crm.known import ENDS, Numbers
from bot.crm.model import Stage, renamed


def listed(
    before: Sequence[Stage], rows: Sequence[Mapping[str, Any]], numbers: Numbers
) -> tuple[list[Stage], dict[str, str]]:
    """The stages as the rows have them, and the old names of those that were renamed by their new ones.

    `numbers` learns every name. A column that a row lacks leaves what is there; when none has a position, the order of
    the rows is theirs. Rows for won and lost are passed over: those are no stages.
    """
    there = {name: stage for stage in before for name in stage.former} | {stage.name: stage for stage in before}
    ordered = not any("position" in row for row in rows)
    rows = [
        ({"position": float(n)} if ordered else {}) | dict(row)
        for n, row in enumerate(rows, 1)
        if row["stage"].casefold() not in ENDS
    ]
    named = [Stage(0, row["stage"], _position(row, there)) for row in rows]
    old_names = renamed(before, named)
    found = []
    for row in rows:
        name = row["stage"]
        old = there.get(old_names.get(name, name))
        number = numbers.alias(name, old.number) if old else numbers(name)
        base = old or Stage(number, name)
        former = dict.fromkeys((*base.former, base.name))
        former.pop(name, None)
        told = {column: value for column, value in row.items() if column != "stage"}
        found.append(replace(base, **told, name=name, former=tuple(former)))
    return found, old_names


def _position(row: Mapping[str, Any], there: Mapping[str, Stage]) -> float | None:
    known = there.get(row["stage"])
    found: float | None = row.get("position", known.position if known else None)
    return found
