"""Cards as files: every fault named by row and column, nothing raised, nothing lost on the way out and back."""

import io
import json
import re
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from bot.library.columns import COLUMNS, cell, joined, tidy, values
from bot.library.files import HEADER, Cards, csv_text, json_lines, read_cards
from bot.library.model import Card, State
from bot.tables import fault_lines
from bot.team.model import Role
from prompts import words
from tests.bot.library.conftest import make_card


def said(found: Cards, language: str = "en") -> list[str]:
    return fault_lines(found.faults, words(language))


def lines(*bodies: Any) -> bytes:
    return "\n".join(map(json.dumps, bodies)).encode()


def jsonl(*bodies: Any) -> Cards:
    return read_cards(lines(*bodies), "cards.jsonl")


def xlsx(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    for row_of_cells in book.worksheets[0].iter_rows():
        for one in row_of_cells:
            one.data_type = "s" if isinstance(one.value, str) else one.data_type  # no formulas
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


WHOLE = {
    "id": "price-en",
    "title": "Price is too high",
    "phrasings": ("Too expensive", "It costs a lot"),
    "answer": "Compare it with what?\n\nThen show the cost of waiting.",
    "language": "en",
    "industry": "consumer goods",
    "product": "Suite",
    "stage": "offer",
    "tags": ("price", "value"),
    "owner": "anna",
    "review_by": date(2026, 12, 1),
    "state": State.APPROVED,
    "variants": {"manufacturing": "Count the hours."},
    "points": ("Asks first",),
    "roles": frozenset({Role.REP, Role.MANAGER}),
}
CSV = (
    "id,title,phrasings,answer,language,industry,product,stage,tags,owner,review_by,state,variants,points,roles\n"
    "price-en,Price is too high,Too expensive| |It costs a lot|Too expensive,"
    '"Compare it with what?\n\n\n\nThen show  the cost of waiting.\n",English,FMCG,Suite,offer,price|value,anna,'
    '2026-12-1,Approved,"## 制造业\nCount the hours.",Asks first,rep|Manager\n'
)
PAGE = """---
id: price-en
title: "Price is too high"
phrasings:
  - Too expensive
  - It costs a lot
language: en
industry: fmcg
product: Suite
stage: offer
tags: [price, value]
owner: anna
review_by: 2026-12-01
points:
  - Asks first
roles: [rep, manager]
---
Compare it with what?

Then show the cost of waiting.

## Manufacturing
Count the hours.
"""


def written(tmp_path: Path, name: str, data: str | bytes) -> Path:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_the_same_card_in_four_kinds_of_file(tmp_path: Path) -> None:
    body = {name: value for name, value in WHOLE.items() if name not in ("review_by", "roles", "state")}
    body |= {"review_by": "2026-12-01", "roles": ["rep", "manager"], "state": "approved"}
    row = [cell(values(make_card("x"))[name]) for name in HEADER]
    assert len(row) == len(COLUMNS)
    table = [part for _, part in zip(range(2), _rows(CSV), strict=False)]
    for source in (
        written(tmp_path, "cards.csv", CSV),
        written(tmp_path, "bom.csv", "\ufeff" + CSV.replace(",anna,", ",anna,")),
        written(tmp_path, "cards.xlsx", xlsx(*table)),
        written(tmp_path, "cards.jsonl", lines(body)),
        written(tmp_path, "one/price.md", PAGE).parent,
        written(tmp_path, "bom.md", "\ufeff" + PAGE.replace("\n", "\r\n")),
    ):
        found = read_cards(source)
        assert said(found) == [], source
        (entry,) = found.entries
        assert {"state": State.APPROVED} | dict(entry.values) == WHOLE, source


def _rows(text: str) -> list[list[object]]:
    import csv

    return [list(row) for row in csv.reader(io.StringIO(text))]


def test_only_the_columns_of_the_file_are_taken() -> None:
    for found in (
        read_cards("id,title,answer\na,A,Say so.\n"),
        jsonl({"id": "a", "title": "A", "answer": "Say so."}),
    ):
        assert found.entries[0].values == {"id": "a", "title": "A", "answer": "Say so."}
    emptied = jsonl({"id": "a", "title": "A", "answer": "Say so.", "tags": [], "industry": None, "state": ""})
    assert emptied.entries[0].values == {name: GOOD.get(name, "") for name in ("id", "title", "answer", "industry")} | {
        "tags": (),
        "state": State.APPROVED,
    }


@pytest.mark.parametrize("empty", [[], ["", "  "], "", None, "| |"])
def test_empty_phrasings_are_none(empty: object) -> None:
    found = jsonl({"id": "a", "title": "A", "answer": "Say so.", "phrasings": empty})
    assert (found.faults, found.entries[0].values["phrasings"]) == ([], ())


GOOD = {"id": "a", "title": "A", "answer": "Say so."}


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ([GOOD], 'Row 2: found “[{"id": "a", "title": "A", "answer": "Say so."}]”, expected a JSON object'),
        ("a", 'Row 2: found “"a"”, expected a JSON object'),
        ({}, "Row 2, id: nothing there, expected a value"),
        (GOOD | {"id": "a b"}, "Row 2, id: found “a b”, expected an id without spaces, such as price-en"),
        (GOOD | {"id": "a" * 81}, f"Row 2, id: found “{'a' * 79}…”, expected at most 80 characters"),
        (GOOD | {"id": True}, "Row 2, id: found “True”, expected a text"),
        (GOOD | {"title": ["A"]}, "Row 2, title: found “[…]”, expected a text"),
        (GOOD | {"answer": " \n "}, "Row 2, answer: nothing there, expected a value"),
        (
            GOOD | {"answer": "\ud83d"},
            "Row 2, answer: found “?”, expected whole characters; one of them is cut in half",
        ),
        (GOOD | {"phrasings": {"a": 1}}, "Row 2, phrasings: found “{…}”, expected a text"),
        (GOOD | {"phrasings": [["a"]]}, "Row 2, phrasings: found “[…]”, expected a text"),
        (GOOD | {"phrasings": ["x" * 501]}, "Row 2, phrasings: found “[…]”, expected at most 500 characters each, "),
        (GOOD | {"phrasings": [f"{i}" for i in range(501)]}, "Row 2, phrasings: found “[…]”, expected at most 500 of"),
        (GOOD | {"language": "de"}, "Row 2, language: found “de”, expected one of en, zh"),
        (GOOD | {"state": "live"}, "Row 2, state: found “live”, expected one of draft, approved, retired"),
        (
            GOOD | {"review_by": "2026-02-30"},
            "Row 2, review_by: found “2026-02-30”, expected a date such as 2026-06-11",
        ),
        (GOOD | {"roles": ["boss"]}, "Row 2, roles: found “[…]”, expected roles divided by |: rep, manager, support, "),
        (
            GOOD | {"variants": {"": "x"}},
            "Row 2, variants: found “{…}”, expected a line such as “## manufacturing” above",
        ),
        (GOOD | {"variants": "no heading"}, "Row 2, variants: found “no heading”, expected a line such as"),
        (GOOD | {"variants": {"x": ["y"]}}, "Row 2, variants: found “{…}”, expected a text"),
    ],
)
def test_a_fault_in_json_lines_is_one_sentence(body: object, sentence: str) -> None:
    found = read_cards(lines(GOOD | {"id": "first"}, body), "cards.jsonl")
    assert said(found)[0].startswith(sentence)
    (chinese, *_more) = said(found, "zh")
    assert chinese.startswith("第 2 行")


@pytest.mark.parametrize(
    ("data", "sentences"),
    [
        (b'{"id": "a",', ['Row 1: found “{"id": "a",”, expected a JSON object']),
        (b'{"id":1,"id":2}', ['Row 1: found “{"id":1,"id":2}”, expected each column once']),
        (b"[" * 100_000, [f"Row 1: found “{'[' * 79}…”, expected a JSON object"]),
        (b'{"id":' + b"9" * 5_000 + b"}", [f'Row 1: found “{{"id":{"9" * 73}…”, expected a JSON object']),
        (b"", ["The file is empty. Each of its lines is a card."]),
        (b" \n\n", ["The file is empty. Each of its lines is a card."]),
        (lines(GOOD).decode().encode("utf-16"), ["The file is not in UTF-8. Save it in UTF-8."]),
        (lines(GOOD).decode().encode("utf-16-be"), ["The file is not in UTF-8. Save it in UTF-8."]),
        ('{"title": "太贵"}'.encode("gbk"), ['Row 1: found “{"title": "̫\ufffd\ufffd"}”, expected a line in UTF-8']),
        (
            b"\n".join([*(lines(GOOD | {"id": f"c{i}"}) for i in range(6)), b'{"id": "\xff"}']),
            ['Row 7: found “{"id": "\ufffd"}”, expected a line in UTF-8'],
        ),
    ],
)
def test_broken_json_lines(data: bytes, sentences: list[str]) -> None:
    assert said(read_cards(data, "cards.jsonl")) == sentences


@pytest.mark.parametrize(
    ("source", "sentences"),
    [
        ("id,title\na,A\n", ["Row 1, answer: nothing there, expected a column of this name"]),
        ("title,answer\nA,B\nC,D\n", ["Row 1, id: nothing there, expected a column of this name"]),
        ("id,title,answer\n太,贵,了\n".encode("gbk"), ["The file is not in UTF-8. Save it as “CSV UTF-8” or XLSX"]),
        ("id,title,answer\na,A,B\n".encode("utf-16"), ["The file is not in UTF-8. Save it as “CSV UTF-8” or XLSX"]),
        (b"id,title,answer\n" + b"a,A,B\n" * 5 + b"\xff,A,B\n", ["The file is not in UTF-8."]),
        (b"PK\x03\x04nothing", ["The XLSX file is damaged."]),
        (Path("/nowhere/cards.csv"), ["The file is not there, or cannot be opened."]),
        (Path("/nowhere/cards.jsonl"), ["The file is not there, or cannot be opened."]),
        (Path("/nowhere/card.md"), ["Row 1, card.md: nothing there, expected a file that can be opened"]),
        (
            'id,title,answer,variants,state\na b,,"x\ny",some\n,A,B,,gone\n',
            [
                "Row 2, id: found “a b”, expected an id without spaces, such as price-en",
                "Row 2, title: nothing there, expected a value",
                "Row 2, variants: found “some”, expected a line such as “## manufacturing” above each talk track",
                "Row 3, id: nothing there, expected a value",
                "Row 3, state: found “gone”, expected one of draft, approved, retired",
            ],
        ),
        (
            "id,title,answer,state\na,A,B,\na,C,D,gone\n",
            [
                "Row 3, state: found “gone”, expected one of draft, approved, retired",
                "Row 3, id: found “a”, expected an id of its own; row 2 has this one already",
            ],
        ),
    ],
)
def test_every_fault_of_a_table(source: Any, sentences: list[str]) -> None:
    found = said(read_cards(source))
    assert len(found) == len(sentences)
    for one, start in zip(found, sentences, strict=True):
        assert one.startswith(start)


def test_one_id_twice_in_json_lines() -> None:
    found = jsonl(GOOD, GOOD | {"id": "b"}, GOOD | {"title": "Again"})
    assert said(found) == ["Row 3, id: found “a”, expected an id of its own; row 1 has this one already"]


def test_one_id_in_two_markdown_files(tmp_path: Path) -> None:
    written(tmp_path, "en/a.md", PAGE)
    written(tmp_path, "zh/b.md", "---\ntitle: B\nid: price-en\n---\nSay so.\n")
    found = read_cards(tmp_path)
    assert said(found) == [
        "Row 3, zh/b.md, id: found “price-en”, expected an id of its own; en/a.md has this one already"
    ]


BOMB = "\n".join([f"a0: &a0 {'x' * 100}", *(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 40))])


@pytest.mark.parametrize(
    ("page", "sentence"),
    [
        ("Only text.", "Row 1, c.md: found “Only text.”, expected front matter between two lines of ---"),
        ("", "Row 1, c.md: nothing there, expected front matter"),
        ("---\nid: a\nno end", "Row 1, c.md: found “---”, expected front matter"),
        ("---\n---\nText", "Row 1, c.md: nothing there, expected front matter"),
        ("---\n- a\n- b\n---\nText", "Row 1, c.md: found “- a”, expected front matter"),
        ("---\nid: a\ntitle: [A\n---\nText", "Row 4, c.md: nothing there, expected front matter"),
        ("---\nid: a\ntitle: 'A\n---\nText", "Row 4, c.md: nothing there, expected front matter"),
        ("---\nid: a\n\ttitle: A\n---\nText", "Row 3, c.md: found “title: A”, expected front matter"),
        ("---\nid: a\nid: b\ntitle: A\n---\nText", "Row 3, c.md: found “id”, expected each column once"),
        ("---\n&a [*a,*a]\n---\nText", "Row 1, c.md: found “&a [*a,*a]”, expected front matter"),
        ("---\nid: a\ntitle: A\ntags: &a [*a,*a]\n---\nText", "Row 4, c.md: found “*”, expected plain values"),
        (f"---\n{BOMB}\nid: a\n---\nText", "Row 3, c.md: found “*”, expected plain values"),
        ("---\nid: &a x\ntitle: *a\n---\nText", "Row 3, c.md: found “*”, expected plain values, without YAML's"),
        (
            "---\nid: a\ntitle: !!python/object/apply:os.system ['touch /tmp/library-was-here']\n---\nText",
            "Row 3, c.md: found “!python/object/apply:os.system”, expected plain values, without YAML's",
        ),
        ("---\nid: !!int 5\ntitle: A\n---\nText", "Row 2, c.md: found “!int”, expected plain values"),
        ("---\nid: a\ntitle: " + "[" * 20_000 + "\n---\nText", "Row 3, c.md: found “title: [[[["),
        ("---\nid: a\0\ntitle: A\n---\nText", "Row 1, c.md: nothing there, expected front matter"),
        ("---\n? [a]\n: b\n---\nText", "Row 2, c.md: nothing there, expected front matter"),
        ("---\nid: a\ntitle: A\n---\n", "Row 5, c.md, answer: nothing there, expected a value"),
        ("---\nid: a\ntitle: A\nreview_by: 2026-02-30\n---\nText", "Row 4, c.md, review_by: found “2026-02-30”, "),
        ("---\nid: a\ntitle: A\nroles: [boss]\n---\nText", "Row 4, c.md, roles: found “[…]”, expected roles divided"),
        (b"---\nid: a\ntitle: \xb0\xb2\n---\nText", "Row 3, c.md: found “…”, expected a file in UTF-8"),
        ("---\nid: a\n---\n".encode("utf-16"), "Row 1, c.md: found “…”, expected a file in UTF-8"),
        (b"---\n" + b"x" * 1_000_001, "Row 1, c.md: nothing there, expected a card of at most a megabyte"),
    ],
)
def test_a_fault_in_markdown_is_one_sentence(tmp_path: Path, page: str | bytes, sentence: str) -> None:
    began = time.process_time()
    data = page.encode() if isinstance(page, str) else page
    written(tmp_path, "c.md", data)
    for found in (read_cards(tmp_path), read_cards(data, "c.md"), read_cards(tmp_path / "c.md")):
        assert said(found)[0].startswith(sentence)
        assert all("\n" not in line for line in said(found) + said(found, "zh"))
    assert not Path("/tmp/library-was-here").exists()
    assert time.process_time() - began < 5


def test_an_alias_that_repeats_much_is_not_followed(tmp_path: Path) -> None:
    page = f"---\nid: a\ntitle: &a {'x' * 400_000}\nphrasings: [{', '.join(['*a'] * 50_000)}]\n---\nText"
    (line,) = said(read_cards(written(tmp_path, "c.md", page)))
    assert line == "Row 4, c.md: found “*”, expected plain values, without YAML's tags and aliases"


def test_what_markdown_says_is_text_whatever_it_looks_like(tmp_path: Path) -> None:
    head = "id: 007\ntitle: yes\ntags: [1.50, null, 2026-06-11]\nindustry:\nproduct: ~\nextra: 1"
    found = read_cards(written(tmp_path, "c.md", f"---\n{head}\n---\nSay so.\n\n---\n\\## no"))
    assert said(found) == []
    (entry,) = found.entries
    assert entry.values == {
        "id": "007",
        "title": "yes",
        "tags": ("1.50", "2026-06-11"),
        "industry": "",
        "product": "",
        "answer": "Say so.\n\n---\n## no",
        "variants": {},
    }
    assert found.unknown == ("extra",)


def test_a_folder_without_cards(tmp_path: Path) -> None:
    assert said(read_cards(tmp_path)) == ["The folder holds no .md file. Each of them is a card."]


@pytest.mark.parametrize("letter", ["x", "价"])
def test_cards_of_ten_megabytes_are_refused_quickly(tmp_path: Path, letter: str) -> None:
    much = letter * (10_000_000 // len(letter.encode()))
    began = time.process_time()
    for found in (
        jsonl(GOOD | {"answer": much}),
        jsonl(GOOD | {"phrasings": [much]}),
        jsonl(GOOD | {"phrasings": [letter] * 3_000_000}),
        jsonl(GOOD | {"variants": {"software": much}}),
        jsonl(GOOD | {much: "x", "title": ""}),
        read_cards(f"id,title,answer\na,A,{much}\n"),
        read_cards(written(tmp_path, "c.md", f"---\nid: a\ntitle: A\n---\n{much}")),
    ):
        assert len(said(found)) == 1
        assert len(said(found)[0]) < 250
        assert all(len(name) <= 200 for name in found.unknown)
    assert time.process_time() - began < 30


def test_unknown_columns_are_named_once() -> None:
    found = jsonl(GOOD | {"colour": 1, "": 2}, GOOD | {"id": "b", "colour": 3, "na\nme\ud800": 4})
    assert (found.unknown, found.faults) == (("colour", "na me?"), [])


# out and back

ODD = (
    *(
        "=cmd()",
        "+49",
        "-5",
        "@SUM(A1)",
        "'=x",
        "a|b",
        "\\",
        "a\\|",
        "\\\\|b",
        "|",
        '"',
        ",",
        ";",
        "\x09",
    ),
    *(
        "\x00",
        "e\x00́",
        "## x",
        "\\## x",
        "## ",
        "#",
        "---",
        "ǅ",
        "ẞ",
        "ﬁ",
        "İ",
        "ẛ̣",
        "\u202eabc",
        "👩\u200d💻",
    ),
    *("价格", "a \x01 b", "\u2028", "~", "null"),
)
texts = st.text(st.characters(codec="utf-8"), max_size=30) | st.sampled_from(ODD)
many_lines = st.lists(texts, max_size=6).map("\n".join)
lists = st.lists(texts, max_size=4).map(tuple)
cards = st.builds(
    lambda **fields: make_card("c-1", **fields),
    title=texts,
    answer=many_lines,
    phrasings=lists,
    language=st.sampled_from(["en", "zh", ""]),
    industry=texts,
    product=texts,
    stage=texts,
    tags=lists,
    owner=texts,
    review_by=st.none() | st.dates(min_value=date(1000, 1, 1)),
    state=st.sampled_from(list(State)),
    variants=st.dictionaries(texts, many_lines, max_size=3),
    points=lists,
    roles=st.frozensets(st.sampled_from(list(Role))),
)


@given(st.lists(st.text("a|\\", max_size=4).filter(bool), max_size=4))
def test_several_texts_in_one_cell_come_apart_again(parts: list[str]) -> None:
    found = read_cards(csv_text([make_card("a", points=tuple(parts))]))
    assert found.entries[0].values["points"] == tuple(dict.fromkeys(parts))
    assert re.fullmatch(r"[a|\\]*", joined(parts))


@given(cards)
def test_what_is_written_is_read_back(raw: Card) -> None:
    one = tidy(raw)
    assert tidy(one) == one
    if not one.title or not one.answer:
        return
    said_by_card = {name: getattr(one, "key" if name == "id" else name) for name in HEADER}
    for found in (
        read_cards(csv_text([one])),
        read_cards(csv_text([one]).encode(), "cards.csv"),
        read_cards("\n".join(json_lines([one])).encode(), "cards.jsonl"),
    ):
        assert said(found) == []
        assert found.entries[0].values == said_by_card


@given(st.one_of(st.binary(max_size=300), st.text(max_size=200).map(lambda text: ("---\n" + text).encode())))
def test_no_file_whatever_raises(data: bytes) -> None:
    for name in ("c.csv", "c.jsonl", "c.md", "c"):
        found = read_cards(data, name)
        assert all(line and "\n" not in line for line in said(found))


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*HEADER, "other"]), json_values))
def test_no_object_whatever_raises(body: dict[str, Any]) -> None:
    found = read_cards(json.dumps(body).encode(), "c.jsonl")
    assert all(line and "\n" not in line for line in said(found))
    assert found.entries or found.faults
