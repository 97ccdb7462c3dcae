"""Tells the admins, once, of calendars whose make-up days are not gazetted yet."""

from datetime import timedelta

from bot.app import App
from bot.message import Reply
from bot.team import service
from bot.team import store as teams
from prompts import render

AHEAD = timedelta(days=30)


def gazette(app: App) -> None:
    """Name each calendar in use, and year, whose make-up days are unknown a month ahead."""
    year = (app.now() + AHEAD).year
    with app.db.begin() as db:
        unknown = service.ungazetted(db, app.workspace, year)
        admins = service.admins(db, app.workspace) if unknown else []
        places = teams.places_of_people(db, app.workspace, [a.id for a in admins])
        for calendar in unknown:
            for admin in (a for a in admins if a.id in places):
                text = render("team/not_gazetted.message.md", admin.language, calendar=calendar, year=str(year))
                app.say(db, places[admin.id], Reply(text), f"not-gazetted:{calendar}-{year}:{admin.id}")
