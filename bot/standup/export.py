"""Answers as rows, for `paceline export standups`."""

from collections.abc import Iterator
from datetime import date

from bot.db import Connection
from bot.standup import store
from bot.standup.deals import store as deals
from bot.standup.deals.model import Told
from bot.team import store as teams

COLUMNS = ("team", "date", "person", "state", "late", "question", "answer")


def rows(db: Connection, workspace: int, first: date, last: date) -> Iterator[dict[str, str]]:
    """One row a question answered or a deal spoken of, and one without a question for a slot that has no answer.

    A deal's question is `deal:` and its key, its answer what was said: `moved`, `step: send the quote by Friday`.
    """
    names = {t.id: t.name for t in teams.teams(db, workspace)}
    keys = {p.id: p.key for p in teams.people(db, workspace, active=None)}
    for slot in store.slots_between(db, workspace, first, last):
        head = {"team": names[slot.team_id], "date": slot.day.isoformat(), "person": keys[slot.person_id]}
        head |= {"state": slot.state.value, "late": "yes" if slot.late else ""}
        answers = store.answers_of(db, [slot.id]).get(slot.id, {})
        told = {f"deal:{d.deal}": (_said(d.told),) for d in deals.in_slots(db, [slot.id]).get(slot.id, ()) if d.told}
        for question, items in (answers | told).items() or (("", ()),):
            yield {**head, "question": question, "answer": "\n".join(items)}


def _said(told: Told) -> str:
    return f"{told.what}: {told.line}" if told.line else told.what.value


def harmless(cell: str) -> str:
    """A cell that a spreadsheet would run, kept from running."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell
