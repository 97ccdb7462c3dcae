"""Sixty-four connections that deliver the same signed events again and again: how long until each is acknowledged.

`python -m tests.storms.retries` does it at full size.
"""

import argparse
import asyncio
import hashlib
import hmac
import json
import random
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bot.team import accounts, service
from tests.platforms.slack import BOT_TOKEN, SIGNING_SECRET, Slack
from tests.storms.running import Running, until

ROSTER = "person,name,email,team,role,timezone\n"


@dataclass(frozen=True, slots=True)
class Storm:
    """`waits`: seconds to each acknowledgement, shortest first. `stored`, `answered`, `said`: rows in the end."""

    waits: list[float]
    refused: int
    stored: int
    answered: int
    said: int

    def share(self, share: float) -> float:
        return self.waits[min(int(len(self.waits) * share), len(self.waits) - 1)]


def storm(home: Path, events: int, connections: int, times: int = 3) -> Storm:
    """Every event `times` times, in any order, over so many connections at once."""
    with Slack(limits=None, request_url="http://127.0.0.1:9/", signing_secret=SIGNING_SECRET) as slack:
        lines = [f"p{n},Person {n},p{n}@example.com,East,rep,Europe/Berlin" for n in range(1, 51)]
        for n in range(1, 51):
            slack.add_user(f"U{n}", f"p{n}", f"p{n}@example.com")
        running = Running(
            home,
            {
                "PACELINE_SLACK_BOT_TOKEN": BOT_TOKEN,
                "PACELINE_SLACK_SIGNING_SECRET": SIGNING_SECRET,
                "PACELINE_SLACK_API_URL": slack.url,
                "PACELINE_SLACK_PER_MINUTE": "1000000",
            },
        )
        with running.db.begin() as db:
            assert not service.import_roster(db, 1, (ROSTER + "\n".join(lines)).encode(), running.app.now()).faults
            for who in service.people(db, 1):
                accounts.link(db, 1, who.id, "slack", f"U{who.key[1:]}", f"U{who.key[1:]}")
        running.start()
        waits, refused = asyncio.run(deliver(running.port, events, connections, times))
        until(lambda: count(running, "SELECT count(*) FROM inbox WHERE answered IS NULL") == 0, 120)
        running.stop()
        return Storm(
            sorted(waits),
            refused,
            count(running, "SELECT count(*) FROM inbox"),
            count(running, "SELECT count(answered) FROM inbox"),
            count(running, "SELECT count(*) FROM outbox WHERE key LIKE 'reply:slack:%'"),
        )


def count(running: Running, sql: str) -> int:
    with running.db.read() as db:
        return int(db.exec_driver_sql(sql).scalar_one())


async def deliver(port: int, events: int, connections: int, times: int) -> tuple[list[float], int]:
    turns = [n for n in range(events) for _ in range(times)]
    random.Random(1).shuffle(turns)
    waits: list[float] = []
    refused = 0

    async def connection(session: aiohttp.ClientSession) -> None:
        nonlocal refused
        while turns:
            body, headers = event(turns.pop())
            began = time.perf_counter()
            async with session.post(f"http://127.0.0.1:{port}/slack/events", data=body, headers=headers) as answer:
                waits.append(time.perf_counter() - began)
                refused += answer.status != 200

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=connections)) as session:
        await asyncio.gather(*(connection(session) for _ in range(connections)))
    return waits, refused


def event(n: int) -> tuple[bytes, dict[str, str]]:
    user, ts = f"U{n % 50 + 1}", f"{1718000000 + n}.000100"
    said = {"type": "message", "channel_type": "im", "channel": f"D{user}", "user": user, "text": "/help", "ts": ts}
    body = {"token": "t", "team_id": "T1", "api_app_id": "A1", "type": "event_callback", "event_id": f"Ev{n}"}
    body |= {"event": said | {"event_ts": ts}, "event_time": 1718000000 + n}  # type: ignore[dict-item]
    raw, at = json.dumps(body).encode(), str(int(time.time()))
    signature = hmac.new(SIGNING_SECRET.encode(), b"v0:" + at.encode() + b":" + raw, hashlib.sha256).hexdigest()
    headers = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": f"v0={signature}"}
    return raw, headers | {"Content-Type": "application/json"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1000)
    parser.add_argument("--connections", type=int, default=64)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="paceline-retries-") as home:
        found = storm(Path(home), asked.events, asked.connections)
    print(  # noqa: T201 - a program to be run by hand
        f"{len(found.waits)} deliveries of {asked.events} events over {asked.connections} connections: "
        f"acknowledged after {found.share(0.5):.3f} s (median), {found.share(0.99):.3f} s (p99); "
        f"{found.refused} refused, {found.stored} stored, {found.said} answered"
    )


if __name__ == "__main__":
    main()
