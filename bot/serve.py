"""Runs the bot: web server, pump and clock in one process, until it is told to stop."""

import asyncio
import logging
import signal
import socket
from collections.abc import Callable, Mapping
from datetime import timedelta

from bot.app import App
from bot.chat import Chat
from bot.chat.web.adapter import WebChat
from bot.chat.web.desk import Commands
from bot.errors import BotError
from bot.inbox.ear import Inbox
from bot.message import Message, Reply
from bot.outbox import pump
from bot.outbox.pump import Pump
from bot.web import server as web

log = logging.getLogger("paceline")

BEHIND = timedelta(minutes=5)  # a message that waits longer than that makes us unwell


class Bot:
    """All running parts. `route` answers a message, `commands` lists what somebody may type after a slash,
    `start_clock` starts the jobs and gives what stops them."""

    def __init__(
        self,
        app: App,
        route: Callable[[Message], Reply | None],
        commands: Commands,
        start_clock: Callable[[], Callable[[], None]],
    ) -> None:
        self.app = app
        self.chat = WebChat(app.db, app.workspace, app.settings.home / "files", app.now)
        self.inbox = Inbox(app.db, app.workspace, route, app.now)
        self._commands = commands
        self._start_clock = start_clock

    def checks(self) -> Mapping[str, str]:
        """What is broken, a sentence each."""
        try:
            late = pump.behind(self.app.db, self.app.now())
        except Exception as fault:
            return {"database": f"The database cannot be read: {fault}"}
        if late > BEHIND:
            return {"outbox": f"A message has been waiting for {int(late.total_seconds() // 60)} minutes."}
        return {}

    async def run(self, ready: Callable[[int], None] = lambda port: None) -> None:
        """Serve until SIGTERM or SIGINT, then stop within seconds. `ready` is told the port once it listens."""
        settings = self.app.settings
        listening = _listen(settings.host, settings.port)
        chats: dict[str, Chat] = {self.chat.platform: self.chat}
        sender = Pump(self.app.db, chats, self.app.now)
        self.app.db.spoken = sender.wake
        site = web.build(self.app, self.inbox, self.chat, self._commands, self.checks)
        server = web.serving(site, self.chat, settings.host, settings.port)
        pumping = asyncio.create_task(sender.run())
        _stop_on_signals(server)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started:
            await asyncio.sleep(0.01)
        stop_clock = await asyncio.to_thread(self._start_clock)
        ready(listening.getsockname()[1])
        await self.inbox.resume()
        await serving
        await asyncio.to_thread(stop_clock)
        sender.stop()
        await asyncio.wait_for(pumping, timeout=5)
        self.inbox.close()


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
