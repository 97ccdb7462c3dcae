"""Telegram: messages that are edited in place, forms as one card, groups that show one board.

`adapter` is the platform as the outbox sees it, `listening` how updates come in, `hearing` what becomes of them,
`cards` a form asked question by question in the private chat. `desk` is what they share.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from bot.chat import Platform
from bot.db import Database
from bot.settings import TelegramSettings


def connect(
    settings: TelegramSettings,
    base_url: str,
    db: Database,
    workspace: int,
    folder: Path,
    now: Callable[[], datetime],
    commands: Sequence[tuple[str, Mapping[str, str]]] = (),
) -> Platform:
    """The bot behind a token. `base_url`: where Telegram reaches us for a webhook, and where links lead.

    `folder` keeps what people send. `commands`: what the menu in people's chats offers, each without its slash, and
    what it does by language.
    """
    from bot.chat.telegram.adapter import TelegramChat  # the library is heavy, and rarely needed
    from bot.chat.telegram.desk import Desk

    return TelegramChat(Desk(settings, base_url.rstrip("/"), db, workspace, folder, now, tuple(commands)))
