"""Who sees which deals, how they stand, and which need a look."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.crm import service
from bot.crm.model import NONE, WON, Move, Status, entered, later, stay
from bot.crm.risk import Why, percentile
from bot.crm.standings import store as standings
from bot.crm.store import stages
from tests.bot.crm.conftest import FILES, NOW, Crm

SEEN = {
    "li": {"li"},
    "anna": {"anna"},
    "omar": {"omar"},
    "mei": {"li", "mei", "olga", "sue"},  # her team, and who reports to her
    "walt": {"anna", "omar", "walt"},
    "olga": set(),
    "sue": set(),
}
DEALS = {"li": ["D1"], "anna": ["D2", "D3"], "ghost": ["D9"]}


@pytest.fixture
def full(crm: Crm) -> Crm:
    ghost = "D9,Nobody's,A9,ghost,Cloud,1,CNY,Demo,open,2026-05-01T02:00:00Z,,,,\n"
    crm.bring(FILES | {"deals": FILES["deals"] + ghost})
    return crm


@pytest.mark.parametrize("who", [*SEEN, "ada"])
def test_nobody_sees_what_is_not_theirs(full: Crm, who: str) -> None:
    asker = full.person(who)
    with full.db.read() as db:
        seen = service.owners_seen(db, asker)
        assert seen == (None if who == "ada" else SEEN[who])
        for owner, keys in DEALS.items():
            allowed = seen is None or owner in seen
            for key in keys:
                found = service.deal(db, asker, key, NOW)
                assert (found is not None) == allowed, (who, key)
        for owner in SEEN:
            them = full.person(owner)
            mine = [one.deal.key for one in service.deals_of(db, asker, them, NOW)]
            assert service.sees(db, asker, them) == (seen is None or owner in seen)
            assert mine == (
                [key for key in DEALS.get(owner, []) if key != "D3"] if service.sees(db, asker, them) else []
            )
            assert bool(service.at_risk(db, asker, them, NOW)) <= service.sees(db, asker, them)
            assert bool(service.names(db, asker, them, NOW)) <= service.sees(db, asker, them)
        assert service.deal(db, asker, "D404", NOW) is None


def test_another_workspace_s_deals_are_nobody_s(full: Crm) -> None:
    full.bring({"deals": FILES["deals"].replace("D1", "X1")}, workspace=2)
    ada = full.person("ada")
    with full.db.read() as db:
        assert service.deal(db, ada, "X1", NOW) is None
        assert service.deal(db, ada, "D1", NOW) is not None


def test_how_a_deal_stands(full: Crm) -> None:
    anna = full.person("anna")
    with full.db.read() as db:
        d2, d3 = (service.deal(db, anna, key, NOW) for key in ("D2", "D3"))
    assert d2 is not None
    assert d3 is not None
    assert (d2.account, d2.stage.name, d2.entered.date()) == ("Acme", "Offer", date(2026, 4, 20))
    assert d2.touched == datetime(2026, 6, 2, 3, tzinfo=UTC), "a touch with the account alone counts for its deals"
    assert (d3.deal.status, d3.age(NOW)) == (Status.WON, timedelta())


def test_deals_at_risk_with_their_reasons(full: Crm) -> None:
    anna, li = full.person("anna"), full.person("li")
    with full.db.read() as db:
        (risk,) = service.at_risk(db, anna, anna, NOW)
        assert [reason.why for reason in risk.reasons] == [Why.STALLED, Why.CLOSE_PASSED, Why.NO_STEP, Why.NO_TOUCH]
        assert service.at_risk(db, li, li, NOW) == []
        assert [r.reasons[0].why for r in service.at_risk(db, li, li, NOW + timedelta(days=9))] == [Why.STALLED]


def test_at_most_three_are_asked_about(full: Crm) -> None:
    line = "E{n},Deal,A1,li,Cloud,{n},CNY,Offer,open,2026-01-01,2026-02-01,,,\n"
    full.bring({"deals": FILES["deals"] + "".join(line.format(n=n) for n in range(9))})
    li = full.person("li")
    with full.db.read() as db:
        assert [risk.standing.deal.key for risk in service.at_risk(db, li, li, NOW)] == ["E8", "E7", "E6"]
        assert len(service.at_risk(db, li, li, NOW, most=None)) == 9


def test_a_crm_without_next_steps_puts_no_deal_at_risk_for_it(crm: Crm) -> None:
    crm.bring({"deals": "deal,owner,stage,status,created\nD1,li,Demo,open,2026-06-10\n"})
    li = crm.person("li")
    with crm.db.read() as db:
        assert service.at_risk(db, li, li, NOW) == []
    crm.bring({"deals": "deal,owner,stage,status,created,next_step\nD1,li,Demo,open,2026-06-10,\n"})
    with crm.db.read() as db:
        assert [reason.why for reason in service.at_risk(db, li, li, NOW)[0].reasons] == [Why.NO_STEP]


def test_today_is_the_owner_s(crm: Crm) -> None:
    crm.bring({"deals": FILES["deals"].replace("2026-07-01", "2026-06-10").replace("2026-06-01", "2026-06-10")})
    late = datetime(2026, 6, 10, 23, tzinfo=UTC)  # the 11th in Shanghai and in Berlin
    early = datetime(2026, 6, 10, 20, tzinfo=UTC)  # the 11th in Shanghai alone
    passed = {}
    for now in (early, late):
        for key in ("li", "anna"):
            who = crm.person(key)
            with crm.db.read() as db:
                found = service.at_risk(db, who, who, now)
            passed[now, key] = any(r.why is Why.CLOSE_PASSED for risk in found for r in risk.reasons)
    assert passed == {(early, "li"): True, (early, "anna"): False, (late, "li"): True, (late, "anna"): True}


def test_what_deals_are_called(full: Crm) -> None:
    more = (
        "D4,Acme shop,A2,anna,Cloud,,,Offer,open,2026-04-01,,,,\nD5,Kiosk,A5,anna,Cloud,,,Offer,open,2026-04-01,,,,\n"
    )
    full.bring({"deals": FILES["deals"] + more})
    anna = full.person("anna")
    with full.db.read() as db:
        assert service.names(db, anna, anna, NOW) == {"d2": "D2", "d4": "D4", "d5": "D5", "kiosk": "D5", "a5": "D5"}


def test_a_deal_counts_with_its_history_for_who_owns_it_now(full: Crm) -> None:
    full.bring({"deals": FILES["deals"].replace("A1,li", "A1,omar").replace("12000,CNY", "1500,EUR")})
    li, omar = full.person("li"), full.person("omar")
    with full.db.read() as db:
        assert service.deals_of(db, li, li, NOW) == []
        (mine,) = service.deals_of(db, omar, omar, NOW)
    assert (mine.deal.amount, mine.deal.currency) == (1500.0, "EUR")
    assert mine.entered == datetime(2026, 6, 8, 2, tzinfo=UTC)
    assert ("li",) in full.rows("touches", "owner"), "a touch stays with who made it"


def test_moves_without_a_deal_count_once_it_is_here(crm: Crm) -> None:
    crm.bring({"stages": FILES["stages"], "moves": FILES["moves"]})
    assert len(crm.rows("moves", "deal")) == 5
    li = crm.person("li")
    with crm.db.read() as db:
        assert service.deals_of(db, li, li, NOW) == []
        assert all(stage.usual is None for stage in service.stages(db, 1))
    crm.bring({"deals": FILES["deals"]})
    with crm.db.read() as db:
        assert [one.entered.day for one in service.deals_of(db, li, li, NOW)] == [8]
    assert crm.stages()["Lead"].usual_of == 2


MOVES = st.lists(
    st.tuples(
        st.integers(0, 3), st.sampled_from([NONE, 1, 2, 3, -1]), st.sampled_from([1, 2, 3, -1, -2]), st.integers(-3, 40)
    ),
    max_size=14,
    unique_by=lambda move: (move[0], move[2], move[3]),
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(told=MOVES)
def test_the_database_and_the_rules_agree(crm: Crm, told: list[Any]) -> None:
    """`entered` and `stay` in SQL, over all rows at once, against the rules for one deal."""
    crm.bring({"stages": FILES["stages"]})
    start = datetime(2026, 5, 1, tzinfo=UTC)
    name = {NONE: "", WON: "won", -2: "lost", 1: "Lead", 2: "Demo", 3: "Offer"}
    fresh = f"{len(crm.rows('deals', 'deal')):05}"
    made = [Move(f"{fresh}-{deal}", a, b, start + timedelta(days=day)) for deal, a, b, day in told]
    lines = [f"{m.deal},{name[m.from_stage]},{name[m.to_stage]},{m.at.isoformat()}\n" for m in made]
    keys = [f"{fresh}-{n}" for n in range(4)]
    deals = "".join(f"{key},li,Demo,open,{start.isoformat()}\n" for key in keys)
    crm.bring(
        {
            "deals": "deal,owner,stage,status,created\n" + deals,
            "moves": "deal,from_stage,to_stage,at\n" + "".join(lines),
        }
    )
    now = start + timedelta(days=30)
    with crm.db.read() as db:
        stood = {one.deal.key: one for one in standings.standings(db, 1, now, keys=keys)}
        known = stages(db, 1)
        took = {
            stage.number: sorted(db.execute(standings.stays(1, stage.number, later(stage, known), now)).scalars())
            for stage in known
        }
    for key in keys:
        mine = [move for move in made if move.deal == key]
        assert stood[key].entered == entered(stood[key].deal, mine, now)
    for stage in known:
        left = [m for m in made if m.from_stage == stage.number and m.to_stage in later(stage, known) and m.at <= now]
        stays = [stay(stood[m.deal].deal, [o for o in made if o.deal == m.deal], m) for m in left]
        mine_now = [s.total_seconds() for s in stays if s is not None]
        for seconds in mine_now:
            assert seconds in took[stage.number]
            took[stage.number].remove(seconds)


def test_what_is_usual_is_what_nine_in_ten_took(crm: Crm) -> None:
    head = "deal,owner,stage,status,created\n", "deal,from_stage,to_stage,at\n"
    days = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4, 6]
    deals = "".join(f"D{n},li,Demo,open,2026-05-01T00:00:00Z\n" for n in range(len(days)))
    moves = "".join(f"D{n},Lead,Demo,2026-05-{1 + day:02}\n" for n, day in enumerate(days))
    crm.bring(
        {"stages": FILES["stages"], "deals": head[0] + deals, "moves": head[1] + moves + "D0,Lead,lost,2026-05-31\n"}
    )
    lead = crm.stages()["Lead"]
    assert (lead.usual, lead.usual_of) == (timedelta(days=percentile(sorted(days), 0.9)), len(days))
    assert crm.stages()["Demo"].usual is None


def test_open_deals_older_than_any_that_closed(crm: Crm) -> None:
    with crm.db.read() as db:
        assert service.outlived(db, 1, NOW) == 0
    crm.bring()  # D3 took 49 days; D1 is 41 days old, D2 71
    with crm.db.read() as db:
        assert service.outlived(db, 1, NOW) == 1
        assert service.outlived(db, 1, NOW + timedelta(days=9)) == 2
