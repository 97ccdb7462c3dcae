"""What may be wrong with what the CRM told, and how often it is, as values. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Doubt(StrEnum):
    """All but the last are about open deals."""

    NO_ACCOUNT = "no_account"
    STRANGE_ACCOUNT = "strange_account"  # an account that the CRM did not tell
    STRANGE_OWNER = "strange_owner"  # not on the roster
    NO_PLACE = "no_place"  # in a stage without a position
    NO_AMOUNT = "no_amount"  # 0 or none
    CLOSE_PASSED = "close_passed"
    FUTURE = "future"  # moves dated in the future


@dataclass(frozen=True, slots=True)
class Example:
    """A deal that is in doubt: its key and what it is called."""

    deal: str
    name: str


@dataclass(frozen=True, slots=True)
class Doubted:
    """In how many rows, with some of the deals that they are about."""

    doubt: Doubt
    rows: int
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """`open`: how many open deals were looked at; `doubts`: what was found, in the order of `Doubt`."""

    open: int
    doubts: tuple[Doubted, ...]
