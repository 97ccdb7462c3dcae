"""How long calls are kept, and erasing them. What was said of one elsewhere, `bot.voice.erasing` takes back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.db import Connection
from bot.errors import BotError
from bot.library import gaps
from bot.llm import store as llm
from bot.minutes.calls import store as calls
from bot.minutes.calls.model import Call, Kind, State, load
from bot.minutes.calls.service import about
from bot.minutes.examples import store as examples
from bot.minutes.keeping import store
from bot.minutes.keeping.store import Erased
from bot.minutes.traces import Traces, sign
from bot.team import service as team
from bot.team.model import Person
from bot.team.roles import Action, may
from bot.todos import store as todos
from prompts import words

USUAL = 730  # days: a year can be held against the one before it, and no call is kept for ever by default
LONGEST = 36_500
_QUOTED = (Kind.SUMMARY, Kind.POINT, Kind.DECISION, Kind.OBJECTION, Kind.MOMENT)  # of what messages repeat
LONGEST_ASKED = 600  # characters of an objection that the library is asked about

of_call = store.of_call


@dataclass(frozen=True, slots=True)
class Gone:
    """A call that is to be erased, while it is still known: how it reads where it was repeated. `signs`: by what such
    places are found, `traces`: by what they are known for sure."""

    call: Call
    traces: Traces
    signs: tuple[str, ...]


def days(db: Connection, workspace: int) -> int | None:
    """For how many days calls are kept; None: for good."""
    return store.days(db, workspace, USUAL)


def keep_for(db: Connection, who: Person, days: int | None, now: datetime) -> None:
    """Raises `BotError` for whom it is not to say, and for no number of days."""
    _ = words(who.language)
    if not may(who, Action.SET_RETENTION):
        raise BotError(_("How long calls are kept is for admins to say."))
    if days is not None and not 1 <= days <= LONGEST:
        raise BotError(_("Give a number of days, such as /retention calls 180, or /retention calls keep."))
    store.keep_for(db, who.workspace_id, days, who.id, now)


def due(db: Connection, workspace: int, now: datetime, most: int = 20) -> list[Call]:
    """The oldest calls that were kept for long enough."""
    kept = days(db, workspace)
    if kept is None:
        return []
    return calls.oldest(db, workspace, before=now - timedelta(days=kept), limit=most)


def erasable(db: Connection, who: Person, call_id: int) -> Call:
    """A call that somebody may erase: their own, those of people they lead, for admins all. Raises `BotError`."""
    one = calls.by_id(db, who.workspace_id, call_id)
    if one is None or not erases(db, who, one):
        raise BotError(words(who.language)("That call is not yours to erase. /minutes lists yours."))
    return one


def erases(db: Connection, who: Person, one: Call) -> bool:
    """Whether somebody may erase a call, and see who read it."""
    sender = team.person(db, one.workspace_id, one.sent_by)
    return sender is not None and may(who, Action.ERASE_CALLS, about=sender, span=team.span(db, who))


def going(db: Connection, one: Call) -> Gone:
    """What a call says, and how it may have been repeated."""
    body, items = calls.body(db, one), calls.items(db, one)
    example = examples.of_call(db, one.workspace_id, one.id)
    said = load(body).turns if body else ()
    redacted = example.transcript.turns if example else ()
    told = [each for each in items if each.kind is not Kind.TODO]
    dropped = [text for text, _why in calls.dropped(db, one)]
    texts = [*(turn.text for turn in (*said, *redacted)), *(each.text for each in told), *dropped]
    quoted = [each.text for each in told if each.kind in _QUOTED] + ([example.title] if example else [])
    return Gone(one, Traces(texts), tuple({found for text in quoted if (found := sign(text))}))


def sweep(db: Connection, workspace: int, now: datetime) -> bool:
    """Forget what a model answered about calls after they were erased: it may have been asked before. Whether any were
    erased of late."""
    lately = store.since(db, workspace, now - timedelta(days=1))
    for gone in lately:
        one = calls.by_id(db, workspace, gone.call_id)
        if one:
            llm.forget_about(db, workspace, about(one))
    return bool(lately)


def erase(db: Connection, one: Call, now: datetime, by: Person | None = None) -> bool:
    """Erase what was said on a call, its minutes, its example and the quotes in its to-dos. That it was erased is kept.

    False when it was before. To-dos stay: they are deeds.
    """
    one = calls.by_id(db, one.workspace_id, one.id) or one
    if one.state is State.FORGOTTEN:
        return False
    objections = [each.text[:LONGEST_ASKED] for each in calls.items(db, one) if each.kind is Kind.OBJECTION]
    gaps.forget(db, one.workspace_id, objections)
    examples.drop(db, one.id)
    todos.forget_phrases(db, todos.of_call(db, one.workspace_id, one.id))
    llm.forget_about(db, one.workspace_id, about(one))
    calls.erase(db, one)
    store.note(db, one.workspace_id, Erased(one.id, one.sent_by, now, by.id if by else None))
    return True
