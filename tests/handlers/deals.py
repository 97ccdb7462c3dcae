"""A team whose CRM is there: Acme, Kraftwerk and 远航 wait for Anna, 宏达 for 李伟; and what became of them."""

from datetime import UTC, datetime
from pathlib import Path

from bot.blockers import service as blockers
from bot.blockers.model import Blocker
from bot.crm import service as crm
from bot.crm.changes import service as changes
from bot.crm.changes.model import Changed
from bot.crm.imports import import_folder
from bot.crm.risk import Standing
from tests.conftest import Office

HALF_PAST = datetime(2026, 6, 11, 7, 30, tzinfo=UTC)
STAGES = "stage,position,stall_days,touch_days\nLead,1,30,\nDemo,2,30,7\nOffer,3,30,\n"
HEAD = "deal,name,account,owner,stage,status,created,expected_close,next_step,next_step_on,amount\n"
ACME = "D1,Acme,A1,anna,Demo,open,2026-05-30T08:00:00Z,2026-07-01,call,2026-06-20,3000\n"
KRAFTWERK = "D2,Kraftwerk pilot,A2,anna,Offer,open,2026-05-30T08:00:00Z,2026-06-01,call,2026-06-20,2000\n"
YUANHANG = "D3,远航物流,A3,anna,Lead,open,2026-05-30T08:00:00Z,2026-07-01,,,1000\n"
CALM = "D4,Acme renewal,A4,anna,Lead,open,2026-06-10T08:00:00Z,2026-07-01,call,2026-06-20,9000\n"
HONGDA = "D5,宏达医疗,A5,li,Demo,open,2026-05-30T08:00:00Z,2026-07-01,call,2026-06-20,5000\n"
ALL = ACME + KRAFTWERK + YUANHANG + HONGDA


def bring(office: Office, deals: str = ALL) -> None:
    """The CRM tells its deals."""
    folder = Path(office.app.settings.home) / f"crm-{len(deals)}-{office.app.now():%H%M%S}"
    folder.mkdir(exist_ok=True)
    (folder / "stages.csv").write_text(STAGES, encoding="utf-8")
    (folder / "deals.csv").write_text(HEAD + deals, encoding="utf-8")
    done = import_folder(office.app.db, 1, folder, office.app.now(), zone=UTC)
    assert not done.faults, done.faults


def deal(office: Office, key: str) -> Standing:
    with office.app.db.read() as db:
        return crm.standings_of(db, 1, [key], office.app.now())[key]


def changed(office: Office) -> list[Changed]:
    with office.app.db.read() as db:
        return changes.recent(db, 1, datetime(2026, 1, 1, tzinfo=UTC))


def standing(office: Office) -> list[Blocker]:
    with office.app.db.read() as db:
        return blockers.live(db, 1)
