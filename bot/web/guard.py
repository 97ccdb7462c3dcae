"""What stands before every page: an id for the request, hosts and origins that are ours, headers."""

import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Collection
from contextvars import ContextVar
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

request_id: ContextVar[str] = ContextVar("request_id", default="")
log = logging.getLogger("paceline.web")

Broken = Callable[[Request], Awaitable[Response]]

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
SAFE = ("GET", "HEAD", "OPTIONS")


class RequestIds(logging.Filter):
    """Puts `request_id` on every log record; it tells requests apart and names nobody."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


class Guard:
    """Lets in what comes to one of `hosts` and, where it changes something, from a page of the same origin.

    The first keeps out names that were pointed at this machine by others (DNS rebinding), the second
    forms of other sites. `base_url` is the address before a proxy, where that differs from the Host header.
    `broken` is the answer where a page failed; it is made here so that it has the request's id and these headers.
    `signed`: paths where no browser comes, whose callers prove who they are by a signature.
    """

    def __init__(
        self,
        app: ASGIApp,
        hosts: Collection[str],
        base_url: str,
        broken: Broken,
        signed: Collection[str] = (),
    ) -> None:
        self.app = app
        self.signed = signed
        self.broken = broken
        self.hosts = frozenset(host.lower() for host in hosts)
        self.base_url = base_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        mine = request_id.set(secrets.token_hex(8))
        status = 0

        async def guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _put(MutableHeaders(scope=message), scope["path"])
            await send(message)

        try:
            await (self._refusal(scope) or self.app)(scope, receive, guarded)
        except Exception:
            log.exception("a page failed")
            if status:
                raise  # half of it is sent: cut the connection, so that nobody takes it for the whole
            await (await self.broken(Request(scope)))(scope, receive, guarded)
        finally:
            _note(scope, status, time.perf_counter() - started)
            request_id.reset(mine)

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        if scope["path"] in self.signed:
            return None
        headers = Headers(scope=scope)
        if host_name(headers.get("host", "")) not in self.hosts:
            return PlainTextResponse("This address is not one that Paceline answers to.\n", 400)
        if scope["method"] not in SAFE and not self._same_origin(headers):
            return PlainTextResponse("This came from another site, so nothing was done.\n", 403)
        return None

    def _same_origin(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        if origin is None:  # not a browser, or an old one on a page of ours
            return headers.get("sec-fetch-site", "none") in ("none", "same-origin")
        return origin == self.base_url or urlsplit(origin).netloc == headers.get("host")


def host_name(host: str) -> str:
    """The name in a Host header without its port; "" when it cannot be one."""
    try:
        found = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
    return "" if set(host) & set("/?#@\\") else found


def _put(headers: MutableHeaders, path: str) -> None:
    headers["X-Request-Id"] = request_id.get()
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("Cache-Control", "no-cache" if "/static/" in path else "no-store")


def _note(scope: Scope, status: int, seconds: float) -> None:
    """One line a request, by the name of its route: paths hold tokens and people."""
    route = getattr(scope.get("route"), "path", "-")
    level = logging.DEBUG if route == "/healthz" else logging.INFO
    log.log(level, "%s %s %d in %.0f ms", scope["method"], route, status, seconds * 1000)
