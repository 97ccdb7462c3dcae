"""The methods about chats and about the bot itself: who is here, the menu of commands, the webhook."""

import json
import re

from .calls import Call
from .chats import member_json
from .refusal import bad
from .things import Json
from .world import World

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
ACTIONS = {"typing", "upload_photo", "upload_document", "find_location", "record_voice", "upload_voice"}
SCOPES = {
    "default",
    "all_private_chats",
    "all_group_chats",
    "all_chat_administrators",
    "chat",
    "chat_administrators",
    "chat_member",
}


def get_chat(world: World, call: Call) -> Json:
    chat = world.reach(call.chat, talk=False)
    person = None if chat.shared else world.users[chat.id]
    body = chat.json(person) | {"accent_color_id": 0, "max_reaction_count": 11}
    body["accepted_gift_types"] = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
    )
    if chat.pinned:
        body["pinned_message"] = world.message(chat, chat.pinned[-1]).json()
    return body


def get_chat_member(world: World, call: Call) -> Json:
    chat = world.reach(call.chat, talk=False)
    user = world.users.get(call.number("user_id"))
    if user is None or not (user.known or user.is_bot):
        raise bad("user not found")
    return member_json(user, chat.members.get(user.id, "left"))


def send_action(world: World, call: Call) -> bool:
    chat = world.reach(call.chat)
    world.thread(chat, call.number("message_thread_id"))
    if call.text("action") not in ACTIONS:
        raise bad("wrong parameter action in request")
    world.actions.append((chat.id, call.text("action")))
    return True


def leave_chat(world: World, call: Call) -> bool:
    chat = world.reach(call.chat)
    if not chat.shared:
        raise bad("chat member status can't be changed in private chats")
    chat.members[world.bot.id] = "left"
    return True


def set_commands(world: World, call: Call) -> bool:
    commands = call.json("commands") or []
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND.fullmatch(command["command"].removeprefix("/")):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    world.commands[_menu(world, call)] = commands
    return True


def get_commands(world: World, call: Call) -> list[Json]:
    return world.commands.get(_menu(world, call), [])


def delete_commands(world: World, call: Call) -> bool:
    world.commands.pop(_menu(world, call), None)
    return True


def _menu(world: World, call: Call) -> tuple[str, str]:
    """Which menu is meant: its scope, "default" or JSON with its chat, and its language, "" for all."""
    scope, language = call.json("scope") or {"type": "default"}, call.text("language_code")
    if scope["type"] not in SCOPES:
        raise bad("unsupported scope specified")
    if language and not re.fullmatch("[a-z]{2}", language):
        raise bad("invalid language code specified")
    if "chat_id" in scope:
        world.reach(int(scope["chat_id"]), talk=False)
    return (scope["type"] if len(scope) == 1 else json.dumps(scope, sort_keys=True)), language
