"""What people do: say, edit, command, press, fill in."""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .blocks import view_faults
from .delivery import Act, Delivery
from .forms import chosen, filled, state_of
from .payloads import message_body, rich, typed, view_body
from .people import People
from .things import Channel, File, Json, Message, User, View
from .world import APP, BOT_USER, TEAM, Reply, completed

Where = str | User | Channel


class Deeds(People):
    """Each deed returns an `Act` at once; `await` it to know that the app heard."""

    # Messages.

    def say(self, who: str | User, where: Where, text: str, thread_ts: str = "", files: Iterable[File] = ()) -> Act:
        """Somebody writes; `where` "dm", or a person, means to the bot alone."""
        user = self.user(who)
        channel = self.dm(user) if where == "dm" else self.channel(where)
        with self.lock:
            text, files = typed(text), list(files)
            more: Json = {"files": files, "subtype": "file_share"} if files else {}
            message = self.post(channel, user, text, rich(text), thread_ts=thread_ts, **more)
        body = message_body(self, message)
        told = self.message_event(message, message.subtype, body)
        if f"<@{BOT_USER}>" in text and not channel.im and BOT_USER in channel.members:
            mention = {**body, "type": "app_mention", "channel": channel.id, "event_ts": message.ts}
            told += self.event("app_mention", {k: v for k, v in mention.items() if k not in ("subtype", "files")})
        return Act(told, message.ts)

    def upload_file(self, who: str | User, where: Where, name: str, data: bytes, text: str = "") -> Act:
        """Somebody drops a file into a chat."""
        user = self.user(who)
        file = File(self.next_id("F"), name, name, user.id, data, len(data), True, int(self.now()))
        self.files[file.id] = file
        act = self.say(user, where, text, files=[file])
        file.channels = [self.dm(user).id if where == "dm" else self.channel(where).id]
        shared = {"type": "file_shared", "file_id": file.id, "user_id": user.id, "channel_id": file.channels[0]}
        act.deliveries += self.event("file_shared", {**shared, "file": {"id": file.id}, "event_ts": act.ts})
        return act

    def edit(self, who: str | User, where: Where, ts: str, text: str) -> Act:
        """Somebody changes what they wrote."""
        message = self._own(who, where, ts)
        with self.lock:
            before = message_body(self, message)
            message.edited = self.stamp()
            self.change(message, typed(text), rich(typed(text)))
            self.tell("changed", (message, before))
        return Act(self.changed_event(message, before), message.ts)

    def unfurl(self, where: Where, ts: str) -> Act:
        """Slack itself adds a preview to a message with a link: a change that nobody made."""
        message = self.message(where, ts)
        return Act(self.changed_event(message, message_body(self, message)), message.ts)

    def delete(self, who: str | User, where: Where, ts: str) -> Act:
        """Somebody takes back what they wrote."""
        message = self._own(who, where, ts)
        message.deleted = True
        self.tell("deleted", message)
        return Act(self.deleted_event(message), message.ts)

    def _own(self, who: str | User, where: Where, ts: str) -> Message:
        user = self.user(who)
        message = self.message(self.dm(user) if where == "dm" else where, ts)
        assert message.user is user, "people change only what is theirs"
        return message

    # Commands, buttons, shortcuts.

    def command(self, who: str | User, where: Where, command: str, text: str = "") -> Act:
        """Somebody types a slash command. What it is acknowledged with is shown to them alone."""
        user = self.user(who)
        channel = self.dm(user) if where == "dm" else self.channel(where)
        payload: Json = {"token": "verification", "team_id": TEAM, "team_domain": self.domain, "api_app_id": APP}
        payload |= {"channel_id": channel.id, "channel_name": _called(channel), "user_id": user.id}
        payload |= {"user_name": user.name, "command": command, "text": typed(text), "is_enterprise_install": "false"}
        payload |= {"response_url": self._response_url(channel, user), "trigger_id": self.trigger(user)}
        told = self.send("slash_commands", command, payload, lambda answer: self._shown(channel, user, answer))
        return Act(told, trigger_id=payload["trigger_id"], response_url=payload["response_url"])

    def _shown(self, channel: Channel, user: User, answer: Json | None) -> None:
        if answer and (answer.get("text") or answer.get("blocks")):
            only = "" if answer.get("response_type") == "in_channel" else user.id
            self.post(channel, self.bot, answer.get("text", ""), answer.get("blocks", []), only=only)

    def press(self, who: str | User, on: Message | View, action: str, option: str = "") -> Act:
        """Somebody presses a button, by its label or action_id, or chooses an option by its label or value."""
        user = self.user(who)
        elements = (
            on.elements if isinstance(on, Message) else Message(self.dm(user), "", user, blocks=on.blocks).elements
        )
        element = next((e for e in elements if action in _names(e)), None)
        assert element, f"there is no {action!r} to press among {[_names(e)[0] for e in elements]}"
        block = next(b for b in on.blocks if element in [*b.get("elements", []), b.get("accessory"), b.get("element")])
        act = {**chosen(element, option), "block_id": block["block_id"], "action_ts": self.stamp()}
        payload = self._interaction("block_actions", user, on.id if isinstance(on, View) else "") | {"actions": [act]}
        state = {"values": state_of(on.blocks, {element["action_id"]: act})}
        if isinstance(on, View):
            payload |= {"container": {"type": "view", "view_id": on.id}, "view": view_body(on, state["values"])}
        else:
            payload |= {"state": state, **self._about(on, user, with_container=True)}
        return self._interact("block_actions", payload)

    def shortcut(self, who: str | User, message: Message, callback_id: str) -> Act:
        """Somebody picks one of the app's entries in the menu of a message, wherever they read it."""
        user = self.user(who)
        assert user.id in message.channel.members, "people see only what stands where they are"
        assert not message.only, "a message for one person's eyes has no such menu"
        payload = self._interaction("message_action", user) | {"callback_id": callback_id, "message_ts": message.ts}
        payload |= {"action_ts": self.stamp(), **self._about(message, user)}
        payload["user"] = {"id": user.id, "name": user.name, "team_id": TEAM}
        return self._interact("message_action", {k: v for k, v in payload.items() if k != "api_app_id"})

    def again(self, act: Act) -> Act:
        """What told of a deed is delivered once more, under the same ids."""
        told = [Delivery(one.kind, one.payload) for one in act.deliveries]
        return Act([copy for one in told for copy in self.line.send(one)], act.ts, act.trigger_id, act.response_url)

    def _about(self, message: Message, user: User, *, with_container: bool = False) -> Json:
        """The message that was acted on, and where to answer."""
        channel = message.channel
        body: Json = {"channel": {"id": channel.id, "name": _called(channel)}}
        body["response_url"] = self._response_url(channel, user, message)
        if not message.only:
            body["message"] = message_body(self, message)
        if with_container:
            place = {"type": "message", "message_ts": message.ts, "channel_id": channel.id}
            thread = {"thread_ts": message.thread_ts} if message.thread_ts else {}
            body["container"] = {**place, **thread, "is_ephemeral": bool(message.only)}
        return body

    def _interaction(self, kind: str, user: User, view: str = "") -> Json:
        body: Json = {"type": kind, "team": {"id": TEAM, "domain": self.domain}, "api_app_id": APP}
        body |= {"user": {"id": user.id, "username": user.name, "name": user.name, "team_id": TEAM}}
        body |= {"token": "verification", "enterprise": None, "is_enterprise_install": False}
        return body | {"trigger_id": self.trigger(user, view)}

    def _interact(self, name: str, payload: Json, then: Callable[[Any], None] | None = None) -> Act:
        told = self.send("interactive", name, payload, then)
        return Act(told, trigger_id=payload["trigger_id"], response_url=payload.get("response_url", ""))

    def _response_url(self, channel: Channel, user: User, message: Message | None = None) -> str:
        url = f"{self.files_url}/hooks/{self.next_id('R')}"
        about = (message.ts, message.thread_ts) if message else ("", "")
        self.replies[url] = Reply(channel.id, user.id, time.monotonic(), *about)
        return url

    # Forms and the home tab.

    def submit(self, who: str | User, view: View | str, values: Mapping[str, Any]) -> Act:
        """Somebody fills in a form and sends it: values by block_id or action_id; options by value or label."""
        view = self.views[view] if isinstance(view, str) else view
        assert view.open, "nobody sees this form any more"
        user = self.user(who)
        payload = self._interaction("view_submission", user, view.id)
        payload["view"] = view_body(view, filled(view.blocks, values))
        act = Act([])
        act.deliveries = self.send("interactive", "view_submission", payload, lambda a: self._submitted(act, view, a))
        act.trigger_id = payload["trigger_id"]
        return act

    def _submitted(self, act: Act, view: View, answer: Json | None) -> None:
        answer = answer or {}
        action, body = answer.get("response_action", ""), answer.get("view", {})
        if action in ("update", "push"):
            act.trouble = view_faults(body, "modal")
            if not act.trouble and action == "push":
                self.add_view(body, view.user, previous=view)
            elif not act.trouble:
                view.body, view.hash = {**body, "blocks": completed(body["blocks"])}, self.stamp()
        elif action == "errors":
            act.errors = dict(answer["errors"])
            known = {block["block_id"] for block in view.blocks if block["type"] == "input"}
            act.trouble = [f"no input {block}" for block in set(act.errors) - known]
        else:
            view.open = False
            for other in self.views.values():
                if action == "clear" and (other.root or other.id) == (view.root or view.id):
                    other.open = False

    def close_view(self, who: str | User, view: View | str) -> Act:
        """Somebody closes a form without sending it."""
        view = self.views[view] if isinstance(view, str) else view
        view.open = False
        if not view.body.get("notify_on_close"):
            return Act([])
        payload = self._interaction("view_closed", self.user(who), view.id)
        payload |= {"view": view_body(view), "is_cleared": False}
        return Act(self.send("interactive", "view_closed", {k: v for k, v in payload.items() if k != "trigger_id"}))

    def open_home(self, who: str | User, tab: str = "home") -> Act:
        """Somebody opens the app's home tab, or its messages."""
        user = self.user(who)
        body: Json = {"type": "app_home_opened", "user": user.id, "channel": self.dm(user).id, "tab": tab}
        if tab == "home" and user.id in self.homes:
            body["view"] = view_body(self.homes[user.id])
        return Act(self.event("app_home_opened", {**body, "event_ts": self.stamp()}))


def _called(channel: Channel) -> str:
    return "directmessage" if channel.im else "privategroup" if channel.private else channel.name


def _names(element: Json) -> list[str]:
    return [element.get("text", {}).get("text", ""), element.get("action_id", "")]
