"""Who changes which deals from chat, and what becomes of them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.crm import service
from bot.crm.changes.model import Change, Kind, State
from bot.crm.model import LOST, Status
from bot.errors import BotError
from tests.bot.crm.changes.saying import moved, say
from tests.bot.crm.conftest import FILES, NOW, Crm

STEP = Change(Kind.NEXT_STEP, "Send the offer", on=date(2026, 6, 20))
DEAD = Change(Kind.DEAD, "They chose another")


@pytest.fixture
def full(crm: Crm) -> Crm:
    ghost = "D9,Nobody's,A9,ghost,Cloud,1,CNY,Demo,open,2026-05-01T02:00:00Z,,,,\n"
    crm.bring(FILES | {"deals": FILES["deals"] + ghost})
    return crm


def test_a_next_step_with_its_day(full: Crm) -> None:
    standing = say(full, "li", "D1", STEP)
    assert (standing.deal.next_step, standing.deal.next_step_on) == ("Send the offer", date(2026, 6, 20))
    with full.db.read() as db:
        (one,) = service.changes_of(db, full.person("li"), "D1")
    assert one.before == {"next_step": "Call the CFO", "next_step_on": "2026-06-20"}
    assert one.after == {"next_step": "Send the offer", "next_step_on": "2026-06-20"}
    assert (one.who, one.at, one.how, one.state) == ("li", NOW, "chat", State.STANDS)


def test_what_it_says_already_is_no_change(full: Crm) -> None:
    for _ in range(2):
        say(full, "li", "D1", STEP)
    with full.db.read() as db:
        assert len(service.changes_of(db, full.person("li"), "D1")) == 1


def test_a_dead_deal_is_lost_today(full: Crm) -> None:
    standing = say(full, "anna", "D2", DEAD)
    assert (standing.deal.status, standing.deal.closed) == (Status.LOST, NOW)
    offer = full.stages()["Offer"].number
    assert standing.deal.stage == offer, "it says where it was lost"
    assert ("D2", offer, LOST, NOW) in full.rows("moves", "deal", "from_stage", "to_stage", "at")
    with pytest.raises(BotError, match="closed already"):
        say(full, "anna", "D2", STEP)
    with full.db.read() as db:
        assert service.changes_of(db, full.person("anna"), "D2")[0].note == "They chose another"


def test_who_called_it_dead_takes_that_back_by_moving_it(full: Crm) -> None:
    say(full, "anna", "D2", DEAD)
    standing = say(full, "anna", "D2", moved(full, "Demo"), NOW + timedelta(hours=1))
    assert (standing.deal.status, standing.deal.closed, standing.stage.name) == (Status.OPEN, None, "Demo")
    with pytest.raises(BotError, match="closed already"):
        say(full, "anna", "D3", moved(full, "Demo"))


def test_a_move_is_one_and_begins_the_stage_anew(full: Crm) -> None:
    standing = say(full, "li", "D1", moved(full, "Offer"))
    assert (standing.stage.name, standing.entered) == ("Offer", NOW)
    say(full, "li", "D1", moved(full, "Offer"))
    assert len(full.rows("moves", "deal")) == 6


def test_a_move_that_the_crm_told_before_its_deal_is_not_told_twice(full: Crm) -> None:
    full.bring({"moves": "deal,from_stage,to_stage,at\nD1,Demo,Offer,2026-06-10T02:00:00Z\n"})
    before = len(full.rows("moves", "deal"))
    standing = say(full, "li", "D1", moved(full, "Offer"))
    assert (standing.stage.name, standing.entered) == ("Offer", datetime(2026, 6, 10, 2, tzinfo=UTC))
    assert len(full.rows("moves", "deal")) == before


def test_a_remark_stands_while_the_deal_is_where_it_is(full: Crm) -> None:
    standing = say(full, "li", "D1", Change(Kind.REMARK, "Waiting for the budget"))
    with full.db.read() as db:
        assert service.remarks(db, 1, [standing])["D1"].after == {"stage_remark": "Waiting for the budget"}
    standing = say(full, "li", "D1", moved(full, "Offer"), NOW + timedelta(days=1))
    with full.db.read() as db:
        assert service.remarks(db, 1, [standing]) == {}


@pytest.mark.parametrize(
    ("who", "allowed"),
    [("li", True), ("mei", True), ("ada", True), ("anna", False), ("walt", False), ("olga", False), ("sue", False)],
)
def test_nobody_changes_what_is_not_theirs(full: Crm, who: str, allowed: bool) -> None:
    if allowed:
        assert say(full, who, "D1", STEP).deal.next_step == "Send the offer"
        return
    with pytest.raises(BotError) as told:
        say(full, who, "D1", STEP)
    with pytest.raises(BotError) as unknown:
        say(full, who, "D404", STEP)
    assert str(told.value).replace("D1", "") == str(unknown.value).replace("D404", ""), (
        "it does not tell which there are"
    )
    with full.db.read() as db:
        assert service.changes_of(db, full.person(who), "D1") == []


def test_only_an_admin_changes_deals_of_people_who_are_not_on_the_roster(full: Crm) -> None:
    with pytest.raises(BotError):
        say(full, "mei", "D9", STEP)
    assert say(full, "ada", "D9", Change(Kind.OWNER, owner="li")).deal.owner == "li"


def test_only_who_leads_gives_a_deal_away_and_only_to_the_roster(full: Crm) -> None:
    with pytest.raises(BotError, match="manager"):
        say(full, "anna", "D2", Change(Kind.OWNER, owner="li"))
    with pytest.raises(BotError, match="ghost"):
        say(full, "ada", "D1", Change(Kind.OWNER, owner="ghost"))
    assert say(full, "mei", "D1", Change(Kind.OWNER, owner="anna")).deal.owner == "anna"
    with pytest.raises(BotError):
        say(full, "li", "D1", STEP)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (replace(STEP, text=" "), "few words"),
        (replace(STEP, text="x" * 501), "500"),
        (replace(STEP, on=date(2026, 6, 10)), "passed"),
        (replace(DEAD, text=""), "why it is lost"),
        (Change(Kind.MOVED, stage=99), "Lead, Demo, Offer"),
    ],
)
def test_what_cannot_be(full: Crm, change: Change, why: str) -> None:
    with pytest.raises(BotError, match=why):
        say(full, "ada", "D1", change)
