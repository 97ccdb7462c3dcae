"""What is no method: websockets, uploads, downloads, and the urls to answer at."""

import json
import time

from aiohttp import web

from .answering import Answering, reset
from .calls import Call, read_call
from .things import Json

LOGIN = "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in to your workspace</body></html>"
USES, LIFETIME = 5, 1800  # of a response_url; seconds


class Doors(Answering):
    """Answers HTTP requests that are no calls of methods."""

    async def link(self, request: web.Request) -> web.StreamResponse:
        """A websocket of Socket Mode."""
        return reset(request) if self._down else await self.sockets.connect(request)

    async def receive(self, request: web.Request) -> web.StreamResponse:
        """The bytes of an upload, as the body or as the one part of a form."""
        call = Call("upload", dict(request.query), at=time.monotonic())
        mishap = self.script.next("upload")
        self.calls.append(call)
        if self._down or (mishap and not mishap.how.startswith("post-")):
            return reset(request) if self._down or not mishap else await self.go_wrong(request, call, mishap)
        file = self.files.get(request.match_info["file"])
        data = await _uploaded(request)
        if file is None or len(data) != file.size:
            return web.Response(status=400 if file else 404, text="BAD REQUEST")
        file.data = data
        return reset(request) if mishap else web.Response(text=f"OK - {len(data)}")

    async def download(self, request: web.Request) -> web.StreamResponse:
        """A file by its url_private; whoever may not have it gets the sign-in page, with status 200."""
        if self._down:
            return reset(request)
        call = await read_call(request, time.monotonic())
        mishap = self.script.next("download")
        if mishap:
            return await self.go_wrong(request, call, mishap)
        file = self.files.get(request.match_info["file"].partition("-")[2])
        if call.token != self.bot_token or self.token_fault or "files:read" not in self.scopes:
            return web.Response(text=LOGIN, content_type="text/html")
        if file is None or not file.done:
            return web.Response(status=404, text="not found")
        return web.Response(body=file.data, content_type="application/octet-stream")

    async def hook(self, request: web.Request) -> web.StreamResponse:
        """A message posted to a response_url."""
        reply = self.replies.get(f"{self.files_url}{request.path}")
        if self._down or reply is None:
            return reset(request) if self._down else web.Response(status=404, text="no_service")
        body = json.loads(await request.text())
        self.calls.append(Call("response_url", body, at=time.monotonic()))
        if reply.used >= USES or time.monotonic() - reply.at > LIFETIME:
            error = "used_url" if reply.used >= USES else "expired_url"
            return web.json_response({"ok": False, "error": error}, status=404)
        reply.used += 1
        with self.lock:
            self._reply(body, reply.channel, reply.user, reply.ts)
        return web.Response(text="ok")

    def _reply(self, body: Json, channel_id: str, user: str, ts: str) -> None:
        channel = self.channels[channel_id]
        about = next((m for m in self.messages if m.channel is channel and m.ts == ts), None)
        if about and body.get("delete_original"):
            about.deleted = True
        elif about and body.get("replace_original"):
            self.change(about, body.get("text", ""), body.get("blocks", []))
        else:
            only = "" if body.get("response_type") == "in_channel" else user
            thread = body.get("thread_ts", "")
            self.post(channel, self.bot, body.get("text", ""), body.get("blocks", []), only=only, thread_ts=thread)


async def _uploaded(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    for value in (await request.post()).values():
        if isinstance(value, web.FileField):
            return value.file.read()
    return b""
