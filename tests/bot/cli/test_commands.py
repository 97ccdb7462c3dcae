"""The command line as scripts rely on it: exit codes, one line on stderr, JSON on stdout and nothing else."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.db import Database
from bot.minutes import offline
from bot.minutes.calls import service as calls
from bot.minutes.calls import store
from bot.minutes.calls.model import State
from bot.team import service as team

ROSTER = (
    "person,name,team,role,timezone,calendar\n"
    "anna,Anna Berg,East,rep,Europe/Berlin,DE\n"
    "lin,林晓,East,rep,Asia/Shanghai,CN\n"
    "ada,Ada Obi,Office,admin,Europe/Berlin,\n"
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PACELINE_HOME", str(tmp_path / "home"))
    for name in ("PACELINE_DB_URL", "PACELINE_SLACK_BOT_TOKEN", "PACELINE_TELEGRAM_BOT_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PACELINE_PORT", "8177")
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    return tmp_path


Said = tuple[int, str, str]


@pytest.fixture
def paceline(home: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    def run(*argv: str) -> Said:
        code = main(argv)
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_a_roster_goes_in_and_comes_out_the_same(home: Path, paceline: Callable[..., Said]) -> None:
    code, out, _err = paceline("import", "roster", str(home / "roster.csv"), "--dry-run")
    assert code == 0
    assert "3" in out
    assert paceline("export", "roster")[1].count("\n") == 1
    assert paceline("import", "roster", str(home / "roster.csv"))[0] == 0
    _code, exported, _err = paceline("export", "roster")
    (home / "again.csv").write_text(exported, encoding="utf-8")
    done = json.loads(paceline("import", "roster", str(home / "again.csv"), "--json")[1])
    assert (done["added"], done["changed"], done["unchanged"]) == (0, 0, 3)


def test_faults_are_listed_and_nothing_is_kept(home: Path, paceline: Callable[..., Said]) -> None:
    bad = home / "bad.csv"
    bad.write_text(ROSTER + "anna,Again,East,rep,Mars/Base,DE\n", encoding="utf-8")
    code, out, err = paceline("import", "roster", str(bad))
    assert code == 1
    assert "Mars/Base" in out + err
    assert "timezone" in out + err
    assert paceline("export", "roster")[1].count("\n") == 1


def test_preview_needs_no_database(home: Path, paceline: Callable[..., Said]) -> None:
    dates = ("--from", "2026-02-14", "--to", "2026-02-14", "--at", "09:30", "--window", "10")
    code, out, _err = paceline("standup", "preview", "--roster", str(home / "roster.csv"), *dates)
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert {
        "person": "lin",
        "team": "East",
        "date": "2026-02-14",
        "kind": "prompt",
        "at": "2026-02-14T01:30:00Z",
    } in rows
    assert {
        "person": "anna",
        "team": "East",
        "date": "2026-02-14",
        "kind": "skip",
        "why": "weekend",
        "detail": "",
    } in rows


def test_why_and_login(home: Path, paceline: Callable[..., Said]) -> None:
    paceline("import", "roster", str(home / "roster.csv"))
    code, out, _err = paceline("standup", "why", "anna", "2026-06-13")
    assert code == 0
    assert "not a working day" in out
    code, out, _err = paceline("login", "anna")
    assert code == 0
    assert "http://127.0.0.1:8177/in/" in out


@pytest.mark.parametrize(
    ("argv", "code", "says"),
    [
        (("login", "nobody"), 1, "nobody"),
        (("import", "roster", "absent.csv"), 1, "absent.csv"),
        (("standup", "why", "nobody", "2026-06-13"), 1, "nobody"),
    ],
)
def test_what_cannot_be_done_is_one_plain_line(
    paceline: Callable[..., Said], argv: tuple[str, ...], code: int, says: str
) -> None:
    found, out, err = paceline(*argv)
    assert (found, out) == (code, "")
    assert says in err
    assert err.startswith("paceline: ")
    assert len(err.splitlines()) == 1


def test_wrong_usage_is_two(paceline: Callable[..., Said]) -> None:
    assert paceline()[0] == 2
    with pytest.raises(SystemExit) as left:
        paceline("standup", "preview")
    assert left.value.code == 2


def test_doctor_in_json_and_its_exit_code(home: Path, paceline: Callable[..., Said]) -> None:
    code, out, err = paceline("doctor", "--json")
    found = json.loads(out)["findings"]
    assert code == 1
    assert "1 to mend" in err
    assert {"what": "roster", "state": "fault"}.items() <= found[1].items()
    paceline("import", "roster", str(home / "roster.csv"))
    assert paceline("doctor")[0] == 0


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PACELINE_SLACK_BOT_TOKEN", "xoxb-1", "PACELINE_SLACK_APP_TOKEN"),
        ("PACELINE_SLACK_APP_TOKEN", "xapp-1", "PACELINE_SLACK_BOT_TOKEN"),
        ("PACELINE_TELEGRAM_WEBHOOK_SECRET", "x", ""),
        ("PACELINE_TIMEZONE", "Mars", "Asia/Shanghai"),
        ("PACELINE_TELEGRAM_API_URL", "ftp://x", ""),
    ],
)
def test_settings_that_cannot_be_are_named(
    monkeypatch: pytest.MonkeyPatch, paceline: Callable[..., Said], name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(name, value)
    code, _out, err = paceline("migrate")
    assert code == (1 if says else 0)
    assert says in err


def test_minutes_are_exported_in_the_form_of_minutes_and_that_is_noted(
    home: Path, paceline: Callable[..., Said]
) -> None:
    assert paceline("import", "roster", str(home / "roster.csv"))[0] == 0
    db, now = Database(f"sqlite:///{home / 'home' / 'paceline.db'}"), datetime(2026, 6, 11, 9, tzinfo=UTC)
    text = "Date: {}\n\nAnna Berg: I will send you the volume quote by Friday.\nMaria Rossi: Good, thank you.\n"
    with db.begin() as writing:
        anna = team.find_person(writing, 1, "anna")
        assert anna
        for n, day in enumerate(("2026-06-11", "2026-06-10", "2026-06-01")):
            one = calls.take(writing, anna, text.format(day).encode(), "call.txt", now, key=f"k{n}")
            said = calls.transcript(writing, one)
            one = calls.found(writing, one, offline.minutes(said, one.on, ["Anna Berg"]), now)
            if n:
                store.save(writing, one, state=State.POSTED)
    code, out, err = paceline("export", "minutes", "--from", "2026-06-02")
    assert (code, err) == (0, "")
    (told,) = [json.loads(line) for line in out.splitlines()]
    (home / "call.txt").write_text(text.format("2026-06-10"), encoding="utf-8")
    again = json.loads(paceline("minutes", str(home / "call.txt"), "--roster", str(home / "roster.csv"))[1])
    assert {key: told[key] for key in again} == again
    assert (told["call"], told["sent_by"]) == (2, "anna")
    assert [json.loads(line)["date"] for line in paceline("export", "minutes")[1].splitlines()] == [
        "2026-06-01",
        "2026-06-10",
    ]
    with db.read() as look:
        found = store.by_id(look, 1, 2)
        assert found
        assert [(row.person_id, row.how) for row in store.readers(look, found)] == [(store.OPERATOR, "export")] * 2
    db.close()
