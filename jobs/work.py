"""What is kept for a while only, by the clock: long work that ended, and what a model was asked and answered."""

from datetime import timedelta

from bot.app import App
from bot.llm import store as llm

ANSWERS, CALLS = timedelta(days=30), timedelta(days=400)


def forget(app: App) -> None:
    """Drop the jobs that ended more than a week ago."""
    app.work.forget(app.now() - timedelta(days=7))


def forget_answers(app: App) -> None:
    """Drop a model's answers after a month, and its books after a year."""
    with app.db.begin() as db:
        llm.forget(db, app.workspace, app.now() - ANSWERS, app.now() - CALLS)
