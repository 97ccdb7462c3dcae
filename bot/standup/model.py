"""Questions, slots, boards and streaks. Pure: values in, values out; no I/O, no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from bot.blockers.model import Blocker
from bot.standup.deals.model import DealAsk


class QuestionRole(StrEnum):
    """What an answer is good for, whatever the words of the question."""

    DONE = "done"
    NEXT = "next"
    BLOCKER = "blocker"
    DEAL = "deal"
    MOOD = "mood"
    NUMBER = "number"
    TEXT = "text"
    FOCUS = "focus"  # pushed down for one standup; no team's own


@dataclass(frozen=True, slots=True)
class Question:
    """`key` names it in forms and answers and never changes; `text` is "" for our own words, translated."""

    key: str
    role: QuestionRole
    text: str = ""


ASKABLE = tuple(
    role for role in QuestionRole if role is not QuestionRole.FOCUS
)  # what a team's own question may be for
DEFAULT_QUESTIONS = (
    Question("done", QuestionRole.DONE),
    Question("next", QuestionRole.NEXT),
    Question("blocker", QuestionRole.BLOCKER),
)
MOST_QUESTIONS = 10
MOST_CHARACTERS = 20_000  # of one answer


class State(StrEnum):
    PLANNED = "planned"  # will be asked at `due`
    LATER = "later"  # asked, and wants to be asked again at `due`
    ASKED = "asked"
    ANSWERED = "answered"
    SKIPPED = "skipped"
    MISSED = "missed"
    OFF = "off"  # not at work: `why` is holiday or leave
    STALE = "stale"  # the bot was not running at the time, and asks nobody hours late
    UNREACHABLE = "unreachable"


WAITING = (State.PLANNED, State.LATER)
UNFINISHED = (State.PLANNED, State.LATER, State.ASKED)
COUNTED = (State.PLANNED, State.LATER, State.ASKED, State.ANSWERED, State.MISSED)  # the denominator

STALE_AFTER = timedelta(minutes=120)
SNOOZES = (15, 30, 60)  # minutes
LONGEST_SNOOZE = timedelta(minutes=120)  # all snoozes of a slot together


class Slot(NamedTuple):
    """One person, one standup, one date of their own clock. `office` groups those whose closes fall together.

    `due` is when to ask (next); `first_due` is what the person's hours said. `window` is in minutes.
    """

    id: int
    workspace_id: int
    run_id: int
    team_id: int
    person_id: int
    day: date
    office: int
    first_due: datetime
    due: datetime
    window: int
    state: State
    why: str = ""
    detail: str = ""
    asked_at: datetime | None = None
    nudge_at: datetime | None = None
    close_at: datetime | None = None
    answered_at: datetime | None = None
    late: bool = False
    snoozes: int = 0

    @property
    def closes(self) -> datetime:
        return self.close_at or self.due + timedelta(minutes=self.window)

    @property
    def prompt_key(self) -> str:
        return f"standup-prompt:{self.id}:{self.snoozes}"


@dataclass(frozen=True, slots=True)
class Run:
    """One team's standup of one date, with its questions as they were when it was planned."""

    id: int
    workspace_id: int
    team_id: int
    day: date
    questions: tuple[Question, ...]
    opened: datetime | None = None


Items = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """A slot with what was answered, by question key, one item a line; and its deals, with what was said of each."""

    slot: Slot
    answers: dict[str, Items] = field(default_factory=dict)
    deals: tuple[DealAsk, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the board. `ages` are the blockers' working days, in the order of `blockers`."""

    slot: Slot
    name: str
    done: Items
    next: Items
    blockers: tuple[Blocker, ...]
    ages: tuple[int, ...]
    rest: tuple[tuple[Question, Items], ...] = ()
    deals: tuple[DealAsk, ...] = ()


@dataclass(frozen=True, slots=True)
class Board:
    """What the team sees of a day: who answered, in the order they did, and how many could have.

    `stages`: (stage, how many blockers are open there, age of the oldest in days).
    `pending` and `stale` are for the manager alone.
    """

    run: Run
    team_name: str
    rows: tuple[Row, ...]
    counted: int
    leave: int
    skipped: int
    unreachable: int
    unasked: int
    stages: tuple[tuple[str, int, int], ...]
    open_blockers: tuple[Blocker, ...]
    pending: tuple[Slot, ...] = ()
    stale: tuple[Slot, ...] = ()
    missed: tuple[Slot, ...] = ()

    @property
    def answered(self) -> int:
        return len(self.rows)


def streak(states: Iterable[State]) -> int:
    """How many standups in a row were answered, given the states of a person's slots from the newest back.

    Only a missed one ends it. Leave, holidays, skipping with a reason and our own failures neither help nor hurt.
    """
    count = 0
    for state in states:
        if state is State.MISSED:
            break
        count += state is State.ANSWERED
    return count


def offices(closes: Sequence[datetime]) -> list[int]:
    """Which office each close belongs to: those within two hours of the first of them share one, numbered by time."""
    numbers = [0] * len(closes)
    office, first = -1, None
    for index in sorted(range(len(closes)), key=closes.__getitem__):
        if first is None or closes[index] - first > timedelta(hours=2):
            office, first = office + 1, closes[index]
        numbers[index] = office
    return numbers


def nudge_after(window: int) -> timedelta:
    """When the one nudge comes, counted from the prompt: the last third of the window is left to answer."""
    return timedelta(minutes=window - max(1, round(window * 0.3)))
