"""What happens to a request: mishaps, the token, limits, then the method itself."""

import asyncio
import socket
import struct
import time
from collections.abc import Callable
from typing import Any

from aiohttp import web

from . import media, methods, settings
from .calls import Call, read_call
from .limits import EDITS, SENDS, Gate, Limits
from .mishaps import Mishap, Script
from .people import People
from .polling import Line
from .refusal import Refusal
from .world import World

METHODS: dict[str, Callable[[World, Call], Any]] = {
    "getme": methods.get_me,
    "sendmessage": methods.send_message,
    "editmessagetext": methods.edit_text,
    "editmessagecaption": methods.edit_caption,
    "editmessagereplymarkup": methods.edit_markup,
    "editmessagemedia": media.edit_media,
    "deletemessage": methods.delete_message,
    "answercallbackquery": methods.answer_press,
    "setmessagereaction": methods.react,
    "pinchatmessage": methods.pin,
    "sendphoto": media.send_photo,
    "senddocument": media.send_document,
    "sendmediagroup": media.send_album,
    "getfile": media.get_file,
    "getchat": settings.get_chat,
    "getchatmember": settings.get_chat_member,
    "sendchataction": settings.send_action,
    "leavechat": settings.leave_chat,
    "setmycommands": settings.set_commands,
    "getmycommands": settings.get_commands,
    "deletemycommands": settings.delete_commands,
}
HTML_502 = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body>\r\n</html>\r\n"


class Answering(People):
    """Answers HTTP requests. `calls` is what came, `refusals` what was refused and how."""

    def __init__(
        self, token: str, username: str, limits: Limits | None, latency: float, now: Callable[[], float]
    ) -> None:
        super().__init__(username, int(token.partition(":")[0]), now)
        self.token, self.latency = token, latency
        self.gate, self.script, self.line = Gate(limits), Script(), Line(self.queue, now)
        self.calls: list[Call] = []
        self.refusals: list[tuple[Call, Refusal]] = []
        self._down = False
        self._open: list[web.Request] = []
        self._closing = asyncio.Event()

    async def answer(self, request: web.Request) -> web.Response:
        """Answer one call of a method."""
        self._open.append(request)
        try:
            return await self._answer(request)
        finally:
            self._open = [other for other in self._open if other is not request]

    async def _answer(self, request: web.Request) -> web.Response:
        if self._down:
            return reset(request)
        try:
            self._admit(request)
            call = await read_call(request, time.monotonic())
        except Refusal as refusal:
            return web.json_response(refusal.body(), status=refusal.code)
        self.calls.append(call)
        await asyncio.sleep(self.latency)
        mishap = self.script.next(call.method, call.chat)
        if mishap and not mishap.how.startswith("post-"):
            return await self._go_wrong(request, call, mishap)
        response = await self._do(call)
        if mishap:
            call.outcome = mishap.how
            return await self._silent(request) if mishap.how == "post-then-hang" else reset(request)
        return reset(request) if self._down else response

    def _admit(self, request: web.Request) -> None:
        token = request.match_info["token"]
        number, _, secret = token.partition(":")
        if not number.isdigit() or len(secret) != 35:
            raise Refusal(404, "Not Found")
        if token != self.token:
            raise Refusal(401, "Unauthorized")

    async def _do(self, call: Call) -> web.Response:
        try:
            result = await self._result(call)
        except Refusal as refusal:
            call.outcome = refusal.description
            self.refusals.append((call, refusal))
            self.tell("refused", (call, refusal))
            return web.json_response(refusal.body(), status=refusal.code)
        call.outcome = "ok"
        return web.json_response({"ok": True, "result": result})

    async def _result(self, call: Call) -> Any:
        method = call.method.lower()
        if method == "getupdates":
            return await self.line.get_updates(call)
        with self.lock:
            if method == "setwebhook":
                return self.line.set_webhook(call)
            if method == "deletewebhook":
                return self.line.delete_webhook(call)
            if method == "getwebhookinfo":
                return self.line.info()
            if method not in METHODS:
                raise Refusal(404, "Not Found")
            self._count(call)
            return METHODS[method](self, call)

    def _count(self, call: Call) -> None:
        """Let a call pass the limits, or refuse it."""
        method = call.method.lower()
        self.gate.open(method, call.chat, call.at)
        if method in SENDS | EDITS and call.chat in self.chats:
            many = len(call.json("media") or [1]) if method == "sendmediagroup" else 1
            self.gate.spend(method, call.chat, self.chats[call.chat].shared, call.at, many)

    async def _go_wrong(self, request: web.Request, call: Call, mishap: Mishap) -> web.Response:
        call.outcome = mishap.how
        refusal = mishap.refusal()
        if mishap.how == "502":
            return web.Response(status=502, text=HTML_502, content_type="text/html")
        if mishap.how == "hang":
            return await self._silent(request)
        if refusal is None:
            return reset(request)
        if refusal.code == 429:
            wait = refusal.parameters["retry_after"]
            self.gate.shut(call.method.lower(), call.chat, wait, time.monotonic())
        self.refusals.append((call, refusal))
        return web.json_response(refusal.body(), status=refusal.code)

    async def _silent(self, request: web.Request) -> web.Response:
        """Say nothing until the other side, or the test, has enough."""
        while request.transport is not None and not self._closing.is_set():
            await asyncio.sleep(0.02)
        return reset(request)

    async def download(self, request: web.Request) -> web.Response:
        """Hand out a file by the path that getFile gave."""
        if self._down:
            return reset(request)
        mishap = self.script.next("download")
        if mishap:
            return await self._go_wrong(request, Call("download", {}), mishap)
        for file in self.files.values():
            if file.path == request.match_info["path"] and request.match_info["token"] == self.token:
                return web.Response(body=file.data, content_type="application/octet-stream")
        return web.json_response(Refusal(404, "Not Found").body(), status=404)


def reset(request: web.Request) -> web.Response:
    """Cut the connection at once; what is returned never arrives."""
    if request.transport is not None:
        cut = request.transport.get_extra_info("socket")
        # No lingering: the other side sees a reset, not an end.
        cut.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response()
