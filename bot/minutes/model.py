"""A call as values: who spoke, what was said and when. Pure: no I/O, no clock."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Side(StrEnum):
    OURS = "ours"
    CUSTOMER = "customer"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who spoke. `name` is what the file calls them, be it "说话人 1".

    `affiliation`: what stands beside the name, a company, a title, or Gong's "Internal" and "External"; "" for none.
    """

    name: str
    side: Side = Side.UNKNOWN
    affiliation: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """One cue or utterance of the source. `i` counts them from 0 in the order of the file; none was merged.

    `speaker` is a name of the transcript's speakers, "" where the file does not say. `start` and `end` in seconds from
    the beginning of the call, None where the file does not say.
    """

    i: int
    speaker: str
    text: str
    start: float | None = None
    end: float | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """`speakers` in the order in which they first speak. `language` is `en` or `zh`; `form` the format that was read.

    `on`: the day of the call, as the file or its name says it; None where neither does.
    """

    turns: tuple[Turn, ...]
    speakers: tuple[Speaker, ...]
    language: str
    form: str
    title: str = ""
    on: date | None = None

    def side_of(self, name: str) -> Side:
        """The side of a speaker; unknown for a name that does not speak."""
        return next((speaker.side for speaker in self.speakers if speaker.name == name), Side.UNKNOWN)

    @property
    def seconds(self) -> float | None:
        """How long the call lasted, as far as its times tell."""
        ends = [at for turn in self.turns for at in (turn.start, turn.end) if at is not None]
        return max(ends) - min(ends) if ends else None
