"""The platform is down, the database is locked or full, the clock is set back: said, nothing lost, no help needed."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.app import App
from bot.db import Database
from bot.inbox.ear import Inbox
from bot.message import Message, Place, Reply
from bot.outbox.model import Say
from bot.serve import Bot
from bot.team import service
from handlers import FREE, MENU
from handlers.route import route
from tests.conftest import Office
from tests.fakes import Clock
from tests.platforms.slack import APP_TOKEN, BOT_TOKEN, Slack
from tests.storms.running import Running, until

ROSTER = "person,name,email,team,role,timezone\nann,Ann Lee,ann@example.com,East,rep,Europe/Berlin\n"


@contextmanager
def served(home: Path) -> Iterator[tuple[Slack, Running]]:
    """A Slack with Ann in it, and the bot serving it."""
    with Slack(limits=None, ack_within=1, again_after=(0.2, 0.5, 1, 1, 1, 1, 1, 1)) as slack:
        slack.add_user("U1", "ann", "ann@example.com")
        env = {
            "PACELINE_SLACK_BOT_TOKEN": BOT_TOKEN,
            "PACELINE_SLACK_APP_TOKEN": APP_TOKEN,
            "PACELINE_SLACK_API_URL": slack.url,
            "PACELINE_SLACK_PER_MINUTE": "100000",
        }
        running = Running(home, env)
        with running.db.begin() as db:
            assert not service.import_roster(db, 1, ROSTER.encode(), running.app.now()).faults
        running.start()
        until(lambda: bool(slack.sockets.open), 15)
        try:
            yield slack, running
        finally:
            running.stop()


def test_a_platform_that_was_down_gets_everything_once(tmp_path: Path) -> None:
    with served(tmp_path) as (slack, running):
        slack.down = True
        says = [Say(Place("slack", "U1"), Reply(f"no {n}"), f"standup-prompt:{n}:0") for n in range(5)]
        with running.db.begin() as db:
            running.app.say_all(db, says)
        until(lambda: running.health()[0] == 503, 20)
        slack.down = False
        until(lambda: running.states() == {"sent": 5}, 60)
        assert [m.text for m in slack.said("U1")] == [f"no {n}" for n in range(5)]
        until(lambda: running.health()[0] == 200, 40)


def test_a_locked_database_loses_nothing_that_was_said(tmp_path: Path) -> None:
    with served(tmp_path) as (slack, running):
        with closing(sqlite3.connect(tmp_path / "paceline.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            said = slack.say("U1", "dm", "/help")
            until(lambda: running.health()[0] == 503, 10)
            assert "locked" in running.health()[1]["failing"]["database"]
            assert not said.acked
            other.execute("ROLLBACK")
        until(lambda: len(slack.said("U1")) == 1, 40)
        assert running.health()[0] == 200


def test_a_full_disk_is_no_acknowledgement_and_no_loss(east: Office, tmp_path: Path) -> None:
    full = Database(east.app.db.url)
    pages = 1

    @event.listens_for(full.engine, "begin")
    def limit(connection: object) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")  # type: ignore[attr-defined]

    app = App(east.app.settings, full, east.app.now)

    async def hear() -> bool:
        inbox = Inbox(full, 1, partial(route, app, MENU, FREE), app.now)
        long = Message("m1", east.person("anna").id, Place("web", "bot-2"), "x" * 500_000, app.now())
        try:
            return await inbox.hear(long)
        finally:
            inbox.close()

    with pytest.raises(Exception, match="full"):
        asyncio.run(hear())
    assert "full" in full.probe()
    pages = 1_000_000
    assert asyncio.run(hear()) is True
    assert full.probe() == ""
    full.close()


def test_the_clock_set_back_starts_the_jobs_anew(app: App, clock: Clock) -> None:
    clock.now = datetime(2026, 6, 11, 9, 0, tzinfo=UTC)
    started = stopped = 0

    def start() -> "partial[None]":
        nonlocal started
        started += 1
        return partial(stop)

    def stop() -> None:
        nonlocal stopped
        stopped += 1

    async def live() -> None:
        bot = Bot(app, lambda message: None, lambda who: [], start)
        keeping = asyncio.create_task(bot.keep_time(every=0.01))
        await asyncio.sleep(0.05)
        assert (started, stopped) == (1, 0)
        clock.forward(hours=-1)
        await asyncio.sleep(0.1)
        assert (started, stopped) == (2, 1)
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        bot.inbox.close()

    asyncio.run(live())
    assert (started, stopped) == (2, 2)
