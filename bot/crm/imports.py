"""Takes a folder of the CRM's files into the picture: all of it or nothing, and again and again.

Rows come by the ids that the CRM gives them; what a file does not name stays. A column that a file lacks leaves what is
there. Importing the same again changes nothing. The files are read and looked at as a whole before anything is written;
then they are written in short transactions and count all at once, so neither a reader nor a crash ever finds a half.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from bot.crm import checks, files, intake, store, tending
from bot.crm.changes import settling
from bot.crm.changes.settling import Settling
from bot.crm.intake import Intake
from bot.crm.notices import Example, Notice, What
from bot.crm.past import store as past
from bot.crm.reading import Progress
from bot.crm.staging import store as staging
from bot.crm.staging.store import Scratch
from bot.crm.turn.store import turn
from bot.crm.versions import merge
from bot.crm.versions import store as versions
from bot.crm.versions.merge import Count
from bot.db import Connection, Database
from bot.errors import BotError
from bot.tables import Fault
from bot.team import service as team
from bot.team.model import Person

FILES = "files"  # the name of this source
PATIENCE = 15.0  # seconds that a folder waits for the import before it


@dataclass(frozen=True, slots=True)
class Import:
    """What an import did, or with `dry_run` would do. It did nothing when there are `faults`.

    `counts` by kind of row, `faults` by file.
    """

    counts: Mapping[str, Count] = field(default_factory=dict)
    faults: Mapping[str, Sequence[Fault]] = field(default_factory=dict)
    notices: Sequence[Notice] = ()
    dry_run: bool = False


def import_folder(
    db: Database,
    workspace: int,
    folder: Path,
    now: datetime,
    *,
    zone: tzinfo = UTC,
    dry_run: bool = False,
    progress: Progress = lambda what, done, of: None,
) -> Import:
    """Bring the picture to what the files of a folder say.

    Times without a zone are in that of the owner whom their row names, else in `zone`: so are those of all moves, which
    would come again as others if they followed the owner of their deal.

    Raises `BotError` when another import is under way and does not end soon.
    """
    found = files.look(folder)
    if found.faults:
        return Import(faults=found.faults, dry_run=dry_run)
    with closing(Scratch(db)) as scratch, nullcontext() if dry_run else turn(scratch, workspace, PATIENCE):
        job = begin(scratch, workspace, FILES, now, zone, progress)
        for kind, path in found.files.items():
            intake.take(job.taken, scratch, kind, path.name, files.lines_of(path), progress)
        done = finish(job, dry_run=dry_run)
    passed = [Example(name, meant=meant) for name, meant in found.passed.items()]
    unknown = [Notice(What.FILE, "", names=len(passed), examples=passed)] if passed else []
    return replace(done, notices=[*unknown, *done.notices])


@dataclass(frozen=True, slots=True)
class Job:
    """An import under way, whatever its source.

    A `small` one comes often. What it costs must not grow with the picture, so it compares names with fewer others and
    leaves the rest to `tending`.
    """

    scratch: Scratch
    workspace: int
    source: str
    now: datetime
    taken: Intake
    people: Sequence[Person]
    progress: Progress
    small: bool = False


Settled = Callable[[Connection, Import], None]


def begin(
    scratch: Scratch,
    workspace: int,
    source: str,
    now: datetime,
    zone: tzinfo,
    progress: Progress = lambda *_: None,
    *,
    always: bool = False,
    small: bool = False,
) -> Job:
    """Begin to take rows in: `intake.take` each kind of them in the order of `columns.KINDS`, then `finish`.

    All of it in one `turn`. `always`: times without a zone are in `zone`, whoever the owner is.
    """
    with scratch.aside() as db:
        before, people = store.stages(db, workspace), team.people(db, workspace, active=None)
    taken = intake.begin(people, before, zone, always=always)
    return Job(scratch, workspace, source, now, taken, people, progress, small)


def finish(job: Job, *, dry_run: bool = False, settled: Settled = lambda db, done: None) -> Import:
    """Look at what was put aside as a whole, and let it count when it is sound.

    `settled` is told in the transaction by which it counts.
    """
    taken = job.taken
    sizes = _settle(job)
    if any(taken.faults.values()):
        return Import(faults={file: found for file, found in taken.faults.items() if found}, dry_run=dry_run)
    found = Import(notices=_notices(job), dry_run=dry_run)
    with job.scratch.aside() as db:
        met = settling.begin(db, job.workspace, taken.told)
    if dry_run:
        return replace(found, counts=_counts(job, sizes, _compare(job, sizes)))
    return _write(job, sizes, found, met, settled)


def _counts(job: Job, sizes: Mapping[str, int], counts: Mapping[str, Count]) -> dict[str, Count]:
    """With what was said twice, and the stages."""
    taken = job.taken
    found = {kind: replace(count, twice=taken.rows[kind] - sizes[kind]) for kind, count in counts.items()}
    return {"stages": _stages(taken)} | found if "stages" in taken.told else found


def _settle(job: Job) -> dict[str, int]:
    """Order what was put aside, kind by kind: how many rows there are of each."""
    taken, sizes = job.taken, {}
    for kind in taken.told:
        if kind == "stages":
            continue
        job.progress(f"{kind} in order", 0, taken.rows[kind])
        with job.scratch.aside() as db:
            sizes[kind] = staging.settle(db, kind)
            ragged = taken.ragged.get(kind, ())
            if kind == "moves" and ("from_stage" in ragged or "from_stage" not in taken.told[kind]):
                staging.fill_from(db, job.workspace)
                taken.told[kind] |= {"from_stage"}
                taken.ragged.pop(kind, None)
            taken.faults[taken.files[kind]] += checks.repeats(db, kind)
    return sizes


def _notices(job: Job) -> list[Notice]:
    known = (*job.taken.before, *job.taken.stages)
    listed = {stage.number for stage in known if stage.position is not None}
    said = [Example(f"{old} → {new}") for new, old in job.taken.renamed.items()]
    found = [Notice(What.RENAMED, job.taken.files["stages"], "stage", 0, len(said), said)] if said else []
    with job.scratch.aside() as db:
        teams = team.teams(db, job.workspace)
        return found + checks.notices(db, job.workspace, job.taken, job.people, teams, listed, job.now, few=job.small)


def _stages(taken: Intake) -> Count:
    there, after = {stage.number: stage for stage in taken.before}, taken.stages
    added = sum(stage.number not in there for stage in after)
    changed = sum(stage.number in there and stage != there[stage.number] for stage in after)
    return Count(added, changed, len(after) - added - changed)


def _compare(job: Job, sizes: Mapping[str, int]) -> dict[str, Count]:
    found = {}
    for kind, size in sizes.items():
        with job.scratch.aside() as db:
            ragged = job.taken.ragged.get(kind, ())
            new, changed = versions.compare(db, job.workspace, kind, job.taken.told[kind], ragged)
        found[kind] = Count(new, changed, size - new - changed)
    return found


def _reached(db: Connection, workspace: int) -> tuple[int, dict[str, int]]:
    """What is another when anybody has changed anything of the picture."""
    return past.last(db, workspace), past.ends(db)


def _write(job: Job, sizes: Mapping[str, int], found: Import, met: Settling, settled: Settled) -> Import:
    """Write the versions, make them count, and sweep up."""
    scratch, workspace, taken = job.scratch, job.workspace, job.taken
    with scratch.db.begin() as db:
        number, dirty = versions.begin(db, workspace)
        before = past.ends(db)
        if [(s.number, s.name) for s in store.stages(db, workspace)] != [(s.number, s.name) for s in taken.before]:
            raise BotError(
                "Another import of the CRM came to its end meanwhile. Nothing of this one counts; run it again."
            )
    if dirty:
        merge.undo(scratch, workspace, number)
    counts = merge.merge(scratch, workspace, number, taken.told, sizes, job.progress, taken.ragged)
    done = replace(found, counts=_counts(job, sizes, counts))
    with scratch.db.read() as db:  # ahead, since whoever writes would wait for it
        reached, shifted = _reached(db, workspace), past.of_import(db, workspace, number, before)
    with scratch.db.begin() as db:
        if _reached(db, workspace) != reached:  # somebody changed a deal meanwhile
            shifted = past.of_import(db, workspace, number, before)
        past.add(db, workspace, shifted)
        versions.switch(db, workspace, number)
        settling.end(db, workspace, number, met)
        settled(db, done)
        mentioned = {stage.number for stage in taken.stages}
        fresh = [stage for stage in taken.numbers.fresh if stage.number not in mentioned]
        store.save_stages(db, workspace, [*taken.stages, *fresh])
        for kind, told in taken.told.items():
            versions.heard(db, workspace, job.source, kind, job.now, taken.rows[kind], told)
    if not job.small:
        tending.tend(scratch.db, workspace, job.now)
    merge.sweep(scratch, workspace)
    return done
