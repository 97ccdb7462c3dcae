"""A sales team, and a folder of CRM files that tests write and import."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

import pytest

from bot.crm import service
from bot.crm.imports import Import, import_folder
from bot.crm.model import Stage
from bot.crm.notices import notice_line
from bot.crm.standings import store as standings
from bot.crm.store import TABLES, stages
from bot.db import Database
from bot.tables import fault_lines
from bot.team import service as team
from bot.team.model import Person
from prompts import words

NOW = datetime(2026, 6, 11, 1, 0, tzinfo=UTC)

ROSTER = """person,name,email,team,role,timezone,manager,product_line
mei,陈美,mei@example.com,East,manager,Asia/Shanghai,,
li,李伟,li@example.com,East,rep,Asia/Shanghai,mei,Cloud
anna,Anna Berg,anna@example.com,West,rep,Europe/Berlin,walt,GTX Pro
omar,Omar Said,omar@example.com,West,rep,Europe/Berlin,walt,
walt,Walt Weber,,West,manager,Europe/Berlin,,
olga,Olga Ott,,East,observer,Asia/Shanghai,,
sue,Sue Park,,East,support,Asia/Shanghai,,
ada,Ada Obi,,Office,admin,UTC,,
"""

FILES = {
    "stages": "stage,position,exit_criteria,stall_days,touch_days\nLead,1,,10,7\nDemo,2,seen it,10,7\nOffer,3,,20,5\n",
    "accounts": "account,name,industry,owner\nA1,宏达医疗,Medical,li\nA2,Acme,Retail,anna\n",
    "deals": "deal,name,account,owner,product_line,amount,currency,stage,status,created,expected_close,closed,"
    "next_step,next_step_on\n"
    "D1,宏达 CRM,A1,li,Cloud,12000,CNY,Demo,open,2026-05-01T02:00:00Z,2026-07-01,,Call the CFO,2026-06-20\n"
    "D2,Acme shop,A2,anna,Cloud,900.5,EUR,Offer,open,2026-04-01T02:00:00Z,2026-06-01,,,\n"
    "D3,Acme till,A2,anna,Data,,,Offer,won,2026-04-01T02:00:00Z,,2026-05-20T00:00:00Z,,\n",
    "moves": "deal,from_stage,to_stage,at\n"
    "D1,,Lead,2026-05-01T02:00:00Z\nD1,Lead,Demo,2026-06-08T02:00:00Z\n"
    "D2,,Lead,2026-04-01T02:00:00Z\nD2,Lead,Offer,2026-04-20T02:00:00Z\nD3,Offer,won,2026-05-20T00:00:00Z\n",
    "touches": "deal,account,owner,kind,direction,at,note\n"
    "D1,A1,li,call,out,2026-06-10T03:00:00Z,spoke to the CFO\nD2,A2,anna,email,in,2026-05-30T03:00:00Z,\n"
    ",A2,anna,visit,out,2026-06-02T03:00:00Z,\n",
    "leads": "lead,source,owner,created,first_response,deal,status\nL1,web,li,2026-05-01T01:00:00Z,,D1,converted\n",
    "targets": "team,owner,period,measure,target\nEast,,2026-Q2,won,100000\n",
}


@dataclass
class Crm:
    """The picture of workspace 1, fed from folders."""

    db: Database
    home: Path
    _folders: Any = field(default_factory=itertools.count)

    def folder(self, files: Mapping[str, str]) -> Path:
        folder = self.home / f"crm{next(self._folders)}"
        folder.mkdir()
        for name, text in files.items():
            (folder / (name if "." in name else f"{name}.csv")).write_text(text, encoding="utf-8")
        return folder

    def take(
        self,
        files: Mapping[str, str] | Path = FILES,
        *,
        dry_run: bool = False,
        zone: tzinfo = UTC,
        now: datetime = NOW,
        workspace: int = 1,
    ) -> Import:
        folder = files if isinstance(files, Path) else self.folder(files)
        return import_folder(self.db, workspace, folder, now, zone=zone, dry_run=dry_run)

    def bring(self, files: Mapping[str, str] | Path = FILES, **more: Any) -> dict[str, tuple[int, int, int]]:
        """Import, which must do; what was added, changed and unchanged by kind."""
        done = self.take(files, **more)
        assert not done.faults, fault_text(done)
        return {kind: (count.added, count.changed, count.unchanged) for kind, count in done.counts.items()}

    def person(self, key: str) -> Person:
        with self.db.read() as db:
            found = team.find_person(db, 1, key)
        assert found is not None, key
        return found

    def stages(self) -> dict[str, Stage]:
        with self.db.read() as db:
            return {stage.name: stage for stage in stages(db, 1)}

    def rows(self, kind: str, *names: str, workspace: int = 1) -> list[tuple[Any, ...]]:
        """Columns of all rows that count."""
        with self.db.read() as db:
            return [tuple(row) for rows in standings.rows(db, workspace, kind, names) for row in rows]

    def kept(self, kind: str) -> int:
        """How many versions are in the table, counting or not."""
        with self.db.read() as db:
            return len(db.execute(TABLES[kind].select()).all())

    def out(self) -> dict[str, str]:
        """The files that an export writes."""
        folder = self.home / f"out{next(self._folders)}"
        service.export_folder(self.db, 1, folder)
        return {path.stem: path.read_bytes().decode() for path in sorted(folder.iterdir())}


def fault_text(done: Import, language: str = "en") -> list[str]:
    return [
        f"{file}: {line}" for file, faults in done.faults.items() for line in fault_lines(faults, words(language), 1000)
    ]


def notice_text(done: Import, language: str = "en") -> list[str]:
    return [notice_line(notice, words(language)) for notice in done.notices]


@pytest.fixture
def crm(db: Database, tmp_path: Path) -> Crm:
    with db.begin() as connection:
        done = team.import_roster(connection, 1, ROSTER, NOW)
    assert not done.faults
    return Crm(db, tmp_path)
