"""What every test may ask for: a database with all tables, a clock set by hand, an app, a team that talks."""

import itertools
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from bot.app import App
from bot.db import Database
from bot.message import Form, Message, Place, Reply
from bot.outbox import store as outbox
from bot.outbox.model import Outcome, State
from bot.settings import read_settings
from bot.standup import planning
from bot.team import service as team
from bot.team.model import Person
from handlers import FREE, MENU
from handlers.route import route
from jobs import CALENDAR
from tests import postgres
from tests.databases import migrated
from tests.fakes import Clock

pytest_plugins = ["tests.browsing"]
hypothesis_settings.register_profile("calm", deadline=None)  # a busy machine is slow, not wrong
hypothesis_settings.load_profile("calm")


SERVER = os.environ.get("PACELINE_TEST_DB_URL", "")


@pytest.fixture(scope="session")
def template() -> Iterator[str]:
    """The name of a database with all tables, on the server that `PACELINE_TEST_DB_URL` names, if it does."""
    if not SERVER:
        yield ""
        return
    with postgres.database(SERVER) as url:
        migrated(url).close()
        yield url.rpartition("/")[2]


@pytest.fixture
def db(tmp_path: Path, template: str) -> Iterator[Database]:
    """On SQLite; on Postgres where `PACELINE_TEST_DB_URL` names a server on which databases may be made and dropped."""
    if SERVER:
        with postgres.database(SERVER, template) as url:
            yield from _until_closed(url)
    else:
        yield from _until_closed(f"sqlite:///{tmp_path / 'test.db'}")


def _until_closed(url: str) -> Iterator[Database]:
    database = migrated(url)
    yield database
    database.close()


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 6, 11, 0, 0, tzinfo=UTC))  # a Thursday


@pytest.fixture
def app(db: Database, clock: Clock, tmp_path: Path) -> App:
    return App(read_settings({"PACELINE_HOME": str(tmp_path)}), db, clock)


class Office:
    """A team that tests talk to: say this, expect that."""

    def __init__(self, app: App, clock: Clock) -> None:
        self.app, self.clock = app, clock
        self._ids = itertools.count(1)
        self._ran: dict[str, datetime] = {}

    def hire(self, roster: str) -> None:
        """Import a roster and plan its standups."""
        with self.app.db.begin() as db:
            done = team.import_roster(db, 1, roster.encode(), self.app.now())
            assert not done.faults, done.faults
            planning.replan(db, 1, [t.id for t in team.teams(db, 1)], self.app.now())

    def person(self, key: str) -> Person:
        with self.app.db.read() as db:
            found = team.find_person(db, 1, key)
        assert found is not None, key
        return found

    def tick(self) -> None:
        """All standup jobs, once, in an order that a real clock might take."""
        for every in CALENDAR.values():
            every.job(self.app)

    def deliver(self) -> None:
        """Everything that is due reaches its chat now."""
        now = self.app.now()
        with self.app.db.begin() as db:
            lane = outbox.lane_of(1, "web")
            waiting = [one for one in outbox.waiting(db, lane, 1, now) if one.due <= now]
            dues = outbox.claim(db, waiting, 1, now)
            outbox.settle(db, [Outcome(due, State.SENT, due.sent or str(due.id)) for due in dues], 1, now)

    def run(self, until: datetime, step: float = 60) -> None:
        """Let the time pass: every `step` seconds what is due is done, and delivered."""
        while self.app.now() < until:
            self.clock.forward(seconds=step)
            self._look()
            self.deliver()

    def _look(self) -> None:
        """Each job whose seconds are over, as the calendar says."""
        now = self.app.now()
        for name, every in CALENDAR.items():
            since = self._ran.get(name)
            if since is None or not since <= now < since + timedelta(seconds=every.seconds):
                every.job(self.app)
                self._ran[name] = now

    def say(self, key: str, text: str, **more: object) -> Reply | None:
        """Somebody says or presses something in their chat with the bot; the form that opens, if one does."""
        who = self.person(key)
        heard = str(more.pop("id", f"m{next(self._ids)}"))
        message = Message(heard, who.id, Place("web", f"bot-{who.id}"), text, self.app.now(), **more)  # type: ignore[arg-type]
        return route(self.app, MENU, FREE, message)

    def form(self, key: str, text: str) -> Form:
        reply = self.say(key, text, how="button")
        assert reply is not None
        assert reply.form is not None
        return reply.form

    def fill(self, key: str, form: Form, **answers: str | tuple[str, ...]) -> Reply | None:
        filled = {name.replace("__", "."): value for name, value in answers.items()}
        return self.say(key, form.says, how="form", answers=filled)

    def heard(self, place: str, key: str = "") -> list[str]:
        """All texts for a place ("bot:anna", "team:East"), oldest first, of keys that begin with `key`."""
        with self.app.db.read() as db:
            chat = self._chat(place)
            rows = db.execute(outbox.outbox.select().order_by(outbox.outbox.c.id))
            return [r.body["text"] for r in rows if r.chat == chat and r.key.startswith(key)]

    def _chat(self, place: str) -> str:
        kind, _, name = place.partition(":")
        if kind == "bot":
            return f"bot-{self.person(name).id}"
        with self.app.db.read() as db:
            return next(f"team-{t.id}" for t in team.teams(db, 1) if t.name == name)

    def keys(self, prefix: str) -> list[str]:
        """Keys of the outbox that begin so."""
        with self.app.db.read() as db:
            rows = db.execute(outbox.outbox.select().order_by(outbox.outbox.c.id))
            return [r.key for r in rows if r.key.startswith(prefix)]


@pytest.fixture
def office(app: App, clock: Clock) -> Office:
    return Office(app, clock)


HEAD = "person,name,team,role,timezone,language,calendar,manager,weekdays\n"


@pytest.fixture
def east(office: Office) -> Office:
    """Three reps and their manager in Berlin, a quarter past eight of a working day."""
    office.clock.now = datetime(2026, 6, 11, 6, 15, tzinfo=UTC)
    office.hire(
        HEAD + "weber,Jonas Weber,East,manager,Europe/Berlin,en,DE,,\n"
        "anna,Anna Berg,East,rep,Europe/Berlin,en,DE,weber,\n"
        "li,李伟,East,rep,Europe/Berlin,zh,DE,weber,\n"
        "omar,Omar Said,East,rep,Europe/Berlin,en,DE,weber,\n"
        "olga,Olga Ott,East,observer,Europe/Berlin,en,DE,weber,\n"
    )
    return office
