"""Slack as the outbox sees it: `send`, `edit`, `find`; and as the server does: `start`, `stop`, `broken`, `check`.

A person's place is their user id. What was sent is known as `D024:1718.0001`, several joined by commas when a long text
took several messages; `~C024:1718.0001` is for one person's eyes and cannot be changed any more.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.chat import Check, Ear, Limits
from bot.chat.slack import checks, files, longer, shape
from bot.chat.slack.api import Api
from bot.chat.slack.people import People
from bot.chat.slack.refusals import Refused
from bot.chat.slack.seek import Seek
from bot.db import Database
from bot.errors import ChatError
from bot.message import Place, Reply
from bot.settings import SlackSettings

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from bot.chat.slack.listen import Listener

log = logging.getLogger(__name__)

Json = dict[str, Any]

BETWEEN = 1.05  # seconds between two messages to a chat
_ELSEWHERE = ("channel_not_found", "not_in_channel", "user_not_in_channel", "is_archived")


class Slack:
    """One workspace, through its internal app."""

    platform = "slack"

    def __init__(
        self, settings: SlackSettings, db: Database, workspace: int, folder: Path, now: Callable[[], datetime]
    ) -> None:
        self.settings, self.db, self.workspace, self.now = settings, db, workspace, now
        self.folder = folder / "slack"
        self.limits = Limits(overall=((settings.per_minute, 60.0),), chat=((1, 1.0),))
        self.api = Api(settings.api_url, settings.bot_token)
        self.people = People(self.api, db, workspace)
        self._listener: Listener | None = None
        self._seek = Seek(self.api)

    def shared(self, chat: str) -> bool:
        return not chat.startswith(("U", "W", "D"))

    def invitation(self, code: str) -> str:
        return ""  # people are found by their address

    # what is said

    async def send(self, place: Place, reply: Reply, key: str) -> str:
        """Post a message. A failure after its first part leaves it in doubt: `find` gives what stands there."""
        if place.only and self.shared(place.chat):
            return await self._whisper(place, reply, key)
        parts = shape.bodies(reply, self.folder)
        sent: list[str] = []
        try:
            for number, body in enumerate(parts):
                if number:
                    await asyncio.sleep(BETWEEN)
                    body = shape.under(body, sent[0])
                sent.append(await self._post(place, body, {"key": key} | ({"part": number} if number else {})))
        except ChatError as fault:
            if not sent:
                raise self._of_person(place, fault) from fault
            raise ChatError(f"Only a part was sent: {fault}", unsure=True) from fault
        if reply.pictures:
            await files.show(self.api, sent[-1].partition(":")[0], _ts(place.thread), reply.pictures)
        return ",".join(sent)

    async def _post(self, place: Place, body: Json, payload: Json) -> str:
        metadata = {"event_type": "paceline", "event_payload": payload}
        answer = await self.api.call(
            "chat.postMessage",
            channel=place.chat,
            thread_ts=_ts(place.thread) or None,
            metadata=metadata,
            unfurl_links=False,
            unfurl_media=False,
            **body,
        )
        return f"{answer['channel']}:{answer['ts']}"

    async def _whisper(self, place: Place, reply: Reply, key: str) -> str:
        """For one person's eyes; where the channel does not take it, in their direct messages."""
        sent = ""
        try:
            for body in shape.bodies(reply, self.folder):
                answer = await self.api.call(
                    "chat.postEphemeral",
                    channel=place.chat,
                    user=place.only,
                    thread_ts=_ts(place.thread) or None,
                    **body,
                )
                sent = sent or f"~{place.chat}:{answer['message_ts']}"
        except Refused as fault:
            if sent or not (fault.error in _ELSEWHERE or fault.error in ("user_not_found", "messages_tab_disabled")):
                raise
            return await self.send(Place(self.platform, place.only), reply, key)
        if reply.pictures:
            try:
                await files.show(self.api, await self._seek.direct(place.only), "", reply.pictures)
            except ChatError:
                log.warning("a picture could not be sent; its text was")
        return sent

    def _of_person(self, place: Place, fault: ChatError) -> ChatError:
        """A person whose direct messages cannot be opened is gone; a channel would want an invitation."""
        if isinstance(fault, Refused) and fault.error == "channel_not_found" and not self.shared(place.chat):
            return Refused(fault.error, "Nobody has this Slack account any more. Mend the roster.", gone=True)
        return fault

    async def edit(self, place: Place, sent: str, reply: Reply) -> None:
        """Make it read as `reply`: what grew gets more messages, what shrank loses some."""
        if sent.startswith("~"):
            return
        parts = shape.bodies(reply, self.folder)
        stand = await self._seek.standing(sent, _ts(place.thread), len(parts), len(reply.text))
        for number, body in enumerate(parts):
            if number:
                body = shape.under(body, stand[0])
            if number < len(stand):
                channel, ts = stand[number].split(":")
                await self.api.call("chat.update", channel=channel, ts=ts, **body)
            else:
                await asyncio.sleep(BETWEEN)
                stand.append(await self._post(place, body, {"of": _ts(sent), "part": number}))
                self._seek.grown[sent] = stand
        for surplus in stand[len(parts) :]:
            channel, ts = surplus.split(":")
            await self.api.call("chat.delete", channel=channel, ts=ts)
            stand = stand[:-1] if surplus == stand[-1] else [one for one in stand if one != surplus]
            self._seek.grown[sent] = stand

    async def find(self, place: Place, key: str) -> str | None:
        """The messages that carry `key`. What was whispered into a channel cannot be looked for."""
        whispered = place.only and self.shared(place.chat)
        chat = place.only if whispered else place.chat
        try:
            channel = chat if self.shared(chat) or chat.startswith("D") else await self._seek.direct(chat)
        except Refused as fault:
            raise self._of_person(Place(self.platform, chat), fault) from fault
        parts = await self._seek.sent_with(key, channel, "" if whispered else _ts(place.thread))
        if whispered and not parts:
            raise NotImplementedError
        return ",".join(parts) or None

    # what is heard

    async def start(self, ear: Ear) -> None:
        await asyncio.to_thread(longer.forget, self.folder)
        await self._listening().start(ear)

    async def stop(self) -> None:
        if self._listener is not None:
            await self._listener.stop()
        await self.api.end()

    def routes(self) -> "Sequence[BaseRoute]":
        return self._listening().routes() if not self.settings.app_token else ()

    def _listening(self) -> "Listener":
        from bot.chat.slack.listen import Listener  # slack-bolt takes a while to load, and the doctor needs none of it

        if self._listener is None:
            self._listener = Listener(self)
        return self._listener

    def broken(self) -> Mapping[str, str]:
        found = dict(self._listener.broken()) if self._listener is not None else {}
        if self.api.wrong:
            found["token"] = self.api.wrong
        return found | dict(self.people.broken())

    async def check(self) -> Sequence[Check]:
        try:
            return await checks.check(self)
        finally:
            if self._listener is None:
                await self.api.close()


def _ts(sent: str) -> str:
    """The first timestamp of a sent id, or of a timestamp."""
    return sent.partition(",")[0].rpartition(":")[2]
