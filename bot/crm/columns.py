"""The files of the CRM folder and their columns, as they are fixed for scripts: name, what it holds, what it needs."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.crm.cells import currency, days, direction, instant, kind, number, period, status
from bot.tables import Column, iso_date

# What names may be misspelled where no file lists them.
NAMES = {"accounts": ("industry", "region", "tier"), "deals": ("product_line", "source"), "leads": ("source",)}
NOTE, STEP = 10_000, 500  # characters


def an_owner(cell: str) -> Any:
    """Stands for what reads an owner, until a roster is at hand."""
    raise LookupError(cell)


def a_stage(cell: str) -> Any:
    """Stands for what reads a stage, until those of the CRM are at hand."""
    raise LookupError(cell)


def _texts(*names: str) -> list[Column]:
    return [Column(name) for name in names]


COLUMNS: Mapping[str, tuple[Column, ...]] = {
    "stages": (
        Column("stage", needed=True, most=100),
        Column("position", number, empty=None),
        Column("exit_criteria", most=2000, lines=True),
        Column("stall_days", days, empty=None),
        Column("touch_days", days, empty=None),
    ),
    "accounts": (
        Column("account", needed=True),
        *_texts("name", "industry", "region", "tier"),
        Column("owner", an_owner),
        *_texts("contact", "contact_title"),
        Column("purchase_preference", most=2000, lines=True),
    ),
    "deals": (
        Column("deal", needed=True, most=100),
        *_texts("name", "account"),
        Column("owner", an_owner, needed=True),
        *_texts("product_line"),
        Column("amount", number, empty=None),
        Column("currency", currency),
        Column("stage", a_stage, needed=True, most=100),
        Column("status", status, needed=True),
        *_texts("source"),
        Column("created", instant, needed=True),
        Column("expected_close", iso_date, empty=None),
        Column("closed", instant, empty=None),
        Column("next_step", most=STEP, lines=True),
        Column("next_step_on", iso_date, empty=None),
    ),
    "moves": (
        Column("deal", needed=True, most=100),
        Column("from_stage", a_stage, most=100, empty=0),
        Column("to_stage", a_stage, needed=True, most=100),
        Column("at", instant, needed=True),
    ),
    "touches": (
        Column("deal", most=100),
        *_texts("account"),
        Column("owner", an_owner),
        Column("kind", kind, needed=True),
        Column("direction", direction, empty="out"),
        Column("at", instant, needed=True),
        Column("note", most=NOTE, lines=True),
    ),
    "leads": (
        Column("lead", needed=True, most=100),
        *_texts("source"),
        Column("owner", an_owner),
        Column("created", instant, needed=True),
        Column("first_response", instant, empty=None),
        Column("deal", most=100),
        *_texts("status"),
    ),
    "targets": (
        *_texts("team"),
        Column("owner", an_owner),
        Column("period", period, needed=True),
        Column("measure", needed=True, most=100),
        Column("target", number, needed=True),
    ),
}
KINDS = tuple(COLUMNS)
"""In the order in which they are read: who is named stands before who names."""


BITS = {kind: {column.name: 1 << n for n, column in enumerate(them)} for kind, them in COLUMNS.items()}
"""What stands for a column where a row notes which it does not tell."""


def columns(owner: Callable[[str], str], stage: Callable[[str], int]) -> dict[str, tuple[Column, ...]]:
    """The columns of each kind of file, with what reads owners and stages."""
    reads: dict[Any, Callable[[str], Any]] = {an_owner: owner, a_stage: stage}
    return {name: tuple(replace(c, read=reads.get(c.read, c.read)) for c in them) for name, them in COLUMNS.items()}
