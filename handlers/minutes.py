"""`/minutes`: calls and their minutes, and what the sender of one decides about its draft."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from bot.app import App
from bot.db import Connection
from bot.errors import BotError, FormError
from bot.message import Field, Form, Message, Option, Reply, answer
from bot.minutes.calls import deciding, posting, service
from bot.minutes.calls.model import Call, Item, State, Verdict
from bot.minutes.transcripts import pasted
from bot.team import service as team
from bot.team.model import Person
from bot.team.roles import Action, may
from bot.voice import announce, drafts, minuted
from bot.voice import minutes as voice
from handlers import dropped, examples
from prompts import words

_PRESSED = re.compile(r"#(\w{1,10}) (\d{1,15})(?: (\S{1,200}))?")
_NUMBER = re.compile(r"\d{1,15}")


def minutes(app: App, who: Person, msg: Message) -> Reply:
    """Your calls and their minutes; a transcript that comes along is taken in"""
    if pressed := _PRESSED.fullmatch(msg.text):
        verb, call_id, rest = pressed[1], int(pressed[2]), pressed[3] or ""
        if verb in _VERBS:
            return _VERBS[verb](app, who, call_id, replace(msg, text=rest))
    if msg.text.startswith("publish "):
        return examples.publish(app, who, msg.text.removeprefix("publish ").strip(), msg)
    if _NUMBER.fullmatch(msg.text):
        return _open(app, who, int(msg.text), msg)
    if msg.files or len(msg.text) >= pasted.LEAST or "\n" in msg.text:
        return dropped.over(dropped.take(app, who, msg))
    with app.db.read() as db:
        names = {p.id: p.name for p in team.people(db, app.workspace, active=None)}
        return minuted.listed(service.seen(db, who, limit=minuted.LISTED), names, who)


# what somebody reads


def _open(app: App, who: Person, call_id: int, msg: Message) -> Reply:
    with app.db.begin() as db:
        one = service.get(db, who, call_id)
        if one.state in (State.READING, State.FAILED, State.FORGOTTEN):
            return drafts.message(app, db, one, who)
        service.note_read(db, who, one, app.now(), "chat")
        sender = team.person(db, app.workspace, one.sent_by)
        by = sender.name if sender and sender.id != who.id else ""
        said, dropped = service.transcript(db, one), service.minutes(db, one).dropped
        site = "" if msg.place.platform == "web" else app.settings.public_url
        page = f"{site}/minutes/{one.id}" if site or msg.place.platform == "web" else ""
        return minuted.whole(one, service.items(db, one), said, dropped, who, by, page)


def _show(app: App, who: Person, call_id: int, msg: Message) -> Reply:
    """The draft once more, further down."""
    with app.db.begin() as db:
        one = deciding.own(db, who, call_id)
        return drafts.message(app, db, one, who)


# what its sender decides


def _decided(verdict: Verdict) -> Callable[[App, Person, int, Message], Reply]:
    def decide(app: App, who: Person, call_id: int, msg: Message) -> Reply:
        with app.db.begin() as db:
            one = deciding.draft(db, who, call_id)
            deciding.decide(db, deciding.todo(db, who, one, _number(msg.text)), verdict)
            return _again(app, db, who, one, msg)

    return decide


def _number(text: str) -> int:
    return int(text) if _NUMBER.fullmatch(text) else -1


def _again(app: App, db: Connection, who: Person, one: Call, msg: Message) -> Reply:
    """The draft as it stands now, in place of what stood there, and under the button that was pressed."""
    reply = drafts.message(app, db, one, who)
    for key in {drafts.key(one), msg.about} - {""}:
        app.edit(db, key, reply)
    return Reply()


def _change(app: App, who: Person, call_id: int, msg: Message) -> Reply:
    with app.db.begin() as db:
        one = deciding.draft(db, who, call_id)
        item = deciding.todo(db, who, one, _number(msg.text))
        if msg.how != "form":
            return Reply(form=_form(db, who, one, item))
        owner, outside = _owner(db, who, one, answer(msg, "owner"))
        deciding.change(db, item, answer(msg, "task"), owner, outside, _day(who, answer(msg, "due")), True)
        return _again(app, db, who, one, msg)


def _form(db: Connection, who: Person, one: Call, item: Item) -> Form:
    _ = words(who.language)
    about, due = item.about, item.due
    value = f"#{about['owner_id']}" if about.get("owner_id") else about["owner"] or ""
    fields = (
        Field("task", _("What is to be done?"), "line", item.text, required=True, most=500),
        Field("owner", _("Who does it?"), "one", value, _owners(db, who, one)),
        Field("due", _("By when?"), "date", due.day.isoformat() if due else ""),
    )
    return Form(_("Change"), f"/minutes #change {one.id} {item.n}", fields, _("Save"))


def _owners(db: Connection, who: Person, one: Call) -> tuple[Option, ...]:
    """Whom its sender gives to-dos, themselves first; those who spoke; nobody."""
    span, everybody = team.span(db, who), team.people(db, who.workspace_id)
    able = [p for p in everybody if may(who, Action.GIVE_TODOS, about=p, span=span)]
    able.sort(key=lambda p: (p.id != who.id, p.name))
    known = {p.name for p in everybody}
    spoke = [s.name for s in service.transcript(db, one).speakers if s.name not in known]
    nobody = Option("", words(who.language)("nobody yet"))
    return (*(Option(f"#{p.id}", p.name) for p in able[:80]), *(Option(s[:75], s) for s in spoke[:15]), nobody)


def _owner(db: Connection, who: Person, one: Call, said: str) -> tuple[Person | None, str]:
    """The owner that was chosen: somebody here, or the name of somebody who spoke."""
    if not any(option.value == said for option in _owners(db, who, one)):
        raise FormError({"owner": words(who.language)("Choose somebody from the list.")})
    if said.startswith("#"):
        return team.person(db, who.workspace_id, int(said[1:])), ""
    return None, said


def _day(who: Person, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise FormError({"due": words(who.language)("Give a date.")}) from None


def _deal(app: App, who: Person, call_id: int, msg: Message) -> Reply:
    with app.db.begin() as db:
        one = deciding.draft(db, who, call_id)
        one = deciding.attach(db, who, one, "" if msg.text == "-" else msg.text, app.now())
        return _again(app, db, who, one, msg)


def _step(app: App, who: Person, call_id: int, msg: Message) -> Reply:
    with app.db.begin() as db:
        one = deciding.draft(db, who, call_id)
        deciding.leave_step(db, one, msg.text != "off")
        return _again(app, db, who, one, msg)


# deeds


def _post(app: App, who: Person, call_id: int, msg: Message) -> Reply:
    """Post it to a team's channel, or keep it; its to-dos go to their owners."""
    with app.db.begin() as db:
        open_to = {str(to.id): (to, where) for to, where in posting.places(db, who)}
        to, where = open_to.get(msg.text, (None, []))
        if msg.text and to is None:
            raise BotError(words(who.language)("You cannot post there."))
        done = posting.post(db, who, call_id, to, app.now())
        if done.fresh and to is not None:
            drafts.post(app, db, who, done.call, to, where)
        for one, owner in done.given:
            announce.give_todo(app, db, one, owner, who)
        if done.before and done.after:
            announce.tell_deal(app, db, who, done.before, done.after)
        if done.fresh:
            reply = voice.done(drafts.shown(app, db, done.call, who), done, who)
            for key in {drafts.key(done.call), msg.about} - {""}:
                app.edit(db, key, reply)
    drafts.begin_gaps(app, done.call)
    return Reply()


_VERBS: Mapping[str, Callable[[App, Person, int, Message], Reply]] = {
    "open": _open,
    "show": _show,
    "keep": _decided(Verdict.KEPT),
    "drop": _decided(Verdict.DROPPED),
    "change": _change,
    "deal": _deal,
    "step": _step,
    "post": _post,
    "only": _post,
}
