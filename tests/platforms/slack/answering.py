"""What happens to a request: mishaps, the token, scopes, limits, then the method itself."""

import asyncio
import socket
import struct
import time
from collections.abc import Callable

from aiohttp import web

from . import chat, directory, uploads, views
from .calls import Call, read_call
from .deeds import Deeds
from .directory import Method
from .limits import Gate, Limits
from .mishaps import Mishap, Script
from .refusal import Refusal
from .signing import Courier
from .things import Json
from .world import APP, BOT, BOT_USER, TEAM

SCOPES = (
    "app_mentions:read channels:history channels:join channels:read chat:write commands files:read files:write "
    "groups:history groups:read im:history im:read im:write users:read users:read.email"
)
READS = {"im": "im", "group": "groups", "channel": "channels"}
KINDS = {"public_channel": "channels:read", "private_channel": "groups:read", "im": "im:read", "mpim": "mpim:read"}
METHODS: dict[str, tuple[str, Method]] = {  # method -> the scope that it needs, what it does
    "chat.postMessage": ("chat:write", chat.post_message),
    "chat.postEphemeral": ("chat:write", chat.post_ephemeral),
    "chat.update": ("chat:write", chat.update),
    "chat.delete": ("chat:write", chat.delete),
    "conversations.open": ("im:write", directory.open_conversation),
    "conversations.history": ("*:history", directory.history),
    "conversations.replies": ("*:history", directory.replies),
    "conversations.info": ("*:read", directory.info),
    "conversations.list": ("channels:read", directory.list_conversations),
    "conversations.members": ("*:read", directory.members),
    "conversations.join": ("channels:join", directory.join),
    "users.list": ("users:read", directory.list_users(True)),
    "users.info": ("users:read", directory.user_info(True)),
    "users.lookupByEmail": ("users:read.email", directory.lookup),
    "views.open": ("", views.open_view),
    "views.push": ("", views.push),
    "views.update": ("", views.update),
    "views.publish": ("", views.publish),
    "files.getUploadURLExternal": ("files:write", uploads.upload_url),
    "files.completeUploadExternal": ("files:write", uploads.complete),
    "files.info": ("files:read", uploads.info),
}
NAMELESS: dict[str, Method] = {"users.list": directory.list_users(False), "users.info": directory.user_info(False)}
BROKEN = "<!DOCTYPE html><html><body>We're very sorry, but Slack is having trouble.</body></html>"


class Answering(Deeds):
    """Answers HTTP requests. `calls` is what came; `refusals` when, what and where was refused with which wait."""

    @property
    def socket_url(self) -> str:
        """Where websockets connect."""
        raise NotImplementedError

    def __init__(
        self,
        bot_token: str,
        app_token: str,
        limits: Limits | None,
        latency: float,
        now: Callable[[], float],
        courier: Courier | None,
    ) -> None:
        super().__init__(now, courier)
        self.bot_token, self.app_token, self.latency = bot_token, app_token, latency
        self.scopes = set(SCOPES.split())
        self.gate, self.script = Gate(limits), Script()
        self.calls: list[Call] = []
        self.refusals: list[tuple[float, str, str, int]] = []
        self._open: list[web.Request] = []
        self._closing = asyncio.Event()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer one call of a method."""
        self._open.append(request)
        try:
            return await self._answer(request)
        finally:
            self._open = [other for other in self._open if other is not request]

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        if self._down:
            return reset(request)
        try:
            call = await read_call(request, time.monotonic())
        except Refusal as refusal:
            return web.json_response(refusal.body())
        self.calls.append(call)
        await asyncio.sleep(self.latency)
        mishap = self.script.next(call.method)
        if mishap and not mishap.how.startswith("post-"):
            return await self.go_wrong(request, call, mishap)
        response = self._do(call)
        if mishap:
            call.outcome = mishap.how
            return await self._silent(request) if mishap.how == "post-then-hang" else reset(request)
        return reset(request) if self._down else response

    def _do(self, call: Call) -> web.Response:
        try:
            with self.lock:
                body, headers = self._result(call)
        except Refusal as refusal:
            return self._refuse(call, refusal)
        call.outcome = "ok"
        self.emitted.append(("api", call.method, body))
        return web.json_response(body, headers=headers)

    def _refuse(self, call: Call, refusal: Refusal) -> web.Response:
        call.outcome = refusal.error
        if refusal.retry_after:
            self.refusals.append((call.at, call.method, self._chat(call), refusal.retry_after))
        self.emitted.append(("api", call.method, refusal.body()))
        self.tell("refused", (call, refusal))
        return web.json_response(refusal.body(), status=refusal.status, headers=refusal.headers)

    def _result(self, call: Call) -> tuple[Json, dict[str, str]]:
        if call.method not in METHODS and call.method not in ("auth.test", "apps.connections.open"):
            raise Refusal("unknown_method")
        app = self._admit(call)
        self.gate.enter(call.method, self._chat(call), call.at)
        if call.method == "apps.connections.open":
            return {"ok": True, "url": f"{self.socket_url}?ticket={self.sockets.ticket()}&app_id={APP}"}, {}
        granted = {} if app else {"x-oauth-scopes": ",".join(sorted(self.scopes))}
        if call.method == "auth.test":
            return self._who(app), granted
        scope, method = METHODS[call.method]
        self._permit(call, scope)
        if "users:read.email" not in self.scopes:
            method = NAMELESS.get(call.method, method)
        return method(self, call), granted

    def _admit(self, call: Call) -> bool:
        """Whether it is the app's own token; raises when the token is not the right one."""
        if not call.token:
            raise Refusal("not_authed")
        app = call.token == self.app_token
        if not app and call.token != self.bot_token:
            raise Refusal("invalid_auth")
        if not app and self.token_fault:
            raise Refusal(self.token_fault)
        if call.method != "auth.test" and app != (call.method == "apps.connections.open"):
            raise Refusal("not_allowed_token_type")
        return app

    def _chat(self, call: Call) -> str:
        """The channel whose limit a call touches: that of the direct messages, when it names a person."""
        user = self.users.get(call.channel)
        return self.dm_id(user) if user else call.channel

    def _who(self, app: bool) -> Json:
        body: Json = {"ok": True, "team_id": TEAM}
        if app:
            return body | {"app_name": "Paceline", "app_id": APP}
        body |= {"url": f"https://{self.domain}.slack.invalid/", "team": "Paceline", "user": self.bot.name}
        return body | {"user_id": BOT_USER, "bot_id": BOT, "is_enterprise_install": False}

    def _permit(self, call: Call, scope: str) -> None:
        channel = self.channels.get(call.channel)
        needed = [scope.replace("*", READS[channel.kind] if channel else "channels")] if scope else []
        if call.method == "conversations.list":
            needed = [KINDS[kind] for kind in (call.text("types") or "public_channel").split(",") if kind in KINDS]
        if missing := [one for one in needed if one not in self.scopes]:
            raise Refusal("missing_scope", needed=missing[0], provided=",".join(sorted(self.scopes)))

    async def go_wrong(self, request: web.Request, call: Call, mishap: Mishap) -> web.StreamResponse:
        call.outcome = mishap.how
        refusal = mishap.refusal()
        if refusal is not None:
            self.gate.shut(call.method, self._chat(call), refusal.retry_after, call.at)
            return self._refuse(call, refusal)
        if mishap.how == "500":
            return web.Response(status=500, text=BROKEN, content_type="text/html")
        if mishap.how == "html":
            return web.Response(text=BROKEN, content_type="text/html")
        return await self._silent(request) if mishap.how == "hang" else reset(request)

    async def _silent(self, request: web.Request) -> web.StreamResponse:
        """Say nothing until the other side, or the test, has enough."""
        while request.transport is not None and not self._closing.is_set():
            await asyncio.sleep(0.02)
        return reset(request)


def reset(request: web.Request) -> web.Response:
    """Cut the connection at once; what is returned never arrives."""
    if request.transport is not None:
        cut = request.transport.get_extra_info("socket")
        # No lingering: the other side sees a reset, not an end.
        cut.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response()
