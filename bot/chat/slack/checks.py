"""What `paceline doctor` asks Slack."""

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

from bot.chat import Check
from bot.errors import ChatError

if TYPE_CHECKING:
    from bot.chat.slack.adapter import Slack

# What `deploy/slack-manifest.yaml` asks for, with the reasons.
SCOPES = (
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:write",
    "users:read",
    "users:read.email",
)
_INSTALL = "Paste deploy/slack-manifest.yaml into the app's App Manifest page and install the app again."
_BOT_TOKEN = "Copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions to PACELINE_SLACK_BOT_TOKEN."
_APP_TOKEN = (
    "Make an app-level token (xapp-…) with connections:write on the app's Basic Information page "
    "and set PACELINE_SLACK_APP_TOKEN."
)
SKEW, MOST_SKEW = 60, 300  # seconds; Slack's signatures are good for five minutes


async def check(slack: "Slack") -> list[Check]:
    """All findings; those that need a working token only when there is one."""
    settings = slack.settings
    found = _kinds(settings.bot_token, settings.app_token)
    if any(one.state == "fault" for one in found):
        return found
    try:
        answer = await slack.api.ask("auth.test")
    except ChatError as fault:
        if fault.locked_out:
            return [Check("fault", str(fault), _BOT_TOKEN)]
        return [Check("fault", f"no answer from {settings.api_url}: {fault}", "Let this machine reach it over https.")]
    team, name = answer.body.get("team") or "Slack", answer.body.get("user") or "the bot"
    found.append(Check("ok", f"connected to {team} as {name}"))
    found += _scopes(answer.scopes)
    found += _clock(answer.date, slack.now(), signed=not settings.app_token)
    if settings.app_token:
        found.append(await _socket(slack))
    found += await _channels(slack)
    found += await _people(slack)
    return found


def _kinds(bot: str, app: str) -> list[Check]:
    found = []
    if not bot.startswith("xoxb-"):
        kind = {"xapp": "an app-level token", "xoxp": "a user token"}.get(bot[:4], "something else")
        found.append(Check("fault", f"PACELINE_SLACK_BOT_TOKEN holds {kind}", _BOT_TOKEN))
    if app and not app.startswith("xapp-"):
        kind = {"xoxb": "a bot token", "xoxp": "a user token"}.get(app[:4], "something else")
        found.append(Check("fault", f"PACELINE_SLACK_APP_TOKEN holds {kind}", _APP_TOKEN))
    return found


def _scopes(granted: frozenset[str]) -> list[Check]:
    if not granted:  # Slack did not say
        return []
    missing = [scope for scope in SCOPES if scope not in granted]
    return [Check("fault", f"missing permissions: {', '.join(missing)}", _INSTALL)] if missing else []


def _clock(theirs: datetime | None, ours: datetime, signed: bool) -> list[Check]:
    """Signed requests are refused when the two clocks are too far apart."""
    if theirs is None:
        return []
    away = abs((ours - theirs).total_seconds())
    if away <= SKEW:
        return []
    state = "fault" if signed and away > MOST_SKEW else "warning"
    return [
        Check(
            state, f"this machine's clock is {away:.0f} s away from Slack's", "Turn on NTP (timedatectl set-ntp true)."
        )
    ]


async def _socket(slack: "Slack") -> Check:
    try:
        await slack.api.call("apps.connections.open", token=slack.settings.app_token)
    except ChatError as fault:
        why = str(fault).replace("the bot token", "the app-level token")
        why = why.replace("PACELINE_SLACK_BOT_TOKEN", "PACELINE_SLACK_APP_TOKEN")
        return Check("fault", f"Socket Mode does not work. {why}", _APP_TOKEN)
    return Check("ok", "Socket Mode works")


async def _channels(slack: "Slack") -> list[Check]:
    found = []
    for channel in await asyncio.to_thread(slack.people.team_channels):
        try:
            why = await slack.people.closed(channel)
        except ChatError as fault:
            why = str(fault)
        if why:
            what, _, mend = why.partition(". ")
            found.append(Check("fault", f"a team's board in {channel}: {what}", mend))
    return found


async def _people(slack: "Slack") -> list[Check]:
    """Who would be linked, without linking anybody."""
    try:
        everybody = await slack.people.everybody()
    except ChatError as fault:
        return [Check("warning", f"the people could not be read: {fault}", "Try again in a minute.")]
    missing = await asyncio.to_thread(slack.people.unmatched, everybody)
    if not missing:
        return [Check("ok", "everybody on the roster has a Slack account")]
    keys = ", ".join(missing[:10]) + (f" and {len(missing) - 10} more" if len(missing) > 10 else "")
    mend = "Give them the e-mail address of their Slack account, or its id in the column slack, and import the roster."
    return [Check("warning", f"not found on Slack: {keys}", mend)]
