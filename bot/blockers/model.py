"""What a blocker is, how it moves, and which of them an edited answer means. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from difflib import SequenceMatcher
from enum import StrEnum


class Category(StrEnum):
    PRICE = "price"
    DECISION = "decision"
    COMPETITOR = "competitor"
    SUPPLY = "supply"
    PRODUCT = "product"
    APPROVAL = "approval"
    OTHER = "other"


STAGES = ("lead", "demo", "offer", "contract")  # offered until a CRM says what its stages are called


class State(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    ESCALATED = "escalated"
    RESOLVED = "resolved"
    ACCEPTED = "accepted"  # it stays as it is, and that is decided
    WITHDRAWN = "withdrawn"  # the answer that named it no longer does


WORDS = ("text", "stage", "deal", "deal_key")  # of a blocker: what an answer says anew, or leaves
LIVE = (State.OPEN, State.ACKNOWLEDGED, State.ESCALATED)
PATIENCE = 3  # the working day, counted from the last move, on which a decision is asked for


@dataclass(frozen=True, slots=True)
class Blocker:
    """`raised_on` and `moved_on` are dates of the raiser's own clock; `moved` counts the moves so far.

    `stage` is where in the sale it sits, "" when nobody said. `deal` is what the deal was called, `deal_key` the CRM's
    key of it, "" when the CRM knows none.
    """

    id: int
    workspace_id: int
    team_id: int
    raised_by: int
    owner_id: int | None
    category: Category
    stage: str
    deal: str
    text: str
    state: State
    slot_id: int | None
    raised_on: date
    moved_on: date
    moved: int
    decide_at: datetime | None
    note: str = ""
    deal_key: str = ""

    @property
    def live(self) -> bool:
        return self.state in LIVE


@dataclass(frozen=True, slots=True)
class Said:
    """A blocker as an answer names it. `id` is set when the person pointed at one that stands already."""

    text: str
    category: Category = Category.OTHER
    stage: str = ""
    deal: str = ""
    id: int | None = None
    deal_key: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """Blockers of one kind that people named, the newest last."""

    category: Category
    blockers: tuple[Blocker, ...]

    @property
    def count(self) -> int:
        return len(self.blockers)

    @property
    def deals(self) -> tuple[str, ...]:
        """What the deals are called that they are about, each once; those without a deal are left out."""
        called = {one.deal_key or one.deal: one.deal or one.deal_key for one in self.blockers}
        return tuple(name for name in called.values() if name)


@dataclass(frozen=True, slots=True)
class Difference:
    """What an answer does to the blockers of its writer."""

    opened: tuple[Said, ...]
    changed: tuple[tuple[Blocker, Said], ...]
    withdrawn: tuple[Blocker, ...]
    named: tuple[Blocker, ...]  # all that it still speaks of, changed or not


def differ(standing: Sequence[Blocker], said: Sequence[Said], slot_id: int) -> Difference:
    """Match what is said now with what stands, so that an edit changes a blocker instead of replacing it.

    Only a blocker that this same slot raised and that nobody has taken up is withdrawn when it is no longer named.
    """
    free = [b for b in standing if b.live]
    pairs: list[tuple[Blocker, Said]] = []
    fresh: list[Said] = []
    for words in said:
        match = _match(free, words, slot_id)
        if match is None:
            fresh.append(words)
        else:
            free.remove(match)
            pairs.append((match, words))
    untouched = [b for b in free if b.slot_id == slot_id and b.state is State.OPEN]
    return Difference(
        opened=tuple(fresh),
        changed=tuple((b, w) for b, w in pairs if _differs(b, w)),
        withdrawn=tuple(untouched),
        named=tuple(b for b, _ in pairs),
    )


def _match(free: Sequence[Blocker], words: Said, slot_id: int) -> Blocker | None:
    if words.id is not None:
        return next((b for b in free if b.id == words.id), None)
    if words.deal_key:  # never about another deal
        free = [b for b in free if b.deal_key in (words.deal_key, "")]
    alike = [(_likeness(b.text, words.text), b.slot_id == slot_id, b.id, b) for b in free]
    best = max(alike, default=None, key=lambda a: a[:3])
    if best and best[0] >= 0.6:
        return best[3]
    mine = [b for b in free if b.slot_id == slot_id and b.deal_key in (words.deal_key, "")]  # reworded from the ground
    return next(iter(mine), None) or next((b for b in free if _same_matter(b, words)), None)


def _same_matter(blocker: Blocker, words: Said) -> bool:
    """Whether both are of one kind and about one deal of the CRM's: "still the price" is what stood there before."""
    kind = words.category is not Category.OTHER and words.category is blocker.category
    return kind and words.deal_key != "" and words.deal_key == blocker.deal_key


def _likeness(a: str, b: str) -> float:
    """0 to 1. Long texts are compared by their beginnings, or a hostile pair would take minutes."""
    return SequenceMatcher(None, a.casefold()[:300], b.casefold()[:300], autojunk=False).ratio()


def _differs(blocker: Blocker, said: Said) -> bool:
    kept = [getattr(said, name) or getattr(blocker, name) for name in WORDS]
    category = said.category is not Category.OTHER and said.category is not blocker.category
    return category or kept != [getattr(blocker, name) for name in WORDS]


def age(blocker: Blocker, today: date, works: Callable[[date], bool]) -> int:
    """Its age in working days of the raiser, the day it was raised being day 1."""
    return _working_days(blocker.raised_on, today, works)


def decision_day(moved_on: date, works: Callable[[date], bool]) -> date:
    """The third working day, the day of the last move being the first."""
    day, left = moved_on, PATIENCE - 1
    for _ in range(60):
        day += timedelta(days=1)
        left -= works(day)
        if left <= 0:
            break
    return day


def _working_days(first: date, last: date, works: Callable[[date], bool]) -> int:
    span = min((last - first).days, 365)
    return 1 + sum(works(first + timedelta(days=n)) for n in range(1, span + 1))
