"""`paceline serve` as a process of its own, that can be killed and started again on the same database."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.app import App
from bot.cli import tables  # noqa: F401 - declares every table
from bot.settings import read_settings
from tests.databases import migrated

ROOT = Path(__file__).parent.parent.parent


class Running:
    """A home folder and the processes that serve it, one after the other."""

    def __init__(self, home: Path, env: Mapping[str, str]) -> None:
        self.port = free_port()
        mine = {"PACELINE_HOME": str(home), "PACELINE_PORT": str(self.port), "PACELINE_LOG_LEVEL": "warning"}
        self.env = mine | dict(env)
        settings = read_settings(self.env)
        self.db = migrated(settings.db_url)
        self.app = App(settings, self.db, lambda: datetime.now(UTC))
        self.log = home / "log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            command = [sys.executable, "-m", "bot", "serve"]
            env = os.environ | self.env | {"PYTHONPATH": str(ROOT)}
            self.process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
        until(lambda: self.health()[0] != 0, 30)

    def kill(self) -> None:
        """Not a word, and gone."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(15)
        self.db.close()

    def health(self) -> tuple[int, dict[str, Any]]:
        """What `/healthz` says, its status first; 0 when nothing answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as reply:
                return reply.status, json.loads(reply.read())
        except urllib.error.HTTPError as unwell:
            return unwell.code, json.loads(unwell.read())
        except OSError:
            return 0, {}

    def states(self) -> dict[str, int]:
        """How many messages are in each state."""
        with self.db.read() as db:
            rows = db.exec_driver_sql("SELECT state, count(*) FROM outbox GROUP BY state")
            return {str(state): int(count) for state, count in rows}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(true: Callable[[], bool], seconds: float) -> None:
    """Wait until something is so; fails when it is not within so many seconds."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come to be in time"
        time.sleep(0.05)
