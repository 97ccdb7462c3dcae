"""Socket Mode: envelopes over websockets, each to one of those that are open."""

import asyncio
import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from .delivery import Attempt, Delivery, failed
from .things import Json
from .world import APP

MOST = 10
ENVELOPES = {"events_api": False, "slash_commands": True, "interactive": True}  # whether an answer may come along


@dataclass(eq=False)
class Socket:
    """A connection of the app. `leaving`: it was told to go, and gets nothing new. `sent`, `heard`: all that passed."""

    ws: web.WebSocketResponse
    transport: asyncio.Transport | None
    number: int
    leaving: bool = False
    sent: list[Json] = field(default_factory=list)
    heard: list[Json] = field(default_factory=list)

    async def say(self, body: Json) -> None:
        self.sent.append(body)
        await self.ws.send_str(json.dumps(body))


class Sockets:
    """All connections. `within`: seconds for an acknowledgement. `deaf`: what is acknowledged is not noticed."""

    def __init__(self) -> None:
        self.within = 3.0
        self.deaf = False
        self.open: list[Socket] = []
        self.all: list[Socket] = []
        self.debug_info = {"host": "applink-1", "build_number": 1, "approximate_connection_time": 18060}
        self._tickets: set[str] = set()
        self._acks: dict[str, asyncio.Future[Any]] = {}
        self._turn = 0

    def ticket(self) -> str:
        """A ticket that is good for one connection."""
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return ticket

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection, from hello to its end."""
        if request.query.get("ticket") not in self._tickets:
            return web.Response(status=404, text="unknown ticket")
        self._tickets.discard(request.query["ticket"])
        ws = web.WebSocketResponse(heartbeat=10)
        await ws.prepare(request)
        socket = Socket(ws, request.transport, len(self.all) + 1)
        self.all.append(socket)
        if len(self.open) >= MOST:
            await socket.say({"type": "disconnect", "reason": "too_many_websockets", "debug_info": self.debug_info})
            return ws
        try:
            info: Json = {"num_connections": len(self.open) + 1, "debug_info": self.debug_info}
            await socket.say({"type": "hello", **info, "connection_info": {"app_id": APP}})
            self.open.append(socket)
            await self._listen(socket)
        finally:
            self.open = [other for other in self.open if other is not socket]
        return ws

    async def _listen(self, socket: Socket) -> None:
        async for message in socket.ws:
            if message.type != WSMsgType.TEXT:
                continue
            try:
                heard = json.loads(message.data)
            except ValueError:
                continue
            socket.heard.append(heard)
            ack = self._acks.get(heard.get("envelope_id", ""))
            if ack and not ack.done() and not self.deaf:
                ack.set_result(heard.get("payload"))

    async def carry(self, delivery: Delivery) -> Attempt:
        """Try once to deliver, to whichever connection's turn it is."""
        ready = [socket for socket in self.open if not socket.leaving and not socket.ws.closed]
        if not ready:
            return failed("timeout")
        self._turn += 1
        socket = ready[self._turn % len(ready)]
        at, envelope_id = time.monotonic(), secrets.token_hex(12)
        self._acks[envelope_id] = asyncio.get_running_loop().create_future()
        try:
            await socket.say(self._envelope(delivery, envelope_id))
            response = await asyncio.wait_for(self._acks[envelope_id], self.within)
        except (TimeoutError, OSError):
            return Attempt(at, "timeout")
        finally:
            del self._acks[envelope_id]
        return Attempt(at, "ok", response)

    def _envelope(self, delivery: Delivery, envelope_id: str) -> Json:
        more: Json = {"accepts_response_payload": ENVELOPES[delivery.kind]}
        if delivery.kind == "events_api":
            more |= {"retry_attempt": delivery.number, "retry_reason": delivery.reason}
        return {"envelope_id": envelope_id, "payload": delivery.payload, "type": delivery.kind, **more}

    async def disconnect(self, reason: str = "refresh_requested", which: Socket | None = None) -> None:
        """Tell connections to go; unless it is a mere warning, they are closed a moment later."""
        for socket in [which] if which else list(self.open):
            await socket.say({"type": "disconnect", "reason": reason, "debug_info": self.debug_info})
            if reason != "warning":
                socket.leaving = True
                asyncio.get_running_loop().call_later(0.2, self._end, socket)

    def _end(self, socket: Socket) -> None:
        task = asyncio.ensure_future(socket.ws.close())
        self._ending = task

    def cut(self) -> None:
        """Cut all connections without a word."""
        for socket in list(self.open):
            if socket.transport is not None:
                socket.transport.abort()

    async def close(self) -> None:
        """Close all connections."""
        await asyncio.gather(*(socket.ws.close() for socket in list(self.open)), return_exceptions=True)
