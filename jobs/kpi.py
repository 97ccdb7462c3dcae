"""Digests by the clock: written down an hour ahead, told when they are due. A digest is read and drawn before the
transaction that says it, so that nobody waits for it."""

import logging
from datetime import timedelta

from bot.app import App
from bot.db import Connection
from bot.kpi import service as numbers
from bot.kpi.digest import service, store
from bot.kpi.digest.service import Desk, Written
from bot.message import Reply
from bot.team import service as team
from bot.voice import digest as voice

log = logging.getLogger("paceline.jobs")

A_TICK = 50  # digests of one tick; the next goes on
KEPT = timedelta(days=100)
AGAIN = timedelta(minutes=10)


def plan(app: App) -> None:
    """Write down who gets a digest within the hour, and who should have had one today."""
    with app.db.begin() as db:
        service.plan(db, app.workspace, app.now())
        store.forget(db, app.workspace, app.now() - KEPT)


def keep_past(app: App) -> None:
    """After an import or a week's end, work out once what the measures were in the closed weeks; and the
    numbers of all where they are too many to be counted while an admin waits."""
    numbers.keep_past(app.db, app.workspace, app.now(), app.settings.timezone)
    numbers.note(app.db, app.workspace, app.now(), app.settings.timezone)


def digests(app: App) -> None:
    """Tell everybody whose time has come how their numbers stand."""
    with app.db.read() as look:
        due = store.due(look, app.workspace, app.now(), A_TICK)
        if not due:
            return
        desk = Desk(look, app.workspace, app.now(), app.settings.timezone)
        for one in due:
            try:
                written = desk.write(one)
                reply = _worded(look, written)
            except Exception:
                log.exception("a digest could not be written; it is tried again in ten minutes")
                with app.db.begin() as db:
                    store.postpone(db, app.workspace, one, app.now() + AGAIN)
                continue
            _say(app, written, reply)


def _worded(db: Connection, one: Written) -> Reply | None:
    if one.digest is None or one.person is None:
        return None
    return voice.digest(one.digest, service.keeper(db, one.person), one.person.language)


def _say(app: App, one: Written, reply: Reply | None) -> None:
    with app.db.begin() as db:
        if one.drop:
            return store.unplan(db, app.workspace, one.planned.person_id, one.planned.kind, one.planned.period)
        mine = store.claim(db, app.workspace, one.planned, one.told, app.now())
        place = team.place_of(db, one.person) if one.person and mine and reply else None
        if place and reply:
            app.say(db, place, reply, one.key)
    return None
