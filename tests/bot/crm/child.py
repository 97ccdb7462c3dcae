"""A process that imports a folder in very small pieces until it is killed. `child.py URL FOLDER`"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.cli import tables  # noqa: F401 - declares every table
from bot.crm.service import import_folder
from bot.crm.versions import merge
from bot.db import Database

merge.SMALL = merge.LARGE = 40
merge.PAUSE = 0.01
done = import_folder(Database(sys.argv[1]), 1, Path(sys.argv[2]), datetime(2026, 6, 11, tzinfo=UTC))
sys.exit(1 if done.faults else 0)
