"""What people send along: pictures and documents, fetched before they are heard of."""

import asyncio
import logging
import re
from pathlib import Path

from telegram import Document, Message, PhotoSize
from telegram.error import BadRequest, TelegramError

from bot.chat.telegram.desk import Desk
from bot.message import File

log = logging.getLogger("paceline.telegram")

MOST_BYTES = 20 * 1024 * 1024  # more a bot cannot fetch
TRIES = 3


class TooLarge(Exception):
    """Telegram does not hand out a file of this size."""


class Lost(Exception):
    """The file could not be fetched."""


def attached(message: Message) -> Document | PhotoSize | None:
    """The file of a message: its document, or its picture at full size."""
    return message.document or (message.photo[-1] if message.photo else None)


async def fetch(desk: Desk, sent: Document | PhotoSize) -> File:
    """Fetch a file and keep it. Raises `TooLarge` or `Lost`."""
    name = (sent.file_name if isinstance(sent, Document) else "") or (
        "photo.jpg" if isinstance(sent, PhotoSize) else "file"
    )
    if (sent.file_size or 0) > MOST_BYTES:
        raise TooLarge
    path = desk.folder / "telegram" / _safe(sent.file_unique_id) / _safe(name)
    for attempt in range(TRIES):
        try:
            await _download(desk, sent.file_id, path)
            return File(name, str(path), path.stat().st_size)
        except BadRequest as fault:
            if "too big" in fault.message.lower():
                raise TooLarge from fault
            break
        except (TelegramError, OSError) as fault:
            log.warning("a file could not be fetched: %s", type(fault).__name__)
            await asyncio.sleep(attempt * 0.5)
    raise Lost


async def _download(desk: Desk, file_id: str, path: Path) -> None:
    """Write the file so that it is there wholly or not at all."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    found = await desk.bot.get_file(file_id)
    part = path.with_name(path.name + ".part")
    await found.download_to_drive(part)
    part.replace(path)


def _safe(name: str) -> str:
    """A name that stays in its folder, whatever somebody called their file."""
    return re.sub(r"[^\w.\- ]", "_", name).strip(". ")[-100:] or "file"
