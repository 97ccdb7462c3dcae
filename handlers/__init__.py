"""Answers to people. `MENU` is all that the bot answers to a command, `FREE` what it tries with words that are none."""

from collections.abc import Mapping

from handlers import (
    ask,
    blockers,
    cards,
    chats,
    digest,
    help,
    home,
    kpi,
    leave,
    library,
    me,
    outbox,
    standup,
    talktrack,
    team,
    todos,
)
from handlers.route import Handler

MENU: Mapping[str, Handler] = {
    "/standup": standup.standup,
    "/blockers": blockers.blockers,
    "/blocker": blockers.blocker,
    "/ask": ask.ask,
    "/talktrack": talktrack.talktrack,
    "/library": library.library,
    "/card": cards.card,
    "/todo": todos.todo,
    "/digest": digest.digest,
    "/leave": leave.leave,
    "/history": team.history,
    "/why": team.why,
    "/numbers": kpi.numbers,
    "/team": team.team,
    "/questions": team.questions,
    "/holidays": team.holidays,
    "/me": me.me,
    "/hours": me.hours,
    "/login": team.login,
    "/start": chats.start,
    "/invite": chats.invite,
    "/here": chats.here,
    "/home": home.home,
    "/outbox": outbox.outbox,
    "/help": help.help,
    "/站会": standup.standup,
    "/卡点": blockers.blockers,
    "/待办": todos.todo,
    "/休假": leave.leave,
    "/话术": ask.ask,
    "/数字": kpi.numbers,
    "/简报": digest.digest,
    "/帮助": help.help,
}

FREE: tuple[Handler, ...] = (leave.said, standup.said, ask.said)
