"""Long work by the clock: what ended a week ago is forgotten."""

from datetime import timedelta

from bot.app import App


def forget(app: App) -> None:
    """Drop the jobs that ended more than a week ago."""
    app.work.forget(app.now() - timedelta(days=7))
