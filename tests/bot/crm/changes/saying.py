"""Changing deals as tests say it."""

from datetime import datetime

from bot.crm import service
from bot.crm.changes.model import Change, Changed, Kind
from bot.crm.risk import Standing
from tests.bot.crm.conftest import NOW, Crm


def say(crm: Crm, who: str, deal: str, change: Change, now: datetime = NOW) -> Standing:
    person = crm.person(who)
    with crm.db.begin() as db:
        return service.change(db, person, deal, change, now)


def moved(crm: Crm, stage: str) -> Change:
    return Change(Kind.MOVED, stage=crm.stages()[stage].number)


def changes(crm: Crm, deal: str) -> list[Changed]:
    with crm.db.read() as db:
        return service.changes_of(db, crm.person("ada"), deal)


def states(crm: Crm, deal: str) -> list[str]:
    """The oldest first."""
    return [one.state.value for one in reversed(changes(crm, deal))]
