"""The library by the clock: cards past their review date, the week's gaps, vectors that are still to be made."""

from collections.abc import Sequence
from datetime import time, timedelta
from typing import TYPE_CHECKING

from bot.app import App
from bot.db import Connection
from bot.errors import BotError
from bot.library import service, store
from bot.library.model import Card, Wanted
from bot.team import service as team
from bot.team.model import Person
from bot.voice import cards as voice
from bot.work import Steps

if TYPE_CHECKING:
    from bot.library.search import Search

MORNING, EVENING = time(9, 0), time(18, 0)
AT_A_TIME = 40  # texts that the clock embeds itself
A_STEP = 256  # texts in one step of long work, some six seconds
CARDS_A_DAY = 3


def review(app: App) -> None:
    """Put cards whose review date has come to their owners, each once, a few a day."""
    with app.db.read() as look:
        tomorrow = (app.now() + timedelta(days=1)).date()  # somewhere it may be tomorrow already
        if not service.due_reviews(look, app.workspace, tomorrow):
            return
    with app.db.begin() as db:
        keeper = service.keeper(db, app.workspace)
        by_owner: dict[int, list[Card]] = {}
        for card in service.due_reviews(db, app.workspace, tomorrow):
            by_owner.setdefault(card.owner_id or 0, []).append(card)
        for owner_id, cards in by_owner.items():
            owner = team.person(db, app.workspace, owner_id) or keeper
            owner = owner if owner and owner.active else keeper
            if owner and team.at_work(db, owner, app.now(), MORNING, EVENING):
                _put(app, db, owner, cards)


def _put(app: App, db: Connection, owner: Person, cards: Sequence[Card]) -> None:
    today, place = owner.today(app.now()), team.place_of(db, owner)
    keys = {f"card-review:{c.id}-{c.review_by}:{owner.id}": c for c in cards if c.review_by and c.review_by <= today}
    said = app.delivered(db, list(keys))
    room = CARDS_A_DAY - sum(one.at is None or owner.local(one.at).date() == today for one in said.values())
    for key in [key for key in keys if key not in said][: max(room, 0)]:
        if place:
            app.say(db, place, voice.review(keys[key], owner.language), key)


def gaps(app: App) -> None:
    """Once a week, tell whoever keeps the library what it has no answer to."""
    with app.db.read() as look:
        if not store.gaps(look, app.workspace):
            return
    with app.db.begin() as db:
        keeper = service.keeper(db, app.workspace)
        place = team.place_of(db, keeper) if keeper else None
        if keeper is None or place is None or not team.at_work(db, keeper, app.now(), MORNING, EVENING):
            return
        year, week, _day = keeper.today(app.now()).isocalendar()
        found = service.gaps(db, app.workspace)
        reply = voice.gaps(found, keeper.language, weekly=True)
        app.say(db, place, reply, f"library-gaps:{year}-W{week:02}:{keeper.id}")


def index(app: App) -> None:
    """Make the vectors of new cards: a few at once, many as long work. Also readies the search before it is asked."""
    now = app.now()
    with app.db.read() as look:
        stand = (store.stand(look, app.workspace), f"{now:%Y%m%d%H}")  # what failed is tried again next hour
        if stand == app.shelf.looked or not store.count(look, app.workspace):
            return
    search = app.shelf.search
    missing = len(search.missing())
    if missing > AT_A_TIME:
        app.work.begin("library.index", f"library-index:{search.model}:{stand[0][0]}:{stand[1]}")
    else:
        search.embed_all()
    search.find(Wanted(""))
    app.shelf.looked = stand


def embed(app: App, steps: Steps) -> None:
    """Long work: the vectors of all cards that have none yet, by the text, so that none is made twice."""
    search = app.shelf.search
    done, left = 0, 1
    while left:
        left = steps.do(f"from {done}", _some, search)
        done += A_STEP
        steps.progress(done, done + left)


def _some(search: "Search") -> int:
    """How many are left after the next few."""
    missing = search.missing()
    made = search.embed(missing[:A_STEP])
    if missing and not made:
        raise BotError(
            "The embedding server does not answer. The library goes on with words; it is tried again in an hour."
        )
    return len(missing) - made
