"""The Slack that tests hold in their hands."""

import asyncio
import time
from collections.abc import Callable

from aiohttp import web

from tests.platforms.living import Living

from .answering import reset
from .delivery import Delivery
from .doors import Doors
from .limits import Limits, Report
from .mishaps import Mishap
from .signing import Courier, sign, written
from .sockets import Socket
from .things import Json

BOT_TOKEN, APP_TOKEN, SIGNING_SECRET = "xoxb-paceline-test", "xapp-paceline-test", "paceline-test-secret"
REAL_LIMITS = Limits()


class Slack(Living, Doors):
    """A Slack of one's own: `async with Slack() as slack:` in the running loop, `with` in a thread of its own.

    `request_url` sends what happens there, signed; without it Socket Mode is used. `limits` None takes any number of
    calls. `latency`: seconds before each call is heeded. `ack_within`: seconds for an acknowledgement; `again_after`:
    how long until an event is tried again, each time. `now` stamps the messages. `port` 0 takes a free one.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        bot_token: str = BOT_TOKEN,
        app_token: str = APP_TOKEN,
        request_url: str = "",
        signing_secret: str = SIGNING_SECRET,
        limits: Limits | None = REAL_LIMITS,
        latency: float = 0,
        ack_within: float = 3,
        again_after: tuple[float, ...] = (0.1, 60, 300),
        now: Callable[[], float] = time.time,
    ) -> None:
        courier = Courier(request_url, signing_secret) if request_url else None
        super().__init__(bot_token, app_token, limits, latency, now, courier)
        self.port, self.signing_secret = port, signing_secret
        self.line.again_after = again_after
        self.ack_within = ack_within

    # What a program needs to know.

    @property
    def url(self) -> str:
        """What a program takes for https://slack.com/api/."""
        return f"{self.files_url}/api/"

    @property
    def files_url(self) -> str:
        """Where files and response urls are."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def socket_url(self) -> str:
        """Where websockets connect."""
        return f"ws://127.0.0.1:{self.port}/link/"

    # What goes wrong on purpose.

    def misbehave(self, method: str, how: str, times: int = 1, after: int = 0) -> None:
        """Let the next `times` calls of a method ("*": any; "upload", "download") go wrong, once `after` went well.

        `how`: "429:<seconds>", "500", "html" (200, with a page), "hang" (never answers), "drop" (cuts the connection),
        "post-then-drop" and "post-then-hang" (does the thing, and nobody hears of it), "error:<slack error>".
        """
        self.script.mishaps.append(Mishap(method, how, times, after))

    @property
    def down(self) -> bool:
        """While it is, every connection is reset and nothing is delivered."""
        return self._down

    @down.setter
    def down(self, down: bool) -> None:
        self._down = down
        if down:
            self._soon(self._cut)

    def _cut(self) -> None:
        self.sockets.cut()
        for request in list(self._open):
            reset(request)

    @property
    def ack_within(self) -> float:
        """Seconds in which the app must acknowledge what is delivered."""
        return self.sockets.within

    @ack_within.setter
    def ack_within(self, seconds: float) -> None:
        self.sockets.within = seconds
        if self.courier:
            self.courier.within = seconds

    def disconnect(self, reason: str = "refresh_requested", which: Socket | None = None) -> None:
        """Ask the sockets to go: "warning" only warns; the others close them a moment later."""
        self._soon(lambda: asyncio.ensure_future(self.sockets.disconnect(reason, which)))

    # What came of it.

    def report(self) -> Report:
        """How fast messages came, and which requests came before their Retry-After was over."""
        return self.gate.report()

    @property
    def deliveries(self) -> list[Delivery]:
        """All that was sent to the app."""
        return self.line.all

    # Requests that somebody else might make.

    async def forge(self, payload: Json, how: str = "forged", kind: str = "events_api") -> tuple[int, str]:
        """Post to the request URL; status and text. `how`: good, forged, unsigned, tampered or old (six minutes)."""
        assert self.courier, "there is no request URL"
        body, content_type = written(kind, payload)
        secret = "somebody else's secret" if how == "forged" else self.courier.secret
        headers = sign(secret, body, time.time() - (360 if how == "old" else 0))
        if how == "unsigned":
            headers = {}
        if how == "tampered":
            body += b" "
        status, text, _ = await self.courier.post(body, {"Content-Type": content_type, **headers})
        return status, text

    async def verify(self) -> bool:
        """Check the request URL, as Slack does when it is entered."""
        challenge = {"token": "verification", "challenge": "say-this", "type": "url_verification"}
        status, text = await self.forge(challenge, "good")
        return status == 200 and "say-this" in text

    # Its life.

    def _routes(self, app: web.Application) -> None:
        app.router.add_route("*", "/api/{method}", self.answer)
        app.router.add_get("/link/", self.link)
        app.router.add_post("/upload/v1/{file}", self.receive)
        app.router.add_get("/files-pri/{file}/{name:.+}", self.download)
        app.router.add_post("/hooks/{reply}", self.hook)

    def _begin(self) -> None:
        self.line.open()

    async def _end(self) -> None:
        await self.line.close()
        await self.sockets.close()
