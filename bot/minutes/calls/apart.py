"""Minutes made in a process of their own: the chat stays quick, and a call that breaks it breaks nothing else.

What goes in and out are JSON values; the child reads nothing else, writes nothing, and ends with its parent's pipe.
"""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from bot.errors import BotError
from bot.minutes.calls.model import dump, load, pack
from bot.minutes.model import Transcript
from prompts import N_

log = logging.getLogger("paceline.minutes")

PATIENCE = 900.0  # seconds; ten hours of talk take a minute or two
KINDLY = 10  # how far it steps back behind whoever answers people

FAILED = N_("No minutes could be made of this call. Send it again, and tell your admin if it stays so.")


def minutes(transcript: Transcript, on: date, names: Sequence[str], patience: float = PATIENCE) -> dict[str, Any]:
    """What the engine without a model makes of a call, packed. Raises `BotError` when it cannot."""
    asked = {"transcript": dump(transcript), "on": on.isoformat(), "names": list(names)}
    path = os.pathsep.join(part for part in sys.path if part)
    try:
        done = subprocess.run(
            [sys.executable, "-m", __name__],
            input=json.dumps(asked),
            capture_output=True,
            encoding="utf-8",
            env=os.environ | {"PYTHONPATH": path, "PYTHONUTF8": "1"},
            timeout=patience,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as fault:
        said = str(getattr(fault, "stderr", "") or "")
        log.error("the minutes of a call failed: %s %s", type(fault).__name__, said.strip().rpartition("\n")[2][:200])
        raise BotError(FAILED) from fault
    made: dict[str, Any] = json.loads(done.stdout)
    return made


def main() -> None:
    from bot.minutes import offline

    with suppress(OSError):
        os.nice(KINDLY)
    asked = json.load(sys.stdin)
    found = offline.minutes(load(asked["transcript"]), date.fromisoformat(asked["on"]), asked["names"])
    json.dump(pack(found), sys.stdout)


if __name__ == "__main__":
    main()
