"""Calls as long work: their minutes are made step by step and survive a crash; what stands still is looked after."""

import logging
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from threading import Lock

from bot.app import App
from bot.crm import service as crm
from bot.db import Connection
from bot.errors import BotError
from bot.library import service as library
from bot.library.model import Band, Wanted
from bot.llm.model import Outcome
from bot.message import Reply
from bot.minutes import modelled
from bot.minutes.calls import apart, service, store
from bot.minutes.calls.model import Call, Kind, State, pack, unpack
from bot.minutes.keeping import service as keeping
from bot.minutes.model import Minutes
from bot.team import service as team
from bot.team.model import Person
from bot.voice import drafts, erasing
from bot.voice import minutes as voice
from bot.work import State as Work
from bot.work import Steps
from prompts import escape, words

log = logging.getLogger("paceline.jobs")

LATE = 120  # seconds after which a draft is said anew, for it is not looked for any more
OFFLINE = -1  # what the engine without a model made, among the parts of a call
HEARING = Lock()  # one at a time: it takes time from whoever answers people
OBJECTIONS = 12  # of one call that are put to the library


def hear(app: App, steps: Steps, upload: str, person: int, name: str, path: str) -> None:
    """Long work: a large file, heard, becomes a call that is to be read, or a sentence that says why not."""
    steps.do("hear", _hear, app, upload, person, name, Path(path))


def _hear(app: App, upload: str, person: int, name: str, path: Path) -> None:
    with app.db.read() as db:
        who, one = team.person(db, app.workspace, person), store.by_key(db, app.workspace, upload)
    if who is None:
        return
    try:
        one = one or _kept(app, who, upload, name, path)
    except BotError as fault:
        with app.db.begin() as db:
            app.edit(db, drafts.key_of(upload), Reply(escape(str(fault))))
        return
    drafts.begin(app, one)
    with suppress(OSError):  # what was said stands in the database now, from which it can be erased
        path.unlink(missing_ok=True)


def _kept(app: App, who: Person, upload: str, name: str, path: Path) -> Call:
    try:
        data = path.read_bytes()
    except OSError:
        raise BotError(words(who.language)("That file is not here any more. Send it again.")) from None
    with HEARING:
        heard = service.heard(who, data, name)
    with app.db.read() as db:
        fresh = service.fresh(db, who, heard, name, app.now(), key=upload)
    with app.db.begin() as db:
        one = store.add(db, *fresh)
        app.edit(db, drafts.key(one), voice.reading(one, who.language, ahead=store.ahead(db, one)))
        return one


def read(app: App, steps: Steps, call: int) -> None:
    """Long work: the minutes of a call, from its transcript to the draft. What steps make is kept with the call, not by
    the engine of long work, so that it is erased with it."""
    one = _one(app, call)
    if one is None or one.state is not State.READING:
        return
    try:
        steps.do("offline", _offline, app, call)
        helper = Helper(app, call)
        for n in range(of := steps.do("parts", helper.count)):
            _tell(app, call, n, of)
            steps.do(f"part {n}", helper.read, n)
            steps.progress(n + 1, of)
        steps.do("draft", _draft, app, call, of, steps.do("cards", _cards, app, call))
    except BotError as fault:
        _fail(app, call, str(fault))


def _one(app: App, call: int) -> Call | None:
    with app.db.read() as db:
        return store.by_id(db, app.workspace, call)


def _sender(db: Connection, one: Call) -> Person:
    who = team.person(db, one.workspace_id, one.sent_by)
    assert who is not None  # people leave the roster, their rows stay
    return who


def _offline(app: App, call: int) -> None:
    """The minutes without a model."""
    with app.db.read() as db:
        one = store.by_id(db, app.workspace, call)
        if one is None or one.state is not State.READING or OFFLINE in store.parts(db, one):
            return
        said, names = service.transcript(db, one), service.names(db, one)
    made = apart.minutes(said, one.on, names)
    with app.db.begin() as db:
        store.keep_part(db, one, OFFLINE, made)


class Helper:
    """The language model, as it is put to one call; its parts are none where there is no model."""

    def __init__(self, app: App, call: int) -> None:
        self._app, self._call = app, call

    def count(self) -> int:
        """How many parts there are for the model to read."""
        one = _one(self._app, self._call)
        if self._app.model is None or one is None or one.state is not State.READING:
            return 0
        return len(self._parts)

    def read(self, n: int) -> None:
        """Have the model read a part, unless it did so before; nothing of it when it does not help."""
        one, model = _one(self._app, self._call), self._app.model
        with self._app.db.read() as db:
            if one is None or one.state is not State.READING or n in store.parts(db, one):
                return
        found = modelled.read_part(model, self._parts[n], self._reading, service.about(one)) if model else None
        with self._app.db.begin() as db:
            if store.by_id(db, self._app.workspace, self._call) == one:  # it may be erased by now
                store.keep_part(db, one, n, pack(found) if found else {})

    @cached_property
    def _parts(self) -> list[modelled.Part]:
        return modelled.parts(self._reading.transcript)

    @cached_property
    def _reading(self) -> modelled.Reading:
        with self._app.db.read() as db:
            one = store.by_id(db, self._app.workspace, self._call)
            assert one is not None
            hidden, companies = crm.known_names(db, self._app.workspace)
            return modelled.reading(service.transcript(db, one), one.on, service.names(db, one), hidden, companies)


def _tell(app: App, call: int, done: int, of: int) -> None:
    """Say in the chat how far it is; the message follows at most every two seconds."""
    with app.db.begin() as db:
        one = store.by_id(db, app.workspace, call)
        if one is not None and one.state is State.READING:
            app.edit(db, drafts.key(one), voice.reading(one, _sender(db, one).language, done=done, of=of))


def _cards(app: App, call: int) -> list[str | None]:
    """Of each objection, the library's card that answers it, if one does for certain."""
    with app.db.read() as db:
        one = store.by_id(db, app.workspace, call)
        made = _made(db, one) if one else None
        if one is None or made is None:
            return []
        role, there = _sender(db, one).role, library.any_cards(db, app.workspace)
    texts = [each.text for each in made.objections[: OBJECTIONS if there else 0]]
    found = [app.shelf.search.find(Wanted(text, role=role)) for text in texts]
    return [each.hits[0].key if each.band is Band.ANSWER and each.hits else None for each in found]


def _made(db: Connection, one: Call) -> Minutes | None:
    """The minutes as the work has made them: what the model found, together with what was found without it."""
    bodies = store.parts(db, one)
    if not bodies.get(OFFLINE):
        return None
    founds = [unpack(body) if body else None for n, body in sorted(bodies.items()) if n != OFFLINE]
    offline, names = unpack(bodies[OFFLINE]), service.names(db, one)
    return modelled.merged(service.transcript(db, one), names, founds, offline) if founds else offline


def _draft(app: App, call: int, of: int, cards: list[str | None]) -> None:
    """Write the minutes down and put them to whoever sent the call."""
    with app.db.read() as db:  # putting a long call together takes a while, in which others write
        one = store.by_id(db, app.workspace, call)
        made = _made(db, one) if one else None
        read = sum(bool(body) for n, body in store.parts(db, one).items() if n != OFFLINE) if one else 0
    with app.db.begin() as db:
        one = store.by_id(db, app.workspace, call)
        if one is None or made is None or one.state is not State.READING:
            return
        who = _sender(db, one)
        spent = app.model is not None and app.model.state() is Outcome.SPENT
        note = voice.note(app.model.name if app.model else "", read, of, who.language, spent=spent)
        one = service.found(db, one, service.with_cards(made, cards), app.now(), note)
        drafts.refresh(app, db, one, who)
        place = team.place_of(db, who)
        if place and (app.now() - one.at).total_seconds() > LATE:
            app.say(db, place, voice.waiting(one, who.language), f"minutes-ready:{one.id}")


def _fail(app: App, call: int, reason: str) -> None:
    with app.db.begin() as db:
        one = store.by_id(db, app.workspace, call)
        if one is not None and one.state is State.READING:
            one = service.fail(db, one, reason)
            app.edit(db, drafts.key(one), voice.failed(one, _sender(db, one).language))


def look_after(app: App) -> None:
    """Begin the work on calls that nobody began it on, and give up those whose work failed for good."""
    with app.db.read() as db:
        waiting = store.calls(db, app.workspace, states=(State.READING,), limit=1000)
    for one in reversed(waiting):
        progress = app.work.progress(drafts.work_key(one))
        if progress is None:
            drafts.begin(app, one)
        elif progress.state is Work.FAILED:
            _fail(app, one.id, apart.FAILED)


# the library learns


def gaps(app: App, steps: Steps, call: int) -> None:
    """Long work: objections of a posted call that were not answered, and that no card answers, are gaps."""
    for n in steps.do("which", _unanswered, app, call):
        steps.do(f"gap {n}", _gap, app, call, n)


def _unanswered(app: App, call: int) -> list[int]:
    with app.db.read() as db:
        one = store.by_id(db, app.workspace, call)
        items = store.items(db, one) if one else []
    asked = [each for each in items if each.kind is Kind.OBJECTION and each.stands]
    return [each.n for each in asked if not each.about["answered"] and not each.about["card"]][:OBJECTIONS]


def _gap(app: App, call: int, n: int) -> int | None:
    """Ask it as its sender would, and note the gap."""
    with app.db.read() as db:
        one = store.by_id(db, app.workspace, call)
        item = next((each for each in store.items(db, one) if each.n == n), None) if one else None
        if one is None or item is None or not library.any_cards(db, app.workspace):
            return None
        who = _sender(db, one)
    found = library.ask(app.db, app.shelf, Wanted(item.text[:600]), app.now(), who=who, deal=one.deal)
    return library.log_gap(app.db, app.shelf, who, found.ask_id, app.now())


# how long they are kept


def keep(app: App) -> None:
    """Erase the calls that were kept for long enough, a few at a time."""
    with app.db.read() as db:
        due = keeping.due(db, app.workspace, app.now())
    for one in due:
        try:
            erasing.erase(app, one)
        except Exception:  # the others are due all the same
            log.exception("call %d could not be erased; it is tried again", one.id)
    with app.db.begin() as db:
        lately = keeping.sweep(db, app.workspace, app.now())
    if lately:
        app.db.settle()  # somebody may have been reading when that was tried first
