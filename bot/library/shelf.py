"""The library's search as the running bot holds it: made when something is first asked."""

from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

from bot.db import Database
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.library.search import Search


class Shelf:
    """`search` loads the model and the index; nothing of them is needed before. `looked`: what the clock last saw."""

    def __init__(self, db: Database, workspace: int, settings: Settings) -> None:
        self.workspace = workspace
        self.looked: object = None
        self._db, self._settings = db, settings
        self._search: Search | None = None
        self._lock = Lock()  # of two threads that ask first, one loads

    @cached_property
    def search(self) -> "Search":
        with self._lock:
            self._search = self._search or self._loaded()
            return self._search

    def _loaded(self) -> "Search":
        from bot.library import embed
        from bot.library.search import Search

        far = self._settings.embed
        encoder = embed.Remote(far.url, far.key, far.model) if far else embed.local()
        return Search(self._db, self.workspace, self._settings.home, encoder)
