"""Alerts from the CRM's files to the buttons: what opens, who hears of it, what they say, how it ends."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from bot.crm import service as crm
from bot.crm.store import stage as stages
from bot.kpi.alerts import service, store
from bot.kpi.alerts.model import Alert, Facts, Rule, Said, State
from bot.message import Form
from bot.team import service as teams
from bot.todos import store as todos
from tests.conftest import HEAD, Office
from tests.handlers.test_library import last

MONDAY = date(2026, 6, 15)
WEEKS = 40  # of history
OWNERS = ("anna", "li", "omar")
Rate = Callable[[int, str], float]  # of a week (0 is the oldest; negative ones count from the end) and an industry


def usual(week: int, industry: str) -> float:
    return 0.5


def files(folder: Path, rate: Rate, until: date = MONDAY, *, stalled: int = 0) -> Path:
    """A CRM in which 24 deals leave Demo in each week up to a Monday, half of them in retail."""
    deals = ["deal,name,account,owner,stage,status,created,closed,amount"]
    moves = ["deal,from_stage,to_stage,at"]
    weeks = WEEKS + (until - MONDAY).days // 7
    for week in range(weeks):
        at = datetime.combine(until, datetime.min.time(), UTC) - timedelta(weeks=weeks - week) + timedelta(days=2)
        for n in range(24):
            industry = ("retail", "steel")[n % 2]
            key, won = f"W{week}-{n}", (n // 2 + 0.5) / 12 < rate(week - weeks, industry)
            state = "Offer,won" if won else "Demo,lost"
            created, closed = (f"{when:%Y-%m-%dT%H:%M:%SZ}" for when in (at - timedelta(days=20), at))
            deals.append(f"{key},,{industry}-{n},{OWNERS[n % 3]},{state},{created},{closed},1000")
            moves.append(f"{key},Demo,{'Offer' if won else 'lost'},{at:%Y-%m-%dT%H:%M:%SZ}")
    for n in range(stalled):
        deals.append(f"S{n},Old {n},retail-1,anna,Demo,open,2025-01-01T00:00:00Z,,{500 + n}")
    accounts = ["account,name,industry"] + [
        f"{i}-{n},{i.title()} {n},{i}" for i in ("retail", "steel") for n in range(24)
    ]
    folder.mkdir(exist_ok=True)
    stages = "stage,position,stall_days\nDemo,1,30\nOffer,2,30\n"
    for name, text in {
        "stages": stages,
        "deals": "\n".join(deals),
        "moves": "\n".join(moves),
        "accounts": "\n".join(accounts),
    }.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def steel_halves(week: int, industry: str) -> float:
    return 0.1 if industry == "steel" and week >= -1 else 0.5


def heard(office: Office, folder: Path) -> None:
    done = crm.import_folder(office.app.db, 1, folder, office.app.now())
    assert not done.faults, done.faults


def monday(office: Office, folder: Path, rate: Rate, weeks: int = 0, **more: int) -> None:
    """The CRM is told on a Monday morning, and the clock goes on until the manager has come in."""
    day = MONDAY + timedelta(weeks=weeks)
    office.clock.now = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=3)
    heard(office, files(folder, rate, day, **more))
    office.run(office.clock.now + timedelta(hours=4), 1800)


def act(office: Office, who: str, verb: str) -> Form:
    """Press a button of the one open alert; the form that opens, or an empty one."""
    (one,) = alerts(office)
    reply = office.say(who, f"/alert {verb} {one.id}", how="button")
    return reply.form if reply and reply.form else Form("", "", (), "")


def alerts(office: Office, state: State | None = State.OPEN) -> list[Alert]:
    with office.app.db.read() as db:
        return store.alerts(db, 1, state=state)


@pytest.fixture
def dropped(east: Office, tmp_path: Path) -> Office:
    monday(east, tmp_path / "crm", lambda week, industry: 0.1 if week >= -1 else 0.5)
    return east


def test_a_quiet_funnel_says_nothing(east: Office, tmp_path: Path) -> None:
    monday(east, tmp_path / "crm", usual)
    assert alerts(east, None) == []
    assert east.keys("alert:") == []


def test_a_drop_is_one_message_with_all_that_it_needs(dropped: Office) -> None:
    (one,) = alerts(dropped)
    assert (one.rule, one.stage, one.segment, one.since) == (Rule.CONVERSION, "Demo", "", "2026-W24")
    (text,) = dropped.heard("bot:weber", "alert:")
    lines = text.splitlines()
    assert lines[0] == "**Demo: 2 of 24 deals moved on in week 24 (8%), usually 50%**"
    assert lines[1].startswith("Likely real: chance alone does this ")
    assert "Where: " in text
    assert "Deals: Retail " in text
    assert "Data: complete" in text
    assert dropped.heard("bot:anna", "alert:") == []


def test_where_only_one_trade_strays_it_says_so(east: Office, tmp_path: Path) -> None:
    monday(east, tmp_path / "crm", lambda week, industry: 0.0 if industry == "steel" and week >= -2 else 0.5)
    (one,) = alerts(east)
    text = east.heard("bot:weber", "alert:")[-1]
    assert "steel" in text
    assert "retail" not in text.partition("Deals")[0]
    assert (one.facts.first, one.facts.k, one.facts.n) == ("2026-W23", 12, 48)


def test_looking_again_says_nothing_new(dropped: Office, tmp_path: Path) -> None:
    dropped.run(dropped.clock.now + timedelta(days=3), 3600)
    assert len(dropped.heard("bot:weber", "alert:")) == 1
    assert len(alerts(dropped, None)) == 1


def test_it_goes_on_then_recovers_in_the_same_message(dropped: Office, tmp_path: Path) -> None:
    def rate(week: int, industry: str) -> float:
        return 0.1 if -4 <= week <= -3 else 0.5

    monday(dropped, tmp_path / "crm", lambda week, industry: 0.1 if week >= -2 else 0.5, 1)
    (text,) = dropped.heard("bot:weber", "alert:")
    assert "in week 25 (8%)" in text
    assert "Since week 24." in text
    monday(dropped, tmp_path / "crm", lambda week, industry: 0.1 if -3 <= week <= -2 else 0.5, 2)
    assert len(alerts(dropped)) == 1
    monday(dropped, tmp_path / "crm", rate, 3)
    (text,) = dropped.heard("bot:weber", "alert:")
    assert text.startswith("**Back to usual: Demo: 12 of 24 deals moved on in week 27 (50%), usually 50%**")
    assert [one.state for one in alerts(dropped, None)] == [State.RECOVERED]


def test_two_managers_press_at_once_and_both_see_one_state(dropped: Office, tmp_path: Path) -> None:
    dropped.hire(
        "person,name,team,role,timezone,language,calendar,manager,weekdays\n"
        "mei,陈美,East,manager,Europe/Berlin,zh,DE,,\n"
    )
    dropped.run(dropped.clock.now + timedelta(hours=1), 600)
    (one,) = alerts(dropped)
    dropped.say("weber", f"/alert ack {one.id}", how="button")
    dropped.say("mei", f"/alert ack {one.id}", how="button")
    assert "Jonas Weber先接手了" in last(dropped, "mei").text
    for who, told in {"weber": "Jonas Weber looks into it.", "mei": "Jonas Weber在跟进。"}.items():
        assert dropped.heard(f"bot:{who}", "alert:")[-1].endswith(told)
    assert alerts(dropped)[0].owner_id == dropped.person("weber").id


def test_pressed_in_the_same_moment_one_is_first(dropped: Office) -> None:
    dropped.hire(
        "person,name,team,role,timezone,language,calendar,manager,weekdays\n"
        "mei,陈美,East,manager,Europe/Berlin,en,DE,,\nkurt,Kurt Vogel,East,manager,Europe/Berlin,en,DE,,\n"
    )
    (one,) = alerts(dropped)
    together = Barrier(3)

    def press(who: str) -> None:
        together.wait()
        dropped.say(who, f"/alert ack {one.id}", id=f"from {who}", how="button")

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(press, ("weber", "mei", "kurt")))
    (now,) = alerts(dropped)
    with dropped.app.db.read() as db:
        said = [event.kind for event in service.history(db, now)]
    assert said == ["opened", "acknowledged"]
    told = [last(dropped, who).text for who in ("weber", "mei", "kurt")]
    assert sum("It is yours" in text for text in told) == 1
    assert sum("was first and looks into it" in text for text in told) == 2


@pytest.mark.parametrize(
    ("verb", "said", "text"),
    [
        ("false", Said.FALSE_ALARM, "Said to be a false alarm."),
        ("normal", Said.NEW_NORMAL, "This is the new normal since week 24."),
    ],
)
def test_settled_it_stays_settled(dropped: Office, tmp_path: Path, verb: str, said: Said, text: str) -> None:
    act(dropped, "weber", verb)
    (one,) = alerts(dropped, None)
    assert (one.state, one.said) == (State.SETTLED, said)
    assert dropped.heard("bot:weber", "alert:")[0].endswith(text)
    dropped.run(dropped.clock.now + timedelta(days=2), 3600)
    assert len(alerts(dropped, None)) == 1
    with dropped.app.db.read() as db:
        (rule,) = service.right_ones(db, dropped.person("weber"), dropped.app.now())
    assert (rule.right, rule.wrong) == ((0, 1) if said is Said.FALSE_ALARM else (1, 0))


def test_snoozed_with_a_reason_it_is_said_again_when_it_is_open_still(dropped: Office, tmp_path: Path) -> None:
    dropped.fill("weber", act(dropped, "weber", "snooze"), until="2026-06-22", reason="trade fair")
    assert "Snoozed until Mon 22 Jun: trade fair" in dropped.heard("bot:weber", "alert:")[0]
    monday(dropped, tmp_path / "crm", lambda week, industry: 0.1 if week >= -2 else 0.5, 1)
    assert len(dropped.heard("bot:weber", "alert:")) == 2


def test_assigned_it_is_a_to_do(dropped: Office) -> None:
    form = act(dropped, "weber", "assign")
    anna = dropped.person("anna")
    dropped.fill("weber", form, to=str(anna.id), task="ask three customers why", due="2026-06-17")
    with dropped.app.db.read() as db:
        (one,) = todos.todos(db, 1, owners=[anna.id])
    assert (one.task, one.source) == ("ask three customers why", "alert")
    assert "Jonas Weber has a to-do for you" in last(dropped, "anna").text
    assert dropped.heard("bot:weber", "alert:")[0].endswith("Anna Berg has a to-do for it.")


def test_the_standup_asks_and_the_answer_stands_in_the_message(dropped: Office) -> None:
    dropped.run(datetime(2026, 6, 15, 7, 35, tzinfo=UTC), 300)
    form = dropped.form("anna", "/standup")
    focus = next(field for field in form.fields if "What do you see there?" in field.label)
    assert "Demo: 2 of 24 deals moved on" in focus.label
    said = {focus.name.replace(".", "__"): "a competitor gives two months free"}
    dropped.fill("anna", form, **said, next="calls", blocker__kind="none")
    dropped.run(datetime(2026, 6, 16, 7, 0, tzinfo=UTC), 1800)
    assert "Anna Berg says: a competitor gives two months free" in dropped.heard("bot:weber", "alert:")[0]


def test_while_the_source_is_silent_it_stays_as_it_was(dropped: Office) -> None:
    dropped.clock.now = datetime(2026, 6, 22, 3, 0, tzinfo=UTC)
    dropped.run(dropped.clock.now + timedelta(hours=4), 1800)
    (text,) = dropped.heard("bot:weber", "alert:")
    assert "in week 24 (8%)" in text
    assert "Data: not complete." in text


def test_a_snoozed_one_comes_back_though_the_source_is_silent(dropped: Office) -> None:
    dropped.fill("weber", act(dropped, "weber", "snooze"), until="2026-06-22", reason="trade fair")
    dropped.clock.now = datetime(2026, 6, 22, 3, 0, tzinfo=UTC)
    dropped.run(dropped.clock.now + timedelta(hours=4), 1800)
    texts = dropped.heard("bot:weber", "alert:")
    assert len(texts) == 2
    assert "Data: not complete." in texts[1]


def test_a_stage_of_another_name_closes_the_alert_of_the_old_one(dropped: Office) -> None:
    with dropped.app.db.begin() as db:
        db.execute(update(stages).where(stages.c.name == "Demo").values(name="Show"))
    dropped.clock.now = datetime(2026, 6, 16, 3, 0, tzinfo=UTC)
    dropped.run(dropped.clock.now + timedelta(hours=4), 1800)
    assert sorted((one.stage, one.state) for one in alerts(dropped, None)) == [
        ("Demo", State.GONE),
        ("Show", State.OPEN),
    ]
    old, new = dropped.heard("bot:weber", "alert:")
    assert old.startswith("**Closed, since the CRM has no stage of this name any more: Demo: 2 of 24")
    assert new.startswith("**Show: 2 of 24")


def test_corrected_data_takes_it_back(dropped: Office, tmp_path: Path) -> None:
    dropped.clock.now += timedelta(days=1)
    dropped.clock.now = dropped.clock.now.replace(hour=3)
    heard(dropped, files(tmp_path / "crm2", usual))
    dropped.run(dropped.clock.now + timedelta(hours=4), 1800)
    assert [one.state for one in alerts(dropped, None)] == [State.CORRECTED]
    assert dropped.heard("bot:weber", "alert:")[0].startswith("**The CRM's data changed")


def test_reps_and_other_teams_managers_see_and_press_nothing(dropped: Office) -> None:
    dropped.hire(
        "person,name,team,role,timezone,language,calendar,manager,weekdays\n"
        "wu,Wu Min,West,manager,Asia/Shanghai,en,CN,,\n"
    )
    (one,) = alerts(dropped)
    for who in ("anna", "olga", "wu"):
        for verb in ("show", "ack", "snooze", "explain", "normal", "false", "assign", "known"):
            dropped.say(who, f"/alert {verb} {one.id}", how="button")
            assert "not yours to see" in last(dropped, who).text
        dropped.say(who, "/alerts")
        assert "No open alerts" in last(dropped, who).text
    assert alerts(dropped) == [one]


def test_on_a_day_off_nobody_is_paged(east: Office, tmp_path: Path) -> None:
    east.clock.now = datetime(2026, 6, 14, 8, 0, tzinfo=UTC)
    east.say("weber", "/leave until 2026-06-16")
    monday(east, tmp_path / "crm", lambda week, industry: 0.1 if week >= -1 else 0.5)
    assert east.heard("bot:weber", "alert:") == []
    east.run(datetime(2026, 6, 17, 8, 0, tzinfo=UTC), 1800)
    assert len(east.heard("bot:weber", "alert:")) == 1


def test_deals_that_stall_for_a_known_reason_are_left_out_until_a_day(east: Office, tmp_path: Path) -> None:
    monday(east, tmp_path / "crm", usual, stalled=4)
    with east.app.db.begin() as db:
        facts = Facts("2026-06-15", 1.0, 0.2, 4, 4, deals=("Retail 1",), many=4)
        one = Alert(0, 1, 1, Rule.STALLED, "", "", "2026-06-15", east.app.now(), State.OPEN, facts)
        one = store.add(db, one)
    form = east.form("weber", f"/alert known {one.id}")
    deals = next(field for field in form.fields if field.name == "deals")
    assert [option.value for option in deals.options] == ["S3", "S2", "S1", "S0"], "the largest first"
    east.fill("weber", form, deals=("S0", "S3"), until="2026-07-15", reason="budget frozen until July")
    assert "2 deals are left out" in last(east, "weber").text
    left = next(field for field in east.form("weber", f"/alert known {one.id}").fields if field.name == "deals")
    assert [option.value for option in left.options] == ["S2", "S1"]
    with east.app.db.read() as db:
        team = next(iter(teams.teams(db, 1)))
        (found,) = (f for f in service.see(db, 1, team, east.app.now(), ZoneInfo("UTC")) if f.rule is Rule.STALLED)
        assert (found.facts.many, found.facts.n) == (2, 4)
    east.clock.now = datetime(2026, 7, 16, 7, 0, tzinfo=UTC)
    back = next(field for field in east.form("weber", f"/alert known {one.id}").fields if field.name == "deals")
    assert len(back.options) == 4


def test_a_silent_source_is_told_to_the_admins_until_it_speaks_again(east: Office, tmp_path: Path) -> None:
    east.hire(HEAD + "ada,Ada Obi,Office,admin,Europe/Berlin,en,DE,,\n")
    monday(east, tmp_path / "crm", usual)
    assert east.heard("bot:ada", "alert:") == []
    east.run(datetime(2026, 6, 19, 7, 0, tzinfo=UTC), 3600)
    assert east.heard("bot:ada", "alert:") == ["**The CRM has told nothing for 4 days**"]
    east.clock.now = datetime(2026, 6, 22, 3, 0, tzinfo=UTC)
    heard(east, files(tmp_path / "crm", usual, MONDAY + timedelta(weeks=1)))
    east.run(datetime(2026, 6, 24, 8, 0, tzinfo=UTC), 3600)
    (text,) = east.heard("bot:ada", "alert:")
    assert text.startswith("**The CRM is heard from again**")


def test_what_is_wrong_in_one_team_keeps_no_other_from_hearing(east: Office, tmp_path: Path) -> None:
    east.hire(HEAD + "chief,Chief West,West,manager,Europe/Berlin,en,DE,,\n")
    with east.app.db.begin() as db:
        (west,) = (team.id for team in teams.teams(db, 1) if team.name == "West")
        facts = Facts("2026-W24", 0.1, 0.5, 20, 2)
        store.add(db, Alert(0, 1, west, Rule.CONVERSION, "Demo", "", "2026-W24", east.app.now(), State.OPEN, facts))
        db.execute(store.alert.update().values(rule="of a later version"))
    monday(east, tmp_path / "crm", lambda week, industry: 0.1 if week >= -1 else 0.5)
    assert len(east.heard("bot:weber", "alert:")) == 1
