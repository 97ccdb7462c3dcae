"""What was changed in chat leaves the house as a file, which imports without a word."""

import csv
import io

from bot.crm.changes.model import Change, Kind
from tests.bot.crm.changes.saying import moved, say
from tests.bot.crm.conftest import FILES, NOW, Crm, notice_text


def lines(crm: Crm) -> list[list[str]]:
    return list(csv.reader(io.StringIO(crm.out()["changes"], newline="")))


def test_the_file_of_changes(crm: Crm) -> None:
    crm.bring()
    assert "changes" not in crm.out()
    say(crm, "li", "D1", Change(Kind.NEXT_STEP, "=HYPERLINK(1)"))
    say(crm, "li", "D1", moved(crm, "Offer"))
    say(crm, "mei", "D1", Change(Kind.OWNER, owner="anna"))
    say(crm, "anna", "D2", Change(Kind.REMARK, "Waits\nfor the budget"))
    say(crm, "anna", "D2", Change(Kind.DEAD, "Gone"))
    at = "2026-06-11T01:00:00Z"
    assert lines(crm) == [
        ["deal", "field", "before", "after", "by", "at"],
        ["D1", "next_step", "Call the CFO", "'=HYPERLINK(1)", "li", at],
        ["D1", "next_step_on", "2026-06-20", "", "li", at],
        ["D1", "stage", "Demo", "Offer", "li", at],
        ["D1", "owner", "li", "anna", "mei", at],
        ["D2", "stage_remark", "", "Waits\nfor the budget", "anna", at],
        ["D2", "status", "open", "lost", "anna", at],
        ["D2", "lost_reason", "", "Gone", "anna", at],
    ]


def test_it_imports_without_a_word(crm: Crm) -> None:
    crm.bring()
    say(crm, "anna", "D2", Change(Kind.DEAD, "Gone"))
    done = crm.take({f"{name}.csv": text for name, text in crm.out().items()})
    assert not done.faults
    assert not [line for line in notice_text(done) if "changes" in line]
    assert {(count.added, count.changed) for count in done.counts.values()} == {(0, 0)}


def test_what_the_crm_says_by_now_is_no_longer_in_it(crm: Crm) -> None:
    crm.bring()
    folder = crm.home / "again"
    say(crm, "li", "D1", Change(Kind.NEXT_STEP, "Lunch"))
    from bot.crm import service

    assert "changes.csv" in service.export_folder(crm.db, 1, folder)
    crm.bring({"deals": FILES["deals"].replace("Call the CFO,2026-06-20", "Lunch,")}, now=NOW)
    assert "changes.csv" not in service.export_folder(crm.db, 1, folder)
    assert not (folder / "changes.csv").exists()
