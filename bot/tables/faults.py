"""What is wrong with a table, as values, and how that is said."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

SHOWN = 50  # faults listed before "... and more"


class Words(Protocol):
    """What `prompts.words(language)` gives: English source text in, the reader's language out."""

    def __call__(self, text: str, /, **values: Any) -> str: ...

    def n(self, one: str, many: str, n: int, /, **values: Any) -> str: ...


Saying = Callable[[Words], str]
"""Something that can be said in any language once the reader's words are known."""


@dataclass(frozen=True, slots=True)
class Fault:
    """`row` as the spreadsheet numbers it (the header is 1); 0 is the file as a whole and `expected` then says all.

    `column` "" is the row as a whole. `found` is what stands there, "" when nothing does. `key`: what the row is
    called, where its number alone would not find it.
    """

    row: int
    column: str
    found: str
    expected: Saying
    key: str = ""


class Unfit(Exception):
    """A cell that cannot be read. Carries what was expected instead."""

    def __init__(self, expected: Saying) -> None:
        super().__init__()
        self.expected = expected


class Unreadable(Exception):
    """A file that cannot be read on. Stays within this room: `read` turns it into its fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__()
        self.fault = fault


def fault_lines(faults: Sequence[Fault], _: Words, shown: int = SHOWN) -> list[str]:
    """One sentence for each fault in the order of the file; after `shown`, how many more there are."""
    ordered = sorted(faults, key=lambda fault: fault.row)
    lines = [_line(fault, _) for fault in ordered[:shown]]
    if len(ordered) > shown:
        lines.append(_.n("… and {n} more", "… and {n} more", len(ordered) - shown))
    return lines


def _line(fault: Fault, _: Words) -> str:
    expected = fault.expected(_)
    if not fault.row:
        return expected
    found = fault.found if len(fault.found) <= 80 else fault.found[:79] + "…"
    row = f"{fault.row} ({fault.key[:80]})" if fault.key else fault.row
    if not fault.column:
        return _("Row {row}: found “{found}”, expected {expected}", row=row, found=found, expected=expected)
    where = {"row": row, "column": fault.column, "expected": expected}
    if not found:
        return _("Row {row}, {column}: nothing there, expected {expected}", **where)
    return _("Row {row}, {column}: found “{found}”, expected {expected}", found=found, **where)
