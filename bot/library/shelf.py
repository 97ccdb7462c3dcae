"""The library's search as the running bot holds it: made when something is first asked."""

from functools import cached_property
from typing import TYPE_CHECKING

from bot.db import Database
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.library.search import Search


class Shelf:
    """`search` loads the model and the index; nothing of them is needed before. `looked`: what the clock last saw."""

    def __init__(self, db: Database, workspace: int, settings: Settings) -> None:
        self._db, self._workspace, self._settings = db, workspace, settings
        self.looked: object = None

    @cached_property
    def search(self) -> "Search":
        from bot.library import embed
        from bot.library.search import Search

        far = self._settings.embed
        encoder = embed.Remote(far.url, far.key, far.model) if far else embed.local()
        return Search(self._db, self._workspace, self._settings.home, encoder)
