"""A process that takes a batch in very small pieces until it is killed. `child.py URL BODY`"""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.cli import tables  # noqa: F401 - declares every table
from bot.crm.push.service import Pushed, take
from bot.crm.versions import merge
from bot.db import Database

merge.SMALL = merge.LARGE = 40
merge.PAUSE = 0.01
pushed = Pushed(Path(sys.argv[2]).read_bytes(), os.urandom(32).hex(), "killed")
take(Database(sys.argv[1]), 1, pushed, datetime(2026, 6, 11, tzinfo=UTC), zone=UTC, language="en")
