"""Looks after messages that did not get through: who cannot be reached, what an admin should know."""

from datetime import timedelta

from bot.app import App
from bot.db import Connection
from bot.message import Reply
from bot.outbox import store
from bot.outbox.model import State
from bot.standup import service as standup
from bot.team import accounts, service
from bot.team import store as teams
from bot.team.model import Person
from bot.voice import announce, delivery


def look_after(app: App) -> None:
    """Mark who cannot be reached, once, and take them out of the count; tell the admins what did not get through."""
    with app.db.read() as look:
        if not store.troubled(look, app.workspace, app.now() - timedelta(hours=1), 1):
            return
    with app.db.begin() as db:
        admins = service.admins(db, app.workspace)
        for row in store.bury(db, app.workspace):
            person_id = accounts.person_chats(db, app.workspace, row.platform).get(row.chat)
            lost = service.person(db, app.workspace, person_id) if person_id else None
            if lost:
                _lose(app, db, lost, row.error, admins)
        _report(app, db, admins)


def _lose(app: App, db: Connection, lost: Person, why: str, admins: list[Person]) -> None:
    news = accounts.lost(db, app.workspace, lost.id, why, app.now())
    for slot in standup.unreached(db, lost, app.now()):
        announce.refresh(app, db, slot.run_id)
    for admin in admins if news else ():
        _tell(app, db, admin, f"lost:{lost.id}:{app.now():%Y%m%d}", delivery.lost(lost, why, admin.language))


def _report(app: App, db: Connection, admins: list[Person]) -> None:
    rows = store.troubled(db, app.workspace, app.now() - timedelta(hours=1), 1000)
    bad = [r for r in rows if r.state in (State.DEAD, State.UNKNOWN) and not r.key.startswith("outbox-")]
    for admin in admins if bad else ():
        key = f"outbox-trouble:{admin.id}:{app.now():%Y%m%d%H}"
        _tell(app, db, admin, key, delivery.trouble(len(bad), admin.language))


def _tell(app: App, db: Connection, admin: Person, key: str, reply: Reply) -> None:
    place = teams.places_of_people(db, app.workspace, [admin.id]).get(admin.id)
    if place:
        app.say(db, place, reply, key) or app.edit(db, key, reply)
