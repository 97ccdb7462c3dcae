"""What the tests of our Telegram have in common: a bot of the real library, a person who has pressed start."""

import struct
import zlib
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import telegram as ptb
from telegram import error
from telegram.request import HTTPXRequest

from .server import TOKEN, Telegram
from .things import User


def png(width: int = 4, height: int = 3) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
    )


def bot_of(telegram: Telegram, token: str = TOKEN, read_timeout: float = 5) -> ptb.Bot:
    request = HTTPXRequest(connection_pool_size=16, read_timeout=read_timeout)
    root = telegram.url
    return ptb.Bot(
        token, root + "/bot", root + "/file/bot", request=request, get_updates_request=HTTPXRequest(read_timeout=5)
    )


@asynccontextmanager
async def talking(**settings: Any) -> AsyncIterator[tuple[Telegram, ptb.Bot, User]]:
    """A Telegram, a bot that is connected to it, and Ann, who has pressed start."""
    settings = {"limits": None} | settings
    async with Telegram(**settings) as telegram, bot_of(telegram) as bot:
        ann = telegram.add_user(1001, "Ann", "ann")
        telegram.start(ann)
        yield telegram, bot, ann


def keyboard(*labels: str) -> ptb.InlineKeyboardMarkup:
    return ptb.InlineKeyboardMarkup(
        [[ptb.InlineKeyboardButton(label, callback_data=label.lower())] for label in labels]
    )


async def refused(telegram: Telegram, call: Awaitable[object]) -> str:
    """The description that a call is refused with, as it goes over the wire: the library changes its letters."""
    with pytest.raises(error.TelegramError):
        await call
    return telegram.refusals[-1][1].description
