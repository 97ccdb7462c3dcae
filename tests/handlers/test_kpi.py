"""`/numbers`, `/why` of a measure and `/baseline`: who sees whose, and what is said."""

from datetime import timedelta

import pytest

from bot.crm.store import deal
from jobs import kpi
from tests.bot.crm.conftest import Crm, crm
from tests.bot.kpi.measures.test_past import NOW, history
from tests.conftest import Office

__all__ = ["crm"]


@pytest.fixture
def office_with_deals(office: Office, crm: Crm) -> Office:
    office.clock.now = NOW
    crm.bring(history())
    return office


def said(office: Office, key: str, text: str) -> str:
    before = len(office.heard(f"bot:{key}"))
    office.say(key, text)
    return "\n".join(office.heard(f"bot:{key}")[before:])


def test_a_manager_sees_the_numbers_of_the_team_a_rep_only_own(office_with_deals: Office) -> None:
    assert "Win rate: 67%" in said(office_with_deals, "mei", "/numbers").replace("赢单率：", "Win rate: ")
    assert "The numbers" in said(office_with_deals, "anna", "/numbers")
    assert "Win rate" not in said(office_with_deals, "anna", "/numbers")
    assert "no such team" in said(office_with_deals, "anna", "/numbers East")
    assert "no such team" in said(office_with_deals, "walt", "/numbers East")
    assert "no such team" in said(office_with_deals, "walt", "/why conversion East")
    assert "The numbers of East" in said(office_with_deals, "ada", "/numbers east")


def test_why_of_a_measure_tells_how_it_came_about_and_all_else_is_about_the_standup(office_with_deals: Office) -> None:
    text = said(office_with_deals, "ada", "/why win rate")
    assert "won / (won + lost)" in text
    assert "counted once more: the same" in text
    assert "Source: deals" in text
    assert "won" not in said(office_with_deals, "ada", "/why 2026-06-11")


def test_a_frozen_baseline_stands_beside_every_later_number(office_with_deals: Office) -> None:
    assert "Only a manager" in said(office_with_deals, "anna", "/baseline freeze mine")
    assert "name" in said(office_with_deals, "ada", "/baseline freeze")
    assert "before the roll-out" in said(office_with_deals, "ada", "/baseline freeze before the roll-out")
    assert "before the roll-out, frozen on" in said(office_with_deals, "ada", "/baseline")
    assert "baseline" in said(office_with_deals, "ada", "/numbers")
    assert "baseline" in said(office_with_deals, "ada", "/numbers East")


def test_an_admin_of_a_large_picture_waits_for_no_count(office_with_deals: Office) -> None:
    with office_with_deals.app.db.begin() as db:  # as many deals as it takes, by their numbers
        db.execute(deal.update().where(deal.c.deal == "O1").values(id=60_000))
    assert "being counted" in said(office_with_deals, "ada", "/numbers")
    assert "Win rate" in said(office_with_deals, "ada", "/numbers East")
    kpi.keep_past(office_with_deals.app)
    assert "ago" not in said(office_with_deals, "ada", "/numbers")
    office_with_deals.clock.now = NOW + timedelta(minutes=40)
    text = said(office_with_deals, "ada", "/numbers")
    assert "Counted 40 minutes ago." in text
    assert "Win rate: 67%" in text
    kpi.keep_past(office_with_deals.app)  # nothing has come since
    assert "Counted 40 minutes ago." in said(office_with_deals, "ada", "/numbers")
