"""The methods about files: pictures, documents, albums, and how a program gets at what people sent."""

import itertools
from typing import Any

from . import keyboards
from .calls import Call, Upload
from .methods import caption_of, change, inline, ours, place_of
from .pictures import size_of
from .refusal import Refusal, bad
from .things import File, Json
from .world import World

MOST_UPLOAD, MOST_PHOTO, MOST_DOWNLOAD = 50 * 2**20, 10 * 2**20, 20 * 2**20
MOST_SIDES, MOST_RATIO = 10_000, 20
_albums = itertools.count(1)


def send_photo(world: World, call: Call) -> Json:
    return _send(world, call, "photo")


def send_document(world: World, call: Call) -> Json:
    return _send(world, call, "document")


def _send(world: World, call: Call, kind: str) -> Json:
    place = place_of(world, call)
    markup = keyboards.check(call.json("reply_markup"))
    file = _file(world, call, kind, call.params.get(kind))
    caption = caption_of(call.params | {"caption_entities": call.json("caption_entities")})
    chat = world.chats[call.chat]
    return world.post(chat, world.bot, reply_markup=markup, file=file, **place, **caption).json()


def _file(world: World, call: Call, kind: str, given: Any) -> File:
    """The file that a call brings along, or one that it names by its id."""
    name = str(given or kind).removeprefix("attach://")
    upload = call.files.get(name) or (call.files.get(kind) if not given else None)
    if upload is None:
        known = world.files.get(name)
        if known is None:
            raise bad("wrong file identifier/HTTP URL specified" if given else f"there is no {kind} in the request")
        if known.kind != kind:
            raise bad(f"can't use file of type {known.kind.capitalize()} as {kind.capitalize()}")
        return known
    return _upload(world, kind, upload)


def _upload(world: World, kind: str, upload: Upload) -> File:
    if not upload.data:
        raise bad("file must be non-empty")
    if len(upload.data) > MOST_UPLOAD:
        raise Refusal(413, "Request Entity Too Large")
    if kind == "document":
        return world.keep(kind, upload.name, upload.data, upload.mime)
    size = size_of(upload.data)
    if size is None:
        raise bad("IMAGE_PROCESS_FAILED")
    if len(upload.data) > MOST_PHOTO:
        raise bad(
            f"file of size {len(upload.data)} bytes is too big for a photo; the maximum size is {MOST_PHOTO} bytes"
        )
    if sum(size) > MOST_SIDES or max(size) > MOST_RATIO * min(size):
        raise bad("PHOTO_INVALID_DIMENSIONS")
    return world.keep(kind, "photo.jpg", upload.data, "image/jpeg", width=size[0], height=size[1])


def send_album(world: World, call: Call) -> list[Json]:
    """2 to 10 photos, or as many documents; the first caption is the album's."""
    place, items = place_of(world, call), call.json("media") or []
    if not items:
        raise bad("there are no messages to send")
    if len(items) > 10:
        raise bad("too many messages to send as an album")
    if len({item["type"] for item in items}) > 1:
        raise bad("documents can't be mixed with other media types in an album")
    group = str(next(_albums)) if len(items) > 1 else None
    parts = [(_file(world, call, item["type"], item["media"]), caption_of(item)) for item in items]
    chat = world.chats[call.chat]
    return [
        world.post(chat, world.bot, file=file, media_group=group, **place, **caption).json() for file, caption in parts
    ]


def edit_media(world: World, call: Call) -> Json:
    """Put another file in the place of one, or of a text."""
    message, item = ours(world, call), call.json("media") or {}
    markup, caption = inline(call), caption_of(item)
    return change(world, message, markup, file=_file(world, call, item["type"], item["media"]), **caption)


def get_file(world: World, call: Call) -> Json:
    file = world.files.get(call.text("file_id"))
    if file is None:
        raise bad("invalid file_id")
    if len(file.data) > MOST_DOWNLOAD:
        raise bad("file is too big")
    identity = {"file_id": file.file_id, "file_unique_id": f"u{file.file_id}"}
    return identity | {"file_size": len(file.data), "file_path": file.path}
