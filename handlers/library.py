"""`/library`: what the library holds and what waits for a look; a file that is dropped with it is taken in."""

from datetime import timedelta
from pathlib import Path

from bot.app import App
from bot.db import Connection
from bot.library import imports, service, store
from bot.library.model import State
from bot.message import Message, Reply
from bot.tables import fault_lines
from bot.team.model import Person
from bot.team.roles import Action, may
from bot.voice import cards as voice
from prompts import escape, words


def library(app: App, who: Person, msg: Message) -> Reply:
    """What the library holds, and what waits for a look"""
    keeps = may(who, Action.KEEP_LIBRARY)
    if msg.files and keeps:
        return _take_in(app, who, msg)
    with app.db.read() as db:
        if not keeps:
            return voice.titles(service.listed(db, who), who)
        if msg.text == "gaps":
            return voice.gaps(service.gaps(db, app.workspace), who.language)
        offers = store.offers(db, app.workspace)
        if msg.text == "offers":
            return next_offer(db, who)
        since = app.now() - timedelta(days=30)
        return voice.overview(
            service.listed(db, who),
            service.listed(db, who, (State.DRAFT,)),
            len(service.gaps(db, app.workspace)),
            len(offers),
            store.bands(db, app.workspace, since),
            who,
        )


def next_offer(db: Connection, who: Person) -> Reply:
    """The next question that somebody offers as a phrasing."""
    for one in store.offers(db, who.workspace_id):
        card = store.by_id(db, who.workspace_id, one.card_id)
        if card is not None:
            return voice.phrasing(one.id, one.text, card, who.language)
    return Reply(words(who.language)("No new phrasings. They come from questions that people found a card for."))


def _take_in(app: App, who: Person, msg: Message) -> Reply:
    """A file of cards that was dropped into the chat."""
    _ = words(who.language)
    file = msg.files[0]
    with app.db.begin() as db:
        done = imports.import_cards(
            db, app.workspace, Path(file.path).read_bytes(), app.now(), name=file.name, by=who.id
        )
    if done.faults:
        head = _.n("{n} fault; nothing was imported.", "{n} faults; nothing was imported.", len(done.faults))
        return Reply(
            "\n".join([head, *(f"- {escape(line)}" for line in fault_lines(done.faults, _, 20))]), private=True
        )
    counts = {"added": done.added, "changed": done.changed, "unchanged": done.unchanged}
    lines = [_("{added} cards added, {changed} changed, {unchanged} unchanged.", **counts)]
    lines += [
        _("“{owner}” is not on the roster; those cards have no owner yet.", owner=name) for name in done.strangers
    ]
    return Reply(escape("\n".join(lines)), private=True)
