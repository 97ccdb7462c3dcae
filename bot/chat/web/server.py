"""The chat page and what it calls, under `/chat`."""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

import prompts
from bot.chat.web import chats, live, model, say, shown, store, words
from bot.chat.web.desk import Desk, Hidden, open_chat, sent
from bot.chat.web.model import Attached, StoredFile
from bot.db import Connection
from bot.errors import BotError
from bot.team import store as team
from bot.team.model import Person

HERE = Path(__file__).parent
TEMPLATES = HERE / "templates"
PAGE = 50  # messages fetched at once
_JSON = 2 * 1024 * 1024  # bytes of one call: twenty long answers fit


def routes(desk: Desk) -> list[BaseRoute]:
    """All under `/chat`. The page itself comes last: its path would match the others."""
    upload = partial(upload_file, desk)
    return [
        Mount("/chat/static", StaticFiles(directory=HERE / "static"), name="chat-static"),
        Route("/chat/list", desk.call(partial(listing, desk))),
        Route("/chat/people", desk.call(partial(people, desk))),
        Route("/chat/history", desk.call(partial(history, desk))),
        Route("/chat/say", desk.call(partial(say.say, desk)), methods=["POST"], max_body_size=_JSON),
        Route("/chat/read", desk.call(partial(mark_read, desk)), methods=["POST"], max_body_size=_JSON),
        Route("/chat/files", desk.call(upload), methods=["POST"], max_body_size=model.MOST_BYTES + 65536),
        Route("/chat/files/{file}/{name}", partial(download, desk), name="chat-file"),
        Route("/chat/events", partial(events, desk), name="chat-events"),
        Route("/chat", partial(page, desk), name="chat"),
        Route("/chat/{chat}", partial(page, desk), name="chat-one"),
        Route("/chat/{chat}/{thread:int}", partial(page, desk), name="chat-thread"),
    ]


async def page(desk: Desk, request: Request) -> Response:
    """The chat page, opened at the chat and thread of its path."""
    who = await run_in_threadpool(desk.who, request)
    if who is None:
        return desk.signed_out(request)
    start = await run_in_threadpool(_start, desk, who, request.path_params)
    return desk.shell(request, who, "chat.html", {"start": start})


def _start(desk: Desk, who: Person, path: dict[str, Any]) -> dict[str, Any]:
    with desk.chat.db.read() as db:
        if "chat" in path and chats.seen(db, who, path["chat"]) is None:
            raise HTTPException(404)
        return {
            "seq": store.latest(db, who.workspace_id),
            "me": {"id": who.id, "name": who.name, "zone": who.zone, "language": who.language},
            "chat": path.get("chat"),
            "thread": path.get("thread"),
            "most": {"text": model.MOST_TEXT, "bytes": model.MOST_BYTES},
            "commands": [{"says": says, "does": does} for says, does in desk.commands(who)],
            "words": words.page(who.language),
            "chats": shown.listing(chats.listing(db, who)),
        }


async def listing(desk: Desk, request: Request, who: Person) -> dict[str, Any]:
    def look() -> dict[str, Any]:
        with desk.chat.db.read() as db:
            return {"chats": shown.listing(chats.listing(db, who))}

    return await run_in_threadpool(look)


async def people(desk: Desk, request: Request, who: Person) -> dict[str, Any]:
    """Colleagues to write to whose name has `like` in it."""

    def look() -> dict[str, Any]:
        with desk.chat.db.read() as db:
            found = chats.colleagues(db, who, request.query_params.get("like", "")[:100])
        return {"people": [{"id": f.id, "name": f.name, "team": f.team} for f in found]}

    return await run_in_threadpool(look)


async def history(desk: Desk, request: Request, who: Person) -> dict[str, Any]:
    """Messages of a chat or thread, oldest first; `more` when there are earlier ones; `read`: seen up to this id."""

    def look() -> dict[str, Any]:
        with desk.chat.db.read() as db:
            chat = open_chat(db, who, request.query_params.get("chat", "")).id
            thread, before = _number(request, "thread"), _number(request, "before")
            root = _root(db, who, chat, thread)
            found = store.history(db, who.workspace_id, who.id, chat, thread=thread, before=before, most=PAGE + 1)
            more, found = len(found) > PAGE, found[-PAGE:]
            names = _names(db, who, [*found, *([root] if root else [])])
            return {
                "root": shown.message(root, who, names) if root else None,
                "messages": [shown.message(said, who, names) for said in found],
                "more": more,
                "read": store.marked(db, who.workspace_id, who.id, chat),
            }

    return await run_in_threadpool(look)


def _root(db: Connection, who: Person, chat: str, thread: int | None) -> model.Said | None:
    if thread is None:
        return None
    root = store.one(db, who.workspace_id, thread, who.id)
    if root is None or root.chat != chat or root.thread is not None:
        raise Hidden
    return root


def _number(request: Request, name: str) -> int | None:
    value = request.query_params.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 16 else None


def _names(db: Connection, who: Person, said: Sequence[model.Said]) -> dict[int, str]:
    authors = {each.author for each in said if each.author is not None}
    return {p.id: p.name for p in team.people(db, who.workspace_id, ids=sorted(authors), active=None)}


async def mark_read(desk: Desk, request: Request, who: Person) -> dict[str, Any]:
    data = await sent(request, who.language)
    upto = data.get("upto")

    def write() -> dict[str, Any]:
        with desk.chat.db.begin() as db:
            chat = open_chat(db, who, str(data.get("chat"))).id
            newest = store.last_ids(db, who.workspace_id, who.id, [chat]).get(chat, 0)
            store.mark(db, who.workspace_id, who.id, chat, min(upto if isinstance(upto, int) else 0, newest))
            return {}

    return await run_in_threadpool(write)


async def upload_file(desk: Desk, request: Request, who: Person) -> dict[str, Any]:
    """Keep a file for a message that is still being written; its owner alone sees it until then."""
    _ = prompts.words(who.language)
    async with request.form(max_files=1, max_fields=4) as form:
        sent = form.get("file")
        if not isinstance(sent, UploadFile):
            raise BotError(_("No file arrived. Choose it again."))
        content = await sent.read()
    if len(content) > model.MOST_BYTES:
        raise BotError(_("{name} is larger than 20 MB.", name=model.file_name(sent.filename or "")))

    def keep() -> Attached:
        name = model.file_name(sent.filename or "")
        new = Attached(secrets.token_hex(20), name, len(content), model.media_type(content[:16]))
        with desk.chat.db.begin() as db:
            chat = open_chat(db, who, request.query_params.get("chat", "")).id
            desk.chat.keep_bytes(new.id, content)
            kept = StoredFile(new.id, chat, who.id, None, new.name, new.media_type, new.size, False)
            store.keep_file(db, who.workspace_id, kept, desk.chat.now())
        return new

    return shown.file(await run_in_threadpool(keep), who.language)


async def download(desk: Desk, request: Request) -> Response:
    """A file, to those who see where it hangs. Only pictures open in the browser; all else is saved."""

    def look() -> StoredFile | None:
        who = desk.who(request)
        if who is None:
            return None
        with desk.chat.db.read() as db:
            found = store.files(db, who.workspace_id, [request.path_params["file"]])
            return found[0] if found and _may_have(db, who, found[0]) else None

    file = await run_in_threadpool(look)
    if file is None or not desk.chat.path(file.id).is_file():
        raise HTTPException(404)
    kind = "inline" if file.media_type.startswith("image/") else "attachment"
    headers = {"Cache-Control": "private, max-age=86400", "Content-Security-Policy": "default-src 'none'; sandbox"}
    return FileResponse(
        desk.chat.path(file.id), 200, headers, file.media_type, filename=file.name, content_disposition_type=kind
    )


def _may_have(db: Connection, who: Person, file: StoredFile) -> bool:
    if chats.seen(db, who, file.chat) is None or file.only not in (None, who.id):
        return False
    return file.posted or file.owner == who.id


async def events(desk: Desk, request: Request) -> Response:
    """What changes from now on, or from where the browser was when it lost us."""
    viewer = await run_in_threadpool(_viewer, desk, request)
    if viewer is None:
        return Response(status_code=401)

    def look(after: int) -> list[dict[str, Any]] | None:
        nonlocal viewer
        if viewer is None or time.monotonic() - viewer.asked > live.BEAT:
            viewer = _viewer(desk, request)  # they may have signed out, or changed teams
        if viewer is None:
            return None
        with desk.chat.db.read() as db:
            found = store.changes(db, viewer.who.workspace_id, viewer.who.id, viewer.chats, after)
            names = _names(db, viewer.who, found)
        return [shown.message(said, viewer.who, names) for said in found]

    last = request.headers.get("last-event-id", "") or request.query_params.get("after", "")
    after = int(last) if last.isdecimal() and len(last) < 16 else 0
    stream = live.events(desk.chat.bell, after, lambda seq: run_in_threadpool(look, seq))
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(stream, 200, headers, "text/event-stream")


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who reads a stream, and what of; as it stood `asked` seconds of the machine's own count."""

    who: Person
    chats: list[str]
    asked: float


def _viewer(desk: Desk, request: Request) -> Viewer | None:
    who = desk.who(request)
    if who is None:
        return None
    with desk.chat.db.read() as db:
        return Viewer(who, chats.followed(db, who), time.monotonic())
