"""Small programs that stand in for what tests cannot have: a clock set by hand, a chat that keeps what it is sent."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.chat import Limits
from bot.errors import ChatError
from bot.message import Place, Reply


@dataclass
class Clock:
    """Tells the time it was set to."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class FakeChat:
    """A platform in memory. `blind`: it cannot be asked what it has. `fails`: errors to raise, one a call, before it
    works again. `deaf`: it posts, then loses the acknowledgement, as often as that."""

    platform: str = "web"
    limits: Limits = field(default_factory=Limits)
    posts: dict[str, tuple[Place, Reply, str]] = field(default_factory=dict)
    edits: list[tuple[str, Reply]] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)
    deaf: int = 0
    blind: bool = False

    def shared(self, chat: str) -> bool:
        return chat.startswith("team-")

    async def send(self, place: Place, reply: Reply, key: str) -> str:
        self._fail()
        sent = str(len(self.posts) + 1)
        self.posts[sent] = (place, reply, key)
        if self.deaf:
            self.deaf -= 1
            raise ChatError("the acknowledgement was lost", unsure=True)
        return sent

    async def edit(self, place: Place, sent: str, reply: Reply) -> None:
        self._fail()
        self.edits.append((sent, reply))
        where, _old, key = self.posts[sent]
        self.posts[sent] = (where, reply, key)

    async def find(self, place: Place, key: str) -> str | None:
        if self.blind:
            raise NotImplementedError
        return next((sent for sent, (_, _, other) in self.posts.items() if other == key), None)

    def _fail(self) -> None:
        if self.fails:
            raise self.fails.pop(0)
