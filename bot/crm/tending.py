"""What follows from the picture as a whole, and is worked out once for many small changes."""

from datetime import datetime

from bot.crm import store
from bot.crm.standings import store as standings
from bot.crm.versions import store as versions
from bot.db import Database


def tend(db: Database, workspace: int, now: datetime) -> bool:
    """Bring how long deals usually stay in a stage up to date with what counts; False when it is so already."""
    with db.read() as look:
        number = store.untended(look, workspace)
        if number is None:
            return False
        usual = standings.usual(look, workspace, store.stages(look, workspace), now)
    with db.begin() as writing:
        store.save_usual(writing, workspace, usual, number)
        versions.analyze(writing)
    return True
