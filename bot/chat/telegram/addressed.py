"""What of a message is meant for us, and in which words. Pure."""

import re

_COMMAND = re.compile(r"/([^\s@/]+)(?:@(\w+))?(?=\s|$)")
ASKS = frozenset({"/ask", "/话术"})  # alone, below somebody's message, they ask about that
OURS = "@paceline"  # how the handlers know that words in a group are meant for the bot


def words_for(text: str, username: str, *, shared: bool, answers_us: bool) -> str | None:
    """The words without the bot's name in Telegram; None when they are not meant for it.

    In a shared chat commands, mentions and answers to our messages are, and nothing else.
    """
    text = text.strip()
    command = _COMMAND.match(text)
    if command and command[2]:
        if command[2].casefold() != username.casefold():
            return None if shared else text
        return f"/{command[1]}{text[command.end() :]}"
    if command:
        return text
    plain, mentions = re.subn(rf"(?<!\w)@{re.escape(username)}(?!\w)[,:：，]?\s*", "", text, flags=re.IGNORECASE)
    plain = plain.strip()
    if mentions and username:
        return f"{OURS} {plain}".strip() if shared and not plain.startswith("/") else plain
    return text if not shared or answers_us else None
