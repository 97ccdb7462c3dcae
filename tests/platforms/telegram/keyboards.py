"""What the Bot API thinks of a keyboard."""

from typing import Any

from .refusal import bad
from .things import Json

MOST_BUTTONS = 100
MOST_BYTES = 64


def check(markup: Any) -> Json | None:
    """The keyboard as it is kept, or None. Raises a refusal."""
    if not markup:
        return None
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    rows = markup.get("inline_keyboard", [])
    buttons = [button for row in rows for button in row]
    if len(buttons) > MOST_BUTTONS:
        raise bad("reply markup is too long")
    for button in buttons:
        _check_button(button)
    return markup if buttons or "inline_keyboard" not in markup else None


def _check_button(button: Json) -> None:
    if not button.get("text", "").strip():
        raise bad("can't parse inline keyboard button: Inline keyboard button text must be non-empty")
    if not any(key for key in button if key not in ("text", "style", "icon_custom_emoji_id")):
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if "callback_data" in button and not 0 < len(button["callback_data"].encode()) <= MOST_BYTES:
        raise bad("BUTTON_DATA_INVALID")
    if "url" in button and not button["url"].startswith(("http://", "https://", "tg://")):
        raise bad(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
