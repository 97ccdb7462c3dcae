"""Spreadsheets as people send them: every fault named, nothing raised, nothing lost on the way out and back."""

import io
import zipfile
from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from bot import tables
from bot.tables import Column, clock_time, fault_lines, iso_date, one_of, read, rows, write
from prompts import words

COLUMNS = (
    Column("name", needed=True, most=20),
    Column("size", one_of({"s": 1, "l": 2}, ["S", "L"])),
    Column("on", iso_date, empty=None),
    Column("at", clock_time, empty=None),
)


def said(sheet: tables.Sheet, language: str = "en") -> list[str]:
    return fault_lines(sheet.faults, words(language))


def xlsx(*lines: list[object]) -> bytes:
    book = Workbook()
    for line in lines:
        book.worksheets[0].append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_reads_csv_with_any_delimiter_with_or_without_bom(mark: str, bom: str, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(f'{bom}Name,SIZE,extra\r\n"Li, Wei",s,1\r\n\r\n陈 洁,L,\r\n'.replace(",", mark), "utf-8")
    for source in (path, path.read_bytes(), path.read_text("utf-8")):
        sheet = read(source, COLUMNS)
        assert not sheet.faults
        assert [(r.row, r.values["name"], r.values["size"]) for r in sheet.records] == [
            (2, " ".join(f"Li{mark} Wei".split()), 1),
            (4, "陈 洁", 2),
        ]
        assert sheet.unknown == ("extra",)
        assert sheet.present == {"name", "size"}


def test_names_every_fault_with_the_row_of_the_spreadsheet() -> None:
    text = 'name,size,on,at\n"two\nlines",x,2026-02-30,9:30\n,s,2026/6/1,25:00,more\n' + "n" * 21 + ",,,\n"
    sheet = read(text, COLUMNS)
    assert said(sheet) == [
        "Row 2, size: found “x”, expected one of S, L",
        "Row 2, on: found “2026-02-30”, expected a date such as 2026-06-11",
        "Row 3: found “more”, expected no more cells than the first row has",
        "Row 3, name: nothing there, expected a value",
        "Row 3, at: found “25:00”, expected a time such as 09:30",
        f"Row 4, name: found “{'n' * 21}”, expected at most 20 characters",
    ]
    assert sheet.records[0].values["at"] == time(9, 30)
    assert not any(record.sound for record in sheet.records)


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("姓名,大小\n李伟,s\n".encode("gbk"), "The file is not in UTF-8. Save it as “CSV UTF-8”"),
        ("name\nLi\n".encode("utf-16"), "The file is not in UTF-8."),
        ("name\nLi\n".encode("utf-16-le"), "The file is not in UTF-8."),
        (b"name\n" + b"Li\n" * 9000 + b"\xff\n", "The file is not in UTF-8."),
        (b"", "The file is empty."),
        ("\n\n", "The file is empty."),
        (b"PK\x03\x04 and then nothing of the kind", "The XLSX file is damaged."),
        (xlsx(["name"], ["Li"])[:-300], "The XLSX file is damaged."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This is an old or protected Excel file."),
        (Path("/nowhere/at/all.csv"), "The file is not there, or cannot be opened."),
        ("size\ns\n", "Row 1, name: nothing there, expected a column of this name"),
        ("name,name\nLi,Wei\n", "Row 1, name: found “name”, expected each column once"),
        ("hello\nworld\n", "Row 1: found “hello”, expected a first row that names the columns"),
        ('name\nLi\n"Wei\n', "Row 3: found “…”, expected a quotation mark that opens a cell to close it too"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_plain_sentence(source: tables.Source, line: str) -> None:
    (only,) = said(read(source, COLUMNS))
    assert only.startswith(line)


def test_xlsx_that_unpacks_to_far_too_much_is_refused() -> None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed,
        packed.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        for _ in range(101):
            part.write(b" " * 1_000_000)
    assert len(out.getvalue()) < 1_000_000
    (only,) = said(read(out.getvalue(), COLUMNS))
    assert only.startswith("The XLSX file unpacks to far too much.")


def test_reads_what_a_spreadsheet_makes_of_dates_times_and_numbers(tmp_path: Path) -> None:
    path = tmp_path / "people.xlsx"
    path.write_bytes(
        xlsx(
            ["name", "size", "on", "at"],
            [1007, "s", datetime(2026, 6, 11), time(9, 30)],  # noqa: DTZ001
            [None, None, None, None],
            ["👩‍💻 دانا", None, date(2026, 6, 12), "10:00"],
            [7.0, "S", None, None],
        )
    )
    sheet = read(path, COLUMNS)
    assert not sheet.faults
    assert [(r.row, *r.values.values()) for r in sheet.records] == [
        (2, "1007", 1, date(2026, 6, 11), time(9, 30)),
        (4, "👩‍💻 دانا", "", date(2026, 6, 12), time(10)),
        (5, "7", 1, None, None),
    ]


def test_lists_the_first_faults_and_counts_the_rest() -> None:
    lines = said(read("name,size\n" + "Li,x\n" * 53, COLUMNS))
    assert len(lines) == 51
    assert lines[-1] == "… and 3 more"


def test_pasted_lines_need_no_header() -> None:
    names = [column.name for column in COLUMNS]
    for text in ("Li,s\nWei,l\n", "name,size\nLi,s\nWei,l\n"):
        assert [r.values["size"] for r in read(text, COLUMNS, header=names).records] == [1, 2]


def test_cells_that_a_spreadsheet_would_run_are_written_as_text() -> None:
    text = write(["name"], [["=1+1"], ["+49"], ["-5"], ["@SUM(A1)"], ["'=x"], ["O'Neil"], ["'t Hooft"]])
    assert text.splitlines()[1:] == ["'=1+1", "'+49", "'-5", "'@SUM(A1)", "''=x", "O'Neil", "'t Hooft"]
    assert [cells[0] for _, cells in rows(text)][1:] == ["=1+1", "+49", "-5", "@SUM(A1)", "'=x", "O'Neil", "'t Hooft"]


hostile = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=20),
    st.sampled_from(
        ["=cmd()", "'=", "''+", "\t=1", '"', '""', ",", ";", "\r\n", "\n", "a\rb", "\u202eabc", "👍", "שלום"]
    ),
)


@given(st.lists(st.tuples(st.just("x"), hostile, hostile).map(list), max_size=8))
def test_what_is_written_is_read_back(lines: list[list[str]]) -> None:
    text = write(["id", "one", "two"], lines)
    kept = [[cell.replace("\0", "") for cell in line] for line in lines]
    for source in (text, text.encode()):
        assert [cells for _, cells in rows(source)] == [["id", "one", "two"], *kept]
    for line in text.split("\n"):
        assert not line.startswith(("=", "+", "-", "@"))


@given(st.binary(max_size=300))
def test_no_file_whatever_raises(data: bytes) -> None:
    sheet = read(data, COLUMNS)
    assert sheet.records or sheet.faults or sheet.present
    assert all(line for line in said(sheet))
