"""Linking accounts, choosing where a board stands, and asking people where they prefer it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from bot.app import App
from bot.message import Message, Place
from bot.team import accounts
from bot.team import store as teams
from handlers import FREE, MENU
from handlers.route import route
from tests.conftest import Office


@dataclass
class Connected:
    """A platform as handlers know it."""

    platform: str = "telegram"

    def invitation(self, code: str) -> str:
        return f"https://t.me/paceline_bot?start={code}"


@pytest.fixture
def office(east: Office) -> Office:
    east.app = replace(east.app, platforms=(Connected(),))  # type: ignore[arg-type]
    return east


def in_channel(office: Office, key: str, text: str, chat: str = "-100200", heard: str = "") -> None:
    who = office.person(key)
    place = Place("telegram", chat, only="4711")
    route(office.app, MENU, FREE, Message(heard or f"{text}-{key}", who.id, place, text, office.app.now()))


def texts(app: App, chat: str) -> list[str]:
    from bot.outbox import store

    with app.db.read() as db:
        return [row.body["text"] for row in db.execute(store.outbox.select()) if row.chat == chat]


def test_an_invitation_links_once_and_then_they_are_asked_there(office: Office) -> None:
    office.say("weber", "/invite anna")
    said = office.heard("bot:weber", "reply:")[-1]
    code = said.split("start=")[1].split()[0]
    anna, now = office.person("anna"), office.app.now()
    with office.app.db.begin() as db:
        assert accounts.redeem(db, 1, "telegram", code, "4711", "4711", now) == anna.id
        assert accounts.redeem(db, 1, "telegram", code, "666", "666", now) is None
        assert accounts.person_on(db, 1, "telegram", "4711") == anna.id
        assert accounts.person_on(db, 1, "telegram", "666") is None
        assert teams.places_of_people(db, 1, [anna.id])[anna.id] == Place("telegram", "4711")


def test_an_invitation_lapses_and_a_newer_one_replaces_it(office: Office) -> None:
    anna, now = office.person("anna"), office.app.now()
    with office.app.db.begin() as db:
        first, second = (accounts.invite(db, anna, "telegram", now) for _ in range(2))
        assert accounts.redeem(db, 1, "telegram", first, "1", "1", now) is None
        assert accounts.redeem(db, 1, "telegram", second, "1", "1", now + accounts.INVITE_LIVES) is None


def test_who_may_invite_whom(office: Office) -> None:
    office.say("anna", "/invite li")
    assert "Only a manager" in office.heard("bot:anna")[-1]
    office.say("weber", "/invite nobody")
    assert "no such person" in office.heard("bot:weber")[-1]
    office.say("weber", "/invite")
    assert "5 people are not linked yet" in office.heard("bot:weber")[-1]


def test_the_board_stands_where_the_manager_wants_it(office: Office) -> None:
    in_channel(office, "anna", "/here")
    in_channel(office, "weber", "/here")
    with office.app.db.read() as db:
        team = office.person("weber").team_id
        assert accounts.team_chats(db, 1, "telegram") == {"-100200": team}
        assert len(teams.places_of_team(db, 1, team)) == 2  # the web channel stays
    in_channel(office, "weber", "/here off")
    with office.app.db.read() as db:
        assert accounts.team_chats(db, 1, "telegram") == {}


def test_people_say_where_they_want_to_be_asked(office: Office) -> None:
    anna = office.person("anna")
    with office.app.db.begin() as db:
        accounts.link(db, 1, anna.id, "telegram", "4711", "4711")
    form = office.form("anna", "/me")
    (where,) = [f for f in form.fields if f.name == "platform"]
    assert where.value == "telegram"
    office.fill("anna", form, language="en", at="", platform="web")
    with office.app.db.read() as db:
        assert teams.places_of_people(db, 1, [anna.id])[anna.id].platform == "web"


def test_matching_by_id_and_address_and_leaving(office: Office) -> None:
    office.hire(
        "person,name,email,team,role,timezone,slack\n"
        "ada,Ada Obi,ada@example.com,East,rep,Europe/Berlin,\n"
        "bo,Bo Li,,East,rep,Europe/Berlin,U2\n"
    )
    ada, bo = office.person("ada"), office.person("bo")
    there = [accounts.Account("U1", "ADA@example.com"), accounts.Account("U2", "other@example.com")]
    with office.app.db.begin() as db:
        done = accounts.match(db, 1, "slack", there)
        assert set(done.linked) == {ada.id, bo.id}
        assert accounts.match(db, 1, "slack", there).linked == ()
        gone = accounts.match(db, 1, "slack", [replace(there[0], active=False), there[1]])
        assert gone.unlinked == (ada.id,)
        assert teams.places_of_people(db, 1, [ada.id])[ada.id].platform == "web"
        assert accounts.match(db, 1, "slack", there).linked == (ada.id,)


def test_the_page_of_ones_own(office: Office) -> None:
    office.say("anna", "/standup")
    anna = office.person("anna")
    asked = Message("h1", anna.id, Place("slack", "U1"), "/home", office.app.now(), "home")
    page = route(office.app, MENU, FREE, asked)
    assert page is not None
    assert page.text.startswith("**Standup · Thu 11 Jun** · will be asked")
    assert "Nothing stands in the way." in page.text
    assert not texts(office.app, "U1")


@pytest.mark.parametrize("said", ["/paceline help", "/paceline /help", "/paceline", "/paceline@bot help"])
def test_all_commands_go_under_one(office: Office, said: str) -> None:
    office.say("anna", said)
    assert "I keep your team's rhythm" in office.heard("bot:anna")[-1]


def test_one_person_two_platforms_one_board(office: Office) -> None:
    anna, boss = office.person("anna"), office.person("weber")
    with office.app.db.begin() as db:
        accounts.link(db, 1, anna.id, "slack", "U1", "U1")
        accounts.link(db, 1, anna.id, "telegram", "4711", "4711")  # the newest is where they are asked
        accounts.show_team(db, 1, boss.team_id, Place("slack", "C1"))
        accounts.show_team(db, 1, boss.team_id, Place("telegram", "-100200"))
    office.run(datetime(2026, 6, 11, 7, 31, tzinfo=UTC), step=60 * 30)
    (prompt,) = texts(office.app, "4711")
    assert "closes" in prompt
    assert not texts(office.app, "U1")
    said = "Yesterday: met Acme\nToday: demo\nBlockers: none"
    route(office.app, MENU, FREE, Message("s1", anna.id, Place("slack", "U1"), said, office.app.now()))
    assert "Noted" in texts(office.app, "U1")[0]
    (prompt,) = texts(office.app, "4711")
    assert "closes" not in prompt, "answered in one, it is closed in the other"
    boards = [t for chat in ("C1", "-100200", f"team-{boss.team_id}") for t in texts(office.app, chat) if "1 of 3" in t]
    assert len(boards) == 3
    assert len(set(boards)) == 1


def test_what_slack_keeps_for_itself_is_shown_behind_one_name(office: Office) -> None:
    anna = office.person("anna")
    route(office.app, MENU, FREE, Message("s1", anna.id, Place("slack", "U1"), "/paceline help", office.app.now()))
    (said,) = texts(office.app, "U1")
    assert "**/paceline leave**" in said
    assert "**/standup**" in said
