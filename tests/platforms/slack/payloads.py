"""How Slack writes down people, channels, messages, files and views."""

import re
from typing import Any

from .things import Channel, File, Json, Message, User, View
from .world import APP, BOT, TEAM, World

ZONES = {"Europe/Berlin": 3600, "Asia/Shanghai": 28800, "America/New_York": -18000, "UTC": 0}
TYPES = {"csv": "text/csv", "txt": "text/plain", "png": "image/png", "vtt": "text/vtt", "pdf": "application/pdf"}
_URL, _EMAIL = r"https?://[^\s<>]*[^\s<>.,;:!?)]", r"(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]*\w"
LINK = re.compile(rf"<(?:[@#!]|https?:|mailto:)[^<>]*>|{_URL}|{_EMAIL}|\b[\w-]+\.(?:com|org|de)\b")


def user_body(user: User, *, email: bool = True, locale: bool = True) -> Json:
    """A person as users.info shows them; `email` with the scope for it, `locale` when asked for."""
    first, _, last = user.real_name.partition(" ")
    names = {"real_name": user.real_name, "real_name_normalized": user.real_name, "display_name": user.name}
    profile: Json = {"title": "", "phone": "", **names, "display_name_normalized": user.name, "team": TEAM}
    profile |= {"avatar_hash": "g0", "first_name": first, "last_name": last, "status_text": "", "status_emoji": ""}
    if email and user.email and not user.bot:
        profile["email"] = user.email
    if user.bot:
        profile |= {"bot_id": BOT, "api_app_id": APP, "always_active": True}
    body: Json = {"id": user.id, "team_id": TEAM, "name": user.name, "deleted": user.deleted}
    if locale:
        body["locale"] = user.locale
    body |= {"profile": profile, "is_bot": user.bot, "is_app_user": False, "updated": 1718000000}
    if user.deleted:  # of those who left, Slack tells little
        return body
    body |= {"color": "9f69e7", "real_name": user.real_name, "tz": user.tz, "tz_label": user.tz}
    body |= {"tz_offset": ZONES.get(user.tz, 0), "is_admin": False, "is_owner": False, "is_primary_owner": False}
    return body | {"is_restricted": user.guest, "is_ultra_restricted": False, "is_email_confirmed": True}


def channel_body(world: World, channel: Channel, *, counted: bool = True) -> Json:
    """A channel as conversations.info shows it. `counted`: with how many are in it."""
    body: Json = {"id": channel.id, "created": channel.created, "is_archived": channel.archived}
    if channel.im:
        gone = world.users[channel.user].deleted
        more = {"user": channel.user, "is_user_deleted": gone, "priority": 0, "is_org_shared": False}
        return body | {"is_im": True, "context_team_id": TEAM, **more}
    nothing = {"value": "", "creator": "", "last_set": 0}
    body |= {"name": channel.name, "name_normalized": channel.name, "is_channel": not channel.private}
    body |= {"is_group": channel.private, "is_im": False, "is_mpim": False, "is_private": channel.private}
    body |= {"is_general": False, "is_shared": False, "is_ext_shared": False, "is_org_shared": False, "unlinked": 0}
    body |= {"creator": channel.members[0] if channel.members else "", "is_member": world.bot.id in channel.members}
    body |= {"topic": nothing, "purpose": nothing, "previous_names": [], "context_team_id": TEAM}
    return body | ({"num_members": len(channel.members)} if counted else {})


def bot_profile() -> Json:
    """The bot as it stands in its messages."""
    body = {"id": BOT, "app_id": APP, "name": "Paceline", "deleted": False, "updated": 1718000000, "team_id": TEAM}
    return body | {"icons": {"image_36": "https://a.invalid/36.png"}}


def message_body(world: World, message: Message, *, metadata: bool = False) -> Json:
    """A message as conversations.history shows it."""
    body: Json = {"type": "message", "user": message.user.id, "ts": message.ts, "text": message.text}
    if message.user is world.bot:
        body |= {"bot_id": BOT, "app_id": APP, "team": TEAM, "bot_profile": bot_profile()}
    elif not message.subtype:
        body |= {"client_msg_id": f"client-{message.ts}", "team": TEAM}
    if message.subtype and message.subtype != "bot_message":
        body["subtype"] = message.subtype
    if message.blocks:
        body["blocks"] = message.blocks
    if message.thread_ts:
        body["thread_ts"] = message.thread_ts
        if message.thread_ts != message.ts:
            body["parent_user_id"] = parent_user(world, message)
    if message.files:
        body |= {"files": [file_body(world, file) for file in message.files], "upload": False}
    if message.edited:
        body["edited"] = {"user": message.user.id if message.user is not world.bot else BOT, "ts": message.edited}
    if metadata and message.metadata:
        body["metadata"] = message.metadata
    return body | thread_body(world, message)


def parent_user(world: World, message: Message) -> str:
    """Who wrote the message that a thread hangs from."""
    parents = [m for m in world.messages if m.channel is message.channel and m.ts == message.thread_ts]
    return parents[0].user.id if parents else ""


def thread_body(world: World, message: Message) -> Json:
    """What a message that a thread hangs from tells of it."""
    replies = world.thread(message.channel, message.ts)
    if not replies:
        return {}
    users = list(dict.fromkeys(reply.user.id for reply in replies))
    counts = {"reply_count": len(replies), "reply_users_count": len(users), "reply_users": users}
    return {"thread_ts": message.ts, **counts, "latest_reply": replies[-1].ts, "subscribed": False}


def file_body(world: World, file: File) -> Json:
    """A file as files.info shows it."""
    ending = file.name.rpartition(".")[2].lower()
    body: Json = {"id": file.id, "created": file.created, "timestamp": file.created, "name": file.name}
    body |= {"title": file.title, "mimetype": TYPES.get(ending, "application/octet-stream"), "filetype": ending}
    body |= {"pretty_type": ending.upper(), "user": file.user, "user_team": TEAM, "editable": False}
    body |= {"size": len(file.data), "mode": "hosted", "is_external": False, "external_type": ""}
    body |= {"is_public": False, "public_url_shared": False, "display_as_bot": False, "username": ""}
    address = f"{world.files_url}/files-pri/{TEAM}-{file.id}"
    body |= {"url_private": f"{address}/{file.name}", "url_private_download": f"{address}/download/{file.name}"}
    body |= {"permalink": f"https://{world.domain}.slack.invalid/files/{file.user}/{file.id}/{file.name}"}
    body |= {"is_starred": False, "has_rich_preview": False, "file_access": "visible"}
    return body | ({"alt_txt": file.alt} if file.alt else {})


def view_body(view: View, values: Json | None = None) -> Json:
    """A view as views.open answers with it. `values`: what was filled in, by block and action."""
    body: Json = {"id": view.id, "team_id": TEAM, "type": view.body["type"], "blocks": view.blocks}
    body |= {key: view.body.get(key, "") for key in ("private_metadata", "callback_id", "external_id")}
    body |= {"state": {"values": values or {}}, "hash": view.hash, "previous_view_id": view.previous or None}
    body |= {"root_view_id": view.root or view.id, "app_id": APP, "app_installed_team_id": TEAM, "bot_id": BOT}
    body |= {key: bool(view.body.get(key)) for key in ("clear_on_close", "notify_on_close")}
    if view.body["type"] == "modal":
        body |= {key: view.body.get(key) for key in ("title", "submit", "close")} | {"submit_disabled": False}
    return body


def typed(text: str) -> str:
    """What a person typed as Slack sends it on: escaped, with links marked."""
    parts, at = [], 0
    for found in LINK.finditer(text):
        parts += [escaped(text[at : found.start()]), _link(found[0])]
        at = found.end()
    return "".join([*parts, escaped(text[at:])])


def _link(found: str) -> str:
    if found.startswith("<"):
        return found
    if found.startswith("http"):
        return f"<{escaped(found)}>"
    return f"<mailto:{found}|{found}>" if "@" in found else f"<http://{found}|{found}>"


def escaped(text: str) -> str:
    """The three characters that Slack escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def rich(text: str) -> list[Json]:
    """The rich_text block that comes beside what a person typed."""
    parts: list[Any] = []
    for piece in re.split(r"(<@\w+>)", text):
        if piece.startswith("<@"):
            parts.append({"type": "user", "user_id": piece[2:-1]})
        elif piece:
            parts.append({"type": "text", "text": piece})
    section = {"type": "rich_text_section", "elements": parts}
    return [{"type": "rich_text", "elements": [section]}] if parts else []
