"""A transcript that is dropped or pasted, with a command or without: known, read, and put to work."""

from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from bot.app import App
from bot.db import Connection
from bot.errors import BotError
from bot.message import Message, Place, Reply
from bot.minutes.calls import service, store
from bot.minutes.calls.model import Call
from bot.minutes.transcripts import pasted, sniff
from bot.outbox.model import Say
from bot.team import service as team
from bot.team.model import Person
from bot.voice import drafts
from bot.voice import minutes as voice
from prompts import words

AT_ONCE = 12_000  # bytes that are read while somebody waits, some ten milliseconds
PIECES = 3_500  # characters from which Telegram may have cut a message


def said(app: App, who: Person, msg: Message) -> Reply | None:
    """A file without a command, or pasted words that are plainly a call: with its times, or of people we know."""
    if msg.how != "typed" or msg.about.startswith("standup-"):
        return None
    if msg.files:
        faults = take(app, who, msg)
        meant = msg.text and len(faults) == len(msg.files)  # a picture beside an answer, say
        return None if meant else over(faults)
    if msg.about:
        return None
    if msg.place.platform == "telegram" and _cut(app, who, msg):
        return Reply()
    talk = pasted.talk(msg.text)
    if talk is None or not (talk.timed or _knows(app, who, talk)):
        return None
    return over(take(app, who, msg))


def _cut(app: App, who: Person, msg: Message) -> bool:
    """Whether it is a piece of what Telegram cut: that is said once, and no piece is taken for the whole."""
    minutes = [app.now(), app.now() - timedelta(minutes=1)]
    keys = [f"minutes-cut:{who.id}:{at:%Y%m%d%H%M}" for at in minutes]
    with app.db.begin() as db:
        said = bool(app.delivered(db, keys))
        if not said and len(msg.text) > PIECES and pasted.talk(msg.text):
            text = words(who.language)("Telegram cuts long messages into pieces. Send the transcript as a file.")
            return app.say(db, msg.place, Reply(text, private=True), keys[0])
        return said and pasted.talk(msg.text) is not None


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


def take(app: App, who: Person, msg: Message) -> list[BotError]:
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


def over(faults: list[BotError]) -> Reply:
    """What was taken speaks for itself; the first that was not is said."""
    if faults:
        raise faults[0]
    return Reply()


def _take_one(app: App, who: Person, msg: Message, name: str, path: Path | None, key: str) -> None:
    with app.db.read() as db:
        one = store.by_key(db, app.workspace, key)
    if one is None:
        data = _data(who, msg, path)
        if path is not None and len(data) > AT_ONCE and not msg.text:
            _later(app, who, msg, name, path, key, data)
            return
        one = _now(app, who, msg, name, key, data)
    drafts.begin(app, one)
    if path is not None:
        with suppress(OSError):  # what was said stands in the database now, from which it can be erased
            path.unlink(missing_ok=True)


def _now(app: App, who: Person, msg: Message, name: str, key: str, data: bytes) -> Call:
    heard = service.heard(who, data, name)
    with app.db.read() as db:
        fresh = service.fresh(db, who, heard, name, app.now(), key=key)
    with app.db.begin() as db:
        one = store.add(db, *fresh)
        reply = voice.reading(one, who.language, ahead=store.ahead(db, one))
        app.say_all(db, [Say(_place(db, who, msg), reply, drafts.key(one), gap=drafts.GAP)])
        return one


def _later(app: App, who: Person, msg: Message, name: str, path: Path, key: str, data: bytes) -> None:
    """Have a large file heard by long work: a hundred of them at once keep nobody waiting."""
    service.sends(who)
    sniff(data, name, who.language)
    with app.db.begin() as db:
        say = Say(_place(db, who, msg), voice.arrived(name, who.language), drafts.key_of(key), gap=drafts.GAP)
        app.say_all(db, [say])
    drafts.begin_hearing(app, who, key, name, str(path))


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
