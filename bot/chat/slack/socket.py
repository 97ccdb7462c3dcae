"""Socket Mode: Slack's envelopes over websockets that we open, so that nobody has to reach us from outside.

slack_sdk's client asks for a new address only after it was told to, and then tries one ticket for ever; it also logs
what it receives. This one opens the next connection before it lets the last one go, so that nothing falls in between.
"""

import asyncio
import json
import logging
import random
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp

from bot.chat.slack.api import Api
from bot.errors import ChatError

log = logging.getLogger(__name__)

Json = dict[str, Any]
Handle = Callable[[str, Json, Json], Awaitable[Json | None]]

LONGEST_PAUSE = 30.0  # seconds between two tries
HEARTBEAT = 15.0
OPENING = 15.0
_OFF = "Socket Mode is switched off. Turn it on in the app's settings, or set PACELINE_SLACK_SIGNING_SECRET instead."


class SocketMode:
    """Connections of `token`. `handle` is given an envelope's payload, its kind and what it says of being sent again,
    and gives what to acknowledge it with, or None for no acknowledgement.

    `trouble`: why there is no connection; "" while there is one, or none was tried yet.
    """

    def __init__(self, api: Api, token: str, handle: Handle) -> None:
        self._api, self._token, self._handle = api, token, handle
        self.trouble = ""
        self._serving: set[asyncio.Task[None]] = set()
        self._working: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Keep a connection open until cancelled."""
        pause = 0.5
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=5)
        async with aiohttp.ClientSession(timeout=timeout, proxy=self._api.proxy) as session:
            try:
                while True:
                    try:
                        ws = await asyncio.wait_for(self._open(session), OPENING)
                    except (ChatError, aiohttp.ClientError, OSError, TimeoutError) as fault:
                        self.trouble = self.trouble if self.trouble == _OFF else _why(fault)
                        log.warning("slack socket: %s", _why(fault))
                        wait = fault.retry_after if isinstance(fault, ChatError) and fault.retry_after else pause
                        await asyncio.sleep(wait * random.uniform(0.8, 1.2))
                        pause = min(pause * 2, LONGEST_PAUSE)
                        continue
                    if await self._until_leaving(ws):
                        pause = 0.5
                    else:  # it was closed before it said hello
                        await asyncio.sleep(pause)
                        pause = min(pause * 2, LONGEST_PAUSE)
            finally:
                await self._close()

    async def _open(self, session: aiohttp.ClientSession) -> aiohttp.ClientWebSocketResponse:
        body = await self._api.call("apps.connections.open", token=self._token)
        return await session.ws_connect(body["url"], heartbeat=HEARTBEAT, max_msg_size=16 * 2**20)

    async def _until_leaving(self, ws: aiohttp.ClientWebSocketResponse) -> bool:
        """Serve a connection until another one should be opened; it is served on while Slack keeps it. Whether it
        was a good one."""
        leaving, greeted = asyncio.Event(), asyncio.Event()
        task = asyncio.create_task(self._serve(ws, leaving, greeted))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)
        task.add_done_callback(lambda _: leaving.set())
        await leaving.wait()
        return greeted.is_set()

    async def _serve(self, ws: aiohttp.ClientWebSocketResponse, leaving: asyncio.Event, greeted: asyncio.Event) -> None:
        async with ws:
            async for received in ws:
                if received.type is not aiohttp.WSMsgType.TEXT:
                    continue
                try:
                    envelope = json.loads(received.data)
                except ValueError:
                    continue
                kind = envelope.get("type")
                if kind == "hello":
                    self.trouble = ""
                    greeted.set()
                elif kind == "disconnect":
                    if envelope.get("reason") == "link_disabled":
                        self.trouble = _OFF
                    leaving.set()
                elif envelope.get("envelope_id"):
                    task = asyncio.create_task(self._take(ws, envelope))
                    self._working.add(task)
                    task.add_done_callback(self._working.discard)

    async def _take(self, ws: aiohttp.ClientWebSocketResponse, envelope: Json) -> None:
        answer = await self._handle(str(envelope.get("type")), envelope.get("payload") or {}, envelope)
        if answer is None:
            return
        ack = {"envelope_id": envelope["envelope_id"]} | ({"payload": answer} if answer else {})
        try:
            await ws.send_str(json.dumps(ack))
        except (ConnectionError, aiohttp.ClientError):  # it is sent again, and known by its id
            log.info("slack socket: an acknowledgement could not be sent")

    async def _close(self) -> None:
        """Let what was received be stored and acknowledged, then end all connections."""
        if self._working:
            await asyncio.wait(self._working, timeout=1.5)
        for task in (*self._working, *self._serving):
            task.cancel()
        await asyncio.gather(*self._working, *self._serving, return_exceptions=True)


def _why(fault: BaseException) -> str:
    """What keeps us from being connected, and what to do where we know."""
    if isinstance(fault, ChatError):
        return f"Socket Mode cannot connect. {fault}".replace("PACELINE_SLACK_BOT_TOKEN", "PACELINE_SLACK_APP_TOKEN")
    return f"Socket Mode cannot connect ({type(fault).__name__}). Trying again."
