"""`/minutes`, and a transcript that is dropped or pasted: taken in here, read by long work, decided by its sender."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path

from bot.app import App
from bot.db import Connection
from bot.errors import BotError, FormError
from bot.message import Field, Form, Message, Option, Place, Reply, answer
from bot.minutes.calls import deciding, posting, service, store
from bot.minutes.calls.model import Call, Item, State, Verdict
from bot.minutes.transcripts import pasted
from bot.outbox.model import Say
from bot.team import service as team
from bot.team.model import Person
from bot.team.roles import Action, may
from bot.voice import announce, drafts
from bot.voice import minutes as voice
from handlers import examples
from prompts import words

_PRESSED = re.compile(r"#(\w{1,10}) (\d{1,15})(?: (\S{1,200}))?")
_NUMBER = re.compile(r"\d{1,15}")
PIECES = 3_500  # characters from which Telegram may have cut a message


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
        return _over(_take(app, who, msg))
    with app.db.read() as db:
        names = {p.id: p.name for p in team.people(db, app.workspace, active=None)}
        return voice.listed(service.seen(db, who, limit=voice.LISTED), names, who)


def said(app: App, who: Person, msg: Message) -> Reply | None:
    """A file without a command, or pasted words that are plainly a call: with its times, or of people we know."""
    if msg.how != "typed" or msg.about.startswith("standup-"):
        return None
    if msg.files:
        faults = _take(app, who, msg)
        meant = msg.text and len(faults) == len(msg.files)  # a picture beside an answer, say
        return None if meant else _over(faults)
    if msg.about:
        return None
    talk = pasted.talk(msg.text)
    if talk is None or not (talk.timed or _knows(app, who, talk)):
        return None
    return _over(_take(app, who, msg))


def perhaps(app: App, who: Person, msg: Message) -> Reply | None:
    """What nobody else knows what to do with, and what might be a call."""
    if msg.how != "typed" or msg.about or pasted.talk(msg.text) is None:
        return None
    text = words(who.language)("Is this a call? Put /minutes before it, or send it as a file, and I make its minutes.")
    return Reply(text, private=True)


def _knows(app: App, who: Person, talk: pasted.Talk) -> bool:
    """Whether one of ours speaks, or the speakers are called as recording tools call them."""
    with app.db.read() as db:
        ours = {p.name.casefold() for p in team.people(db, app.workspace)}
    own = {who.name.casefold(), *who.name.casefold().split()[:1]}
    return talk.unnamed or any(name.casefold() in ours | own for name in talk.names)


# in


def _take(app: App, who: Person, msg: Message) -> list[BotError]:
    """Each file is a call, else the words are; what is wrong with those that are none."""
    sources: list[tuple[str, Path | None]] = [(f.name, Path(f.path)) for f in msg.files]
    faults: list[BotError] = []
    for n, (name, path) in enumerate(sources or [("", None)]):
        key = f"{msg.place.platform}:{msg.id}" + (f":{n}" if n else "")
        try:
            _take_one(app, who, msg, name, path, key)
        except BotError as fault:
            faults.append(fault)
    return faults


def _over(faults: list[BotError]) -> Reply:
    """What was taken speaks for itself; the first that was not is said."""
    if faults:
        raise faults[0]
    return Reply()


def _take_one(app: App, who: Person, msg: Message, name: str, path: Path | None, key: str) -> None:
    with app.db.read() as db:
        one = store.by_key(db, app.workspace, key)
    if one is None:
        heard = service.heard(who, _data(who, msg, path), name)
        with app.db.begin() as db:
            one = service.keep(db, who, heard, name, app.now(), key=key)
            reply = voice.reading(one, who.language, ahead=store.ahead(db, one))
            app.say_all(db, [Say(_place(db, who, msg), reply, drafts.key(one), gap=drafts.GAP)])
    drafts.begin(app, one)
    if path is not None:
        with suppress(OSError):  # what was said stands in the database now, from which it can be erased
            path.unlink(missing_ok=True)


def _data(who: Person, msg: Message, path: Path | None) -> bytes:
    _ = words(who.language)
    if path is None:
        if msg.place.platform == "telegram" and len(msg.text) > PIECES:
            raise BotError(_("Telegram cuts long messages into pieces. Send the transcript as a file."))
        return msg.text.encode()
    try:
        return path.read_bytes()
    except OSError:
        raise BotError(_("That file is not here any more. Send it again.")) from None


def _place(db: Connection, who: Person, msg: Message) -> Place:
    """A draft is for the eyes of its sender alone."""
    own = team.place_of(db, who) if msg.place.only else None
    return own or msg.place


# what somebody reads


def _open(app: App, who: Person, call_id: int, msg: Message) -> Reply:
    with app.db.begin() as db:
        one = service.get(db, who, call_id)
        if one.state in (State.READING, State.FAILED):
            return drafts.message(app, db, one, who)
        service.note_read(db, who, one, app.now(), "chat")
        sender = team.person(db, app.workspace, one.sent_by)
        by = sender.name if sender and sender.id != who.id else ""
        said, dropped = service.transcript(db, one), service.minutes(db, one).dropped
        return voice.whole(one, service.items(db, one), said, dropped, who, by)


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
