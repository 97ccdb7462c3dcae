"""The list of calls that somebody may read, with what is still to be done after each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bot.app import App
from bot.chat.web import model as chats
from bot.db import Connection
from bot.minutes.calls import service
from bot.minutes.calls.model import Call
from bot.minutes.keeping import service as keeping
from bot.team import service as team
from bot.team.model import Person
from bot.team.roles import Action, may
from bot.todos import service as todos
from bot.voice import calls as voice
from bot.web.pages import Forbidden, Shown
from bot.web.say import fresh, notice
from prompts import day, long_day, words

PAGE = "/minutes"
AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the list is wanted: a deal's CRM id, a person's key, what is older than the call of this id."""

    deal: str = ""
    person: str = ""
    below: int = 0

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Filter":
        below = asked.get("below", "")
        number = int(below) if below.isdecimal() and len(below) < 18 else 0
        return cls(asked.get("deal", "")[:300], asked.get("person", "")[:100], number)

    def older(self, than: Call) -> str:
        """The page of what came before a call."""
        told = {"deal": self.deal, "person": self.person, "below": than.id}
        return f"{PAGE}?{urlencode({name: value for name, value in told.items() if value})}"


@dataclass(frozen=True, slots=True)
class Offered:
    """What there is to choose from: (value, label) each."""

    deals: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str], ...]


def calls(app: App, who: Person, asked: Mapping[str, str]) -> Shown:
    """Newest first."""
    if not may(who, Action.READ_CALLS):
        _ = words(who.language)
        raise Forbidden(_("Calls are for those who sell, and for those who lead them."))
    wanted = Filter.of(asked)
    with app.db.read() as db:
        everybody = team.people(db, app.workspace, active=None)
        sender = next((p.id for p in everybody if p.key == wanted.person), 0 if not wanted.person else -1)
        found = service.seen(db, who, deal=wanted.deal, sender=sender, below=wanted.below, limit=AT_ONCE + 1)
        shown = found[:AT_ONCE]
        values = shared(app, db, who, asked) | {
            "calls": shown,
            "kept": voice.kept(keeping.days(db, app.workspace), who.language),
            "empty": not found and wanted == Filter(),
            "offered": _offered(db, who, everybody),
            "open_todos": todos.open_by_call(db, app.workspace),
        }
    names = {p.id: p.name for p in everybody}
    return Shown(
        "minutes.html",
        values
        | {
            "filter": wanted,
            "called": lambda one: voice.called(one, who.language),
            "about": lambda one: about(one, names, who),
            "older": wanted.older(shown[-1]) if len(found) > AT_ONCE else "",
        },
    )


def _offered(db: Connection, who: Person, everybody: Sequence[Person]) -> Offered:
    deals, senders = service.offered(db, who)
    people = sorted((p.name, p.key) for p in everybody if p.id in senders)
    return Offered(tuple(sorted(deals.items(), key=lambda pair: pair[1])), tuple((key, name) for name, key in people))


def about(one: Call, names: Mapping[int, str], who: Person) -> str:
    """ "Pilot with IT · 42 min · Anna Berg"."""
    parts = [one.title if one.customer else "", voice.length(one, who.language)]
    parts.append(names.get(one.sent_by, "") if one.sent_by != who.id else "")
    return " · ".join(part for part in parts if part)


def shared(app: App, db: Connection, who: Person, asked: Mapping[str, str]) -> dict[str, Any]:
    """The words that every page about calls needs."""
    today = who.today(app.now())
    return {
        "notice_html": notice(app, db, who, asked),
        "chat": f"/chat/{chats.with_bot(who.id).id}",
        "fresh": fresh,
        "reads_examples": may(who, Action.READ_EXAMPLES),
        "reads_calls": may(who, Action.READ_CALLS),
        "state": lambda one: voice.state(one.state, who.language),
        "dated": lambda when: (day if when.year == today.year else long_day)(when, who.language),
    }
