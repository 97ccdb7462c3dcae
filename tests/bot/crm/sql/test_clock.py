"""The CRM's database by the clock: asked when it is time, its failures told once, seen by `doctor`."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from bot.app import App
from bot.cli.doctor import sources
from bot.crm.store import sources as heard
from bot.settings import SqlSettings
from bot.work import Steps
from jobs import crm
from tests.bot.crm.sql.test_sql import MAPPING, TABLES, change
from tests.conftest import Office


class OneStep:
    """Does each step at once."""

    def do(self, label: str, function: Callable[..., Any], *args: Any) -> Any:
        return function(*args)


def connected(app: App, home: Path) -> App:
    (home / "crm.db").touch()
    change(f"sqlite:///{home / 'crm.db'}", TABLES)
    (home / "crm.yaml").write_text(MAPPING, encoding="utf-8")
    sql = SqlSettings(f"sqlite:///{home / 'crm.db'}", home / "crm.yaml", 60)
    return replace(app, settings=replace(app.settings, sql=sql))


def states(app: App) -> list[str]:
    with app.db.read() as db:
        return [f"{one.state} {one.detail}" for one in sources(db, app.settings, app.now())]


def test_failures_are_told_once_a_streak_and_doctor_knows(office: Office, tmp_path: Path) -> None:
    office.hire("person,name,team,role,timezone\nada,Ada Obi,Office,admin,UTC\nli,Li Wei,East,rep,Asia/Shanghai\n")
    app = connected(office.app, tmp_path)
    steps = cast(Steps, OneStep())
    assert states(app) == ["warning its database was not asked yet"]
    crm.pull(app)
    crm.ask(app, steps)
    with app.db.read() as db:
        assert {(one["source"], one["kind"]) for one in heard(db, 1)} >= {("sql", "deals"), ("sql", "stages")}
    assert states(app) == ["ok sql last heard 2026-06-11 00:00 UTC"]
    app.settings.sql.mapping.write_text("deals: [")  # type: ignore[union-attr]
    for _ in range(3):
        office.clock.forward(seconds=3600)
        crm.pull(app)
        crm.ask(app, steps)
    said = office.heard("bot:ada", "crm-source:")
    assert len(said) == 1
    assert "line 1: It is no YAML" in said[0]
    assert "those of Thu 11 Jun, 00:00" in said[0].replace("\\", "")
    assert any("3 failed since 2026-06-11 01:00 UTC" in one for one in states(app))
    app.settings.sql.mapping.write_text(MAPPING)  # type: ignore[union-attr]
    crm.ask(app, steps)
    office.clock.forward(seconds=8 * 86400)
    stale = [one for one in states(app) if one.startswith("warning")]
    assert stale == [
        "warning stale, no source has told them for a while: accounts (8 days), deals (8 days)",
        "warning its database was not asked since 2026-06-11 03:00 UTC",
    ]
    app.settings.sql.mapping.write_text("deals: [")  # type: ignore[union-attr]
    crm.ask(app, steps)
    assert len(office.heard("bot:ada", "crm-source:")) == 2


def test_it_is_asked_when_it_is_time(office: Office, tmp_path: Path) -> None:
    app = connected(office.app, tmp_path)
    began: list[str] = []
    app.work.register({crm.ASK: lambda *_: None})
    for minutes in (0, 1, 59, 60, 61):
        office.clock.now += timedelta(minutes=minutes)
        crm.pull(app)
        key = f"{crm.ASK}:{app.now():%Y%m%d%H%M%S}"
        began.append("yes" if app.work.progress(key) else "no")
    assert began == ["yes", "no", "yes", "yes", "yes"]
    crm.pull(office.app)  # without a database nothing happens
