"""What asking a model came to, what it took and what it cost. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.settings import LlmPrices

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af]")


class Outcome(StrEnum):
    """How a question ended. Of what was not asked at all: KEPT, RESTING, SPENT."""

    GOOD = "good"
    KEPT = "kept"  # an earlier answer to the same question
    RESTING = "resting"  # it failed three times in a minute
    SPENT = "spent"  # the day's budget
    LATE = "late"
    UNREACHABLE = "unreachable"
    KEY = "key"  # 401, 403
    BUSY = "busy"  # 429
    BROKEN = "broken"  # 5xx
    FORM = "form"  # 400 and the like: the server does not know this way of asking
    STRANGE = "strange"  # HTML, an error told with a 200, no choices, half a body
    EMPTY = "empty"
    CUT = "cut"
    REFUSED = "refused"
    INVALID = "invalid"  # no JSON, or not what was asked for


ASKED = frozenset(Outcome) - {Outcome.KEPT, Outcome.RESTING, Outcome.SPENT}


@dataclass(frozen=True, slots=True)
class Tokens:
    """`cached`: of `given`, what the server had read before. `guessed`: the server did not say."""

    given: int = 0
    made: int = 0
    cached: int = 0
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """One question as it was sent. `rung`: 0 with a schema, 1 as a JSON object, 2 in plain text, 3 asked to mend its
    answer. `cost` is None when the price is not known."""

    at: datetime
    task: str
    model: str
    rung: int
    outcome: Outcome
    used: Tokens
    ms: int
    cost: float | None


@dataclass(frozen=True, slots=True)
class Usage:
    """What was asked since a time. `cost` is None when the price of any of it is not known."""

    calls: int
    kept: int
    given: int
    made: int
    cached: int
    cost: float | None
    outcomes: tuple[tuple[Outcome, int], ...]
    tasks: tuple[tuple[str, int], ...]


def cost_of(used: Tokens, prices: LlmPrices | None) -> float | None:
    """None when the prices are not known."""
    if prices is None:
        return None
    fresh = max(used.given - used.cached, 0)
    return (fresh * prices.given + used.cached * prices.cached + used.made * prices.made) / 1_000_000


def tokens_of(text: str) -> int:
    """About how many tokens a text has."""
    han = len(_HAN.findall(text))
    return int(0.8 * han + (len(text) - han) / 3.5) + 1
