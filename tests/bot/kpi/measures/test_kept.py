"""Whatever imports and chat do, in whatever order: what is told with a kept past is what is told without one."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.crm.changes import service as changes
from bot.crm.changes.model import Change, Kind
from bot.db import Connection, Database
from bot.errors import BotError
from bot.kpi import service
from bot.kpi.funnel import service as funnel
from bot.kpi.model import Number, Scope
from bot.kpi.past import refresh, store
from bot.kpi.stream import Stream
from bot.team import service as team
from tests.bot.crm.conftest import ROSTER, Crm
from tests.bot.kpi.measures.test_past import NOW, history, shorn
from tests.databases import migrated

SCOPES = [Scope(frozenset({"li"})), Scope(frozenset({"anna", "omar"})), Scope()]
OWNERS = ["li", "anna", "omar"]
STAGES = ["Lead", "Demo", "won", "lost"]

EXAMPLES = int(os.environ.get("PACELINE_EXAMPLES", "12"))

deal_keys = st.one_of(
    st.builds("D{}-{}".format, st.integers(0, 29), st.integers(0, 3)),
    st.builds("O{}".format, st.integers(1, 8)),
    st.builds("N{}".format, st.integers(0, 3)),
)
days = st.integers(-3, 200)  # before the present
times = st.builds(lambda day, hour: f"{NOW - timedelta(days=day, hours=hour):%FT%TZ}", days, st.integers(0, 23))


@st.composite
def deals(draw: st.DrawFn) -> tuple[str, str]:
    status = draw(st.sampled_from(["open", "won", "lost"]))
    stage = draw(st.sampled_from(["Lead", "Demo"] if status == "open" else ["Lead", "Demo", status]))
    closed = draw(times) if status != "open" else ""
    line = [draw(deal_keys), draw(st.sampled_from(["A1", "A2", "A3"])), draw(st.sampled_from(OWNERS))]
    line += [draw(st.sampled_from(["Cloud", "Data", ""])), str(draw(st.integers(-50, 900)))]
    line += [draw(st.sampled_from(["EUR", "CNY"])), stage, status, draw(times), closed]
    return "deals", "deal,account,owner,product_line,amount,currency,stage,status,created,closed\n" + ",".join(line)


@st.composite
def some_columns(draw: st.DrawFn) -> tuple[str, str]:
    """Only what a deal is worth, whose it is, or what it is about."""
    name, values = draw(st.sampled_from([("amount", ["1", "70"]), ("owner", OWNERS), ("product_line", ["Cloud", ""])]))
    return "deals", f"deal,{name}\nD{draw(st.integers(0, 29))}-0,{draw(st.sampled_from(values))}"


@st.composite
def moves(draw: st.DrawFn) -> tuple[str, str]:
    line = [draw(deal_keys), draw(st.sampled_from(["", "Lead", "Demo"])), draw(st.sampled_from(STAGES)), draw(times)]
    return "moves", "deal,from_stage,to_stage,at\n" + ",".join(line)


@st.composite
def touches(draw: st.DrawFn) -> tuple[str, str]:
    line = [draw(st.one_of(deal_keys, st.just(""))), draw(st.sampled_from(["A1", "A2"])), "li,call,out", draw(times)]
    return "touches", "deal,account,owner,kind,direction,at\n" + ",".join(line)


@st.composite
def leads(draw: st.DrawFn) -> tuple[str, str]:
    lead, born = f"LD{draw(st.integers(0, 29))}-{draw(st.integers(0, 4))}", draw(times)
    line = [lead, "web", draw(st.sampled_from(OWNERS)), born, draw(st.sampled_from(["", born])), draw(deal_keys)]
    return "leads", "lead,source,owner,created,first_response,deal\n" + ",".join(line)


@st.composite
def others(draw: st.DrawFn) -> tuple[str, str]:
    account, industry = draw(st.sampled_from(["A1", "A2", "A3"])), draw(st.sampled_from(["retail", "health", ""]))
    return draw(
        st.sampled_from(
            [
                ("accounts", f"account,name,industry,region,owner\n{account},Acme,{industry},north,li"),
                ("targets", f"team,owner,period,measure,target\n,li,2026-Q2,won,{len(industry) + 1}00"),
                ("stages", "stage,position,stall_days,touch_days\nLead,1,12,7\nDemo,2,10,5"),
                ("stages", "stage,position,stall_days,touch_days\nLead,2,10,7\nDemo,1,10,7"),
            ]
        )
    )


@st.composite
def said(draw: st.DrawFn) -> Change:
    return draw(
        st.one_of(
            st.builds(Change, st.just(Kind.DEAD), text=st.just("no budget")),
            st.builds(Change, st.just(Kind.OWNER), owner=st.sampled_from(OWNERS)),
            st.builds(Change, st.just(Kind.MOVED), stage=st.sampled_from([1, 2])),
        )
    )


imports = st.one_of(deals(), some_columns(), moves(), touches(), leads(), others())
steps = st.lists(st.one_of(imports, st.tuples(deal_keys, said()), st.just("keep"), st.just("a week")), max_size=7)


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Crm]:
    """In a file, which can be copied."""
    db = migrated(f"sqlite:///{tmp_path / 'first.db'}")
    with db.begin() as connection:
        assert not team.import_roster(connection, 1, ROSTER, NOW).faults
    crm = Crm(db, tmp_path)
    crm.bring(history())
    refresh.refresh(crm.db, 1, SCOPES, NOW)
    yield crm
    db.close()


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps, st.booleans())
def test_numbers_never_depend_on_what_is_kept(filled: Crm, steps: list[object], kept: bool) -> None:
    crm, now = again(filled), NOW
    for step in steps:
        if step == "keep":
            refresh.refresh(crm.db, 1, SCOPES, now)
        elif step == "a week":
            now += timedelta(weeks=1)
        else:
            do(crm, step, now)
    if kept:
        refresh.refresh(crm.db, 1, SCOPES, now)
    with crm.db.engine.connect() as db:
        told = [looked(db, scope, now) for scope in SCOPES]
        for table in (store.looked, store.past, store.exits):
            db.execute(table.delete())
        assert told == [looked(db, scope, now) for scope in SCOPES]
        db.rollback()
    crm.db.close()


def again(filled: Crm) -> Crm:
    """The same picture once more."""
    path = filled.home / "again.db"
    for old in filled.home.glob("again.db*"):
        old.unlink()
    with closing(sqlite3.connect(str(filled.db.engine.url.database))) as one, closing(sqlite3.connect(path)) as other:
        one.backup(other)
    return Crm(Database(f"sqlite:///{path}"), filled.home, filled._folders)


def do(crm: Crm, step: object, now: datetime) -> None:
    assert isinstance(step, tuple)
    about, what = step
    if isinstance(what, str):
        crm.take({about: what + "\n"}, now=now)  # may be refused
        return
    try:
        with crm.db.begin() as db:
            changes.change(db, crm.person("ada"), about, what, now)
    except BotError:
        pass  # there is no such deal, or it is closed


def looked(db: Connection, scope: Scope, now: datetime) -> tuple[list[Number], list[Stream]]:
    numbers = [shorn(one) for one in service.numbers_of(db, 1, scope, now)]
    by = funnel.EVERY if scope.owners is not None else funnel.EVERY[:3]
    streams = funnel.streams(db, 1, now, UTC, owners=scope.owners, by=by)
    return numbers, list(streams)
