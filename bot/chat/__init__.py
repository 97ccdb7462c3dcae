"""Talking to people: one room a platform, all behind the same small protocol.

An adapter turns our `Reply` into the platform's dialect and what people do there into our `Message`.
It knows no capability but `team`, no other adapter, and keeps no promise about delivery: the outbox does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.message import Message, Place, Reply

if TYPE_CHECKING:
    from starlette.routing import BaseRoute


@dataclass(frozen=True, slots=True)
class Limits:
    """What a platform takes: at most `count` messages in `seconds`, for everything sent and for one chat.

    A pair (count, seconds); several hold at once. `group` holds for shared chats, beside `chat`.
    """

    overall: tuple[tuple[int, float], ...] = ()
    chat: tuple[tuple[int, float], ...] = ()
    group: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """What `paceline doctor` found out about a platform. `state` is ok, warning or fault; `mend`: what to do."""

    state: str
    detail: str
    mend: str = ""


class Chat(Protocol):
    """One platform, as the delivery pump sees it. Every call may raise `ChatError`."""

    platform: str
    limits: Limits

    def shared(self, chat: str) -> bool:
        """Whether several people read this chat."""
        ...

    async def send(self, place: Place, reply: Reply, key: str) -> str:
        """Post a new message; its id on the platform. `key` is unique to it and must be kept with it there."""
        ...

    async def edit(self, place: Place, sent: str, reply: Reply) -> None:
        """Make the message whose id is `sent` read as `reply`. Editing to what it says already is no error."""
        ...

    async def find(self, place: Place, key: str) -> str | None:
        """The id of the message that was sent with `key`, if the platform shows one; None when it has none.

        Asked after a send whose acknowledgement was lost, before it is sent again. Raises `NotImplementedError`
        where a platform cannot tell.
        """
        ...


class Platform(Chat, Protocol):
    """A platform outside this process, with a life of its own."""

    async def start(self, ear: "Ear") -> None:
        """Begin to listen, in the background: a platform that is down now is tried again and stops nothing."""
        ...

    async def stop(self) -> None:
        """Stop listening, within seconds."""
        ...

    def routes(self) -> "Sequence[BaseRoute]":
        """What the web server answers for it: signed events, a webhook. Empty where it listens by itself."""
        ...

    def broken(self) -> Mapping[str, str]:
        """What is wrong just now, by a short name, a sentence each."""
        ...

    def invitation(self, code: str) -> str:
        """What somebody opens or sends, to be known here by this code; "" where people are found without one."""
        ...

    async def check(self) -> Sequence[Check]:
        """Ask the platform whether all is set up, for `paceline doctor`. Needs no `start`."""
        ...


class Ear(Protocol):
    """What an adapter hands the things it hears to. All calls are safe to repeat."""

    async def about(self, platform: str, chat: str, sent: str) -> str:
        """The key of our message that has this id there; "" when it is none of ours."""
        ...

    async def moved(self, platform: str, chat: str, to: str) -> None:
        """A chat goes on under another id: what waits for it, and whose place it is, move along."""
        ...

    async def hear(self, message: Message) -> bool:
        """Store what was heard under the platform's own id; False when it was stored before.

        Only after this returned may the adapter acknowledge to the platform.
        """
        ...

    async def answer(self, message: Message) -> Reply | None:
        """Let the handlers answer. The words are on their way through the outbox when this returns; what comes
        back is for the asker's screen alone: a reply with a `form` to open now, the page that a message heard as
        "home" asked for, or None.

        Raises `FormError` when the submitted form must stay open with the faults beside its fields.
        """
        ...
