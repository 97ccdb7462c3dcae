"""Alerts by the clock: each team is looked at on the working morning of whoever leads it, and they are told."""

from datetime import datetime, time

from bot.app import App
from bot.crm import service as crm
from bot.db import Connection
from bot.kpi.alerts import service, store
from bot.team import service as team
from bot.team.model import Person, Team
from bot.voice import paging

MORNING, EVENING = time(8, 0), time(18, 0)


def watch(app: App) -> None:
    """Look at every team whose morning it is, and tell those who lead it what is open."""
    with app.db.read() as look:
        if not crm.last_heard(look, app.workspace):
            return
        teams = service.to_look_at(look, app.workspace)
        seen = store.looked_at(look, app.workspace)
    for one in teams:
        _watch(app, one, seen.get(one.id if one else service.EVERYBODY))


def _watch(app: App, one: Team | None, seen: object) -> None:
    now, team_id = app.now(), one.id if one else service.EVERYBODY
    with app.db.read() as look:
        heads = [head for head in service.heads(look, app.workspace, team_id) if _morning(look, head, now)]
        today = min((head.today(now) for head in heads), default=None)
        fresh = today is not None and seen != today
        found = service.see(look, app.workspace, one, now, app.settings.timezone) if fresh else []
        if not fresh and not paging.untold(app, look, team_id, heads):
            return
    with app.db.begin() as db:
        if fresh and today and store.look(db, app.workspace, team_id, today):
            for step in service.settle(db, app.workspace, team_id, found, today, now):
                paging.moved(app, db, step)
        paging.show(app, db, team_id, heads)


def _morning(look: Connection, head: Person, now: datetime) -> bool:
    """Whether it is a working morning of theirs, or later that day."""
    here = head.local(now)
    if not MORNING <= here.time() < EVENING:
        return False
    leave = team.leave_on(look, head.workspace_id, here.date(), [head.id]).get(head.id, [])
    return team.working_days(look, head.workspace_id).day_off(head, here.date(), here.time(), leave) is None
