"""One call: its minutes with the transcript beside them, and what may be done about it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.app import App
from bot.crm import service as crm
from bot.db import Connection
from bot.errors import BotError
from bot.library import service as library
from bot.library import store as cards
from bot.library.model import Card
from bot.message import Button, Choices
from bot.minutes.calls import service, store
from bot.minutes.calls.deciding import Goes
from bot.minutes.calls.model import Call, Item, Kind, State, Verdict
from bot.minutes.keeping import service as keeping
from bot.minutes.model import Minutes
from bot.team import service as team
from bot.team.model import Person
from bot.todos import service as todos
from bot.todos.model import State as Done
from bot.todos.model import call_key
from bot.voice import calls as voice
from bot.voice import drafts
from bot.voice import minutes as told
from bot.voice.minutes import Draft
from bot.web.kpi.deal import DEAL
from bot.web.kpi.tabs import address
from bot.web.minutes.calls import PAGE, shared
from bot.web.minutes.transcript import cites, stretches
from bot.web.pages import Missing, Shown
from prompts import clock, day, words

CALL = PAGE + "/{id}"
READERS = 30
_CHOSEN = re.compile(r"/minutes #(?:deal|step|post) ")


@dataclass(frozen=True, slots=True)
class Owed:
    """A to-do of the minutes. `due` "" where no day was said; `said`: what became of it."""

    item: Item
    owner: str
    due: str
    said: str
    moves: Sequence[Button]


def call(app: App, who: Person, asked: Mapping[str, str]) -> Shown:
    """Whoever is shown one is noted, for its sender to see."""
    with app.db.read() as db:
        one = found(db, who, asked.get("id", ""))
        names = {p.id: p.name for p in team.people(db, app.workspace, active=None)}
        values = shared(app, db, who, asked)
        values |= {"call": one, "called": voice.called(one, who.language), "back": f"{PAGE}/{one.id}"}
        values |= {"about": _about(one, names, who, values["dated"]), "reading": one.state is State.READING}
        values |= {"reason": words(who.language)(one.reason)}
        if one.state is State.FORGOTTEN:
            return Shown("minutes_gone.html", values | {"how": _erased(db, one, names, who)})
        if one.state is State.READING:
            values |= {"progress": _progress(app, one, who)}
        elif one.state is not State.FAILED:
            values |= _minutes(app, db, who, one, names)
        values |= {"ends": _ends(db, who, one)}
    if one.sent_by != who.id:
        with app.db.begin() as db:
            service.note_read(db, who, one, app.now(), "page")
    return Shown("minutes_call.html", values)


def _progress(app: App, one: Call, who: Person) -> str:
    """How far the work on it is."""
    _, so_far = words(who.language), app.work.progress(drafts.work_key(one))
    if so_far is not None and so_far.of:
        return _("{done} of {of} parts are read.", done=so_far.done, of=so_far.of)
    return _("That takes seconds, for a long call a minute or two. This page looks again by itself.")


def found(db: Connection, who: Person, number: str) -> Call:
    """Raises `Missing` for what they may not read, there or not."""
    try:
        return service.get(db, who, int(number) if number.isdecimal() and len(number) < 18 else 0)
    except BotError:
        raise Missing from None


def _about(one: Call, names: Mapping[int, str], who: Person, dated: Callable[[date], str]) -> str:
    """ "Pilot with IT · 42 min · Wed 10 Jun · Anna Berg"."""
    parts = (one.title if one.customer else "", voice.length(one, who.language), dated(one.on))
    return " · ".join(part for part in (*parts, names.get(one.sent_by, "")) if part)


def _erased(db: Connection, one: Call, names: Mapping[int, str], who: Person) -> str:
    _, gone = words(who.language), keeping.of_call(db, one.workspace_id, one.id)
    if gone is None:
        return ""
    on = day(gone.at.astimezone(who.tz), who.language)
    if gone.by is None:
        return _("On {day}, because it was kept for as long as calls are kept here.", day=on)
    return _("By {name}, on {day}.", name=names.get(gone.by, ""), day=on)


def _minutes(app: App, db: Connection, who: Person, one: Call, names: Mapping[int, str]) -> dict[str, Any]:
    said, items, minutes = service.transcript(db, one), service.items(db, one), service.minutes(db, one)
    cards_of = _cards(db, who, minutes)
    mine = drafts.shown(app, db, one, who) if one.sent_by == who.id else None
    return {
        "minutes": minutes,
        "todos": _owed(db, who, one, items, {goes.item.n: goes for goes in mine.goes} if mine else {}),
        "stretches": stretches(said, minutes.topics),
        "cites": lambda lines: cites(said, lines),
        "card": lambda objection: cards_of.get(objection.card or ""),
        "objection": lambda kind: voice.objection(kind, who.language),
        "moment": lambda kind: voice.moment(kind, who.language),
        "sensitive": lambda kind: voice.sensitive(kind, who.language),
        "why": lambda reason: voice.why(reason, who.language),
        "engine": voice.engine(one, who.language),
        "readers": _readers(db, who, one, names) if keeping.erases(db, who, one) else None,
        "step": mine.step if mine and one.state is State.DRAFT else None,
        "due": lambda item: told.due(item, who.language),
        "deal": _deal(db, who, one),
        **_moves(mine, who),
    }


def _owed(db: Connection, who: Person, one: Call, items: Sequence[Item], goes: Mapping[int, Goes]) -> list[Owed]:
    """The to-dos of the minutes; in a draft those that were dropped too: whoever dropped one may think again.

    `goes`: where each goes, for the sender of the call, who decides about it.
    """
    kept = {todo.key: todo for todo in todos.of_call(db, one.workspace_id, one.id)}
    _, found = words(who.language), []
    for item in items:
        if item.kind is not Kind.TODO or not (item.stands or one.state is State.DRAFT):
            continue
        todo = kept.get(call_key(one.id, item.n))
        owner = told.owner(goes[item.n], who) if item.n in goes else item.about.get("owner") or ""
        said = _("done") if todo and todo.state is Done.DONE else ""
        decides = goes and one.state is State.DRAFT
        found.append(Owed(item, owner, told.due(item, who.language), said, _verdicts(item, who) if decides else ()))
    return found


def _verdicts(item: Item, who: Person) -> list[Button]:
    """What its sender may do with a to-do of a draft: the same as under its message in the chat."""
    _, at = words(who.language), f"{item.call_id} {item.n}"
    keep = Button(_("Keep"), f"/minutes #keep {at}")
    change, drop = Button(_("Change"), f"/minutes #change {at}"), Button(_("Drop"), f"/minutes #drop {at}")
    if not item.stands:
        return [keep]
    return [*([keep] if item.verdict is Verdict.PROPOSED else []), change, drop]


def _moves(shown: Draft | None, who: Person) -> dict[str, Any]:
    """What its sender may do with the whole: buttons, and lists of them."""
    under = told.draft(shown, who).buttons if shown else ()
    moves = [each for each in under if isinstance(each, Button) and not each.says.startswith("/minutes #open")]
    lists = [each for each in under if isinstance(each, Choices) and _CHOSEN.match(each.buttons[0].says)]
    return {"moves": moves, "lists": lists}


def _deal(db: Connection, who: Person, one: Call) -> str:
    """The page of the deal that it is about; "" for whom that does not concern."""
    return address(DEAL, key=one.deal) if one.deal and crm.seen_among(db, who, [one.deal]) else ""


def _cards(db: Connection, who: Person, minutes: Minutes) -> dict[str, Card]:
    """The library's cards that answer the objections, those that this reader may read."""
    keys = {one.card for one in minutes.objections if one.card}
    found = [card for key in keys if (card := cards.by_key(db, who.workspace_id, key))]
    return {card.key: card for card in found if library.readable(card, who)}


def _readers(db: Connection, who: Person, one: Call, names: Mapping[int, str]) -> list[tuple[str, str, str]]:
    """Who read it, when and how, newest first; for its sender, whoever leads them, and admins."""
    rows = service.readers(db, one, READERS)
    known = {store.OPERATOR: words(who.language)("Whoever runs Paceline"), **names}
    return [(known.get(row.person_id, ""), _when(row.at, who), voice.how(row.how, who.language)) for row in rows]


def _when(at: datetime, who: Person) -> str:
    here = who.local(at)
    return f"{day(here, who.language)} {clock(here)}"


def _ends(db: Connection, who: Person, one: Call) -> list[Button]:
    """What may be done with the call as a whole."""
    _ = words(who.language)
    publish = Button(_("Publish as an example"), f"/minutes publish {one.id}")
    erase = Button(_("Erase this call"), f"/forget call {one.id}", "danger")
    return [
        *([publish] if one.settled and not one.public else []),
        *([erase] if keeping.erases(db, who, one) else []),
    ]
