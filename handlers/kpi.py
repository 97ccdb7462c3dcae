"""`/numbers`, `/baseline`, and how a number came about, which `/why NAME` asks."""

from bot.app import App
from bot.kpi import service
from bot.message import Message, Reply
from bot.team.model import Person
from bot.voice import kpi as voice


def numbers(app: App, who: Person, msg: Message) -> Reply:
    """The numbers of your deals; managers may name one of their teams: /numbers East"""
    said = msg.text.strip()
    with app.db.read() as db:
        scope = service.scope_of(db, who, said)
        found = service.soon(db, app.workspace, scope, app.now(), zone=app.settings.timezone)
    return voice.numbers(*found, scope, who, app.now()) if found else voice.not_yet(who.language)


def baseline(app: App, who: Person, msg: Message) -> Reply:
    """The baselines; managers freeze one: /baseline freeze before the roll-out"""
    verb, _space, name = msg.text.strip().partition(" ")
    if verb != "freeze":
        with app.db.read() as db:
            return voice.baselines(service.frozen_names(db, app.workspace), who)
    with app.db.read() as look:  # a while; nobody who writes waits for it
        found = service.to_freeze(look, who, name, app.now(), zone=app.settings.timezone)
    with app.db.begin() as db:
        count = service.freeze(db, who, name, found, app.now())
    return voice.frozen(" ".join(name.split()), count, who.language)


def why(app: App, who: Person, said: str) -> Reply | None:
    """How a number came about: "conversion", or "conversion East"; None when no measure is named."""
    name, team = _measure_and_team(said, who.language)
    if not name:
        return None
    with app.db.read() as db:
        found = service.why(db, who, name, app.now(), team=team, zone=app.settings.timezone)
    return voice.why(found, who.language)


def _measure_and_team(said: str, language: str) -> tuple[str, str]:
    """The longest beginning that names a measure, and what follows it."""
    parts = said.split()
    for count in range(len(parts), 0, -1):
        found = service.find_measure(" ".join(parts[:count]), language)
        if found:
            return found.name, " ".join(parts[count:])
    return "", ""
