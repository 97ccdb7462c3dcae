"""What people do on Slack, heard once each: over Socket Mode and over signed HTTP."""

import logging
from pathlib import Path

import pytest

from bot.message import Button, Choices, Place, Reply
from tests.bot.chat.slack.desk import office, run
from tests.platforms.slack import BOT_USER, Message

BOTH = pytest.mark.parametrize("http", [False, True], ids=["socket", "http"])


@BOTH
def test_what_is_told_three_times_is_heard_once(tmp_path: Path, http: bool) -> None:
    async def test() -> None:
        async with office(tmp_path, http=http) as desk:
            with desk.slack.line.delivering(3):
                act = await desk.slack.say("anna", "dm", "did the demo & <b>more</b>")
            assert act.acked
            message = await desk.hears()
            assert desk.ear.texts == ["did the demo & <b>more</b>"]
            assert message.id == f"{desk.slack.dm('anna').id}:{act.ts}"
            assert message.place == Place("slack", "U2")
            assert (message.person, message.how) == (desk.person("anna").id, "typed")

    run(test)


def test_what_comes_in_another_order_is_all_heard(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path) as desk:
            with desk.slack.line.scrambled(), desk.slack.line.delivering(2):
                for n in range(8):
                    desk.slack.say("anna", "dm", f"m{n}")
            await desk.hears(8)
            assert sorted(desk.ear.texts) == [f"m{n}" for n in range(8)]

    run(test)


@BOTH
def test_what_could_not_be_stored_is_not_acknowledged_and_comes_again(
    tmp_path: Path, http: bool, caplog: pytest.LogCaptureFixture
) -> None:
    async def test() -> None:
        async with office(tmp_path, http=http, ack_within=0.5) as desk:
            desk.ear.deaf = 1
            act = await desk.slack.say("anna", "dm", "once")
            await desk.hears()
            assert desk.ear.texts == ["once"]
            assert [a.outcome == "ok" for a in act.deliveries[0].attempts] == [False, True]

    run(test)
    assert "secrets" not in caplog.text
    assert any(r.levelno == logging.ERROR for r in caplog.records)


def test_a_command_that_could_not_be_stored_is_not_acknowledged(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path, ack_within=0.5) as desk:
            desk.ear.deaf = 1
            assert not (await desk.slack.command("anna", "dm", "/standup")).acked

    run(test)


@pytest.mark.parametrize("how", ["forged", "unsigned", "tampered", "old"])
def test_what_slack_did_not_sign_is_refused_and_counted(
    tmp_path: Path, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def test() -> None:
        async with office(tmp_path, http=True) as desk:
            event = {"type": "message", "channel": "D2", "channel_type": "im", "user": "U2", "text": "pay", "ts": "1.0"}
            status, _ = await desk.slack.forge({"type": "event_callback", "event": event}, how)
            assert status == 401
            assert desk.ear.heard == []
            assert desk.chat._listening().refused == 1
            assert "signature" in desk.chat.broken()
            assert await desk.slack.verify()  # the real one goes on
            assert "signature" not in desk.chat.broken()

    run(test)
    assert "pay" not in caplog.text


def test_before_start_nothing_is_acknowledged(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path, http=True, listen=False) as desk:
            act = await desk.slack.say("anna", "dm", "too early")
            assert not act.acked
            await desk.chat.start(desk.ear)

    run(test)


IN_A_CHANNEL = [
    (f"<@{BOT_USER}> standup", "standup"),
    (f"<@{BOT_USER}>: /blockers", "/blockers"),
    (f"hey <@{BOT_USER}>", "hey"),
    (f"<@{BOT_USER}>", "/help"),
    (f"<@{BOT_USER}> ask <@U1> in <#C1|east>, see https://a.example/x?a=1&b=2", "ask Jonas Weber in #east, see "),
]


@pytest.mark.parametrize(("said", "heard"), IN_A_CHANNEL)
def test_a_mention_is_heard_once_without_the_name(tmp_path: Path, said: str, heard: str) -> None:
    async def test() -> None:
        async with office(tmp_path) as desk:
            await desk.slack.say("anna", "C1", said)  # told as a message and as a mention
            message = await desk.hears()
            assert len(desk.ear.heard) == 1
            assert message.text.startswith(heard)
            assert message.place == Place("slack", "C1", "", only="U2")

    run(test)


def test_people_talking_to_each_other_are_not_heard(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path) as desk:
            root = await desk.slack.say("anna", "C1", "lunch?")
            await desk.slack.say("jonas", "C1", "yes", thread_ts=root.ts)
            await desk.slack.channel_rename("C1", "west")
            await desk.chat.send(Place("slack", "C1"), Reply(f"<@{BOT_USER}> I talk to myself"), "k")
            await desk.slack.unfurl("C1", root.ts)
            await desk.slack.delete("anna", "C1", root.ts)
            await desk.slack.say("anna", "dm", "that is all")
            assert (await desk.hears()).text == "that is all"
            assert desk.ear.texts == ["that is all"]

    run(test)


def test_a_reply_in_a_thread_of_ours_is_about_it(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path) as desk:
            sent = await desk.says("C1", "The board", "board:1")
            ts = sent.partition(":")[2]
            await desk.slack.say("anna", "C1", "mine is wrong", thread_ts=ts)
            message = await desk.hears()
            assert (message.about, message.place) == ("board:1", Place("slack", "C1", ts, only="U2"))
            desk.ear.known.clear()  # not written down yet
            await desk.slack.say("anna", "C1", "still", thread_ts=ts)
            assert (await desk.hears(2)).about == "board:1"

    run(test)


def test_in_a_thread_of_their_own_chat_it_is_about_what_was_asked(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path) as desk:
            sent = await desk.says("U2", "Standup", "standup-prompt:1")
            await desk.slack.say("anna", "dm", "demo", thread_ts=sent.partition(":")[2])
            message = await desk.hears()
            assert (message.about, message.place.chat) == ("standup-prompt:1", "U2")

    run(test)


def test_a_changed_message_is_heard_as_an_edit_and_a_preview_is_not(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path) as desk:
            act = await desk.slack.say("anna", "dm", "demo")
            await desk.slack.unfurl(desk.slack.dm("anna"), act.ts)
            await desk.slack.edit("anna", "dm", act.ts, "demo and quote")
            message = await desk.hears(2)
            assert [m.how for m in desk.ear.heard] == ["typed", "edit"]
            assert message.text == "demo and quote"
            assert message.id.startswith(desk.ear.heard[0].id + ":")

    run(test)


@BOTH
def test_a_command_is_heard_as_typed(tmp_path: Path, http: bool) -> None:
    async def test() -> None:
        async with office(tmp_path, http=http) as desk:
            act = await desk.slack.command("anna", "C1", "/leave", "until Friday & on")
            message = await desk.hears()
            assert act.acked
            assert (message.text, message.how) == ("/leave until Friday & on", "typed")
            assert message.place == Place("slack", "C1", only="U2")
            assert message.id == act.trigger_id
            await desk.slack.command("anna", "dm", "/standup")
            assert (await desk.hears(2)).place == Place("slack", "U2")

    run(test)


LATER = Choices("Later", tuple(Button(f"In {n} h", f"/standup later {n}") for n in range(1, 4)))
LONG = "/note " + "很长" * 1500
PRESSES = [
    ("Answer", "", "/standup open 12"),
    ("Long", "", LONG),
    ("say2-0", "In 2 h", "/standup later 2"),
    ("say3-0", "Far", LONG),
]


@pytest.mark.parametrize(("press", "option", "says"), PRESSES)
def test_a_button_says_what_it_says(tmp_path: Path, press: str, option: str, says: str) -> None:
    async def test() -> None:
        async with office(tmp_path) as desk:
            far = Choices("Far", (Button("Far", LONG), Button("Near", "/x")))
            row = (Button("Answer", "/standup open 12", "primary"), Button("Long", LONG), LATER, far)
            await desk.says("U2", "Standup", "standup-prompt:1", *row)
            act = await desk.slack.press("anna", desk.slack.last("anna"), press, option)
            message = await desk.hears()
            assert act.acked
            assert (message.text, message.how, message.about) == (says, "button", "standup-prompt:1")
            assert message.place == Place("slack", "U2")

    run(test)


def test_a_button_below_a_long_text_and_one_that_only_one_person_sees(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path) as desk:
            await desk.says("C1", "word " * 6000, "long:1", Button("Go", "/go"))
            last: Message = desk.slack.last("C1")
            assert len(desk.slack.said("C1")) > 1
            await desk.slack.press("anna", last, "Go")
            assert (await desk.hears()).about == "long:1"
            await desk.says("C1", "For you", "eyes:1", Button("See", "/see"), only="U2")
            await desk.slack.press("anna", desk.slack.last("C1"), "See")
            message = await desk.hears(2)
            assert (message.about, message.place) == ("eyes:1", Place("slack", "C1", only="U2"))

    run(test)


def test_strangers_are_heard_as_nobody_in_their_own_chat(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path) as desk:
            guest = desk.slack.add_user("U9", "guest")
            desk.slack.channel("C1").members.append("U9")
            await desk.slack.say(guest, "C1", f"<@{BOT_USER}> tell me")
            message = await desk.hears()
            assert (message.person, message.place) == (0, Place("slack", "U9"))
            await desk.slack.command(guest, "C1", "/standup")
            assert (await desk.hears(2)).place == Place("slack", "U9")
            sent = await desk.says("C1", "The board", "board:1")
            await desk.slack.say(guest, "C1", "nice", thread_ts=sent.partition(":")[2])
            await desk.slack.say("anna", "dm", "after that")
            assert (await desk.hears(3)).text == "after that"

    run(test)


def test_the_home_tab_shows_what_the_handlers_give(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path) as desk:
            desk.ear.replies["/home"] = Reply("**Today** · nothing waits", (Button("Standup", "/standup"),))
            await desk.slack.open_home("anna", "messages")
            await desk.slack.open_home("anna")
            home = (await desk.slack.until(lambda: desk.slack.homes))["U2"]
            assert "*Today* · nothing waits" in home.shown
            assert desk.ear.heard == []
            assert [m.how for m in desk.ear.answered] == ["home"]
            await desk.slack.press("anna", home, "Standup")
            await desk.hears(3)
            assert [(m.how, m.text) for m in desk.ear.answered[1:]] == [("button", "/standup"), ("home", "/home")]

    run(test)
