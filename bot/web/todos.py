"""To-dos as a page, by person or by deal, and as a file for one's calendar."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from bot.app import App
from bot.chat.web import model as chats
from bot.crm import service as crm
from bot.db import Connection
from bot.team import service as team
from bot.team.model import Person
from bot.todos import service
from bot.todos.calendar import ics
from bot.todos.model import Todo
from bot.voice import todos as voice
from bot.web.pages import Shown
from bot.web.say import Area, fresh, notice
from prompts import words

SHOWN = timedelta(days=14)  # how long what is done stays to be seen
PAGE = "/todos"
AREA = Area(re.compile(r"/todo (?:add|(?:done|reopen|change|hand) \d{1,15})"), re.compile(r"/todos(?:\?by=deal)?"))


def todos(app: App, who: Person, asked: Mapping[str, str]) -> Shown:
    """All that somebody may see: their own first, then by person; or by deal."""
    now, by_deal = app.now(), asked.get("by") == "deal"
    with app.db.read() as db:
        found = service.seen(db, who)
        closed = service.seen(db, who, state=None, closed_since=now - SHOWN)
        names = {p.id: p.name for p in team.people(db, app.workspace, active=None)}
        deals = _deals(db, app, who, [*found, *closed])
        told = notice(app, db, who, asked)
    label = _by_deal(deals, who) if by_deal else _by_owner(names, who)
    values = {
        "groups": _groups(found, label),
        "closed": [one for one in closed if not one.open][:30],
        "count": len(found),
        "by_deal": by_deal,
        "names": names,
        "deals": deals,
        "due": lambda one: voice.when(one, who.language, who.today(now)),
        "late": lambda one: one.overdue(who.today(now)),
        "back": f"{PAGE}?by=deal" if by_deal else PAGE,
        "fresh": fresh,
        "notice_html": told,
        "chat": f"/chat/{chats.with_bot(who.id).id}",
    }
    return Shown("todos.html", values)


def _deals(db: Connection, app: App, who: Person, found: Sequence[Todo]) -> dict[str, str]:
    return crm.customers_of(db, who, {one.deal for one in found if one.deal}, app.now())


def _by_owner(names: Mapping[int, str], who: Person) -> Callable[[Todo], tuple[bool, str]]:
    nobody = words(who.language)("nobody yet")
    return lambda one: (one.owner_id != who.id, names.get(one.owner_id or 0, nobody))


def _by_deal(deals: Mapping[str, str], who: Person) -> Callable[[Todo], tuple[bool, str]]:
    none = words(who.language)("Without a deal")
    return lambda one: (not one.deal, deals.get(one.deal, one.deal) or none)


def _groups(found: Sequence[Todo], label: Callable[[Todo], tuple[bool, str]]) -> list[tuple[str, list[Todo]]]:
    groups: dict[tuple[bool, str], list[Todo]] = {}
    for one in found:
        groups.setdefault(label(one), []).append(one)
    return [(name, groups[last, name]) for last, name in sorted(groups)]


def calendar(app: App, sign_in: Callable[[Request], Person | None]) -> Callable[[Request], Response]:
    """One's own open to-dos as a file."""

    def endpoint(request: Request) -> Response:
        who = sign_in(request)
        if who is None:
            return Response(status_code=401)
        with app.db.read() as db:
            mine = service.mine(db, who)
            text = ics(mine, who.tz, _deals(db, app, who, mine), app.now())
        headers = {"content-disposition": 'attachment; filename="todos.ics"'}
        return Response(text, media_type="text/calendar; charset=utf-8", headers=headers)

    return endpoint
