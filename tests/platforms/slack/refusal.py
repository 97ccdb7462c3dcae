"""What Slack answers when it does not do what it was asked."""

from .things import Json


class Refusal(Exception):
    """An answer with `"ok": false`. `more` stands beside the error; `retry_after` makes it a 429."""

    def __init__(self, error: str, retry_after: int = 0, **more: object) -> None:
        super().__init__(error)
        self.error, self.retry_after, self.more = error, retry_after, more

    @property
    def status(self) -> int:
        """The HTTP status."""
        return 429 if self.retry_after else 200

    @property
    def headers(self) -> dict[str, str]:
        """The HTTP headers that belong to it."""
        return {"Retry-After": str(self.retry_after)} if self.retry_after else {}

    def body(self) -> Json:
        """The JSON of it."""
        return {"ok": False, "error": self.error, **self.more}


def too_many(seconds: int) -> Refusal:
    """Come again in so many seconds."""
    return Refusal("ratelimited", max(1, seconds))


def faulty(error: str, faults: list[str]) -> Refusal:
    """Blocks or a view with faults, each like `must be less than 76 characters [json-pointer:/blocks/0/text/text]`."""
    refusal = Refusal(error, response_metadata={"messages": [f"[ERROR] {fault}" for fault in faults]})
    if error == "invalid_blocks":
        refusal.more["errors"] = faults
    return refusal
