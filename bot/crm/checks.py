"""Looks at an import as a whole once it was put aside: what refuses it, and what is taken in and named."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from bot.crm.columns import KINDS, NAMES
from bot.crm.intake import Intake, repeat
from bot.crm.names import near, suspects
from bot.crm.notices import SHOWN, Example, Notice, Tally, What
from bot.crm.staging import store as staging
from bot.crm.store import KEYS
from bot.db import Connection
from bot.tables import Fault
from bot.team.model import Person, Team

_COMPARED = 20_000  # keys beyond which nobody is asked whether one was meant
_COMPARED_AT_ONCE = 1_000
_MOST_REPEATED = 1_000
_ONE_EACH = ("accounts", "deals", "leads", "targets")  # of the others, rows that say the same are one

# Which columns name a row of another kind.
_NAMING = (
    ("deals", "account", "accounts", What.ACCOUNT),
    ("touches", "account", "accounts", What.ACCOUNT),
    ("moves", "deal", "deals", What.DEAL),
    ("touches", "deal", "deals", What.DEAL),
    ("leads", "deal", "deals", What.DEAL),
)
_DOUBTFUL = {
    "no_account": (What.NO_ACCOUNT, "account"),
    "future": (What.FUTURE, "at"),
    "negative": (What.NEGATIVE, "amount"),
    "closed_before": (What.CLOSED_BEFORE, "closed"),
    "status": (What.STATUS, "status"),
    "outlived": (What.OUTLIVED, "created"),
}


def repeats(db: Connection, kind: str) -> list[Fault]:
    """A fault for each row whose id a row above has."""
    if kind not in _ONE_EACH:
        return []
    column = KEYS[kind][-1]
    found = staging.repeated(db, kind, column, _MOST_REPEATED)
    return [repeat(row.row, column, str(row.key), row.first) for row in found]


def notices(
    db: Connection,
    workspace: int,
    intake: Intake,
    people: Collection[Person],
    teams: Collection[Team],
    listed: Collection[int],
    now: datetime,
    *,
    few: bool = False,
) -> list[Notice]:
    """Everything to be named, in the order of the files. `listed`: the numbers of the stages that have a position.

    `few`: whether it must be quick, so that nobody is asked which of many keys was meant.
    """
    found = [
        Notice(What.COLUMN, file, "", 0, len(names), _bare(names)) for file, names in intake.unknown.items() if names
    ]
    for kind in sorted(intake.told.keys() - {"stages"}, key=KINDS.index):
        found += _owners(intake, kind)
        found += _teams(intake, kind, teams)
        found += _stages(intake, kind, listed)
        found += _slips(intake, kind, people)
        found += _strangers(db, workspace, intake, kind, _COMPARED_AT_ONCE if few else _COMPARED)
        found += _doubts(db, workspace, intake, kind, now, few=few)
    return found


def _bare(names: Sequence[str]) -> list[Example]:
    return [Example(name) for name in names[:SHOWN]]


def _owners(intake: Intake, kind: str) -> Iterator[Notice]:
    tally, strangers = intake.tallies.get((kind, "owner")), intake.owners.strangers
    if tally and not strangers.isdisjoint(tally.first):
        names = intake.owners.names
        yield tally.notice(What.OWNER, intake.files[kind], "owner", lambda name: near(name, names), sorted(strangers))


def _teams(intake: Intake, kind: str, teams: Collection[Team]) -> Iterator[Notice]:
    tally, names = intake.tallies.get((kind, "team")), {team.name for team in teams}
    if tally and (unknown := sorted(set(tally.first) - names - {""})):
        yield tally.notice(What.TEAM, intake.files[kind], "team", lambda name: near(name, names), unknown)


def _stages(intake: Intake, kind: str, listed: Collection[int]) -> Iterator[Notice]:
    called = intake.numbers.called
    names = [name for number, name in called.items() if number in listed]
    for column in ("stage", "from_stage", "to_stage"):
        tally = intake.tallies.get((kind, column), Tally()).called(called)
        if unknown := [name for number, name in called.items() if number not in listed and name in tally.first]:
            yield tally.notice(What.STAGE, intake.files[kind], column, lambda name: near(name, names), unknown)


def _slips(intake: Intake, kind: str, people: Collection[Person]) -> Iterator[Notice]:
    for column in NAMES.get(kind, ()):
        tally = intake.tallies.get((kind, column))
        known = {str(getattr(person, column, "")) for person in people} - {""}
        slips = suspects({name: n for name, n in tally.rows.items() if name}, known) if tally else {}
        if tally and slips:
            yield tally.notice(What.NAME, intake.files[kind], column, slips.__getitem__, sorted(slips))


def _strangers(db: Connection, workspace: int, intake: Intake, kind: str, compared: int) -> Iterator[Notice]:
    for naming, column, among, what in _NAMING:
        if naming != kind or column not in intake.told[kind]:
            continue
        rows, names, found = staging.strangers(db, workspace, kind, column, among, SHOWN)
        if rows:
            known = staging.keys_like(db, workspace, among, compared)
            examples = [Example(one.found, one.rows, one.row, near(one.found, known)) for one in found]
            yield Notice(what, intake.files[kind], column, rows, names, examples)


def _doubts(db: Connection, workspace: int, intake: Intake, kind: str, now: datetime, *, few: bool) -> Iterator[Notice]:
    for name, found in staging.doubtful(db, None if few else workspace, kind, now).items():
        what, column = _DOUBTFUL[name]
        if column in intake.told[kind]:
            yield Notice(what, intake.files[kind], column, found.rows, found.rows, [Example(found.key, 1, found.row)])
