"""Which changes are still to be sent to the CRM, and what became of them. How far it is stands in their table.

They go in the order in which they were made: one that fails holds up those behind it. What the CRM's files have
overtaken or taken over meanwhile is not sent any more.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.crm import store as crm
from bot.crm.changes import store
from bot.crm.changes.hook import Answer, wait
from bot.crm.changes.model import Changed
from bot.crm.changes.outward import body
from bot.db import Connection

MOST = 50  # changes in one body
LEASE = timedelta(minutes=2)  # within which whoever took them has sent them, or is gone


def waits(db: Connection, workspace: int, now: datetime) -> bool:
    """Whether there is something to send now."""
    first = store.unsent(db, workspace, 1)
    return bool(first) and first[0].due <= now


def claim(db: Connection, workspace: int, now: datetime) -> list[Changed]:
    """The changes to send now; nobody else gets them meanwhile."""
    store.hold(db, workspace)
    rows = store.unsent(db, workspace, MOST)
    if not rows or rows[0].due > now:
        return []
    store.note_sending(db, [row.changed.id for row in rows], due=now + LEASE)
    return [row.changed for row in rows]


def written(db: Connection, workspace: int, changes: Sequence[Changed]) -> bytes:
    return body(changes, crm.stages(db, workspace))


def note(db: Connection, workspace: int, changes: Sequence[Changed], answer: Answer, now: datetime) -> None:
    """What became of changes that were sent."""
    ids = [one.id for one in changes]
    if answer.taken:
        store.note_sending(db, ids, sending="sent", fault="")
    elif answer.refused:
        store.note_sending(db, ids, sending="refused", fault=answer.fault[:500])
    else:
        tries = store.tries(db, ids)
        store.note_sending(db, ids, due=now + wait(tries, answer), tries=tries + 1, fault=answer.fault[:500])


def trouble(db: Connection, workspace: int) -> str:
    """Why changes are not through: what the other side said last; "" when all is well."""
    first = store.unsent(db, workspace, 1)
    return first[0].fault if first else ""


def counts(db: Connection, workspace: int) -> dict[str, int]:
    """How many changes wait (`due`) and how many were `refused`."""
    return store.unsent_count(db, workspace)


def again(db: Connection, workspace: int, now: datetime) -> int:
    """Send what was refused once more; how many changes."""
    return store.revive(db, workspace, now)
