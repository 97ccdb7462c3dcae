"""`POST /say`: a button of a page, or a form that was filled in, heard as the chat hears it.

It is a message of the chat with the bot: stored in the inbox, answered by the same handlers, the words said there. The
page shows them too. What opens a form gets that form as a page of its own, so nothing here needs a script.
"""

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot import markdown
from bot.app import App
from bot.chat.web import model
from bot.chat.web.desk import Desk
from bot.db import Connection
from bot.errors import FormError
from bot.message import Answers, Form, Message, Place
from bot.outbox import store as outbox
from bot.team.model import Person
from bot.web import filled
from bot.web.frame import Frame
from prompts import words

MOST = 1024 * 1024  # bytes of one form
_ACT = re.compile(r"[\w-]{8,64}")

_NONE: Mapping[str, str] = {}


def fresh() -> str:
    """An id for something that a page may hand in: handed in twice, it is one act."""
    return secrets.token_urlsafe(12)


def notice(app: App, db: Connection, who: Person, asked: Mapping[str, str]) -> str:
    """What was answered to the button that led to this page, as HTML; "" when none did."""
    said = outbox.said(db, app.workspace, f"reply:web:{who.id}-{asked['said']}") if asked.get("said") else None
    if said is None:
        return ""
    # what asks something back is for the chat; here the page below shows how things stand
    return markdown.html(words(who.language)("Done.") if said.buttons else said.text)


@dataclass(frozen=True, slots=True)
class Area:
    """The pages of one capability: what they may say, where from, and what comes after something was written there:
    `stand` before it, and with that the path of the page to show, "" for where it came from."""

    says: re.Pattern[str]
    back: re.Pattern[str]
    stand: Callable[[App], int] = lambda app: 0
    written: Callable[[App, Person, int], str] = lambda app, who, before: ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a page hands in. `act` is the page's own id for it, `back` where it came from; `answers` are a form's."""

    area: Area
    says: str
    act: str
    back: str
    answers: Answers | None = None


def read(sent: FormData, areas: Sequence[Area]) -> Sentence | None:
    """What came, as a value; None for anything that no page of ours sends."""
    says, act, back = (str(sent.get(name, "")) for name in ("says", "act", "back"))
    area = next((each for each in areas if each.says.fullmatch(says) and each.back.fullmatch(back)), None)
    if area is None or not _ACT.fullmatch(act):
        return None
    return Sentence(area, says, act, back, _answers(sent) if "filled" in sent else None)


def _answers(sent: FormData) -> Mapping[str, str | tuple[str, ...]]:
    found: dict[str, str | tuple[str, ...]] = {}
    for name in sent:
        typed = tuple(_text(value) for value in sent.getlist(name))
        if name.startswith(filled.MANY):
            found[name.removeprefix(filled.MANY)] = typed
        elif name.startswith(filled.ONE):
            found[name.removeprefix(filled.ONE)] = typed[0]
    return found


def _text(value: object) -> str:
    return value.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "") if isinstance(value, str) else ""


class Say:
    """The endpoint. It speaks at the same desk as the chat page, where what is sent twice is heard once."""

    def __init__(self, app: App, desk: Desk, frame: Frame, areas: Sequence[Area]) -> None:
        self.app, self.desk, self.frame, self.areas = app, desk, frame, areas

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/say", lambda _: RedirectResponse("/", 303), methods=["GET"]),
            Route("/say", self.say, methods=["POST"], max_body_size=MOST),
        ]

    async def say(self, request: Request) -> Response:
        who = await run_in_threadpool(self.desk.who, request)
        if who is None:
            return self.desk.signed_out(request)
        async with request.form(max_files=0, max_fields=600) as sent:
            sentence = read(sent, self.areas)
        if sentence is None:
            raise HTTPException(400)
        form = await self._hear(who, sentence.says, sentence.act)
        if form is None:  # it opens none, or not any more: the answer is words
            return _back(sentence.back, sentence.act)
        if sentence.answers is None:
            return self._page(request, who, sentence, form)
        return await self._fill(request, who, sentence, form)

    async def _fill(self, request: Request, who: Person, sentence: Sentence, form: Form) -> Response:
        answers, act = sentence.answers or {}, f"{sentence.act}.filled"
        faults = filled.faults(form, answers, who.language)
        before = await run_in_threadpool(sentence.area.stand, self.app)
        try:
            more = None if faults else await self._hear(who, form.says, act, answers)
        except FormError as refused:
            faults, more = refused.faults, None
        if faults:
            return self._page(request, who, sentence, form, faults)
        if more:
            return self._page(request, who, replace(sentence, answers=None), more)
        return _back(await run_in_threadpool(sentence.area.written, self.app, who, before) or sentence.back, act)

    async def _hear(self, who: Person, says: str, act: str, answers: Answers | None = None) -> Form | None:
        """Let the handlers answer; the form that this opens, or None when the answer is words."""
        message = Message(
            id=f"{who.id}-{act}",  # nobody can take an id away from somebody else
            person=who.id,
            place=Place("web", model.with_bot(who.id).id),
            text=says,
            at=self.app.now(),
            how="button" if answers is None else "form",
            answers=answers or {},
        )
        reply = await self.desk.answer(message)
        return reply.form if reply else None

    def _page(
        self, request: Request, who: Person, sentence: Sentence, form: Form, faults: Mapping[str, str] = _NONE
    ) -> Response:
        """The form, with what was typed into it. A fault of a field that it does not have stands above it."""
        known = {each.name for each in form.fields}
        values = {
            "form": form,
            "intro_html": markdown.html(form.intro) if form.intro else "",
            "fields": filled.shown(form, sentence.answers, faults),
            "faults": bool(faults),
            "loose": [fault for name, fault in faults.items() if name not in known],
            "act": fresh(),
            "back": sentence.back,
        }
        return self.frame.page(request, who, "form.html", values, 422 if faults else 200)


def _back(path: str, act: str) -> Response:
    path, hash, place = path.partition("#")
    return RedirectResponse(f"{path}{'&' if '?' in path else '?'}said={act}{hash}{place}", 303)
