"""The Slack that the adapter is tested against, tested with Slack's own client over real sockets."""

import asyncio
import json

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.platforms.slack import BOT, BOT_TOKEN, Limits, Slack
from tests.platforms.slack.calls import FORM_ONLY
from tests.platforms.slack.checking import KEYS, strange
from tests.platforms.slack.lively import lively
from tests.platforms.slack.scene import modal, refused, run, section
from tests.platforms.slack.small_app import SmallApp, SmallWebApp
from tests.platforms.slack.things import Json

# What is refused.

ERRORS: list[tuple[str, str, Json]] = [
    ("channel_not_found", "chat.postMessage", {"channel": "C9", "text": "x"}),
    ("channel_not_found", "chat.postMessage", {"channel": "C4", "text": "x"}),
    ("channel_not_found", "chat.postMessage", {"text": "x"}),
    ("channel_not_found", "chat.update", {"channel": "U1", "ts": "1.0", "text": "x"}),
    ("is_archived", "chat.postMessage", {"channel": "C2", "text": "x"}),
    ("not_in_channel", "chat.postMessage", {"channel": "C3", "text": "x"}),
    ("not_in_channel", "conversations.history", {"channel": "C3"}),
    ("no_text", "chat.postMessage", {"channel": "C1"}),
    ("msg_too_long", "chat.postMessage", {"channel": "C1", "text": "x" * 40_001}),
    ("msg_blocks_too_long", "chat.postMessage", {"channel": "C1", "text": "x", "blocks": [section("x" * 2700)] * 5}),
    ("invalid_blocks", "chat.postMessage", {"channel": "C1", "text": "x", "blocks": [section("x" * 3001)]}),
    ("invalid_metadata_format", "chat.postMessage", {"channel": "C1", "text": "x", "metadata": {"event_type": "a"}}),
    ("user_not_in_channel", "chat.postEphemeral", {"channel": "C1", "user": "U9", "text": "x"}),
    ("message_not_found", "chat.update", {"channel": "C1", "ts": "1.000000", "text": "x"}),
    ("message_not_found", "chat.delete", {"channel": "C1", "ts": "1.000000"}),
    ("thread_not_found", "conversations.replies", {"channel": "C1", "ts": "1.000000"}),
    ("user_not_found", "users.info", {"user": "U9"}),
    ("user_not_found", "conversations.open", {"users": "U9"}),
    ("cannot_dm_bot", "conversations.open", {"users": "USLACKBOT"}),
    ("users_not_found", "users.lookupByEmail", {"email": "nobody@example.com"}),
    ("invalid_cursor", "users.list", {"cursor": "nonsense"}),
    ("not_found", "views.update", {"view_id": "V9", "view": modal()}),
    ("invalid_trigger_id", "views.open", {"trigger_id": "1.2.3", "view": modal()}),
    ("invalid_arguments", "views.open", {"trigger_id": "1.2.3", "view": {"type": "modal"}}),
    ("file_not_found", "files.info", {"file": "F9"}),
    ("not_allowed_token_type", "apps.connections.open", {}),
    ("unknown_method", "chat.shout", {}),
]


@pytest.mark.parametrize("as_form", [True, False])
def test_errors(as_form: bool) -> None:
    async def test(slack: Slack, web: AsyncWebClient) -> None:
        slack.add_channel("C2", "old", archived=True)
        slack.add_channel("C3", "others", bot=False)
        slack.add_channel("C4", "secret", bot=False, private=True)
        for error, method, args in ERRORS:
            if method in FORM_ONLY and not as_form:
                continue
            form = {key: value if isinstance(value, str) else json.dumps(value) for key, value in args.items()}
            call = web.api_call(method, data=form) if as_form else web.api_call(method, json=args)
            assert (await refused(call))["error"] == error, (method, args)

    run(test)


def test_rights() -> None:
    async def test(slack: Slack, web: AsyncWebClient) -> None:
        theirs = slack.say("ann", "sales", "hello").ts
        assert (await refused(web.chat_update(channel="C1", ts=theirs, text="x")))["error"] == "cant_update_message"
        ours = (await web.chat_postMessage(channel="C1", text="x"))["ts"]
        assert (await refused(web.chat_update(channel="C1", ts=ours, text="x" * 4001)))["error"] == "msg_too_long"
        assert "chat:write" in (await web.auth_test()).headers["x-oauth-scopes"].split(",")
        slack.scopes -= {"chat:write", "users:read.email"}
        assert (await refused(web.chat_postMessage(channel="C1", text="x")))["needed"] == "chat:write"
        assert "email" not in (await web.users_info(user="U1"))["user"]["profile"]
        slack.deactivate("bob")
        assert (await refused(web.conversations_open(users="U2")))["error"] == "user_disabled"
        slack.revoke()
        assert (await refused(web.auth_test()))["error"] == "token_revoked"
        assert (await refused(AsyncWebClient("xoxb-x", base_url=slack.url).auth_test()))["error"] == "invalid_auth"

    run(test)


# What is said.


def test_a_message_is_posted_found_and_changed() -> None:
    async def test(slack: Slack, web: AsyncWebClient) -> None:
        key = {"event_type": "paceline", "event_payload": {"key": "a:1"}}
        sent = await web.chat_postMessage(channel="U1", text="Hi", blocks=[section("*Hi*")], metadata=key)
        assert (sent["channel"], slack.last("ann").shown, slack.last("ann").metadata) == ("D1", "*Hi*", key)
        found = await web.conversations_history(channel="D1", include_all_metadata=True)
        assert [message["metadata"] for message in found["messages"]] == [key]
        assert "metadata" not in (await web.conversations_history(channel="D1"))["messages"][0]
        await web.chat_update(channel="D1", ts=sent["ts"], text="Bye")  # a text alone takes the blocks away
        assert (slack.last("ann").shown, slack.last("ann").versions) == ("Bye", ["*Hi*"])
        assert slack.last("ann").metadata == key
        answer = await web.chat_postMessage(channel="D1", text="More", thread_ts=sent["ts"], metadata=key)
        assert [m["ts"] for m in (await web.conversations_history(channel="D1"))["messages"]] == [sent["ts"]]
        replies = await web.conversations_replies(channel="D1", ts=sent["ts"], include_all_metadata=True)
        assert [m["ts"] for m in replies["messages"]] == [sent["ts"], answer["ts"]]
        after = await web.conversations_replies(channel="D1", ts=sent["ts"], oldest=sent["ts"])
        assert len(after["messages"]) == 2  # the root comes whatever is asked for
        await web.chat_delete(channel="D1", ts=answer["ts"])
        assert slack.texts("ann") == ["Bye"]

    run(test)


def test_pages() -> None:
    async def test(slack: Slack, web: AsyncWebClient) -> None:
        for number in range(7):
            slack.say("ann", "sales", str(number))
            slack.add_user(f"U1{number}", f"rep{number}")
        users = [user["id"] async for page in await web.users_list(limit=3) for user in page["members"]]
        assert users == list(slack.users)
        told = [m async for page in await web.conversations_history(channel="C1", limit=3) for m in page["messages"]]
        assert [m["text"] for m in told] == ["6", "5", "4", "3", "2", "1", "0"]
        stamps = [m["ts"] for m in told]
        some = await web.conversations_history(channel="C1", oldest=stamps[4], latest=stamps[1])
        assert [m["text"] for m in some["messages"]] == ["4", "3"]
        both = await web.conversations_history(channel="C1", oldest=stamps[4], latest=stamps[1], inclusive=True)
        assert [m["text"] for m in both["messages"]] == ["5", "4", "3", "2"]
        deaf = await web.api_call("users.list", json={"limit": 3})  # what only reads takes no JSON
        assert len(deaf["members"]) == len(slack.users)

    run(test)


# What goes wrong.


def test_limits() -> None:
    async def test(slack: Slack, web: AsyncWebClient) -> None:
        for _ in range(2):
            await web.chat_postMessage(channel="U1", text="x")
        for channel in ("D1", "U1"):  # the same place by another name
            no = await refused(web.chat_postMessage(channel=channel, text="x"))
            assert (no["error"], no["headers"]["Retry-After"]) == ("ratelimited", "1")
        await web.chat_postMessage(channel="U2", text="x")
        await web.users_list()
        assert (await refused(web.users_list()))["headers"]["Retry-After"] == "60"
        report = slack.report()
        assert (report.hasty, report.minute) == ({"D1": 4}, 5)
        assert [(early.method, early.channel) for early in report.early] == [("chat.postMessage", "D1")]
        assert [refusal[1:] for refusal in slack.refusals[:1]] == [("chat.postMessage", "D1", 1)]

    run(test, limits=Limits(burst=2, methods={"users.list": 1}))


def test_mishaps() -> None:
    async def test(slack: Slack, web: AsyncWebClient) -> None:
        post = lambda: web.chat_postMessage(channel="C1", text="x")  # noqa: E731
        slack.misbehave("chat.postMessage", "error:internal_error", after=1)
        await post()
        assert (await refused(post()))["error"] == "internal_error"
        slack.misbehave("*", "429:30")
        assert (await refused(post()))["headers"]["Retry-After"] == "30"
        assert (await refused(post()))["headers"]["Retry-After"] in ("29", "30")
        for how in ("500", "html"):
            slack.misbehave("auth.test", how)
            with pytest.raises(SlackApiError):
                await web.auth_test()
        web.timeout = 0.3  # type: ignore[assignment]
        for how, error in (("hang", asyncio.TimeoutError), ("drop", aiohttp.ClientError)):
            slack.misbehave("chat.update", how)
            with pytest.raises(error):
                await web.chat_update(channel="C1", ts=slack.last("sales").ts, text="y")
        slack.down = True
        with pytest.raises(aiohttp.ClientError):
            await web.auth_test()
        slack.down = False
        await web.auth_test()
        assert slack.texts("sales") == ["x"]

    run(test)


def test_a_lost_acknowledgement_can_be_looked_into() -> None:
    async def test(slack: Slack, web: AsyncWebClient) -> None:
        key = {"event_type": "paceline", "event_payload": {"key": "a:1"}}
        slack.misbehave("chat.postMessage", "post-then-drop")
        with pytest.raises(aiohttp.ClientError):
            await web.chat_postMessage(channel="C1", text="once", metadata=key)
        found = await web.conversations_history(channel="C1", include_all_metadata=True)
        assert [(m["text"], m["metadata"], m["bot_id"]) for m in found["messages"]] == [("once", key, BOT)]
        slack.misbehave("chat.postMessage", "post-then-drop")
        # Left as it comes, Slack's client sends again by itself, and people read it twice.
        await AsyncWebClient(BOT_TOKEN, base_url=slack.url).chat_postMessage(channel="C1", text="twice")
        assert slack.texts("sales") == ["once", "twice", "twice"]

    run(test)


# Files.


def test_files_go_up_and_come_down() -> None:
    async def test(slack: Slack, web: AsyncWebClient) -> None:
        dm = (await web.conversations_open(users="U1"))["channel"]["id"]
        await web.files_upload_v2(channel=dm, filename="a.png", content=b"\x89PNG", title="A", initial_comment="Look")
        (file,) = slack.last("ann").files
        assert (file.data, file.title, slack.last("ann").text) == (b"\x89PNG", "A", "Look")
        url = (await web.files_info(file=file.id))["file"]["url_private"]
        async with aiohttp.ClientSession() as session:
            good = await session.get(url, headers={"Authorization": f"Bearer {BOT_TOKEN}"})
            assert (good.status, await good.read()) == (200, b"\x89PNG")
            bad = await session.get(url, headers={"Authorization": "Bearer other"})
            assert (bad.status, bad.content_type) == (200, "text/html")
        shown = {"type": "image", "alt_text": "A", "slack_file": {"id": file.id}}
        await web.chat_postMessage(channel=dm, text="A", blocks=[shown])
        wrong = {"type": "image", "alt_text": "A", "slack_file": {"id": "F9"}}
        no = await refused(web.chat_postMessage(channel=dm, text="A", blocks=[wrong]))
        assert no["errors"] == ["invalid slack file [json-pointer:/blocks/0/slack_file]"]

    run(test)


# Keys.


@pytest.mark.parametrize("app", [SmallApp, SmallWebApp])
def test_every_key_is_one_that_slack_uses(app: type[SmallApp]) -> None:
    async def test(slack: Slack, _: AsyncWebClient) -> None:
        async with app(slack) as living:
            await lively(slack, living)
        assert {key for group, name, body in slack.emitted for key in strange(group, name, body)} == set()
        assert {name for group, name, _ in slack.emitted if group == "api"} >= set(KEYS["api"]) - {
            "apps.connections.open"
        }
        assert {name for group, name, _ in slack.emitted if group == "events"} == set(KEYS["events"]) - {"*"}
        assert {name for group, name, _ in slack.emitted if group == "interactive"} == set(KEYS["interactive"])

    run(test, request_url="" if app is SmallApp else "http://127.0.0.1:1/")


def test_strange_keys_are_seen() -> None:
    assert strange("api", "auth.test", {"ok": True, "humour": 1}) == {"api auth.test/humour"}
    assert strange("api", "users.info", {"user": {"profile": {"mood": ""}}}) == {"api users.info/user/profile/mood"}
