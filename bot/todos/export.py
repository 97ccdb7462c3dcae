"""To-dos as rows, for `paceline export todos`."""

from collections.abc import Iterator

from bot.db import Connection
from bot.team import store as teams
from bot.todos import store

COLUMNS = ("todo", "task", "owner", "due", "deal", "state", "source", "given_by", "created", "closed")


def rows(db: Connection, workspace: int) -> Iterator[dict[str, str]]:
    """One row a to-do, open or not, by due day; people by their roster keys, times in UTC."""
    keys = {p.id: p.key for p in teams.people(db, workspace, active=None)}
    for one in store.todos(db, workspace, state=None):
        due = one.due.isoformat() if one.due else ""
        yield {
            "todo": str(one.id),
            "task": one.task,
            "owner": keys.get(one.owner_id or 0, ""),
            "due": f"{due}T{one.due_at:%H:%M}" if one.due_at else due,
            "deal": one.deal,
            "state": one.state.value,
            "source": one.source.value,
            "given_by": keys.get(one.given_by or 0, ""),
            "created": one.created.isoformat(),
            "closed": one.closed.isoformat() if one.closed else "",
        }
