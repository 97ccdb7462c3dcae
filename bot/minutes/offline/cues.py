"""What a clause is about when it is about work to come: a promise, a request, a plan for two."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    PROMISE = "promise"  # "I'll send it": whoever speaks owns it
    OFFER = "offer"  # "Shall I send it?": the same, once somebody says yes
    REQUEST = "request"  # "Could you send it?": whoever says yes owns it
    TOGETHER = "together"  # "Let's meet on Friday": nobody in particular
    ASSIGNED = "assigned"  # "Marco will send it": the person named


@dataclass(frozen=True, slots=True)
class Cue:
    """`task`: what is to be done, from its verb on. `who`: for an assignment, the words that name somebody.

    `strength` from 0 to 1: how often what is said so is work to come. `how`: the words that open it.
    """

    kind: Kind
    task: str
    strength: float
    who: str = ""
    how: str = ""
