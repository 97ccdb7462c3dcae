"""Batches are read column by column, and it cannot be told from reading them cell by cell."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.crm import cells, files, reading
from bot.crm.columns import COLUMNS as COLUMNS_OF
from bot.crm.reading import Batch, Reading
from bot.tables import Column, Fault, Unfit, iso_date, one_of, read, write
from prompts import words

COLUMNS = (
    Column("id", needed=True, most=12),
    Column("name", most=30),
    Column("note", most=60, lines=True),
    Column("at", cells.instant, empty=None),
    Column("day", iso_date, empty=None),
    Column("sum", cells.number, empty=None),
    Column("kind", one_of({"a": 1, "b": 2}, "ab"), empty=0),
)
HEAD = [column.name for column in COLUMNS]

TEXTS = st.one_of(
    st.sampled_from(
        ["", " ", "x", "  two  words ", "'=1+1", "''=x", "'", "'x", "=1", "|", "a|'b", "e\u0301", "\u200bz"]
    ),
    st.sampled_from(["宏达\u3000医疗", "line\nline", "a\r\n\r\n\r\nb", "\x00", "tab\there", "ﬁ", "x" * 31, "Ünïcödé"]),
    st.text(max_size=14),
)
TIMES = st.one_of(
    st.sampled_from(
        ["", "2026-06-11", "2026-06-11T09:30:00Z", "2026-06-11 09:30:00+08:00", "2026/6/1 9:30", "2026.6.1"]
    ),
    st.sampled_from(["2026-06-11T09:30:00.250Z", "2026-W05-1", "20260611", "0026-06-11", "2200-01-01", "1899-12-31"]),
    st.sampled_from(["never", "2026-13-01", "'=x", " 2026-06-11 ", "2026-6-1", "2026-06-11T24:00"]),
)
LINES = st.lists(
    st.one_of(
        st.tuples(
            TEXTS,
            TEXTS,
            TEXTS,
            TIMES,
            TIMES,
            st.sampled_from(["", "1", "-2.5", "1,234.50", "1e3", "x", "'-80", "1e400", "-0"]),
            st.sampled_from(["", "a", "B", "c", " a "]),
        ).map(list),
        st.lists(TEXTS, max_size=8),
    ),
    max_size=12,
)


def both(lines: Sequence[list[str]]) -> tuple[Reading, list[dict[str, Any]], Any]:
    """What we read, row by row, and what `bot.tables` reads of the same file."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([HEAD, *lines])
    ours = Reading(COLUMNS, iter([(1, [HEAD, *lines[:3]]), (5 - max(0, 3 - len(lines)), lines[3:])]))
    return ours, [row for batch in ours.batches() for row in by_row(batch)], read(out.getvalue(), COLUMNS)


def by_row(batch: Batch) -> list[dict[str, Any]]:
    return [
        {"row": row} | {name: in_seconds(values[at]) for name, values in batch.values.items()}
        for at, row in enumerate(batch.rows)
    ]


def in_seconds(value: Any) -> Any:
    """A time that names its zone comes as seconds or not, as its neighbours allow."""
    return int(value.timestamp()) if isinstance(value, datetime) and value.tzinfo else value


def said(fault: Fault) -> tuple[int, str, str, str]:
    return fault.row, fault.column, fault.found, fault.expected(words("en"))


@given(LINES)
def test_columns_and_cells_give_the_same(lines: list[list[str]]) -> None:
    ours, rows, theirs = both(lines)
    assert [said(fault) for fault in ours.faults] == [said(fault) for fault in theirs.faults]
    if not theirs.faults:
        values = [{name: in_seconds(value) for name, value in record.values.items()} for record in theirs.records]
        assert rows == [{"row": record.row} | one for record, one in zip(theirs.records, values, strict=True)]


@given(LINES)
def test_a_cell_says_the_same_whatever_stands_beside_it(lines: list[list[str]]) -> None:
    """Neighbours decide whether a batch is read fast: rows alone and together must agree."""
    _, together, theirs = both(lines)
    if theirs.faults:
        return
    alone = [row for number, line in enumerate(lines, 2) for row in by_rows_of(number, line)]
    assert together == alone


def by_rows_of(number: int, line: list[str]) -> list[dict[str, Any]]:
    one = Reading(COLUMNS, iter([(1, [HEAD]), (number, [line])]))
    return [row for batch in one.batches() for row in by_row(batch)]


ZONES = st.one_of(
    st.sampled_from(
        ["Z", "+08:00", "-03:30", "+0530", "+02", "z", "", "+24:00", ".5Z", "+01:00:30", "+01:00:00.5", "B"]
    ),
    st.timezones().map(lambda zone: datetime(2026, 6, 11, 9, tzinfo=zone).isoformat()[19:]),
)
WRITTEN = st.builds(
    lambda at, between, zone: f"{at.date()}{between}{at.time().isoformat('seconds')}{zone}",
    st.datetimes(datetime(1899, 12, 31), datetime(2200, 1, 2)),  # noqa: DTZ001 - the zone is added
    st.sampled_from("TT t"),
    ZONES,
)
ODD = st.sampled_from(["2026-06-11T24:00:00Z", "2026-02-29T00:00:00Z", "2026-06-11T9:30:00Z", "2026-06-11", ""])


@given(st.lists(st.one_of(WRITTEN, ODD), min_size=1, max_size=4))
def test_times_read_by_their_parts_are_the_same(texts: list[str]) -> None:
    columns = [Column("id"), Column("at", cells.instant, empty=None)]
    ours = Reading(columns, iter([(1, [["id", "at"], *(["x", text] for text in texts)])]))
    found = [row["at"] for batch in ours.batches() for row in by_row(batch)]
    if not ours.faults:
        assert found == [in_seconds(cells.instant(text)) if text else None for text in texts]
    else:
        with pytest.raises(Unfit):
            list(map(cells.instant, filter(None, texts)))


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), min_size=1))
def test_tidy_cells_are_as_reading_would_leave_them(texts: list[str]) -> None:
    for text in texts:
        if reading.tidy(text):
            (record,) = read(write(["id", "note"], [["1", text]]), COLUMNS).records
            assert record.values["note"] == text
    if reading.tidy("|".join(texts)):
        assert all(map(reading.tidy, texts))


@pytest.mark.parametrize("count", [1, files.BATCH - 1, files.BATCH, files.BATCH + 1, 2 * files.BATCH + 7])
def test_rows_keep_their_numbers_across_batches(tmp_path: Path, count: int) -> None:
    path = tmp_path / "x.csv"
    path.write_text("id,sum\n" + "".join(f"r{n},{n}\n" for n in range(2, count + 2)), encoding="utf-8")
    batches = list(Reading(COLUMNS, files.lines_of(path)).batches())
    rows = [row for batch in batches for row in by_row(batch)]
    assert [(row["row"], row["id"], row["sum"]) for row in rows] == [(n, f"r{n}", n) for n in range(2, count + 2)]


ODD_FILES: list[tuple[str, bytes, str]] = [
    ("bom and semicolons", b"\xef\xbb\xbfID;Sum\r\na;1\r\n", ""),
    ("tabs, blank lines, capitals", b" Id \tSUM\n\na\t1\n\n", ""),
    ("latin 1", b"id,sum\n\xe9,1\n", "The file is not in UTF-8."),
    ("utf 16", "id,sum\na,1\n".encode("utf-16"), "The file is not in UTF-8."),
    ("old excel", b"\xd0\xcf\x11\xe0" + b"x" * 99, "This is an old or protected Excel file."),
    ("a torn zip", b"PK\x03\x04" + b"x" * 99, "The XLSX file is damaged."),
    ("nothing", b"", "The file is empty."),
    ("blank", b"\n\n", "The file is empty."),
    ("an open quotation", b'id,sum\na,1\n"b,1\n', "Row 3: found “…”, expected a quotation mark"),
    ("a column twice", b"id,sum,sum\na,1,2\n", "Row 1, sum: found “sum”, expected each column once"),
    ("no column of ours", b"x,y\na,1\n", "Row 1: found “x, y”, expected a first row that names the columns"),
]


@pytest.mark.parametrize(("story", "content", "fault"), ODD_FILES, ids=[row[0] for row in ODD_FILES])
def test_files_as_people_send_them(tmp_path: Path, story: str, content: bytes, fault: str) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    ours = Reading(COLUMNS, files.lines_of(path))
    rows = [row for batch in ours.batches() for row in by_row(batch)]
    theirs = read(path, COLUMNS)
    assert [said(fault) for fault in ours.faults] == [said(fault) for fault in theirs.faults]
    if fault:
        assert any(fault.split("expected ")[-1] in one.expected(words("en")) for one in ours.faults)
    else:
        assert [(row["id"], row["sum"]) for row in rows] == [("a", 1.0)]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    ours = Reading(COLUMNS, files.lines_of(tmp_path / "x.csv"))
    assert list(ours.batches()) == []
    assert [fault.expected(words("en")) for fault in ours.faults] == ["The file is not there, or cannot be opened."]


CELLS: list[tuple[Any, str, Any]] = [
    (cells.number, "12,500.00", 12500.0),
    (cells.number, "1,2", None),
    (cells.number, "1e14", 1e14),
    (cells.number, "1e15", None),
    (cells.number, "nan", None),
    (cells.number, "١٢", None),
    (cells.days, "0", None),
    (cells.days, "7.5", 7.5),
    (cells.currency, "rmb", "CNY"),
    (cells.currency, "€", None),
    (cells.status, "赢单", "won"),
    (cells.kind, "微信", "im"),
    (cells.direction, "Inbound", "in"),
    (cells.period, "2026q3", "2026-Q3"),
    (cells.period, "2026-9", "2026-09"),
    (cells.period, "2026-13", None),
    (cells.period, "2026-w5", "2026-W05"),
    (cells.period, "2026-W54", None),
    (cells.instant, "2026-06-11T09:30:15.999Z", datetime(2026, 6, 11, 9, 30, 15, tzinfo=UTC)),
    (cells.instant, "2026/6/11 9:30", datetime(2026, 6, 11, 9, 30)),  # noqa: DTZ001
    (cells.instant, "2026/6-11", None),
    (cells.instant, "1899-12-30", None),
]


@pytest.mark.parametrize(("take", "cell", "value"), CELLS, ids=[f"{row[0].__name__} {row[1]}" for row in CELLS])
def test_cells(take: Any, cell: str, value: Any) -> None:
    if value is None:
        with pytest.raises(Unfit):
            take(cell)
    else:
        assert take(cell) == value


@given(st.floats(-9e14, 9e14))
def test_a_number_is_written_as_it_reads(value: float) -> None:
    assert cells.number(cells.number_text(value)) == value


def test_the_columns_are_those_that_scripts_rely_on() -> None:
    names = {kind: ",".join(c.name for c in them) for kind, them in COLUMNS_OF.items()}
    assert names == {
        "stages": "stage,position,exit_criteria,stall_days,touch_days",
        "accounts": "account,name,industry,region,tier,owner,contact,contact_title,purchase_preference",
        "deals": "deal,name,account,owner,product_line,amount,currency,stage,status,source,created,expected_close,"
        "closed,next_step,next_step_on",
        "moves": "deal,from_stage,to_stage,at",
        "touches": "deal,account,owner,kind,direction,at,note",
        "leads": "lead,source,owner,created,first_response,deal,status",
        "targets": "team,owner,period,measure,target",
    }
