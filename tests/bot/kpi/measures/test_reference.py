"""What the database counts is what plain Python counts, on small pictures with all that CRMs do to deals."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.crm.model import LOST, NONE, WON, Account, Deal, Lead, Move, Stage, Status, Touch
from bot.crm.store import EVER, TABLES, save_stages, state
from bot.db import Database, insert_new
from bot.kpi.measures import numbers as counted
from bot.kpi.measures.look import Look
from bot.kpi.measures.table import MEASURES
from bot.kpi.model import Scope
from tests.bot.kpi.measures import reference
from tests.bot.kpi.measures.reference import Picture
from tests.databases import migrated

NOW = datetime(2026, 6, 11, 1, 0, tzinfo=UTC)
STAGES = [
    Stage(1, "Lead", 1.0, stall_days=10.0, touch_days=7.0),
    Stage(2, "Demo", 2.0, touch_days=5.0, usual=timedelta(days=12), usual_of=30),
    Stage(3, "Offer", 3.0, stall_days=4.0),
]
LIVE, DEAD, AHEAD = {"since": 1, "until": EVER}, {"since": 1, "until": 2}, {"since": 3, "until": EVER - 1}

owners = st.sampled_from(["li", "anna", "nobody"])
minutes = st.one_of(st.integers(-12 * 24 * 60, 24 * 60), st.integers(-40 * 24 * 60, 3 * 24 * 60))
times = minutes.map(lambda minutes: NOW + timedelta(minutes=minutes))
long_ago = st.integers(-420 * 24, -1).map(lambda hours: NOW + timedelta(hours=hours))
amounts = st.sampled_from([None, 0.0, -50.0, 100.0, 250.0])
stage_numbers = st.sampled_from([1, 2, 3])


@st.composite
def deals(draw: st.DrawFn, key: str) -> Deal:
    status = draw(st.sampled_from(list(Status)))
    stage = {Status.WON: WON, Status.LOST: LOST}.get(status) or draw(stage_numbers)
    closed = None if status is Status.OPEN else draw(times)
    account, currency = draw(st.sampled_from(["A1", "A2", "A3"])), draw(st.sampled_from(["EUR", "CNY"]))
    created = draw(st.one_of(long_ago, times))
    return Deal(key, key, account, draw(owners), "", draw(amounts), currency, stage, status, "", created, closed=closed)


@st.composite
def pictures(draw: st.DrawFn) -> Picture:
    keys = [f"D{n}" for n in range(draw(st.integers(0, 4)))]
    known = st.sampled_from([*keys, "D99"])  # the last one never comes
    ends = st.sampled_from([NONE, 1, 2, 3, WON, LOST])
    moves = draw(st.lists(st.builds(Move, known, ends, st.sampled_from([1, 2, 3, WON, LOST]), times), max_size=14))
    touched = st.builds(
        Touch,
        st.sampled_from([*keys, ""]),
        st.sampled_from(["A1", "A2"]),
        owners,
        st.just("call"),
        st.just("out"),
        times,
    )
    leads = st.builds(
        Lead, st.just(""), st.sampled_from(["web", "fair"]), owners, times, st.none(), st.one_of(known, st.just(""))
    )
    return Picture(
        STAGES,
        [
            Account(
                k,
                draw(st.sampled_from(["", k])),
                "retail",
                draw(st.sampled_from(["", "north"])),
                "",
                draw(owners),
                draw(st.sampled_from(["", "Kim"])),
            )
            for k in ("A1", "A2", "A3")
        ],
        [draw(deals(key)) for key in keys],
        list({(m.deal, m.at, m.to_stage): m for m in moves}.values()),
        draw(st.lists(touched, max_size=8)),
        draw(st.lists(leads, max_size=6)),
    )


workspaces = itertools.count(100)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = migrated(f"sqlite:///{tmp_path_factory.mktemp('picture') / 'test.db'}")
    yield database
    database.close()


def keep(db: Database, picture: Picture) -> int:
    """The picture in a workspace of its own, between versions that do not count."""
    workspace = next(workspaces)
    with db.begin() as connection:
        insert_new(connection, state, [{"workspace_id": workspace, "generation": 2, "pending": 3}])
        save_stages(connection, workspace, picture.stages)
        kinds: Mapping[str, list[Any]] = {
            "accounts": picture.accounts,
            "deals": picture.deals,
            "moves": picture.moves,
            "touches": picture.touches,
            "leads": picture.leads,
        }
        for kind, values in kinds.items():
            for version in (LIVE, DEAD, AHEAD):
                rows = [row(kind, value, at) | {"workspace_id": workspace} | version for at, value in enumerate(values)]
                rows = rows if version is LIVE else [one | other(kind) for one in rows]
                insert_new(connection, TABLES[kind], rows)
    return workspace


def row(kind: str, value: Any, at: int) -> dict[str, Any]:
    told = asdict(value)
    key = told.pop("key", None)
    if kind == "leads":
        key = f"L{at}"
    if key is not None:
        told[kind.removesuffix("s")] = key
    if kind == "touches":
        told["mark"] = at
    return told


def other(kind: str) -> dict[str, Any]:
    """What a version that does not count says instead."""
    return {
        "deals": {"status": "won", "stage": WON, "closed": NOW - timedelta(days=2), "amount": 9.0},
        "moves": {"from_stage": 2},
        "accounts": {"name": "x"},
        "touches": {},
        "leads": {},
    }[kind]


def values(
    db: Database, workspace: int, scope: Scope, name: str
) -> dict[tuple[str, str, str], tuple[float | None, int]]:
    with db.read() as connection:
        look = Look(connection, workspace, scope, NOW)
        return {at: (one.value, one.n) for at, one in counted.values(look, MEASURES[name], NOW.date()).items()}


WHOLE = ("", "", "")


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(picture=pictures(), whose=st.sampled_from([None, frozenset({"li"}), frozenset({"li", "anna"})]))
def test_the_database_counts_as_plain_python_does(
    house: Database, picture: Picture, whose: frozenset[str] | None
) -> None:
    workspace, scope, mine = keep(house, picture), Scope(whose), picture.of(whose)

    def found(name: str) -> dict[tuple[str, str, str], tuple[float | None, int]]:
        return values(house, workspace, scope, name)

    assert found("win_rate")[WHOLE] == reference.win_rate(mine, NOW)
    assert {at[2]: value for at, value in found("deal_size").items()} == reference.deal_size(mine, NOW)
    median, within, n = reference.cycle(mine, NOW)
    assert found("win_cycle")[WHOLE] == (median, n)
    assert found("won_in_90")[WHOLE] == (pytest.approx(within), n)
    assert {at[0]: value for at, value in found("dwell").items()} == reference.dwell(mine, NOW)
    assert found("stalled")[WHOLE] == reference.stalled_share(mine, NOW)
    assert found("coverage")[WHOLE] == reference.coverage(mine, NOW)
    assert found("lead_conversion")[WHOLE] == reference.lead_conversion(mine, NOW)
    share, accounts = reference.completeness(mine, NOW, picture)
    assert found("completeness")[WHOLE] == (pytest.approx(share), accounts)


MONDAY = date(2026, 6, 1)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(picture=pictures(), whose=st.sampled_from([None, frozenset({"li"})]))
def test_conversion_is_that_of_the_moves(house: Database, picture: Picture, whose: frozenset[str] | None) -> None:
    for deal in picture.deals:  # a deal that is closed without a move saying so is the funnel's own rule
        if not deal.open and deal.closed:
            picture.moves = [m for m in picture.moves if m.deal != deal.key]
            picture.moves.append(Move(deal.key, NONE, WON if deal.won else LOST, deal.closed - timedelta(days=90)))
    workspace, mine = keep(house, picture), picture.of(whose)
    told = values(house, workspace, Scope(whose), "conversion")
    told_n = {at[0]: n for at, (_, n) in told.items() if n}
    expected = reference.conversion(mine, MONDAY)
    assert told_n == {stage: n for stage, (n, _) in expected.items()}
    for stage, (n, k) in expected.items():
        assert told[stage, "", ""] == (k / n, n)
