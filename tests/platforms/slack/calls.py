"""A call of a Web API method as it came over the wire."""

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from .refusal import Refusal
from .things import Json

# Methods that only read take no JSON: Slack does as if nothing had been given.
FORM_ONLY = {
    "conversations.history",
    "conversations.info",
    "conversations.list",
    "conversations.members",
    "conversations.replies",
    "files.getUploadURLExternal",
    "files.info",
    "users.info",
    "users.list",
    "users.lookupByEmail",
}


@dataclass
class Call:
    """`args` as given; `at` in monotonic seconds; `outcome` is "ok", an error, or how it went wrong on purpose."""

    method: str
    args: Json
    token: str = ""
    at: float = 0
    outcome: str = ""

    @property
    def channel(self) -> str:
        """The channel that it names, or ""."""
        return self.text("channel")

    def text(self, name: str) -> str:
        """A text argument, "" when it is missing."""
        value = self.args.get(name)
        return "" if value is None else str(value)

    def flag(self, name: str) -> bool:
        """A yes or no."""
        return self.text(name).lower() in ("1", "true")

    def count(self, name: str, default: int, most: int) -> int:
        """A number from 1 to `most`."""
        value = self.text(name)
        if value and (not value.isdigit() or int(value) > most):
            raise Refusal("invalid_limit" if name == "limit" else "invalid_arguments")
        return int(value or 0) or default

    def json(self, name: str) -> Any:
        """An argument that is JSON, in a form as a string; None when it is missing."""
        value = self.args.get(name)
        if isinstance(value, str) and value:
            try:
                return json.loads(value)
            except ValueError:
                raise Refusal({"blocks": "invalid_blocks_format"}.get(name, "invalid_arguments")) from None
        return value if value != "" else None


async def read_call(request: web.Request, at: float) -> Call:
    """Read a call from query, form or JSON. Raises `Refusal`."""
    args: Json = dict(request.query)
    method = request.match_info.get("method", "")
    if request.content_type == "application/json":
        try:
            given = await request.json()
            args |= given if method not in FORM_ONLY else {}
        except (ValueError, TypeError):
            raise Refusal("invalid_json") from None
    elif request.method == "POST":
        args |= await request.post()
    token = request.headers.get("Authorization", "").removeprefix("Bearer ") or str(args.pop("token", ""))
    return Call(method, args, token.strip(), at)
