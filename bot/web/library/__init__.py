"""The library's pages: to browse, read, write and review its cards, to see what is missing and what is used."""

from collections.abc import Mapping

from bot.web.library.keeping import gaps, usage
from bot.web.library.pages import CARD, browse, card
from bot.web.pages import Page

PAGES: Mapping[str, Page] = {"/library": browse, CARD: card, "/library/gaps": gaps, "/library/usage": usage}
