"""A question that somebody pushes down: asked once, in the next standup of some people; their answers come back.

Whoever pushes it keeps a key of their own; what it is about is nothing that the standup knows.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from bot.db import Connection
from bot.standup.focus import store
from bot.standup.model import Question, QuestionRole, Slot
from bot.team import store as teams
from bot.team.model import Person


class FocusAnswer(NamedTuple):
    """`day` is the date of the standup that it was given in."""

    person: Person
    text: str
    day: date


def focus(
    db: Connection,
    workspace: int,
    *,
    key: str,
    people: Sequence[int],
    texts: Mapping[str, str],
    until: date,
    now: datetime,
) -> int:
    """Ask these people one question in their next standup; how many of them were not to be asked it yet.

    `texts`: the question by language, English at least. `until`: the last date on which it is asked; who had no standup
    by then is not asked. Pushing a key again adds people and repeats nothing. A standup asks one such question; others
    wait for the next.
    """
    if "en" not in texts:
        raise ValueError("a focus question needs its English")
    return store.add(db, workspace, key, texts, until, people, now)


def drop_focus(db: Connection, workspace: int, key: str) -> None:
    """Take a question back from those who have not been asked yet."""
    store.drop(db, workspace, key)


def focus_answers(db: Connection, workspace: int, key: str) -> list[FocusAnswer]:
    """What people answered so far, in the order of the dates; an answer of several lines is joined by semicolons."""
    rows = [row for row in store.answers(db, workspace, key) if row._mapping["items"]]
    people = {p.id: p for p in teams.people(db, workspace, ids=[row.person_id for row in rows], active=None)}
    return [FocusAnswer(people[row.person_id], "; ".join(row._mapping["items"]), row.day) for row in rows]


def take(db: Connection, workspace: int, slots: Sequence[Slot]) -> None:
    """Give each of these slots, about to be asked, the question that waits for its person."""
    for day in {slot.day for slot in slots}:
        mine = {slot.person_id: slot.id for slot in slots if slot.day == day}
        waiting = store.waiting(db, workspace, list(mine), day)
        taken = store.in_slots(db, [mine[person_id] for person_id in waiting]) if waiting else {}
        store.give(db, {row: mine[who] for who, row in waiting.items() if mine[who] not in taken})


def questions(db: Connection, slots: Sequence[Slot], speaks: Mapping[int, str]) -> dict[int, Question]:
    """The question that each slot asks beside its team's own, by slot; `speaks`: people's languages."""
    people = {slot.id: slot.person_id for slot in slots}
    return {
        slot_id: Question(
            store.question_key(number), QuestionRole.FOCUS, texts.get(speaks[people[slot_id]], texts["en"])
        )
        for slot_id, (number, texts) in store.in_slots(db, list(people)).items()
    }
