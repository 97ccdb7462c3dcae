"""The list of cards and a card's own page, as plain functions: who looks, what the address asks for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot import markdown
from bot.app import App
from bot.chat.web import model as chats
from bot.db import Connection
from bot.library import service
from bot.library import store as library
from bot.library.model import Band, Card, State, Wanted
from bot.team import service as team
from bot.team.model import Person, Role
from bot.team.roles import Action, may
from bot.voice import labels
from bot.voice import library as voice
from bot.web.library import history, store
from bot.web.library.shelves import PAGE, Filter, Offered, due
from bot.web.pages import Missing, Shown
from bot.web.say import fresh, notice
from prompts import day, long_day, words

CARD = "/library/card"
USED = timedelta(days=90)  # how far back usage is counted


def browse(app: App, who: Person, asked: Mapping[str, str]) -> Shown:
    """An answer to what a customer said, when that is asked, and the cards that somebody may read."""
    wanted, today = Filter.of(asked), who.today(app.now())
    question = asked.get("q", "").strip()[:600]
    keeps = may(who, Action.KEEP_LIBRARY)
    with app.db.read() as db:
        cards = service.listed(db, who, tuple(State) if keeps else (State.APPROVED, State.DRAFT))
        used = {row.card_id: row.asked for row in library.usage(db, app.workspace, app.now() - USED)} if keeps else {}
        values = shared(app, db, who, "cards", asked)
    looked = replace(wanted, state=wanted.state or State.APPROVED if keeps else "any")
    found = [card for card in cards if looked.takes(card, today)]
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(1, number(asked.get("page", ""))), pages)
    return Shown(
        "library.html",
        values
        | {
            "cards": found[(page - 1) * PAGE : page * PAGE],
            "count": len(found),
            "empty": not cards,
            "drafts": sum(card.state is State.DRAFT for card in cards) if keeps else 0,
            "overdue": sum(due(card, today) for card in cards) if keeps else 0,
            "used": used,
            "filter": wanted,
            "offered": Offered.by(cards),
            "page": page,
            "pages": pages,
            "due": lambda card: due(card, today),
            "question": question,
            "answer": _answer(app, who, question, wanted.industry) if question and cards else None,
        },
    )


def _answer(app: App, who: Person, question: str, industry: str) -> dict[str, Any]:
    """What the library says. Looking keeps nothing: what is asked in the chat counts as asked."""
    found = service.ask(app.db, app.shelf, Wanted(question, industry=industry, role=who.role), app.now())
    with app.db.read() as db:
        names, keeper = names_of(db, app), service.keeper(db, app.workspace)
    card = found.card if found.found.band is Band.ANSWER else None
    return {
        "card": card,
        "source": markdown.plain(voice.source(card, industry, names, who.language)) if card else "",
        "text": voice.read(card, industry, who.language) if card else "",
        "others": [one for one in found.choices if not card or one.id != card.id],
        "keeper": keeper.name if keeper and keeper.id != who.id else "",
    }


def card(app: App, who: Person, asked: Mapping[str, str]) -> Shown:
    """All that stands in a card, how it came about, and for those who keep it what may be done with it."""
    now = app.now()
    with app.db.read() as db:
        one = library.by_id(db, app.workspace, number(asked.get("id", "")))
        if one is None or not service.readable(one, who):
            raise Missing
        names = names_of(db, app)
        versions = library.versions(db, one)
        keeps = service.keeps(who, one)
        keeper = None if keeps else _elsewhere(db, app, who, one)
        used = _used(db, app, who, one, names) if keeps else None
        values = shared(app, db, who, "", asked)
    return Shown(
        "library_card.html",
        values
        | {
            "card": one,
            "text": voice.read(one, "", who.language),
            "variants": [(name, voice.read(one, name, who.language)) for name in one.variants],
            "owner": names.get(one.owner_id or 0, one.owner),
            "roles_of": [labels.role(role, who.language) for role in Role if role in one.roles],
            "due": due(one, who.today(now)),
            "keeps": keeps,
            "usable": service.usable(one, who),
            "keeper": keeper,
            "history": history.lines(versions, names, who.language),
            "earlier": max(0, len(versions) - history.MOST),
            "used": used,
            "back": f"{CARD}?id={one.id}",
        },
    )


@dataclass(frozen=True, slots=True)
class Keeper:
    """Whom to write to about a card that is not one's own to change, and the chat with them."""

    name: str
    chat: str


def _elsewhere(db: Connection, app: App, who: Person, one: Card) -> Keeper | None:
    owner = team.person(db, app.workspace, one.owner_id) if one.owner_id else None
    meant = owner if owner and owner.active else service.keeper(db, app.workspace)
    return Keeper(meant.name, chats.direct(who.id, meant.id).id) if meant and meant.id != who.id else None


def _used(db: Connection, app: App, who: Person, one: Card, names: Mapping[int, str]) -> dict[str, Any]:
    """How often, by whom and for which questions; the last two for those who keep the library."""
    since = app.now() - USED
    row = next((r for r in library.usage(db, app.workspace, since) if r.card_id == one.id), None)
    keeps = may(who, Action.KEEP_LIBRARY)
    people = store.askers(db, app.workspace, since, one.id) if keeps else []
    questions = store.questions(db, app.workspace, since, card_id=one.id) if keeps else []
    return {
        "row": row,
        "people": [(names.get(p.person_id, ""), p.asked) for p in people if p.person_id in names],
        "questions": [(q, names.get(q.person_id, "")) for q in questions],
    }


# what all pages of the library share


def number(text: str) -> int:
    """A number from an address; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def names_of(db: Connection, app: App) -> dict[int, str]:
    return {p.id: p.name for p in team.people(db, app.workspace, active=None)}


def shared(app: App, db: Connection, who: Person, here: str, asked: Mapping[str, str]) -> dict[str, Any]:
    """The words and numbers that every page of the library needs. `here`: which of them it is."""
    _ = words(who.language)
    keeps = may(who, Action.KEEP_LIBRARY)
    today = who.today(app.now())
    return {
        "here": here,
        "tabs": keeps,
        "gaps_open": len(library.gaps(db, app.workspace)) if keeps else 0,
        "writes": may(who, Action.WRITE_CARDS),
        "notice_html": notice(app, db, who, asked),
        "chat": f"/chat/{chats.with_bot(who.id).id}",
        "fresh": fresh,
        "industry": lambda name: voice.industry(name, who.language),
        "stage": lambda name: voice.stage(name, who.language),
        "speaks": lambda name: history.LANGUAGES.get(name, name),
        "state": lambda state: _(history.STATES[state]),
        "several": lambda items: ("、" if who.language == "zh" else ", ").join(items),
        "dated": _dated(who, today),
        "shorten": labels.shorten,
    }


def _dated(who: Person, today: date) -> Callable[[date | datetime], str]:
    """A day, with its year unless that is this one."""

    def dated(when: date | datetime) -> str:
        on = who.local(when).date() if isinstance(when, datetime) else when
        return (day if on.year == today.year else long_day)(on, who.language)

    return dated
