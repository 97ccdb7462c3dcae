"""The calls that a team learns from, and one of them, as its owner reads it before saying yes and all others after."""

from collections.abc import Mapping

from bot.app import App
from bot.errors import BotError
from bot.minutes.examples import service
from bot.minutes.examples.model import Example, State
from bot.team import service as team
from bot.team.model import Person
from bot.voice import calls as voice
from bot.voice import examples as told
from bot.web.minutes.calls import shared
from bot.web.minutes.transcript import cites, stretches
from bot.web.pages import Missing, Shown
from prompts import listing

PAGE = "/examples"
EXAMPLE = PAGE + "/{id}"


def examples(app: App, who: Person, asked: Mapping[str, str]) -> Shown:
    """Those of somebody's teams, newest first."""
    with app.db.read() as db:
        found = service.published(db, who)
        teams = {each.id: each.name for each in team.teams(db, app.workspace)}
        waiting = service.waiting(db, who)
        values = shared(app, db, who, asked)
    several = len({one.team_id for one in found}) > 1
    values |= {
        "examples": found,
        "waiting": waiting,
        "title": lambda one: told.title(one, who.language),
        "about": lambda one: _about(one, teams if several else {}, who),
    }
    return Shown("examples.html", values)


def _about(one: Example, teams: Mapping[int, str], who: Person) -> str:
    kinds = dict.fromkeys(voice.objection(each.kind, who.language) for each in one.minutes.objections)
    parts = (voice.lasted(one.seconds, who.language), listing(kinds, who.language), teams.get(one.team_id, ""))
    return " · ".join(part for part in parts if part)


def example(app: App, who: Person, asked: Mapping[str, str]) -> Shown:
    """One, with what its reader may do with it."""
    number = asked.get("id", "")
    with app.db.read() as db:
        try:
            one = service.get(db, who, int(number) if number.isdecimal() and len(number) < 18 else 0)
        except BotError:
            raise Missing from None
        names = {p.id: p.name for p in team.people(db, app.workspace, active=None)}
        teams = {each.id: each.name for each in team.teams(db, app.workspace)}
        values = shared(app, db, who, asked)
        withdraws = service.withdraws(db, who, one)
    said, asks = one.transcript, one.state is State.ASKED
    mine = told.moves(one, who.language) if asks else (told.withdraw(one, who.language),) if withdraws else ()
    values |= {
        "one": one,
        "minutes": one.minutes,
        "back": f"{PAGE}/{one.id}",
        "asks": asks,
        "asker": names.get(one.asked_by, "") if one.asked_by != who.id else "",
        "team": teams.get(one.team_id, ""),
        "about": _about(one, teams, who),
        "moves": mine,
        "stretches": stretches(said, one.minutes.topics),
        "cites": lambda lines: cites(said, lines),
        "objection": lambda kind: voice.objection(kind, who.language),
        "moment": lambda kind: voice.moment(kind, who.language),
        "title": told.title(one, who.language),
    }
    return Shown("example.html", values)
