"""What all calls of the page share: who asks, and how a refusal is said."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

import prompts
from bot.chat import Ear
from bot.chat.web import chats
from bot.chat.web.adapter import WebChat
from bot.chat.web.model import Conversation
from bot.db import Connection
from bot.errors import BotError, FormError
from bot.message import Message, Reply
from bot.team.model import Person

Who = Callable[[Request], Person | None]
Commands = Callable[[Person], Sequence[tuple[str, str]]]
Shell = Callable[[Request, Person, str, Mapping[str, Any]], Response]
Act = Callable[[Request, Person], Awaitable[dict[str, Any]]]

REMEMBERED = 500  # acts whose answer is at hand when a page asks for it again


@dataclass(frozen=True, slots=True)
class Desk:
    """`who` reads the session, `commands` what somebody may type after a slash and what it does, `shell` renders a
    page inside the frame that all pages have, `signed_out` the one that says how to sign in. `answers`: what came of
    the last acts, by the id that they were heard under."""

    chat: WebChat
    ear: Ear
    who: Who
    commands: Commands
    shell: Shell
    signed_out: Callable[[Request], Response]
    answers: dict[str, "asyncio.Task[Reply | None]"] = field(default_factory=dict)

    async def answer(self, message: Message) -> Reply | None:
        """Let it be heard and answered, once, however often the page sends it. What failed is tried anew."""
        task = self.answers.get(message.id)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = self.answers[message.id] = asyncio.create_task(self._answer(message))
            if len(self.answers) > REMEMBERED:
                del self.answers[next(iter(self.answers))]
        return await asyncio.shield(task)

    async def _answer(self, message: Message) -> Reply | None:
        await self.ear.hear(message)
        return await self.ear.answer(message)

    def call(self, act: Act) -> Callable[[Request], Awaitable[Response]]:
        """`act` as an endpoint that answers in JSON: what it gives, or `error` and `faults` in the person's words."""

        async def endpoint(request: Request) -> Response:
            who = await run_in_threadpool(self.who, request)
            if who is None:
                return JSONResponse({"error": ""}, 401)
            try:
                return JSONResponse(await act(request, who))
            except Hidden:
                _ = prompts.words(who.language)
                return JSONResponse({"error": _("There is no such chat, or it is not open to you.")}, 404)
            except FormError as refused:
                return JSONResponse({"faults": refused.faults}, 422)
            except BotError as refused:
                return JSONResponse({"error": str(refused)}, 422)

        return endpoint


class Hidden(Exception):
    """What was asked for does not exist, or is not for the eyes of the one who asked."""


async def sent(request: Request, language: str) -> dict[str, Any]:
    """The JSON object that a page sent, or a `BotError`."""
    try:
        data = await request.json()
    except ValueError:
        data = None
    if not isinstance(data, dict):
        _ = prompts.words(language)
        raise BotError(_("The page sent something that could not be read. Reload it and try again."))
    return data


def open_chat(db: Connection, who: Person, chat: str) -> Conversation:
    """The conversation, or `Hidden`."""
    found = chats.seen(db, who, chat)
    if found is None:
        raise Hidden
    return found
