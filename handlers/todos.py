"""`/todo`: what somebody owes, what they give to others, and what buttons under a to-do do."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta

from bot.app import App
from bot.crm import service as crm
from bot.db import Connection
from bot.errors import BotError, FormError
from bot.message import Field, Form, Message, Option, Reply, answer
from bot.team import service as team
from bot.team.model import Person
from bot.team.roles import Action, may
from bot.todos import said, service
from bot.todos.model import State, Todo
from bot.voice import announce
from bot.voice import todos as voice
from prompts import day, escape, words


def todo(app: App, who: Person, msg: Message) -> Reply:
    """What you owe: /todo, or /todo add send the quote by Friday"""
    verb, _space, rest = msg.text.partition(" ")
    number, _space, more = rest.partition(" ")
    act = _VERBS.get(verb)
    if act is not None and number.isdecimal() and len(number) < 18:
        with app.db.begin() as db:
            return act(app, db, who, service.get(db, who, int(number)), replace(msg, text=more.strip()))
    if verb in ("add", "加") or (msg.text and verb not in ("", "team")):
        return _add(app, who, msg, rest.strip() if verb in ("add", "加") else msg.text)
    with app.db.read() as db:
        found = service.seen(db, who) if verb == "team" else service.mine(db, who)
        return voice.listed(found, _names(db, app), _deals(db, who, found, app), who, who.today(app.now()))


def _names(db: Connection, app: App) -> dict[int, str]:
    return {p.id: p.name for p in team.people(db, app.workspace, active=None)}


def _deals(db: Connection, who: Person, found: list[Todo], app: App) -> dict[str, str]:
    return crm.customers_of(db, who, {one.deal for one in found if one.deal}, app.now())


# a new one


def _add(app: App, who: Person, msg: Message, text: str) -> Reply:
    _ = words(who.language)
    today = who.today(app.now())
    if msg.how == "form" and not text:
        return _filled(app, who, msg)
    if not text:
        with app.db.read() as db:
            return Reply(form=_form(db, app, who, _("New to-do"), "/todo add", None))
    found = said.read(text, today)
    with app.db.begin() as db:
        key = f"{msg.place.platform}:{msg.id}"
        one = service.add(db, who, who, found.task, app.now(), key=key, due=found.due, phrase=found.phrase)
        return voice.card(one, _names(db, app), {}, who, today)


def _form(db: Connection, app: App, who: Person, title: str, says: str, one: Todo | None) -> Form:
    _ = words(who.language)
    fields = [
        Field("task", _("What is to be done?"), "line", one.task if one else "", required=True, most=500),
        Field("due", _("By when?"), "date", one.due.isoformat() if one and one.due else ""),
    ]
    able = _able(db, app, who)
    if one is None and len(able) > 1:
        fields.append(Field("owner", _("Who does it?"), "one", str(who.id), _options(able)))
    return Form(title, says, tuple(fields), _("Save"))


def _able(db: Connection, app: App, who: Person) -> list[Person]:
    """Whom somebody may give to-dos, themselves first."""
    span = team.span(db, who)
    able = [p for p in team.people(db, app.workspace) if may(who, Action.GIVE_TODOS, about=p, span=span)]
    return sorted(able, key=lambda p: (p.id != who.id, p.name))


def _options(people: list[Person]) -> tuple[Option, ...]:
    return tuple(Option(str(p.id), p.name) for p in people[:100])


def _filled(app: App, who: Person, msg: Message) -> Reply:
    with app.db.begin() as db:
        owner = _chosen(_able(db, app, who), answer(msg, "owner") or str(who.id), who)
        key = f"{msg.place.platform}:{msg.id}"
        one = service.add(db, who, owner, answer(msg, "task"), app.now(), key=key, due=_date(msg, "due", who))
        if owner.id != who.id:
            announce.give_todo(app, db, one, owner, who)
        return voice.card(one, _names(db, app), {}, who, who.today(app.now()))


def _chosen(able: list[Person], said: str, who: Person) -> Person:
    found = next((p for p in able if str(p.id) == said), None)
    if found is None:
        raise FormError({"owner": words(who.language)("Choose somebody from the list.")})
    return found


def _date(msg: Message, name: str, who: Person) -> date | None:
    text = answer(msg, name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise FormError({name: words(who.language)("Give a date.")}) from None


# buttons under a to-do


def _show(app: App, db: Connection, who: Person, one: Todo, msg: Message) -> Reply:
    return voice.card(one, _names(db, app), _deals(db, who, [one], app), who, who.today(app.now()))


def _done(app: App, db: Connection, who: Person, one: Todo, msg: Message) -> Reply:
    return _show(app, db, who, service.finish(db, who, one, State.DONE, app.now()), msg)


def _drop(app: App, db: Connection, who: Person, one: Todo, msg: Message) -> Reply:
    return _show(app, db, who, service.finish(db, who, one, State.DROPPED, app.now()), msg)


def _reopen(app: App, db: Connection, who: Person, one: Todo, msg: Message) -> Reply:
    return _show(app, db, who, service.reopen(db, who, one, app.now()), msg)


def _snooze(app: App, db: Connection, who: Person, one: Todo, msg: Message) -> Reply:
    _ = words(who.language)
    days = int(msg.text) if msg.text in ("1", "3", "7") else 1
    changed = service.snooze(db, who, one, who.today(app.now()) + timedelta(days=days), app.now())
    assert changed.due
    return Reply(_("Due {day} now.", day=day(changed.due, who.language)), private=True)


def _hand(app: App, db: Connection, who: Person, one: Todo, msg: Message) -> Reply:
    _ = words(who.language)
    able = [p for p in _able(db, app, who) if p.id != one.owner_id]
    if not answer(msg, "to"):
        field = Field("to", _("Who takes it?"), "one", options=_options(able), required=True)
        return Reply(form=Form(_("Hand over"), f"/todo hand {one.id}", (field,), _("Hand over"), intro=one.task))
    to = next((p for p in able if str(p.id) == answer(msg, "to")), None)
    if to is None:
        raise FormError({"to": _("Choose somebody from the list.")})
    changed = service.hand_over(db, who, one, to, app.now())
    if to.id != who.id:
        announce.give_todo(app, db, changed, to, who)
    return Reply(_("{name} has it now.", name=escape(to.name)), private=True)


def _not_mine(app: App, db: Connection, who: Person, one: Todo, msg: Message) -> Reply:
    _ = words(who.language)
    if one.owner_id != who.id:
        raise BotError(_("It is not yours any more."))
    changed = service.not_mine(db, who, one, app.now())
    back = team.person(db, app.workspace, changed.owner_id) if changed.owner_id else None
    if back is None:
        return Reply(_("Taken off your list. Nobody has it now."), private=True)
    announce.give_todo(app, db, changed, back, who)
    return Reply(_("Back to {name}.", name=escape(back.name)), private=True)


def _change(app: App, db: Connection, who: Person, one: Todo, msg: Message) -> Reply:
    if msg.how != "form":
        _ = words(who.language)
        return Reply(form=_form(db, app, who, _("Change"), f"/todo change {one.id}", one))
    due = _date(msg, "due", who)
    changed = service.change(db, who, one, answer(msg, "task"), due, app.now(), one.deal)
    return _show(app, db, who, changed, msg)


_Act = Callable[[App, Connection, Person, Todo, Message], Reply]
_VERBS: Mapping[str, _Act] = {
    "show": _show,
    "done": _done,
    "drop": _drop,
    "reopen": _reopen,
    "snooze": _snooze,
    "hand": _hand,
    "notmine": _not_mine,
    "change": _change,
}
