"""Blockers by the clock: the third day without a move asks for a decision."""

from bot.app import App
from bot.blockers import service, store
from bot.team import chain
from bot.team import service as team
from bot.voice import announce


def decide(app: App) -> None:
    """Put blockers that do not move to whoever can decide about them."""
    with app.db.read() as look:
        if not store.undecided(look, app.workspace, app.now(), 1):
            return
    with app.db.begin() as db:
        for one in service.undecided(db, app.workspace, app.now()):
            raiser = team.person(db, app.workspace, one.raised_by)
            for manager in chain.in_charge(db, app.workspace, [raiser])[raiser.id] if raiser else ():
                announce.show_card(app, db, one, manager, decide=True)
