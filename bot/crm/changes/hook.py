"""Sends changes to the CRM's webhook: signed, never on to another address, and never waiting for long."""

import hashlib
import hmac
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from threading import Event, Timer
from urllib.parse import urlsplit

from bot.settings import WebhookSettings

PATIENCE, ALL_IN_ALL = 10, 30  # seconds for each word of the other side; for everything
FIRST, LONGEST = timedelta(seconds=30), timedelta(hours=1)  # between two tries
_LATER = (408, 425, 429)  # refusals that are none
_ONE_OF_MANY = (400, 409, 413, 422)  # refusals that may be about a single change of several


@dataclass(frozen=True, slots=True)
class Answer:
    """`status` 0: there was none, and `fault` says why. `after`: how long we were asked to wait."""

    status: int
    fault: str = ""
    after: timedelta | None = None

    @property
    def taken(self) -> bool:
        return 200 <= self.status < 300

    @property
    def refused(self) -> bool:
        """Trying again cannot help. Who sends us elsewhere refuses too: the secret is for this address alone."""
        return 300 <= self.status < 500 and self.status not in _LATER

    @property
    def perhaps_one(self) -> bool:
        """Whether the rest of a batch might be taken without the one that it is about."""
        return self.status in _ONE_OF_MANY


def sign(secret: str, stamp: str, body: bytes) -> str:
    """HMAC-SHA-256 of `stamp.body`, as the header says it."""
    return "v1=" + hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def wait(tries: int, answer: Answer) -> timedelta:
    """Until the next try, after so many that failed before this one."""
    usual = min(FIRST * (1 << min(tries, 10)), LONGEST)
    return max(usual, answer.after or timedelta())


def post(to: WebhookSettings, body: bytes, now: datetime) -> Answer:
    """Send a body; what became of it. Raises nothing."""
    stamp = str(int(now.timestamp()))
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "paceline", "Connection": "close"}
    headers |= {"X-Paceline-Timestamp": stamp, "X-Paceline-Signature": sign(to.secret, stamp, body)}
    parts = urlsplit(to.url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    line = kind(parts.hostname or "", parts.port, timeout=PATIENCE)
    try:
        line.connect()
        with _at_most(line.sock) as late:
            line.request("POST", path, body, headers)
            answer = line.getresponse()
            if late.is_set():  # what was said until then may be half of it
                raise TimeoutError("no whole answer in time")
            return Answer(answer.status, f"HTTP {answer.status}", _after(answer, now))
    except (OSError, HTTPException, ValueError) as fault:
        return Answer(0, str(fault) or type(fault).__name__)
    finally:
        line.close()


@contextmanager
def _at_most(line: socket.socket) -> Iterator[Event]:
    """Hang up after `ALL_IN_ALL`: a word now and then would keep the line open for ever."""

    late = Event()

    def hang_up() -> None:
        late.set()
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)

    timer = Timer(ALL_IN_ALL, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield late
    finally:
        timer.cancel()


def _after(answer: HTTPResponse, now: datetime) -> timedelta | None:
    """`Retry-After`, in seconds or as a date; at most a day."""
    said = (answer.getheader("Retry-After") or "").strip()
    if not said:
        return None
    try:
        seconds = (
            float(said) if said.isdecimal() else (parsedate_to_datetime(said).replace(tzinfo=UTC) - now).total_seconds()
        )
    except ValueError:
        return None
    return timedelta(seconds=min(max(seconds, 0), 86_400))
