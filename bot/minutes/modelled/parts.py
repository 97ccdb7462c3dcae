"""A call in parts that a model can read at once. Pure."""

from dataclasses import dataclass

from bot.llm.model import tokens_of
from bot.minutes.model import Transcript

A_PART = 3_000  # tokens
A_LINE = 4_000  # characters of one turn that are shown


@dataclass(frozen=True, slots=True)
class Part:
    """The turns from `first` to `last`, both in it. `n` counts the parts of a call from 0."""

    n: int
    first: int
    last: int


def parts(transcript: Transcript) -> list[Part]:
    """The call cut between turns, about 3,000 tokens a part, the last two about even."""
    sizes = [tokens_of(turn.text[:A_LINE]) + 12 for turn in transcript.turns]
    count = max(1, -(-sum(sizes) // A_PART))
    each = sum(sizes) / count
    found: list[Part] = []
    first, size = 0, 0.0
    for i, more in enumerate(sizes):
        if i > first and size + more / 2 > each:
            found.append(Part(len(found), first, i - 1))
            first, size = i, 0.0
        size += more
    return [*found, Part(len(found), first, len(sizes) - 1)] if sizes else []
