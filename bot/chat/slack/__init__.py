"""Slack, as an internal app of one workspace: over Socket Mode, or signed HTTP events.

`adapter` is the platform as the outbox sees it; `dialect` and `buttons` turn a `Reply` into blocks, `forms` a `Form`
into a modal. `listen` takes what Slack tells, `reading` makes a `Message` of it, `opening` puts forms on screens.
`people` holds Slack's directory and the roster together, `checks` is what `paceline doctor` asks.
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.chat import Platform
    from bot.db import Database
    from bot.settings import SlackSettings


def connect(
    settings: "SlackSettings", db: "Database", workspace: int, folder: Path, now: Callable[[], datetime]
) -> "Platform":
    """The Slack workspace of these tokens. Nothing is asked of Slack before `start` or `check`."""
    from bot.chat.slack.adapter import Slack  # aiohttp and slack-bolt load now, not for those who have no Slack

    return Slack(settings, db, workspace, folder, now)
