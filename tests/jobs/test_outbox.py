"""Who cannot be reached, and what did not get through."""

from datetime import UTC, datetime

from bot.message import Place, Reply
from bot.outbox import store
from bot.outbox.model import Outcome, State
from jobs import outbox, standup
from tests.conftest import Office

ASKED = datetime(2026, 6, 11, 7, 30, tzinfo=UTC)

ADMIN = "person,name,team,role,timezone\nada,Ada Obi,Office,admin,Europe/Berlin\n"


def refuse(office: Office, key: str, state: State, why: str) -> None:
    """What waits for somebody is refused for good."""
    now, chat = office.app.now(), f"bot-{office.person(key).id}"
    with office.app.db.begin() as db:
        waiting = [w for w in store.waiting(db, "1/web", 1, now) if w.chat == chat]
        store.settle(db, [Outcome(d, state, why=why) for d in store.claim(db, waiting, 1, now)], 1, now)


def ask(office: Office) -> None:
    office.hire(ADMIN)
    standup.plan(office.app)
    office.clock.now = ASKED
    standup.plan(office.app)
    standup.ask(office.app)


def test_somebody_unreachable_is_told_once_and_not_counted(east: Office) -> None:
    ask(east)
    refuse(east, "anna", State.GONE, "blocked the bot")
    for _ in range(3):
        outbox.look_after(east.app)
    assert east.person("anna").unreachable == "blocked the bot"
    notes = east.heard("bot:ada", "lost:")
    assert notes == [
        "**Anna Berg cannot be reached.** blocked the bot\n"
        "They are not counted until they can be; I try again once a day."
    ]
    assert "0 of 2 · 1 unreachable" in east.heard("team:East", "standup-board:")[0]


def test_they_are_tried_once_a_day_and_welcome_when_they_speak(east: Office) -> None:
    ask(east)
    refuse(east, "anna", State.GONE, "blocked the bot")
    outbox.look_after(east.app)
    east.run(datetime(2026, 6, 12, 9, 0, tzinfo=UTC), 300)
    assert len(east.heard("bot:anna", "standup-prompt:")) == 2
    east.say("anna", "/help")
    assert east.person("anna").unreachable == ""


def test_an_admin_hears_of_what_did_not_get_through_and_sends_it_again(east: Office) -> None:
    ask(east)
    refuse(east, "anna", State.DEAD, "the channel is archived")
    refuse(east, "li", State.UNKNOWN, "nobody can tell")
    outbox.look_after(east.app)
    outbox.look_after(east.app)
    assert east.heard("bot:ada", "outbox-trouble:") == ["2 messages did not get through in the last hour."]
    east.say("anna", "/outbox")
    assert "Only an admin" in east.heard("bot:anna", "reply:")[-1]
    east.say("ada", "/outbox")
    said = east.heard("bot:ada", "reply:")[-1]
    assert "standup prompt · Anna Berg · web: given up (the channel is archived)" in said
    assert "standup prompt · 李伟 · web: may not have arrived" in said
    with east.app.db.read() as db:
        dead = next(r for r in store.troubled(db, 1, ASKED.replace(hour=0)) if r.state == State.DEAD)
    east.say("ada", f"/outbox retry {dead.id}")
    east.deliver()
    with east.app.db.read() as db:
        assert east.app.delivered(db, [dead.key])[dead.key].state is State.SENT


def test_what_was_refused_long_after_it_was_said_is_told_too(east: Office) -> None:
    ask(east)
    with east.app.db.begin() as db:
        east.app.say(db, Place("web", f"bot-{east.person('omar').id}"), Reply("later"), "k:1")
    east.clock.forward(hours=2)  # the platform was down
    refuse(east, "omar", State.GONE, "blocked the bot")
    outbox.look_after(east.app)
    assert east.person("omar").unreachable == "blocked the bot"
