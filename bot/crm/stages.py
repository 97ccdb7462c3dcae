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

    `numbers` learns every name. A column that the file lacks leaves what is there; without positions the order of the
    rows is theirs. Rows for won and lost are passed over: those are no stages.
    """
    rows = [{"position": float(n)} | dict(row) for n, row in enumerate(rows, 1) if row["stage"].casefold() not in ENDS]
    named = [Stage(0, row["stage"], row["position"]) for row in rows]
    old_names = renamed(before, named)
    there = {name: stage for stage in before for name in stage.former} | {stage.name: stage for stage in before}
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
