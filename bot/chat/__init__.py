"""Talking to people: one room a platform, all behind the same small protocol.

An adapter turns our `Reply` into the platform's dialect and what people do there into our `Message`.
It knows no capability but `team`, no other adapter, and keeps no promise about delivery: the outbox does.
"""

from typing import Protocol

from bot.message import Message, Place, Reply


class Chat(Protocol):
    """One platform, as the delivery pump sees it. Every call may raise `ChatError`."""

    platform: str

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


class Ear(Protocol):
    """What an adapter hands the things it hears to. Both calls are safe to repeat."""

    async def hear(self, message: Message) -> bool:
        """Store what was heard under the platform's own id; False when it was stored before.

        Only after this returned may the adapter acknowledge to the platform.
        """
        ...

    async def answer(self, message: Message) -> Reply | None:
        """Let the handlers answer. The words are on their way through the outbox when this returns; what comes
        back is for the asker's screen alone: a reply with a `form` to open now, or None.

        Raises `FormError` when the submitted form must stay open with the faults beside its fields.
        """
        ...
