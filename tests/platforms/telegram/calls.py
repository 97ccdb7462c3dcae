"""One call of a method, however its parameters came: query, form, JSON or multipart."""

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from .refusal import bad


@dataclass
class Upload:
    """A file that came with a call."""

    name: str
    mime: str
    data: bytes


@dataclass
class Call:
    """What a program asked for. `outcome`: "ok", or the description of the refusal, or the mishap; "" while it lasts.

    `at`: monotonic seconds.
    """

    method: str
    params: dict[str, Any]
    files: dict[str, Upload] = field(default_factory=dict)
    at: float = 0
    outcome: str = ""

    def text(self, name: str) -> str:
        value = self.params.get(name, "")
        return value if isinstance(value, str) else json.dumps(value)

    def number(self, name: str, default: int = 0) -> int:
        """A whole number; the default when there is none, or a name such as @somebody instead."""
        try:
            return int(self.params.get(name, default))
        except (TypeError, ValueError):
            return default

    def flag(self, name: str) -> bool:
        return str(self.params.get(name, "")).lower() in ("true", "1", "yes")

    def json(self, name: str) -> Any:
        """A nested value; None when it is absent."""
        value = self.params.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise bad(f"can't parse {name.replace('_', ' ')} JSON object") from None

    @property
    def chat(self) -> int:
        return self.number("chat_id")


async def read_call(request: web.Request, at: float) -> Call:
    """The call that an HTTP request stands for."""
    call = Call(request.match_info["method"], dict(request.query), at=at)
    if request.content_type == "application/json":
        call.params |= await request.json()
    elif request.method == "POST":
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                call.files[name] = Upload(value.filename, value.content_type, value.file.read())
            else:
                call.params[name] = value if isinstance(value, str) else bytes(value).decode()
    return call
