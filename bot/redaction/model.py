"""What is hidden in a text: where it stands, what it is, and who or what it means. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The values are what placeholders are called: `[NAME_1]`. MARK is a placeholder that stood in the text itself."""

    NAME = "NAME"
    COMPANY = "COMPANY"
    EMAIL = "EMAIL"
    PHONE = "PHONE"
    CARD = "CARD"
    ID = "ID"
    ACCOUNT = "ACCOUNT"
    HANDLE = "HANDLE"
    MARK = "MARK"


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end`. What has the same `value` is the same; `shown` is how it reads when restored."""

    start: int
    end: int
    kind: Kind
    value: str
    shown: str
