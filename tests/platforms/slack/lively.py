"""As much as can happen in a short while, for the tests that look at all of it."""

from slack_sdk.web.async_client import AsyncWebClient

from .scene import actions, button, field, menu, modal, refused, section
from .server import Slack
from .small_app import SmallApp
from .world import BOT_USER


async def lively(slack: Slack, app: SmallApp) -> None:
    """A bot says and asks for all that it can, and people answer."""
    web = app.web
    await web.auth_test()
    await web.users_lookupByEmail(email="ann@example.com")
    await web.users_info(user="U1", include_locale=True)
    key = {"event_type": "paceline", "event_payload": {"our own": 1}}
    blocks = [section("*Hi*", accessory=menu("overflow")), actions(button(value="1"), menu())]
    sent = await web.chat_postMessage(channel="U1", text="Hi", blocks=blocks, metadata=key)
    await web.chat_postMessage(channel="D1", text="More", thread_ts=sent["ts"])
    await web.chat_update(channel="D1", ts=sent["ts"], text="Hi", blocks=blocks)
    await web.chat_delete(channel="D1", ts=(await web.chat_postMessage(channel="D1", text="Oops"))["ts"])
    await web.chat_postEphemeral(channel="C1", user="U1", text="Only you", blocks=[actions(button())])
    await web.conversations_join(channel="C1")
    for users in ("U1", "U2"):
        await web.conversations_open(users=users, return_im=True)
    for read in (web.conversations_info, web.conversations_members, web.conversations_history):
        await read(channel="C1")
    await web.conversations_info(channel="D1")
    await web.conversations_list(types="public_channel,im")
    await web.users_list(include_locale=True)
    await web.conversations_history(channel="D1", include_all_metadata=True)
    await web.conversations_replies(channel="D1", ts=sent["ts"], include_all_metadata=True)
    await web.files_upload_v2(channel="D1", filename="a.csv", content="a,b")
    await web.files_info(file=slack.last("ann").files[0].id)
    await refused(web.chat_postMessage(channel="C1", text="x", blocks=[section("")]))
    await refused(web.views_open(trigger_id="1", view={}))
    await refused(web.chat_update(channel="C1", ts="1.0", text="x"))
    first = slack.message("D1", sent["ts"])
    await slack.press("ann", first, "Done")
    await slack.press("ann", first, "menu", "Option 1")
    await slack.press("ann", slack.last("sales"), "Done")
    await slack.shortcut("ann", first, "make_todo")
    await doing(slack, web)
    await coming_and_going(slack)


async def doing(slack: Slack, web: AsyncWebClient) -> None:
    """People write and fill in forms."""
    root = (await slack.say("ann", "sales", f"hello <@{BOT_USER}>")).ts
    await slack.say("bob", "sales", "a thread", thread_ts=root)
    await slack.edit("ann", "sales", root, "goodbye")
    await slack.unfurl("sales", root)
    await slack.delete("ann", "sales", root)
    await slack.upload_file("ann", "dm", "call.vtt", b"WEBVTT", "the call")
    trigger = (await slack.command("ann", "sales", "/standup", "start")).trigger_id
    every = [
        field({"type": kind, "action_id": "a"}, block_id=kind, optional=True) for kind in ("datepicker", "timepicker")
    ]
    for kind in ("static_select", "radio_buttons", "checkboxes"):
        every.append(field(menu(kind), block_id=kind, optional=True))
    form = modal(field(), *every, notify_on_close=True)
    view = (await web.views_open(trigger_id=trigger, view=form))["view"]
    await web.views_update(view_id=view["id"], view=form)
    await slack.submit("ann", view["id"], {"blank": "x", "checkboxes": ["v1"], "datepicker": "2024-06-10"})
    trigger = (await slack.command("ann", "dm", "/standup")).trigger_id
    view = (await web.views_open(trigger_id=trigger, view=form))["view"]
    pressed = await slack.command("ann", "dm", "/standup")
    await refused(web.views_push(trigger_id=pressed.trigger_id, view=form))
    await slack.close_view("ann", view["id"])
    await slack.open_home("ann")
    await web.views_publish(user_id="U1", view={"type": "home", "blocks": [actions(button())]})
    await slack.open_home("ann")
    await slack.press("ann", slack.homes["U1"], "Done")


async def coming_and_going(slack: Slack) -> None:
    """People and channels change."""
    slack.subscriptions.add("file_shared")
    slack.add_channel("C5", "new", ["ann"], bot=False)
    for act in (
        slack.team_join("U3", "cleo"),
        slack.user_change("bob", name="rob"),
        slack.deactivate("rob"),
        slack.invite("new"),
        slack.channel_rename("new", "newer"),
        slack.channel_archive("newer"),
        slack.channel_archive("newer", False),
        slack.upload_file("ann", "dm", "b.txt", b"b"),
        slack.kick("newer"),
        slack.uninstall(),
    ):
        assert (await act).acked
