"""The smallest app that can live in this Slack, for the tests of Slack itself."""

import asyncio
import json
from typing import Any, Self
from urllib.parse import parse_qs

from aiohttp import web
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from .server import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, Slack
from .things import Json


class SmallApp:
    """Hears everything and acknowledges it, unless it is `deaf` so many times, with what `answers` holds by type."""

    def __init__(self, slack: Slack) -> None:
        self.slack = slack
        self.web = AsyncWebClient(BOT_TOKEN, base_url=slack.url, timeout=5, retry_handlers=[])
        self.heard: list[Json] = []
        self.requests: list[SocketModeRequest] = []
        self.answers: dict[str, Json] = {}
        self.deaf = 0

    async def __aenter__(self) -> Self:
        self.client = SocketModeClient(APP_TOKEN, web_client=AsyncWebClient(base_url=self.slack.url), ping_interval=0.2)
        self.client.socket_mode_request_listeners.append(self._hear)
        before = len(self.slack.sockets.open)
        await self.client.connect()
        await self.slack.until(lambda: len(self.slack.sockets.open) > before)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.close()

    async def _hear(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        self.requests.append(request)
        if self.deaf > 0:
            self.deaf -= 1
            return
        answer = self._answer(request.payload)
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, answer))

    def _answer(self, payload: Json) -> Json | None:
        self.heard.append(payload)
        return self.answers.get(payload.get("type", "command"))

    @property
    def events(self) -> list[str]:
        """The types of the events that were heard."""
        return [payload["event"]["type"] for payload in self.heard if "event" in payload]


class SmallWebApp(SmallApp):
    """The same over HTTP, at `url`. `slow`: seconds before it answers; `status` of its answers; `headers` as heard."""

    def __init__(self, slack: Slack) -> None:
        super().__init__(slack)
        self.headers: list[dict[str, str]] = []
        self.slow, self.status = 0.0, 200

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/slack", self._receive)
        self.runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()
        assert self.slack.courier
        self.slack.courier.url = f"http://127.0.0.1:{self.runner.addresses[0][1]}/slack"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.runner.cleanup()

    async def _receive(self, request: web.Request) -> web.Response:
        body, headers = await request.read(), dict(request.headers)
        self.headers.append(headers)
        if not SignatureVerifier(SIGNING_SECRET).is_valid_request(body, headers):
            return web.Response(status=401)
        await asyncio.sleep(self.slow)
        if self.status != 200:
            return web.Response(status=self.status)
        payload = _read(body, request.content_type)
        if payload.get("type") == "url_verification":
            return web.Response(text=payload["challenge"])
        answer = self._answer(payload)
        return web.json_response(answer) if answer else web.Response()


def _read(body: bytes, content_type: str) -> Any:
    if content_type == "application/json":
        return json.loads(body)
    fields = {name: values[0] for name, values in parse_qs(body.decode(), keep_blank_values=True).items()}
    return json.loads(fields["payload"]) if "payload" in fields else fields
