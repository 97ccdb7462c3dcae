"""`paceline import crm` and `paceline export crm` as scripts rely on them."""

import json
from argparse import Namespace
from pathlib import Path

import pytest

from bot.cli import crm as cli
from bot.crm.columns import KINDS
from bot.errors import BotError
from tests.bot.crm.conftest import FILES


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACELINE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PACELINE_DB_URL", raising=False)
    folder = tmp_path / "crm"
    folder.mkdir()
    for kind, text in FILES.items():
        (folder / f"{kind}.csv").write_text(text, encoding="utf-8")


def asked(**options: object) -> Namespace:
    return Namespace(
        **({"file": None, "out": None, "json": False, "dry_run": False, "sql": None, "mapping": None} | options)
    )


def test_in_and_out_and_in_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.take(asked(file=tmp_path / "crm")) == 0
    said = capsys.readouterr()
    assert "deals: 3 added, 0 changed, 0 unchanged" in said.out
    assert "owners who are not on the roster: “anna” in 2 rows, first in row 3; “li” in row 2" in said.err
    assert cli.give(asked(out=tmp_path / "out")) == 0
    assert capsys.readouterr().out.count("\n") == len(KINDS)
    assert cli.give(asked()) == 0
    deals = capsys.readouterr().out
    assert deals == (tmp_path / "out" / "deals.csv").read_bytes().decode()
    assert cli.take(asked(file=tmp_path / "out", json=True)) == 0
    done = json.loads(capsys.readouterr().out)
    assert (done["added"], done["changed"], done["unchanged"], done["dry_run"]) == (0, 0, 18, False)
    assert done["kinds"]["deals"] == {"added": 0, "changed": 0, "unchanged": 3, "twice": 0}
    first = {"found": "anna", "rows": 1, "row": 3, "meant": ""}
    assert {name: value for name, value in done["warnings"][0].items() if name != "examples"} == {
        "what": "unknown_owner",
        "file": "accounts.csv",
        "column": "owner",
        "rows": 2,
        "names": 2,
    }
    assert first in done["warnings"][0]["examples"]


def test_a_dry_run_keeps_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.take(asked(file=tmp_path / "crm", dry_run=True)) == 0
    assert "deals: 3 would be added, 0 would be changed, 0 unchanged" in capsys.readouterr().out
    cli.give(asked())
    assert capsys.readouterr().out.count("\n") == 1


def test_faults_stand_on_stderr_and_nothing_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "crm" / "moves.csv").write_text("deal,to_stage,at\nD1,Demo,soon\nD1,,never\n")
    with pytest.raises(BotError, match="3 faults; nothing was imported"):
        cli.take(asked(file=tmp_path / "crm", json=True))
    said = capsys.readouterr()
    assert said.out == ""
    assert "moves.csv: Row 2, at: found “soon”, expected a time such as" in said.err
    cli.give(asked())
    assert capsys.readouterr().out.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "why"), [({}, "Name the folder"), ({"file": Path("no/where")}, "There is no folder")]
)
def test_what_cannot_be_done_is_said_in_one_line(options: dict[str, object], why: str) -> None:
    with pytest.raises(BotError, match=why):
        cli.take(asked(**options))


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BotError, match="Cannot write to"):
        cli.give(asked(out=tmp_path / "file"))
    with pytest.raises(BotError, match="as CSV"):
        cli.give(asked(json=True))


def test_progress_is_shown_where_there_is_enough_to_wait_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr(cli.time, "monotonic", lambda: now)
    show = cli.Progress()
    for now in (1.0, 2.5, 2.6, 3.0):
        show("touches.csv", int(now * 1000), 0 if now < 3 else 9000)
    show.end()
    assert capsys.readouterr().err == "\rtouches.csv: 2,500\rtouches.csv: 3,000 of 9,000\n"
