"""What the tests of this Slack begin with: people, a channel, and short ways to write blocks."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from .server import BOT_TOKEN, Slack
from .things import Json


def client(slack: Slack) -> AsyncWebClient:
    """Slack's own client, without its habit to send again what may have arrived."""
    return AsyncWebClient(BOT_TOKEN, base_url=slack.url, timeout=5, retry_handlers=[])


def run(test: Callable[[Slack, AsyncWebClient], Coroutine[Any, Any, None]], **given: Any) -> None:
    """Run a test in a Slack with two people and a channel."""

    async def live() -> None:
        async with Slack(**{"limits": None, "ack_within": 0.4, "again_after": (0.02, 0.02, 0.02), **given}) as slack:
            slack.add_channel("C1", "sales", [slack.add_user("U1", "ann"), slack.add_user("U2", "bob")])
            await test(slack, client(slack))

    asyncio.run(live())


async def refused(call: Coroutine[Any, Any, Any]) -> Json:
    """What the call was refused with."""
    with pytest.raises(SlackApiError) as error:
        await call
    return dict(error.value.response.data, headers=error.value.response.headers)


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def button(text: str = "Done", **more: Any) -> Json:
    return {"type": "button", "text": plain(text), "action_id": "act", **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def section(text: str = "Hello", **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def menu(kind: str = "static_select", count: int = 2, **more: Any) -> Json:
    options = [{"text": plain(f"Option {n}"), "value": f"v{n}"} for n in range(count)]
    return {"type": kind, "action_id": "menu", "options": options, **more}


def field(element: Json | None = None, **more: Any) -> Json:
    element = element or {"type": "plain_text_input", "action_id": "text"}
    return {"type": "input", "block_id": "blank", "label": plain("Label"), "element": element, **more}


def modal(*blocks: Json, **more: Any) -> Json:
    body = {"type": "modal", "title": plain("Title"), "submit": plain("Send"), "blocks": list(blocks or [field()])}
    return {**body, **more}
