"""`/usage`: what the language model was asked, how that ended, and what it cost."""

from datetime import timedelta

from bot.app import App
from bot.errors import BotError
from bot.llm import store
from bot.llm.ledger import today
from bot.message import Message, Reply
from bot.team.model import Person
from bot.team.roles import Action, may
from bot.voice import usage as voice
from prompts import words


def usage(app: App, who: Person, msg: Message) -> Reply:
    """What the language model was used for, and what that cost (managers, admins)"""
    _ = words(who.language)
    if not may(who, Action.READ_USAGE):
        raise BotError(_("Only a manager or an admin can see what the model is used for."))
    if app.model is None or app.settings.llm is None:
        return Reply(_("No language model is set up. Everything works without one."), private=True)
    began = today(app.now(), app.settings.timezone)
    with app.db.read() as db:
        spans = [(days, store.usage(db, app.workspace, began - timedelta(days=days - 1))) for days in (1, 7, 30)]
    return voice.usage(app.settings.llm, app.model.state(), spans, who.language)
