"""The Telegram that tests hold in their hands."""

import asyncio
import time
from collections.abc import Callable

import aiohttp
from aiohttp import web

from tests.platforms.living import Living

from .answering import Answering, reset
from .limits import Limits, Report
from .mishaps import Mishap
from .polling import Delivery, post_update
from .things import Json

REAL_LIMITS = Limits()
TOKEN = "123456789:AAFakeFakeFakeFakeFakeFakeFakeFake0"


class Telegram(Living, Answering):
    """A Telegram of one's own: `async with Telegram() as telegram:` in the running loop, `with` in a thread of its own.

    `limits` None takes any number of messages. `latency`: seconds before each call is heeded. `now` gives messages
    their date, in seconds since 1970. `port` 0 takes a free one.
    """

    def __init__(
        self,
        *,
        token: str = TOKEN,
        username: str = "paceline_bot",
        port: int = 0,
        limits: Limits | None = REAL_LIMITS,
        latency: float = 0,
        now: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(token, username, limits, latency, now)
        self.port = port
        self.queue.wake = self._ring

    # What a program needs to know.

    @property
    def url(self) -> str:
        """What a program takes for https://api.telegram.org."""
        return f"http://127.0.0.1:{self.port}"

    # What goes wrong on purpose.

    def misbehave(self, method: str, how: str, times: int = 1, after: int = 0, chat: int = 0) -> None:
        """Let the next `times` calls of a method ("*": any; "download": of files) go wrong, once `after` went well.
        `chat`: only those about this chat.

        `how`: "429:<seconds>", "500", "502" (a page of HTML), "hang" (never answers), "drop" (cuts the connection),
        "post-then-drop" and "post-then-hang" (does the thing, and nobody hears of it), "error:<code>:<description>".
        """
        self.script.mishaps.append(Mishap(method, how, times, after, chat))

    @property
    def limits(self) -> Limits | None:
        """How much it takes; None takes everything."""
        return self.gate.limits

    @limits.setter
    def limits(self, limits: Limits | None) -> None:
        self.gate.limits = limits

    @property
    def down(self) -> bool:
        """While it is, every connection is reset."""
        return self._down

    @down.setter
    def down(self, down: bool) -> None:
        self._down = down
        if down:
            self._soon(lambda: [reset(request) for request in list(self._open)])

    def revoke(self, token: str) -> None:
        """The bot has another token from now on."""
        self.token = token

    # What came of it.

    def report(self) -> Report:
        """How fast messages came, and which requests came before their retry_after was over."""
        return self.gate.report()

    @property
    def deliveries(self) -> list[Delivery]:
        """Every try to deliver an update to the webhook."""
        return self.line.deliveries

    async def forge(self, update: Json, secret: str | None = None, url: str = "") -> int:
        """Post an update to the webhook as somebody who is not Telegram would; the status."""
        async with aiohttp.ClientSession() as client:
            return (await post_update(client, url or self.line.target(), update, secret))[0]

    # Its life.

    def _routes(self, app: web.Application) -> None:
        app.router.add_route("*", "/bot{token:[^/]+}/{method}", self.answer)
        app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", self.download)

    def _begin(self) -> None:
        self.line.reopen()
        self._delivering = asyncio.create_task(self.line.deliver())

    async def _end(self) -> None:
        self.line.close()
        self._delivering.cancel()
        await asyncio.gather(self._delivering, return_exceptions=True)

    def _ring(self) -> None:
        self._soon(self.line.ring)
