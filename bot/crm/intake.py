"""Takes the files of an import one after the other: reads them, puts their rows aside, counts the names in them."""

import gc
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from hashlib import blake2b
from typing import Any

from bot.crm import cells
from bot.crm.columns import BITS, NAMES, columns
from bot.crm.known import MOST_STAGES, Numbers, Owners
from bot.crm.model import Stage
from bot.crm.notices import Tally
from bot.crm.reading import Batch, Lines, Progress, Reading
from bot.crm.stages import listed
from bot.crm.staging import store as staging
from bot.crm.store import KEYS
from bot.tables import Column, Fault, iso_date
from bot.team.model import Person


@dataclass(slots=True)
class Intake:
    """What the files held, by kind: `files` their names, `rows` how many, `told` which columns, `ragged` which of those
    some rows do not tell.

    `before`: the stages known until now; `stages`: those of stages.csv, of which some were `renamed`: old name by new.
    """

    before: Sequence[Stage]
    owners: Owners
    numbers: Numbers
    columns: Mapping[str, tuple[Column, ...]]
    files: dict[str, str] = field(default_factory=dict)
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    unknown: dict[str, tuple[str, ...]] = field(default_factory=dict)
    told: dict[str, frozenset[str]] = field(default_factory=dict)
    ragged: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    tallies: dict[tuple[str, str], Tally] = field(default_factory=dict)
    stages: list[Stage] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that come by themselves instead of in a file. `lacking`: which columns some of them do not tell, by number.

    A faulty row is called by its key.
    """

    lines: Lines
    lacking: Mapping[int, frozenset[str]] = field(default_factory=dict)


def begin(people: Collection[Person], stages: Sequence[Stage], zone: tzinfo, *, always: bool = False) -> Intake:
    """`always`: times without a zone are in this one, whoever the owner is."""
    owners, numbers = Owners(people, zone, always=always), Numbers(stages)
    return Intake(stages, owners, numbers, columns(owners, numbers))


def take(
    intake: Intake, scratch: staging.Scratch, kind: str, file: str, given: Lines | Rows, progress: Progress
) -> None:
    """Read one file, or whatever comes as rows of cells, and put its rows aside; faults are noted under its name."""
    rows = given if isinstance(given, Rows) else Rows(given)
    called = KEYS.get(kind, ("stage",))[0] if rows is given else ""
    reading = Reading(intake.columns[kind], rows.lines, called)
    lacking = rows.lacking
    if any(lacking.values()):
        intake.ragged[kind] = tuple(sorted(frozenset().union(*lacking.values())))
    intake.files[kind] = file
    done = 0
    with _few_collections():
        for batch in reading.batches():
            _take(intake, scratch, kind, batch, lacking, reading.faults)
            done += len(batch.rows)
            progress(file, done, 0)
    intake.rows[kind], intake.told[kind] = done, reading.present | _DERIVED.get(kind, frozenset())
    intake.faults.setdefault(file, []).extend(reading.faults)
    intake.unknown[file] = reading.unknown


@contextmanager
def _few_collections() -> Iterator[None]:
    """Rows come and go by the million and are in no circles; to look for those among them takes a fifth of the time."""
    gc.set_threshold(50_000)
    try:
        yield
    finally:
        gc.set_threshold(*_COLLECTIONS)


def _take(
    intake: Intake,
    scratch: staging.Scratch,
    kind: str,
    batch: Batch,
    lacking: Mapping[int, frozenset[str]],
    faults: list[Fault],
) -> None:
    if kind == "stages":  # few, and all other files name them: they are learned at once
        _take_stages(intake, batch, lacking, faults)
        return
    _check(kind, batch, faults)
    _count(intake, kind, batch)
    names, rows = _rows(intake, kind, batch, lacking)
    with scratch.aside() as db:
        staging.put(db, kind, names, rows)


_COLLECTIONS = gc.get_threshold()
_DERIVED = {"touches": frozenset({"deal", "account", "owner", "kind", "direction", "at", "note", "mark"})}


def _take_stages(intake: Intake, batch: Batch, lacking: Mapping[int, frozenset[str]], faults: list[Fault]) -> None:
    there: dict[str, int] = {}
    for row, name in zip(batch.rows, batch.values["stage"], strict=True):
        first = there.setdefault(name.casefold(), row)
        if first != row:
            faults.append(repeat(row, "stage", name, first))
    if len(there) > MOST_STAGES:
        faults.append(Fault(0, "", "", lambda _: _("More than {most} stages.", most=MOST_STAGES)))
    if not faults:
        rows = [dict(zip(batch.values, values, strict=True)) for values in zip(*batch.values.values(), strict=True)]
        told = [
            {name: value for name, value in row.items() if name not in lacking.get(number, ())}
            for number, row in zip(batch.rows, rows, strict=True)
        ]
        intake.stages, intake.renamed = listed(intake.before, told, intake.numbers)


def repeat(row: int, column: str, key: str, first: int) -> Fault:
    return Fault(row, column, key, lambda _: _("a value of its own; row {row} has the same", row=first))


def _check(kind: str, batch: Batch, faults: list[Fault]) -> None:
    """What no single cell can tell."""
    if kind != "touches":
        return
    nothing = [""] * len(batch.rows)
    deals, accounts = (batch.values.get(name, nothing) for name in ("deal", "account"))
    if "" in deals:
        for row, deal, account in zip(batch.rows, deals, accounts, strict=True):
            if not deal and not account:
                faults.append(Fault(row, "deal", "", lambda _: _("a deal or an account")))


def _count(intake: Intake, kind: str, batch: Batch) -> None:
    for name in ("owner", "team", "stage", "from_stage", "to_stage", *NAMES.get(kind, ())):
        if name in batch.values and not (name == "team" and kind != "targets"):
            intake.tallies.setdefault((kind, name), Tally()).add(batch.values[name], batch.rows)


def _rows(
    intake: Intake, kind: str, batch: Batch, lacking: Mapping[int, frozenset[str]]
) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    """The batch as the database keeps it: times in seconds, dates as they are written, touches with their mark."""
    nothing = [""] * len(batch.rows)
    owners: Sequence[str] = batch.values.get("owner") or nothing
    values = dict(batch.values)
    for column in intake.columns[kind]:
        if column.name in values and column.read is cells.instant:
            values[column.name] = _seconds(intake.owners, values[column.name], owners)
        elif column.name in values and column.read is iso_date:
            values[column.name] = [day and day.isoformat() for day in values[column.name]]
    if kind == "touches":
        for column in intake.columns[kind]:
            values.setdefault(column.name, [column.empty] * len(batch.rows))
        values["mark"] = _marks(*(values[name] for name in ("account", "owner", "kind", "direction", "note")))
    elif kind == "targets":  # what the key does not say is everybody's
        for name in ("team", "owner"):
            values.setdefault(name, nothing)
    if kind in intake.ragged:
        _leave_out(intake, kind, batch, lacking, values)
    return [*values, "row"], zip(*values.values(), batch.rows, strict=True)


def _leave_out(
    intake: Intake, kind: str, batch: Batch, lacking: Mapping[int, frozenset[str]], values: dict[str, Sequence[Any]]
) -> None:
    """Note of each row which columns it does not tell, a bit for each; a move's stage before is filled in later."""
    left = [lacking.get(row, frozenset()) for row in batch.rows]
    if kind == "moves" and "from_stage" in values:
        values["from_stage"] = [
            None if "from_stage" in names else stage for names, stage in zip(left, values["from_stage"], strict=True)
        ]
    values["lacks"] = [sum(BITS[kind][name] for name in names) for names in left]


def _seconds(owners: Owners, times: Sequence[datetime | int | None], whose: Sequence[str]) -> list[int | None]:
    return [
        int((at if at.tzinfo else at.replace(tzinfo=owners.zone(owner))).timestamp())
        if isinstance(at, datetime)
        else at
        for at, owner in zip(times, whose, strict=True)
    ]


def _marks(*columns: Sequence[str]) -> list[int]:
    said = map("\n".join, zip(*columns, strict=True))
    return [int.from_bytes(blake2b(one.encode(), digest_size=8).digest(), "big", signed=True) for one in said]
