"""What those who keep the library look at: what it has no answer to, and what of it is used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.app import App
from bot.library import service
from bot.library import store as library
from bot.library.model import Band, Card, State
from bot.library.uses import store as uses
from bot.team.model import Person
from bot.team.roles import Action, may
from bot.web.library import store
from bot.web.library.pages import USED, names_of, shared
from bot.web.pages import Forbidden, Shown
from prompts import percent, words

NEW = timedelta(days=30)  # a card as young as that may well not have been used yet
EVER = datetime(1970, 1, 1, tzinfo=UTC)
MOST = 200  # lines of each table


def gaps(app: App, who: Person, asked: Mapping[str, str]) -> Shown:
    """Questions that no card answers, asked most often first."""
    _ = words(who.language)
    if not may(who, Action.KEEP_LIBRARY):
        raise Forbidden(_("Gaps are for those who keep the library. Your manager can tell you what is missing."))
    with app.db.read() as db:
        found = service.gaps(db, app.workspace)
        values = shared(app, db, who, "gaps", asked)
    return Shown("library_gaps.html", values | {"gaps": found[:MOST], "count": len(found), "back": "/library/gaps"})


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody who asked, how often, and the cards they got most."""

    name: str
    asked: int
    cards: tuple[tuple[Card, int], ...]


def usage(app: App, who: Person, asked: Mapping[str, str]) -> Shown:
    """What was asked in 90 days and what came of it: by card, by person, by band."""
    _ = words(who.language)
    if not may(who, Action.KEEP_LIBRARY):
        raise Forbidden(_("Usage is for those who keep the library. Ask your manager if you need a number."))
    now, band = app.now(), asked.get("band", "")
    band = band if band in list(Band) else ""
    with app.db.read() as db:
        cards = {one.id: one for one in service.listed(db, who, tuple(State))}
        names = names_of(db, app)
        rows = [row for row in library.usage(db, app.workspace, now - USED) if row.card_id in cards]
        ever = {row.card_id for row in library.usage(db, app.workspace, EVER)}
        deals = uses.deals(db, app.workspace, now - USED)
        bands = library.bands(db, app.workspace, now - USED)
        askers = _askers(store.askers(db, app.workspace, now - USED), cards, names)
        written = store.written(db, app.workspace)
        offers = [one for one in library.offers(db, app.workspace) if one.card_id in cards]
        questions = store.questions(db, app.workspace, now - USED, band=band, most=50) if band else ()
        values = shared(app, db, who, "usage", asked)
    unused = [
        one
        for one in cards.values()
        if one.state is State.APPROVED and one.id not in ever and written.get(one.id, now) < now - NEW
    ]
    used_for = sorted(((cards[one], *n) for one, n in deals.items() if one in cards), key=lambda row: -row[1])
    total = sum(bands.values())
    shares = {name: (bands[name], percent(bands[name] / total, who.language)) for name in Band if bands.get(name)}
    return Shown(
        "library_usage.html",
        values
        | {
            "rows": [(cards[row.card_id], row) for row in rows[:MOST]],
            "askers": askers[:MOST],
            "used_for": used_for[:MOST],
            "unused": unused[:MOST],
            "unused_count": len(unused),
            "offers": [(one, cards[one.card_id], names.get(one.person_id, "")) for one in offers[:MOST]],
            "total": total,
            "bands": shares,
            "band": band,
            "questions": [(one, cards.get(one.card_id), names.get(one.person_id, "")) for one in questions],
            "back": "/library/usage",
        },
    )


def _askers(rows: Sequence[Any], cards: Mapping[int, Card], names: Mapping[int, str]) -> list[Asker]:
    """`rows` come most often first."""
    asked: dict[int, int] = {}
    got: dict[int, list[tuple[Card, int]]] = {}
    for row in rows:
        asked[row.person_id] = asked.get(row.person_id, 0) + row.asked
        if row.card_id in cards:
            got.setdefault(row.person_id, []).append((cards[row.card_id], row.asked))
    found = [Asker(names[p], many, tuple(got.get(p, ())[:3])) for p, many in asked.items() if p in names]
    return sorted(found, key=lambda one: (-one.asked, one.name))
