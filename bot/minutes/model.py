"""A call as values: who spoke, what was said and when; and its minutes. Pure: no I/O, no clock."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.minutes.dates.when import Due


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


class ObjectionKind(StrEnum):
    PRICE = "price"
    COMPETITOR = "competitor"
    TIMING = "timing"
    AUTHORITY = "authority"
    NEED = "need"
    TRUST = "trust"
    SECURITY = "security"
    EFFORT = "effort"
    OTHER = "other"


class SensitiveKind(StrEnum):
    REBATE = "rebate"
    PRICE_PROMISE = "price_promise"
    CONFIDENTIAL = "confidential"
    ABSOLUTE_CLAIM = "absolute_claim"
    PERSONAL_DATA = "personal_data"
    COMPETITOR = "competitor"


class MomentKind(StrEnum):
    NEXT_STEP = "next_step"
    PRICE = "price"
    COMPETITOR = "competitor"
    COMMITMENT = "commitment"
    RISK = "risk"


@dataclass(frozen=True, slots=True)
class Point:
    """A sentence of the minutes. `lines`: the turns that it rests on, as everywhere below; never none."""

    text: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """A stretch of the call, from turn `first` to turn `last`, both in it."""

    title: str
    first: int
    last: int
    points: tuple[Point, ...] = ()


@dataclass(frozen=True, slots=True)
class Todo:
    """`owner`: a speaker or somebody on the roster, None where the call does not say who.

    `due`: only when one was stated; `due_phrase` is how. `confidence` from 0 to 1.
    """

    task: str
    owner: str | None
    due: Due | None
    due_phrase: str
    lines: tuple[int, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class Objection:
    """`card`: the library's card that answers it, None where there is none or nobody looked."""

    text: str
    kind: ObjectionKind
    lines: tuple[int, ...]
    answered: bool = False
    card: str | None = None


@dataclass(frozen=True, slots=True)
class Sensitive:
    """A term of a pack, as it was said. `negated`: refused or denied rather than offered."""

    term: str
    kind: SensitiveKind
    lines: tuple[int, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    kind: MomentKind
    text: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Dropped:
    """What an engine found and its citation did not bear out."""

    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Minutes:
    """What came of a call. `engine`: `offline` or `model`."""

    summary: tuple[Point, ...] = ()
    topics: tuple[Topic, ...] = ()
    decisions: tuple[Point, ...] = ()
    todos: tuple[Todo, ...] = ()
    objections: tuple[Objection, ...] = ()
    sensitive: tuple[Sensitive, ...] = ()
    moments: tuple[Moment, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    engine: str = "offline"
