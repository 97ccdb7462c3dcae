"""The methods about messages: what the bot says, changes, takes back and answers."""

from typing import Any

from . import keyboards
from .calls import Call
from .entities import parse
from .refusal import NOT_MODIFIED, QUERY_TOO_OLD, bad
from .things import Chat, Edit, Json, Message, units
from .world import World

MOST_TEXT, MOST_CAPTION, MOST_TOAST = 4096, 1024, 200


def get_me(world: World, call: Call) -> Json:
    return world.bot.json() | {
        "can_join_groups": world.can_join_groups,
        "can_read_all_group_messages": world.can_read_all_group_messages,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def text_of(call: Call) -> Json:
    """The text of a message: as shown, as sent, and its entities."""
    raw = call.text("text")
    if not raw.strip():
        raise bad("message text is empty")
    shown, entities = parse(raw, call.text("parse_mode"), call.json("entities"))
    if not shown.strip():
        raise bad("text must be non-empty")
    if units(shown) > MOST_TEXT:
        raise bad("message is too long")
    return {"text": shown, "raw": raw, "entities": entities}


def caption_of(values: Json) -> Json:
    """The caption of a file, which may be empty."""
    raw = values.get("caption") or ""
    shown, entities = parse(raw, values.get("parse_mode"), values.get("caption_entities"))
    if units(shown) > MOST_CAPTION:
        raise bad("message caption is too long")
    return {"text": shown, "raw": raw, "entities": entities}


def place_of(world: World, call: Call) -> Json:
    """Where a new message goes: its topic and what it answers."""
    chat = world.reach(call.chat)
    if chat.muted:
        raise bad("not enough rights to send text messages to the chat")
    asked = call.json("reply_parameters") or {"message_id": call.number("reply_to_message_id")}
    answered = lookup(world, chat, int(asked.get("message_id") or 0))
    lenient = asked.get("allow_sending_without_reply") or call.flag("allow_sending_without_reply")
    if asked.get("message_id") and answered is None and not lenient:
        raise bad("message to be replied not found")
    thread = world.thread(chat, call.number("message_thread_id"))
    return {"reply_to": answered, "thread": thread or (answered.thread if answered else None)}


def lookup(world: World, chat: Chat, message_id: int) -> Message | None:
    try:
        return world.message(chat, message_id)
    except LookupError:
        return None


def send_message(world: World, call: Call) -> Json:
    place = place_of(world, call)
    markup = keyboards.check(call.json("reply_markup"))
    return world.post(world.chats[call.chat], world.bot, reply_markup=markup, **place, **text_of(call)).json()


def ours(world: World, call: Call) -> Message:
    """The bot's own message that is to be edited."""
    message = lookup(world, world.reach(call.chat), call.number("message_id"))
    if message is None:
        raise bad("message to edit not found")
    if message.sender is not world.bot or message.service:
        raise bad("message can't be edited")
    return message


def change(world: World, message: Message, markup: Json | None, **to: Any) -> Json:
    """Edit a message. One that would read the same is refused."""
    if message.reply_markup and "inline_keyboard" not in message.reply_markup:
        raise bad("message can't be edited")
    same = all(getattr(message, name) == value for name, value in to.items() if name != "raw")
    if same and message.reply_markup == markup:
        raise bad(NOT_MODIFIED)
    message.edits.append(Edit(message.text, message.reply_markup, world.now()))
    for name, value in to.items():
        setattr(message, name, value)
    message.reply_markup, message.edited_at = markup, world.now()
    world.tell("edited", message)
    return message.json()


def edit_text(world: World, call: Call) -> Json:
    message = ours(world, call)
    if message.file:
        raise bad("there is no text in the message to edit")
    return change(world, message, inline(call), **text_of(call))


def edit_caption(world: World, call: Call) -> Json:
    message = ours(world, call)
    if not message.file:
        raise bad("there is no caption in the message to edit")
    return change(world, message, inline(call), **caption_of(call.params | {"caption_entities": None}))


def edit_markup(world: World, call: Call) -> Json:
    return change(world, ours(world, call), inline(call))


def inline(call: Call) -> Json | None:
    """The keyboard of an edited message: without one, the old one goes."""
    markup = keyboards.check(call.json("reply_markup"))
    if markup and "inline_keyboard" not in markup:
        raise bad("inline keyboard expected")
    return markup


def delete_message(world: World, call: Call) -> bool:
    chat = world.reach(call.chat)
    message = lookup(world, chat, call.number("message_id"))
    if message is None:
        raise bad("message to delete not found")
    admin = not chat.shared or chat.members[world.bot.id] == "administrator"
    if (message.sender is not world.bot and not admin) or world.now() - message.date > 48 * 3600:
        raise bad("message can't be deleted")
    message.deleted = True
    world.tell("deleted", message)
    return True


def answer_press(world: World, call: Call) -> bool:
    press = world.presses.get(call.text("callback_query_id"))
    if press is None or press.answer is not None or world.now() - press.at > world.answer_within:
        raise bad(QUERY_TOO_OLD)
    if units(call.text("text")) > MOST_TOAST:
        raise bad("MESSAGE_TOO_LONG")
    press.settle({"text": call.text("text"), "show_alert": call.flag("show_alert"), "url": call.text("url")})
    world.tell("answered", press)
    return True


def react(world: World, call: Call) -> bool:
    message = lookup(world, world.reach(call.chat), call.number("message_id"))
    if message is None:
        raise bad("message to react not found")
    message.reaction = call.json("reaction") or []
    return True


def pin(world: World, call: Call) -> bool:
    chat = world.reach(call.chat)
    message = lookup(world, chat, call.number("message_id"))
    if message is None:
        raise bad("message to pin not found")
    if chat.shared and chat.members[world.bot.id] != "administrator":
        raise bad("not enough rights to manage pinned messages in the chat")
    chat.pinned.append(message.message_id)
    return True
