"""By the clock, what was changed in chat goes to the CRM's webhook."""

from collections.abc import Sequence

from bot.app import App
from bot.crm.changes import hook, sending
from bot.crm.changes.model import Changed
from bot.db import Connection
from bot.team import service as team
from bot.voice import crm as voice

AT_ONCE = 20  # batches in one look


def send_changes(app: App) -> None:
    """Send the CRM what was changed in chat, as long as it takes it."""
    for _ in range(AT_ONCE if app.settings.crm_webhook else 0):
        with app.db.read() as look:
            if not sending.waits(look, app.workspace, app.now()):
                return
        with app.db.begin() as db:
            batch = sending.claim(db, app.workspace, app.now())
        if not batch or not _send(app, batch):
            return


def _send(app: App, batch: Sequence[Changed]) -> bool:
    """Whether the next may be sent."""
    assert app.settings.crm_webhook
    with app.db.read() as look:
        body = sending.written(look, app.workspace, batch)
    answer = hook.post(app.settings.crm_webhook, body, app.now())
    if answer.perhaps_one and len(batch) > 1:
        half = len(batch) // 2
        return _send(app, batch[:half]) and _send(app, batch[half:])
    with app.db.begin() as db:
        sending.note(db, app.workspace, batch, answer, app.now())
        if answer.refused:
            _tell(app, db, batch, answer)
    return answer.taken or answer.refused


def _tell(app: App, db: Connection, batch: Sequence[Changed], answer: hook.Answer) -> None:
    """Let the admins know, once a day."""
    for admin in team.admins(db, app.workspace):
        place = team.place_of(db, admin)
        if place:
            reply = voice.refused(len(batch), answer.fault, admin.language)
            app.say(db, place, reply, f"crm-refused:{app.now():%Y%m%d}:{admin.id}")
