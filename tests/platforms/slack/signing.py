"""HTTP delivery: signed requests to the app's request URL."""

import asyncio
import hashlib
import hmac
import json
import time
from urllib.parse import urlencode

import aiohttp

from .delivery import Attempt, Delivery, failed
from .things import Json


def sign(secret: str, body: bytes, at: float) -> dict[str, str]:
    """The headers that prove a request to come from Slack at that time (seconds since 1970)."""
    stamp = str(int(at))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def written(kind: str, payload: Json) -> tuple[bytes, str]:
    """A payload as the body of a request, and its content type."""
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


class Courier:
    """Delivers to `url`. `within`: seconds for an answer. `clock` gives the time that is signed."""

    def __init__(self, url: str, secret: str) -> None:
        self.url, self.secret = url, secret
        self.within = 3.0
        self.requests: list[tuple[float, dict[str, str], int]] = []  # when, headers, the status (0: none came)

    async def carry(self, delivery: Delivery) -> Attempt:
        """Try once to deliver."""
        body, content_type = written(delivery.kind, delivery.payload)
        headers = {"Content-Type": content_type, **sign(self.secret, body, time.time())}
        if delivery.number:
            headers |= {"X-Slack-Retry-Num": str(delivery.number), "X-Slack-Retry-Reason": delivery.reason}
        at = time.monotonic()
        try:
            status, answer, got = await self.post(body, headers)
        except TimeoutError:
            self.requests.append((at, headers, 0))
            return failed("http_timeout")
        except aiohttp.ClientError:
            self.requests.append((at, headers, 0))
            return failed("http_error")
        self.requests.append((at, headers, status))
        if not 200 <= status < 300:
            return Attempt(at, "http_error", last=got.get("X-Slack-No-Retry") == "1")
        return Attempt(at, "ok", _read(answer))

    async def post(self, body: bytes, headers: dict[str, str]) -> tuple[int, str, dict[str, str]]:
        """Send bytes as they are; the status, text and headers of the answer."""
        async with (
            asyncio.timeout(self.within),
            aiohttp.ClientSession() as client,
            client.post(self.url, data=body, headers=headers, allow_redirects=False) as answer,
        ):
            return answer.status, await answer.text(), dict(answer.headers)


def _read(answer: str) -> Json | None:
    """What an app says in its acknowledgement; mere text is a message."""
    if not answer.strip():
        return None
    try:
        read = json.loads(answer)
    except ValueError:
        return {"text": answer}
    return read if isinstance(read, dict) else {"text": answer}
