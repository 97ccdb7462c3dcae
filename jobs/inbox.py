"""Keeps the inbox small."""

from datetime import timedelta

from bot.app import App
from bot.inbox import store

KEPT = timedelta(days=14)


def forget(app: App) -> None:
    """Drop what was handled two weeks ago."""
    with app.db.begin() as db:
        store.forget(db, app.now() - KEPT)
