"""What is exported imports again, changes nothing, and makes the same picture elsewhere."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.crm import store
from bot.crm.columns import KINDS
from bot.db import Database
from bot.tables import clean, clean_lines, write
from bot.tables.files import RUNS
from tests.bot.crm.conftest import FILES, Crm, fault_text
from tests.databases import migrated

LINE = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
DANGEROUS = st.sampled_from(
    ["=1+1", "+49 30", "-1", "@sum", "'=1", "''=1", "'quoted", "\t=1", "=cmd|'/c calc'!A1", "|", ""]
)
CELL = st.one_of(LINE, DANGEROUS)
NUMBER = st.one_of(st.none(), st.floats(-9e14, 9e14), st.sampled_from([0.0, -80.0, 0.1, 1e-9]))
TIME = st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31)).map(lambda at: f"{at.isoformat(timespec='seconds')}Z")  # noqa: DTZ001
DAY = st.dates().map(str)
STAGE = st.sampled_from(["Lead", "Demo", "won", "lost", "=Stage"])


def texts(*names: str) -> dict[str, Any]:
    return dict.fromkeys(names, CELL)


def rows(key: str, **columns: Any) -> Any:
    keys = st.sampled_from(["1", "=2", "'=3", "-4", "五"]).map(lambda n: f"{n}x")
    return st.lists(st.fixed_dictionaries({key: keys} | columns), max_size=4, unique_by=lambda row: row[key])


FOLDER = st.fixed_dictionaries(
    {
        "stages": st.just([{"stage": "Lead", "position": "1"}, {"stage": "=Stage", "position": "2.5"}]),
        "accounts": rows("account", **texts("name", "industry", "contact", "purchase_preference", "owner")),
        "deals": rows(
            "deal",
            **texts("name", "account", "product_line", "source", "next_step"),
            owner=st.sampled_from(["li", "=ghost"]),
            amount=NUMBER.map(lambda n: "" if n is None else repr(n)),
            currency=st.sampled_from(["", "CNY"]),
            stage=STAGE,
            status=st.sampled_from(["open", "won", "lost"]),
            created=TIME,
            expected_close=st.one_of(st.just(""), DAY),
            closed=st.one_of(st.just(""), TIME),
            next_step_on=st.one_of(st.just(""), DAY),
        ),
        "moves": rows("deal", from_stage=st.one_of(st.just(""), STAGE), to_stage=STAGE, at=TIME),
        "touches": rows("deal", **texts("account", "owner", "note"), kind=st.just("call"), at=TIME),
        "leads": rows("lead", **texts("source", "owner", "status"), created=TIME, deal=st.just("")),
    }
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with an empty database of this version, to copy."""
    home = tmp_path_factory.mktemp("exports")
    migrated(f"sqlite:///{home / 'empty.db'}").close()
    return home


def fresh(home: Path, name: str) -> Crm:
    for old in home.glob(f"{name}*"):
        old.unlink() if old.is_file() else None
    (home / f"{name}.db").write_bytes((home / "empty.db").read_bytes())
    here = home / f"{name}-{len(list(home.iterdir()))}"
    here.mkdir()
    return Crm(Database(f"sqlite:///{home / f'{name}.db'}"), here)


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(folder=FOLDER)
def test_what_is_exported_comes_back_as_it_was(home: Path, folder: dict[str, list[dict[str, str]]]) -> None:
    one, other = fresh(home, "one"), fresh(home, "other")
    files = {
        kind: write(list(them[0]), [[row[name] for name in them[0]] for row in them])
        for kind, them in folder.items()
        if them
    }
    done = one.take(files)
    assert fault_text(done) == []
    exported = one.out()
    assert all(count.added == 0 == count.changed for count in one.take(exported).counts.values())
    other.bring(exported)
    assert other.out() == exported == one.out()
    said = {row["deal"]: row for row in folder["deals"]}
    for key, name, step in one.rows("deals", "deal", "name", "next_step"):
        row = next(row for deal, row in said.items() if clean(deal) == key)
        assert (name, step) == (clean(row["name"]), clean_lines(row["next_step"]))
    for text in exported.values():
        assert not any(RUNS.match(cell) and cell[0] != "'" for line in csv.reader(io.StringIO(text)) for cell in line)
    one.db.close()
    other.db.close()


def test_only_columns_that_were_told_are_written(crm: Crm) -> None:
    crm.bring({"deals": "deal,owner,stage,status,created\nD1,li,Demo,open,2026-05-01\n"})
    assert crm.out() == {"deals": "deal,owner,stage,status,created\r\nD1,li,Demo,open,2026-04-30T16:00:00Z\r\n"}
    crm.bring()
    out = crm.out()
    assert {name: text.splitlines()[0] for name, text in out.items()} == {
        name: FILES[name].splitlines()[0] for name in KINDS
    }
    assert set(out) == {*store.TABLES, "stages"}
