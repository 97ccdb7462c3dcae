"""How good the CRM's data is, as far as somebody may see it. Sends nothing."""

from datetime import datetime

from bot.crm import store as crm
from bot.crm.quality import store
from bot.crm.quality.model import Doubt, Doubted, Quality
from bot.crm.service import owners_seen
from bot.db import Connection
from bot.team import service as team
from bot.team.model import Person

SHOWN = 5  # examples of one doubt


def quality(db: Connection, who: Person, now: datetime) -> Quality:
    """What is in doubt about the deals that somebody may see, now."""
    workspace, owners = who.workspace_id, owners_seen(db, who)
    stages, roster = crm.stages(db, workspace), {one.key for one in team.people(db, workspace, active=None)}
    among = store.conditions(db, workspace, roster, stages, who.today(now))
    total, counts = store.count(db, workspace, owners, among)
    found = [
        Doubted(one, n, tuple(store.examples(db, workspace, owners, among[one], SHOWN)))
        for one, n in counts.items()
        if n
    ]
    moves, deals = store.ahead(db, workspace, owners, stages, now, SHOWN)
    if moves:
        found.append(Doubted(Doubt.FUTURE, moves, tuple(deals)))
    return Quality(total, tuple(found))
