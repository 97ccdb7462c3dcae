"""Standups by the clock: plan, ask, nudge, close, sum up. Each claims what is due, so that ticks may overlap."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.app import App
from bot.db import Connection
from bot.outbox.model import LOST, Say
from bot.standup import model, planning, service, store
from bot.standup.model import Slot
from bot.standup.service import Prompt
from bot.voice import announce
from bot.voice import standup as words


def plan(app: App) -> None:
    """Write down who is asked when, shortly before the first of each team."""
    while _any(app, store.due_agenda):
        with app.db.begin() as db:
            if not planning.plan_due(db, app.workspace, app.now()):
                return


def ask(app: App) -> None:
    """Ask everybody whose time has come, and open the boards of their teams."""
    while _any(app, store.due_slots):
        with app.db.begin() as db:
            asks = service.ask_due(db, app.workspace, app.now())
            if asks is None:
                return
            app.say_all(
                db,
                [
                    Say(a.place, words.prompt(a), a.slot.prompt_key, expires=a.slot.due + model.STALE_AFTER)
                    for a in asks
                    if a.place
                ],
            )
            announce.show_boards(app, db, {a.run.id for a in asks})


def nudge(app: App) -> None:
    """Remind, once, those who have not answered yet."""
    while _any(app, store.due_nudges):
        with app.db.begin() as db:
            nudges = service.nudge_due(db, app.workspace, app.now())
            if nudges is None:
                return
            app.say_all(
                db,
                [
                    Say(n.place, words.nudge(n), f"standup-nudge:{n.slot.id}:{n.slot.snoozes}", expires=n.slot.closes)
                    for n in nudges
                    if n.place
                ],
            )


def close(app: App) -> None:
    """End the windows that are over, then sum up where the last has closed."""
    if _any(app, store.due_closes):
        _end(app)
    if _any(app, store.due_offices):
        _sum_up(app)


def _end(app: App) -> None:
    with app.db.begin() as db:
        slots = service.closing(db, app.workspace, app.now())
        missed = service.close(db, slots, _prompts(app, db, slots), app.now())
        for over in service.describe(db, app.workspace, missed):
            app.edit(db, over.slot.prompt_key, words.prompt_over(over, "closed"))


def _sum_up(app: App) -> None:
    with app.db.begin() as db:
        for run_id, office in service.sum_up_due(db, app.workspace, app.now()):
            announce.sum_up(app, db, run_id, office)
            announce.refresh(app, db, run_id)


def _any(app: App, look: Callable[[Connection, int, datetime, int], Sequence[object]]) -> bool:
    """Whether anything is due: a look that takes no lock, so that an idle clock stays out of everybody's way."""
    with app.db.read() as db:
        return bool(look(db, app.workspace, app.now(), 1))


def _prompts(app: App, db: Connection, slots: list[Slot]) -> dict[int, Prompt]:
    sent = app.delivered(db, [s.prompt_key for s in slots])
    return {
        s.id: Prompt(sent[s.prompt_key].at, sent[s.prompt_key].state in LOST and sent[s.prompt_key].at is None)
        for s in slots
        if s.prompt_key in sent
    }
