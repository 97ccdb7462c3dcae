"""Runs the bot: web server, pump and clock in one process, until it is told to stop."""

import asyncio
import logging
import signal
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta

from bot.app import App
from bot.chat import Chat, Platform
from bot.chat.web.adapter import WebChat
from bot.chat.web.desk import Commands
from bot.errors import BotError
from bot.inbox.ear import Inbox
from bot.message import Message, Reply
from bot.outbox import pump
from bot.outbox import store as outbox
from bot.outbox.lane import follow
from bot.outbox.pump import Pump
from bot.web import server as web

log = logging.getLogger("paceline")

BEHIND = timedelta(minutes=5)  # a message that waits longer than that, while none is sent, makes us unwell
LONG_PAUSE = timedelta(seconds=20)  # a lane that rests longer does so because something is broken
SET_BACK = timedelta(seconds=30)


class Bot:
    """All running parts. `route` answers a message, `commands` lists what somebody may type after a slash,
    `start_clock` starts the jobs and gives what stops them. `platforms`: those that are configured."""

    def __init__(
        self,
        app: App,
        route: Callable[[Message], Reply | None],
        commands: Commands,
        start_clock: Callable[[], Callable[[], None]],
        platforms: Sequence[Platform] = (),
    ) -> None:
        self.app = app
        self.chat = WebChat(app.db, app.workspace, app.settings.home / "files", app.now)
        self.platforms = platforms
        self.inbox = Inbox(app.db, app.workspace, route, app.now, about=self._about, moved=self._moved)
        self._commands = commands
        self._start_clock = start_clock

    def _about(self, platform: str, chat: str, sent: str) -> str:
        with self.app.db.read() as db:
            return outbox.key_of(db, self.app.workspace, platform, chat, sent)

    def _moved(self, platform: str, chat: str, to: str) -> None:
        with self.app.db.begin() as db:
            follow(db, self.app.workspace, platform, chat, to)

    def checks(self) -> Mapping[str, str]:
        """What is broken, a sentence each."""
        broken = {f"{p.platform} {name}": why for p in self.platforms for name, why in p.broken().items()}
        now = self.app.now()
        try:
            trouble = self.app.db.probe()
            if trouble:
                broken["database"] = f"The database takes nothing just now: {trouble}. What comes in waits for it."
            late = pump.behind(self.app.db, now)
            with self.app.db.read() as db:
                pauses = outbox.pauses(db, now)
        except Exception as fault:
            return broken | {"database": f"The database cannot be read: {fault}"}
        for lane, (until, why) in pauses.items():
            if until - now > LONG_PAUSE or late > BEHIND:
                broken[f"lane {lane}"] = f"Sending rests: {why}"
        if late > BEHIND:
            minutes = int(late.total_seconds() // 60)
            broken["outbox"] = f"A message has been waiting for {minutes} minutes; `paceline doctor` says more."
        return broken

    async def run(self, ready: Callable[[int], None] = lambda port: None) -> None:
        """Serve until SIGTERM or SIGINT, then stop within seconds. `ready` is told the port once it listens."""
        settings = self.app.settings
        listening = _listen(settings.host, settings.port)
        chats: dict[str, Chat] = {chat.platform: chat for chat in (self.chat, *self.platforms)}
        sender = Pump(self.app.db, chats, self.app.now, self.app.workspace)
        self.app.db.spoken = sender.wake
        more = [route for platform in self.platforms for route in platform.routes()]
        site = web.build(self.app, self.inbox, self.chat, self._commands, self.checks, more)
        server = web.serving(site, self.chat, settings.host, settings.port)
        pumping = asyncio.create_task(sender.run())
        _stop_on_signals(server)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started and not serving.done():
            await asyncio.sleep(0.01)
        for platform in self.platforms:
            await platform.start(self.inbox)
        self.app.work.start()
        clock = asyncio.create_task(self.keep_time())
        resuming = asyncio.create_task(self.inbox.keep_resuming())
        ready(listening.getsockname()[1])
        await serving
        working = asyncio.create_task(asyncio.to_thread(self.app.work.stop))
        for task in (clock, resuming):
            task.cancel()
        await asyncio.gather(clock, resuming, return_exceptions=True)
        await asyncio.gather(*(platform.stop() for platform in self.platforms), return_exceptions=True)
        sender.stop()
        with suppress(TimeoutError):  # what hangs is in doubt, and looked into at the next start
            await asyncio.wait_for(pumping, timeout=4)
        await working
        self.inbox.close()

    async def keep_time(self, every: float = 5) -> None:
        """Run the clock, and start it anew when the time was set back: it would wait until it is as late again."""
        stop = await asyncio.to_thread(self._start_clock)
        try:
            seen = self.app.now()
            while True:
                await asyncio.sleep(every)
                if self.app.now() < seen - SET_BACK:
                    log.warning("the clock was set back; the jobs start anew")
                    await asyncio.to_thread(stop)
                    stop = await asyncio.to_thread(self._start_clock)
                seen = self.app.now()
        finally:
            await asyncio.to_thread(stop)


def _listen(host: str, port: int) -> socket.socket:
    """The port, ours from now on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as fault:
        why = fault.strerror or str(fault)
        raise BotError(f"Cannot listen on {host}:{port} ({why}). Stop what uses it, or set PACELINE_PORT.") from fault
    return listening


def _stop_on_signals(server: web.Server) -> None:
    def stop() -> None:
        server.should_exit = True

    for asked in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(asked, stop)


def run(bot: Bot, ready: Callable[[int], None] = lambda port: None) -> None:
    """`Bot.run` in an event loop of its own."""
    asyncio.run(bot.run(ready))
