"""What the sender of a call decides about its draft: each to-do, the deal, the next step."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.crm import service as crm
from bot.db import Connection
from bot.errors import BotError
from bot.minutes.calls import store
from bot.minutes.calls.model import Call, Item, Kind, State, Verdict
from bot.minutes.model import MomentKind
from bot.team import service as team
from bot.team.model import Person
from bot.team.roles import Action, Span, may
from bot.todos.model import LONGEST
from prompts import words


@dataclass(frozen=True, slots=True)
class Goes:
    """Where a to-do goes when the minutes are posted. `to` None: to nobody here, it is a customer's, say. `stays`: with
    the sender, because nobody is named or whoever is named takes no to-dos of theirs."""

    item: Item
    to: Person | None
    stays: bool = False

    @property
    def named(self) -> str:
        return self.item.about["owner"] or ""


def own(db: Connection, who: Person, call_id: int) -> Call:
    """A call that somebody sent. Raises `BotError` for those of others."""
    one = store.by_id(db, who.workspace_id, call_id)
    if one is None or one.sent_by != who.id:
        raise BotError(words(who.language)("Only whoever sent the call decides about its minutes."))
    return one


def draft(db: Connection, who: Person, call_id: int) -> Call:
    """One that is still a draft. Raises `BotError`."""
    one = own(db, who, call_id)
    if one.state is not State.DRAFT:
        raise BotError(words(who.language)("These minutes are no draft any more."))
    return one


def todo(db: Connection, who: Person, one: Call, n: int) -> Item:
    found = next((each for each in store.items(db, one) if each.n == n and each.kind is Kind.TODO), None)
    if found is None:
        raise BotError(words(who.language)("The minutes have no such to-do."))
    return found


def decide(db: Connection, item: Item, verdict: Verdict) -> Item:
    """Keep or drop a to-do; one that was changed and is kept again stays as it was changed."""
    if verdict is Verdict.KEPT and item.about.get("changed"):
        verdict = Verdict.CHANGED
    return store.save_item(db, item, verdict=verdict)


def change(
    db: Connection, item: Item, task: str, owner: Person | None, outside: str, due: date | None, at_hour: bool
) -> Item:
    """Another wording, owner or day. `outside`: the name of an owner who is not on the roster. `at_hour`: the hour that
    was stated still holds."""
    before = item.about
    kept = before["due"] if at_hour and item.due and item.due.day == due else None
    about = before | {"changed": True, "owner_id": owner.id if owner else None}
    about |= {"owner": owner.name if owner else outside or None, "due": kept or (due.isoformat() if due else None)}
    text = " ".join(task.split())[:LONGEST] or item.text
    store.save_item(db, item, verdict=Verdict.CHANGED, text=text, about=about)
    return item


def attach(db: Connection, who: Person, one: Call, key: str, now: datetime) -> Call:
    """Say which deal the call is about, "" for none. Raises `BotError` for one that they do not see."""
    if not key:
        return store.save(db, one, deal="", customer="")
    found = crm.deal(db, who, key, now)
    if found is None:
        raise BotError(words(who.language)("That deal is not among yours."))
    named = found.account if found.account != found.deal.account else ""  # else it is the CRM's id of the account
    return store.save(db, one, deal=key, customer=named or found.deal.name or found.customer)


# where things go


def goes(db: Connection, who: Person, items: Sequence[Item]) -> list[Goes]:
    """Where each to-do of a call goes that `who` sent, those that were dropped too."""
    todos = [one for one in items if one.kind is Kind.TODO]
    ids = {one.about["owner_id"] for one in todos if one.about.get("owner_id")}
    people = {person.id: person for person in team.people(db, who.workspace_id, ids=list(ids))}
    span = team.span(db, who)
    return [_goes(who, one, people, span) for one in todos]


def _goes(who: Person, one: Item, people: dict[int, Person], span: Span) -> Goes:
    owner = people.get(one.about.get("owner_id") or 0)
    if owner is not None:
        able = owner.id == who.id or may(who, Action.GIVE_TODOS, about=owner, span=span)
        return Goes(one, owner if able else who, stays=not able)
    return Goes(one, None) if one.about["owner"] else Goes(one, who, stays=True)


def next_step(items: Sequence[Item], today: date) -> Item | None:
    """The to-do that was agreed as the next step: the earliest that is still ahead, unless it was taken out."""
    agreed = {
        one.lines
        for one in items
        if one.kind is Kind.MOMENT and one.about["kind"] == MomentKind.NEXT_STEP.value and one.stands
    }
    ahead = [
        (one.due.day, one.n, one)
        for one in items
        if one.kind is Kind.TODO and one.stands and one.lines in agreed and one.due and one.due.day >= today
    ]
    return min(ahead)[2] if ahead else None


def stepping(items: Sequence[Item]) -> list[Item]:
    """The items as if nobody had taken the next step out."""
    return [
        replace(one, verdict=Verdict.PROPOSED) if one.kind is Kind.MOMENT and not one.stands else one for one in items
    ]


def leave_step(db: Connection, one: Call, on: bool) -> None:
    """Make the next step that was agreed the deal's (`on`), or leave that of the deal as it is."""
    verdict = Verdict.PROPOSED if on else Verdict.DROPPED
    for each in store.items(db, one):
        if each.kind is Kind.MOMENT and each.about["kind"] == MomentKind.NEXT_STEP.value:
            store.save_item(db, each, verdict=verdict)
