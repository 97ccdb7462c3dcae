"""`paceline alerts` from the files of a CRM on, as scripts rely on it."""

import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.__main__ import main

FIRST = date(2025, 1, 6)  # the Monday of W02
KEYS = ["measure", "stage", "segment", "period", "n", "k", "rate", "usual", "deviation", "p"]
KEYS += ["cusum_down", "cusum_up", "state"]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACELINE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("PACELINE_DB_URL", raising=False)
    monkeypatch.delenv("PACELINE_TIMEZONE", raising=False)


def folder(path: Path, weeks: int, *, listed: bool = True, halved: int = 1000) -> Path:
    """Thirty deals a week enter Lead and are decided about the week after: a half advances, a quarter since `halved`,
    and of these half are won three weeks later."""
    random, deals, moves = Random(5), ["deal,owner,product_line,stage,status,created"], ["deal,from_stage,to_stage,at"]
    for week in range(weeks):
        for n in range(30):
            key, day = f"D{week}-{n}", FIRST + timedelta(days=7 * week + n % 7)
            deals.append(f"{key},li,{'Cloud' if n % 3 else 'Data'},Lead,open,{day}")
            moves.append(f"{key},,Lead,{day}")
            on = random.random() < (0.25 if week + 1 >= halved else 0.5)
            moves.append(f"{key},Lead,{'Demo' if on else 'lost'},{day + timedelta(days=7)}")
            if on:
                moves.append(f"{key},Demo,{random.choice(('won', 'lost'))},{day + timedelta(days=28)}")
    path.mkdir()
    (path / "deals.csv").write_text("\n".join(deals), encoding="utf-8")
    (path / "moves.csv").write_text("\n".join(moves), encoding="utf-8")
    if listed:
        (path / "stages.csv").write_text("stage,position\nLead,1\nDemo,2\n", encoding="utf-8")
    return path


def told(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert main(["alerts", *words, "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("listed", [True, False])
def test_a_halved_conversion_is_found_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], listed: bool
) -> None:
    assert main(["import", "crm", str(folder(tmp_path / "crm", 45, listed=listed, halved=36))]) == 0
    rows = told(capsys, "backtest", "--from", "2025-07-07", "--to", "2025-11-23")
    assert all(list(row) == KEYS for row in rows)
    lead = [row for row in rows if row["stage"] == "Lead" and row["segment"] is None]
    assert [row["period"] for row in lead] == [f"2025-W{n}" for n in range(28, 48)]
    assert {row["n"] for row in lead} == {30}
    assert all(row["k"] / row["n"] == row["rate"] for row in lead)
    alerts = [row["period"] for row in lead if row["state"] == "alert"]
    assert "2025-W38" <= alerts[0] <= "2025-W40"
    assert alerts[0] == min(row["period"] for row in rows if row["state"] == "alert")
    worst = next(row for row in lead if row["state"] == "alert")
    assert worst["deviation"] == pytest.approx(worst["rate"] / worst["usual"] - 1)
    assert worst["deviation"] < -0.15
    assert {row["segment"] for row in rows} == {None, "owner=li", "product_line=Cloud", "product_line=Data"}
    assert {row["measure"] for row in rows} == {"conversion"}
    assert {row["stage"] for row in rows} == {"Lead", "Demo"}


def test_only_the_weeks_asked_for_are_told_and_all_before_are_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["import", "crm", str(folder(tmp_path / "crm", 30))])
    one = told(capsys, "backtest", "--from", "2025-07-02", "--to", "2025-07-02")  # a Wednesday: its week
    assert {row["period"] for row in one} == {"2025-W27"}
    assert one == [row for row in told(capsys, "backtest", "--from", "2025-01-01", "--to", "2025-08-31") if row in one]
    assert one[0]["usual"] == pytest.approx(0.5, abs=0.07)
    assert told(capsys, "backtest", "--from", "2024-01-01", "--to", "2024-12-31") == []
    assert told(capsys, "run", "--as-of", "2025-07-06") == one  # its Sunday
    assert {row["period"] for row in told(capsys, "run", "--as-of", "2025-07-05")} == {"2025-W26"}
    assert {row["state"] for row in told(capsys, "run")} == {"no_data"}  # long after the last move


def test_a_backtest_into_days_to_come_takes_the_files_at_their_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ahead = (datetime.now(UTC).date() - FIRST).days // 7 + 10
    main(["import", "crm", str(folder(tmp_path / "crm", ahead))])
    last = FIRST + timedelta(days=7 * ahead - 1)
    rows = [row for row in told(capsys, "backtest", "--from", str(FIRST), "--to", str(last)) if row["segment"] is None]
    assert {row["n"] for row in rows if row["stage"] == "Lead"} == {30}
    assert "stale" not in {row["state"] for row in rows}


def test_for_people_it_is_a_short_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["import", "crm", str(folder(tmp_path / "crm", 45, halved=36))])
    capsys.readouterr()
    assert main(["alerts", "backtest", "--from", "2025-03-10", "--to", "2025-11-23"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith("2025-W")
    assert ", usually " in out[0]
    assert any(line.startswith("Lead ") and "alerts a year, the bare 15% rule" in line for line in out)
    assert any(line.startswith("Demo, by product_line") for line in out)
    assert main(["alerts", "run", "--as-of", "2025-11-23"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "2025-W47, the last closed week"
    assert out[1].split()[:2] == ["Lead", "alert"]


def test_what_cannot_be_answered_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["alerts", "backtest", "--from", "2025-02-01", "--to", "2025-01-01"]) == 1
    assert "--to is before --from" in capsys.readouterr().err
    assert main(["alerts", "backtest", "--from", "2025-01-01", "--to", "2025-02-01"]) == 0
    assert capsys.readouterr().out == "No deal left a stage in a closed week of that time.\n"
    assert main(["alerts", "run"]) == 0
    assert "No deal had left a stage" in capsys.readouterr().out


def test_as_a_program_it_writes_lines_of_json_alone(tmp_path: Path) -> None:
    here = [sys.executable, "-m", "bot"]
    subprocess.run([*here, "import", "crm", str(folder(tmp_path / "crm", 12))], check=True, capture_output=True)
    asked = [*here, "alerts", "backtest", "--from", "2025-01-01", "--to", "2025-06-30", "--json"]
    done = subprocess.run(asked, check=True, capture_output=True, text=True)
    assert done.stderr == ""
    assert all(list(json.loads(line)) == KEYS for line in done.stdout.splitlines())
    assert done.stdout.count("\n") > 50
