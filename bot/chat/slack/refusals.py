"""What Slack's refusals mean for a message, and what to do about each, in a sentence."""

from collections.abc import Mapping
from typing import Any

from bot.errors import ChatError

TOKEN = {
    "invalid_auth": "Slack does not know the bot token. Copy it again from the app's OAuth & Permissions page.",
    "not_authed": "Slack got no bot token. Set PACELINE_SLACK_BOT_TOKEN.",
    "token_revoked": "The bot token was revoked. Install the app again and set the new PACELINE_SLACK_BOT_TOKEN.",
    "token_expired": "The bot token has expired. Turn token rotation off and set a new PACELINE_SLACK_BOT_TOKEN.",
    "account_inactive": "The app was uninstalled. Install it again and set the new PACELINE_SLACK_BOT_TOKEN.",
    "not_allowed_token_type": "This is the wrong kind of token. PACELINE_SLACK_BOT_TOKEN begins with xoxb-.",
    "missing_scope": "The app may not {needed}. Update it from deploy/slack-manifest.yaml and install it again.",
    "org_login_required": "The workspace is being moved to an organisation. It works again when that is over.",
    "team_access_not_granted": "The app may not use this workspace. Ask an admin of Slack to approve it.",
    "ekm_access_denied": "The workspace's encryption keys are withdrawn. Ask an admin of Slack.",
    "app_not_enabled": "The app is switched off in this workspace. Ask an admin of Slack to approve it.",
    "access_denied": "Slack denies the app access. Ask an admin of Slack to approve it.",
}
GONE = {
    "user_not_found": "Nobody has this Slack account any more. Mend the roster.",
    "users_not_found": "Nobody has this Slack account any more. Mend the roster.",
    "user_disabled": "Their Slack account is deactivated.",
    "user_not_visible": "The bot may not see this person on Slack.",
    "cannot_dm_bot": "This account is a bot. Mend the roster.",
    "messages_tab_disabled": "Messages to the app are off. Turn on the Messages tab on its App Home page.",
    "restricted_action_user_dm": "Slack does not let the bot write to this person. Ask an admin of Slack.",
}
NOT_IN_CHANNEL = "The bot is not in the channel. Invite it there: /invite @Paceline"
PERMANENT = {
    "channel_not_found": "The channel is gone, or private without the bot. Invite it there: /invite @Paceline",
    "not_in_channel": NOT_IN_CHANNEL,
    "user_not_in_channel": "This person is not in the channel.",
    "is_archived": "The channel is archived. Unarchive it, or say /here in another one.",
    "message_not_found": "The message is not there any more; somebody deleted it.",
    "thread_not_found": "The thread is not there any more.",
    "cant_update_message": "Slack does not let the bot change this message.",
    "edit_window_closed": "Slack does not let messages of this age be changed. Ask an admin of Slack to allow it.",
    "restricted_action": "Only some people may post in this channel. Ask an admin of Slack to allow Paceline.",
    "restricted_action_read_only_channel": "The channel is read-only. Allow Paceline to post there.",
    "restricted_action_thread_only_channel": "Only threads may be posted in this channel. Say /here in another one.",
    "restricted_action_non_threadable_channel": "This channel has no threads. Say /here in another one.",
    "restricted_action_thread_locked": "The thread is locked.",
    "no_text": "There was nothing to say.",
    "msg_too_long": "The message is too long for Slack.",
    "msg_blocks_too_long": "The message is too long for Slack.",
    "invalid_blocks": "Slack cannot read this message.",
    "invalid_blocks_format": "Slack cannot read this message.",
    "metadata_too_large": "Slack cannot keep the key of this message.",
}
SOON = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
LATER = frozenset({"service_unavailable", "team_added_to_org", "accesslimited", "request_timeout"})
UNSURE = frozenset({"internal_error", "fatal_error"})


class Refused(ChatError):
    """Slack answered that it would not. `error` is its own name for it."""

    def __init__(self, error: str, why: str, **kinds: Any) -> None:
        super().__init__(why, **kinds)
        self.error = error


def refused(method: str, body: Mapping[str, Any]) -> Refused:
    """The error for an answer that is not ok."""
    error = str(body.get("error") or "unknown")
    if error in TOKEN:
        why = TOKEN[error].format(needed=f"use {body.get('needed') or method}")
        return Refused(error, why, locked_out=True)
    if error in GONE:
        return Refused(error, GONE[error], gone=True)
    if error in PERMANENT:
        return Refused(error, PERMANENT[error] + _faults(body), permanent=True)
    if error in SOON:
        return Refused(error, "Slack asks us to wait.", retry_after=30.0)
    if error in UNSURE:
        return Refused(error, f"Slack failed at {method} ({error}).", unsure=True)
    return Refused(error, f"Slack refuses {method}: {error}.", permanent=error not in LATER)


def _faults(body: Mapping[str, Any]) -> str:
    """Where Slack says that blocks are wrong; these are places in our JSON, not what stands there."""
    faults = body.get("errors") or ()
    return f" ({'; '.join(str(fault)[:120] for fault in faults[:3])})" if faults else ""
