"""Alerts by the clock: each team is looked at on the working morning of whoever leads it, and they are told."""

import logging
from datetime import time

from bot.app import App
from bot.crm import service as crm
from bot.kpi.alerts import service, store
from bot.team import service as team
from bot.team.model import Team
from bot.voice import paging

log = logging.getLogger("paceline.jobs")
MORNING, EVENING = time(8, 0), time(18, 0)


def watch(app: App) -> None:
    """Look at every team whose morning it is, and tell those who lead it what is open."""
    with app.db.read() as look:
        if not crm.last_heard(look, app.workspace):
            return
        teams = service.to_look_at(look, app.workspace)
        seen = store.looked_at(look, app.workspace)
    for one in teams:
        try:
            _watch(app, one, seen.get(one.id if one else service.EVERYBODY))
        except Exception:  # what is wrong in one team keeps no other from hearing
            log.exception("the alerts of a team could not be looked at; it is tried again in a minute")


def _watch(app: App, one: Team | None, seen: object) -> None:
    now, team_id = app.now(), one.id if one else service.EVERYBODY
    with app.db.read() as look:
        led_by = service.heads(look, app.workspace, team_id)
        heads = [head for head in led_by if team.at_work(look, head, now, MORNING, EVENING)]
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
