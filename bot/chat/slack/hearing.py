"""What people did on Slack, made into messages for the ear: stored first, answered afterwards."""

import asyncio
import logging
import re
import time
from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any

from bot.chat import Ear, asking
from bot.chat.slack import buttons, files, reading
from bot.chat.slack.opening import Screens
from bot.chat.slack.reading import Written
from bot.chat.slack.shape import kept_in
from bot.errors import ChatError
from bot.message import File, Message, Place, Reply
from bot.team.model import Person
from prompts import escape, words

if TYPE_CHECKING:
    from bot.chat.slack.adapter import Slack

log = logging.getLogger(__name__)

Json = dict[str, Any]

_CHANNEL = re.compile(r"(channel|group)_(archive|unarchive|deleted|left)|member_(joined|left)_channel")
_REVOKED = {
    "tokens_revoked": "The bot token was revoked. Install the app again and set the new PACELINE_SLACK_BOT_TOKEN.",
    "app_uninstalled": "The app was uninstalled. Install it again and set the new PACELINE_SLACK_BOT_TOKEN.",
}
ASK = "ask"  # what the manifest calls the entry "What do I say to this?" in the menu of a message
_NAMED = 100  # people whose names are looked up for a message that is cut to a few lines anyway
_AGAIN = 2  # how often a message is left to be told again because a file of it could not be fetched


class Hearing:
    """All calls return once what they were told is stored, and raise when it could not be."""

    def __init__(self, slack: "Slack", ear: Ear, spawn: Callable[[Coroutine[Any, Any, Any]], None]) -> None:
        self._slack, self._ear, self._spawn = slack, ear, spawn
        self._screens = Screens(slack, ear, spawn)
        self._taking: dict[str, asyncio.Task[None]] = {}
        self._wordless: dict[str, None] = {}  # triggers that were answered by a line of our own
        self._missed: dict[str, int] = {}  # message id -> how often its files could not be fetched

    # events

    async def event(self, body: Json, bot: str) -> None:
        event = body.get("event") or {}
        kind = event.get("type")
        if kind in ("message", "app_mention"):
            if found := reading.written(event, bot):
                await self._once(found, bot)
        elif kind == "app_home_opened":
            if event.get("tab", "home") == "home":
                self._spawn(self._home(str(event.get("user")), str(body.get("event_id"))))
        elif kind in ("team_join", "user_change"):
            self._spawn(self._slack.people.changed(event.get("user") or {}))
        elif kind in _REVOKED:
            if kind != "tokens_revoked" or (event.get("tokens") or {}).get("bot"):
                self._slack.api.wrong = _REVOKED[kind]
        elif _CHANNEL.fullmatch(str(kind)) and (event.get("user") == bot or not str(kind).startswith("member_")):
            self._spawn(self._slack.people.look_at_channels())

    async def _once(self, found: Written, bot: str) -> None:
        """A message that is told twice at the same time, as a mention too or because a file took long, is one."""
        task = self._taking.get(found.id)
        if task is None:
            task = self._taking[found.id] = asyncio.create_task(self._written(found, bot))
            task.add_done_callback(lambda _: self._taking.pop(found.id, None))
        await asyncio.shield(task)

    async def _written(self, found: Written, bot: str) -> None:
        about = await self._about(found.place, found.channel, found.root, found.under == bot) if found.root else ""
        if not (found.direct or found.mentions or about or (bot and found.under == bot)):
            return
        who, names = await self._slack.people.who(found.user, reading.people_in(found.text))
        if who is None and not (found.direct or found.mentions):
            return  # somebody else's talk below a board
        text = reading.typed(found.text, bot, names)
        kept = await self._files(found, who)
        if not text and not kept:
            if not found.mentions:
                return
            text = "/help"  # it was called, and nothing more
        message = Message(
            id=found.id,
            person=who.id if who else 0,
            place=found.place,
            text=text,
            at=self._slack.now(),
            how=found.how,
            about=about,
            files=kept,
        )
        if await self._ear.hear(self._polite(message)):
            self._spawn(self._screens.typed(self._polite(message), _language(who)))

    @staticmethod
    def _polite(message: Message) -> Message:
        """Whoever is not on the roster is answered in their own chat: it is nobody else's business."""
        if message.person or not message.place.only:
            return message
        place = Place("slack", message.place.only)
        return Message(message.id, 0, place, message.text, message.at, message.how, message.answers)

    async def _about(self, place: Place, channel: str, ts: str, ours: bool) -> str:
        """The key of our message that stands there, also where it is not written down yet or is a later part."""
        key = await self._ear.about("slack", place.chat, f"{channel}:{ts}")
        if key or not ours:
            return key
        try:
            body = await self._slack.api.call(
                "conversations.replies", channel=channel, ts=ts, limit=1, include_all_metadata=True
            )
        except ChatError:
            return ""
        payload = kept_in(next(iter(body.get("messages") or ()), {}))
        if "of" in payload:
            return await self._ear.about("slack", place.chat, f"{channel}:{payload['of']}")
        return str(payload.get("key", ""))

    async def _files(self, found: Written, who: Person | None) -> tuple[File, ...]:
        """The files of a message, here on this machine. One that cannot be had now is waited for, by letting Slack tell
        the message again; in the end it is heard without."""
        kept, left = [], []
        for file in found.files[:10] if who else ():
            try:
                one = await files.fetch(
                    self._slack.api, self._slack.settings.bot_token, self._slack.folder / "files", file
                )
            except ChatError:
                missed = self._missed[found.id] = self._missed.get(found.id, 0) + 1
                if missed <= _AGAIN:
                    raise
                one = None
            if one is None:
                left.append(str(file.get("name") or file.get("title") or "?")[:100])
            else:
                kept.append(one)
        self._missed.pop(found.id, None)
        if left:
            self._spawn(self._leave_out(found, left, _language(who)))
        return tuple(kept)

    async def _leave_out(self, found: Written, names: list[str], language: str) -> None:
        _ = words(language)
        text = _(
            "I could not take {files}. I read files of up to 20 MB that are kept on Slack.", files=", ".join(names)
        )
        await self._tell(found.place, text, f"files:{found.id}")

    async def _tell(self, place: Place, text: str, key: str) -> None:
        """Say one line of our own. It is no promise: it may be lost."""
        try:
            await self._slack.send(place, Reply(escape(text)), key)
        except ChatError as fault:
            log.warning("slack: a line could not be said: %s", fault)

    async def _home(self, user: str, event: str) -> None:
        who, _ = await self._slack.people.who(user)
        await self._screens.home(user, who.id if who else 0, event)

    # commands, the menu of a message, buttons, forms

    async def command(self, body: Json) -> None:
        since, user, channel = time.monotonic(), str(body["user_id"]), str(body["channel_id"])
        who, names = await self._slack.people.who(user, reading.people_in(body.get("text") or ""))
        text = f"{body['command']} {reading.typed(body.get('text') or '', names=names)}".strip()
        place = Place("slack", user) if channel.startswith("D") else Place("slack", channel, only=user)
        trigger = str(body["trigger_id"])
        message = Message(trigger, who.id if who else 0, place, text, self._slack.now())
        await self._pressed(self._polite(message), trigger, who, since)

    async def point(self, body: Json, bot: str) -> None:
        """Somebody asks what to say to a message. They are answered in their own chat: the bot need not be where that
        stands, and it is nobody else's business."""
        if body.get("type") != "message_action" or body.get("callback_id") != ASK:
            return
        since, user, trigger = time.monotonic(), str(body["user"]["id"]), str(body["trigger_id"])
        said = reading.pointed_at(body)
        who, names = await self._slack.people.who(user, list(dict.fromkeys(reading.people_in(said)))[:_NAMED])
        text, place = asking.ask(reading.typed(said, bot, names)), Place("slack", user)
        if text:
            message = Message(trigger, who.id if who else 0, place, text, self._slack.now(), "button")
            await self._pressed(message, trigger, who, since)
        elif trigger not in self._wordless:
            self._wordless[trigger] = None
            if len(self._wordless) > 1000:
                del self._wordless[next(iter(self._wordless))]
            self._spawn(self._tell(place, asking.no_words(_language(who)), f"wordless:{trigger}"))

    async def press(self, body: Json, bot: str) -> None:
        since, user = time.monotonic(), str(body["user"]["id"])
        container, view = body.get("container") or {}, body.get("view") or {}
        if view.get("type") == "modal":
            return  # what is chosen in a form is told when it is sent
        who, _ = await self._slack.people.who(user)
        for number, action in enumerate(body.get("actions") or ()):
            says = buttons.said(action, self._slack.folder)
            if not says:
                continue
            trigger = str(body.get("trigger_id") or "")
            stamp = f"{action.get('action_ts')}:{user}:{container.get('message_ts', '')}"
            place, about = await self._pressed_at(body, action, user)
            message = Message(
                id=f"{trigger or stamp}{f':{number}' if number else ''}",
                person=who.id if who else 0,
                place=place,
                text=says,
                at=self._slack.now(),
                how="button",
                about=about,
            )
            await self._pressed(self._polite(message), trigger, who, since, home=view.get("type") == "home")

    async def _pressed_at(self, body: Json, action: Json, user: str) -> tuple[Place, str]:
        """Where a button stands, and the key of the message that it stands under."""
        container = body.get("container") or {}
        channel, ts = str(container.get("channel_id") or ""), str(container.get("message_ts") or "")
        if not channel:
            return Place("slack", user), ""
        root = str(container.get("thread_ts") or "")
        root = "" if root == ts else root
        direct = channel.startswith("D")
        place = Place("slack", user, root) if direct else Place("slack", channel, root, only=user)
        if key := str(kept_in(body.get("message") or {}).get("key", "")):
            return place, key
        first, slash, _ = str(action.get("block_id") or "").partition("/")
        sent = first if slash else f"{channel}:{ts}"
        if container.get("is_ephemeral"):
            sent = f"~{sent}"
        return place, await self._ear.about("slack", place.chat, sent)

    async def _pressed(
        self, message: Message, trigger: str, who: Person | None, since: float, home: bool = False
    ) -> None:
        if await self._ear.hear(message):
            self._spawn(self._answer(message, trigger, who, since, home))

    async def _answer(self, message: Message, trigger: str, who: Person | None, since: float, home: bool) -> None:
        await self._screens.answer(message, trigger, _language(who), since)
        if home:
            await self._screens.home(message.place.chat, message.person, f"{message.id}:home")

    async def submit(self, body: Json) -> Mapping[str, Any]:
        who, _ = await self._slack.people.who(str(body["user"]["id"]))
        return await self._screens.submit(body, who.id if who else 0, _language(who))


def _language(who: Person | None) -> str:
    return who.language if who else "en"
