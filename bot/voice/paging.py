"""Keeps the messages of alerts in line with how they stand, for all who lead the team."""

from collections.abc import Sequence

from bot.app import App
from bot.db import Connection
from bot.kpi.alerts import service, store
from bot.kpi.alerts.model import Alert, State
from bot.message import Reply
from bot.team import service as team
from bot.team.model import Person
from bot.voice import alerts as words
from prompts import LANGUAGES
from prompts import words as speaking


def told(app: App, db: Connection, one: Alert, language: str) -> Reply:
    """An alert as it stands now, in words."""
    names = {p.id: p.name for p in team.people(db, app.workspace, active=None)}
    return words.message(one, names, _team(db, one), language)


def _team(db: Connection, one: Alert) -> str:
    found = team.team(db, one.workspace_id, one.team_id) if one.team_id else None
    return found.name if found else ""


def key(one: Alert, reader: Person) -> str:
    return f"{one.key}:{reader.id}"


def untold(app: App, look: Connection, team_id: int, heads: Sequence[Person]) -> bool:
    """Whether one of these people has not been paged with an alert that is open."""
    wanted = [key(one, head) for one in _pages(look, app.workspace, team_id) for head in heads]
    return bool(wanted) and len(app.delivered(look, wanted)) < len(wanted)


def _pages(db: Connection, workspace: int, team_id: int) -> list[Alert]:
    found = store.alerts(db, workspace, teams=[team_id], state=State.OPEN)
    return [one for one in found if not one.held and one.snoozed_until is None]


def show(app: App, db: Connection, team_id: int, heads: Sequence[Person]) -> None:
    """Page these people with every alert that is open, each once."""
    for one in _pages(db, app.workspace, team_id):
        for head in heads:
            place = team.place_of(db, head)
            if place:
                app.say(db, place, told(app, db, one, head.language), key(one, head))


def refresh(app: App, db: Connection, one: Alert) -> None:
    """Make every message of an alert read as it stands now."""
    for head in service.heads(db, app.workspace, one.team_id):
        app.edit(db, key(one, head), told(app, db, one, head.language))


def moved(app: App, db: Connection, step: service.Step) -> None:
    """An alert opened, went on or closed: its messages follow, and the standup asks about it, or no more."""
    one = step.alert
    refresh(app, db, one)
    if not one.open:
        service.ask_no_more(db, one)
    elif step.fresh and not one.held:
        service.ask_standup(db, one, step.people, {each: _question(one, each) for each in LANGUAGES}, app.now())


def _question(one: Alert, language: str) -> str:
    _ = speaking(language)
    return _("{what}. What do you see there?", what=words.headline(one, language))
