"""What people press, choose and fill in."""

import asyncio

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.platforms.slack import Slack
from tests.platforms.slack.scene import actions, button, field, menu, modal, plain, refused, run, section
from tests.platforms.slack.small_app import SmallApp


def test_presses_and_choices() -> None:
    async def test(slack: Slack, web: AsyncWebClient) -> None:
        async with SmallApp(slack) as app:
            await web.chat_postMessage(channel="U1", text="x", blocks=[section(), actions(button(value="1"), menu())])
            await slack.press("ann", slack.last("ann"), "Done")
            pressed = app.heard[-1]
            assert (pressed["actions"][0]["value"], pressed["message"]["ts"]) == ("1", slack.last("ann").ts)
            assert pressed["container"]["channel_id"] == pressed["channel"]["id"] == "D1"
            await slack.press("ann", slack.last("ann"), "menu", "Option 1")
            assert app.heard[-1]["actions"][0]["selected_option"]["value"] == "v1"
            (state,) = app.heard[-1]["state"]["values"].values()
            assert state["menu"]["selected_option"]["value"] == "v1"
            with pytest.raises(AssertionError, match="no 'Nope' to press"):
                slack.press("ann", slack.last("ann"), "Nope")

    run(test)


def test_a_trigger_opens_one_form_and_not_for_long() -> None:
    async def test(slack: Slack, web: AsyncWebClient) -> None:
        slack.trigger_within = 0.3
        trigger = slack.command("ann", "sales", "/standup").trigger_id
        view = (await web.views_open(trigger_id=trigger, view=modal()))["view"]
        again = await refused(web.views_open(trigger_id=trigger, view=modal()))
        assert again["error"] == "exchanged_trigger_id"
        late = slack.command("ann", "sales", "/standup").trigger_id
        await asyncio.sleep(0.31)
        assert (await refused(web.views_open(trigger_id=late, view=modal())))["error"] == "expired_trigger_id"
        wrong = await refused(web.views_update(view_id=view["id"], hash="1.2", view=modal()))
        assert wrong["error"] == "hash_conflict"
        await web.views_update(view_id=view["id"], hash=view["hash"], view=modal(title=plain("New")))
        assert slack.screen("ann").title == "New"  # type: ignore[union-attr]
        await web.views_publish(user_id="U1", view={"type": "home", "blocks": [section("Yours")]})
        assert slack.homes["U1"].shown == "Yours"

    run(test)


def test_a_form_is_filled_in() -> None:
    async def test(slack: Slack, web: AsyncWebClient) -> None:
        async with SmallApp(slack) as app:
            trigger = (await slack.command("ann", "sales", "/standup")).trigger_id
            ticks = field(menu("checkboxes"), block_id="ticks", optional=True)
            await web.views_open(trigger_id=trigger, view=modal(field(), ticks))
            form = slack.screen("ann")
            assert form is not None
            with pytest.raises(AssertionError, match="must be filled in"):
                slack.submit("ann", form, {})
            app.answers["view_submission"] = {"response_action": "errors", "errors": {"blank": "Too short."}}
            assert (await slack.submit("ann", form, {"blank": "x"})).errors == {"blank": "Too short."}
            app.answers["view_submission"] = {"response_action": "update", "view": modal(title=plain("x" * 25))}
            assert (await slack.submit("ann", form, {"blank": "x"})).trouble
            app.answers["view_submission"] = {"response_action": "push", "view": modal(title=plain("Above"))}
            await slack.submit("ann", form, {"blank": "x"})
            above = slack.screen("ann")
            assert above is not None
            assert (above.title, above.previous) == ("Above", form.id)
            await slack.close_view("ann", above)
            del app.answers["view_submission"]
            await slack.submit("ann", form, {"blank": "enough", "ticks": ["Option 1"]})
            assert slack.screen("ann") is None
            values = app.heard[-1]["view"]["state"]["values"]
            assert values["blank"]["text"] == {"type": "plain_text_input", "value": "enough"}
            assert [option["value"] for option in values["ticks"]["menu"]["selected_options"]] == ["v1"]

    run(test)
