"""The web chat as the outbox sees it: `send`, `edit` and `find` on our own tables."""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.chat import Limits
from bot.chat.web import model, store
from bot.chat.web.live import Bell
from bot.chat.web.model import Attached, Body, Draft, StoredFile
from bot.db import Connection, Database
from bot.errors import ChatError
from bot.message import Picture, Place, Reply


@dataclass(slots=True)
class WebChat:
    """`folder` keeps the bytes of pictures and files; `bell` rings when something changed."""

    db: Database
    workspace: int
    folder: Path
    now: Callable[[], datetime]
    bell: Bell = field(default_factory=Bell)
    platform: str = "web"
    limits: Limits = field(default_factory=Limits)

    def shared(self, chat: str) -> bool:
        return not chat.startswith("bot-")

    async def send(self, place: Place, reply: Reply, key: str) -> str:
        """Post a message; a key that was sent before posts nothing and gives the id it had."""
        sent = await asyncio.to_thread(self._send, place, reply, key)
        self.bell.ring()
        return sent

    async def edit(self, place: Place, sent: str, reply: Reply) -> None:
        await asyncio.to_thread(self._edit, place, sent, reply)
        self.bell.ring()

    async def find(self, place: Place, key: str) -> str | None:
        return await asyncio.to_thread(self._find, key)

    def _send(self, place: Place, reply: Reply, key: str) -> str:
        if model.read(place.chat) is None:
            raise ChatError(f"there is no web chat {place.chat!r}", permanent=True)
        pictures = self._keep(place, reply.pictures) if reply.pictures else ()
        with self.db.begin() as db:
            thread = self._thread(db, place)
            body = Body(reply.text, reply.buttons, pictures)
            draft = Draft(place.chat, body, thread, key=key, only=int(place.only) if place.only else None)
            return str(store.add(db, self.workspace, draft, self.now())[0])

    def _thread(self, db: Connection, place: Place) -> int | None:
        if not place.thread:
            return None
        root = store.one(db, self.workspace, int(place.thread))
        if root is None or root.chat != place.chat:
            raise ChatError(f"there is no message {place.thread} in {place.chat}", permanent=True)
        return root.thread or root.id  # a reply to a reply hangs from the same message

    def _edit(self, place: Place, sent: str, reply: Reply) -> None:
        pictures = self._keep(place, reply.pictures) if reply.pictures else ()
        with self.db.begin() as db:
            if store.one(db, self.workspace, int(sent)) is None:
                raise ChatError(f"there is no message {sent}", permanent=True)
            store.change(db, self.workspace, int(sent), Body(reply.text, reply.buttons, pictures))

    def _find(self, key: str) -> str | None:
        with self.db.read() as db:
            found = store.by_key(db, self.workspace, key)
        return None if found is None else str(found)

    def _keep(self, place: Place, pictures: tuple[Picture, ...]) -> tuple[Attached, ...]:
        """Keep the pictures; the same picture in the same place has the same id, so that a resend changes nothing."""
        kept = []
        for picture in pictures:
            where = f"{self.workspace}|{place.chat}|{place.only}|{picture.name}|".encode()
            name = hashlib.sha256(where + picture.png).hexdigest()[:40]
            self.keep_bytes(name, picture.png)
            kept.append(Attached(name, picture.name, len(picture.png), "image/png", picture.alt))
        with self.db.begin() as db:
            for each in kept:
                only = int(place.only) if place.only else None
                new = StoredFile(each.id, place.chat, None, only, each.name, each.media_type, each.size, True)
                store.keep_file(db, self.workspace, new, self.now())
        return tuple(kept)

    def path(self, file_id: str) -> Path:
        """Where the bytes of a file are. Its id is ours, never what somebody typed."""
        return self.folder / file_id[:2] / file_id

    def keep_bytes(self, file_id: str, content: bytes) -> None:
        """Write a file so that it is there wholly or not at all."""
        path = self.path(file_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(content)
        part.replace(path)
