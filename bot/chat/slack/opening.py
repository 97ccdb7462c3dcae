"""Forms on people's screens: opened in the three seconds that a press allows, filled in, sent, shown again with faults;
and the home tab."""

import asyncio
import hashlib
import json
import logging
import time
import traceback
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from bot.chat import Ear
from bot.chat.slack import buttons, dialect, filled, forms, shape
from bot.errors import ChatError, FormError
from bot.message import Button, Form, Message, Place, Reply
from prompts import escape, words

if TYPE_CHECKING:
    from bot.chat.slack.adapter import Slack

log = logging.getLogger(__name__)

Json = dict[str, Any]

AT_ONCE = 1.0  # seconds after which something is put on the screen until the form is there
PATIENCE = 2.4  # seconds after which a form that was sent is acknowledged, saved or not
_REMEMBERED = 1000


@dataclass(eq=False, slots=True)
class _Sent:
    """A form that was sent. `stored`: it cannot be lost any more. `faults` of the last try, by block."""

    stored: asyncio.Event = field(default_factory=asyncio.Event)
    work: "asyncio.Task[None] | None" = None
    faults: Mapping[str, str] = field(default_factory=dict)
    next: Form | None = None


class Screens:
    """What stands on people's screens. `spawn` runs something in the background until it ends."""

    def __init__(self, slack: "Slack", ear: Ear, spawn: Callable[[Coroutine[Any, Any, Any]], Any]) -> None:
        self._slack, self._ear, self._spawn = slack, ear, spawn
        self._sent: OrderedDict[str, _Sent] = OrderedDict()

    async def answer(self, message: Message, trigger: str, language: str, since: float) -> None:
        """Let the handlers answer what was pressed or commanded at `since`, and open the form that comes of it."""
        work = asyncio.ensure_future(self._answered(message))
        await asyncio.wait({work}, timeout=max(since + AT_ONCE - time.monotonic(), 0.05))
        _ = words(language)
        if work.done():
            if form := work.result():
                view = self._view(form, message, language)
                if not await self._show("views.open", trigger_id=trigger, view=view):
                    await self.offer(message, form, language)
            return
        waiting = forms.note("Paceline", _("One moment…"), _("Close"))
        opened = await self._show("views.open", trigger_id=trigger, view=waiting)
        form = await work
        if form:
            view = self._view(form, message, language)
            if not (opened and await self._show("views.update", view_id=opened, view=view)):
                await self.offer(message, form, language)
        elif opened:
            done = forms.note("Paceline", _("Done. The answer stands in the chat."), _("Close"))
            await self._show("views.update", view_id=opened, view=done)

    def _view(self, form: Form, message: Message, language: str) -> Json:
        return forms.view(form, message.place, message.about, self._slack.folder, words(language))

    async def _answered(self, message: Message) -> Form | None:
        """The form that an answer is. What goes wrong is logged; the inbox comes back to it."""
        try:
            reply = await self._ear.answer(message)
        except FormError:
            return None
        except Exception as fault:
            log.error("something heard on slack could not be answered: %s", what(fault))
            return None
        return reply.form if reply else None

    async def typed(self, message: Message, language: str) -> None:
        """Let the handlers answer words; they cannot open a form, so one that comes of them is offered."""
        if form := await self._answered(message):
            await self.offer(message, form, language)

    async def offer(self, message: Message, form: Form, language: str) -> None:
        """A button that opens the form, where it could not be opened."""
        _ = words(language)
        reply = Reply(_("This takes a short form."), (Button(form.title, message.text, "primary"),))
        try:
            await self._slack.send(message.place, reply, f"form:{message.id}")
        except ChatError as fault:
            log.warning("a form could neither be opened nor offered: %s", fault)

    async def _show(self, method: str, **args: Any) -> str:
        """The id of the view that stands on the screen; "" when it does not."""
        try:
            return str((await self._slack.api.call(method, **args))["view"]["id"])
        except ChatError as fault:
            log.info("%s: %s", method, fault)
            return ""

    # forms that are sent

    async def submit(self, body: Json, person: int, language: str) -> Json:
        """What a form that was sent is acknowledged with: gone from the screen, or with the faults beside its fields.

        Raises when it could not be stored in time: then it stays on the screen, and can be sent again.
        """
        since, view = time.monotonic(), body["view"]
        kept = forms.carried(view, self._slack.folder)
        _ = words(language)
        if kept is None:
            why = _("This form is too old to be sent. Open it again; what you typed can be copied from here.")
            return {"response_action": "errors", "errors": filled.errors(view, {"": why})}
        message = Message(
            id=_submission(view),
            person=person,
            place=kept.place,
            text=kept.says,
            at=self._slack.now(),
            how="form",
            answers=filled.answers(view, kept.kinds, self._slack.folder),
            about=kept.about,
        )
        sent = self._taken(message, view)
        assert sent.work is not None
        await asyncio.wait({sent.work}, timeout=max(since + PATIENCE - time.monotonic(), 0.05))
        if sent.work.done():
            sent.work.result()
            return self._outcome(sent, message, language)
        if not sent.stored.is_set():
            raise TimeoutError("a form could not be stored in time")
        self._spawn(self._finish_late(sent, message, view, language))
        return {"response_action": "update", "view": forms.note("Paceline", _("Saving…"), _("Close"))}

    def _taken(self, message: Message, view: Json) -> _Sent:
        """The work that this form's being sent is; the same for each time that it is sent unchanged."""
        sent = self._sent.setdefault(message.id, _Sent())
        if sent.work is None or (sent.work.done() and (sent.faults or sent.work.exception())):
            sent.work = asyncio.create_task(self._take(sent, message, view))
        while len(self._sent) > _REMEMBERED:
            self._sent.popitem(last=False)
        return sent

    async def _take(self, sent: _Sent, message: Message, view: Json) -> None:
        new = await self._ear.hear(message)
        sent.stored.set()
        if not new and not sent.faults:
            return  # it was handled before
        sent.faults = {}
        try:
            reply = await self._ear.answer(message)
        except FormError as refusal:
            sent.faults = filled.errors(view, refusal.faults)
        except Exception as fault:
            log.error("a form sent on slack could not be handled: %s", what(fault))
        else:
            sent.next = reply.form if reply else None

    def _outcome(self, sent: _Sent, message: Message, language: str) -> Json:
        if sent.faults:
            return {"response_action": "errors", "errors": dict(sent.faults)}
        if sent.next:
            return {"response_action": "update", "view": self._view(sent.next, message, language)}
        return {"response_action": "clear"}

    async def _finish_late(self, sent: _Sent, message: Message, view: Json, language: str) -> None:
        """Show what came of a form that took longer than Slack waits."""
        assert sent.work is not None
        await asyncio.wait({sent.work})
        await asyncio.sleep(0.3)  # until Slack has shown that we are saving
        _ = words(language)
        values = (view.get("state") or {}).get("values") or {}
        if sent.work.exception():
            return
        if sent.faults:
            shown = filled.refilled(view, values, sent.faults)
        elif sent.next:
            shown = self._view(sent.next, message, language)
        else:
            shown = forms.note("Paceline", _("Saved."), _("Close"))
        opened = await self._show("views.update", view_id=view["id"], view=shown)
        if not opened and sent.faults:
            await self._give_back(message, sent.faults, language)

    async def _give_back(self, message: Message, faults: Mapping[str, str], language: str) -> None:
        """What somebody typed into a form that is neither saved nor on their screen any more."""
        _ = words(language)
        values = [value if isinstance(value, str) else ", ".join(value) for value in message.answers.values()]
        lines = [_("Your form could not be saved."), *faults.values(), _("This is what you typed:")]
        quoted = ["> " + line for value in values if value for line in escape(value).split("\n")]
        text = "\n".join([*map(escape, lines), "", *quoted])
        reply = Reply(text, (Button(_("Open it again"), message.text, "primary"),))
        try:
            await self._slack.send(message.place, reply, f"back:{message.id}")
        except ChatError as fault:
            log.warning("a form could not be given back: %s", fault)

    # the home tab

    async def home(self, user: str, person: int, event: str) -> None:
        """Put today's page into somebody's home tab."""
        message = Message(event, person, Place("slack", user), "/home", self._slack.now(), "home")
        try:
            reply = await self._ear.answer(message)
            if reply is not None:
                await self._slack.api.call("views.publish", user_id=user, view=self._page(reply))
        except Exception as fault:
            log.warning("the home tab could not be shown: %s", what(fault))

    def _page(self, reply: Reply) -> Json:
        below = buttons.blocks(replace(reply, pictures=()), self._slack.folder) if reply.buttons else []
        sections = dialect.sections(reply.text)[: forms.BLOCKS - len(below)]
        return {"type": "home", "blocks": [*map(shape.section, sections), *below]}


def what(fault: BaseException) -> str:
    """What failed and where, for the log; its text could hold what people said."""
    last = traceback.extract_tb(fault.__traceback__)[-1:]
    return " ".join([type(fault).__name__, *(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in last)])


def _submission(view: Json) -> str:
    """One id for a form however often it is sent as it stands; another when it was changed, by its writer or by us."""
    values = json.dumps((view.get("state") or {}).get("values") or {}, sort_keys=True)
    return f"{view['id']}:{view.get('hash', '')}:{hashlib.sha256(values.encode()).hexdigest()[:20]}"
