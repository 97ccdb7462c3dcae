"""The use cases of calls: taking a transcript in, who may read what came of it. Nothing is sent, nothing is worded."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

from bot.crm import service as crm
from bot.db import Connection
from bot.errors import BotError
from bot.minutes.calls import deals, store
from bot.minutes.calls.model import Call, Item, Kind, State, dump, items_of, load, minutes_of
from bot.minutes.model import Dropped, Minutes, Transcript
from bot.minutes.transcripts import read, sides
from bot.team import service as team
from bot.team.model import Person
from bot.team.roles import Action, Reporting, Scope, may, scope
from prompts import words

NAMES = 60  # people beside those who spoke that a to-do may be given to by name
NOTED = timedelta(hours=1)  # whoever looks again within it is the same reader
_DRAFTS = (State.READING, State.DRAFT, State.FAILED, State.KEPT)

readers = store.readers


# in


def take(db: Connection, who: Person, data: bytes, name: str, now: datetime, *, key: str) -> Call:
    """Take a transcript in, once for each `key`; its minutes are still to be made.

    Raises `BotError` with a plain sentence for what is no call, and for whom calls are none of their business.
    """
    found = store.by_key(db, who.workspace_id, key)
    return found or store.add(db, *fresh(db, who, heard(who, data, name), name, now, key=key))


def heard(who: Person, data: bytes, name: str) -> Transcript:
    """The call of a transcript; reading a long one takes a second, so no database waits for it. Raises `BotError`."""
    sends(who)
    return read(data, name, language=who.language)


def sends(who: Person) -> None:
    """Raises `BotError` for those whose business calls are not."""
    if scope(who.role, Action.READ_CALLS) is Scope.NO:
        raise BotError(words(who.language)("Minutes of calls are for those who sell. Ask one of them to send it."))


def fresh(
    db: Connection, who: Person, said: Transcript, name: str, now: datetime, *, key: str
) -> tuple[Call, dict[str, Any]]:
    """A transcript that was read as `store.add` keeps it, with the sides of its speakers and the deal that it is likely
    about. Only looks: many deals take a moment, in which others write."""
    customers = crm.customers(db, who)
    accounts = [crm.Account(one.deal, one.account, contact=one.contact) for one in customers if one.account]
    told = sides(said, team.people(db, who.workspace_id), accounts)
    deal = deals.ranked(customers, told, name, who.key).deal
    call = Call(
        0,
        who.workspace_id,
        key,
        who.id,
        name[:200],
        now,
        State.READING,
        told.title,
        told.on or who.today(now),
        told.language,
        told.seconds,
        deal.deal if deal else "",
        deal.called if deal else "",
    )
    return call, dump(told)


def offered(db: Connection, who: Person) -> tuple[dict[str, str], set[int]]:
    """What the calls that somebody may read are about, deal to customer, and who sent them; of the last few hundred."""
    found = seen(db, who, limit=500)
    return {one.deal: one.customer or one.deal for one in found if one.deal}, {one.sent_by for one in found}


def names(db: Connection, one: Call) -> list[str]:
    """Who may own a to-do of a call beside those who spoke: the team of its sender, and whoever they lead."""
    sender = team.person(db, one.workspace_id, one.sent_by)
    if sender is None:
        return []
    span = team.span(db, sender)
    near = team.around(db, sender, {*span.people, *filter(None, [sender.manager_id])})
    ids = [line.id for line in near if line.active and _near(sender, line, span.people)]
    return [person.name for person in team.people(db, one.workspace_id, ids=ids[:NAMES])]


def _near(sender: Person, line: Reporting, led: frozenset[int]) -> bool:
    return line.team_id == sender.team_id or line.id in led or line.id == sender.manager_id


def found(db: Connection, one: Call, minutes: Minutes, now: datetime, note: str = "") -> Call:
    """The minutes are made: a draft from now on. Of no effect on a call that is past that."""
    if one.state is not State.READING:
        return one
    people: dict[str, int | None] = {}
    for person in team.people(db, one.workspace_id):
        people[person.name.casefold()] = None if person.name.casefold() in people else person.id
    items = [_owned(item, people) for item in items_of(minutes)]
    store.keep_minutes(db, one, items, [[each.text, each.why] for each in minutes.dropped])
    return store.save(db, one, state=State.DRAFT, engine=minutes.engine, note=note)


def with_cards(made: Minutes, cards: Sequence[str | None]) -> Minutes:
    """The minutes with the library's card of each objection; those after the last card have none."""
    pairs = zip_longest(made.objections, cards[: len(made.objections)])
    return replace(made, objections=tuple(replace(one, card=card) for one, card in pairs))


def _owned(item: Item, people: dict[str, int | None]) -> Item:
    if item.kind is Kind.TODO:
        item.about["owner_id"] = people.get((item.about["owner"] or "").casefold())
    return item


def fail(db: Connection, one: Call, reason: str) -> Call:
    """No minutes come of it; `reason` is a plain sentence."""
    return store.save(db, one, state=State.FAILED, reason=reason) if one.state is State.READING else one


def about(one: Call) -> str:
    """What a model's answers about a call are kept with, so that they are forgotten with it."""
    return f"call:{one.id}"


# who may read it


def get(db: Connection, who: Person, call_id: int) -> Call:
    """A call that somebody may read. Raises `BotError` for all others, there or not.

    A draft, and minutes that were kept, are their sender's, and an admin's; posted ones also the deal owner's, and
    those of whoever leads one of the two.
    """
    one = store.by_id(db, who.workspace_id, call_id)
    if one is None or not _reads(db, who, one):
        raise BotError(words(who.language)("That call is not yours to read. /minutes lists yours."))
    return one


def _reads(db: Connection, who: Person, one: Call) -> bool:
    reach = scope(who.role, Action.READ_CALLS)
    if not who.active or reach is Scope.NO:
        return False
    if reach is Scope.ALL or one.sent_by == who.id:
        return True
    if one.state in _DRAFTS:
        return False
    sender = team.person(db, who.workspace_id, one.sent_by)
    if sender and may(who, Action.READ_CALLS, about=sender, span=team.span(db, who)):
        return True
    return bool(one.deal) and bool(crm.seen_among(db, who, [one.deal]))


def seen(
    db: Connection, who: Person, *, deal: str = "", sender: int = 0, below: int = 0, limit: int = 50
) -> list[Call]:
    """The calls that somebody may read, newest first; those about one `deal`, or of one `sender`, if that is given.

    `below`: older ones than the call of this id.
    """
    reach = scope(who.role, Action.READ_CALLS)
    if not who.active or reach is Scope.NO:
        return []
    if reach is Scope.ALL:
        about = [deal] if deal else None
        return store.calls(db, who.workspace_id, deals=about, sender=sender, below=below, limit=limit)
    if deal:
        found = store.calls(db, who.workspace_id, deals=[deal], sender=sender, below=below, limit=10 * limit)
        return [one for one in found if _reads(db, who, one)][:limit]
    span = team.span(db, who)
    theirs = [one for one in team.around(db, who, span.people) if may(who, Action.READ_CALLS, about=one, span=span)]
    senders = {who.id, *(one.id for one in theirs)}
    about_mine = crm.seen_among(db, who, store.deals_with_calls(db, who.workspace_id))
    found = store.calls(
        db, who.workspace_id, senders=senders, deals=about_mine, sender=sender, below=below, limit=10 * limit
    )
    return [one for one in found if one.sent_by == who.id or one.state not in _DRAFTS][:limit]


def note_read(db: Connection, who: Person, one: Call, now: datetime, how: str) -> None:
    """Write down that somebody was shown a call, once an hour; its own sender is not noted. `how`: page, chat or
    export."""
    if one.sent_by != who.id and not store.has_read(db, one, who.id, now - NOTED, how):
        store.note_read(db, one, who.id, now, how)


# what it says


def transcript(db: Connection, one: Call) -> Transcript:
    """What was said. Raises `BotError` when it is forgotten."""
    body = store.body(db, one)
    if body is None:
        raise BotError("What was said on that call is erased.")
    return load(body)


def items(db: Connection, one: Call) -> list[Item]:
    return store.items(db, one)


def minutes(db: Connection, one: Call) -> Minutes:
    """The minutes as the verdicts left them."""
    dropped = tuple(Dropped(text, why) for text, why in store.dropped(db, one))
    return minutes_of(store.items(db, one), dropped, one.engine)
