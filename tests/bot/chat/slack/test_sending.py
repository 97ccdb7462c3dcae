"""What the bot says on Slack: sent, changed, found again, and every way in which it may not work."""

import asyncio
from pathlib import Path

import pytest

from bot.errors import ChatError
from bot.message import Button, Picture, Place, Reply
from tests.bot.chat.slack.desk import Desk, office, run

ANNA, EAST = Place("slack", "U2"), Place("slack", "C1")
PNG = Picture("board.png", b"\x89PNG....", "Demo to Offer fell to 17%")


async def _fails(desk: Desk, how: str, method: str = "chat.postMessage") -> ChatError:
    desk.slack.misbehave(method, how)
    with pytest.raises(ChatError) as caught:
        await desk.chat.send(ANNA if method == "chat.postMessage" else EAST, Reply("hello"), "k:1")
    return caught.value


def test_sent_changed_and_found(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path, listen=False) as desk:
            reply = Reply(
                "**Standup** · closes 09:40\n\n- Acme\n- 宏达 👍 שלום", (Button("Answer", "/standup", "primary"),)
            )
            sent = await desk.chat.send(ANNA, reply, "standup-prompt:1")
            message = desk.slack.last("anna")
            assert sent == f"{message.channel.id}:{message.ts}"
            assert message.shown == "*Standup* · closes 09:40\n\n• Acme\n• 宏达 👍 שלום\nAnswer"
            assert message.text.startswith("*Standup* · closes 09:40\n")
            await desk.chat.edit(ANNA, sent, Reply("Noted."))
            await desk.chat.edit(ANNA, sent, Reply("Noted."))
            assert desk.slack.texts("anna") == ["Noted."]
            assert await desk.chat.find(ANNA, "standup-prompt:1") == sent
            assert await desk.chat.find(ANNA, "standup-prompt:2") is None
            call = next(c for c in desk.slack.calls if c.method == "chat.postMessage")
            assert (call.args["unfurl_links"], call.args["unfurl_media"]) == (False, False)

    run(test)


def test_in_a_thread_of_what_was_sent(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path, listen=False) as desk:
            root = await desk.chat.send(EAST, Reply("board " * 2500), "board:1")
            assert "," in root
            under = Place("slack", "C1", thread=root)
            sent = await desk.chat.send(under, Reply("2 of 3 are in"), "note:1")
            ts = root.partition(",")[0].partition(":")[2]
            assert desk.slack.texts("C1", ts)[-1] == "2 of 3 are in"
            assert await desk.chat.find(under, "note:1") == sent
            assert await desk.chat.find(Place("slack", "C1", thread=ts), "note:2") is None

    run(test)


def test_a_long_text_takes_several_messages_and_shrinks_and_grows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test() -> None:
        monkeypatch.setattr("bot.chat.slack.adapter.BETWEEN", 0)
        async with office(tmp_path, listen=False) as desk:
            lines = [f"- line {n} " + "x" * 90 for n in range(300)]
            sent = await desk.chat.send(EAST, Reply("\n".join(lines), (Button("Ok", "/ok"),)), "long:1")
            parts = desk.slack.said("C1")
            assert len(parts) == len(sent.split(",")) > 2
            assert "\n".join(p.shown for p in parts).replace("\nOk", "") == "\n".join(lines).replace("- ", "• ")
            assert [p.labels for p in parts] == [[] for _ in parts[1:]] + [["Ok"]]
            assert await desk.chat.find(EAST, "long:1") == sent
            await desk.chat.edit(EAST, sent, Reply("short"))
            assert desk.slack.texts("C1") == ["short"]
            await desk.chat.edit(EAST, sent, Reply("\n".join(lines[:150])))
            assert len(desk.slack.said("C1")) == 2

    run(test)


def test_what_an_edit_added_is_known_after_a_restart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        monkeypatch.setattr("bot.chat.slack.adapter.BETWEEN", 0)
        async with office(tmp_path, listen=False) as desk:
            sent = await desk.chat.send(EAST, Reply("short"), "board:1")
            long = "word " * 3000
            await desk.chat.edit(EAST, sent, Reply(long))
            desk.chat._seek.grown.clear()  # a new process
            await desk.chat.edit(EAST, sent, Reply(long + "more"))
            assert len(desk.slack.said("C1")) == 2
            assert desk.slack.texts("C1")[-1].endswith("more")

    run(test)


def test_half_of_a_long_text_is_found_and_made_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        monkeypatch.setattr("bot.chat.slack.adapter.BETWEEN", 0)
        async with office(tmp_path, listen=False) as desk:
            desk.slack.misbehave("chat.postMessage", "500", after=1)
            reply = Reply("word " * 6000)
            with pytest.raises(ChatError) as caught:
                await desk.chat.send(EAST, reply, "long:1")
            assert caught.value.unsure
            sent = await desk.chat.find(EAST, "long:1")
            assert sent
            await desk.chat.edit(EAST, sent, reply)
            assert "".join(desk.slack.texts("C1")).count("word") == 6000

    run(test)


def test_for_one_persons_eyes(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path, listen=False) as desk:
            here = Place("slack", "C1", only="U2")
            sent = await desk.chat.send(here, Reply("yours alone"), "reply:1")
            assert desk.slack.last("C1").only == "U2"
            await desk.chat.edit(here, sent, Reply("something else"))  # cannot be, and is no error
            with pytest.raises(NotImplementedError):
                await desk.chat.find(here, "reply:1")
            desk.slack.add_channel("C2", "elsewhere", bot=False)
            for chat in ("C2", "C9"):
                await desk.chat.send(Place("slack", chat, only="U2"), Reply(f"not in {chat}"), f"reply:{chat}")
            assert desk.slack.texts("anna") == ["not in C2", "not in C9"]
            assert await desk.chat.find(Place("slack", "C9", only="U2"), "reply:C9")

    run(test)


def test_a_picture_follows_its_text_and_never_loses_it(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path, listen=False) as desk:
            await desk.chat.send(ANNA, Reply("The week", pictures=(PNG,)), "digest:1")
            (file,) = desk.slack.files.values()
            assert (file.name, file.data, file.alt) == ("board.png", PNG.png, PNG.alt)
            assert file.channels == [desk.slack.dm("anna").id]
            for method in ("files.getUploadURLExternal", "upload", "files.completeUploadExternal"):
                desk.slack.misbehave(method, "500")
                assert await desk.chat.send(ANNA, Reply(f"text, {method}", pictures=(PNG,)), f"digest:{method}")
            assert [t for t in desk.slack.texts("anna") if t.startswith("text")] == [
                "text, files.getUploadURLExternal",
                "text, upload",
                "text, files.completeUploadExternal",
            ]

    run(test)


REFUSALS = [
    ("error:user_not_found", {"gone", "permanent"}, "roster"),
    ("error:user_disabled", {"gone", "permanent"}, "deactivated"),
    ("error:cannot_dm_bot", {"gone", "permanent"}, "roster"),
    ("error:channel_not_found", {"gone", "permanent"}, "roster"),  # in a person's own chat
    ("error:is_archived", {"permanent"}, "/here"),
    ("error:not_in_channel", {"permanent"}, "/invite @Paceline"),
    ("error:invalid_blocks", {"permanent"}, "cannot read"),
    ("error:something_new", {"permanent"}, "something_new"),
    ("error:invalid_auth", {"locked_out"}, "OAuth & Permissions"),
    ("error:token_revoked", {"locked_out"}, "PACELINE_SLACK_BOT_TOKEN"),
    ("error:account_inactive", {"locked_out"}, "Install it again"),
    ("error:missing_scope", {"locked_out"}, "slack-manifest.yaml"),
    ("error:internal_error", {"unsure"}, "internal_error"),
    ("error:service_unavailable", set(), "service_unavailable"),
    ("500", {"unsure"}, "500"),
    ("html", {"unsure"}, "nothing readable"),
    ("drop", {"unsure"}, "no answer"),
    ("post-then-drop", {"unsure"}, "no answer"),
]


@pytest.mark.parametrize(("how", "kinds", "says"), REFUSALS)
def test_what_a_refusal_means(tmp_path: Path, how: str, kinds: set[str], says: str) -> None:
    async def test() -> None:
        async with office(tmp_path, listen=False) as desk:
            fault = await _fails(desk, how)
            flags = {name for name in ("gone", "permanent", "unsure", "locked_out") if getattr(fault, name)}
            assert flags == kinds
            assert says in str(fault)
            if "locked_out" in kinds:
                assert desk.chat.broken()["token"] == str(fault)
                await desk.chat.send(ANNA, Reply("again"), "k:2")
                assert "token" not in desk.chat.broken()

    run(test)


def test_a_pause_that_slack_asks_for(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path, listen=False) as desk:
            fault = await _fails(desk, "429:7")
            assert fault.retry_after == 7
            assert not fault.permanent

    run(test)


def test_silence_is_doubt_and_no_door_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def test() -> None:
        monkeypatch.setattr("bot.chat.slack.api.TIMEOUT", 0.3)
        async with office(tmp_path, listen=False) as desk:
            fault = await _fails(desk, "post-then-hang")
            assert fault.unsure
            assert await desk.chat.find(ANNA, "k:1")  # it arrived all the same
            await desk.slack.close()
            await desk.chat.api.close()  # a connection that was open would break, and leave a doubt
            with pytest.raises(ChatError) as caught:
                await desk.chat.send(ANNA, Reply("hello"), "k:2")
            assert not caught.value.unsure
            assert not caught.value.permanent
            await desk.slack.open()

    run(test)


def test_nobody_is_mentioned_by_accident(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path, listen=False) as desk:
            await desk.chat.send(
                EAST, Reply("<!here> <@U2> @channel & [x](https://a.example/?q=1&r=<!channel>)"), "k:1"
            )
            message = desk.slack.last("C1")
            assert "<!" not in message.shown + message.text
            assert "<@" not in message.shown + message.text

    run(test)


def test_a_picture_alone_says_what_it_shows(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path, listen=False) as desk:
            await desk.chat.send(EAST, Reply(pictures=(PNG,)), "k:1")
            assert desk.slack.texts("C1")[0] == PNG.alt

    run(test)


def test_what_is_said_while_it_stops_arrives_and_leaves_nothing_open(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path, listen=False, latency=0.2) as desk:
            saying = asyncio.create_task(desk.chat.send(EAST, Reply("last words"), "k:1"))
            await asyncio.sleep(0.05)
            await desk.chat.stop()
            await saying
            await desk.chat.send(EAST, Reply("and more"), "k:2")
            assert desk.chat.api._session is None

    run(test)


def test_a_hundred_at_once_share_one_session(tmp_path: Path) -> None:
    async def test() -> None:
        async with office(tmp_path, listen=False) as desk:
            await asyncio.gather(*(desk.chat.send(EAST, Reply(f"m{n}"), f"k:{n}") for n in range(100)))
            assert len(desk.slack.said("C1")) == 100

    run(test)
