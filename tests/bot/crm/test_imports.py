"""A folder of CRM files, again and again: what is taken, what is refused, what is named."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook

from bot.crm import imports, intake, service, store
from bot.crm.files import lines_of
from bot.crm.model import LOST, WON
from bot.crm.notices import What
from bot.crm.staging.store import Scratch
from bot.crm.versions import store as versions
from bot.errors import BotError
from tests.bot.crm.conftest import FILES, NOW, Crm, fault_text, notice_text

EVERYTHING = {"stages": 3, "accounts": 2, "deals": 3, "moves": 5, "touches": 3, "leads": 1, "targets": 1}


def with_rows(kind: str, *rows: str) -> dict[str, str]:
    return FILES | {kind: FILES[kind] + "".join(f"{row}\n" for row in rows)}


def test_a_folder_is_taken_as_a_whole_and_again_costs_nothing(crm: Crm) -> None:
    assert crm.bring() == {kind: (n, 0, 0) for kind, n in EVERYTHING.items()}
    before = crm.out()
    assert crm.bring() == {kind: (0, 0, n) for kind, n in EVERYTHING.items()}
    assert crm.out() == before
    assert {kind: crm.kept(kind) for kind in store.TABLES} == {k: n for k, n in EVERYTHING.items() if k != "stages"}


def test_what_changed_is_changed_and_what_is_not_named_stays(crm: Crm) -> None:
    crm.bring()
    changed = {"deals": FILES["deals"].replace("12000", "15000").replace("D3,", "D4,")}
    assert crm.bring(changed) == {"deals": (1, 1, 1)}
    assert crm.rows("deals", "deal", "amount") == [("D1", 15000.0), ("D2", 900.5), ("D3", None), ("D4", None)]
    assert crm.kept("deals") == 4, "old versions are swept up"


def test_a_column_that_is_absent_leaves_what_is_there(crm: Crm) -> None:
    crm.bring()
    shorter = "deal,owner,stage,status,created\nD1,li,Offer,open,2026-05-01T02:00:00Z\n"
    assert crm.bring({"deals": shorter}) == {"deals": (0, 1, 0)}
    (row,) = [row for row in crm.rows("deals", "deal", "name", "amount", "next_step", "stage") if row[0] == "D1"]
    assert row == ("D1", "宏达 CRM", 12000.0, "Call the CFO", crm.stages()["Offer"].number)
    assert crm.bring({"accounts": "account,owner\nA1,li\nA3,omar\n"}) == {"accounts": (1, 0, 1)}
    assert crm.rows("accounts", "account", "name") == [("A1", "宏达医疗"), ("A2", "Acme"), ("A3", "")]


def test_a_dry_run_tells_the_same_and_keeps_nothing(crm: Crm) -> None:
    for files in (
        FILES,
        with_rows("touches", "D1,,li,im,out,2026-06-10T03:00:00Z,", "D1,,li,im,out,2026-06-10T03:00Z,"),
    ):
        before = crm.out()
        would = crm.take(files, dry_run=True)
        assert crm.out() == before
        assert would.dry_run
        assert would.counts == crm.take(files).counts
    crm.bring()
    moved = FILES | {"moves": FILES["moves"].replace("Lead,Offer", "Demo,Offer")}
    assert crm.take(moved, dry_run=True).counts["moves"].changed == 1
    assert crm.bring(moved)["moves"] == (0, 1, 4)


def test_rows_that_say_the_same_are_one(crm: Crm) -> None:
    again = with_rows("moves", "D1,Lead,Demo,2026-06-08T02:00:00Z", "D1,Lead,Demo,2026-06-08 10:00:00+08:00")
    done = crm.take(again)
    assert (done.counts["moves"].added, done.counts["moves"].twice) == (5, 2)
    assert crm.bring(again)["moves"] == (0, 0, 5)


def test_workspaces_do_not_know_each_other(crm: Crm) -> None:
    crm.bring()
    shorter = {name: FILES[name] for name in ("stages", "deals")}
    assert crm.bring(shorter, workspace=2) == {"stages": (3, 0, 0), "deals": (3, 0, 0)}
    crm.bring({"deals": FILES["deals"].replace("12000", "1")}, workspace=2)
    assert crm.rows("deals", "amount")[0] == (12000.0,)
    assert crm.rows("deals", "amount", workspace=2)[0] == (1.0,)


# fmt: off
FAULTY = [
    ("deals", "12000", "many", "Row 2, amount: found “many”, expected a number such as 12500 or 12,500.00"),
    ("deals", "D2,", ",", "Row 3, deal: nothing there, expected a value"),
    ("deals", "D3,", "D1,", "Row 4, deal: found “D1”, expected a value of its own; row 2 has the same"),
    ("deals", "2026-07-01", "soon", "Row 2, expected_close: found “soon”, expected a date such as"),
    ("deals", "2026-05-01T02:00:00Z", "2026-05-32", "Row 2, created: found “2026-05-32”, expected a time such"),
    ("deals", ",won,", ",done,", "Row 4, status: found “done”, expected one of open, won, lost"),
    ("deals", "EUR", "euro", "Row 3, currency: found “euro”, expected a currency such as CNY or EUR"),
    ("deals", "owner,", "boss,", "Row 1, owner: nothing there, expected a column of this name"),
    ("stages", "Demo,2", "lead,2", "Row 3, stage: found “lead”, expected a value of its own; row 2 has the"),
    ("stages", "10,7\nDemo", "-1,7\nDemo", "Row 2, stall_days: found “-1”, expected a number of days such as"),
    ("moves", "D3,Offer,won", "D3,Offer,", "Row 6, to_stage: nothing there, expected a value"),
    ("touches", ",A2,anna,visit", ",,anna,visit", "Row 4, deal: nothing there, expected a deal or an account"),
    ("touches", "call", "fax", "Row 2, kind: found “fax”, expected one of call, visit, email, im, meeting"),
    ("touches", "spoke to", '"spoke to', "Row 2: found “…”, expected a quotation mark that opens a cell to"),
    ("leads", "converted", "converted,9", "Row 2: found “9”, expected no more cells than the first row has"),
    ("targets", "2026-Q2", "2026-Q5", "Row 2, period: found “2026-Q5”, expected a period such as 2026, "),
    ("targets", "100000\n", "100000\nEast,,2026-Q2,won,5\n", "Row 3, measure: found “won”, expected a value of"),
    ("accounts", FILES["accounts"], "", "The file is empty. Its first row names the columns."),
    ("accounts", "account,name,industry,owner", "a,b", "Row 1: found “a, b”, expected a first row that"),
]
# fmt: on


@pytest.mark.parametrize(("kind", "good", "bad", "line"), FAULTY, ids=[f"{r[0]} {r[2][:12]}" for r in FAULTY])
def test_a_fault_refuses_the_whole_import(crm: Crm, kind: str, good: str, bad: str, line: str) -> None:
    assert good in FILES[kind]
    done = crm.take(FILES | {kind: FILES[kind].replace(good, bad, 1)})
    (only,) = fault_text(done)
    assert only.startswith(f"{kind}.csv: {line}")
    assert done.counts == {}
    assert all(crm.kept(kind) == 0 for kind in store.TABLES)
    assert crm.stages() == {}


def test_every_fault_of_every_file_is_listed(crm: Crm) -> None:
    bad = {
        kind: text.replace("2026-", "2026/13/") for kind, text in FILES.items() if kind not in ("stages", "accounts")
    }
    rows = {"deals.csv": 7, "moves.csv": 5, "touches.csv": 3, "leads.csv": 1, "targets.csv": 1}
    assert {file: len(faults) for file, faults in crm.take(bad).faults.items()} == rows


def test_faults_beyond_a_thousand_are_not_kept(crm: Crm) -> None:
    done = crm.take({"moves": "deal,to_stage,at\n" + "D1,Demo,never\n" * 7000})
    assert len(done.faults["moves.csv"]) == 1001
    assert fault_text(done)[0] == "moves.csv: More faults than fit here. The first are these."


def test_folders_that_hold_nothing_of_ours(crm: Crm, tmp_path: Path) -> None:
    assert fault_text(crm.take(tmp_path / "nowhere")) == ["nowhere: The folder is not there, or cannot be opened."]
    assert "holds none of stages.csv, accounts.csv, deals.csv" in fault_text(crm.take({"deal": "deal\n"}))[0]
    both = crm.folder({"deals.csv": FILES["deals"], "deals.CSV.csv": ""})
    (both / "deals.xlsx").write_bytes(b"PK\x03\x04")
    assert fault_text(crm.take(both)) == ["deals.xlsx: The folder also holds deals.csv. Keep one of them."]


def test_xlsx_is_read_like_csv(crm: Crm) -> None:
    folder = crm.folder({})
    for kind, text in FILES.items():
        book = Workbook()
        for line in text.splitlines():
            cells = [float(cell) if cell.replace(".", "").isdigit() else cell for cell in line.split(",")]
            book.worksheets[0].append([*cells[:-1], "'=" + cells[-1] if cells[-1] == "spoke to the CFO" else cells[-1]])
        book.save(folder / f"{kind}.xlsx")
    crm.bring(folder)
    assert crm.bring(FILES)["deals"] == (0, 0, 3)
    assert ("=spoke to the CFO",) in crm.rows("touches", "note")


NAMED = [
    ({"deals": "CRM,A1"}, "A1", "", "deals.csv, account: 1 deal names no account: “D1” in row 2"),
    (
        {"deals": "li,Cloud"},
        "li",
        "Lee",
        "deals.csv, owner: 1 row has an owner who is not on the roster: “Lee” in row 2",
    ),
    ({"deals": "li,Cloud"}, "li", "LI@example.com", ""),
    ({"deals": "li,Cloud"}, "li", "李伟", ""),
    ({"accounts": "anna"}, "anna", "Ana Berg", "“Ana Berg” in row 3, did you mean “Anna Berg”?"),
    (
        {"deals": "CRM,A1"},
        "A1",
        "a1",
        "deals.csv, account: 1 row names an account that is not known: “a1” in row 2, did",
    ),
    (
        {"deals": "CNY,Demo"},
        "Demo",
        "Demos",
        "deals.csv, stage: 1 row names a stage that stages.csv does not have: “Demo",
    ),
    ({"deals": "CNY,Demo"}, "Demo", "DEMO", ""),
    (
        {"moves": "D2,Lead"},
        "D2",
        "D9",
        "moves.csv, deal: 1 row is about a deal that is not known and counts once it is",
    ),
    (
        {"moves": "2026-06-08"},
        "2026",
        "2027",
        "moves.csv, at: 1 row is dated in the future; it counts from then on: “D1”",
    ),
    (
        {"deals": "900.5"},
        "900.5",
        "-900.5",
        "deals.csv, amount: 1 amount is below 0; it counts in sums, not in averages",
    ),
    (
        {"deals": "2026-05-20"},
        "2026",
        "2025",
        "deals.csv, closed: 1 deal was closed before it was created: “D3” in row 4",
    ),
    (
        {"deals": "CNY,Demo"},
        "Demo",
        "won",
        "deals.csv, status: 1 deal has a stage that contradicts its status; the status",
    ),
    (
        {"deals": "anna,Cloud"},
        "Cloud",
        "GTXPro",
        "deals.csv, product_line: 1 row has a name that looks like a slip: “GTX",
    ),
    ({"targets": "East"}, "East", "Eats", "targets.csv, team: 1 row names a team that is not on the roster: “Eats” in"),
    ({"leads": "status"}, "status", "mood", "leads.csv: columns that are not known were passed over: “mood”"),
]


@pytest.mark.parametrize(("where", "good", "bad", "line"), NAMED, ids=[f"{row[1]} {row[2]}" for row in NAMED])
def test_what_is_odd_is_taken_and_named(crm: Crm, where: dict[str, str], good: str, bad: str, line: str) -> None:
    ((kind, context),) = where.items()
    assert context in FILES[kind]
    done = crm.take(FILES | {kind: FILES[kind].replace(context, context.replace(good, bad, 1), 1)})
    assert fault_text(done) == []
    assert done.counts["deals"].added == 3
    said = notice_text(done)
    assert len(said) == bool(line)
    assert all(line in one for one in said)
    assert all(one.rows in (0, 1) for one in done.notices)


def test_thousands_of_one_kind_are_one_warning(crm: Crm) -> None:
    head = "deal,owner,account,product_line,stage,status,created\n"
    line = "D{n},ghost{m},A{m},{product},Demo,open,2026-05-01\n"
    products = ["GTXPro", "GTX Plus Pro", "GTX Basic"]
    text = "".join(line.format(n=n, m=n % 40, product=products[n % 3]) for n in range(6000))
    done = crm.take({"stages": FILES["stages"], "deals": head + text})
    assert len(done.notices) == 3
    owners, slips, accounts = notice_text(done)
    assert owners.startswith(
        "deals.csv, owner: 6,000 rows have owners who are not on the roster: “ghost0” in 150 rows, "
    )
    assert owners.endswith("; and 35 more")
    assert slips == (
        "deals.csv, product_line: 2,000 rows have names that look like slips: "
        "“GTXPro” in 2,000 rows, first in row 2, did you mean “GTX Pro”?"
    )
    assert "6,000 rows name accounts that are not known" in accounts


def test_unknown_files_are_named(crm: Crm) -> None:
    done = crm.take({"deals": FILES["deals"], "acounts": "x\n", "readme.txt": "hello"})
    assert "files that are not known were passed over: “acounts.csv”, did you mean “accounts”?" in notice_text(done)


def test_times_without_a_zone_are_their_owner_s(crm: Crm) -> None:
    deals = "deal,owner,stage,status,created,closed\nD1,li,Demo,open,2026/6/1 9:30,\nD2,anna,Demo,open,2026-06-01,\n"
    deals += "D3,ghost,Demo,won,2026-06-01 09:30,2026-06-02T09:30:00.999+02:00\n"
    crm.bring({"deals": deals}, zone=ZoneInfo("America/New_York"))
    utc = [tuple(at and at.strftime("%d %H:%M:%S") for at in row) for row in crm.rows("deals", "created", "closed")]
    assert utc == [("01 01:30:00", None), ("31 22:00:00", None), ("01 13:30:00", "02 07:30:00")]


def test_a_renamed_stage_keeps_its_deals_and_moves(crm: Crm) -> None:
    crm.bring()
    offer = crm.stages()["Offer"]
    renamed = {kind: text.replace("Offer", "Quotation") for kind, text in FILES.items()}
    done = crm.take(renamed)
    assert "a new name in the place of another, so the same stage: “Offer → Quotation”" in notice_text(done)[0]
    assert (done.counts["moves"].unchanged, done.counts["deals"].unchanged, done.counts["stages"].changed) == (5, 3, 1)
    assert set(crm.stages()) == {"Lead", "Demo", "Quotation"}
    assert crm.stages()["Quotation"] == replace(offer, name="Quotation", former=("Offer",))
    assert crm.bring(FILES | {"stages": renamed["stages"]})["moves"] == (0, 0, 5), "the old name is understood"
    assert crm.bring(FILES)["stages"] == (0, 1, 2), "and may come back"
    assert crm.stages()["Offer"].number == offer.number


def test_a_stage_is_new_where_the_others_only_moved_on(crm: Crm) -> None:
    crm.bring()
    more = "stage,position\nLead,1\nPilot,2\nDemo,3\nOffer,4\nwon,5\nClosed Lost,6\n"
    assert crm.bring({"stages": more}) == {"stages": (1, 2, 1)}
    assert [stage.name for stage in crm.stages().values()] == ["Lead", "Pilot", "Demo", "Offer"]
    assert crm.stages()["Demo"].stall_days == 10, "a column that is absent leaves what is there"


def test_stages_that_only_deals_name_stand_last(crm: Crm) -> None:
    crm.bring({"deals": FILES["deals"].replace("Demo,open", "Pilot,open"), "moves": FILES["moves"]})
    assert {stage.name: stage.position for stage in crm.stages().values()} == dict.fromkeys(
        ("Pilot", "Offer", "Lead", "Demo")
    )
    crm.bring({"stages": FILES["stages"]})
    assert [stage.name for stage in crm.stages().values()] == ["Lead", "Demo", "Offer", "Pilot"]


def test_won_and_lost_are_no_stages(crm: Crm) -> None:
    crm.bring(
        with_rows("moves", "D2,Offer,输单,2026-06-01", "D2,Closed Lost,Offer,2026-06-02", "D1,Demo,WON,2026-06-10")
    )
    ends = {row for row in crm.rows("moves", "from_stage", "to_stage") if min(row) < 0}
    offer, demo = crm.stages()["Offer"].number, crm.stages()["Demo"].number
    assert ends == {(offer, LOST), (LOST, offer), (demo, WON), (offer, WON)}


def test_moves_that_do_not_tell_what_they_left(crm: Crm) -> None:
    crm.bring({"stages": FILES["stages"], "deals": FILES["deals"]})
    crm.bring({"moves": "deal,to_stage,at\nD1,Demo,2026-05-03\nD1,Lead,2026-05-01\nD2,Lead,2026-05-02\n"})
    crm.bring({"moves": "deal,to_stage,at\nD1,Offer,2026-05-09\n"})
    number = {stage.number: name for name, stage in crm.stages().items()} | {0: ""}
    moves = [(deal, number[a], number[b]) for deal, a, b in crm.rows("moves", "deal", "from_stage", "to_stage")]
    assert moves == [("D1", "", "Lead"), ("D1", "Lead", "Demo"), ("D1", "Demo", "Offer"), ("D2", "", "Lead")]


def test_it_is_known_when_a_source_was_heard(crm: Crm) -> None:
    crm.bring()
    crm.bring({"deals": FILES["deals"]}, now=NOW + timedelta(days=1))
    with crm.db.read() as db:
        heard = service.last_heard(db, 1)
        (deals,) = [one for one in store.sources(db, 1) if one["kind"] == "deals"]
    assert heard["deals"] == NOW + timedelta(days=1)
    assert heard["moves"] == NOW
    assert (deals["source"], deals["rows"], "next_step" in deals["columns"]) == ("files", 3, True)


def test_the_later_of_two_imports_wins_and_the_other_says_so(crm: Crm) -> None:
    folder = crm.folder(FILES)
    scratch = Scratch(crm.db)
    job = imports.begin(scratch, 1, "files", NOW, UTC)
    for kind in FILES:
        intake.take(job.taken, scratch, kind, f"{kind}.csv", lines_of(folder / f"{kind}.csv"), lambda *_: None)
    crm.bring({"deals": FILES["deals"]})
    with pytest.raises(BotError, match="Another import of the CRM"):
        imports.finish(job, dry_run=False)
    scratch.close()
    assert crm.rows("accounts", "account") == []
    assert crm.bring()["deals"] == (0, 0, 3)


def test_an_import_that_was_taken_over_stops(crm: Crm) -> None:
    with crm.db.begin() as db:
        number, dirty = versions.begin(db, 1)
        assert not dirty
    with crm.db.begin() as db:
        assert versions.begin(db, 1) == (number + 1, True)
    with crm.db.begin() as db, pytest.raises(BotError, match="begun meanwhile"):
        versions.hold(db, 1, number)


def test_the_codes_of_warnings_are_for_scripts() -> None:
    assert {what.value for what in What} >= {"unknown_owner", "near_name", "unknown_deal", "future"}


def test_a_future_that_has_come_counts(crm: Crm) -> None:
    later = datetime(2026, 7, 20, tzinfo=UTC)
    crm.bring(with_rows("moves", "D1,Demo,Offer,2026-07-15T00:00:00Z"))
    with crm.db.read() as db:
        li = crm.person("li")
        entered = [service.deals_of(db, li, li, now)[0].entered for now in (NOW, later)]
    assert entered == [datetime(2026, 6, 8, 2, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC)]


def test_open_deals_older_than_any_that_closed_are_named(crm: Crm) -> None:
    head = FILES["deals"].splitlines()[0] + "\n"
    told = "D{n},,,li,,,,{stage},{status},2026-0{created},,{closed},,\n"
    closed = told.format(n=1, stage="won", status="won", created="3-01", closed="2026-04-10")  # 40 days
    late, young = (told.format(n=n, stage="Lead", status="open", created=f"2-{25 + n}", closed="") for n in (2, 3))
    young = young.replace("2026-02-28", "2026-03-02")  # 39 days old when the last one closed
    odd = "older than any was that ever closed: “D2” in row 2"
    assert not any(odd in line for line in notice_text(crm.take({"deals": head + late})))
    assert any(odd.replace("row 2", "row 3") in line for line in notice_text(crm.take({"deals": head + closed + late})))
    assert any(f"1 open deal is {odd}" in line for line in notice_text(crm.take({"deals": head + late + young})))
