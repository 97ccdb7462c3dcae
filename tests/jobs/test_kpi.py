"""Digests by the clock, with a CRM behind them: who hears what and when, what strays, what is stale."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from bot.errors import FormError
from bot.kpi.digest import store
from bot.message import load
from bot.outbox import store as outbox
from jobs import kpi
from tests.bot.kpi.digest.crm import folder, take_in
from tests.conftest import HEAD, Office

MONDAY = date(2026, 6, 8)
LAST_WEEK = MONDAY - timedelta(days=7)


def at(office: Office, day: int, hour: int, minute: int = 0, month: int = 6) -> None:
    office.clock.now = datetime(2026, month, day, hour, minute, tzinfo=UTC)


def tick(office: Office) -> None:
    kpi.plan(office.app)
    kpi.digests(office.app)


@pytest.fixture
def east(office: Office) -> Office:
    """Two reps and their manager in Berlin, since January."""
    office.clock.now = datetime(2026, 1, 1, 3, 0, tzinfo=UTC)
    office.hire(
        HEAD + "weber,Jonas Weber,East,manager,Europe/Berlin,en,DE,,\n"
        "anna,Anna Berg,East,rep,Europe/Berlin,en,DE,weber,\n"
        "li,李伟,East,rep,Europe/Berlin,zh,DE,weber,\n"
        "olga,Olga Ott,East,observer,Europe/Berlin,en,DE,weber,\n"
    )
    return office


@pytest.fixture
def fallen(east: Office, tmp_path: Path) -> Office:
    """East on the Monday after a week in which 1 of 20 left Demo for Offer, usually 8; 08:00 in Berlin."""
    at(east, 8, 4)
    take_in(east.app.db, folder(tmp_path / "crm", MONDAY, odd={LAST_WEEK: 1}), east.clock.now)
    at(east, 8, 6)
    return east


def test_the_week_comes_to_the_manager_at_half_past_eight_once(fallen: Office) -> None:
    tick(fallen)
    assert fallen.keys("digest") == []
    at(fallen, 8, 6, 31)
    for _ in range(3):
        tick(fallen)
    assert fallen.keys("digest") == [f"digest:weekly:2026-W24:{fallen.person('weber').id}"]
    (said,) = fallen.heard("bot:weber", "digest")
    assert said.splitlines()[0] == "**East, week 23: Conversion from Demo fell to 5% (1 of 20), usually 40%**"
    assert len(said.splitlines()) <= 6
    assert fallen.heard("bot:anna", "digest") == []  # reps opt in


def pictures(office: Office) -> list[tuple[str, bytes, str]]:
    with office.app.db.read() as db:
        rows = db.execute(outbox.outbox.select().where(outbox.outbox.c.key.like("digest%"))).all()
    return [(p.name, p.png, p.alt) for row in rows for p in load(row.body).pictures]


def test_one_picture_comes_along_and_says_in_words_what_it_shows(fallen: Office) -> None:
    at(fallen, 8, 7)
    tick(fallen)
    ((name, png, alt),) = pictures(fallen)
    assert name == "weekly-2026-W23.png"
    assert Image.open(io.BytesIO(png)).size == (1200, 675)
    assert "Conversion from Demo fell to 5% (1 of 20), usually 40%" in alt


def test_late_is_better_than_never_on_the_same_day_alone(fallen: Office) -> None:
    at(fallen, 8, 21, 50)  # ten to midnight in Berlin: the bot was down all day
    tick(fallen)
    assert len(fallen.keys("digest:weekly")) == 1
    at(fallen, 9, 8)
    tick(fallen)
    assert len(fallen.keys("digest:weekly")) == 1


def test_an_outage_of_the_whole_day_is_not_made_up_for(fallen: Office) -> None:
    kpi.plan(fallen.app)
    at(fallen, 9, 3)
    tick(fallen)
    assert fallen.keys("digest:weekly") == []
    with fallen.app.db.read() as db:
        assert store.due(db, 1, fallen.clock.now, 9) == []


def test_days_say_only_what_was_not_told_yet(fallen: Office, tmp_path: Path) -> None:
    at(fallen, 8, 7)
    tick(fallen)
    at(fallen, 9, 4)
    take_in(fallen.app.db, tmp_path / "crm", fallen.clock.now)
    at(fallen, 9, 7)
    tick(fallen)
    assert fallen.keys("digest:daily") == []  # it strays as it did yesterday
    form = fallen.form("weber", "/digest change")
    fallen.fill("weber", form, daily="always", at="09:10", weekday="0", kinds=("weekly",))
    at(fallen, 10, 7, 11)
    tick(fallen)
    assert fallen.keys("digest:daily") == [f"digest:daily:2026-06-10:{fallen.person('weber').id}"]


def test_whoever_is_off_hears_it_when_they_are_back(fallen: Office, tmp_path: Path) -> None:
    fallen.say("weber", "/leave 2026-06-08 to 2026-06-09")
    at(fallen, 8, 7)
    tick(fallen)
    assert fallen.keys("digest") == []
    at(fallen, 10, 4)
    take_in(fallen.app.db, tmp_path / "crm", fallen.clock.now)
    at(fallen, 10, 7)
    tick(fallen)
    assert len(fallen.keys("digest:weekly")) == 1


def test_leave_that_begins_after_it_was_planned_counts_too(fallen: Office) -> None:
    kpi.plan(fallen.app)
    fallen.say("weber", "/leave today")
    at(fallen, 8, 7)
    kpi.digests(fallen.app)
    assert fallen.keys("digest") == []


def test_stale_data_is_named_in_place_of_a_digest(fallen: Office) -> None:
    at(fallen, 15, 7)
    tick(fallen)
    (said,) = fallen.heard("bot:weber", "digest")
    assert said.startswith("**East, week 24: no digest, since ")
    assert "were last heard of on Mon 8 Jun" in said
    assert "Look at the import" in said
    assert pictures(fallen) == []
    for day in (16, 17):
        at(fallen, day, 7)
        tick(fallen)
    assert len(fallen.keys("digest")) == 2  # and by day once for as long as it lasts
    assert len(fallen.keys("digest-stale")) == 1


def test_everything_as_usual_is_one_line_without_a_picture(east: Office, tmp_path: Path) -> None:
    at(east, 8, 4)
    take_in(east.app.db, folder(tmp_path / "crm", MONDAY), east.clock.now)
    at(east, 8, 7)
    tick(east)
    assert east.heard("bot:weber", "digest") == ["**East, week 23: everything as usual**"]
    assert pictures(east) == []


def test_without_a_crm_nobody_hears_of_it(east: Office) -> None:
    at(east, 8, 7)
    tick(east)
    assert east.keys("digest") == []


def test_the_month_says_where_deals_were_lost(east: Office, tmp_path: Path) -> None:
    may = {date(2026, 5, 4) + timedelta(weeks=n): 3 for n in range(4)}
    at(east, 1, 4)
    take_in(east.app.db, folder(tmp_path / "crm", date(2026, 6, 1), odd=may), east.clock.now)
    at(east, 1, 7)
    tick(east)
    (said,) = east.heard("bot:weber", "digest:monthly")
    assert said.splitlines()[0] == "**East, May 2026: 20 deals fewer than usual went on from Demo**"
    assert "- Demo · 12 of 80 (15%, usually 40%)" in said
    assert [name for name, _, _ in pictures(east) if "monthly" in name] == ["monthly-2026-05.png"]


def test_a_rep_who_opts_in_hears_of_their_own_deals_alone(fallen: Office, tmp_path: Path) -> None:
    form = fallen.form("li", "/digest change")
    fallen.fill("li", form, daily="no", at="08:40", weekday="0", kinds=("weekly",))
    at(fallen, 8, 7)
    tick(fallen)
    (said,) = fallen.heard("bot:li", "digest")
    assert said.startswith("**你的商机，第 23 周")


def test_nobody_is_told_of_another_teams_deals(fallen: Office) -> None:
    fallen.hire(
        HEAD + "vera,Vera Voss,West,manager,Europe/Berlin,en,DE,,\nwim,Wim,West,rep,Europe/Berlin,en,DE,vera,\n"
    )
    at(fallen, 8, 7)
    fallen.say("vera", "/digest now")
    (said,) = fallen.heard("bot:vera", "reply")
    assert said == "**West, week 23: everything as usual**"
    fallen.say("weber", "/digest now")
    assert "fell to 5%" in fallen.heard("bot:weber", "reply")[-1]


@pytest.mark.parametrize("command", ["/digest", "/简报", "/digest now", "/digest month", "/digest day"])
def test_who_has_no_deals_is_told_so(fallen: Office, command: str) -> None:
    fallen.say("olga", command)
    assert "Digests are about deals" in fallen.heard("bot:olga", "reply")[-1]


def test_the_form_is_kept_and_said_again(fallen: Office) -> None:
    fallen.say("weber", "/digest")
    assert "Every week: Monday at 08:30" in fallen.heard("bot:weber", "reply")[-1]
    form = fallen.form("weber", "/digest change")
    fallen.fill(
        "weber", form, daily="no", at="17:05", weekday="4", kinds=("weekly",), measures=("win_rate", "nonsense")
    )
    said = fallen.heard("bot:weber", "reply")[-1]
    assert "Every week: Friday at 17:05" in said
    assert "Only of: Win rate" in said
    with pytest.raises(FormError):
        fallen.fill("weber", form, daily="no", at="half past", weekday="4", kinds=())
    again = fallen.form("weber", "/digest change")
    assert {f.name: f.value for f in again.fields}["at"] == "17:05"


def test_two_clocks_at_once_say_it_once(fallen: Office) -> None:
    at(fallen, 8, 7)
    kpi.plan(fallen.app)
    with ThreadPoolExecutor(2) as clocks:
        list(clocks.map(kpi.digests, [fallen.app, fallen.app]))
    assert len(fallen.keys("digest")) == 1
