"""Who owns a lane: this process, by its machine, its number and a word of its own; and whether another still lives."""

import os
import secrets
import socket
from pathlib import Path


def myself() -> str:
    """A name for an owner in this process."""
    return f"{here()}/{os.getpid()}/{secrets.token_hex(4)}"


def here() -> str:
    """This machine and its table of processes; containers have tables of their own."""
    try:
        space = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        space = ""
    return f"{socket.gethostname()}{space}"


def alive(owner: str) -> bool:
    """Whether the owner of a lane may still be running: False only when it is known to be gone."""
    where, _, rest = owner.partition("/")
    pid = rest.partition("/")[0]
    if where != here() or not pid.isdecimal():
        return True
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
