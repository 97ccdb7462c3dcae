"""`/home`: today at a glance, for the page of its own that a platform gives the bot."""

from bot.app import App
from bot.blockers import service as blockers
from bot.message import Button, Message, Reply
from bot.standup import service as standup
from bot.standup.model import State
from bot.team import service as team
from bot.team.model import Person
from bot.team.roles import Action, may
from bot.todos import service as todos
from bot.voice import home as voice
from prompts import words


def home(app: App, who: Person, msg: Message) -> Reply:
    """Today's standup, what stands in the way and what is owed, at a glance"""
    _ = words(who.language)
    now = app.now()
    with app.db.begin() as db:
        slot = standup.slot_today(db, who, now) if who.asked else None
        span = team.span(db, who)
        ids = [t.id for t in team.teams(db, app.workspace) if may(who, Action.READ_BOARD, t.id, span=span)]
        standing = blockers.live(db, app.workspace, team_ids=ids)
        names = {p.id: p.name for p in team.people(db, app.workspace, active=None)} if standing else {}
        owed = todos.mine(db, who)
    text = voice.home(who, slot, standing, owed, names, now)
    label = _("Edit") if slot and slot.state is State.ANSWERED else _("Answer")
    buttons = [Button(label, "/standup", "primary")] if slot else [Button(_("Board"), "/standup")]
    return Reply(
        text,
        (*buttons, Button(_("Open blockers"), "/blockers"), Button(_("To-dos"), "/todo"), Button(_("Help"), "/help")),
    )
