"""The web server: all pages behind one guard, `/healthz`, and errors that say the next step."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.app import App
from bot.chat import Ear
from bot.chat.web import server as chat_server
from bot.chat.web.adapter import WebChat
from bot.chat.web.desk import Commands, Desk
from bot.web import kpi, library, minutes, push, todos
from bot.web.frame import HERE, Frame
from bot.web.guard import Guard, host_name, request_id
from bot.web.pages import LINKS, PAGES, Forbidden, Missing, Page
from bot.web.push import Push
from bot.web.say import Say
from bot.web.sign_in import SignIn

log = logging.getLogger("paceline.web")
Checks = Callable[[], Mapping[str, str]]
_PAGES: Mapping[str, Page] = {**PAGES, **library.PAGES, **kpi.PAGES, **minutes.PAGES, todos.PAGE: todos.todos}


def build(
    app: App,
    ear: Ear,
    chat: WebChat,
    commands: Commands,
    checks: Checks = dict,
    platforms: Sequence[BaseRoute] = (),
) -> Starlette:
    """All that the browser sees, and what `platforms` call us at, which they sign.

    `checks` names what is broken, with a sentence each; nothing means well.
    """
    frame = Frame(app, [chat_server.TEMPLATES], LINKS)
    sign_in = SignIn(app, frame)
    desk = Desk(chat, ear, sign_in.who, commands, frame.page, sign_in.signed_out)
    routes: list[BaseRoute] = [
        Route("/", lambda _: RedirectResponse("/chat", 303)),
        Route("/healthz", _health(checks)),
        Mount("/static", StaticFiles(directory=HERE / "static"), name="static"),
        *sign_in.routes(),
        *chat_server.routes(desk),
        *platforms,
        *(Route(path, _page(app, frame, sign_in, page)) for path, page in _PAGES.items()),
        Route("/todos.ics", todos.calendar(app, sign_in.who)),
        *Say(app, desk, frame, [library.AREA, todos.AREA, minutes.AREA, *kpi.AREAS]).routes(),
        *Push(app).routes(),
    ]
    errors = Errors(frame, sign_in)
    signed = frozenset(route.path for route in platforms if isinstance(route, Route)) | {push.PATH}
    guard = Middleware(Guard, hosts=_hosts(app), base_url=app.settings.base_url, broken=errors.broken, signed=signed)
    return Starlette(routes=routes, middleware=[guard], exception_handlers={HTTPException: errors.refused})


def _hosts(app: App) -> set[str]:
    public = urlsplit(app.settings.base_url).hostname or ""
    return {"localhost", "127.0.0.1", "::1", host_name(app.settings.host), public} - {""}


def _health(checks: Checks) -> Callable[[Request], Response]:
    def health(request: Request) -> Response:
        broken = dict(checks())
        body = {"status": "failing", "failing": broken} if broken else {"status": "ok"}
        return JSONResponse(body, 503 if broken else 200)

    return health


def _page(app: App, frame: Frame, sign_in: SignIn, page: Page) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:
        who = sign_in.who(request)
        if who is None:
            return sign_in.signed_out(request)
        try:
            shown = page(app, who, {**request.query_params, **request.path_params})
        except Forbidden as refused:
            return frame.page(request, who, "error.html", {"status": 403, "why": str(refused), "request": ""}, 403)
        except Missing:
            raise HTTPException(404) from None
        return frame.page(request, who, shown.template, shown.values)

    return endpoint


class Errors:
    """Pages for what went wrong, JSON for scripts; both name the request, so that its log lines can be found."""

    def __init__(self, frame: Frame, sign_in: SignIn) -> None:
        self.frame = frame
        self.sign_in = sign_in

    async def refused(self, request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return await run_in_threadpool(self._answer, request, status)

    async def broken(self, request: Request) -> Response:
        return await run_in_threadpool(self._answer, request, 500)

    def _answer(self, request: Request, status: int) -> Response:
        if "text/html" not in request.headers.get("accept", ""):
            return JSONResponse({"error": "", "request": request_id.get()}, status)
        try:
            who = self.sign_in.who(request)
        except Exception:  # the database may be what is broken
            who = None
        values = {"status": status, "why": "", "request": request_id.get()}
        return self.frame.page(request, who, "error.html", values, status)


class Server(uvicorn.Server):
    """Stops at once although pages keep a connection open for what may come."""

    def __init__(self, config: uvicorn.Config, chat: WebChat) -> None:
        super().__init__(config)
        self.chat = chat

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to `bot.serve`: uvicorn would raise them again before the rest has stopped."""
        yield

    async def shutdown(self, sockets: Sequence[Any] | None = None) -> None:
        self.chat.bell.close()
        await super().shutdown(list(sockets) if sockets else None)


def serving(web: Starlette, chat: WebChat, host: str, port: int) -> Server:
    """The server, not yet running: `await serving(...).serve()`. It logs through `logging`, and no addresses."""
    config = uvicorn.Config(
        web,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=5,
    )
    return Server(config, chat)
