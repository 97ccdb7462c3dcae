"""The pages, as plain functions: who looks, what the address asks for -> a template and its values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.app import App
from bot.standup import board, model, store
from bot.team import accounts
from bot.team import service as team
from bot.team.model import Person
from bot.team.roles import Action, may
from bot.voice import labels
from bot.voice import team as voice
from bot.web.frame import Link
from prompts import N_, words


@dataclass(frozen=True, slots=True)
class Shown:
    """A template of `templates/` and the values it prints; `title` and the frame come from the template."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)


class Forbidden(Exception):
    """This person may not see this page. `why` is a plain sentence in their language, with the next step."""


class Missing(Exception):
    """What the address names does not exist, or is not for these eyes; the two are not told apart."""


Page = Callable[[App, Person, Mapping[str, str]], Shown]


def standup(app: App, who: Person, asked: Mapping[str, str]) -> Shown:
    """A rep's own history first; then the boards that they may see."""
    with app.db.read() as db:
        span = team.span(db, who)
        days = board.history(db, who, 20)
        runs = store.runs(db, app.workspace, [d.slot.run_id for d in days])
        teams = [t for t in team.teams(db, app.workspace) if may(who, Action.READ_BOARD, t.id, span=span)]
        newest = [run for t in teams if (run := store.newest_run(db, app.workspace, t.id))]
        boards = [board.board(db, app.workspace, run.id) for run in newest]
    managed = {t.id for t in teams if may(who, Action.READ_MISSING, t.id, span=span)}
    with app.db.read() as db:
        names = {p.id: p.name for p in team.people(db, app.workspace, team_ids=list(managed), active=None)}
    mine = [(d, voice.state(d.slot, who.language), voice.lines(d, runs, who)) for d in days]
    row = model.streak(d.slot.state for d in days)
    values = {"days": mine, "row": row, "boards": boards, "managed": managed, "names": names}
    return Shown("standup.html", values | {"stage": _of(labels.stage, who), "run_on": _of(labels.run_on, who)})


def _of(label: Callable[[Any, str], str], who: Person) -> Callable[[Any], str]:
    return lambda value: label(value, who.language)


def people(app: App, who: Person, asked: Mapping[str, str]) -> Shown:
    """The roster by team, and for managers who covers what."""
    with app.db.read() as db:
        span = team.span(db, who)
        everybody = team.people(db, app.workspace)
        seen = [t for t in team.teams(db, app.workspace) if may(who, Action.READ_TEAM, t.id, span=span)]
        linked = {p.platform: accounts.linked(db, app.workspace, p.platform) for p in app.platforms}
    if not seen:
        _ = words(who.language)
        raise Forbidden(_("You are on no team. Ask whoever runs Paceline to put you on one."))
    groups = [(t, [p for p in everybody if p.team_id == t.id]) for t in seen]
    found = team.coverage(everybody) if may(who, Action.READ_COVERAGE) else None

    def reached(one: Person) -> str:
        """The platforms that somebody has an account on, linked to them."""
        return " · ".join(platform.capitalize() for platform, ids in linked.items() if one.id in ids)

    values = {"groups": groups, "coverage": found, "local": lambda p: p.local(app.now())}
    return Shown("team.html", values | {"platforms": sorted(linked), "reached": reached})


LINKS = (
    Link("/chat", N_("Chat")),
    Link("/standup", N_("Standup")),
    Link("/todos", N_("To-dos")),
    Link("/minutes", N_("Minutes"), under=("/examples",), needs=Action.READ_CALLS),
    Link("/examples", N_("Examples"), needs=Action.READ_EXAMPLES, without=Action.READ_CALLS),
    Link("/numbers", N_("Numbers"), under=("/alerts", "/deal"), needs=Action.READ_DEALS),
    Link("/team", N_("Team"), rare=True),
    Link("/library", N_("Library")),
)
PAGES: Mapping[str, Page] = {"/standup": standup, "/team": people}
