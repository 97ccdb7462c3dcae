"""Hears a transcript, reads it and posts its minutes against a database, and dies without a word at the n-th
statement. Prints how many statements it took."""

import asyncio
import os
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event

from bot.app import App
from bot.cli import tables  # noqa: F401 - declares every table
from bot.db import Database
from bot.inbox.ear import Inbox
from bot.message import File, Message, Place, Reply
from bot.minutes.calls import store
from bot.minutes.calls.model import State
from bot.settings import read_settings
from handlers import FREE, MENU
from handlers.route import route
from jobs import minutes

home, at, left = Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), int(sys.argv[3])
person, team = int(sys.argv[4]), int(sys.argv[5])
db = Database(f"sqlite:///{home / 'test.db'}")
most = left


@event.listens_for(db.engine, "before_cursor_execute")
def die(*_: object) -> None:
    global left
    left -= 1
    if left < 0:
        os._exit(9)


class Forgetful:
    """Steps of which nothing is remembered: whatever was done is asked for again."""

    def do(self, label: str, function: Callable[..., Any], *args: Any) -> Any:
        return function(*args)

    def progress(self, done: int, of: int) -> None:
        pass


def answer(message: Message) -> Reply | None:
    return route(app, MENU, FREE, message)


env = {name: value for name, value in os.environ.items() if name.startswith("PACELINE_LLM")}
app = App(read_settings(env | {"PACELINE_HOME": str(home)}), db, lambda: at)
place, path = Place("web", f"bot-{person}"), home / "dropped"
inbox = Inbox(db, 1, answer, lambda: at + timedelta(minutes=2))
inbox.take(Message("drop", person, place, "", at, files=(File("acme.txt", str(path), 700),)))
asyncio.run(inbox.resume())
if path.exists():  # a large file is heard by long work
    minutes.hear(app, Forgetful(), "web:drop", person, "acme.txt", str(path))  # type: ignore[arg-type]
with db.read() as look:
    calls = store.calls(look, 1)
for call in calls:
    minutes.read(app, Forgetful(), call.id)  # type: ignore[arg-type]
for call in calls:
    says = f"/minutes #post {call.id} {team}"
    inbox.take(Message(f"post {call.id}", person, place, says, at, how="button"))
asyncio.run(inbox.resume())
with db.read() as look:
    assert [call.state for call in store.calls(look, 1)] == [State.POSTED]
inbox.close()
sys.stdout.write(f"{most - left}\n")
sys.stdout.flush()
os._exit(0)
