"""The web, Slack and Telegram as one stage each: Anna reads, types, presses, fills in, and points at what 李伟 wrote
where the bot hears nothing; the bot is the real one."""

import asyncio
import itertools
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from html import unescape
from typing import Any, Protocol

import httpx
import uvicorn

from bot.app import App
from bot.chat import Chat
from bot.chat.slack.adapter import Slack as SlackChat
from bot.chat.web.adapter import WebChat
from bot.message import Place
from bot.outbox.pump import Pump
from bot.settings import SlackSettings
from bot.team import accounts, service
from bot.team.model import Person
from bot.web import server
from bot.web import store as sign_in
from tests.bot.chat.telegram.scene import connected, real_ear
from tests.platforms.slack import APP_TOKEN, BOT_TOKEN, Slack


class Stage(Protocol):
    """Anna's chat with the bot on one platform. `place` is hers, `wrong` one that is not there."""

    chat: Chat
    place: Place
    wrong: Place
    looks: bool  # whether the platform can be asked what stands there

    async def texts(self) -> list[str]: ...
    async def types(self, text: str, times: int = 1) -> None: ...
    async def presses(self, label: str, times: int = 1) -> None: ...
    async def fills(self, **answers: str) -> None: ...
    async def points(self, text: str, times: int = 1) -> None: ...
    async def drops(self, name: str, data: bytes) -> None: ...
    async def calm(self) -> None: ...


class Web:
    looks = True

    def __init__(self, app: App, chat: WebChat, client: httpx.AsyncClient, li: httpx.AsyncClient, bot: str) -> None:
        self.app, self.chat, self.client, self.li, self.bot = app, chat, client, li, bot
        self.place, self.wrong = Place("web", bot), Place("web", "nowhere")
        self.form: dict[str, Any] = {}
        self._acts = itertools.count(10_000_000)

    async def _messages(self) -> list[dict[str, Any]]:
        answer = await self.client.get("/chat/history", params={"chat": self.bot})
        return [m for m in answer.json()["messages"] if "html" in m]

    async def texts(self) -> list[str]:
        return [_plain(m["html"]) for m in await self._messages()]

    async def _say(self, times: int, **act: Any) -> None:
        body = {"id": str(next(self._acts)), "chat": self.bot} | act
        for _ in range(times):
            answer = await self.client.post("/chat/say", json=body)
            assert answer.status_code == 200, answer.text
            self.form = answer.json()["form"] or self.form

    async def types(self, text: str, times: int = 1) -> None:
        await self._say(times, text=text)

    async def presses(self, label: str, times: int = 1) -> None:
        message, says = next(
            (m, b["says"]) for m in reversed(await self._messages()) for b in _buttons(m) if b["label"] == label
        )
        await self._say(times, text=says, how="button", about=message["id"])

    async def fills(self, **answers: str) -> None:
        filled = {field["name"]: field["value"] for field in self.form["fields"]} | answers
        await self._say(3, text=self.form["says"], how="form", answers=filled)

    async def points(self, text: str, times: int = 1) -> None:
        listed = (await self.client.get("/chat/list")).json()["chats"]
        channel = next(one["id"] for one in listed if one["kind"] == "team")
        said = await self.li.post("/chat/say", json={"id": str(next(self._acts)), "chat": channel, "text": text})
        assert said.status_code == 200, said.text
        there = (await self.client.get("/chat/history", params={"chat": channel})).json()["messages"]
        await self._say(times, text=there[-1]["ask"])

    async def drops(self, name: str, data: bytes) -> None:
        kept = await self.client.post("/chat/files", params={"chat": self.bot}, files={"file": (name, data)})
        assert kept.status_code == 200, kept.text
        await self._say(1, text="", files=[kept.json()["id"]])

    async def calm(self) -> None:
        await Pump(self.app.db, {"web": self.chat}, self.app.now).drain()


def _buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for button in message["buttons"]:
        found += button.get("buttons") or [button]
    return found


def _plain(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html.replace("<br>", "\n").replace("</p>", "\n"))).strip()


class OnSlack:
    looks = True

    def __init__(self, app: App, slack: Slack, chat: SlackChat) -> None:
        self.app, self.slack, self.chat = app, slack, chat
        self.place, self.wrong = Place("slack", "U1"), Place("slack", "C404")

    async def texts(self) -> list[str]:
        ours = [m for m in self.slack.said("U1") if m.metadata]
        return [unescape(re.sub("[*_\u200b]", "", _sections(m))) for m in ours]

    async def types(self, text: str, times: int = 1) -> None:
        with self.slack.line.delivering(times):
            await self.slack.say("U1", "dm", text)

    async def presses(self, label: str, times: int = 1) -> None:
        message = next(m for m in reversed(self.slack.said("U1")) if label in m.labels)
        with self.slack.line.delivering(times):
            await self.slack.press("U1", message, label)

    async def fills(self, **answers: str) -> None:
        view = await self.slack.until(lambda: self.slack.screen("U1"))
        with self.slack.line.delivering(3):
            await self.slack.submit("U1", view, answers)

    async def points(self, text: str, times: int = 1) -> None:
        channel = self.slack.add_channel("C9", "talk", ["U1", self.slack.add_user("U2", "li")], bot=False)
        said = await self.slack.say("U2", channel, text)
        act = await self.slack.shortcut("U1", self.slack.message(channel, said.ts), "ask")
        for _ in range(times - 1):
            await self.slack.again(act)

    async def drops(self, name: str, data: bytes) -> None:
        await self.slack.upload_file("U1", "dm", name, data)

    async def calm(self) -> None:
        for _ in range(3):
            await asyncio.sleep(0.1)
            await Pump(self.app.db, {"slack": self.chat}, self.app.now).drain()


def _sections(message: Any) -> str:
    return "\n".join(block["text"]["text"] for block in message.blocks if block["type"] == "section")


class OnTelegram:
    looks = False

    def __init__(self, scene: Any) -> None:
        self.app, self.scene, self.chat = scene.app, scene, scene.chat
        self.place, self.wrong = Place("telegram", "1001"), Place("telegram", "-404")

    async def texts(self) -> list[str]:
        return [m.text.replace("\u2060", "") for m in self.scene.telegram.said(self.scene.ann) if m.sender.is_bot]

    async def types(self, text: str, times: int = 1) -> None:
        self.scene.telegram.deliver_times = times
        await self.scene.write(text)
        self.scene.telegram.deliver_times = 1

    async def presses(self, label: str, times: int = 1) -> None:
        self.scene.telegram.deliver_times = times
        await self.scene.tap(label)
        self.scene.telegram.deliver_times = 1

    async def fills(self, **answers: str) -> None:
        """The card shows what was answered before: choose what to change, type it, send."""
        for name, text in answers.items():
            await self.presses(next(label for label in self.scene.card.labels if name in label))
            await self.types(text)
        await self.presses("Send", times=3)

    async def points(self, text: str, times: int = 1) -> None:
        telegram, ann = self.scene.telegram, self.scene.ann
        li = telegram.add_user(1002, "Li")
        said = telegram.say(li, telegram.add_group(-99, "Talk", [li, ann], bot=False), text)
        telegram.deliver_times = times
        telegram.forward(ann, ann, said)
        await self.scene.calm()
        telegram.deliver_times = 1

    async def drops(self, name: str, data: bytes) -> None:
        self.scene.telegram.send_document(self.scene.ann, self.scene.ann, name, data)
        await self.scene.calm()

    async def calm(self) -> None:
        await self.scene.calm()
        await self.scene.drain()


@asynccontextmanager
async def web(app: App) -> AsyncIterator[Web]:
    chat = WebChat(app.db, 1, app.settings.home / "files", app.now)
    inbox = real_ear(app)
    site = server.build(app, inbox, chat, lambda who: [])
    serving = uvicorn.Server(uvicorn.Config(site, port=0, log_level="critical", lifespan="off"))
    task = asyncio.create_task(serving.serve())
    while not serving.started:
        await asyncio.sleep(0.01)
    url = f"http://127.0.0.1:{serving.servers[0].sockets[0].getsockname()[1]}"
    async with httpx.AsyncClient(base_url=url) as client, httpx.AsyncClient(base_url=url) as other:
        anna = await _sign_in(app, client, "anna")
        await _sign_in(app, other, "li")
        yield Web(app, chat, client, other, f"bot-{anna.id}")
    serving.should_exit = True
    await task
    inbox.close()


async def _sign_in(app: App, client: httpx.AsyncClient, key: str) -> Person:
    with app.db.begin() as db:
        who = service.find_person(db, 1, key)
        assert who is not None
        link = sign_in.new_link(db, who, app.now())
    client.cookies["paceline"] = (await client.post(link)).cookies["paceline"]
    return who


@asynccontextmanager
async def slack(app: App) -> AsyncIterator[OnSlack]:
    async with Slack(limits=None, again_after=(0.1, 0.3)) as there:
        there.add_user("U1", "anna", "anna@example.com")
        with app.db.begin() as db:
            anna = service.find_person(db, 1, "anna")
            assert anna is not None
            accounts.link(db, 1, anna.id, "slack", "U1", "U1")
        chat = SlackChat(
            SlackSettings(BOT_TOKEN, APP_TOKEN, "", there.url, 10**8), app.db, 1, app.settings.home, app.now
        )
        inbox = real_ear(app)
        await chat.start(inbox)
        await there.until(lambda: there.sockets.open)
        try:
            yield OnSlack(app, there, chat)
        finally:
            await chat.stop()
            inbox.close()


@asynccontextmanager
async def telegram(app: App) -> AsyncIterator[OnTelegram]:
    async with connected(app, real_ear(app)) as scene:
        yield OnTelegram(scene)


STAGES: dict[str, Callable[[App], AbstractAsyncContextManager[Stage]]] = {
    "web": web,
    "slack": slack,
    "telegram": telegram,
}
