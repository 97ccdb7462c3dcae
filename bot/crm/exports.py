"""Gives the picture back as the files that it came from: what is exported imports again and changes nothing.

The columns are those that some source ever told; a column that nobody filled would else come back as one that is empty.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.crm import cells, store
from bot.crm.changes import outward
from bot.crm.changes import store as changes
from bot.crm.columns import COLUMNS, KINDS, a_stage
from bot.crm.files import CHANGES
from bot.crm.model import LOST, NONE, WON, Stage
from bot.crm.reading import Progress
from bot.crm.standings import store as standings
from bot.db import Connection, Database
from bot.tables import Column, iso_date, write


def export_folder(
    db: Database, workspace: int, folder: Path, progress: Progress = lambda what, done, of: None
) -> dict[str, int]:
    """Write a file for each kind of row that there is; how many rows, by the file's name. Raises `OSError`."""
    folder.mkdir(parents=True, exist_ok=True)
    written = {}
    with db.read() as look:
        for kind in KINDS:
            name, part = f"{kind}.csv", folder / f"{kind}.csv.part"
            done = 0
            with part.open("w", encoding="utf-8", newline="") as file:
                for count, text in export(look, workspace, kind):
                    file.write(text)
                    done += count
                    progress(name, done, 0)
            if done:
                part.replace(folder / name)
                written[name] = done
            else:
                part.unlink()
        written |= _changes(look, workspace, folder)
    return written


def _changes(db: Connection, workspace: int, folder: Path) -> dict[str, int]:
    """`changes.csv`: what was changed in chat and the CRM does not say yet. For the CRM; an import passes it over."""
    lines = outward.lines(changes.standing(db, workspace), store.stages(db, workspace))
    if lines:
        (folder / CHANGES).write_bytes(write(outward.HEADER, lines).encode())
    else:
        (folder / CHANGES).unlink(missing_ok=True)
    return {CHANGES: len(lines)} if lines else {}


def export(db: Connection, workspace: int, kind: str) -> Iterator[tuple[int, str]]:
    """A file as CSV, piece by piece: the rows in each and its text, of which the first begins with the header."""
    told = {name for one in store.sources(db, workspace) if one["kind"] == kind for name in one["columns"]}
    stages = store.stages(db, workspace)
    theirs = [column for column in COLUMNS[kind] if not told or column.needed or column.name in told]
    header, cell = [column.name for column in theirs], [_writer(column, stages) for column in theirs]
    yield 0, write(header, ())
    for rows in _listed(stages, header) if kind == "stages" else standings.rows(db, workspace, kind, header):
        lines = ([text(value) for text, value in zip(cell, row, strict=True)] for row in rows)
        yield len(rows), write(header, lines).partition("\r\n")[2]


def _listed(stages: Sequence[Stage], header: Sequence[str]) -> Iterator[Sequence[Sequence[Any]]]:
    rows = [{"stage": stage.name} | {name: getattr(stage, name, None) for name in header[1:]} for stage in stages]
    yield [tuple(row.values()) for row, stage in zip(rows, stages, strict=True) if stage.position is not None]


def _writer(column: Column, stages: Sequence[Stage]) -> Callable[[Any], str]:
    if column.read is cells.instant:
        return cells.instant_text
    if column.read is iso_date:
        return cells.date_text
    if column.read in (cells.number, cells.days):
        return cells.number_text
    if column.read is a_stage:
        names: Mapping[int, str] = {NONE: "", WON: "won", LOST: "lost"} | {s.number: s.name for s in stages}
        return names.__getitem__
    return str
