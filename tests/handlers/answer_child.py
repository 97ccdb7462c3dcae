"""Answers a standup with deals against a database, and dies without a word at the n-th statement."""

import json
import os
import sys
from datetime import datetime
from pathlib import Path

from sqlalchemy import event

from bot.app import App
from bot.cli import tables  # noqa: F401 - declares every table
from bot.db import Database
from bot.message import Message, Place
from bot.settings import read_settings
from handlers import FREE, MENU
from handlers.route import route

home, at, left = Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), int(sys.argv[3])
person, says, answers = int(sys.argv[4]), sys.argv[5], json.loads(sys.argv[6])
db = Database(f"sqlite:///{home / 'test.db'}")


@event.listens_for(db.engine, "before_cursor_execute")
def die(*_: object) -> None:
    global left
    left -= 1
    if left < 0:
        os._exit(9)


app = App(read_settings({"PACELINE_HOME": str(home)}), db, lambda: at)
place = Place("web", f"bot-{person}")
route(app, MENU, FREE, Message("f1", person, place, says, at, how="form", answers=answers))
