"""Keeps the message of a call in line with how it stands: being read, a draft, posted. Begins the work on it."""

from collections.abc import Sequence
from datetime import timedelta

from bot.app import App
from bot.crm import service as crm
from bot.db import Connection
from bot.message import Place, Reply
from bot.minutes.calls import deals, deciding, posting, service
from bot.minutes.calls.model import Call, State
from bot.minutes.model import Transcript
from bot.team.model import Person, Team
from bot.voice import announce, minuted
from bot.voice import minutes as words

GAP = timedelta(seconds=2)  # between two edits of a call's message: its sender looks at it
HEAR, READ, GAPS = "minutes.hear", "minutes.read", "minutes.gaps"


def key(one: Call) -> str:
    """Of the message that somebody waits for, and that follows the call to its end."""
    return key_of(one.key)


def key_of(upload: str) -> str:
    """The same by the key of the upload, before it is known to be a call."""
    return f"reply:minutes:{upload}"


def begin(app: App, one: Call) -> None:
    """Have a call read, once."""
    if one.state is State.READING:
        app.work.begin(READ, work_key(one), call=one.id)


def begin_hearing(app: App, who: Person, upload: str, name: str, path: str) -> None:
    """Have a large file heard, once, while people are answered."""
    app.work.begin(HEAR, f"minutes-hear:{app.workspace}:{upload}", upload=upload, person=who.id, name=name, path=path)


def work_key(one: Call) -> str:
    return f"minutes:{one.workspace_id}:{one.id}"


def begin_gaps(app: App, one: Call) -> None:
    """Have its open objections put to the library, once."""
    if one.state is State.POSTED:
        app.work.begin(GAPS, f"minutes-gaps:{one.workspace_id}:{one.id}", call=one.id)


def message(app: App, db: Connection, one: Call, who: Person) -> Reply:
    """The message of a call as it stands, to its sender."""
    if one.state is State.READING:
        return words.reading(one, who.language)
    if one.state in (State.FAILED, State.FORGOTTEN):
        return words.failed(one, who.language)
    return words.draft(shown(app, db, one, who), who)


def refresh(app: App, db: Connection, one: Call, who: Person) -> None:
    """Make the message of a call read as the call stands. `who`: its sender."""
    app.edit(db, key(one), message(app, db, one, who))


def shown(app: App, db: Connection, one: Call, who: Person) -> words.Draft:
    """All that a draft shows."""
    items, said = service.items(db, one), service.transcript(db, one)
    step = deciding.next_step(items, who.today(app.now())) if one.deal else None
    agreed = deciding.next_step(deciding.stepping(items), who.today(app.now())) if one.deal else None
    able = bool(agreed) and crm.may_change(db, who, one.deal)
    return words.Draft(
        one,
        items,
        deciding.goes(db, who, items),
        said,
        service.minutes(db, one).dropped,
        [to for to, _where in posting.places(db, who)],
        _deals(db, one, who, said) if one.state is State.DRAFT else (),
        step if able else None,
        able and step is None,
    )


def _deals(db: Connection, one: Call, who: Person, said: Transcript) -> list[tuple[str, str]]:
    """The deals that a call may be about: those that something speaks for, then others of its sender's."""
    likely = deals.guess(db, who, said, one.name).deals
    found = {each.deal: each for each in (*likely, *crm.customers(db, who, words.DEALS + 1))}
    names = {key: each.called for key, each in found.items()}
    twice = {name for name in names.values() if list(names.values()).count(name) > 1}
    return [(key, f"{name} · {found[key].name or key}" if name in twice else name) for key, name in names.items()]


def post(app: App, db: Connection, who: Person, one: Call, to: Team, where: Sequence[Place]) -> None:
    """Put the minutes into a team's channel, once in each of its places."""
    items = service.items(db, one)
    reply = minuted.posted(one, items, deciding.goes(db, who, items), who.name, to.language)
    for place in where:
        app.say(db, place, reply, f"minutes-posted:{one.id}:{announce.at(place)}")
