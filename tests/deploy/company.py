"""A team with its bot, its clock and its chat; and what becomes of it when it is restored from a backup."""

import asyncio
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from bot.app import App
from bot.cli import tables  # noqa: F401 - declares every table
from bot.message import Place, Reply
from bot.outbox.pump import Pump
from bot.settings import read_settings
from tests.conftest import HEAD, Office
from tests.databases import migrated
from tests.fakes import Clock, FakeChat

# One team that is asked at 07:30 UTC in Berlin and at 13:30 in New York; an admin who is not asked.
ROSTER = (
    HEAD + "weber,Jonas Weber,East,manager,Europe/Berlin,en,DE,,\n"
    "anna,Anna Berg,East,rep,Europe/Berlin,en,DE,weber,\n"
    "li,李伟,East,rep,Europe/Berlin,zh,DE,weber,\n"
    "omar,Omar Said,East,rep,Europe/Berlin,en,DE,weber,\n"
    "june,June Park,East,rep,America/New_York,en,US,weber,\n"
    "ada,Ada Obi,Office,admin,Europe/London,en,,,\n"
)


class Company:
    """The bot of `home`, spoken to through `chat`: the platform, which outlives it."""

    def __init__(self, home: Path, now: datetime, chat: FakeChat | None = None) -> None:
        home.mkdir(exist_ok=True)
        self.home, self.clock, self.chat = home, Clock(now), chat or FakeChat()
        self.db = migrated(f"sqlite:///{home / 'paceline.db'}")
        self.app = App(read_settings({"PACELINE_HOME": str(home)}), self.db, self.clock)
        self.office = Office(self.app, self.clock)

    def say(self, text: str, key: str, chat: str = "bot-2") -> None:
        with self.db.begin() as db:
            self.app.say(db, Place("web", chat), Reply(text), key)

    def deliver(self) -> None:
        async def drain() -> None:
            await Pump(self.db, {"web": self.chat}, self.clock).drain()

        asyncio.run(drain())

    def come(self, moment: datetime, said: Mapping[datetime, tuple[str, str]] = {}) -> None:
        """It is that moment: whoever speaks then is heard (`said`: who, and what), and the jobs look at the clock."""
        self.clock.now = moment
        if moment in said:
            who, text = said[moment]
            self.office.say(who, text, id=f"{moment:%d%H%M}-{who}")
        self.office.tick()

    def live(self, moments: Iterable[datetime], said: Mapping[datetime, tuple[str, str]] = {}) -> None:
        """Let those of the moments come that are still ahead, and send what each brings."""
        for moment in moments:
            if moment > self.clock.now:
                self.come(moment, said)
                self.deliver()

    def sent(self) -> list[tuple[str, str]]:
        """(chat, key) of all that stands on the platform, oldest first."""
        return [(place.chat, key) for place, _reply, key in self.chat.posts.values()]

    def states(self) -> dict[str, tuple[str, str]]:
        """How the messages stand: key -> (state, error)."""
        return {key: (state, why) for key, state, why in rows(self.home, "SELECT key, state, error FROM outbox")}


def rows(home: Path, sql: str) -> list[tuple[str, ...]]:
    with sqlite3.connect(home / "paceline.db") as db:
        found = db.execute(sql).fetchall()
    db.close()
    return found


def copy(home: Path, to: Path) -> Path:
    """The database as it is now, in a home of its own."""
    to.mkdir()
    source, target = sqlite3.connect(home / "paceline.db"), sqlite3.connect(to / "paceline.db")
    source.backup(target)
    source.close()
    target.close()
    return to
