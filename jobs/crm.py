"""The CRM by the clock: its database is asked, what small batches changed is worked out, old batches are forgotten."""

from datetime import timedelta

from bot.app import App
from bot.crm.push import service as push
from bot.crm.sql import service as sql
from bot.crm.tending import tend as work_out
from bot.team import service as team
from bot.voice import sources as voice
from bot.work import Steps

ASK = "crm.ask"


def pull(app: App) -> None:
    """Have the CRM's database asked when it is time."""
    settings, now = app.settings.sql, app.now()
    if settings and sql.due(app.db, app.workspace, settings, now):
        app.work.begin(ASK, f"{ASK}:{now:%Y%m%d%H%M%S}")


def ask(app: App, steps: Steps) -> None:
    """Long work: ask it, and tell the admins once when it begins to fail."""
    steps.do("ask", _ask, app)


def _ask(app: App) -> None:
    settings, zone = app.settings.sql, app.settings.timezone
    if settings is None:
        return
    run = sql.run(app.db, app.workspace, settings, app.now, zone=zone, language=app.settings.language)
    if run is None or run.failing is None:
        return
    with app.db.begin() as db:
        for admin in team.admins(db, app.workspace):
            if place := team.place_of(db, admin):
                again = timedelta(minutes=settings.every)
                reply = voice.failing(run, admin, again)
                app.say(db, place, reply, f"crm-source:{run.source}:{run.failing:%Y%m%d%H%M%S}:{admin.id}")


def tend(app: App) -> None:
    """Work out how long deals usually stay in a stage, when batches have changed what counts."""
    work_out(app.db, app.workspace, app.now())


def forget(app: App) -> None:
    """Forget batches that nobody sends again."""
    with app.db.begin() as db:
        push.forget(db, app.workspace, app.now())
