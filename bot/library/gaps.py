"""Gaps: questions that no card answers, counted together when they mean one thing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.db import Connection, Database
from bot.library import store
from bot.library.shelf import Shelf
from bot.library.text import speaks
from bot.team.model import Person

TOGETHER = 0.55  # how alike two unanswered questions are that stand for one gap


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions that no card answers and that mean one thing. `asked`: how often; `people`: by how many."""

    id: int
    question: str
    language: str
    opened: datetime
    asked: int
    people: int
    questions: tuple[str, ...]
    industries: tuple[tuple[str, int], ...]
    stages: tuple[tuple[str, int], ...]


def log_gap(db: Database, shelf: Shelf, who: Person, ask_id: int, now: datetime) -> int | None:
    """Count an unanswered question to the gap that means the same, or open a new one; the id of the gap."""
    with db.read() as look:
        asked = store.asked(look, who.workspace_id, ask_id)
        open_gaps = store.gaps(look, who.workspace_id)
    if asked is None or asked.person_id != who.id:
        return None
    alike = shelf.search.alike(asked.question, [gap.question for gap in open_gaps])
    near = max(zip(alike, open_gaps, strict=True), key=lambda pair: pair[0], default=(0.0, None))
    with db.begin() as keeping:
        gap_id = asked.gap_id
        if gap_id is None and near[1] is not None and near[0] >= TOGETHER:
            gap_id = near[1].id
        if gap_id is None:
            gap_id = store.add_gap(keeping, who.workspace_id, asked.question, speaks(asked.question), now)
        store.save_ask(keeping, ask_id, gap_id=gap_id, card_id=None)
    return int(gap_id)


def gaps(db: Connection, workspace: int) -> list[Gap]:
    """What stands open, asked most often first."""
    open_gaps = store.gaps(db, workspace)
    by_gap: dict[int, list[Any]] = {}
    for row in store.questions_of(db, workspace, [gap.id for gap in open_gaps]):
        by_gap.setdefault(row.gap_id, []).append(row)
    found = [_gap(gap, by_gap.get(gap.id, [])) for gap in open_gaps]
    return sorted(found, key=lambda gap: (-gap.asked, gap.id))


def _gap(gap: Any, rows: Sequence[Any]) -> Gap:
    people = {row.person_id for row in rows}
    return Gap(
        gap.id,
        gap.question,
        gap.language,
        gap.opened,
        asked=max(len(rows), 1),
        people=max(len(people), 1),
        questions=tuple(dict.fromkeys([gap.question, *(row.question for row in rows)])),
        industries=tuple(Counter(row.industry for row in rows if row.industry).most_common(4)),
        stages=tuple(Counter(row.stage for row in rows if row.stage).most_common(4)),
    )


def close_gap(db: Connection, workspace: int, gap_id: int, card_id: int | None = None) -> bool:
    """A card was written for it, or it is no gap; False when it is not open."""
    gap = store.gap_by_id(db, workspace, gap_id)
    if gap is None or gap.state != "open":
        return False
    store.save_gap(db, gap_id, state="written" if card_id else "dismissed", card_id=card_id)
    return True


def forget(db: Connection, workspace: int, questions: Sequence[str]) -> None:
    """Forget that these were asked: what was said on a call that is erased. A gap that others asked about too goes on
    in their words."""
    for gap_id in store.forget_questions(db, workspace, questions):
        left = [row.question for row in store.questions_of(db, workspace, [gap_id])]
        if left:
            store.save_gap(db, gap_id, question=left[0])
        else:
            store.drop_gap(db, gap_id)
