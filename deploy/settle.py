"""Makes a restored database fit to speak again: `python settle.py DATABASE_URL`. `backup.sh restore` runs it.

The bot went on after the backup was taken, so the copy takes as due, asked and said by now what it does not know of.
It comes to agree with that without a word: the calendar is gone through once, up to this moment, with nobody sending.
Whatever waits then may have been read already, so it is kept for the admins, who see it in /outbox and can send it.
"""

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Text, and_, cast, delete, or_, select, update
from sqlalchemy.exc import DatabaseError

from bot.app import App
from bot.cli import WORKSPACE, tables  # noqa: F401 - declares every table
from bot.db import Connection, Database
from bot.errors import BotError
from bot.inbox.store import inbox
from bot.outbox.model import State as Sending
from bot.outbox.store import lane, outbox
from bot.settings import read_settings
from bot.standup import store as standups
from bot.standup.model import WAITING, State
from bot.standup.store import office, slot
from bot.voice import announce
from jobs import CALENDAR, standup
from jobs.run import tick

WHY = "restored from a backup"
ALL = 1_000_000
OLDEST, STEP = timedelta(days=30), timedelta(hours=12)
LATELY = timedelta(days=1)  # what is older may be passed over without a word to the admins


def settle(url: str, now: datetime) -> int:
    """Settle the database at `url`, as of `now`; how many messages were put aside for the admins."""
    db = Database(url)
    try:
        db.migrate()
        app = App(read_settings({}), db, lambda: now)
        with db.begin() as writing:
            _let_go(writing, now)
        _plan(app, now)
        with db.begin() as writing:
            writing.execute(delete(office).where(office.c.due <= now - LATELY))
            offices = standups.due_offices(writing, WORKSPACE, now, ALL)
            announce.show_boards(app, writing, _pass_over(writing, now))
        for name, every in CALENDAR.items():
            tick(app, name, every.job)
        with db.begin() as writing:
            for one in offices:
                _sum_up(app, writing, one.run_id, one.office)
            return _put_aside(writing)
    finally:
        db.close()


def _let_go(db: Connection, now: datetime) -> None:
    """Nobody holds a lane any more, and what was heard was answered."""
    db.execute(update(lane).values(owner="", lease_until=None))  # the epoch stays: it must never go back
    db.execute(update(inbox).where(inbox.c.answered.is_(None)).values(answered=now))


def _plan(app: App, now: datetime) -> None:
    """Write down whom the original has planned to ask since, day by day.

    That gives the same slots the same numbers: the buttons of its prompts find theirs, and no key is used twice.
    """
    for steps in range(OLDEST // STEP, -1, -1):
        moment = now - steps * STEP
        tick(replace(app, now=lambda moment=moment: moment), "standup.plan", standup.plan)


def _pass_over(db: Connection, now: datetime) -> set[int]:
    """Ask nobody who was to be asked by now; the runs of late that they belong to.

    Nor wait for those whose prompt was on its way: it never comes to stand there, and their window would never end.
    """
    due = and_(slot.c.state.in_(WAITING), slot.c.due <= now)
    key = "standup-prompt:" + cast(slot.c.id, Text) + ":" + cast(slot.c.snoozes, Text)
    prompt = select(outbox.c.id).where(outbox.c.workspace_id == slot.c.workspace_id, outbox.c.key == key, _unsent())
    on_its_way = and_(slot.c.state == State.ASKED, prompt.exists())
    passed = update(slot).where(or_(due, on_its_way)).values(state=State.STALE, nudge_at=None)
    gone = db.execute(passed.returning(slot.c.run_id, slot.c.day)).all()
    return {row.run_id for row in gone if row.day >= (now - LATELY).date()}


def _sum_up(app: App, db: Connection, run_id: int, number: int) -> None:
    """Sum an office up as far as it is known, and never again: later answers would bring out what was said before."""
    announce.sum_up(app, db, run_id, number)
    db.execute(delete(office).where(office.c.run_id == run_id, office.c.office == number))


def _put_aside(db: Connection) -> int:
    """Send nothing that never stood on its platform; what stands there may still be brought up to date."""
    return db.execute(update(outbox).where(_unsent()).values(state=Sending.UNKNOWN, error=WHY)).rowcount


def _unsent() -> ColumnElement[bool]:
    return and_(outbox.c.sent == "", outbox.c.state.in_((Sending.READY, Sending.SENDING)))


def main() -> int:
    try:
        count = settle(sys.argv[1], datetime.now(UTC))
    except (BotError, DatabaseError) as fault:
        sys.stderr.write(f"backup: {getattr(fault, 'orig', fault)}\n")
        return 1
    if count:
        sys.stderr.write(f"Messages that may have been sent since wait for an admin in /outbox: {count}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
