"""Finds who answers what was heard, and is the only barrier that errors reach on their way to a person."""

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from bot.app import App
from bot.errors import BotError, FormError
from bot.inbox import store as inbox
from bot.message import Button, Message, Place, Reply
from bot.team import accounts
from bot.team import store as teams
from bot.team.model import Person
from prompts import escape, words

log = logging.getLogger("paceline.handlers")

# Where a platform keeps some of our commands for itself, all of them go under one: `/paceline leave until Friday`.
_ONE_FOR_ALL = re.compile(r"^/paceline(?:@\S+)?\s*/?", re.IGNORECASE)

Handler = Callable[[App, Person, Message], Reply | None]


def route(app: App, menu: Mapping[str, Handler], free: Sequence[Handler], msg: Message) -> Reply | None:
    """Answer one message. The words are in the outbox when this returns; what comes back holds a form, or is None.

    `menu`: handlers by command. `free`: asked in turn about words that are no command; None says "not for me".
    Raises `FormError` for a form that must stay open. Any other failure is said, logged, and over.
    """
    with app.db.read() as db:
        who = teams.person_by_id(db, app.workspace, msg.person)
    if who is None or not who.active:
        return _finish(app, msg, _stranger(app))
    if who.unreachable:  # not any more
        with app.db.begin() as db:
            accounts.reached(db, app.workspace, who.id)
    try:
        reply = _answer(app, menu, free, who, msg)
    except FormError:
        _finish(app, msg, None)
        raise
    except BotError as refusal:
        reply = Reply(escape(str(refusal)), private=True)  # it may hold what people typed
    except Exception:
        log.exception("a handler failed")
        with app.db.begin() as db:
            inbox.attempted(db, app.workspace, msg)
        _ = words(who.language)
        reply = Reply(_("That did not work; nothing was changed. Try again, and tell your admin if it stays so."))
    return _finish(app, msg, reply)


def _answer(app: App, menu: Mapping[str, Handler], free: Sequence[Handler], who: Person, msg: Message) -> Reply | None:
    text = _addressed(msg.text)
    if msg.place.only and text == msg.text.strip() and not text.startswith("/") and msg.how in ("typed", "edit"):
        return None  # people talking to each other under a message of ours
    if text.startswith("/"):
        text = _ONE_FOR_ALL.sub("/", text)
        command, rest = [*text.split(None, 1), ""][:2]
        handler = menu.get(command.casefold().partition("@")[0] if command != "/" else "/help")
        return handler(app, who, replace(msg, text=rest.strip())) if handler else _unknown(who)
    for listener in free:
        reply = listener(app, who, replace(msg, text=text))
        if reply is not None:
            return reply
    return _unknown(who)


def _addressed(text: str) -> str:
    """What was said, without the name of the bot before it."""
    text = text.strip()
    first, _space, rest = text.partition(" ")
    return rest.strip() if first.casefold().rstrip(",:：，") == "@paceline" else text


def _unknown(who: Person) -> Reply:
    _ = words(who.language)
    text = _("I did not get that. /standup opens your standup; /help shows all that I do.")
    return Reply(text, (Button(_("Standup"), "/standup", "primary"), Button(_("Help"), "/help")), private=True)


def _stranger(app: App) -> Reply:
    _ = words(app.settings.language)
    return Reply(_("You are not on this team's roster, so I cannot help. Ask whoever runs Paceline to add you."))


def _finish(app: App, msg: Message, reply: Reply | None) -> Reply | None:
    """Mark it as handled and put the answer on its way, in one transaction."""
    if msg.how == "home":
        return reply
    with app.db.begin() as db:
        if reply is not None and reply.form is None and reply.text:
            app.say(db, _place(msg, reply), reply, f"reply:{msg.place.platform}:{msg.id}")
        inbox.answered(db, app.workspace, msg, app.now())
    return reply if reply is not None and reply.form else None


def _place(msg: Message, reply: Reply) -> Place:
    """Commands, buttons and forms in a shared chat are answered for the asker's eyes alone; a mention to all."""
    shared = bool(msg.place.only)
    private = reply.private or msg.how != "typed" or msg.text.startswith("/")
    return msg.place if shared and private else replace(msg.place, only="")
