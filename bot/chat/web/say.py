"""What a page sends when somebody types, presses, fills in or changes something: read, stored, heard, answered."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

import prompts
from bot.chat.web import model, shown, store
from bot.chat.web.desk import Desk, Hidden, open_chat, sent
from bot.chat.web.model import Attached, Body, Conversation, Draft, Said, StoredFile
from bot.db import Connection
from bot.errors import BotError, FormError
from bot.message import File, Message, Place
from bot.team.model import Person

How = Literal["typed", "button", "form", "edit"]


@dataclass(frozen=True, slots=True)
class Spoken:
    """As it came: `id` is the page's own for this act, `about` the message pressed, `message` the one changed."""

    id: str
    chat: str
    thread: int | None
    how: How
    text: str
    about: int | None
    message: int | None
    answers: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """What was made of it. `message` is for the ear; None when only people are meant."""

    stored: int | None
    message: Message | None


async def say(desk: Desk, request: Request, who: Person) -> dict[str, Any]:
    """Take it, let the bot hear it where it is meant; the stored message, and a form when the answer opens one.

    All of it may come again after a lost connection: the id of the act makes the second time change nothing.
    """
    spoken = read(await sent(request, who.language), who.language)
    taken = await run_in_threadpool(_take, desk, who, spoken)
    if taken.stored is not None:
        desk.chat.bell.ring()
    reply = None
    if taken.message is not None:
        reply = await desk.answer(taken.message)
    opened = shown.form(reply.form, str(spoken.about or "")) if reply and reply.form else None
    return {"stored": taken.stored, "form": opened}


def read(data: dict[str, Any], language: str) -> Spoken:
    """The JSON of a page as a value. Raises `BotError`, or `FormError` for answers that are too long."""
    _ = prompts.words(language)
    spoken = _shape(data)
    if spoken is None:
        raise BotError(_("The page sent something that could not be read. Reload it and try again."))
    if len(spoken.text) > model.MOST_TEXT:
        raise BotError(
            _(
                "This has {n} characters and {most} can be sent at once. Shorten it, or attach it as a file.",
                n=prompts.number(len(spoken.text), language),
                most=prompts.number(model.MOST_TEXT, language),
            )
        )
    too_long = _("At most {most} characters fit here.", most=prompts.number(model.MOST_TEXT, language))
    faults = {n: too_long for n, v in spoken.answers.items() if isinstance(v, str) and len(v) > model.MOST_TEXT}
    if faults:
        raise FormError(faults)
    if not spoken.text.strip() and not spoken.files:
        raise BotError(_("There is nothing to send yet."))
    return spoken


def _shape(data: dict[str, Any]) -> Spoken | None:
    if not re.fullmatch(r"[\w-]{8,64}", str(data.get("id"))):
        return None
    answers, files, how = data.get("answers") or {}, data.get("files") or [], data.get("how", "typed")
    numbers = [data.get(name) for name in ("thread", "about", "message")]
    fits = (
        how in get_args(How)
        and all(n is None or (isinstance(n, int) and 0 < n < 2**53) for n in numbers)
        and isinstance(data.get("text"), str)
        and isinstance(answers, dict)
        and isinstance(files, list)
        and len(files) <= 10
        and all(isinstance(f, str) for f in files)
        and all(isinstance(v, str) or _strings(v) for v in answers.values())
    )
    if not fits:
        return None
    filled = {n: v if isinstance(v, str) else tuple(v) for n, v in answers.items()}
    text = data["text"].replace("\r\n", "\n").replace("\0", "")
    thread, about, message = numbers
    return Spoken(data["id"], str(data.get("chat")), thread, how, text, about, message, filled, tuple(files))


def _strings(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= 500 and all(isinstance(v, str) and len(v) <= 3000 for v in value)


def _take(desk: Desk, who: Person, spoken: Spoken) -> Taken:
    with desk.chat.db.begin() as db:
        where = open_chat(db, who, spoken.chat)
        root = _seen_message(db, who, where, spoken.thread)
        if root is not None and root.thread is not None:  # a reply to a reply hangs from the same message
            root = _seen_message(db, who, where, root.thread)
        about = _seen_message(db, who, where, spoken.about)
        if spoken.how == "edit":
            return _edit(desk, db, who, where, spoken)
        if spoken.how != "typed":
            return Taken(None, _message(desk, who, where, root, spoken, about))
        return _typed(desk, db, who, where, root, spoken)


def _seen_message(db: Connection, who: Person, where: Conversation, message_id: int | None) -> Said | None:
    if message_id is None:
        return None
    found = store.one(db, who.workspace_id, message_id, who.id)
    if found is None or found.chat != where.id:
        raise Hidden
    return found


def _typed(desk: Desk, db: Connection, who: Person, where: Conversation, root: Said | None, spoken: Spoken) -> Taken:
    meant = _for_bot(where, root, spoken.text)
    files = _files(desk, db, who, where, spoken)
    message = _message(desk, who, where, root, spoken, root, files) if meant else None
    if where.kind != "bot" and spoken.text.startswith("/"):
        return Taken(None, message)  # a command is between the two of them, not for the channel
    attached = tuple(Attached(f.id, f.name, f.size, f.media_type) for f in files)
    draft = Draft(
        where.id,
        Body(spoken.text, files=attached),
        root.id if root else None,
        author=who.id,
        client_id=spoken.id,
        only=root.only if root else None,
    )
    stored, _new = store.add(db, who.workspace_id, draft, desk.chat.now())
    store.post_files(db, who.workspace_id, spoken.files, draft.only)
    return Taken(stored, message)


def _for_bot(where: Conversation, root: Said | None, text: str) -> bool:
    return where.kind == "bot" or (root is not None and root.author is None) or model.calls_bot(text)


def _edit(desk: Desk, db: Connection, who: Person, where: Conversation, spoken: Spoken) -> Taken:
    said = _seen_message(db, who, where, spoken.message)
    if said is None or said.author != who.id:
        raise Hidden
    root = _seen_message(db, who, where, said.thread)
    body = Body(spoken.text, files=said.body.files)
    store.change(db, who.workspace_id, said.id, body, edited=desk.chat.now())
    meant = _for_bot(where, root, spoken.text)
    return Taken(said.id, _message(desk, who, where, root, spoken, root) if meant else None)


def _files(desk: Desk, db: Connection, who: Person, where: Conversation, spoken: Spoken) -> tuple[StoredFile, ...]:
    found = tuple(store.files(db, who.workspace_id, spoken.files))
    theirs = all(f.owner == who.id and f.chat == where.id for f in found)
    if len(found) != len(set(spoken.files)) or not theirs:
        raise Hidden
    return found


def _message(
    desk: Desk,
    who: Person,
    where: Conversation,
    root: Said | None,
    spoken: Spoken,
    about: Said | None,
    files: tuple[StoredFile, ...] = (),
) -> Message:
    return Message(
        id=f"{who.id}-{spoken.id}",  # nobody can take an id away from somebody else
        person=who.id,
        place=Place("web", where.id, str(root.id) if root else "", only="" if where.kind == "bot" else str(who.id)),
        text=spoken.text,
        at=desk.chat.now(),
        how=spoken.how,
        answers=spoken.answers,
        about=(about.key or "") if about else "",
        files=tuple(File(f.name, str(desk.chat.path(f.id)), f.size) for f in files),
    )
