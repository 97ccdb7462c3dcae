"""How updates reach the bot: it asks and waits (getUpdates), or it is called (a webhook)."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import aiohttp

from .calls import Call
from .refusal import OTHER_POLL, WEBHOOK_ACTIVE, Refusal, bad, conflict
from .things import Json
from .updates import Queue

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
LOOPBACK = ("127.0.0.1", "localhost", "::1")
PORTS = (None, 443, 80, 88, 8443)


@dataclass(frozen=True)
class Delivery:
    """One try to deliver an update to the webhook. `status` 0: nobody answered."""

    update_id: int
    status: int
    at: float


@dataclass
class Line:
    """The way from the queue to the bot. `pauses`: between tries of the webhook, the last one again and again.

    `reroute`: what a webhook's address begins with -> what is called instead, for public addresses.
    """

    queue: Queue
    now: Callable[[], float]
    pauses: tuple[float, ...] = (0.05, 0.1, 0.2, 0.5, 1)
    reroute: dict[str, str] = field(default_factory=dict)
    url: str = ""
    secret: str = ""
    max_connections: int = 40
    deliveries: list[Delivery] = field(default_factory=list)
    error: tuple[float, str] | None = None
    closing: bool = False
    _poll: "asyncio.Event | None" = None
    _ended: dict[int, Refusal] = field(default_factory=dict)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def ring(self) -> None:
        """Something came: whoever waits should look. Only from the server's loop."""
        self._news.set()
        if self._poll:
            self._poll.set()

    def reopen(self) -> None:
        """Be ready for another loop."""
        self.closing, self._news = False, asyncio.Event()

    def close(self) -> None:
        """Send away whoever waits."""
        self.closing = True
        self.ring()

    def end_poll(self, why: str) -> None:
        """The getUpdates that waits now ends with a conflict."""
        if self._poll:
            self._ended[id(self._poll)] = conflict(why)
            self._poll.set()

    async def get_updates(self, call: Call) -> list[Json]:
        if self.url:
            raise conflict(WEBHOOK_ACTIVE)
        self.end_poll(OTHER_POLL)
        if call.json("allowed_updates") is not None:
            self.queue.allowed = call.json("allowed_updates")
        if call.number("offset"):
            self.queue.confirm(call.number("offset"))
        limit = min(max(call.number("limit", 100), 1), 100)
        return await self._wait(limit, min(call.number("timeout"), 50))

    async def _wait(self, limit: int, seconds: float) -> list[Json]:
        loop = asyncio.get_running_loop()
        end, poll = loop.time() + seconds, asyncio.Event()
        self._poll = poll
        try:
            while not (self.queue.pending or self.closing) and (left := end - loop.time()) > 0:
                try:
                    await asyncio.wait_for(poll.wait(), left)
                except TimeoutError:
                    break
                poll.clear()
                if id(poll) in self._ended:
                    raise self._ended[id(poll)]
            return self.queue.pending[:limit]
        finally:
            self._ended.pop(id(poll), None)
            self._poll = None if self._poll is poll else self._poll

    def set_webhook(self, call: Call) -> bool:
        url, secret = call.text("url"), call.text("secret_token")
        if not url:
            return self.delete_webhook(call)
        parts = urlsplit(url)
        if parts.hostname not in LOOPBACK and parts.scheme != "https":
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if parts.hostname not in LOOPBACK and parts.port not in PORTS:
            raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
        if secret and not SECRET.fullmatch(secret):
            raise bad("secret token contains unallowed characters")
        self.url, self.secret, self.error = url, secret, None
        self.max_connections = call.number("max_connections", 40)
        if call.json("allowed_updates") is not None:
            self.queue.allowed = call.json("allowed_updates")
        self._drop(call)
        self.end_poll("terminated by setWebhook request")
        self.ring()
        return True

    def delete_webhook(self, call: Call) -> bool:
        self.url = self.secret = ""
        self._drop(call)
        return True

    def _drop(self, call: Call) -> None:
        if call.flag("drop_pending_updates"):
            self.queue.drop()

    def info(self) -> Json:
        """What getWebhookInfo tells."""
        body: Json = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self.queue.pending),
            "max_connections": self.max_connections,
            "allowed_updates": self.queue.allowed,
        }
        if self.error:
            body |= {"last_error_date": int(self.error[0]), "last_error_message": self.error[1]}
        return body

    async def deliver(self) -> None:
        """Call the webhook until cancelled: several chats at once, the updates of one chat in their order."""
        busy: dict[str, asyncio.Task[None]] = {}
        try:
            async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as client:
                while True:
                    self._news.clear()
                    for update in list(self.queue.pending) if self.url else []:
                        self._begin(client, update, busy)
                    await self._news.wait()
        finally:
            for task in list(busy.values()):
                task.cancel()

    def _begin(self, client: aiohttp.ClientSession, update: Json, busy: dict[str, asyncio.Task[None]]) -> None:
        """Deliver an update if nothing before it in its line is on its way."""
        line = line_of(update)
        if line in busy or len(busy) >= self.max_connections:
            return

        def done(_: object) -> None:
            del busy[line]
            self.ring()

        busy[line] = asyncio.create_task(self._carry(client, update))
        busy[line].add_done_callback(done)

    async def _carry(self, client: aiohttp.ClientSession, update: Json) -> None:
        """Deliver one update, again and again until it is taken."""
        failures = 0
        while self.url and any(update is other for other in self.queue.pending):
            status, after = await post_update(client, self.target(), update, self.secret)
            self.deliveries.append(Delivery(update["update_id"], status, self.now()))
            if 200 <= status < 300:
                self.queue.taken(update)
                break
            why = f"Wrong response from the webhook: {status}" if status else "Connection refused"
            self.error = (self.now(), why)
            await asyncio.sleep(after or self.pauses[min(failures, len(self.pauses) - 1)])
            failures += 1

    def target(self) -> str:
        """What is called for the webhook's address."""
        for start, instead in self.reroute.items():
            if self.url.startswith(start):
                return instead + self.url.removeprefix(start)
        return self.url


def line_of(update: Json) -> str:
    """The line that an update stands in: one for the messages of each chat, others for what happens there."""
    kind = next(key for key in update if key != "update_id")
    body = update[kind]
    # As in the real one, presses do not wait for messages, nor the other way round.
    whose = body["from"]["id"] if kind == "callback_query" else body["chat"]["id"]
    return f"{kind.removeprefix('edited_')} {whose}"


async def post_update(client: aiohttp.ClientSession, url: str, update: Json, secret: str | None) -> tuple[int, float]:
    """Post an update as Telegram does; the status, 0 when nobody answered, and the seconds of its Retry-After."""
    try:
        async with client.post(url, json=update, headers={SECRET_HEADER: secret} if secret else {}) as answer:
            await answer.read()
            return answer.status, float(answer.headers.get("Retry-After", 0))
    except (aiohttp.ClientError, TimeoutError, OSError):
        return 0, 0
