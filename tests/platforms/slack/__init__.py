"""A Slack that runs on loopback and behaves like the real one where it hurts.

    async def test_it() -> None:
        async with Slack() as slack:                      # or `with Slack()`: in a thread of its own
            # slack.url ends in /api/; without handlers, or the client sends again what may have arrived
            web = AsyncWebClient(BOT_TOKEN, base_url=slack.url, retry_handlers=[])
            ann = slack.add_user("U1", "ann", "ann@example.com")
            sales = slack.add_channel("C1", "sales", [ann])
            await slack.say(ann, "dm", "hello")           # awaited: the app acknowledged; .ts .acked .response
            act = await slack.command(ann, sales, "/standup", "start")
            await slack.until(lambda: slack.said(ann))    # a person stands for the direct messages with them
            last = slack.last(ann)                        # .text .shown .labels .blocks .thread_ts .metadata .only
            await slack.press(ann, last, "Done")          # by label or action_id
            await slack.press(ann, last, "later", "Tomorrow")        # an option of a menu
            form = await slack.until(lambda: slack.screen(ann))
            sent = await slack.submit(ann, form, {"block": "text"})  # .errors by block, .trouble with the answer

Socket Mode unless `Slack(request_url=..., signing_secret=...)`. People and channels: add_user, add_channel, team_join,
user_change, deactivate, channel_rename, channel_archive, invite, kick, revoke, uninstall. Deeds: say, upload_file,
edit, unfurl, delete, command, press, shortcut, again, submit, close_view, open_home. What there is: messages, files,
views, homes, calls, refusals, deliveries, sockets.open, emitted, report(). What goes wrong: misbehave, down, latency,
scopes, token_fault, ack_within, line.delivering(3), line.scrambled(), sockets.deaf, sockets.cut(), disconnect, forge.
`python -m tests.platforms.slack` runs it by hand.
"""

from .delivery import Act, Delivery
from .limits import Limits, Report
from .refusal import Refusal
from .server import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, Slack
from .things import Channel, File, Message, User, View
from .world import APP, BOT, BOT_USER, TEAM

__all__ = [
    "APP",
    "APP_TOKEN",
    "BOT",
    "BOT_TOKEN",
    "BOT_USER",
    "SIGNING_SECRET",
    "TEAM",
    "Act",
    "Channel",
    "Delivery",
    "File",
    "Limits",
    "Message",
    "Refusal",
    "Report",
    "Slack",
    "User",
    "View",
]
