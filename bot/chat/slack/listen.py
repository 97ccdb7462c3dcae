"""What Slack tells, taken through slack-bolt: stored, then acknowledged, then answered."""

import asyncio
import json
import logging
import re
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat import Ear
from bot.chat.slack.hearing import Hearing
from bot.chat.slack.opening import what
from bot.chat.slack.socket import SocketMode
from bot.errors import ChatError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from bot.chat.slack.adapter import Slack

log = logging.getLogger(__name__)

Json = dict[str, Any]

PATH = "/slack/events"
_ALL = re.compile("")
_FOR_GOOD = "listening"  # what only ends when it is told to
_QUIET = logging.getLogger("paceline.slack-bolt")  # it writes down what people say
_QUIET.setLevel(logging.CRITICAL)
_QUIET.propagate = False


class Listener:
    """The ways in. `refused`: HTTP requests that Slack did not sign, or too long ago; `taken`: the others."""

    def __init__(self, slack: "Slack") -> None:
        self._slack = slack
        self.refused = self.taken = 0
        self._told = float("-inf")  # when a refusal was logged last
        self._tasks: set[asyncio.Task[Any]] = set()
        self._hearing: Hearing | None = None
        self._bot = ""
        settings = slack.settings
        self._socket = SocketMode(slack.api, settings.app_token, self._envelope) if settings.app_token else None
        self._app = AsyncApp(
            name="slack-bolt",  # it sets the level of the logger of that name, and ours must speak
            logger=_QUIET,
            signing_secret=settings.signing_secret or "none",
            client=AsyncWebClient(base_url=settings.api_url, logger=_QUIET, retry_handlers=[]),
            authorize=self._authorize(),
            process_before_response=True,  # what was heard is stored before it is acknowledged
            ignoring_self_events_enabled=False,
            attaching_function_token_enabled=False,
        )
        for listen, listener in (
            (self._app.event, self._event),
            (self._app.command, self._command),
            (self._app.action, self._action),
            (self._app.view, self._view),
            (self._app.view_closed, self._passed_over),
            (self._app.shortcut, self._shortcut),
        ):
            listen(_ALL)(listener)
        self._app.error(self._failed)

    # its life

    async def start(self, ear: Ear) -> None:
        self._hearing = Hearing(self._slack, ear, self.spawn)
        self.spawn(self._slack.people.keep_matching(), _FOR_GOOD)
        self.spawn(self._learn_name(), _FOR_GOOD)
        if self._socket is not None:
            self.spawn(self._socket.run(), _FOR_GOOD)

    async def stop(self) -> None:
        """End within seconds: what was stored and not answered is answered after the next start."""
        self._hearing = None
        tasks = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in tasks:
            if task.get_name() == _FOR_GOOD:
                task.cancel()
        if tasks:
            _, left = await asyncio.wait(tasks, timeout=3)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    def spawn(self, work: Coroutine[Any, Any, Any], name: str = "an answer") -> None:
        """Run it in the background."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._over)

    def _over(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (fault := task.exception()):
            log.error("slack: %s failed: %s", task.get_name(), what(fault))

    async def _learn_name(self) -> None:
        """Who we are in this workspace."""
        pause = 1.0
        while not self._bot:
            try:
                self._bot = str((await self._slack.api.call("auth.test")).get("user_id") or "")
            except ChatError as fault:
                log.warning("slack: %s", fault)
                await asyncio.sleep(fault.retry_after or pause)
                pause = min(pause * 2, 60.0)

    def broken(self) -> Mapping[str, str]:
        found = {}
        if self._socket is not None and self._socket.trouble:
            found["socket"] = self._socket.trouble
        if self.refused and not self.taken:
            found["signature"] = (
                f"{self.refused} requests to {PATH} were not signed with our secret. "
                "Copy the Signing Secret from the app's Basic Information page to PACELINE_SLACK_SIGNING_SECRET."
            )
        return found

    # the ways in

    def routes(self) -> "Sequence[BaseRoute]":
        from starlette.routing import Route

        return (Route(PATH, self._signed, methods=["POST"]),)

    async def _signed(self, request: "Request") -> "Response":
        from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
        from starlette.responses import Response

        try:
            told = to_async_bolt_request(request, await request.body())
        except ValueError:  # not even text
            return Response(status_code=400)
        answer = await self._app.async_dispatch(told)
        if answer.status == 401:
            self._count_refused()
        else:
            self.taken += 1
        return to_starlette_response(answer)

    def _count_refused(self) -> None:
        self.refused += 1
        if time.monotonic() - self._told > 60:
            self._told = time.monotonic()
            log.warning("slack: a request was refused, its signature or its time does not fit; %s so far", self.refused)

    async def _envelope(self, kind: str, payload: Json, envelope: Json) -> Json | None:
        told = AsyncBoltRequest(mode="socket_mode", body=payload)
        answer = await self._app.async_dispatch(told)
        if answer.status != 200:
            return None
        return json.loads(answer.body) if answer.body and answer.body.startswith("{") else {}

    def _authorize(self) -> Callable[..., Awaitable[AuthorizeResult]]:
        """Bolt wants to know whose request it is; an internal app lives in one workspace."""

        async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
            token = self._slack.settings.bot_token
            return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_user_id=self._bot, bot_token=token)

        return authorize

    async def _failed(self, error: Exception, body: Json) -> BoltResponse:
        """Not acknowledged, so that Slack tells it again. Nothing of what people said goes into the log."""
        log.error("slack: something told could not be kept: %s", what(error))
        return BoltResponse(status=503, body="")

    def _ready(self) -> Hearing:
        if self._hearing is None:
            raise RuntimeError("not listening")
        return self._hearing

    # what bolt hands on

    async def _event(self, body: Json) -> None:
        hearing = self._ready()
        if not self._bot:
            self._bot = next((a["user_id"] for a in body.get("authorizations") or () if a.get("is_bot")), "")
        await hearing.event(body, self._bot)

    async def _command(self, body: Json, ack: AsyncAck) -> None:
        await self._ready().command(body)
        await ack()

    async def _action(self, body: Json, ack: AsyncAck) -> None:
        await self._ready().press(body, self._bot)
        await ack()

    async def _shortcut(self, body: Json, ack: AsyncAck) -> None:
        await self._ready().point(body, self._bot)
        await ack()

    async def _view(self, body: Json, ack: AsyncAck) -> None:
        await ack(**await self._ready().submit(body))

    async def _passed_over(self, ack: AsyncAck) -> None:
        await ack()
