"""`/forget call 12` and `/retention`: erasing what was said on a call, and how long calls are kept."""

from bot.app import App
from bot.errors import BotError
from bot.message import Button, Form, Message, Reply
from bot.minutes.calls.model import Call, State
from bot.minutes.keeping import service
from bot.team.model import Person
from bot.team.roles import Action, may
from bot.voice import calls as voice
from bot.voice import erasing
from prompts import escape, words

_CALL = ("call", "通话")
_CALLS = ("calls", "通话")


def forget(app: App, who: Person, msg: Message) -> Reply:
    """Erase a call for good: /forget call 12"""
    _ = words(who.language)
    kind, _space, rest = msg.text.partition(" ")
    number, _space, sure = rest.partition(" ")
    if kind not in _CALL or not number.isdecimal() or len(number) > 17:
        raise BotError(_("Say which call: /forget call 12. /minutes lists yours, and its page has a button for it."))
    with app.db.read() as db:
        one = service.erasable(db, who, int(number))
    if one.state is State.FORGOTTEN:
        return Reply(_("It is erased already."), private=True)
    if sure == "now":
        erasing.erase(app, one, who)
        gone = _("Erased: what was said, its minutes and the file. Its to-dos stay with their owners.")
        return Reply(gone, private=True)
    return _asked(one, who, msg)


def _asked(one: Call, who: Person, msg: Message) -> Reply:
    """One more button before it is gone for good."""
    _ = words(who.language)
    says = f"/forget call {one.id} now"
    text = _(
        "Erase the call with {customer}? What was said, its minutes, its example and the file are gone for good, "
        "and what was posted of it says that it was erased. Its to-dos stay.",
        customer=voice.called(one, who.language),
    )
    if msg.how == "button":
        return Reply(form=Form(_("Erase this call"), says, (), _("Erase it"), intro=escape(text)))
    return Reply(escape(text), (Button(_("Erase it"), says, "danger"),), private=True)


def retention(app: App, who: Person, msg: Message) -> Reply:
    """How long calls are kept: /retention calls 180"""
    _ = words(who.language)
    kind, _space, said = msg.text.partition(" ")
    if kind and kind not in _CALLS:
        raise BotError(_("Give a number of days, such as /retention calls 180, or /retention calls keep."))
    if said:
        wanted = None if said in ("keep", "保留") else int(said) if said.isdecimal() and len(said) < 9 else 0
        with app.db.begin() as db:
            service.keep_for(db, who, wanted, app.now())
    with app.db.read() as db:
        kept = service.days(db, app.workspace)
    told = [voice.kept(kept, who.language)]
    if may(who, Action.SET_RETENTION):
        told.append(_("Another length: /retention calls 180, or /retention calls keep."))
    return Reply("\n".join(told), private=True)
