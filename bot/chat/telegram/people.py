"""Who somebody is, and where the bot is welcome: links, blocks, groups."""

import logging

from telegram import ChatMember, ChatMemberUpdated, User

from bot.chat.telegram.desk import PLATFORM, Desk, language_of
from bot.team import accounts
from bot.team import store as teams
from prompts import words

log = logging.getLogger("paceline.telegram")

_AWAY = (ChatMember.LEFT, ChatMember.BANNED)


def redeem(desk: Desk, code: str, user: int, chat: int) -> bool:
    """Link an account by the code of an invitation; whether it worked."""
    with desk.db.begin() as db:
        found = accounts.redeem(db, desk.workspace, PLATFORM, code, str(user), str(chat), desk.now())
    log.info("an account was linked" if found else "a code was refused")
    return found is not None


def has_moved(desk: Desk, old: str, new: str) -> bool:
    """Whether the board of a group is known to stand in the one that it became."""
    with desk.db.read() as db:
        chats = accounts.team_chats(db, desk.workspace, PLATFORM)
    return new in chats and old not in chats


def language_in(desk: Desk, chat: str) -> str:
    """What is spoken in a group: the language of the team whose board stands there."""
    with desk.db.read() as db:
        team_id = accounts.team_chats(db, desk.workspace, PLATFORM).get(chat)
        team = teams.team_by_id(db, desk.workspace, team_id) if team_id else None
    return team.language if team else "en"


def stranger(user: User, *, code: bool) -> str:
    """What somebody is told whom we do not know. It says nothing about anybody else."""
    _ = words(language_of(None, user))
    if code:
        return _("This code does not work: it was used, or is older than three days. Ask your manager for a new one.")
    return _("To talk to me, link your account first: ask your manager for a link. They get it from me with /invite.")


def standing(desk: Desk, update: ChatMemberUpdated) -> str:
    """What it means that the bot may or may not write somewhere from now on; what to say there, "" for nothing."""
    now_away = update.new_chat_member.status in _AWAY
    chat = str(update.chat.id)
    if update.chat.type == "private":
        _reach(desk, str(update.from_user.id), gone=now_away)
        return ""
    if now_away:
        with desk.db.read() as db:
            if chat in accounts.team_chats(db, desk.workspace, PLATFORM):
                desk.trouble[f"group {chat}"] = removed(chat)
        return ""
    desk.trouble.pop(f"group {chat}", None)
    if update.old_chat_member.status not in _AWAY:
        return ""
    _ = words(language_of(desk.person(update.from_user.id), update.from_user))
    return _("Hello. To show a team's standup board here, its manager sends /here.")


def removed(chat: str) -> str:
    return f"I was removed from the group {chat} that shows a team's board. Add me again, or send /here elsewhere."


def _reach(desk: Desk, user: str, *, gone: bool) -> None:
    """Somebody blocked the bot, or let it in again. Who is asked elsewhere stays reachable there."""
    who = desk.person(user)
    if who is None:
        return
    with desk.db.begin() as db:
        if not gone:
            accounts.reached(db, desk.workspace, who.id)
        elif accounts.platforms_of(db, who).get(PLATFORM):
            accounts.lost(db, desk.workspace, who.id, "They blocked the bot in Telegram.", desk.now())
