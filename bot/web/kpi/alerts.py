"""Alerts, open and lately closed, with what was said of them and what may be said now."""

from collections.abc import Mapping
from datetime import timedelta

from bot import markdown
from bot.app import App
from bot.kpi.alerts import service
from bot.kpi.alerts.model import Alert
from bot.message import Button
from bot.team import service as team
from bot.team.model import Person
from bot.team.roles import Action, may
from bot.voice import alerts as voice
from bot.web.kpi.tabs import address, dated, shared
from bot.web.pages import Forbidden, Shown
from prompts import clock, words

PAGE = "/alerts"
KEPT = timedelta(weeks=13)


def alerts(app: App, who: Person, asked: Mapping[str, str]) -> Shown:
    """The alerts of somebody's teams: those that are open, and those that closed in the last quarter."""
    _, now = words(who.language), app.now()
    if not may(who, Action.ACT_ON_ALERTS):
        raise Forbidden(_("Alerts are for those who lead a team. Ask your manager if you need them."))
    with app.db.read() as db:
        found = service.seen(db, who, since=now - KEPT)
        rules = service.right_ones(db, who, now)
        past = service.histories(db, found)
        teams = {t.id: t.name for t in team.teams(db, app.workspace)}
        names = {p.id: p.name for p in team.people(db, app.workspace, active=None)}
        values = shared(app, db, who, "alerts", asked)
    told = {one.id: voice.message(one, names, teams.get(one.team_id, ""), who.language) for one in found}
    values |= {
        "open": [one for one in found if one.open],
        "closed": [one for one in found if not one.open],
        "headline": lambda one: voice.headline(one, who.language),
        "text_html": lambda one: markdown.html(told[one.id].text.partition("\n")[2]),
        "buttons": lambda one: [
            b for b in told[one.id].buttons if isinstance(b, Button) and b.says.startswith("/alert")
        ],
        "team_of": lambda one: teams.get(one.team_id, "") if len({each.team_id for each in found}) > 1 else "",
        "why": lambda one: _why(one, teams),
        "deals": lambda one: _deals(one, teams),
        "history": lambda one: [
            (voice.event(event, names, who.language), f"{dated(event.at, who, now)} {clock(who.local(event.at))}")
            for event in past[one.id]
        ],
        "precision": [(voice.rule(one.rule, who.language), one) for one in rules],
        "back": PAGE,
    }
    return Shown("alerts.html", values)


def _why(one: Alert, teams: Mapping[int, str]) -> str:
    return address("/numbers/why", kpi=one.rule.value, stage=one.stage, team=teams.get(one.team_id, ""))


def _deals(one: Alert, teams: Mapping[int, str]) -> str:
    """The deals that it is about, while it is open and about deals."""
    if not one.open or not one.facts.many:
        return ""
    at = {"kpi": one.rule.value, "stage": one.stage, "segment": one.segment, "team": teams.get(one.team_id, "")}
    return address("/numbers/deals", **at)
