"""The words that the page's own scripts say, in one place for the catalogue."""

import prompts


def page(language: str) -> dict[str, str]:
    """By the names that the scripts use; `{…}` is filled in by them."""
    _ = prompts.words(language)
    return {
        "today": _("Today"),
        "yesterday": _("Yesterday"),
        "edited": _("edited"),
        "only_you": _("Only you can see this"),
        "new": _("New"),
        "sending": _("Sending…"),
        "working": _("Working…"),
        "answering": _("Paceline is answering…"),
        "not_sent": _("Not sent."),
        "again": _("Try again"),
        "retrying": _("The connection was lost. Trying again…"),
        "offline": _("No connection. What you write is kept; it is sent when you are back."),
        "failed": _("That did not work. Try again in a moment; nothing you typed is lost."),
        "signed_out": _("You are signed out."),
        "sign_in": _("How to sign in"),
        "write_to": _("Write to {name}"),
        "write_bot": _("Write to Paceline, or type / for commands"),
        "reply": _("Reply in the thread"),
        "reply_to": _("Reply"),
        "edit": _("Edit"),
        "save": _("Save"),
        "cancel": _("Cancel"),
        "editing": _("Changing your message"),
        "too_long": _("{over} characters over the limit of {most}. Shorten it, or attach it as a file."),
        "field_too_long": _("{over} characters over the limit of {most}."),
        "required": _("Please fill this in."),
        "tick_one": _("Tick at least one."),
        "choose": _("Choose one."),
        "not_a_number": _("Give a number."),
        "uploading": _("Uploading {name}…"),
        "remove": _("Remove {name}"),
        "too_large": _("{name} is larger than 20 MB."),
        "not_uploaded": _("{name} could not be uploaded. Try again."),
        "many_files": _("At most 10 files go with one message."),
        "show_all": _("Show all"),
        "show_less": _("Show less"),
        "earlier": _("Earlier messages"),
        "loading": _("Loading messages…"),
        "newer": _("New messages below"),
        "empty_bot": _("This is your chat with Paceline. Your standup and its answers will stand here. Type / to see what you can ask."),  # noqa: E501
        "empty_team": _("Nothing has been said in this channel yet. The team's standup board will stand here."),
        "empty_direct": _("This is the start of your chat with {name}. Only the two of you see it."),
        "empty_thread": _("No replies yet."),
        "nobody": _("Nobody by that name."),
        "unread": _("{n} unread"),
        "bot_place": _("Your standup assistant"),
        "team_place": _("Team channel"),
        "direct_place": _("Direct message"),
    }  # fmt: skip
