"""What every handler and job is given: the parts of the running bot, and a voice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.chat import Platform
from bot.db import Connection, Database
from bot.library.shelf import Shelf
from bot.llm.chat import Chat
from bot.llm.ledger import Ledger
from bot.message import Place, Reply
from bot.outbox import store as outbox
from bot.outbox.model import Delivery, Say
from bot.settings import Settings
from bot.work import Work


@dataclass(frozen=True, slots=True)
class App:
    """`now` is the only clock: aware UTC. `workspace` is the one that this process serves; `platforms`: those that
    are connected, beside the chat page. `shelf` holds the library's search; `work` begins
    long jobs; `model` is the language model, None when none is configured."""

    settings: Settings
    db: Database
    now: Callable[[], datetime]
    workspace: int = 1
    platforms: Sequence[Platform] = ()
    shelf: Shelf = field(init=False)
    work: Work = field(init=False)
    model: Chat | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "shelf", Shelf(self.db, self.workspace, self.settings))
        object.__setattr__(self, "work", Work(self.settings, self.now))
        object.__setattr__(self, "model", self._model())

    def _model(self) -> Chat | None:
        if self.settings.llm is None:
            return None
        books = Ledger(self.db, self.workspace, self.settings.llm, self.settings.timezone, self.now)
        return Chat(self.settings.llm, books=books)

    def say(
        self,
        db: Connection,
        place: Place,
        reply: Reply,
        key: str,
        *,
        under: str = "",
        expires: datetime | None = None,
    ) -> bool:
        """Say something once, after the commit of `db`; False when `key` was said before.

        `under`: the key of the message in whose thread it goes. `expires`: pointless after that, so not sent.
        """
        return self.say_all(db, [Say(place, reply, key, under, expires)]) == 1

    def say_all(self, db: Connection, says: Sequence[Say]) -> int:
        """Say many things at once; how many were new."""
        return outbox.put(db, self.workspace, says, self.now())

    def edit(self, db: Connection, key: str, reply: Reply) -> bool:
        """Make what was said with `key` read as `reply`; False when nothing changes."""
        return outbox.edit(db, self.workspace, key, reply, self.now())

    def delivered(self, db: Connection, keys: Sequence[str]) -> dict[str, Delivery]:
        """How the messages of these keys stand; keys that were never said are absent."""
        return outbox.deliveries(db, self.workspace, keys)
