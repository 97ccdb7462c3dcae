"""A Postgres server of the tests' own, and databases on one that live for a test."""

import os
import pwd
import shutil
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text


def programs() -> Path | None:
    """The folder of the newest server that is installed."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    named = shutil.which("initdb")
    return max(found, default=Path(named).parent if named else None, key=lambda path: path.parent.name)


@contextmanager
def server(home: Path) -> Iterator[str]:
    """A server in a folder of its own, for this machine alone: the URL of its superuser. Skips where there is none."""
    bin = programs()
    if bin is None:
        pytest.skip("no Postgres server is installed here")
    user = _somebody() if os.geteuid() == 0 else None  # it refuses to run as root
    home.mkdir(parents=True)
    if user:
        shutil.chown(home, user)
    run: dict[str, Any] = {"user": user, "cwd": home, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(
        [bin / "initdb", "-D", home / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8"], check=True, **run
    )
    port = _free_port()
    options = ["-p", str(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "fsync=off"]
    with subprocess.Popen([bin / "postgres", "-D", home / "data", *options], **run) as process:
        try:
            url = f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
            _wait(url)
            yield url
        finally:
            process.terminate()


def _somebody() -> str:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    pytest.skip("Postgres does not run as root, and there is nobody else")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(url: str) -> None:
    end, engine = time.monotonic() + 60, create_engine(url)
    while True:
        try:
            with engine.connect():
                return engine.dispose()
        except Exception:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


@contextmanager
def database(url: str, like: str = "template1") -> Iterator[str]:
    """A database of its own on a server, a copy of another that nobody is connected to."""
    name = f"test_{uuid.uuid4().hex}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as db:
            db.execute(text(f"CREATE DATABASE {name} TEMPLATE {like}"))
        yield make_url(url).set(database=name).render_as_string(hide_password=False)
        with engine.connect() as db:
            db.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        engine.dispose()
