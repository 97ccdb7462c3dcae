"""Calls of Slack's Web API, on one session with as little work a call as can be.

slack_sdk's client costs several times as much a call, and resends by itself; a message must not.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from yarl import URL

from bot.chat.slack.refusals import refused
from bot.errors import ChatError

log = logging.getLogger(__name__)

Json = dict[str, Any]

TIMEOUT = 10.0  # seconds for any answer; shorter than the outbox holds a lane
_WRITTEN = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_FORM = ("conversations.", "users.", "files.getU", "files.info")  # these take no JSON, but for `open`


@dataclass(frozen=True, slots=True)
class Answer:
    """`scopes`: what the token may do. `date`: Slack's clock."""

    body: Json
    scopes: frozenset[str]
    date: datetime | None


class Api:
    """Slack as `token` may use it. `wrong`: why it takes nothing from us; "" when it did, or was not asked yet.

    Every call may raise `ChatError`: `unsure` when the request was sent and no answer could be read.
    """

    def __init__(self, url: str, token: str) -> None:
        self.url, self.wrong = url, ""
        self._token = token
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json; charset=utf-8"}
        self.proxy = _proxy(url)
        self._urls: dict[str, URL] = {}
        self._session: aiohttp.ClientSession | None = None
        self._busy, self._ending = 0, False

    @property
    def session(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=100, keepalive_timeout=15),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=TIMEOUT, sock_connect=5),
                proxy=self.proxy,
            )
        return self._session

    async def end(self) -> None:
        """Close the session once nothing is on its way; whoever still has something to say may."""
        self._ending = True
        if not self._busy:
            await self.close()

    async def close(self) -> None:
        """Close the session at once."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def call(self, method: str, token: str = "", **args: Any) -> Json:
        """The body of the answer to a call; arguments that are None are left out."""
        return (await self._answer(method, token, args))[0]

    async def ask(self, method: str, token: str = "", **args: Any) -> Answer:
        """The whole answer to a call. `token`: another than the bot's."""
        body, told = await self._answer(method, token, args)
        scopes = frozenset(filter(None, told.get("x-oauth-scopes", "").replace(" ", "").split(",")))
        return Answer(body, scopes, _date(told.get("Date", "")))

    async def _answer(self, method: str, token: str, args: Json) -> tuple[Json, Mapping[str, str]]:
        """The body and the headers of the answer to a call."""
        given = {name: value for name, value in args.items() if value is not None}
        if method.startswith(_FORM) and method != "conversations.open":
            headers = {"Authorization": self._headers["Authorization"]}
            data: Any = {
                name: str(value).lower() if isinstance(value, bool) else value for name, value in given.items()
            }
        else:
            headers, data = self._headers, _WRITTEN(given).encode("utf-8", "replace")
        if token:
            headers = headers | {"Authorization": f"Bearer {token}"}
        status, told, raw = await self._post(method, headers, data)
        if status == 429:
            raise ChatError("Slack asks us to wait.", retry_after=_seconds(told.get("Retry-After", "")))
        body = _body(status, raw)
        if body is None or not isinstance(body.get("ok"), bool):
            raise ChatError(f"Slack answered {method} with {status} and nothing readable.", unsure=True)
        if not body["ok"]:
            fault = refused(method, body)
            if fault.locked_out and not token:
                self.wrong = str(fault)
            raise fault
        if not token:
            self.wrong = ""
        return body, told

    async def _post(self, method: str, headers: Mapping[str, str], data: Any) -> tuple[int, Mapping[str, str], bytes]:
        url = self._urls.get(method) or self._urls.setdefault(method, URL(self.url + method))
        self._busy += 1
        try:
            async with self.session.post(url, data=data, headers=headers, allow_redirects=False) as answer:
                return answer.status, answer.headers, await answer.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as fault:
            raise ChatError(f"Slack cannot be reached ({type(fault).__name__}).") from fault
        except (aiohttp.ClientError, TimeoutError, OSError) as fault:
            raise ChatError(f"Slack gave no answer to {method} ({type(fault).__name__}).", unsure=True) from fault
        finally:
            self._busy -= 1
            if self._ending and not self._busy:
                await self.close()

    async def pages(self, method: str, what: str, most: int = 1000, **args: Any) -> AsyncIterator[list[Json]]:
        """The lists named `what`, page by page. Waits where Slack asks for it."""
        cursor: str | None = None
        for _page in range(most):
            try:
                body = await self.call(method, cursor=cursor, **args)
            except ChatError as fault:
                if fault.retry_after is None:
                    raise
                await asyncio.sleep(fault.retry_after)
                continue
            yield body.get(what) or []
            cursor = (body.get("response_metadata") or {}).get("next_cursor") or None
            if not cursor:
                return


def _body(status: int, raw: bytes) -> Json | None:
    if status >= 500:
        return None
    try:
        body = json.loads(raw)
    except ValueError:  # a page of HTML, or cut short
        return None
    return body if isinstance(body, dict) else None


def _seconds(text: str) -> float:
    return float(text) if text.isdecimal() else 30.0


def _date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None


def _proxy(url: str) -> str | None:
    """What the environment says, asked once."""
    parts = urlsplit(url)
    if not parts.hostname or proxy_bypass(parts.hostname):
        return None
    return getproxies().get(parts.scheme)
