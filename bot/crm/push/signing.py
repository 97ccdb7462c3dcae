"""How a request proves who sent it. Pure.

`X-Paceline-Timestamp`: seconds since 1970. `X-Paceline-Signature`: `v1=` and the HMAC-SHA256, in hex, of the timestamp,
a full stop and the body as it is sent, made with the secret that both sides know.
"""

import hmac
import re
from datetime import datetime
from hashlib import sha256

WINDOW = 300  # seconds by which its time may differ from ours


class Signature:
    """What a request claims, and what is worked out while its body arrives."""

    def __init__(self, secret: str, timestamp: str, claimed: str) -> None:
        found = re.fullmatch(r"v1=([0-9a-f]{64})", claimed.strip().lower())
        self._time = int(timestamp) if re.fullmatch(r"[0-9]{1,12}", timestamp) else None
        self.claimed = found[1] if found else ""
        self._mac = hmac.new(secret.encode(), f"{timestamp}.".encode("latin-1", "replace"), sha256)

    def timely(self, now: datetime) -> bool:
        """Whether it is signed at all, and its time within the window."""
        return bool(self.claimed) and self._time is not None and abs(now.timestamp() - self._time) <= WINDOW

    def update(self, chunk: bytes) -> None:
        self._mac.update(chunk)

    def good(self) -> bool:
        """Whether it fits all that arrived. Takes the same time whatever is wrong."""
        return hmac.compare_digest(self._mac.hexdigest(), self.claimed)


def signed(secret: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers that sign a body."""
    mac = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, sha256)
    return {"X-Paceline-Timestamp": str(timestamp), "X-Paceline-Signature": f"v1={mac.hexdigest()}"}
