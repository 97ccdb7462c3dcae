"""The use cases of examples: asked for, read by its owner, published, withdrawn. Nothing is sent, nothing is worded."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.crm import service as crm
from bot.db import Connection
from bot.errors import BotError
from bot.minutes.calls import service as calls
from bot.minutes.calls import store as call_store
from bot.minutes.calls.model import Call, Item, Kind
from bot.minutes.calls.model import State as CallState
from bot.minutes.examples import store
from bot.minutes.examples.disguise import Disguise
from bot.minutes.examples.model import Example, State, written
from bot.minutes.model import Side, Transcript
from bot.redaction import redactor
from bot.team import service as team
from bot.team.model import Person
from bot.team.roles import Action, may
from prompts import words

of_call = store.of_call


def ask(
    db: Connection, who: Person, one: Call, now: datetime, *, lesson: str = "", more: Sequence[str] = ()
) -> Example:
    """Have a call published, redacted; its owner has to say yes yet. Asked again, it is redacted again, with `more`
    words left out.

    Raises `BotError` for a call that is no one's to publish: whose minutes are not settled, or whose owner has left.
    """
    _ = words(who.language)
    owner = team.person(db, one.workspace_id, one.sent_by)
    if one.state not in (CallState.POSTED, CallState.KEPT):
        raise BotError(_("Its minutes are not settled yet. Post them, or keep them for yourself, and then publish it."))
    if owner is None or not owner.active:
        raise BotError(_("Whoever sent this call has left and cannot say yes, so it is not published."))
    before = store.of_call(db, one.workspace_id, one.id)
    if before and before.state is State.PUBLISHED:
        raise BotError(_("It is an example already. /examples lists them."))
    fresh = Example(
        0,
        one.workspace_id,
        one.id,
        owner.team_id,
        owner.id,
        before.asked_by if before else who.id,
        State.ASKED,
        one.language,
        one.seconds,
        lesson.strip() or (before.lesson if before else ""),
        tuple(dict.fromkeys([*(before.more if before else ()), *(word.strip() for word in more if word.strip())])),
        {},
        now,
    )
    return store.put(db, replace(fresh, body=_redacted(db, one, fresh.more)))


def _redacted(db: Connection, one: Call, more: Sequence[str]) -> dict[str, Any]:
    said = calls.transcript(db, one)
    disguise = _disguise(db, one, said, more)
    speakers = tuple(
        replace(each, name=disguise.speaker(each.name), affiliation="", email="") for each in said.speakers
    )
    turns = tuple(
        replace(turn, speaker=disguise.speaker(turn.speaker), text=disguise.hide(turn.text)) for turn in said.turns
    )
    hidden = replace(said, turns=turns, speakers=speakers, title="", on=None)
    return written(hidden, [_item(each, disguise) for each in calls.items(db, one)], one.engine)


def _disguise(db: Connection, one: Call, said: Transcript, more: Sequence[str]) -> Disguise:
    """Everybody on the roster and in the CRM is hidden, whether they were on the call or not."""
    people = [each.name for each in team.people(db, one.workspace_id, active=None)]
    known, companies = crm.known_names(db, one.workspace_id)
    ours = {*people}
    contacts = [name for name in known if name not in ours]
    sides = {each.name: each.side for each in said.speakers}
    if Side.OURS in sides.values():  # whoever speaks with us on a call is the customer's, known to the CRM or not
        sides = {name: Side.OURS if side is Side.OURS else Side.CUSTOMER for name, side in sides.items()}
    theirs = [name for name, side in sides.items() if side is Side.CUSTOMER and name]
    speakers = [name for name in sides if name]
    companies += [each for each in (one.customer, *(each.affiliation for each in said.speakers)) if each]
    return Disguise(
        redactor(known, companies=companies, speakers=speakers),
        one.language,
        speakers=speakers,
        ours=[*people, *(name for name, side in sides.items() if side is Side.OURS)],
        theirs=[*theirs, *contacts],
        customers=companies,
        more=more,
    )


def _item(one: Item, disguise: Disguise) -> Item:
    about = dict(one.about)
    if one.kind is Kind.TODO:  # when it was due says when the call was
        owner = about.get("owner")
        about |= {"owner": disguise.speaker(owner) if owner else None, "owner_id": None, "due": None}
        about["due_phrase"] = disguise.hide(about.get("due_phrase") or "")
    return replace(one, text=disguise.hide(one.text), about=about)


# who may do what with it


def owned(db: Connection, who: Person, call_id: int) -> Example:
    """The example of a call that somebody may say yes or no to. Raises `BotError` for all others, there or not."""
    one = store.of_call(db, who.workspace_id, call_id)
    if one is None or one.owner_id != who.id:
        raise BotError(words(who.language)("Only whoever sent the call says whether it becomes an example."))
    return one


def publish(db: Connection, who: Person, call_id: int, now: datetime) -> Example:
    """The owner's yes."""
    one = owned(db, who, call_id)
    if one.state is State.PUBLISHED:
        return one
    call = call_store.by_id(db, who.workspace_id, call_id)
    if call:
        call_store.save(db, call, public=True)
    return store.publish(db, one, now)


def withdraw(db: Connection, who: Person, call_id: int) -> Example:
    """Its owner's no, now or at any later time; whoever leads them and admins may as well. Nothing of it is kept."""
    one = store.of_call(db, who.workspace_id, call_id)
    owner = team.person(db, who.workspace_id, one.owner_id) if one else None
    if one is None or owner is None or not may(who, Action.ERASE_CALLS, about=owner, span=team.span(db, who)):
        raise BotError(words(who.language)("That example is not yours to withdraw."))
    drop(db, who.workspace_id, call_id)
    return one


def drop(db: Connection, workspace: int, call_id: int) -> None:
    """Nothing of an example is kept, whoever wants that."""
    store.drop(db, call_id)
    call = call_store.by_id(db, workspace, call_id)
    if call and call.public:
        call_store.save(db, call, public=False)


def withdraws(db: Connection, who: Person, one: Example) -> bool:
    owner = team.person(db, who.workspace_id, one.owner_id)
    return owner is not None and may(who, Action.ERASE_CALLS, about=owner, span=team.span(db, who))


def published(db: Connection, who: Person, limit: int = 100) -> Sequence[Example]:
    """The examples of somebody's teams, newest first."""
    span = team.span(db, who)
    teams = [one.id for one in team.teams(db, who.workspace_id) if may(who, Action.READ_EXAMPLES, one.id, span=span)]
    return store.published(db, who.workspace_id, teams, limit)


def waiting(db: Connection, who: Person) -> Sequence[Example]:
    """Those that wait for somebody's yes."""
    return store.asked_of(db, who.workspace_id, who.id)


def get(db: Connection, who: Person, example_id: int) -> Example:
    """A published one of somebody's teams, or one that waits for their yes. Raises `BotError` for all others."""
    one = store.by_id(db, who.workspace_id, example_id)
    span = team.span(db, who)
    if one and one.state is State.PUBLISHED and may(who, Action.READ_EXAMPLES, one.team_id, span=span):
        return one
    if one and who.id == one.owner_id:
        return one
    raise BotError(words(who.language)("That example is not there any more. /examples lists those that are."))
