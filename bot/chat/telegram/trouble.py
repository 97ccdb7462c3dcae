"""Telegram's refusals as `ChatError`: what the pump must know, in a plain sentence with the mend."""

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.chat.telegram.desk import seconds
from bot.errors import ChatError

TOKEN = "Telegram does not accept the bot token. Give PACELINE_TELEGRAM_BOT_TOKEN the one that @BotFather shows."

# These never reached Telegram; of all others nobody knows.
_UNSENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)

# What a refusal says -> what to do about it. Telegram's words, in lower case.
_MENDS = (
    ("bot was kicked", "I was removed from the group. Add me to it again, or choose another with /here."),
    ("not a member", "I am no member of the group. Add me to it again, or choose another with /here."),
    ("group chat was deactivated", "The group is gone. Choose another with /here."),
    ("chat not found", "Telegram knows no such chat, or I may not write there. Send /start to the bot there."),
    ("message thread not found", "The topic is gone. Choose where the board stands with /here."),
    ("topic_closed", "The topic is closed. Open it again, or choose another place with /here."),
    ("topic_deleted", "The topic is gone. Choose where the board stands with /here."),
    ("not enough rights", "I may not write in the group. Let its members, or me, send messages."),
    ("have no rights", "I may not write in the group. Let its members, or me, send messages."),
    ("chat_write_forbidden", "I may not write in the group. Let its members, or me, send messages."),
    ("need administrator rights", "I may not write in the channel. Make me an administrator of it."),
    ("message to edit not found", "The message was deleted in Telegram."),
    ("message can't be edited", "Telegram does not let this message be changed any more."),
)


def not_modified(fault: TelegramError) -> bool:
    """Whether the message says already what it was to be changed to."""
    return "message is not modified" in fault.message.lower()


def unreadable(fault: TelegramError) -> bool:
    """Whether Telegram stumbled over our HTML."""
    return "can't parse entities" in fault.message.lower()


def too_large(fault: TelegramError) -> bool:
    return "entity too large" in fault.message.lower()


def down(fault: TelegramError) -> bool:
    """Whether it is the network or Telegram itself that failed, not what we asked for."""
    return isinstance(fault, NetworkError) and not isinstance(fault, BadRequest)


def chat_error(fault: TelegramError, *, personal: bool) -> ChatError:
    """The refusal of a message. `personal`: it was for somebody's own chat, so its being closed means them."""
    if isinstance(fault, RetryAfter):
        return ChatError("Telegram asks us to wait.", retry_after=seconds(fault))
    if isinstance(fault, ChatMigrated):
        return ChatError("The group goes on under another id.", moved_to=str(fault.new_chat_id))
    if isinstance(fault, InvalidToken):
        return ChatError(TOKEN, locked_out=True)
    if isinstance(fault, Forbidden):
        return ChatError(_sentence(fault), permanent=True, gone=personal)
    if isinstance(fault, BadRequest) or too_large(fault):
        return ChatError(_sentence(fault), permanent=True)
    return ChatError(_broken(fault), unsure=not isinstance(fault.__cause__, _UNSENT))


def _sentence(fault: TelegramError) -> str:
    said = fault.message.lower()
    for words, mend in _MENDS:
        if words in said:
            return mend
    if "blocked by the user" in said:
        return "They blocked the bot in Telegram. They press Start there to be asked again."
    if "deactivated" in said:
        return "Their Telegram account does not exist any more. Invite them anew with /invite."
    if "can't initiate" in said:
        return "They have not pressed Start in Telegram yet. Send them a link with /invite."
    return f"Telegram refused it: {fault.message[:200]}"


def _broken(fault: TelegramError) -> str:
    if isinstance(fault, TimedOut):
        return "Telegram did not answer in time."
    if isinstance(fault.__cause__, httpx.HTTPError):
        return "Telegram cannot be reached."
    return f"Telegram is out of order: {fault.message[:60]}"  # the rest may be a page of HTML
