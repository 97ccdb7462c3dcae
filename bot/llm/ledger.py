"""The books on a model: what was asked and what it cost, the day's budget, answers that need not be asked for again."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from bot.db import Database
from bot.llm import store
from bot.llm.model import Call
from bot.settings import LlmSettings

log = logging.getLogger("paceline.llm")


class Books(Protocol):
    """Where a `Chat` looks before it asks, and writes afterwards."""

    def now(self) -> datetime: ...
    def spent(self) -> bool: ...
    def note(self, call: Call) -> None: ...
    def kept(self, digest: str) -> Any: ...
    def keep(self, digest: str, task: str, about: str, body: Any) -> None: ...


class NoBooks:
    """For whoever has no database: nothing is kept, nothing is ever spent."""

    def now(self) -> datetime:
        return datetime.fromtimestamp(0, UTC)

    def spent(self) -> bool:
        return False

    def note(self, call: Call) -> None:
        pass

    def kept(self, digest: str) -> Any:
        return None

    def keep(self, digest: str, task: str, about: str, body: Any) -> None:
        pass


class Ledger:
    """The books of a workspace, in its database. A day is one of the settings' time zone.

    What cannot be written, since the database is locked or full, is left out: the answer counts for more.
    """

    def __init__(
        self, db: Database, workspace: int, settings: LlmSettings, zone: ZoneInfo, now: Callable[[], datetime]
    ) -> None:
        self._db, self._workspace, self._settings, self._zone = db, workspace, settings, zone
        self.now = now

    def spent(self) -> bool:
        """Whether the day's budget is."""
        budget, most = self._settings.daily_budget, self._settings.daily_tokens
        if not budget and not most:
            return False
        with self._db.read() as db:
            money, used = store.spent(db, self._workspace, today(self.now(), self._zone))
        return bool((budget and money >= budget) or (most and used >= most))

    def note(self, call: Call) -> None:
        self._write(lambda db: store.note(db, self._workspace, call))

    def kept(self, digest: str) -> Any:
        with self._db.read() as db:
            return store.kept(db, self._workspace, digest)

    def keep(self, digest: str, task: str, about: str, body: Any) -> None:
        self._write(lambda db: store.keep(db, self._workspace, digest, task, about, body, self.now()))

    def _write(self, write: Callable[[Any], None]) -> None:
        try:
            with self._db.begin() as db:
                write(db)
        except Exception as fault:
            log.warning("the model's books could not be written: %s", type(fault).__name__)


def today(now: datetime, zone: ZoneInfo) -> datetime:
    """When the day began."""
    return datetime.combine(now.astimezone(zone).date(), time(), zone).astimezone(UTC)
