"""What is kept of the past gives the same numbers, and is counted anew where an import changed it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.kpi import service
from bot.kpi.model import Number, Scope
from bot.kpi.past import refresh, store
from bot.kpi.past.model import Past
from bot.kpi.stream import State
from tests.bot.crm.conftest import Crm

NOW = datetime(2026, 6, 11, 1, 0, tzinfo=UTC)
LI = Scope(frozenset({"li"}))
STAGES = "stage,position,stall_days,touch_days\nLead,1,10,7\nDemo,2,10,7\n"


def history(weeks: int = 30, owner: str = "li") -> dict[str, str]:
    """A few deals a week that come, advance and are won or lost; one of them is touched."""
    deals, moves = ["deal,account,owner,amount,currency,stage,status,created,closed"], ["deal,from_stage,to_stage,at"]
    touches, leads = ["deal,account,owner,kind,direction,at"], ["lead,source,owner,created,first_response,deal"]
    for week in range(weeks):
        for n in range(4):
            key, born = f"D{week}-{n}", NOW - timedelta(weeks=week + 3, days=n)
            left, closed = born + timedelta(days=5 + n), born + timedelta(days=14 + n)
            end = "won" if (week + n) % 3 else "lost"
            moves += [f"{key},Lead,Demo,{left:%FT%TZ}", f"{key},Demo,{end},{closed:%FT%TZ}"]
            deals.append(f"{key},A1,{owner},{100 + 10 * n},EUR,{end},{end},{born:%FT%TZ},{closed:%FT%TZ}")
            touches.append(f"{key},A1,{owner},call,out,{left:%FT%TZ}")
            leads.append(f"L{key},web,{owner},{born:%FT%TZ},{born + timedelta(hours=3 + n):%FT%TZ},{key}")
    deals += [f"O{n},A1,{owner},50,EUR,Lead,open,{NOW - timedelta(days=6 * n):%FT%TZ}," for n in range(1, 9)]
    files = {"deals": deals, "moves": moves, "touches": touches, "leads": leads}
    return {"stages": STAGES} | {kind: "\n".join(lines) + "\n" for kind, lines in files.items()}


def numbers(crm: Crm, scope: Scope = LI, now: datetime = NOW) -> list[Number]:
    with crm.db.read() as db:
        return service.numbers_of(db, 1, scope, now)


def from_scratch(crm: Crm, scope: Scope = LI, now: datetime = NOW) -> list[Number]:
    """The numbers with nothing kept."""
    with crm.db.engine.connect() as db:
        for table in (store.looked, store.past, store.exits):
            db.execute(table.delete())
        found = [shorn(one) for one in service.numbers_of(db, 1, scope, now)]
        db.rollback()
    return found


def recalled(crm: Crm, scope: Scope = LI, now: datetime = NOW) -> Past:
    with crm.db.read() as db:
        return refresh.recall(db, 1, scope, now)


def is_kept(crm: Crm, scope: Scope = LI, now: datetime = NOW) -> bool:
    with crm.db.read() as db:
        return bool(refresh.recall(db, 1, scope, now))


def test_what_is_kept_gives_the_same_numbers(crm: Crm) -> None:
    crm.bring(history())
    fresh = numbers(crm)
    assert not is_kept(crm)
    assert refresh.refresh(crm.db, 1, [LI], NOW) == 1
    assert is_kept(crm)
    kept = numbers(crm)
    noted = {"completeness", "freshness"}
    assert [one for one in kept if one.kpi not in noted] == [one for one in fresh if one.kpi not in noted]
    assert {one.state for one in fresh if one.kpi == "win_rate"} == {State.OK}
    with crm.db.read() as db:
        points = service.trend(db, crm.person("li"), "win_rate", NOW)
        assert len(points) == 13
        assert all(point.value is not None for point in points)


def row(key: str, status: str, closed: str, owner: str = "li") -> str:
    head = "deal,account,owner,amount,currency,stage,status,created,closed\n"
    return head + f"{key},A1,{owner},100,EUR,{status},{status},2026-04-01T00:00:00Z,{closed}\n"


CHANGES = {
    "a deal closed weeks ago, it says now": {"deals": row("O8", "won", "2026-04-28T00:00:00Z")},
    "a deal goes to somebody else": {"deals": row("D9-1", "won", "2026-03-28T00:00:00Z", "anna")},
    "a move of long ago": {"moves": "deal,from_stage,to_stage,at\nO3,Lead,Demo,2026-05-26T00:00:00Z\n"},
    "a touch of last week": {
        "touches": "deal,account,owner,kind,direction,at\nO8,A1,li,visit,out,2026-06-05T00:00:00Z\n"
    },
    "an answer of long ago": {
        "leads": "lead,owner,created,first_response\nLD5-1,li,2026-04-15T00:00:00Z,2026-04-20T00:00:00Z\n"
    },
    "nothing of the past": {
        "touches": "deal,account,owner,kind,direction,at\nO8,A1,li,visit,out,2026-06-10T09:00:00Z\n"
    },
}


@pytest.mark.parametrize("what", CHANGES)
def test_an_import_that_changes_the_past_is_noticed(crm: Crm, what: str) -> None:
    crm.bring(history())
    refresh.refresh(crm.db, 1, [LI], NOW)
    crm.bring(CHANGES[what])
    fresh = from_scratch(crm)
    assert [shorn(one) for one in numbers(crm)] == fresh  # at once, by what is noted of the change
    refresh.refresh(crm.db, 1, [LI], NOW)
    assert [shorn(one) for one in numbers(crm)] == fresh
    assert len(recalled(crm)) > 100


def shorn(one: Number) -> Number:
    """Without the past of what can only be noted from day to day."""
    return (
        replace(one, usual=None, low=None, high=None, change=None, state=State.OK)
        if one.kpi in ("completeness",)
        else one
    )


def test_the_past_moves_on_with_the_week(crm: Crm) -> None:
    crm.bring(history())
    refresh.refresh(crm.db, 1, [LI], NOW)
    later = NOW + timedelta(weeks=1)
    fresh = [shorn(one) for one in numbers(crm, now=later)]
    assert fresh == from_scratch(crm, now=later)
    refresh.refresh(crm.db, 1, [LI], later)
    assert is_kept(crm, now=later)
    assert [shorn(one) for one in numbers(crm, now=later)] == fresh


def test_records_are_noted_from_week_to_week(crm: Crm) -> None:
    crm.bring(history() | {"accounts": "account,name,industry,region,owner\nA1,Acme,retail,north,li\n"})
    for week in range(6):
        refresh.refresh(crm.db, 1, [LI], NOW + timedelta(weeks=week))
    told = next(one for one in numbers(crm, now=NOW + timedelta(weeks=6)) if one.kpi == "completeness")
    assert told.usual == pytest.approx(2 / 3)


def test_all_scopes_that_somebody_sees_are_kept_when_it_is_due(crm: Crm) -> None:
    assert not service.keep_past(crm.db, 1, NOW)  # nothing was imported yet
    crm.bring(history())
    assert service.keep_past(crm.db, 1, NOW)
    assert not service.keep_past(crm.db, 1, NOW)
    with crm.db.read() as db:
        for key in ("mei", "ada"):
            assert refresh.recall(db, 1, service.scope_of(db, crm.person(key)), NOW)
        assert refresh.recall(db, 1, service.team_scope(db, 1, "East"), NOW)
