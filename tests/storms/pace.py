"""Drains an outbox under each platform's real limits, and looks whether any was broken and how long it took.

`python -m tests.storms.pace` does it at a larger size.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.app import App
from bot.chat import Platform, slack, telegram
from bot.cli import tables  # noqa: F401 - declares every table
from bot.message import Place, Reply
from bot.outbox.model import Say
from bot.outbox.pump import Pump
from bot.settings import read_settings
from tests.databases import migrated
from tests.platforms.slack import BOT_TOKEN, SIGNING_SECRET, Slack
from tests.platforms.telegram import TOKEN, Telegram


@dataclass(frozen=True, slots=True)
class Pace:
    """`took` beside what the limits themselves `need`, in seconds; `refused`: requests that were; `broken`: limits."""

    took: float
    need: float
    refused: int
    broken: tuple[str, ...]


def on_slack(people: int, in_channel: int) -> Pace:
    """One message each to `people`, and so many to one channel: 300 a minute in all, one a second to the channel."""
    with Slack(latency=0.02, request_url="http://127.0.0.1:9/", signing_secret=SIGNING_SECRET) as there:
        crowd = [there.add_user(f"U{n}", f"p{n}", f"p{n}@example.com") for n in range(1, people + 1)]
        there.add_channel("C1", "sales", crowd[:3])
        env = {
            "PACELINE_SLACK_BOT_TOKEN": BOT_TOKEN,
            "PACELINE_SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "PACELINE_SLACK_API_URL": there.url,
        }
        places = [Place("slack", f"U{n}") for n in range(1, people + 1)] + [Place("slack", "C1")] * in_channel
        took = drained(env, places)
        report = there.report()
        broken = [f"{channel}: {count} in a second" for channel, count in report.hasty.items()]
        broken += [f"all: {report.minute} in a minute"] if report.minute > 300 else []
        broken += [f"{len(report.early)} before a pause was over"] if report.early else []
        need = max((people + in_channel - 1) * 60 / 300, in_channel - 1)
        return Pace(took, need, len(there.refusals), tuple(broken))


def on_telegram(people: int, in_group: int) -> Pace:
    """One message each to `people`, and so many to one group: 30 a second in all, 1 a second and 20 a minute there."""
    with Telegram(latency=0.02) as there:
        crowd = [there.add_user(n, f"p{n}") for n in range(1, people + 1)]
        for one in crowd:
            there.start(one)
        there.add_supergroup(-100200, "Sales", crowd[:3])
        env = {"PACELINE_TELEGRAM_BOT_TOKEN": TOKEN, "PACELINE_TELEGRAM_API_URL": there.url}
        places = [Place("telegram", str(n)) for n in range(1, people + 1)]
        took = drained(env, places + [Place("telegram", "-100200")] * in_group)
        report = there.report()
        broken = [f"all: {report.overall} in a second"] if report.overall > 30 else []
        broken += [f"{chat}: {count} in a second" for chat, count in report.chats.items() if count > 1]
        broken += [f"{chat}: {count} in a minute" for chat, count in report.groups.items() if count > 20]
        broken += [f"{len(report.early)} before a pause was over"] if report.early else []
        minutes, rest = divmod(max(in_group - 1, 0), 20)
        need = max((people + in_group - 1) / 30, minutes * 60 + rest)
        return Pace(took, need, len(there.refusals), tuple(broken))


def drained(env: dict[str, str], places: Sequence[Place]) -> float:
    """Seconds until everything was sent."""
    with tempfile.TemporaryDirectory(prefix="paceline-pace-") as home:
        settings = read_settings(env | {"PACELINE_HOME": home})
        db = migrated(settings.db_url)
        app = App(settings, db, lambda: datetime.now(UTC))
        with db.begin() as connection:
            app.say_all(connection, [Say(place, Reply(f"no {n}"), f"k:{n}") for n, place in enumerate(places)])
        chat: Platform = (
            slack.connect(settings.slack, db, 1, Path(home), app.now)
            if settings.slack
            else telegram.connect(settings.telegram, "", db, 1, Path(home), app.now)  # type: ignore[arg-type]
        )

        async def drain() -> float:
            began = time.monotonic()
            await Pump(db, {chat.platform: chat}, app.now).drain()
            took = time.monotonic() - began
            await chat.stop()
            return took

        took = asyncio.run(drain())
        with db.read() as connection:
            (left,) = connection.exec_driver_sql("SELECT count(*) FROM outbox WHERE state <> 'sent'").one()
        assert left == 0, f"{left} messages are left"
        db.close()
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--shared", type=int, default=41, help="messages to the channel or group")
    asked = parser.parse_args()
    for name, run in (("slack", on_slack), ("telegram", on_telegram)):
        found = run(asked.people, asked.shared)
        print(  # noqa: T201 - a program to be run by hand
            f"{name}: {found.took:.1f} s, {found.took / found.need:.2f}x what the limits need; "
            f"{found.refused} refused; broken: {', '.join(found.broken) or 'none'}"
        )


if __name__ == "__main__":
    main()
