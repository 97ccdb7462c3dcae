"""The methods chat.*: what the bot says."""

import json
import re
from typing import Any

from .blocks import MESSAGE_TEXT, message_faults, text_in
from .calls import Call
from .payloads import message_body
from .refusal import Refusal, faulty
from .things import Json, Message
from .world import World, completed

POST_TEXT, UPDATE_TEXT, METADATA = 40_000, 4_000, 16_000


def post_message(world: World, call: Call) -> Json:
    """chat.postMessage: a person's id will do for a channel."""
    channel = world.reach(call.channel, post=True)
    text, blocks = call.text("text"), blocks_of(world, call)
    if not text and not blocks and not call.json("attachments"):
        raise Refusal("no_text")
    if len(text) > POST_TEXT:
        raise Refusal("msg_too_long")
    more = {"thread_ts": call.text("thread_ts"), "metadata": _metadata(call)}
    message = world.post(channel, world.bot, text, blocks, **more)
    body = message_body(world, message, metadata=True)
    return {"ok": True, "channel": channel.id, "ts": message.ts, "message": body}


def post_ephemeral(world: World, call: Call) -> Json:
    """chat.postEphemeral: for the eyes of one person."""
    channel = world.reach(call.channel, post=True)
    text, blocks = call.text("text"), blocks_of(world, call)
    if call.text("user") not in channel.members:
        raise Refusal("user_not_in_channel")
    if not text and not blocks:
        raise Refusal("no_text")
    if len(text) > POST_TEXT:
        raise Refusal("msg_too_long")
    only, thread = call.text("user"), call.text("thread_ts")
    message = world.post(channel, world.bot, text, blocks, only=only, thread_ts=thread)
    return {"ok": True, "message_ts": message.ts}


def update(world: World, call: Call) -> Json:
    """chat.update: of the bot's own messages, by the id of the channel alone."""
    message = _own(world, call, "cant_update_message")
    text, blocks = call.text("text"), blocks_of(world, call)
    if len(text) > UPDATE_TEXT:
        raise Refusal("msg_too_long")
    if not text and not blocks:
        raise Refusal("no_text")
    before = message_body(world, message)
    message.versions.append(message.shown)
    # Without new blocks the old ones go, if there is a text to take their place.
    message.text, message.blocks = text, completed(blocks or [])
    if "metadata" in call.args:
        message.metadata = _metadata(call)
    if not blocks:
        message.edited = world.stamp()
    world.tell("changed", (message, before))
    body = message_body(world, message, metadata=True)
    return {"ok": True, "channel": message.channel.id, "ts": message.ts, "text": message.text, "message": body}


def delete(world: World, call: Call) -> Json:
    """chat.delete."""
    message = _own(world, call, "cant_delete_message")
    message.deleted = True
    world.tell("deleted", message)
    return {"ok": True, "channel": message.channel.id, "ts": message.ts}


def _own(world: World, call: Call, error: str) -> Message:
    channel = world.reach(call.channel, member=False)
    if channel.archived:
        raise Refusal("is_archived")
    found = [m for m in world.messages if m.channel is channel and m.ts == call.text("ts")]
    if not found or found[0].deleted or found[0].only:
        raise Refusal("message_not_found")
    if found[0].user is not world.bot:
        raise Refusal(error)
    return found[0]


def blocks_of(world: World, call: Call) -> list[Json]:
    """The blocks that a call gives, if Slack takes them."""
    blocks = call.json("blocks") or []
    faults = message_faults(blocks, [file.id for file in world.files.values() if file.done])
    if faults:
        raise faulty("invalid_blocks", faults)
    if text_in(blocks) > MESSAGE_TEXT:
        raise Refusal("msg_blocks_too_long")
    return list(blocks)


def _metadata(call: Call) -> Json | None:
    metadata: Any = call.json("metadata")
    if not metadata:
        return None
    good = isinstance(metadata, dict) and set(metadata) == {"event_type", "event_payload"}
    if not good or not re.fullmatch(r"\w{1,255}", str(metadata["event_type"])):
        raise Refusal("invalid_metadata_format")
    if not isinstance(metadata["event_payload"], dict):
        raise Refusal("invalid_metadata_schema")
    if len(json.dumps(metadata)) > METADATA:
        raise Refusal("metadata_too_large")
    return dict(metadata)
