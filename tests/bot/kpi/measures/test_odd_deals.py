"""What CRMs do to deals, and that the numbers keep to the rules of `bot.crm.model` about it."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.crm import store as crm_store
from bot.kpi import service
from bot.kpi.model import Number, Scope
from tests.bot.crm.conftest import Crm

NOW = datetime(2026, 6, 11, 1, 0, tzinfo=UTC)
STAGES = "stage,position,stall_days,touch_days\nLead,1,10,7\nDemo,2,10,7\nOffer,3,20,5\n"
DEALS = "deal,account,owner,amount,currency,stage,status,created,closed\n"
MOVES = "deal,from_stage,to_stage,at\n"


def numbers(crm: Crm, *names: str, scope: Scope | None = None) -> dict[str, Number]:
    """By measure, with stage or currency where it is taken by these."""
    with crm.db.read() as db:
        found = service.numbers_of(db, 1, scope or Scope(), NOW, names=names or service.MEASURES)
    return {
        " ".join(filter(None, (one.kpi, one.stage or one.currency * (one.kpi == "deal_size")))): one for one in found
    }


def test_a_deal_that_moves_backwards_left_without_advancing_and_is_young_again(crm: Crm) -> None:
    deals = DEALS + "D1,A,li,5,EUR,Lead,open,2026-04-01T00:00:00Z,\n"
    moves = MOVES + "D1,Lead,Demo,2026-05-20T00:00:00Z\nD1,Demo,Lead,2026-06-03T00:00:00Z\n"
    crm.bring({"stages": STAGES, "deals": deals, "moves": moves})
    found = numbers(crm, "conversion", "stalled", "dwell")
    assert (found["conversion Demo"].value, found["conversion Demo"].n) == (0, 1)
    assert (found["stalled"].value, found["stalled"].n) == (0, 1)  # 8 days in Lead, where 10 are allowed
    assert found["dwell Demo"].value == 14


def test_a_skipped_stage_was_neither_entered_nor_left(crm: Crm) -> None:
    deals = DEALS + "D1,A,li,5,EUR,Offer,open,2026-05-01T00:00:00Z,\n"
    crm.bring({"stages": STAGES, "deals": deals, "moves": MOVES + "D1,Lead,Offer,2026-06-03T00:00:00Z\n"})
    found = numbers(crm, "conversion", "dwell")
    assert (found["conversion Lead"].value, found["conversion Lead"].n) == (1, 1)
    assert "conversion Demo" not in found
    assert set(found) == {"conversion Lead", "dwell Lead"}


def test_a_reopened_deal_is_open_by_its_row_and_its_undone_close_stays_a_move(crm: Crm) -> None:
    deals = DEALS + "D1,A,li,5,EUR,Offer,open,2026-05-01T00:00:00Z,\n"
    moves = MOVES + "D1,Offer,lost,2026-06-02T00:00:00Z\nD1,lost,Offer,2026-06-05T00:00:00Z\n"
    crm.bring({"stages": STAGES, "deals": deals, "moves": moves})
    found = numbers(crm, "conversion", "win_rate", "win_cycle", "stalled")
    assert (found["conversion Offer"].value, found["conversion Offer"].n) == (0, 1)
    assert (found["win_rate"].value, found["win_rate"].n) == (None, 0)
    assert found["win_cycle"].n == 1
    assert found["stalled"].n == 1


def test_a_deal_counts_with_all_its_history_for_whoever_owns_it_now(crm: Crm) -> None:
    files = {
        "stages": STAGES,
        "deals": DEALS + "D1,A,li,5,EUR,won,won,2026-05-01T00:00:00Z,2026-06-03T00:00:00Z\n",
        "moves": MOVES + "D1,Offer,won,2026-06-03T00:00:00Z\n",
    }
    crm.bring(files)
    crm.bring({"deals": "deal,owner,stage,status,created\nD1,anna,won,won,2026-05-01T00:00:00Z\n"})
    li, anna = Scope(frozenset({"li"})), Scope(frozenset({"anna"}))
    assert numbers(crm, "win_rate", scope=li)["win_rate"].n == 0
    assert numbers(crm, "win_rate", scope=anna)["win_rate"].n == 1
    assert numbers(crm, "conversion", scope=anna)["conversion Offer"].n == 1


def test_amounts_of_two_currencies_are_never_added_and_only_those_above_0_have_a_size(crm: Crm) -> None:
    rows = [("D1", "100", "EUR"), ("D2", "300", "EUR"), ("D3", "0", "EUR"), ("D4", "-50", "EUR"), ("D5", "", "CNY")]
    rows.append(("D6", "900", "CNY"))
    won = "".join(f"{d},A,li,{a},{c},won,won,2026-05-01T00:00:00Z,2026-06-03T00:00:00Z\n" for d, a, c in rows)
    targets = "team,owner,period,measure,target\n,,2026-Q2,won,1000\n"
    crm.bring({"stages": STAGES, "deals": DEALS + won, "targets": targets})
    found = numbers(crm, "deal_size", "cover", "win_rate")
    assert (found["deal_size EUR"].value, found["deal_size EUR"].n) == (200, 2)
    assert found["deal_size EUR"].left_out == {"no_amount": 2}
    assert (found["deal_size CNY"].value, found["deal_size CNY"].n) == (900, 1)
    assert found["win_rate"].n == 6
    assert found["cover"].value == pytest.approx((100 + 300 - 50) / 1000)  # what takes back another counts in a sum
    assert found["cover"].left_out == {"no_amount": 2, "other_currency": 1}


def test_a_deal_that_changes_its_currency_counts_in_the_one_it_has_now(crm: Crm) -> None:
    row = "D1,A,li,100,{},won,won,2026-05-01T00:00:00Z,2026-06-03T00:00:00Z\n"
    crm.bring({"stages": STAGES, "deals": DEALS + row.format("EUR")})
    crm.bring({"deals": DEALS + row.format("CNY")})
    assert set(numbers(crm, "deal_size")) == {"deal_size CNY"}


def test_what_is_dated_in_the_future_counts_once_its_time_has_come(crm: Crm) -> None:
    deals = DEALS + "D1,A,li,5,EUR,Demo,open,2026-05-01T00:00:00Z,\n"
    moves = MOVES + "D1,Lead,Demo,2026-06-20T00:00:00Z\n"
    touches = "deal,account,owner,kind,direction,at\nD1,A,li,call,out,2026-06-19T00:00:00Z\n"
    crm.bring({"stages": STAGES, "deals": deals, "moves": moves, "touches": touches})
    found = numbers(crm, "dwell", "stalled", "coverage")
    assert "dwell Lead" not in found
    assert found["stalled"].value == 1  # in its stage since it was created
    assert found["coverage"].value == 0
    with crm.db.read() as db:
        why = service.why_of(db, 1, Scope(), service.MEASURES["conversion"], NOW)
        later = service.numbers_of(db, 1, Scope(), NOW + timedelta(days=10), names=["dwell", "coverage"])
    assert why.left_out == {"future": 1}
    assert [(one.kpi, one.n, one.value) for one in later] == [("dwell", 1, 50), ("coverage", 1, 1)]


def test_a_move_without_a_deal_counts_when_its_deal_arrives(crm: Crm) -> None:
    crm.bring({"stages": STAGES, "moves": MOVES + "D1,Lead,Demo,2026-06-03T00:00:00Z\n"})
    with crm.db.read() as db:
        why = service.why_of(db, 1, Scope(), service.MEASURES["conversion"], NOW)
    assert (why.counted, why.left_out) == (0, {"no_deal": 1})
    crm.bring({"deals": DEALS + "D1,A,li,5,EUR,Demo,open,2026-05-01T00:00:00Z,\n"})
    assert numbers(crm, "conversion")["conversion Lead"].n == 1


def test_a_renamed_stage_goes_on_with_its_history(crm: Crm) -> None:
    deals = DEALS + "D1,A,li,5,EUR,Demo,open,2026-05-01T00:00:00Z,\n"
    crm.bring({"stages": STAGES, "deals": deals, "moves": MOVES + "D1,Lead,Demo,2026-06-03T00:00:00Z\n"})
    crm.bring({"stages": STAGES.replace("Lead", "First call")})
    found = numbers(crm, "conversion", "dwell")
    assert found["conversion First call"].n == 1
    assert found["dwell First call"].value == 33


def test_an_import_that_was_cut_off_changes_no_number(crm: Crm) -> None:
    deals = DEALS + "D1,A,li,5,EUR,Demo,open,2026-05-01T00:00:00Z,\n"
    files = {"stages": STAGES, "deals": deals, "moves": MOVES + "D1,Lead,Demo,2026-06-03T00:00:00Z\n"}
    crm.bring(files)
    before = numbers(crm)
    with crm.db.begin() as db:  # as far as a process comes that dies half way: rows are written, and do not count
        db.execute(crm_store.state.update().values(pending=2))
        ahead = {"since": 2, "until": crm_store.EVER, "workspace_id": 1}
        move = {"deal": "D1", "from_stage": 2, "to_stage": -1, "at": NOW - timedelta(days=7)}
        db.execute(crm_store.move.insert().values(**ahead, **move))
        db.execute(crm_store.deal.update().values(until=2))
    assert numbers(crm) == before
    crm.bring(files)
    assert numbers(crm) == before
