"""A reply as the bodies of Slack's messages."""

from pathlib import Path
from typing import Any

from bot.chat.slack import buttons, dialect
from bot.message import Reply
from prompts import escape

Json = dict[str, Any]


def bodies(reply: Reply, folder: Path) -> list[Json]:
    """Text and blocks of each message; all but long replies take one. The buttons stand under the last."""
    below = buttons.blocks(reply, folder) if reply.buttons else []
    parts = dialect.messages(reply.text, len(below))
    if not parts[0]:
        parts = dialect.messages(_instead(reply), len(below))
    found: list[Json] = []
    for sections in parts:
        blocks: list[Json] = [section(text) for text in sections]
        found.append({"text": sections[0], "blocks": blocks})
    found[-1]["blocks"] += below
    return found


def section(text: str) -> Json:
    """One block of mrkdwn in which Slack shall find nothing that is not marked."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def under(body: Json, first: str) -> Json:
    """A later part, so that a press in it tells whose part it is. `first`: the id of the first message."""
    named = [b | {"block_id": f"{first}/{b['block_id']}"} if b["type"] == "actions" else b for b in body["blocks"]]
    return body | {"blocks": named}


def kept_in(message: Json) -> Json:
    """What we keep with a message of ours: `key`, and `part` for a later one; or the `of` that an edit added it to."""
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") if metadata.get("event_type") == "paceline" else None
    return payload if isinstance(payload, dict) else {}


def _instead(reply: Reply) -> str:
    """What stands where a reply has no text."""
    return "\n".join(escape(dialect.shorten(p.alt or p.name, 500)) for p in reply.pictures) or "…"
