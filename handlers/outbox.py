"""`/outbox`: messages that did not get through, for the admins to read and to send again."""

from datetime import timedelta

from bot.app import App
from bot.errors import BotError
from bot.message import Button, Message, Reply
from bot.outbox import store
from bot.team.model import Person
from bot.team.roles import Action, may
from bot.voice import delivery
from prompts import words

KEPT = timedelta(days=14)
MOST = 20


def outbox(app: App, who: Person, msg: Message) -> Reply:
    """Messages that did not get through (admins)"""
    _ = words(who.language)
    if not may(who, Action.READ_OUTBOX):
        raise BotError(_("Only an admin can look into the outbox."))
    verb, _space, rest = msg.text.partition(" ")
    if verb == "retry":
        return _retry(app, who, rest)
    with app.db.read() as db:
        rows = store.troubled(db, app.workspace, app.now() - KEPT, MOST + 1)
        counts = store.counts(db)
        return delivery.listed(rows[:MOST], len(rows) > MOST, counts, delivery.names(db, app.workspace, rows), who)


def _retry(app: App, who: Person, number: str) -> Reply:
    _ = words(who.language)
    with app.db.begin() as db:
        known = number.isdecimal() and len(number) < 18
        if not known or not store.retry(db, app.workspace, int(number), app.now()):
            raise BotError(_("That message does not wait for anybody. /outbox shows those that do."))
    return Reply(_("It is on its way again."), (Button(_("Outbox"), "/outbox"),), private=True)
