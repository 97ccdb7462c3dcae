"""`POST /crm/push`: where a CRM sends its rows, each request signed; `bot.crm.push.signing` says how."""

import asyncio
import logging
import re
import time
from collections.abc import Sequence
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.app import App
from bot.crm.push.service import AGAIN, Answer, Pushed, take
from bot.crm.push.signing import Signature
from prompts import words

log = logging.getLogger("paceline.push")

PATH = "/crm/push"
MOST = 8 * 1024 * 1024  # bytes of a body
SLOW = 30  # seconds in which a body has to be here
AT_ONCE = 4  # batches that are taken or wait their turn: threads are for pages too


class Refused(Exception):
    """The request goes no further. Carries the answer."""

    def __init__(self, status: int, why: str, again: int = 0) -> None:
        super().__init__(why)
        self.answer = Answer(status, {"error": why}, again)


class Push:
    """The way in for pushes; without a secret there is none."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._under_way = 0
        self._told = float("-inf")  # when a refusal was logged last

    def routes(self) -> Sequence[BaseRoute]:
        return [Route(PATH, self._push, methods=["POST"])] if self._app.settings.push_secret else []

    async def _push(self, request: Request) -> Response:
        try:
            answer = await self._take(await self._received(request))
        except Refused as refused:
            answer = refused.answer
            self._note(answer.status)
        except ClientDisconnect:
            return Response(status_code=400)
        headers = {"Retry-After": str(answer.again)} if answer.again else {}
        return JSONResponse(answer.body, answer.status, headers)

    async def _received(self, request: Request) -> Pushed:
        """The batch, once its signature was found good. Raises `Refused`."""
        _, headers = words(self._app.settings.language), request.headers
        timestamp, claimed = headers.get("x-paceline-timestamp", ""), headers.get("x-paceline-signature", "")
        signature = Signature(self._app.settings.push_secret, timestamp, claimed)
        if not signature.timely(self._app.now()):
            raise Refused(401, _("The request is not signed, or its time is more than five minutes off."))
        batch = headers.get("idempotency-key", "")
        if not re.fullmatch(r"[\x21-\x7e]{0,200}", batch):
            raise Refused(400, _("An Idempotency-Key has at most 200 letters, digits and signs, and no spaces."))
        try:
            body = await asyncio.wait_for(self._body(request, signature), SLOW)
        except TimeoutError:
            raise Refused(408, _("The body did not come within {n} seconds.", n=SLOW)) from None
        if not signature.good():
            raise Refused(401, _("The signature does not fit the body and the secret."))
        return Pushed(body, signature.claimed, batch)

    async def _body(self, request: Request, signature: Signature) -> bytes:
        _, body = words(self._app.settings.language), bytearray()
        length = request.headers.get("content-length", "0")
        too_large = Refused(413, _("The body is larger than {n} MB. Send fewer rows at a time.", n=MOST // 1024**2))
        if not length.isdecimal() or int(length) > MOST:
            raise too_large
        async for chunk in request.stream():
            if len(body) + len(chunk) > MOST:
                raise too_large
            body += chunk
            signature.update(chunk)
        return bytes(body)

    async def _take(self, pushed: Pushed) -> Answer:
        """In a thread; the event loop is for everybody."""
        app = self._app
        if self._under_way >= AT_ONCE:
            _ = words(app.settings.language)
            raise Refused(429, _("Too many batches at once. Send one after the other."), AGAIN)
        self._under_way += 1
        try:
            zone, language = app.settings.timezone, app.settings.language
            taking = partial(take, app.db, app.workspace, pushed, app.now(), zone=zone, language=language)
            return await run_in_threadpool(taking)
        finally:
            self._under_way -= 1

    def _note(self, status: int) -> None:
        """Say in the log that requests are refused, now and then: a sender whose secret is wrong never stops."""
        if time.monotonic() - self._told > 60:
            self._told = time.monotonic()
            log.warning("a push was refused with %d", status)
