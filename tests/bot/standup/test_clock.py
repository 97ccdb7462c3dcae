"""Who is asked when, across zones, clock changes, holidays, outages and overlapping ticks."""

from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.app import App
from bot.standup import store
from bot.standup.model import Slot, State, offices, streak
from bot.team import service as team
from tests.conftest import HEAD, Office
from tests.databases import migrated
from tests.fakes import Clock

CITIES = {
    "kol": "Asia/Kolkata",
    "sha": "Asia/Shanghai",
    "syd": "Australia/Sydney",
    "lon": "Europe/London",
    "new": "America/New_York",
}


def slots(office: Office, day: date) -> dict[str, Slot]:
    with office.app.db.read() as db:
        found = {p.key: store.slot_on(db, 1, p.id, day) for p in team.people(db, 1)}
    return {key: slot for key, slot in found.items() if slot}


def test_five_cities_at_their_own_half_past_nine(office: Office) -> None:
    office.clock.now = datetime(2026, 6, 10, 15, 0, tzinfo=UTC)
    people = "".join(f"{key},{key},World,rep,{zone},en,,boss,\n" for key, zone in CITIES.items())
    office.hire(HEAD + "boss,Boss,World,manager,Europe/London,en,,,\n" + people)
    day = date(2026, 6, 11)
    asked: dict[str, datetime] = {}
    while office.app.now() < datetime(2026, 6, 11, 16, 0, tzinfo=UTC):
        office.clock.forward(seconds=60)
        office.tick()
        office.deliver()
        for key, slot in slots(office, day).items():
            if slot.state is State.ASKED:
                asked.setdefault(key, office.app.now())
            if slot.state is State.MISSED:
                assert office.app.now() >= asked[key] + timedelta(minutes=10)
    local = {key: office.person(key).local(at).strftime("%d %H:%M") for key, at in asked.items()}
    assert local == dict.fromkeys(CITIES, "11 09:30")
    assert len(office.keys("standup-summary:")) == len(set(office.keys("standup-summary:"))) == 4
    assert len(office.keys("standup-prompt:")) == 5


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_clock_change_asks_exactly_once(office: Office, day: date) -> None:
    office.clock.now = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=3)
    office.hire("person,name,team,role,timezone,weekdays,standup_at\nsun,Sunny,Night,rep,Europe/Berlin,mon-sun,02:30\n")
    office.run(datetime(day.year, day.month, day.day, 6, 0, tzinfo=UTC))
    assert len(office.keys("standup-prompt:")) == 1


@pytest.mark.parametrize(
    ("day", "asked"),
    [
        (date(2026, 2, 14), {"wei"}),
        (date(2026, 10, 10), {"wei"}),
        (date(2026, 2, 23), {"bob"}),
        (date(2026, 10, 7), {"bob"}),
        (date(2027, 3, 2), {"wei", "bob"}),
    ],
)
def test_make_up_saturdays_and_holidays(office: Office, day: date, asked: set[str]) -> None:
    office.clock.now = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=6)
    office.hire(HEAD + "wei,Wei,A,rep,Asia/Shanghai,zh,CN,,\nbob,Bob,A,rep,America/New_York,en,US,,\n")
    office.run(datetime(day.year, day.month, day.day, 20, 0, tzinfo=UTC), step=300)
    states = {key: slot.state for key, slot in slots(office, day).items()}
    assert {key for key, state in states.items() if state is State.MISSED} == asked


def test_not_gazetted_is_said_once_to_an_admin(office: Office) -> None:
    office.clock.now = datetime(2027, 1, 5, tzinfo=UTC)
    office.hire(HEAD + "wei,Wei,A,rep,Asia/Shanghai,zh,CN,,\nada,Ada,A,admin,Europe/Berlin,en,,,\n")
    for _ in range(3):
        office.tick()
    assert len(office.keys("not-gazetted:CN-2027")) == 1


def test_down_from_0850_to_1300_asks_nobody_and_tells_the_manager(east: Office) -> None:
    east.run(datetime(2026, 6, 11, 6, 50, tzinfo=UTC))
    east.clock.now = datetime(2026, 6, 11, 11, 0, tzinfo=UTC)
    east.run(datetime(2026, 6, 11, 11, 5, tzinfo=UTC))
    assert east.keys("standup-prompt:") == []
    assert "Anna Berg, Omar Said and 李伟" in east.heard("bot:weber", "standup-manager:")[0]
    assert east.heard("team:East", "standup-summary:") == []


def test_an_hour_late_asks_with_the_whole_window(east: Office) -> None:
    east.run(datetime(2026, 6, 11, 7, 0, tzinfo=UTC))
    east.clock.now = datetime(2026, 6, 11, 8, 30, tzinfo=UTC)
    east.tick()
    east.deliver()
    slot = slots(east, date(2026, 6, 11))["anna"]
    assert slot.close_at == datetime(2026, 6, 11, 8, 40, tzinfo=UTC)


def test_a_prompt_that_is_not_delivered_does_not_close(east: Office) -> None:
    east.run(datetime(2026, 6, 11, 7, 29, tzinfo=UTC))
    east.clock.forward(seconds=60)
    for _ in range(30):
        east.clock.forward(seconds=60)
        east.tick()
    assert slots(east, date(2026, 6, 11))["anna"].state is State.ASKED


def test_two_clocks_at_once_ask_nobody_twice(app: App, clock: Clock, east: Office) -> None:
    east.clock.now = datetime(2026, 6, 11, 7, 0, tzinfo=UTC)
    for minute in range(30):
        east.clock.now = datetime(2026, 6, 11, 7, 20, tzinfo=UTC) + timedelta(minutes=minute)
        both = [Thread(target=east.tick) for _ in range(2)]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
        east.deliver()
    assert len(east.keys("standup-prompt:")) == 3
    assert len(east.keys("standup-summary:")) == 1
    assert [slots(east, date(2026, 6, 11))[k].state for k in ("anna", "li", "omar")] == [State.MISSED] * 3


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.integers(1, 4000), min_size=5, max_size=40))
def test_any_rhythm_of_ticks_and_outages(tmp_path_factory: pytest.TempPathFactory, steps: list[int]) -> None:
    from bot.settings import read_settings

    home = tmp_path_factory.mktemp("rhythm")
    clock = Clock(datetime(2026, 6, 11, 3, 0, tzinfo=UTC))
    db = migrated(f"sqlite:///{home / 'x.db'}")
    office = Office(App(read_settings({"PACELINE_HOME": str(home)}), db, clock), clock)
    office.hire(HEAD + "boss,Boss,E,manager,Europe/Berlin,en,,,\nanna,Anna,E,rep,Europe/Berlin,en,,boss,\n")
    asked_at = None
    for step in steps:
        clock.forward(seconds=step)
        office.tick()
        office.deliver()
        slot = slots(office, date(2026, 6, 11)).get("anna")
        if slot and slot.state is State.ASKED and asked_at is None:
            asked_at = clock.now
        if slot and slot.state is State.MISSED:
            assert asked_at is not None
            assert clock.now >= asked_at + timedelta(minutes=10)
    with db.read() as look:
        days = len(store.slots_of_person(look, 1, office.person("anna").id))
    assert len(office.keys("standup-prompt:")) <= days
    db.close()


@given(st.lists(st.integers(0, 3000), min_size=1, max_size=30))
def test_offices_span_two_hours_at_most(minutes: list[int]) -> None:
    closes = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n) for n in minutes]
    numbers = offices(closes)
    for number in set(numbers):
        mine = [close for close, n in zip(closes, numbers, strict=True) if n == number]
        assert max(mine) - min(mine) <= timedelta(hours=2)


def test_only_a_missed_standup_ends_a_streak() -> None:
    answered, missed = State.ANSWERED, State.MISSED
    assert streak([State.PLANNED, answered, State.OFF, answered, State.SKIPPED, State.STALE, answered, missed]) == 3
