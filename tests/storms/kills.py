"""Kills the bot at random moments while it sends, and counts what was lost and what was said twice.

`python -m tests.storms.kills slack --messages 10000 --kills 20` does it at full size.
"""

import argparse
import random
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.message import Place, Reply
from bot.outbox.model import Say
from tests.platforms.slack import BOT_TOKEN, SIGNING_SECRET, Slack
from tests.platforms.telegram import TOKEN, Telegram
from tests.storms.running import Running, until

ENDLESS = str(10**8)


@dataclass(frozen=True, slots=True)
class Toll:
    """`doubled`: messages that stand there more than once. `listed`: those that an admin is told may do."""

    lost: int
    doubled: frozenset[str]
    listed: frozenset[str]
    kills: int


def on_slack(home: Path, messages: int, kills: int, seed: int) -> Toll:
    with Slack(limits=None, latency=0.005, request_url="http://127.0.0.1:9/", signing_secret=SIGNING_SECRET) as slack:
        for n in range(1, messages + 1):
            slack.add_user(f"U{n}", f"p{n}", f"p{n}@example.com")
        env = {
            "PACELINE_SLACK_BOT_TOKEN": BOT_TOKEN,
            "PACELINE_SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "PACELINE_SLACK_API_URL": slack.url,
            "PACELINE_SLACK_PER_MINUTE": ENDLESS,
        }
        says = [Say(Place("slack", f"U{n}"), Reply(f"no {n}"), f"standup-prompt:{n}:0") for n in range(1, messages + 1)]
        running = storm(home, env, says, kills, seed)
        there = Counter(m.metadata["event_payload"]["key"] for m in slack.messages if m.metadata)
        return toll(running, there, says, kills)


def on_telegram(home: Path, messages: int, kills: int, seed: int) -> Toll:
    with Telegram(limits=None, latency=0.005) as telegram:
        for n in range(1, messages + 1):
            telegram.start(telegram.add_user(n, f"p{n}"))
        env = {
            "PACELINE_TELEGRAM_BOT_TOKEN": TOKEN,
            "PACELINE_TELEGRAM_API_URL": telegram.url,
            "PACELINE_TELEGRAM_PER_SECOND": ENDLESS,
        }
        says = [
            Say(Place("telegram", str(n)), Reply(f"no {n}"), f"standup-prompt:{n}:0") for n in range(1, messages + 1)
        ]
        running = storm(home, env, says, kills, seed)
        keys = {say.reply.text: say.key for say in says}
        there = Counter(keys[m.text] for m in telegram.messages if m.text in keys)
        return toll(running, there, says, kills)


def storm(home: Path, env: Mapping[str, str], says: list[Say], kills: int, seed: int) -> Running:
    """Let the bot send everything, killing it so many times on the way."""
    chance = random.Random(seed)
    running = Running(home, env)
    with running.db.begin() as db:
        running.app.say_all(db, says)
    for n in range(kills):
        running.start()
        before = running.states().get("sent", 0)
        share = (len(says) - before) / (kills - n + 1)
        end, wanted = time.monotonic() + 60, before + share * chance.uniform(0.2, 1.0)
        while running.states().get("sent", 0) < wanted and time.monotonic() < end:
            time.sleep(chance.uniform(0, 0.02))
        running.kill()
    running.start()
    until(lambda: not {"ready", "sending"} & running.states().keys(), 300)
    running.stop()
    return running


def toll(running: Running, there: Counter[str], says: list[Say], kills: int) -> Toll:
    with running.db.read() as db:
        listed = db.exec_driver_sql("SELECT key FROM outbox WHERE doubts > 0 OR state = 'unknown'").all()
    doubled = frozenset(key for key, count in there.items() if count > 1)
    return Toll(sum(say.key not in there for say in says), doubled, frozenset(row[0] for row in listed), kills)


ON = {"slack": on_slack, "telegram": on_telegram}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("platform", choices=ON)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="paceline-kills-") as home:
        found = ON[asked.platform](Path(home), asked.messages, asked.kills, asked.seed)
    unlisted = len(found.doubled - found.listed)
    print(  # noqa: T201 - a program to be run by hand
        f"{asked.messages} messages on {asked.platform}, {found.kills} kills: {found.lost} lost, "
        f"{len(found.doubled)} doubled, {unlisted} of them unlisted"
    )


if __name__ == "__main__":
    main()
