"""The methods conversations.* and users.*: who and what is there."""

import base64
from collections.abc import Callable, Sequence
from typing import TypeVar

from .calls import Call
from .payloads import channel_body, message_body, user_body
from .refusal import Refusal
from .things import Channel, Json, Message
from .world import BOT_USER, World

T = TypeVar("T")
Method = Callable[[World, Call], Json]


def open_conversation(world: World, call: Call) -> Json:
    """conversations.open, with one person."""
    users = [user for user in call.text("users").split(",") if user]
    if call.channel:
        channel = world.reach(call.channel)
    elif len(users) != 1:
        raise Refusal("users_list_not_supplied" if not users else "not_enough_users")
    else:
        known = any(channel.user == users[0] for channel in world.channels.values())
        channel = world.open_dm(users[0])
        if known:
            return {"ok": True, "no_op": True, "already_open": True, "channel": _opened(world, call, channel)}
    return {"ok": True, "channel": _opened(world, call, channel)}


def _opened(world: World, call: Call, channel: Channel) -> Json:
    return channel_body(world, channel) if call.flag("return_im") else {"id": channel.id}


def history(world: World, call: Call) -> Json:
    """conversations.history: newest first, without the replies in threads."""
    channel = world.reach(call.channel)
    seen = [m for m in world.messages if m.channel is channel and not m.deleted and not m.only]
    roots = [m for m in reversed(seen) if m.thread_ts in ("", m.ts)]
    page, after = paged(_between(roots, call), call, 100, 999)
    body = {"ok": True, "messages": _written(world, page, call), "has_more": bool(after), "pin_count": 0}
    return body | ({"response_metadata": {"next_cursor": after}} if after else {})


def replies(world: World, call: Call) -> Json:
    """conversations.replies: the root first, and always."""
    channel = world.reach(call.channel)
    ts = call.text("ts")
    seen = [m for m in world.messages if m.channel is channel and not m.deleted and not m.only]
    found = [m for m in seen if m.ts == ts or m.thread_ts == ts]
    if not found:
        raise Refusal("thread_not_found")
    page, after = paged(_between(found, call, keep=ts), call, 1000, 1000)
    body = {"ok": True, "messages": _written(world, page, call), "has_more": bool(after)}
    return body | ({"response_metadata": {"next_cursor": after}} if after else {})


def _between(messages: list[Message], call: Call, keep: str = "") -> list[Message]:
    """Those between oldest and latest; both ends only when inclusive. `keep`: a thread's root is always shown."""
    oldest, latest, both = _time(call.text("oldest")), _time(call.text("latest")) or 10**18, call.flag("inclusive")
    ends = {oldest, latest} if both else set()
    return [m for m in messages if m.ts == keep or oldest < _time(m.ts) < latest or _time(m.ts) in ends]


def _time(ts: str) -> int:
    """A timestamp in microseconds."""
    seconds, _, rest = ts.partition(".")
    if not (seconds + rest).isdigit():
        if ts:
            raise Refusal("invalid_ts_oldest")
        return 0
    return int(seconds) * 10**6 + int(rest.ljust(6, "0")[:6])


def _written(world: World, messages: Sequence[Message], call: Call) -> list[Json]:
    metadata = call.flag("include_all_metadata")
    return [message_body(world, message, metadata=metadata) for message in messages]


def info(world: World, call: Call) -> Json:
    """conversations.info."""
    channel = world.reach(call.channel, member=False)
    return {"ok": True, "channel": channel_body(world, channel, counted=call.flag("include_num_members"))}


def list_conversations(world: World, call: Call) -> Json:
    """conversations.list."""
    kinds = (call.text("types") or "public_channel").split(",")
    wanted = [c for c in world.channels.values() if _kind(c) in kinds and (not c.private or BOT_USER in c.members)]
    if call.flag("exclude_archived"):
        wanted = [channel for channel in wanted if not channel.archived]
    page, after = paged(wanted, call, 100, 1000)
    bodies = [channel_body(world, channel) for channel in page]
    return {"ok": True, "channels": bodies, "response_metadata": {"next_cursor": after}}


def _kind(channel: Channel) -> str:
    return "im" if channel.im else "private_channel" if channel.private else "public_channel"


def members(world: World, call: Call) -> Json:
    """conversations.members."""
    channel = world.reach(call.channel, member=False)
    page, after = paged(channel.members, call, 100, 1000)
    return {"ok": True, "members": list(page), "response_metadata": {"next_cursor": after}}


def join(world: World, call: Call) -> Json:
    """conversations.join."""
    channel = world.reach(call.channel, member=False)
    if channel.im or channel.private:
        raise Refusal("method_not_supported_for_channel_type")
    if channel.archived:
        raise Refusal("is_archived")
    if BOT_USER in channel.members:
        more = {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
        return {"ok": True, "channel": channel_body(world, channel, counted=False), **more}
    channel.members.append(BOT_USER)
    return {"ok": True, "channel": channel_body(world, channel, counted=False)}


def list_users(email: bool) -> Callable[[World, Call], Json]:
    """users.list, with or without the scope for email addresses."""

    def listed(world: World, call: Call) -> Json:
        page, after = paged(list(world.users.values()), call, 1000, 1000)
        locale = call.flag("include_locale")
        bodies = [user_body(user, email=email, locale=locale) for user in page]
        more = {"cache_ts": int(world.now()), "response_metadata": {"next_cursor": after}}
        return {"ok": True, "members": bodies, **more}

    return listed


def user_info(email: bool) -> Callable[[World, Call], Json]:
    """users.info, with or without the scope for email addresses."""

    def informed(world: World, call: Call) -> Json:
        user = world.users.get(call.text("user"))
        if user is None:
            raise Refusal("user_not_found")
        return {"ok": True, "user": user_body(user, email=email, locale=call.flag("include_locale"))}

    return informed


def lookup(world: World, call: Call) -> Json:
    """users.lookupByEmail: finds nobody who left."""
    wanted = call.text("email").lower()
    for user in world.users.values():
        if wanted and user.email.lower() == wanted and not user.deleted and not user.bot:
            return {"ok": True, "user": user_body(user, locale=False)}
    raise Refusal("users_not_found")


def paged(things: Sequence[T], call: Call, usual: int, most: int) -> tuple[Sequence[T], str]:
    """One page of a list, and the cursor of the next, "" when it is the last."""
    size, start = call.count("limit", usual, most), 0
    if call.text("cursor"):
        try:
            start = int(base64.b64decode(call.text("cursor"), validate=True).decode().removeprefix("next:"))
        except ValueError:
            raise Refusal("invalid_cursor") from None
    after = base64.b64encode(f"next:{start + size}".encode()).decode() if start + size < len(things) else ""
    return things[start : start + size], after
