"""Rosters, leave and holidays in and out of a real database."""

import time as clock
from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.db import Connection
from bot.errors import BotError
from bot.message import Place
from bot.tables import clean, fault_lines
from bot.team import cells, service, store
from bot.team.imports import Import
from bot.team.model import Leave, Person, Role
from bot.team.rosters import people_of, read_roster, roster_text
from prompts import words
from tests.bot.team.conftest import NOW, make_person

HEADER = (
    "person,name,email,team,role,timezone,language,calendar,manager,region,product_line,tier,weekdays,slack,telegram"
)
ROSTER = f"""{HEADER}
mei,陈美,mei@example.com,East,manager,Asia/Shanghai,,CN,,East,,,,U1,
li,李伟,li@example.com,East,rep,Asia/Shanghai,,CN,mei,East,Cloud,A,,,
anna,Anna Berg,,West,rep,europe/berlin,en,DE-BE,mei,,Cloud,,sun-thu,,42
dana,دانا 👩‍💻,,West,observer,Asia/Dubai,,AE,,,,,,,
"""


def bring(db: Connection, text: str = ROSTER, **options: bool) -> Import:
    done = service.import_roster(db, 1, text, NOW, **options)  # type: ignore[arg-type]
    assert not done.faults, lines(done)
    return done


def lines(done: Import, language: str = "en") -> list[str]:
    return fault_lines(done.faults, words(language))


def by_key(db: Connection, active: bool | None = True) -> dict[str, Person]:
    return {person.key: person for person in store.people(db, 1, active=active)}


def test_a_roster_makes_people_teams_and_places(connection: Connection) -> None:
    done = bring(connection)
    assert (done.added, done.changed, done.unchanged, done.absent) == (4, 0, 0, 0)
    people, teams = by_key(connection), {team.name: team for team in store.teams(connection, 1)}
    assert people["li"].manager_id == people["mei"].id
    assert (people["li"].language, people["anna"].language, people["dana"].language) == ("zh", "en", "en")
    assert (people["anna"].zone, people["anna"].weekdays) == ("Europe/Berlin", frozenset({6, 0, 1, 2, 3}))
    assert people["dana"].name == "دانا 👩‍💻"
    assert (teams["East"].language, teams["West"].language) == ("zh", "en")
    assert (teams["East"].standup_at, teams["East"].window) == (time(9, 30), 10)
    anna = people["anna"]
    assert store.places_of_people(connection, 1, [anna.id]) == {anna.id: Place("web", f"bot-{anna.id}")}
    assert store.places_of_team(connection, 1, anna.team_id) == [Place("web", f"team-{anna.team_id}")]


def test_importing_again_and_importing_the_export_change_nothing(connection: Connection) -> None:
    bring(connection)
    before, text = by_key(connection), service.export_roster(connection, 1)
    for again in (ROSTER, text):
        done = bring(connection, again)
        assert (done.added, done.changed, done.unchanged, done.hours_changed) == (0, 0, 4, ())
    assert by_key(connection) == before
    assert service.export_roster(connection, 1) == text


def test_changes_tell_whose_hours_they_move(connection: Connection) -> None:
    bring(connection)
    done = bring(connection, ROSTER.replace("Cloud,A", "Data,B").replace("Asia/Dubai", "Asia/Muscat"))
    assert (done.changed, done.unchanged) == (2, 2)
    assert done.hours_changed == (by_key(connection)["dana"].id,)


def test_a_dry_run_tells_and_keeps_nothing(connection: Connection) -> None:
    done = bring(connection, dry_run=True)
    assert (done.added, done.dry_run) == (4, True)
    assert by_key(connection) == {}
    assert store.teams(connection, 1) == []


def test_people_whom_the_file_leaves_out_stay_unless_told(connection: Connection) -> None:
    bring(connection)
    shorter = "\n".join(line for line in ROSTER.splitlines() if not line.startswith("dana"))
    assert bring(connection, shorter).absent == 1
    assert by_key(connection)["dana"].active
    dana = by_key(connection)["dana"].id
    done = bring(connection, shorter, retire_absent=True)
    assert (done.absent, done.retired, done.hours_changed) == (1, 1, (dana,))
    assert "dana" not in by_key(connection)
    back = bring(connection)
    assert (back.changed, by_key(connection)["dana"].id, back.hours_changed) == (1, dana, (dana,))


def test_what_people_chose_in_chat_outlives_an_empty_cell(connection: Connection) -> None:
    bring(connection)
    mei = by_key(connection)["mei"]
    service.set_joins(connection, mei, True)
    service.set_hours(connection, mei, time(10))
    service.set_language(connection, mei, "en")
    assert bring(connection).unchanged == 4
    mei = by_key(connection)["mei"]
    assert (mei.joins, mei.standup_at, mei.language, mei.asked) == (True, time(10), "en", True)
    bring(connection, service.export_roster(connection, 1).replace("10:00,yes", "11:15,no"))
    mei = by_key(connection)["mei"]
    assert (mei.joins, mei.standup_at) == (False, time(11, 15))


# fmt: off
FAULTY = [
    ("Shanghai,,CN,mei", "Shangai,,CN,mei",
     "Row 3, timezone: found “Asia/Shangai”, expected a time zone; did you mean Asia/Shanghai?"),
    ("europe/berlin", "UTC+8 or so", "Row 4, timezone: found “UTC+8 or so”, expected a time zone such as"),
    ("\nli,", "\nmei,", "Row 3, person: found “mei”, expected a value of its own; row 2 has the same"),
    ("li@", "MEI@", "Row 3, email: found “MEI@example.com”, expected a value of its own; row 2 has the same"),
    ("CN,,East", "CN,li,East", "Row 2, manager: found “li”, expected managers without a circle: mei → li → mei"),
    ("CN,,East", "CN,mei,East", "Row 2, manager: found “mei”, expected managers without a circle: mei → mei"),
    ("DE-BE,mei", "DE-BE,max", "Row 4, manager: found “max”, expected somebody on the roster"),
    ("observer", "guest", "Row 5, role: found “guest”, expected one of rep, manager, support, observer, admin"),
    ("berlin,en", "berlin,tlh", "Row 4, language: found “tlh”, expected one of en, zh"),
    ("DE-BE", "DE-BX", "Row 4, calendar: found “DE-BX”, expected a country such as CN or US-CA; did you mean DE-"),
    ("sun-thu", "sun-thirsty", "Row 4, weekdays: found “sun-thirsty”, expected weekdays such as"),
    ("Anna Berg", "", "Row 4, name: nothing there, expected a value"),
    ("Anna Berg", "A" * 201, "Row 4, name: found “AAAA"),
    ("li@example.com", "li at example", "Row 3, email: found “li at example”, expected an e-mail address such as"),
]
# fmt: on


@pytest.mark.parametrize(("good", "bad", "line"), FAULTY, ids=[row[2][:24] for row in FAULTY])
def test_a_fault_is_named_and_nothing_is_kept(connection: Connection, good: str, bad: str, line: str) -> None:
    assert good in ROSTER
    done = service.import_roster(connection, 1, ROSTER.replace(good, bad, 1), NOW)
    (only,) = lines(done)
    assert only.startswith(line)
    assert by_key(connection) == {}


def test_all_faults_at_once_and_unknown_columns_only_named(connection: Connection) -> None:
    text = "person,name,team,role,timezone,shoe_size\na,A,T,boss,Mars,42\n,B,T,rep,UTC,\n"
    done = service.import_roster(connection, 1, text, NOW)
    assert len(done.faults) == 3
    assert done.unknown == ("shoe_size",)


def test_managers_and_emails_count_beside_the_people_who_stay(connection: Connection) -> None:
    bring(connection)
    new = f"{HEADER}\nomar,Omar,LI@example.com,East,rep,UTC,,,mei,,,,,,\n"
    assert lines(service.import_roster(connection, 1, new, NOW)) == [
        "Row 2, email: found “LI@example.com”, expected a value that nobody else on the roster has"
    ]
    assert bring(connection, new.replace("LI@example.com", "")).added == 1
    retiring = service.import_roster(connection, 1, new.replace("LI@", "omar@"), NOW, retire_absent=True)
    assert lines(retiring) == ["Row 2, manager: found “mei”, expected somebody on the roster"]
    ring = f"{HEADER}\nmei,Mei,,East,manager,UTC,,,li,,,,,,\n"
    assert "mei → li → mei" in lines(service.import_roster(connection, 1, ring, NOW))[0]


def test_a_roster_of_fifty_thousand(connection: Connection) -> None:
    rows = (f"p{n},Name {n},p{n}@example.com,T{n // 20},rep,Asia/Shanghai,zh,CN,{f'p{n // 10}' if n > 9 else ''},E,C,A,,," for n in range(50_000))  # fmt: skip # noqa: E501
    start = clock.perf_counter()
    done = bring(connection, "\n".join([HEADER, *rows]))
    assert (done.added, len(store.teams(connection, 1))) == (50_000, 2_500)
    assert clock.perf_counter() - start < 60  # 7 s on an idle laptop core


cell = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), min_size=1, max_size=12)
plain = cell.map(clean).filter(bool)


@st.composite
def rosters(draw: st.DrawFn) -> list[Person]:
    keys = draw(st.lists(plain, min_size=1, max_size=6, unique=True))
    return [
        make_person(
            n,
            key=key,
            name=draw(plain),
            team_id=draw(st.integers(1, 2)),
            role=draw(st.sampled_from(list(Role))),
            zone=draw(st.sampled_from(["Asia/Shanghai", "America/New_York", "UTC"])),
            language=draw(st.sampled_from(["en", "zh"])),
            calendar=draw(st.sampled_from(["", "CN", "US-CA"])),
            manager_id=draw(st.none() | st.integers(1, n - 1)) if n > 1 else None,
            region=draw(st.just("") | plain),
            weekdays=draw(st.none() | st.frozensets(st.integers(0, 6), min_size=1)),
            standup_at=draw(st.none() | st.times().map(lambda at: at.replace(second=0, microsecond=0))),
            joins=draw(st.booleans()),
            slack=draw(st.just("") | plain),
        )
        for n, key in enumerate(keys, 1)
    ]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(rosters())
def test_every_roster_survives_the_way_out_and_back(people: list[Person]) -> None:
    _, teams = people_of(read_roster(f"{HEADER}\na,A,,T1,rep,UTC,,,,,,,,,\nb,B,,T2,rep,UTC,,,,,,,,,\n"))
    read = read_roster(roster_text(people, teams))
    assert not read.faults
    back, back_teams = people_of(read)
    names, back_names = {t.id: t.name for t in teams}, {t.id: t.name for t in back_teams}
    assert [names[p.team_id] for p in people] == [back_names[p.team_id] for p in back]
    assert [replace(p, team_id=0) for p in people] == [replace(p, team_id=0) for p in back]


@given(st.none() | st.frozensets(st.integers(0, 6), min_size=1))
def test_weekdays_read_back(days: frozenset[int] | None) -> None:
    text = cells.weekdays_text(days)
    assert (cells.weekdays(text) if text else None) == days


def test_leave_in_and_out(connection: Connection) -> None:
    bring(connection)
    text = "person,from,to,part,reason\nli,2026-06-11,2026-06-15,,家里有事\nanna,2026-06-12,2026-06-12,pm,\n"
    done = service.import_leave(connection, 1, text)
    assert (done.added, set(done.hours_changed)) == (2, {by_key(connection)["li"].id, by_key(connection)["anna"].id})
    assert service.import_leave(connection, 1, service.export_leave(connection, 1)).unchanged == 2
    bad = "person,from,to,part\nnobody,2026-06-11,2026-06-10,noon\n"
    assert lines(service.import_leave(connection, 1, bad)) == [
        "Row 2, part: found “noon”, expected one of am, pm",
        "Row 2, to: found “2026-06-10”, expected a date that is not before 2026-06-11",
        "Row 2, person: found “nobody”, expected somebody on the roster",
    ]
    assert sum(map(len, store.leave_of(connection, 1).values())) == 2


def test_leave_is_set_and_cut(connection: Connection) -> None:
    bring(connection)
    li = by_key(connection)["li"]
    first, last = date(2026, 6, 11), date(2026, 6, 19)
    for _ in range(2):
        service.set_leave(connection, li, first, last, "", "trip")
    assert service.leave_on(connection, 1, last) == {li.id: [Leave(li.id, first, last, "", "trip")]}
    service.cancel_leave(connection, li, date(2026, 6, 15), date(2026, 6, 16))
    left = service.leave_ahead(connection, li, first)
    assert [(spell.first.day, spell.last.day) for spell in left] == [(11, 14), (17, 19)]
    service.cancel_leave(connection, li, first, last)
    assert service.leave_ahead(connection, li, first) == []
    with pytest.raises(ValueError, match="no leave"):
        service.set_leave(connection, li, last, first)


def test_holidays_are_pasted(connection: Connection) -> None:
    bring(connection)
    assert service.ungazetted(connection, 1, 2027) == ["CN"]
    assert service.paste_holidays(connection, 1, "CN,2027-02-13,work,make-up\nCN,2027-02-08,off,春节\n", "en") == 2
    assert service.ungazetted(connection, 1, 2027) == []
    assert service.import_holidays(connection, 1, service.export_holidays(connection, 1)).unchanged == 2
    with pytest.raises(BotError, match="Row 1, kind: found “maybe”"):
        service.paste_holidays(connection, 1, "CN,2027-02-14,maybe\n", "en")
    contrary = service.import_holidays(connection, 1, "CN,2027-05-01,off\nCN,2027-05-01,work\n")
    assert lines(contrary) == ["Row 2, kind: found “work”, expected the same as in row 1"]


def test_people_are_found_by_what_somebody_says(connection: Connection) -> None:
    bring(connection)
    for said in ("li", "LI@example.com", "李伟"):
        found = service.find_person(connection, 1, said)
        assert found is not None
        assert found.key == "li"
    assert service.find_person(connection, 1, "") is None
    assert service.find_person(connection, 1, "nobody") is None
    west = by_key(connection)["anna"].team_id
    assert [person.key for person in service.managers(connection, 1, west)] == ["mei"]


def test_who_covers_what() -> None:
    people = [
        make_person(1, region="East", product_line="Cloud", tier="A"),
        make_person(2, region="East", product_line="", tier="A"),
        make_person(3, region="West", product_line="Cloud", tier=""),
        make_person(4, region="West", product_line="Data", tier="B", role=Role.SUPPORT),
    ]
    found = service.coverage(people)
    assert (found.regions, found.product_lines, found.tiers) == (("East", "West"), ("Cloud", "Data"), ("A", "B"))
    assert [(c.region, c.product_line, c.tier, [p.id for p in c.people]) for c in found.overlaps] == [
        ("East", "Cloud", "A", [1, 2])
    ]
    assert [(c.region, c.product_line, c.tier) for c in found.gaps] == [
        ("East", "Cloud", "B"),
        ("East", "Data", "B"),
        ("West", "Data", "A"),
        ("West", "Data", "B"),
    ]
    assert service.coverage([]).gaps[0].region == ""
    wide = [make_person(n, region=f"R{n}", product_line=f"L{n}") for n in range(1, 1000)]
    assert service.coverage(wide).cut
