"""What Slack tells, as a `Message`; or None, where it is not meant for the bot."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from bot.chat.slack.dialect import unescape
from bot.message import Place

Json = dict[str, Any]

_MARKED = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_PEOPLE = re.compile(r"<@([UW]\w+)")
_SUBTYPES = ("", "file_share", "thread_broadcast", "me_message")


@dataclass(frozen=True, slots=True)
class Written:
    """A message in a chat, as somebody wrote or changed it. `channel`: as Slack calls it; `root`: the timestamp that
    its thread hangs from; `mentions`: whether it names the bot; `under`: who wrote the root, where Slack tells."""

    id: str
    user: str
    channel: str
    root: str
    ts: str
    text: str
    how: Literal["typed", "edit"]
    direct: bool
    mentions: bool
    under: str
    files: Sequence[Json]

    @property
    def place(self) -> Place:
        """Where it is answered: a person by their own id, whatever Slack calls their direct messages."""
        if self.direct:
            return Place("slack", self.user, self.root)
        return Place("slack", self.channel, self.root, only=self.user)


def written(event: Json, bot: str) -> Written | None:
    """The message that an event tells of; None when nobody of flesh and blood wrote anything. `bot`: our user id."""
    message, changed = event, ""
    if event.get("subtype") == "message_changed":
        message, before = event.get("message") or {}, event.get("previous_message") or {}
        changed = str((message.get("edited") or {}).get("ts") or "")
        if not changed or message.get("text") == before.get("text"):
            return None  # a preview that Slack added
    user, text = str(message.get("user") or ""), str(message.get("text") or "")
    files = () if changed else message.get("files") or ()
    ours = user in ("", bot, "USLACKBOT") or message.get("bot_id") or message.get("subtype", "") not in _SUBTYPES
    if ours or (event.get("hidden") and not changed) or not (text.strip() or files):
        return None
    channel, ts = str(event.get("channel") or ""), str(message.get("ts") or "")
    root = str(message.get("thread_ts") or "")
    return Written(
        id=f"{channel}:{ts}:{changed}" if changed else f"{channel}:{ts}",
        user=user,
        channel=channel,
        root="" if root == ts else root,
        ts=ts,
        text=text,
        how="edit" if changed else "typed",
        direct=event.get("channel_type") == "im" or channel.startswith("D"),
        mentions=bool(bot) and f"<@{bot}" in text,
        under=str(message.get("parent_user_id") or ""),
        files=files,
    )


def pointed_at(body: Json) -> str:
    """What stands in the message whose menu was used: its text, or that of the messages that were shared in it."""
    message = body.get("message") or {}
    shared = (str(one.get("text") or "") for one in message.get("attachments") or ())
    return str(message.get("text") or "").strip() or "\n".join(filter(None, shared))


def people_in(text: str) -> list[str]:
    """The Slack users whom a text mentions."""
    return _PEOPLE.findall(text)


def typed(text: str, bot: str = "", names: Mapping[str, str] | None = None) -> str:
    """The text as its writer saw it: `names` for those whom it mentions, addresses bare, the mention of the bot at its
    beginning or end gone."""
    if bot:
        mention = rf"<@{re.escape(bot)}(?:\|[^<>]*)?>"
        text = re.sub(rf"^{mention}[\s:,，：]*|(?<!\s)\s*{mention}$", "", text.strip())
    return unescape(_MARKED.sub(lambda m: _seen(m, bot, names or {}), text)).replace("\0", "").strip()


def _seen(found: re.Match[str], bot: str, names: Mapping[str, str]) -> str:
    what, label = found[1], found[2] or ""
    if what.startswith("@"):
        return "@Paceline" if what[1:] == bot else names.get(what[1:]) or f"@{label or 'somebody'}"
    if what.startswith("#"):
        return f"#{label or what[1:]}"
    if what.startswith("!"):
        return label or "@" + what[1:].partition("^")[0]
    bare = what.removeprefix("mailto:").removeprefix("http://").removeprefix("https://")
    return (
        what.removeprefix("mailto:") if not label or label == what else label if label == bare else f"{label} ({what})"
    )


def at(ts: str, otherwise: datetime) -> datetime:
    """A timestamp of Slack's as a time."""
    try:
        return datetime.fromtimestamp(float(ts), UTC)
    except (ValueError, OverflowError, OSError):
        return otherwise
