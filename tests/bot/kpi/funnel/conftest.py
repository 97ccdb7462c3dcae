"""A CRM that is fed from folders, and what its funnel makes of them."""

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

import pytest

from bot.db import Database
from bot.kpi.funnel import service
from bot.kpi.funnel.service import Exit
from bot.kpi.stream import Stream
from bot.team import service as team
from tests.bot.crm.conftest import ROSTER, Crm

NOW = datetime(2026, 6, 11, 1, 0, tzinfo=UTC)  # in W24
STAGES = "stage,position\nLead,1\nDemo,2\nOffer,3\n"
DEALS = "deal,account,owner,product_line,stage,status,created,closed\n"
MOVES = "deal,from_stage,to_stage,at\n"
ACCOUNTS = "account,name,industry,region\n"


class Funnel(Crm):
    def streams(self, *, now: datetime = NOW, zone: tzinfo = UTC, **more: Any) -> list[Stream]:
        with self.db.read() as db:
            return service.streams(db, 1, now, zone, **more)

    def counts(self, stage: str, segment: str | None = None, **more: Any) -> dict[str, tuple[int, int]]:
        """Exits and conversions by week of one stream, without the weeks that had none; {} when there is none."""
        found = [s for s in self.streams(**more) if (s.stage, s.segment) == (stage, segment)]
        assert len(found) <= 1
        return {p.week: (p.n, p.k) for s in found for p in s.periods if p.n}

    def exits(self, stage: str, week: str, *, now: datetime = NOW, zone: tzinfo = UTC, **more: Any) -> list[Exit]:
        with self.db.read() as db:
            return service.exits(db, 1, stage, week, now, zone, **more)

    def moved(self, rows: Sequence[str], *, stages: str = STAGES, deals: str = "") -> None:
        """Import moves; deals that nobody describes are open ones of li in Lead."""
        keys = dict.fromkeys(row.split(",")[0] for row in rows)
        told = {row.split(",")[0] for row in deals.splitlines()}
        deals += "".join(f"{key},,li,Cloud,Lead,open,2025-01-01,\n" for key in keys if key not in told)
        files = {"deals": DEALS + deals, "moves": MOVES + "\n".join(rows)}
        self.bring(files | ({"stages": stages} if stages else {}), now=NOW)


@pytest.fixture
def funnel(db: Database, tmp_path: Path) -> Funnel:
    with db.begin() as connection:
        assert not team.import_roster(connection, 1, ROSTER, NOW).faults
    return Funnel(db, tmp_path)
