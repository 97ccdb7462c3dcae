"""The library that listens to Slack is kept quiet, and nothing of ours with it."""

import logging
from pathlib import Path

from bot.chat import slack
from bot.db import Database
from bot.settings import SlackSettings
from tests.fakes import Clock


def test_our_own_log_goes_on(db: Database, tmp_path: Path, clock: Clock) -> None:
    settings = SlackSettings("xoxb-1", "", "secret", "http://127.0.0.1:1/api/", 300)
    slack.connect(settings, db, 1, tmp_path, clock)
    assert logging.getLogger("paceline.outbox").isEnabledFor(logging.WARNING)
