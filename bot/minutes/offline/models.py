"""What the trained models say of a call's turns, and of which calls they know anything."""

from collections.abc import Iterable
from functools import lru_cache

from bot.minutes.model import Transcript
from bot.minutes.offline.features import features
from bot.minutes.offline.linear import hashed, score

MODELS = ("actions", "decisions", "extractive")
_LONG = 120  # turns
_SHORT = 60  # characters of a turn, on average: people who discuss break in on each other


def is_meeting(transcript: Transcript) -> bool:
    """Whether a call is one of those that the models were trained on: English, long, much back and forth."""
    turns = transcript.turns
    return (
        transcript.language == "en"
        and len(turns) > _LONG
        and sum(len(turn.text) for turn in turns) < _SHORT * len(turns)
        and len(transcript.speakers) > 2
    )


@lru_cache(maxsize=1)  # each section of the minutes asks for the same call's
def scores(transcript: Transcript) -> dict[str, list[float]]:
    """The log odds of each turn, by model."""
    places = [hashed(row) for row in features(transcript)]
    return {model: score(f"{model}.en", places) for model in MODELS}


def groups(lines: Iterable[int], apart: int) -> list[list[int]]:
    """Lines in order, those that are at most so far apart together."""
    found: list[list[int]] = []
    for line in lines:
        if found and line - found[-1][-1] <= apart:
            found[-1].append(line)
        else:
            found.append([line])
    return found
