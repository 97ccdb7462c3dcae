"""Made-up CRMs: the same seed the same bytes, a true funnel, faults that the import names, a drop that is seen."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot import demo_company
from bot.crm import service
from bot.crm.imports import Import, import_folder
from bot.crm.notices import What
from bot.db import Database
from bot.demo_deals.faults import FAULTS, GONE
from bot.demo_deals.folder import write
from bot.demo_deals.funnel import FUNNEL
from bot.demo_deals.plan import Drop, Plan, Seller
from bot.demo_deals.rows import HEADS, rows
from bot.kpi.backtest import told
from bot.kpi.stream import Period, State, Stream
from bot.kpi.weeks import week_of
from bot.team import service as team

NOW = datetime(2026, 6, 11, 9, 0, tzinfo=UTC)
SELLERS = (
    Seller("li", "East", "Asia/Shanghai", "zh", "East China", "Sensors", "CNY"),
    Seller("anna", "West", "Europe/Berlin", "en", "DACH", "Analytics", "EUR"),
    Seller("tunde", "West", "Africa/Lagos", "en", "", "Analytics", "EUR"),
)
PLAN = Plan(NOW, SELLERS, deals=1_500, faults=0)
NAMES = [phase.name for phase in FUNNEL]


def table(plan: Plan, kind: str) -> list[dict[str, str]]:
    return [dict(zip(HEADS[kind], row, strict=True)) for name, some in rows(plan) if name == kind for row in some]


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    counts = write(PLAN, tmp_path / "a")
    write(PLAN, tmp_path / "b")
    write(replace(PLAN, seed=2), tmp_path / "c")
    first, again, other = (content(tmp_path / name) for name in "abc")
    assert first == again
    assert all(first[name] != other[name] for name in ("accounts.csv", "deals.csv", "moves.csv", "touches.csv"))
    assert counts["deals"] == 1_500
    assert {name: len(text.splitlines()) - 1 for name, text in first.items()} == {
        f"{kind}.csv": n for kind, n in counts.items()
    }


def test_rows_come_a_few_at_a_time() -> None:
    assert max(len(some) for _, some in rows(replace(PLAN, deals=9_000))) <= 500


def test_deals_go_through_the_funnel_in_working_hours() -> None:
    moves = defaultdict(list)
    for move in table(PLAN, "moves"):
        moves[move["deal"]].append(move)
        at = datetime.fromisoformat(move["at"])
        assert at.weekday() < 5
        assert time(9) <= at.time() < time(18)
        assert at <= NOW
    for deal in table(PLAN, "deals"):
        path = moves[deal["deal"]]
        assert path[0]["at"] == deal["created"]
        assert path[0]["from_stage"] == ""
        assert all(a["to_stage"] == b["from_stage"] for a, b in pairwise(path))
        assert path[-1]["to_stage"] == deal["stage"]
        assert deal["closed"] == ("" if deal["status"] == "open" else path[-1]["at"])


def test_deals_go_back_skip_and_reopen() -> None:
    places = {name: n for n, name in enumerate(NAMES)}
    steps = Counter(
        places[move["to_stage"]] - places[move["from_stage"]]
        for move in table(PLAN, "moves")
        if move["to_stage"] in places and move["from_stage"] in places
    )
    assert steps[1] > 10 * steps[-1] > 0
    assert steps[2] > 0
    assert any(move["from_stage"] == "lost" for move in table(PLAN, "moves"))


def test_touches_lie_within_a_deals_life_and_are_answered() -> None:
    deals = {deal["deal"]: deal for deal in table(PLAN, "deals")}
    touches = table(PLAN, "touches")
    assert 7 < len(touches) / len(deals) < 13
    for touch in touches:
        if touch["deal"]:
            deal, at = deals[touch["deal"]], datetime.fromisoformat(touch["at"])
            assert datetime.fromisoformat(deal["created"]) <= at
            assert at <= (datetime.fromisoformat(deal["closed"]) if deal["closed"] else NOW)
    assert {touch["kind"] for touch in touches} == {"call", "visit", "email", "im", "meeting", "demo", "quote"}


def test_more_is_won_at_the_end_of_a_quarter() -> None:
    won = Counter(
        date.fromisoformat(deal["closed"][:10]).month % 3
        for deal in table(replace(PLAN, deals=4_000), "deals")
        if deal["status"] == "won"
    )
    assert won[0] > 1.2 * max(won[1], won[2])


def test_customers_are_called_differently() -> None:
    accounts = table(replace(PLAN, deals=3_000), "accounts")
    assert len({account["name"] for account in accounts}) > 0.95 * len(accounts)
    assert len({account["industry"] for account in accounts}) == 7


def imported(db: Database, plan: Plan, folder: Path) -> Import:
    write(plan, folder)
    roster = "person,name,team,role,timezone,product_line\n" + "".join(
        f"{s.key},{s.key},{s.team},rep,{s.zone},{s.product_line}\n" for s in plan.sellers
    )
    with db.begin() as connection:
        assert not team.import_roster(connection, 1, roster.encode(), NOW).faults
    return import_folder(db, 1, folder, NOW)


def test_without_faults_the_import_has_nothing_to_say(db: Database, tmp_path: Path) -> None:
    done = imported(db, PLAN, tmp_path / "crm")
    assert not done.faults
    assert not done.notices


def test_the_import_names_every_fault(db: Database, tmp_path: Path) -> None:
    plan = replace(PLAN, faults=0.01)
    done = imported(db, plan, tmp_path / "crm")
    assert not done.faults
    named = {notice.what: notice for notice in done.notices}
    assert named.keys() == {What.OWNER, What.NAME, What.DEAL, What.FUTURE, What.NEGATIVE, What.NO_ACCOUNT}
    assert named[What.OWNER].examples[0].found == GONE
    assert all(0 < notice.rows < 0.03 * plan.deals for notice in done.notices)
    amounts = Counter(deal["amount"] for deal in table(plan, "deals"))
    assert amounts["0"]
    assert amounts[""]
    assert len(FAULTS) == len(named) + 2


def streams(plan: Plan) -> list[Stream]:
    """Of each stage, and of each of its industries, how many left it a week and how many of them advanced."""
    industry = {account["account"]: account["industry"] for account in table(plan, "accounts")}
    of = {deal["deal"]: industry[deal["account"]] for deal in table(plan, "deals") if deal["account"]}
    places = {name: n for n, name in enumerate([*NAMES, "won"])}
    left: dict[tuple[str, str | None], dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    last = week_of((plan.now - timedelta(weeks=1)).date())
    for move in table(plan, "moves"):
        stage, week = move["from_stage"], week_of(date.fromisoformat(move["at"][:10]))
        if stage in places and move["deal"] in of and week <= last:
            for segment in (None, f"industry={of[move['deal']]}"):
                left[stage, segment][week].append(places.get(move["to_stage"], -1) > places[stage])
    return [
        Stream("conversion", stage, segment, tuple(Period(w, len(k), sum(k)) for w, k in sorted(weeks.items())))
        for (stage, segment), weeks in left.items()
    ]


def test_a_drop_is_seen_where_it_was_put() -> None:
    since = "2026-W12"
    found = {(s.stage, s.segment): s for s in streams(replace(PLAN, deals=4_000, drop=Drop(2, since, 0.4, "medical")))}

    def beside_others(stage: str) -> float:
        """The rate at medical customers since then, as a share of that at all others."""
        whole, part = (
            [period for period in found[stage, segment].periods if period.week >= since]
            for segment in (None, "industry=medical")
        )
        n, k = sum(p.n for p in part), sum(p.k for p in part)
        return k / n / ((sum(p.k for p in whole) - k) / (sum(p.n for p in whole) - n))

    assert beside_others("Demo") == pytest.approx(0.4, abs=0.15)
    assert beside_others("Discovery") == pytest.approx(1, abs=0.2)


@pytest.mark.parametrize("at", ["2026-06-11T09:00:00+00:00", "2026-11-24T23:00:00+00:00", "2027-01-04T02:00:00+00:00"])
def test_the_demo_has_an_alert_and_deals_at_risk(db: Database, tmp_path: Path, at: str) -> None:
    plan = demo_company.crm(datetime.fromisoformat(at))
    open_now: dict[tuple[str, str | None], State] = {}
    for judged in told(streams(plan)):
        open_now[judged.row.stage, judged.row.segment] = judged.row.state
    assert open_now["Demo", None] is State.ALERT

    write(plan, tmp_path / "crm")
    with db.begin() as connection:
        assert not team.import_roster(connection, 1, demo_company.ROSTER.encode(), plan.now).faults
    assert not import_folder(db, 1, tmp_path / "crm", plan.now).faults
    with db.read() as look:
        you = team.find_person(look, 1, demo_company.YOU)
        assert you is not None
        risks = service.at_risk(look, you, you, plan.now)
    assert risks[0].standing.account == "Suhe Textiles"
    assert len(risks[0].reasons) >= 3
