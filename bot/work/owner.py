"""Which process has a job: by its machine, its number and a word of its own; and whether that one still lives."""

import os
import secrets
import socket
from pathlib import Path


def myself() -> str:
    """A name for this process, as long as it lives."""
    return f"{_here()}/{os.getpid()}/{secrets.token_hex(4)}"


def gone(owner: str, me: str) -> bool:
    """Whether a process is known to be dead; False when it may live, or is on another machine. `me` is our own name."""
    where, _, rest = owner.partition("/")
    pid = rest.partition("/")[0]
    if owner == me or where != _here() or not pid.isdecimal():
        return False
    if int(pid) == os.getpid():
        return True  # in a container that starts anew we get the number of the one before us
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _here() -> str:
    """This machine and its table of processes; containers have tables of their own."""
    try:
        space = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        space = ""
    return f"{socket.gethostname()}{space}"
