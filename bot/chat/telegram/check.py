"""What `paceline doctor` wants to know: whether all is set up, and the mend of what is not."""

from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime

import httpx
from telegram import Bot, ChatMember, WebhookInfo
from telegram.error import InvalidToken, TelegramError

from bot.chat import Check
from bot.chat.telegram import listening, trouble
from bot.chat.telegram.desk import PLATFORM, TIMEOUT, Desk, close, make_bot, trust
from bot.team import accounts

SKEW = 30  # seconds that our clock may be off
PENDING = 20  # updates that may wait
NAMED = 10  # people who are listed


async def check(desk: Desk) -> list[Check]:
    """Ask Telegram and our own tables. It does not poll: that would throw out the bot that runs."""
    bot = make_bot(desk.settings)
    try:
        me = await bot.get_me()
        found = [Check("ok", f"Telegram knows the bot as @{me.username}.")]
        found += _hook(desk, await bot.get_webhook_info())
        if not me.can_read_all_group_messages:
            found.append(Check("ok", "In groups I read commands, mentions and answers to me, and nothing else."))
        found += await _groups(desk, bot)
    except InvalidToken:
        return [Check("fault", "Telegram does not accept the bot token.", trouble.TOKEN.partition(". ")[2])]
    except TelegramError as fault:
        why = str(trouble.chat_error(fault, personal=False))
        return [Check("fault", why, "See whether this machine reaches PACELINE_TELEGRAM_API_URL, perhaps by a proxy.")]
    finally:
        await close(bot)
    return [*found, *_people(desk), *await _clock(desk)]


def _hook(desk: Desk, info: WebhookInfo) -> Iterator[Check]:
    ours = desk.base_url + listening.PATH
    if not desk.settings.webhook_secret:
        if info.url:
            mend = "Start Paceline, which takes it away, and stop what set it; or set PACELINE_TELEGRAM_WEBHOOK_SECRET."
            yield Check("warning", "A webhook is set for this bot, but Paceline polls.", mend)
    elif info.url != ours:
        mend = "Start Paceline, which sets it. When it runs already, another program uses the same token: stop that."
        yield Check("warning", "The webhook does not lead to PACELINE_URL.", mend)
    elif info.last_error_message and info.pending_update_count:
        why = f"Telegram could not call the webhook: {info.last_error_message[:200]}"
        yield Check(
            "fault", why, "See that PACELINE_URL is reached from the internet by https, with a valid certificate."
        )
    if info.pending_update_count > PENDING:
        why = f"{info.pending_update_count} updates wait to be fetched."
        yield Check("warning", why, "Start Paceline. When it runs, see its log for what keeps it from storing them.")
    else:
        yield Check("ok", f"{info.pending_update_count} updates wait to be fetched.")


async def _groups(desk: Desk, bot: Bot) -> list[Check]:
    """Whether the boards of teams can be written where they stand."""
    with desk.db.read() as db:
        chats = [chat for chat in accounts.team_chats(db, desk.workspace, PLATFORM) if chat.startswith("-")]
    found = []
    for chat in chats:
        mend = "Add the bot to the group again, or send /here in another."
        try:
            member = await bot.get_chat_member(chat, desk.bot_id)
        except TelegramError as fault:
            if trouble.down(fault):
                raise
            member = None
        if member is None or member.status in (ChatMember.LEFT, ChatMember.BANNED):
            found.append(Check("warning", f"I am not in the group {chat} that shows a team's board.", mend))
        elif getattr(member, "can_send_messages", True) is False:
            why = f"I may not write in the group {chat} that shows a team's board."
            found.append(Check("warning", why, "Let the bot send messages there, in the group's permissions."))
    if chats and not found:
        found.append(Check("ok", f"{len(chats)} groups show a team's board."))
    return found


def _people(desk: Desk) -> list[Check]:
    with desk.db.read() as db:
        left = sorted(who.key for who in accounts.unlinked(db, desk.workspace, PLATFORM))
    if not left:
        return [Check("ok", "Everybody on the roster is linked to Telegram.")]
    names = ", ".join(left[:NAMED]) + (" …" if len(left) > NAMED else "")
    mend = f"A manager sends /invite {left[0]} and hands on the link."
    return [Check("warning", f"{len(left)} on the roster are not linked to Telegram: {names}.", mend)]


async def _clock(desk: Desk) -> list[Check]:
    """Our clock against Telegram's."""
    try:
        async with httpx.AsyncClient(timeout=TIMEOUT, verify=trust()) as client:
            answer = await client.get(f"{desk.settings.api_url}/bot{desk.settings.bot_token}/getMe")
        theirs: datetime = parsedate_to_datetime(answer.headers["Date"])
    except (httpx.HTTPError, KeyError, ValueError, TypeError):
        return []
    off = abs((desk.now() - theirs).total_seconds())
    if off > SKEW:
        why = f"This machine's clock is {off:.0f} seconds off."
        return [Check("warning", why, "Let it set its clock by the network (NTP).")]
    return [Check("ok", "The clock is right.")]
