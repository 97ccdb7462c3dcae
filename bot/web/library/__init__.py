"""The library's pages: to browse, read, write and review its cards, to see what is missing and what is used."""

import re
from collections.abc import Mapping

from bot.app import App
from bot.library.store import cards, stand
from bot.team.model import Person
from bot.web.library.keeping import gaps, usage
from bot.web.library.pages import CARD, browse, card
from bot.web.pages import Page
from bot.web.say import Area

PAGES: Mapping[str, Page] = {"/library": browse, CARD: card, "/library/gaps": gaps, "/library/usage": usage}


def _stand(app: App) -> int:
    with app.db.read() as db:
        return stand(db, app.workspace)[0]


def _written(app: App, who: Person, before: int) -> str:
    """The page of the one card that somebody wrote since then."""
    with app.db.read() as db:
        found = cards(db, app.workspace, since=before)
    mine = [card.id for card in found if card.changed_by == who.id]
    return f"{CARD}?id={mine[0]}" if len(mine) == 1 else ""


AREA = Area(
    re.compile(r"/(?:card|talktrack)(?: [^\r\n]{1,300})?"),
    re.compile(r"/library(?:/gaps|/usage|/card\?id=\d{1,15})?"),
    _stand,
    _written,
)
