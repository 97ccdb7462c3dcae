"""`/start`, `/invite`, `/here`: who somebody is on a chat platform, and where a team's board is shown."""

from bot.app import App
from bot.db import Connection
from bot.errors import BotError
from bot.message import Button, Message, Place, Reply
from bot.team import accounts, service
from bot.team.model import Person, Team
from bot.team.roles import Action, may
from prompts import render, words

MOST = 20  # names in one message


def start(app: App, who: Person, msg: Message) -> Reply:
    """Say hello to somebody who just linked their account"""
    _ = words(who.language)
    with app.db.read() as db:
        team = service.team(db, app.workspace, who.team_id)
    at = who.standup_at or (team.standup_at if team else None)
    text = render("team/welcome.message.md", who.language, who=who, at=at if who.asked else None)
    return Reply(text, (Button(_("Standup"), "/standup", "primary"), Button(_("Help"), "/help")), private=True)


def invite(app: App, who: Person, msg: Message) -> Reply:
    """Link somebody's account: /invite anna (managers, admins)"""
    _ = words(who.language)
    if not may(who, Action.INVITE):
        raise BotError(_("Only a manager or an admin can invite. Ask one of them for a code."))
    inviting = [platform for platform in app.platforms if platform.invitation("")]
    if not inviting:
        raise BotError(_("Nobody needs a code here: no platform is connected that asks for one."))
    platform = inviting[0]
    with app.db.begin() as db:
        span = service.span(db, who)
        if not msg.text:
            waiting = accounts.unlinked(db, app.workspace, platform.platform)
            mine = [p for p in waiting if may(who, Action.INVITE, about=p, span=span)]
            return _unlinked(mine, who.language)
        whom = service.find_person(db, app.workspace, msg.text)
        if whom is None or not may(who, Action.INVITE, about=whom, span=span):
            raise BotError(_("I know no such person of yours. /invite alone lists who is not linked yet."))
        code = accounts.invite(db, whom, platform.platform, app.now())
    link = platform.invitation(code)
    return Reply(render("team/invitation.message.md", who.language, whom=whom.name, link=link), private=True)


def _unlinked(waiting: list[Person], language: str) -> Reply:
    _ = words(language)
    if not waiting:
        return Reply(_("Everybody is linked."), private=True)
    buttons = tuple(Button(p.name[:60], f"/invite {p.key}") for p in waiting[:MOST])
    text = _.n(
        "{n} person is not linked yet. Whom shall I invite?",
        "{n} people are not linked yet. Whom shall I invite?",
        len(waiting),
    )
    return Reply(text, buttons, private=True)


def here(app: App, who: Person, msg: Message) -> Reply:
    """Show your team's board in this channel (managers): /here, /here off"""
    _ = words(who.language)
    if not msg.place.only:
        raise BotError(_("Say /here in the channel or group where the team's board shall stand."))
    with app.db.begin() as db:
        if msg.text.casefold() == "off":
            return _hide(app, db, who, msg.place)
        team = _team(db, app, who, msg.text)
        if team is None or not may(who, Action.SET_TEAM, team.id, span=service.span(db, who)):
            raise BotError(_("Only the team's manager can choose where its board stands."))
        topic = msg.place.thread if msg.place.thread.isdecimal() else ""  # a thread of messages is no place for a board
        accounts.show_team(db, app.workspace, team.id, Place(msg.place.platform, msg.place.chat, topic))
    return Reply(_("Done. The board of {team} stands here from the next standup on.", team=team.name))


def _team(db: Connection, app: App, who: Person, named: str) -> Team | None:
    if not named:
        return service.team(db, app.workspace, who.team_id)
    named = named.casefold()
    return next((t for t in service.teams(db, app.workspace) if t.name.casefold() == named), None)


def _hide(app: App, db: Connection, who: Person, place: Place) -> Reply:
    _ = words(who.language)
    team_id = accounts.team_chats(db, app.workspace, place.platform).get(place.chat)
    if team_id is None:
        raise BotError(_("No team's board stands here."))
    if not may(who, Action.SET_TEAM, team_id, span=service.span(db, who)):
        raise BotError(_("Only the team's manager can choose where its board stands."))
    accounts.hide_team(db, app.workspace, place.platform, place.chat)
    return Reply(_("Done. Nothing of the team is shown here any more."))
