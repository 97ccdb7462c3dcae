"""`paceline minutes`: what came of a call."""

import argparse
import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from bot.cli import WORKSPACE, now, open_database
from bot.errors import BotError
from bot.minutes import offline
from bot.minutes.body import body
from bot.minutes.model import Minutes, Transcript
from bot.minutes.transcripts import MOST_BYTES, read, sides
from bot.settings import read_settings
from bot.team import service
from bot.team.model import Person


def add(parser: argparse.ArgumentParser, day: Callable[[str], date]) -> None:
    parser.add_argument("file", type=Path, metavar="FILE", help="the transcript, as any recording tool wrote it")
    parser.add_argument("--date", type=day, metavar="DATE", help="the day of the call; else as the file says, or today")
    parser.add_argument("--roster", type=Path, metavar="FILE", help="our people, who may own to-dos")
    parser.add_argument("--offline", action="store_true", help="without a language model")
    parser.add_argument("--json", action="store_true", help="the default; accepted for scripts")
    parser.set_defaults(run=minutes)


def minutes(asked: argparse.Namespace) -> int:
    """One JSON object; nothing of the call is kept and nobody is told. With a model, its answers are kept a while."""
    settings = read_settings()
    people = _people(asked.roster, settings.language) if asked.roster else []
    transcript = sides(_transcript(asked.file, settings.language), people)
    on = asked.date or transcript.on or now().date()
    names = [person.name for person in people]
    found = offline.minutes(transcript, on, names)
    if settings.llm and not asked.offline:
        found = _with_model(transcript, on, names, found)
    print(json.dumps(body(transcript, found, on), ensure_ascii=False))
    return 0


def give(asked: argparse.Namespace) -> int:
    """The minutes that were posted or kept, a JSON object a call, oldest first. Each is noted as read by an export."""
    from bot.minutes.calls import service as calls
    from bot.minutes.calls import store
    from bot.minutes.calls.model import State

    _settings, database = open_database()
    with database.read() as db:
        people = {person.id: person.key for person in service.people(db, WORKSPACE, active=None)}
        first, last = asked.first or date.min, asked.last or date.max
        found = store.between(db, WORKSPACE, first, last, states=(State.POSTED, State.KEPT))
    for one in found:
        with database.begin() as db:
            told = body(calls.transcript(db, one), calls.minutes(db, one), one.on)
            store.note_read(db, one, store.OPERATOR, now(), "export")
        about = {"call": one.id, "sent_by": people.get(one.sent_by, ""), "deal": one.deal, "customer": one.customer}
        print(json.dumps(told | about, ensure_ascii=False))
    return 0


def _with_model(transcript: Transcript, on: date, names: list[str], found: Minutes) -> Minutes:
    """The minutes with what the model finds; as they are when it does not help."""
    from bot.app import App  # only who has a model needs all this, and the database, for what it may cost
    from bot.crm import service as crm
    from bot.llm.model import Outcome
    from bot.minutes import modelled

    settings, db = open_database()
    model = App(settings, db, now).model
    assert model
    with db.read() as connection:
        hidden, companies = crm.known_names(connection, WORKSPACE)
    call = modelled.reading(transcript, on, names, hidden, companies)
    made = modelled.minutes(model, call, found, _progress)
    if made.engine == "offline":
        why = "today's budget is spent" if model.state() is Outcome.SPENT else "the model did not help"
        print(f"paceline: {why}; these minutes were made without it.", file=sys.stderr)
    db.close()
    return made


def _progress(done: int, of: int) -> None:
    print(f"{done} of {of} parts", file=sys.stderr)


def _transcript(file: Path, language: str) -> Transcript:
    try:
        with file.open("rb") as source:
            data = source.read(MOST_BYTES + 1)
    except OSError as fault:
        raise BotError(f"{file} cannot be read: {fault.strerror}. Give the path of a transcript.") from fault
    return read(data, file.name, language=language)


def _people(file: Path, language: str) -> list[Person]:
    roster = service.read_roster(file, [], language=language)
    if roster.faults:
        first = roster.faults[0]
        raise BotError(f"{file}: {len(roster.faults)} faults, the first in row {first.row}. Mend it and try again.")
    return service.people_of(roster)[0]
