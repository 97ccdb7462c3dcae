"""How this Slack tells an app what happens: over sockets, over HTTP, again when it must, and never by itself."""

import asyncio
import io

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.platforms.slack import BOT_TOKEN, BOT_USER, Slack
from tests.platforms.slack.scene import actions, button, field, menu, modal, run
from tests.platforms.slack.small_app import SmallApp, SmallWebApp
from tests.platforms.slack.talk import Talk

HTTP = {"request_url": "http://127.0.0.1:1/"}  # the app puts in its own


def test_what_is_not_acknowledged_comes_again_elsewhere() -> None:
    async def test(slack: Slack, _: AsyncWebClient) -> None:
        async with SmallApp(slack) as one, SmallApp(slack) as two:
            one.deaf = two.deaf = 1
            act = await slack.say("ann", "dm", "hello")
            assert act.acked
            tries = [(r.retry_attempt, r.retry_reason, r.payload["event_id"]) for r in one.requests + two.requests]
            event_id = act.event_ids[0]
            assert sorted(tries) == [(0, "", event_id), (1, "timeout", event_id), (2, "timeout", event_id)]
            assert min(len(one.requests), len(two.requests)) == 1
            one.deaf = two.deaf = 9
            assert not (await slack.command("ann", "dm", "/standup")).acked  # a command is tried once

    run(test)


def test_each_envelope_goes_to_one_socket() -> None:
    async def test(slack: Slack, _: AsyncWebClient) -> None:
        async with SmallApp(slack) as one, SmallApp(slack) as two:
            for number in range(6):
                await slack.say("ann", "dm", str(number))
            assert len(one.heard) == len(two.heard) == 3

    run(test)


def test_a_socket_is_refreshed_and_comes_back() -> None:
    async def test(slack: Slack, _: AsyncWebClient) -> None:
        async with SmallApp(slack) as app:
            first = slack.sockets.open[0]
            assert first.sent[0]["type"] == "hello"
            slack.disconnect("warning")
            await slack.until(lambda: len(slack.sockets.all) == 2 and slack.sockets.open[-1] is not first)
            slack.sockets.cut()
            await slack.until(lambda: len(slack.sockets.all) == 3 and len(slack.sockets.open) == 1)
            assert (await slack.say("ann", "dm", "still there")).acked
            assert app.events == ["message"]

    run(test)


def test_nothing_is_heard_while_it_is_down() -> None:
    async def test(slack: Slack, _: AsyncWebClient) -> None:
        async with SmallApp(slack) as app:
            slack.down = True
            await slack.until(lambda: not slack.sockets.open)
            assert not (await slack.say("ann", "dm", "anybody?")).acked
            slack.down = False
            await slack.until(lambda: slack.sockets.open)
            assert (await slack.say("ann", "dm", "hello")).acked
            assert len(app.heard) == 1

    run(test)


def test_events_come_twice_and_out_of_order() -> None:
    async def test(slack: Slack, _: AsyncWebClient) -> None:
        async with SmallApp(slack) as app:
            with slack.line.delivering(3):
                act = await slack.say("ann", "dm", "hello")
            assert [payload["event_id"] for payload in app.heard] == act.event_ids
            assert len(set(act.event_ids)) == 1
            app.heard.clear()
            with slack.line.scrambled():
                acts = [slack.say("ann", "dm", str(number)) for number in range(5)]
            for act in acts:
                await act
            texts = [payload["event"]["text"] for payload in app.heard]
            assert sorted(texts) == ["0", "1", "2", "3", "4"] != texts

    run(test)


def test_what_the_bot_hears() -> None:
    async def test(slack: Slack, web: AsyncWebClient) -> None:
        slack.add_channel("C3", "others", ["ann"], bot=False)
        async with SmallApp(slack) as app:
            await slack.say("ann", "sales", f"hello <@{BOT_USER}>")
            await slack.say("ann", "others", f"hello <@{BOT_USER}>")  # where it is not, it hears nothing
            assert app.events == ["message", "app_mention"]
            assert app.heard[0]["event_id"] != app.heard[1]["event_id"]
            assert app.heard[0]["event"]["ts"] == app.heard[1]["event"]["ts"]
            await web.chat_postMessage(channel="C1", text="my own words")
            await slack.until(lambda: len(app.heard) == 3)
            assert app.heard[2]["event"]["user"] == BOT_USER

    run(test)


def test_a_response_url_works_five_times() -> None:
    async def test(slack: Slack, web: AsyncWebClient) -> None:
        await web.chat_postMessage(channel="U1", text="x", blocks=[actions(button())])
        act = slack.press("ann", slack.last("ann"), "Done")
        async with aiohttp.ClientSession() as session:
            for body in ({"text": "to you"}, {"text": "new", "replace_original": True}, {"delete_original": True}) * 2:
                answer = await session.post(act.response_url, json=body)
            assert (answer.status, (await answer.json())["error"]) == (404, "used_url")
        assert [(message.text, message.only) for message in slack.said("ann")] == [("to you", "U1"), ("to you", "U1")]

    run(test)


def test_a_command_is_answered_in_its_acknowledgement() -> None:
    async def test(slack: Slack, _: AsyncWebClient) -> None:
        async with SmallApp(slack) as app:
            app.answers["command"] = {"text": "Coming."}
            await slack.command("ann", "sales", "/standup", "start")
            assert (slack.last("sales").text, slack.last("sales").only) == ("Coming.", "U1")
            assert app.heard[0]["user_name"] == "ann"

    run(test)


def test_signed_requests_come_again_with_a_reason() -> None:
    async def test(slack: Slack, _: AsyncWebClient) -> None:
        async with SmallWebApp(slack) as app:
            assert await slack.verify()
            app.headers.clear()
            app.status = 500
            waiting = slack.say("ann", "dm", "hello")
            await slack.until(lambda: app.headers)
            app.status, app.slow = 200, 0.8
            await slack.until(lambda: len(app.headers) == 2)
            app.slow = 0
            assert (await waiting).acked
            again = [(h.get("X-Slack-Retry-Num"), h.get("X-Slack-Retry-Reason")) for h in app.headers]
            assert again == [(None, None), ("1", "http_error"), ("2", "http_timeout")]
            app.answers["command"] = {"text": "Coming."}
            assert (await slack.command("ann", "dm", "/standup", "a & b")).response == {"text": "Coming."}
            assert app.heard[-1]["text"] == "a &amp; b"

    run(test, **HTTP)


@pytest.mark.parametrize(("how", "status"), [("good", 200), ("forged", 401), ("unsigned", 401), ("old", 401)])
def test_others_may_try_to_be_slack(how: str, status: int) -> None:
    async def test(slack: Slack, _: AsyncWebClient) -> None:
        async with SmallWebApp(slack) as app:
            for kind in ("events_api", "slash_commands", "interactive"):
                assert (await slack.forge({"type": "x"}, how, kind))[0] == status
            assert (await slack.forge({"type": "x"}, "tampered"))[0] == 401
            assert len(app.heard) == (3 if how == "good" else 0)

    run(test, **HTTP)


def test_it_runs_in_a_thread_and_by_hand() -> None:
    out = io.StringIO()
    with Slack(limits=None, again_after=(), ack_within=1) as slack:
        talk = Talk(slack, lambda line: print(line, file=out))
        slack.add_channel("C1", "sales", [slack.add_user("U1", "ann")])

        async def live() -> None:
            async with SmallApp(slack) as app:
                await app.web.chat_postMessage(channel="U1", text="x", blocks=[actions(button(), menu("overflow"))])
                lines = [
                    "U1 press 1",
                    "U1 press 2 Option 1",
                    "U1 #sales hello",
                    "U1 ask 2",
                    "U1 /standup go",
                    "U9 hello",
                    "U1 home",
                ]
                await asyncio.to_thread(lambda: list(map(talk.hear, lines)))
                await app.web.views_open(trigger_id=app.heard[-2]["trigger_id"], view=modal(field()))
                await asyncio.to_thread(talk.hear, "U1 submit done")
                assert [payload.get("type", "command") for payload in app.heard[1:]] == [
                    *["block_actions", "block_actions", "event_callback", "message_action", "command"],
                    *["event_callback", "view_submission"],
                ]

        asyncio.run(live())
    said = out.getvalue()
    assert "1 paceline to ann: Done" in said
    assert "[1 Done]  [2 ...: Option 0 | Option 1]" in said
    assert "2 ann to #sales: hello" in said
    assert "no: there is nobody called U9" in said
    assert "ann sees the form 'Title'" in said
    assert BOT_TOKEN not in said
