"""The life of a platform on loopback: it listens in the running loop, or in a thread of its own."""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Self

from aiohttp import web


class Living:
    """`async with` it in the running loop, `with` it in a thread of its own. `port` 0 takes a free one.

    Whoever inherits says where requests go (`_routes`), and what begins and ends with it (`_begin`, `_end`).
    """

    port = 0
    _closing: asyncio.Event
    _loop: asyncio.AbstractEventLoop | None = None
    _thread: threading.Thread | None = None

    def _routes(self, app: web.Application) -> None:
        raise NotImplementedError

    def _begin(self) -> None:
        """It listens."""

    async def _end(self) -> None:
        """It is about to stop listening."""

    async def open(self) -> None:
        """Listen, in the running loop."""
        self._loop = asyncio.get_running_loop()
        self._closing = asyncio.Event()
        app = web.Application(client_max_size=64 * 2**20)
        self._routes(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]
        self._begin()

    async def close(self) -> None:
        """Stop listening; whoever waits is sent away. It may be opened again, on the same port."""
        self._closing.set()
        await self._end()
        await self._runner.cleanup()
        self._loop = None

    async def until(self, true: Callable[[], Any], within: float = 5) -> Any:
        """Wait until something is so, and return it."""
        end = time.monotonic() + within
        while not (value := true()):
            assert time.monotonic() < end, f"it did not become so within {within} s"
            await asyncio.sleep(0.005)
        return value

    def wait(self, true: Callable[[], Any], within: float = 5) -> Any:
        """The same for a test that runs in another thread than the server."""
        end = time.monotonic() + within
        while not (value := true()):
            assert time.monotonic() < end, f"it did not become so within {within} s"
            time.sleep(0.005)
        return value

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def __enter__(self) -> Self:
        ready: Future[None] = Future()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._live(ready)), daemon=True)
        self._thread.start()
        ready.result(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._soon(self._closing.set)
        assert self._thread is not None
        self._thread.join(10)

    async def _live(self, ready: Future[None]) -> None:
        try:
            await self.open()
        except OSError as error:  # the port is taken
            ready.set_exception(error)
            return
        ready.set_result(None)
        await self._closing.wait()
        await self.close()

    def _soon(self, do: Callable[[], Any]) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(do)
