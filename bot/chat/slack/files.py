"""Pictures out, files in."""

import asyncio
import logging
import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp

from bot.chat.slack.api import Api, Json
from bot.errors import ChatError
from bot.message import File, Picture

log = logging.getLogger(__name__)

MOST = 20 * 1024 * 1024


async def show(api: Api, channel: str, thread: str, pictures: Sequence[Picture]) -> None:
    """Post pictures below what was said. A failure is logged; the text stands already."""
    try:
        shown = [await _upload(api, picture) for picture in pictures]
        await api.call("files.completeUploadExternal", files=shown, channel_id=channel, thread_ts=thread or None)
    except (ChatError, KeyError) as fault:
        log.warning("a picture could not be sent; its text was: %s", fault)


async def _upload(api: Api, picture: Picture) -> Json:
    where = await api.call(
        "files.getUploadURLExternal",
        filename=picture.name,
        length=len(picture.png),
        alt_txt=picture.alt[:1000] or None,
    )
    try:
        async with api.session.post(where["upload_url"], data=picture.png) as answer:
            if answer.status != 200:
                raise ChatError(f"the upload was answered with {answer.status}")
    except (aiohttp.ClientError, TimeoutError, OSError) as fault:
        raise ChatError(f"the upload broke off ({type(fault).__name__})") from fault
    return {"id": where["file_id"], "title": picture.name}


def ours(api_url: str, address: str) -> bool:
    """Whether the token may be shown to this address: Slack's own, or the one that is set in its place."""
    there, own = urlsplit(address), urlsplit(api_url)
    if (there.scheme, there.netloc) == (own.scheme, own.netloc):
        return True
    host = there.hostname or ""
    return there.scheme == "https" and (host == "slack.com" or host.endswith(".slack.com"))


async def fetch(api: Api, token: str, folder: Path, file: Json) -> File | None:
    """A file that somebody posted, kept in `folder`; None for one that is not on Slack, too large or gone.

    Raises `ChatError` for one that may be had later.
    """
    if file.get("file_access") == "check_file_info":
        file = (await api.call("files.info", file=file.get("id")))["file"]
    address = str(file.get("url_private_download") or file.get("url_private") or "")
    if int(file.get("size") or 0) > MOST or not ours(api.url, address):
        return None
    try:
        content = await _download(api, token, address)
    except (aiohttp.ClientError, TimeoutError, OSError) as fault:
        raise ChatError(f"a file could not be fetched ({type(fault).__name__})") from fault
    if content is None:
        return None
    name = re.sub(r"\W", "", str(file.get("id")))[:40] or "file"
    path = folder / name
    await asyncio.to_thread(_keep, path, content)
    return File(str(file.get("name") or file.get("title") or name)[:255], str(path), len(content))


async def _download(api: Api, token: str, address: str) -> bytes | None:
    content = bytearray()
    headers = {"Authorization": f"Bearer {token}"}
    async with api.session.get(address, headers=headers, allow_redirects=False) as answer:
        if answer.status >= 500 or answer.status == 429:
            raise ChatError(f"a file could not be fetched ({answer.status})")
        if answer.status != 200 or answer.content_type == "text/html":  # Slack's page for whoever may not see it
            return None
        async for chunk in answer.content.iter_chunked(65536):
            content += chunk
            if len(content) > MOST:
                return None
    return bytes(content)


def _keep(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(content)
    part.replace(path)
