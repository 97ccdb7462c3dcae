"""Drops many transcripts at once into the chat page of a running bot, and measures how long others wait meanwhile.

`python -m tests.storms.transcripts --calls 200 --turns 400 --kills 3` does it at full size.
"""

import argparse
import random
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import quantiles
from uuid import uuid4

import httpx

from bot.minutes.calls.model import State
from bot.team import service as team
from bot.web import store as web
from tests.storms.running import Running

REPS = 20
EVERY = 0.25  # seconds between two questions of whoever waits
LOOK = 0.02
PATIENCE = 600.0  # seconds that a call may take to be read when a hundred others are before it
SAID = (
    "we went through the numbers of {n} sites and most of them are fine with the plan",
    "the price is more than we had in mind for {n} seats, we would have to ask finance",
    "I will send you the quote for {n} seats by Friday",
    "can you send me the security questionnaire before our meeting on Tuesday",
    "sure, I will get that to you tomorrow morning",
    "then let us meet again next week and look at the pilot with {n} people",
    "our IT would need to sign that off, they had questions about where the data is",
    "that makes sense, other customers of {n} people asked the same and were happy with it",
)


@dataclass
class Toll:
    """`lost`: transcripts that never became a draft, or that became two. `waits`: seconds to an answer, each."""

    calls: int
    lost: int
    kills: int
    taken: float
    read: float
    waits: list[float] = field(default_factory=list)

    def share(self, percent: int) -> float:
        return quantiles(self.waits, n=100, method="inclusive")[percent - 1]


def call(n: int, turns: int, chance: random.Random) -> str:
    """A transcript in a tool's format, no two alike."""
    cues = []
    for i in range(turns):
        at = f"{i * 6 // 3600:02}:{i * 6 // 60 % 60:02}:{i * 6 % 60:02}.000"
        who = f"Rep {n % REPS}" if i % 2 else "Maria Rossi"
        cues.append(f"{at} --> {at[:-3]}900\n<v {who}>{chance.choice(SAID).format(n=chance.randrange(5, 900))}</v>\n")
    return "WEBVTT\n\n" + "\n".join(cues)


class Company:
    """A running bot with some reps, who are signed in."""

    def __init__(self, home: Path) -> None:
        self.running = Running(home, {})
        self.up = threading.Event()
        head = "person,name,team,role,timezone\n"
        roster = head + "".join(f"rep{n},Rep {n},East,rep,Europe/Berlin\n" for n in range(REPS + 1))
        with self.running.db.begin() as db:
            done = team.import_roster(db, 1, roster.encode(), self.running.app.now())
            assert not done.faults
        with self.running.db.read() as db:
            self.people = {p.key: p for p in team.people(db, 1)}

    def start(self) -> None:
        self.running.start()
        self.up.set()

    def kill(self) -> None:
        self.up.clear()
        self.running.kill()

    def client(self, key: str) -> httpx.Client:
        with self.running.db.begin() as db:
            link = web.new_link(db, self.people[key], self.running.app.now())
        base = f"http://127.0.0.1:{self.running.port}"
        client = httpx.Client(base_url=base, headers={"Origin": base}, timeout=60, follow_redirects=True)
        self.insist(lambda: client.post(link).raise_for_status())
        return client

    def insist(self, act: Callable[[], httpx.Response]) -> httpx.Response:
        """Do it until it is answered: the page does so too when it loses the bot."""
        end = time.monotonic() + PATIENCE
        while True:
            self.up.wait(60)
            try:
                return act()
            except (httpx.TransportError, httpx.HTTPStatusError):
                assert time.monotonic() < end
                time.sleep(0.2)

    def drop(self, client: httpx.Client, key: str, name: str, text: str) -> None:
        chat, act = f"bot-{self.people[key].id}", f"drop-{uuid4().hex}"
        files = {"file": (name, text.encode())}
        kept = self.insist(lambda: client.post("/chat/files", params={"chat": chat}, files=files).raise_for_status())
        said = {"id": act, "chat": chat, "text": "", "files": [kept.json()["id"]]}
        self.insist(lambda: client.post("/chat/say", json=said).raise_for_status())

    def ask(self, client: httpx.Client, key: str) -> float:
        """How long it takes from a question to its answer on the page, in seconds."""
        chat, began = f"bot-{self.people[key].id}", time.monotonic()
        said = {"id": f"ask-{uuid4().hex}", "chat": chat, "text": "/todo"}
        client.post("/chat/say", json=said).raise_for_status()
        mine = max(self._ids(client, chat, author=True))
        while not any(at > mine for at in self._ids(client, chat, author=False)):
            assert time.monotonic() < began + 60, "no answer came"
            time.sleep(LOOK)
        return time.monotonic() - began

    @staticmethod
    def _ids(client: httpx.Client, chat: str, *, author: bool) -> list[int]:
        found = client.get("/chat/history", params={"chat": chat}).raise_for_status().json()["messages"]
        return [m["id"] for m in found if (m["author"] is not None) == author]

    def states(self) -> dict[State, int]:
        with self.running.db.read() as db:
            rows = db.exec_driver_sql("SELECT state, count(*) FROM call GROUP BY state")
            counted = {row[0]: row[1] for row in rows}
        return {state: counted.get(state.value, 0) for state in State}

    def behind(self, steps: float) -> bool:
        """Whether so much is done: a step when a call is taken in, another when it is read."""
        states = self.states()
        return sum(states.values()) + states[State.DRAFT] >= steps


@contextmanager
def asking(company: Company, waits: list[float]) -> Iterator[None]:
    """Somebody who asks again and again, and notes how long each answer takes."""
    over, key = threading.Event(), f"rep{REPS}"
    client = company.client(key)

    def live() -> None:
        while not over.wait(EVERY):
            try:
                took = company.ask(client, key)
                waits.extend([took] if company.up.is_set() else [])
            except (httpx.HTTPError, ValueError):
                company.up.wait(60)

    thread = threading.Thread(target=live)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
        client.close()


def storm(home: Path, calls: int, turns: int, kills: int, seed: int = 1) -> Toll:
    """Drop all of them at once, eight hands at a time, kill the bot on the way, and wait until all are read."""
    chance, company, waits = random.Random(seed), Company(home), list[float]()
    company.start()
    clients = {f"rep{n}": company.client(f"rep{n}") for n in range(min(REPS, calls))}
    texts = [call(n, turns, chance) for n in range(calls)]
    began, kill_at = time.monotonic(), sorted(chance.uniform(0.05, 0.9) for _ in range(kills))

    def hand(mine: range) -> None:
        for n in mine:
            key = f"rep{n % REPS}"
            company.drop(clients[key], key, f"call {n}.vtt", texts[n])

    try:
        with asking(company, waits):
            hands = [threading.Thread(target=hand, args=(range(first, calls, 8),)) for first in range(8)]
            for one in hands:
                one.start()
            for share in kill_at:
                _wait(partial(company.behind, 2 * calls * share))
                company.kill()
                company.start()
            for one in hands:
                one.join()
            taken = time.monotonic() - began
            _wait(lambda: company.states()[State.DRAFT] >= calls)
        read = time.monotonic() - began
        found = company.states()
        lost = abs(calls - found[State.DRAFT]) + abs(calls - sum(found.values()))
        return Toll(calls, lost, kills, taken, read, waits)
    finally:
        for client in clients.values():
            client.close()
        company.running.stop()


def _wait(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true() and time.monotonic() < end:
        time.sleep(0.5)  # whoever asks meanwhile shares this process


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--turns", type=int, default=400)
    parser.add_argument("--kills", type=int, default=0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="paceline-transcripts-") as home:
        found = storm(Path(home), asked.calls, asked.turns, asked.kills)
    waited = f"median {found.share(50) * 1000:.0f} ms, p99 {found.share(99) * 1000:.0f} ms"
    print(  # noqa: T201 - a program to be run by hand
        f"{found.calls} calls of {asked.turns} turns, {found.kills} kills: {found.lost} lost; "
        f"taken in {found.taken:.0f} s, read in {found.read:.0f} s; "
        f"meanwhile {len(found.waits)} answers: {waited}, longest {max(found.waits) * 1000:.0f} ms"
    )


if __name__ == "__main__":
    main()
