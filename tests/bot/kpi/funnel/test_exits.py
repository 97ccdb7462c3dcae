"""What leaves a stage in a week, and what of it is a conversion."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.kpi.funnel.service import stages
from tests.bot.kpi.funnel.conftest import ACCOUNTS, DEALS, MOVES, NOW, STAGES, Funnel

W20, W21 = "2026-05-13", "2026-05-20"


@pytest.mark.parametrize(
    ("moves", "lead", "demo"),
    [
        (["D,Lead,Demo"], (1, 1), None),
        (["D,Lead,Offer"], (1, 1), None),  # Demo was skipped: neither entered nor left
        (["D,Lead,won"], (1, 1), None),
        (["D,Lead,lost"], (1, 0), None),
        (["D,Demo,Lead"], None, (1, 0)),
        (["D,,Lead"], None, None),
        (["D,won,Lead", "D,lost,Demo"], None, None),
        (["D,Lead,Lead"], None, None),
        (["D,Lead,Nowhere", "D,Nowhere,Demo"], None, None),  # stages.csv has no such stage
        (["D,Lead,Demo", "D,Demo,Lead", "D,Lead,Demo"], (2, 2), (1, 0)),  # left twice, decided twice
        (["D,Lead,Demo", "E,Lead,lost", "F,Lead,won"], (3, 2), None),
    ],
)
def test_the_course_of_a_move_decides(
    funnel: Funnel, moves: list[str], lead: tuple[int, int] | None, demo: tuple[int, int] | None
) -> None:
    funnel.moved([f"{move},{W20}T10:{at:02}:00Z" for at, move in enumerate(moves)])
    assert funnel.counts("Lead").get("2026-W20") == lead
    assert funnel.counts("Demo").get("2026-W20") == demo


def test_what_is_still_to_come_does_not_count_nor_what_has_no_deal(funnel: Funnel) -> None:
    rows = [f"D,Lead,Demo,{W20}", "D,Demo,Offer,2026-06-12", "D,Offer,won,2026-07-01"]
    deals = "D,,li,Cloud,Lead,open,2025-01-01,\n"
    funnel.bring({"stages": STAGES, "deals": DEALS + deals, "moves": MOVES + "\n".join([*rows, f"X,Lead,Demo,{W20}"])})
    assert funnel.counts("Lead") == {"2026-W20": (1, 1)}
    assert funnel.counts("Demo") == {}
    assert funnel.counts("Demo", now=NOW + timedelta(days=7)) == {"2026-W24": (1, 1)}
    funnel.bring({"deals": DEALS + deals.replace("D,", "X,", 1)})
    assert funnel.counts("Lead") == {"2026-W20": (2, 2)}


def test_a_week_is_cut_where_the_workspace_is(funnel: Funnel) -> None:
    funnel.moved(["D,Lead,Demo,2026-05-17T17:00:00Z"])  # Monday morning in Shanghai
    assert funnel.counts("Lead") == {"2026-W20": (1, 1)}
    assert funnel.counts("Lead", zone=ZoneInfo("Asia/Shanghai")) == {"2026-W21": (1, 1)}


def test_segments_and_owners(funnel: Funnel) -> None:
    deals = [
        "D1,A1,li,Cloud,Lead,open,2026-01-01,",
        "D2,A2,anna,Cloud,Lead,open,2026-01-01,",
        "D3,A2,anna,,Lead,open,2026-01-01,",
        "D4,A9,omar,Data,Lead,open,2026-01-01,",
        "D5,,omar,Data,Lead,open,2026-01-01,",
    ]
    funnel.bring(
        {
            "stages": STAGES,
            "accounts": ACCOUNTS + "A1,宏达医疗,Medical,East\nA2,Acme,Retail,\n",
            "deals": DEALS + "\n".join(deals),
            "moves": MOVES + "\n".join(f"D{n},Lead,{'lost' if n == 3 else 'Demo'},{W20}" for n in range(1, 6)),
        },
        now=NOW,
    )
    found = {s.segment: [(p.n, p.k) for p in s.periods if p.n] for s in funnel.streams() if s.stage == "Lead"}
    assert found == {
        None: [(5, 4)],
        "product_line=Cloud": [(2, 2)],
        "product_line=Data": [(2, 2)],
        "industry=Medical": [(1, 1)],
        "industry=Retail": [(2, 1)],
        "region=East": [(1, 1)],
        "owner=li": [(1, 1)],
        "owner=anna": [(2, 1)],
        "owner=omar": [(2, 2)],
    }
    assert [s.segment for s in funnel.streams(by=("region",), owners=["anna"])] == [None]
    assert funnel.counts("Lead", owners=["anna", "omar"]) == {"2026-W20": (4, 3)}
    assert funnel.streams(owners=[]) == []
    assert {s.measure for s in funnel.streams()} == {"conversion"}


def test_a_deal_counts_with_all_its_history_for_whoever_owns_it_now(funnel: Funnel) -> None:
    funnel.moved([f"D,Lead,Demo,{W20}"])
    funnel.bring({"deals": DEALS + "D,,anna,Data,Demo,open,2025-01-01,\n"})
    assert funnel.counts("Lead", "owner=li") == {}
    assert funnel.counts("Lead", "owner=anna") == funnel.counts("Lead", "product_line=Data") == {"2026-W20": (1, 1)}


@pytest.mark.parametrize(
    ("row", "moves", "counted"),
    [
        (f"D,,li,,Demo,won,2026-01-01,{W20}", [], {"Demo": (1, 1)}),
        (f"D,,li,,Demo,lost,2026-01-01,{W20}", [], {"Demo": (1, 0)}),
        (f"D,,li,,won,won,2026-01-01,{W20}", [], {"Offer": (1, 1)}),  # it was in the last of all
        (f"D,,li,,Offer,lost,2026-01-01,{W20}", [f"D,Lead,Demo,{W20}"], {"Lead": (1, 1), "Demo": (1, 0)}),
        (f"D,,li,,won,won,2026-01-01,{W20}", [f"D,Lead,won,{W20}"], {"Lead": (1, 1)}),  # a move tells it already
        (f"D,,li,,won,won,2026-01-01,{W20}", [f"D,Lead,Demo,{W20}", f"D,Demo,won,{W20}"],  # in the same second
         {"Lead": (1, 1), "Demo": (1, 1)}),
        # lost, reopened, and won: only the last close has no move
        (f"D,,li,,won,won,2026-01-01,{W20}", [f"D,Lead,lost,{W20}T01:00", f"D,lost,Demo,{W20}T02:00"],
         {"Lead": (1, 0), "Demo": (1, 1)}),
        ("D,,li,,Demo,won,2026-01-01,", [], {}),  # who knows when
        ("D,,li,,Demo,won,2026-01-01,2026-06-30", [], {}),
        (f"D,,li,,Demo,open,2026-01-01,{W20}", [], {}),
    ],
)  # fmt: skip
def test_a_deal_that_closed_without_a_move_left_its_last_stage_then(
    funnel: Funnel, row: str, moves: list[str], counted: dict[str, tuple[int, int]]
) -> None:
    files = {"stages": STAGES, "deals": DEALS + row}
    funnel.bring(files | ({"moves": MOVES + "\n".join(moves)} if moves else {}), now=NOW)
    found = {stage: funnel.counts(stage).get("2026-W20") for stage in ("Lead", "Demo", "Offer")}
    assert {stage: count for stage, count in found.items() if count} == counted


def test_deals_alone_have_a_conversion(funnel: Funnel) -> None:
    rows = [f"D{n},,li,,{'Talks' if n % 2 else 'won'},{'lost' if n % 2 else 'won'},2026-01-01,{W20}" for n in range(6)]
    funnel.bring({"deals": DEALS + "\n".join(rows)}, now=NOW)
    assert funnel.counts("Talks") == {"2026-W20": (6, 3)}


def test_stages_that_nobody_listed_are_read_off_the_moves(funnel: Funnel) -> None:
    rows = [f"D{n},Lead,Demo,{W20}T0{n}:00" for n in range(6)]
    rows += [f"D{n},Demo,Offer,{W20}T1{n}:00" for n in range(4)] + [f"D4,Demo,Lead,{W20}T15:00", f"D0,Offer,won,{W21}"]
    funnel.moved(rows[::-1], stages="")
    with funnel.db.read() as db:
        assert [stage.name for stage in stages(db, 1)] == ["Lead", "Demo", "Offer"]
    assert funnel.counts("Lead") == {"2026-W20": (6, 6)}
    assert funnel.counts("Demo") == {"2026-W20": (5, 4)}
    assert funnel.counts("Offer") == {"2026-W21": (1, 1)}


def test_a_renamed_stage_goes_on_under_its_new_name(funnel: Funnel) -> None:
    funnel.moved([f"D,Lead,Demo,{W20}"])
    funnel.bring({"stages": STAGES.replace("Lead", "Enquiry")})
    assert funnel.counts("Enquiry") == {"2026-W20": (1, 1)}
    assert funnel.counts("Lead") == {}


def test_a_week_is_complete_once_the_source_was_heard_after_it(funnel: Funnel) -> None:
    funnel.moved(["D,Lead,Demo,2026-05-20"])  # heard on the Thursday of W24
    later = NOW + timedelta(days=14)
    known = {p.week: p.complete for p in funnel.streams(now=later)[0].periods}
    assert known == {"2026-W21": True, "2026-W24": False, "2026-W25": False}
    assert all(p.complete for p in funnel.streams(now=later, trust=True)[0].periods)
    funnel.bring({"deals": DEALS}, now=later)  # deals alone do not say what moved
    assert not funnel.streams(now=later)[0].periods[-1].complete
    funnel.bring({"moves": MOVES}, now=later)
    assert [(p.week, p.n, p.complete) for p in funnel.streams(now=later)[0].periods][-1] == ("2026-W25", 0, True)


def test_the_deals_behind_a_week_are_those_that_its_stream_counts(funnel: Funnel) -> None:
    deals = f"D1,A1,li,Cloud,Demo,open,2026-01-01,\nD2,A2,anna,Cloud,lost,lost,2026-01-01,{W20}T09:00:00Z\n"
    funnel.bring({"stages": STAGES, "accounts": ACCOUNTS + "A1,宏达医疗,Medical,East\n", "deals": DEALS + deals})
    moves = f"D1,Lead,Demo,{W20}T08:00:00Z\nD1,Demo,Lead,{W20}T10:00:00Z\nD2,,Lead,{W20}T07:00:00Z\nD1,Lead,Lead,{W20}"
    funnel.bring({"moves": MOVES + moves})
    found = funnel.exits("Lead", "2026-W20")
    assert [(e.deal, e.account, e.owner, e.advanced, e.lost) for e in found] == [
        ("D1", "宏达医疗", "li", True, False),
        ("D2", "A2", "anna", False, True),
    ]
    assert found[0].at == datetime(2026, 5, 13, 8, tzinfo=UTC)
    assert funnel.counts("Lead") == {"2026-W20": (2, 1)}
    assert [e.deal for e in funnel.exits("Lead", "2026-W20", owners=["anna"])] == ["D2"]
    assert [e.deal for e in funnel.exits("Lead", "2026-W20", segment="industry=Medical")] == ["D1"]
    assert [e.deal for e in funnel.exits("Lead", "2026-W20", segment="owner=anna")] == ["D2"]
    assert [(e.deal, e.advanced) for e in funnel.exits("Demo", "2026-W20")] == [("D1", False)]
    assert funnel.exits("Lead", "2026-W21") == funnel.exits("Nowhere", "2026-W20") == []


def test_nothing_known_gives_no_streams(funnel: Funnel) -> None:
    assert funnel.streams() == []
    funnel.moved(["D,,Lead,2026-05-20"])
    assert funnel.streams() == []
    assert funnel.streams(now=datetime(2020, 1, 1, tzinfo=UTC)) == []


def test_another_workspace_is_another_company(funnel: Funnel) -> None:
    funnel.moved([f"D,Lead,Demo,{W20}"])
    rows = {"deals": DEALS + "D,,li,,Lead,open,2025-01-01,", "moves": MOVES + f"D,Lead,lost,{W20}"}
    funnel.take({"stages": STAGES, **rows}, workspace=2, now=NOW)
    assert funnel.counts("Lead") == {"2026-W20": (1, 1)}
