"""Cards, what a question finds, and the three bands. Pure values and rules."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from bot.team.model import Role


class State(StrEnum):
    DRAFT = "draft"
    APPROVED = "approved"
    RETIRED = "retired"


class Band(StrEnum):
    """How sure a search is: one card answers, the closest are offered, or the library has nothing."""

    ANSWER = "answer"
    CHOOSE = "choose"
    NONE = "none"


STAGES = ("lead", "discovery", "demo", "offer", "negotiation", "renewal")

# What people call the trades that the starter library knows. Any other word stands for itself.
_INDUSTRIES = {
    "manufacturing": ("manufacturing", "manufacturer", "industrial", "制造", "制造业", "工业"),
    "consumer goods": ("consumer goods", "fmcg", "cpg", "fast-moving consumer goods", "快消", "快消品", "消费品"),
    "software": ("software", "saas", "it", "internet", "软件", "互联网", "信息技术"),
    "medical devices": ("medical devices", "medical device", "medtech", "medical", "医疗器械", "医疗", "器械"),
}
_INDUSTRY = {said: name for name, all_ in _INDUSTRIES.items() for said in all_}


def industry_of(text: str) -> str:
    """The name under which an industry is kept: `FMCG` and `快消` are `consumer goods`; unknown ones in lower case."""
    folded = " ".join(unicodedata.normalize("NFC", text.casefold()).replace("_", " ").split())
    return _INDUSTRY.get(folded, folded)


@dataclass(frozen=True, slots=True)
class Card:
    """One objection and its talk track.

    `key`: its id in files, the team's own. `answer`: the talk track, Markdown; `variants`: the same by industry.
    `points`: what a good answer covers. `roles`: who may see it; empty is everybody. `owner`: as the file says;
    `owner_id`: whom that is on the roster. `version` counts its changes from 1, `seq` those of the whole library.
    """

    id: int
    workspace_id: int
    key: str
    title: str
    answer: str
    phrasings: tuple[str, ...] = ()
    language: str = ""
    industry: str = ""
    product: str = ""
    stage: str = ""
    tags: tuple[str, ...] = ()
    variants: Mapping[str, str] = field(default_factory=dict)
    points: tuple[str, ...] = ()
    roles: frozenset[Role] = frozenset()
    owner: str = ""
    owner_id: int | None = None
    review_by: date | None = None
    state: State = State.APPROVED
    version: int = 1
    seq: int = 0
    changed: datetime | None = None
    changed_by: int | None = None

    def said_in(self, industry: str) -> str:
        """The talk track for an industry: its variant, or the general one."""
        return self.variants.get(industry_of(industry), self.answer) if industry else self.answer

    def seen_by(self, role: Role | None) -> bool:
        """None sees what everybody may."""
        return not self.roles or role in self.roles or role is Role.ADMIN

    @property
    def rows(self) -> tuple[str, ...]:
        """What it is found by: its title and every way that customers put it, each once."""
        return tuple({text.casefold(): text for text in (self.title, *self.phrasings) if text.strip()}.values())


CONTENT = (
    *("title", "answer", "phrasings", "language", "industry", "product", "stage", "tags", "variants", "points"),
    *("roles", "owner", "owner_id", "review_by", "state"),
)


def same(one: Card, other: Card) -> bool:
    """Whether two versions say the same, whoever wrote them when."""
    return all(getattr(one, name) == getattr(other, name) for name in CONTENT)


def differing(one: Card, other: Card) -> tuple[str, ...]:
    """The fields in which two versions differ."""
    return tuple(name for name in CONTENT if name != "owner_id" and getattr(one, name) != getattr(other, name))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a search. `language` "" takes cards of any, those of the question's first; `role` None sees
    what everybody may."""

    question: str
    language: str = ""
    industry: str = ""
    product: str = ""
    stage: str = ""
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A card that a search found. `score`: about 0 (nothing in common) to 1 (the same words)."""

    card_id: int
    key: str
    title: str
    score: float


@dataclass(frozen=True, slots=True)
class Found:
    """`hits`: best first, each card once. `confidence` grows with the likelihood that the first one answers.

    `semantic`: whether meaning was compared too, or only words.
    """

    band: Band
    hits: tuple[Hit, ...] = ()
    confidence: float = 0.0
    semantic: bool = True


@dataclass(frozen=True, slots=True)
class Bands:
    """Where the bands of one library are cut, as confidences: at least `answer` answers, below `none` is nothing."""

    answer: float
    none: float

    def of(self, confidence: float) -> Band:
        if confidence >= self.answer:
            return Band.ANSWER
        return Band.CHOOSE if confidence >= self.none else Band.NONE


def confidence(scores: Sequence[float]) -> float:
    """Of the scores of the best cards, best first: how far the first stands above nothing, and above the next five.

    The margin is what tells a question that one card answers from one that lies between many.
    """
    if not scores:
        return 0.0
    rest = scores[1:6] or [0.0]
    return scores[0] + MARGIN * (scores[0] - sum(rest) / len(rest))


MARGIN = 0.5


def revised(card: Card, seq: int, now: datetime, by: int | None) -> Card:
    """The next version of a card whose content was changed."""
    return replace(card, version=card.version + 1, seq=seq, changed=now, changed_by=by)
