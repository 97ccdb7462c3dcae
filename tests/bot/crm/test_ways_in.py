"""The same rows by files, by pushes and from a database make the same picture."""

import csv
import io
import json
import os
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.crm import service
from bot.crm.imports import import_folder
from bot.crm.push.service import Pushed, take
from bot.crm.sql.service import import_sql
from bot.db import Database
from bot.team import service as team
from tests.bot.crm.conftest import NOW, ROSTER
from tests.databases import migrated

Rows = Mapping[str, Sequence[Mapping[str, Any]]]

plain = st.text("aä中 '=+-@,;\"\\:|%", max_size=8)
days = st.dates(date(2026, 1, 1), date(2026, 6, 30)).map(date.isoformat)
times = st.datetimes(datetime(2026, 1, 1), datetime(2026, 6, 30)).map(lambda at: f"{at:%Y-%m-%dT%H:%M:%S}")  # noqa: DTZ001
stages = st.sampled_from(["Lead", "Demo", "Offer", "won", "Pilot"])
owners = st.sampled_from(["li", "anna", "ghost", "omar@example.com"])
keys = st.sampled_from([f"D{n}" for n in range(5)])
amounts = st.one_of(st.just(""), st.integers(-99, 10**9), st.floats(0, 1e9, allow_nan=False))


def told(needed: Mapping[str, Any], more: Mapping[str, Any]) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Rows of one kind, all with the same columns: those needed and some of the others."""

    def rows(names: list[str]) -> st.SearchStrategy[list[dict[str, Any]]]:
        return st.lists(st.fixed_dictionaries({**needed, **{name: more[name] for name in names}}), max_size=5)

    return st.lists(st.sampled_from(sorted(more)), unique=True).flatmap(rows)


def one_each(rows: list[dict[str, Any]], *key: str) -> list[dict[str, Any]]:
    return list({tuple(row.get(name, "") for name in key): row for row in rows}.values())


deals = told(
    {"deal": keys, "owner": owners, "stage": stages, "status": st.sampled_from(["open", "won"]), "created": times},
    {"name": plain, "account": plain, "amount": amounts, "closed": st.one_of(st.just(""), times)}
    | {"next_step": plain, "next_step_on": st.one_of(st.just(""), days), "currency": st.sampled_from(["", "EUR"])},
).map(lambda rows: one_each(rows, "deal"))
moves = told({"deal": keys, "to_stage": stages, "at": times}, {"from_stage": stages}).map(
    lambda rows: one_each(rows, "deal", "to_stage", "at")
)
touches = told(
    {"kind": st.sampled_from(["call", "email"]), "at": times, "deal": keys},
    {"owner": owners, "note": plain, "direction": st.sampled_from(["in", "out"])},
)
targets = told(
    {"period": st.sampled_from(["2026", "2026-Q2"]), "measure": st.just("won"), "target": st.integers(1, 99)},
    {"team": st.sampled_from(["East", ""]), "owner": owners},
).map(lambda rows: one_each(rows, "team", "owner", "period"))
kinds = st.fixed_dictionaries({"deals": deals, "moves": moves, "touches": touches, "targets": targets})
batches = kinds.filter(lambda rows: any(rows.values()))


def told_kinds(rows: Rows) -> Iterator[tuple[str, Any]]:
    """Kinds with rows: an empty file would tell its columns, which an empty batch has none of."""
    return ((kind, found) for kind, found in rows.items() if found)


def by_files(db: Database, home: Path, rows: Rows) -> None:
    folder = Path(tempfile.mkdtemp(dir=home))
    for kind, found in told_kinds(rows):
        names = list(found[0])
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, names)
        writer.writeheader()
        writer.writerows({name: armed(value) for name, value in row.items()} for row in found)
        (folder / f"{kind}.csv").write_text(out.getvalue(), encoding="utf-8", newline="")
    done = import_folder(db, 1, folder, NOW)
    assert not done.faults, done.faults


def armed(value: Any) -> str:
    text = str(value)
    return f"'{text}" if text.lstrip("'")[:1] in tuple("=+-@") and text[:1] else text


def by_push(db: Database, home: Path, rows: Rows) -> None:
    answer = take(
        db, 1, Pushed(json.dumps({"kinds": rows}).encode(), os.urandom(32).hex()), NOW, zone=UTC, language="en"
    )
    assert answer.status == 200, answer


def by_sql(db: Database, home: Path, rows: Rows) -> None:
    theirs, mapping = home / "theirs.db", []
    theirs.unlink(missing_ok=True)
    with sqlite3.connect(theirs) as their:
        for kind, found in told_kinds(rows):
            names = list(found[0])
            their.execute(f"CREATE TABLE {kind} ({', '.join(f'x_{name}' for name in names)})")
            blanks = ", ".join("?" * len(names))
            their.executemany(
                f"INSERT INTO {kind} VALUES ({blanks})", [tuple(row[name] for name in names) for row in found]
            )
            columns = ", ".join(f"{name}: x_{name}" for name in names)
            mapping.append(f"{kind}: {{table: {kind}, columns: {{{columns}}}}}\n")
    (home / "map.yaml").write_text("".join(mapping))
    done = import_sql(db, 1, f"sqlite:///{theirs}", home / "map.yaml", NOW, zone=UTC)
    assert not done.faults, done.faults


def picture(db: Database, home: Path) -> dict[str, str]:
    folder = Path(tempfile.mkdtemp(dir=home))
    service.export_folder(db, 1, folder)
    return {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "empty.db"
    db = migrated(f"sqlite:///{path}")
    with db.begin() as writing:
        assert not team.import_roster(writing, 1, ROSTER, NOW).faults
    db.close()
    return path


@settings(
    max_examples=15,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rows=st.lists(batches, min_size=1, max_size=3))
def test_three_ways_make_one_picture(empty: Path, rows: list[Rows]) -> None:
    seen = []
    for way in (by_files, by_push, by_sql):
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            (home / "p.db").write_bytes(empty.read_bytes())
            db = Database(f"sqlite:///{home / 'p.db'}")
            for batch in rows:
                way(db, home, batch)
            seen.append(picture(db, home))
            db.close()
    assert seen[0] == seen[1]
    assert seen[0] == seen[2]
