"""`/examples`, and having a call published as one: asked for, read by its owner, said yes to, withdrawn."""

from collections.abc import Callable, Mapping

from bot.app import App
from bot.db import Connection
from bot.errors import BotError
from bot.message import Message, Reply, answer
from bot.minutes.calls import service as calls
from bot.minutes.calls import store as call_store
from bot.minutes.examples import service
from bot.minutes.examples.model import Example, State
from bot.team import service as team
from bot.team.model import Person
from bot.voice import calls as called
from bot.voice import examples as voice
from prompts import escape, words


def examples(app: App, who: Person, msg: Message) -> Reply:
    """Calls that your team learns from"""
    with app.db.read() as db:
        return voice.listed(service.published(db, who), _teams(db, app), who)


def example(app: App, who: Person, msg: Message) -> Reply:
    """What buttons under an example do: /example yes 12"""
    verb, _space, number = msg.text.partition(" ")
    act = _VERBS.get(verb)
    if act is None or not number.isdecimal() or len(number) > 17:
        return examples(app, who, msg)
    return act(app, who, int(number), msg)


def publish(app: App, who: Person, number: str, msg: Message) -> Reply:
    """Have a call that you may read published: /minutes publish 12"""
    _ = words(who.language)
    if not number.isdecimal() or len(number) > 17:
        raise BotError(_("Say which call: /minutes publish 12. /minutes lists those that you may read."))
    with app.db.begin() as db:
        one = calls.get(db, who, int(number))
        if msg.how != "form":
            return Reply(form=voice.form(one.id, who.language))
        lesson, more = answer(msg, "lesson"), answer(msg, "more").splitlines()
        asked = service.ask(db, who, one, app.now(), lesson=lesson, more=more)
        return _put(app, db, who, asked)


def _put(app: App, db: Connection, who: Person, one: Example) -> Reply:
    """Put an example to its owner; to themselves at once, to somebody else in their chat."""
    owner, asker = _person(db, one, one.owner_id), _person(db, one, one.asked_by)
    name = asker.name if asker.id != owner.id else ""
    reply = voice.asked(one, _customer(db, one, owner), _teams(db, app)[one.team_id], name, owner, _link(app, one))
    if owner.id == who.id:
        return reply
    _ = words(who.language)
    place = team.place_of(db, owner)
    if place is None:
        raise BotError(_("{name} has no chat with me yet, so I cannot ask.", name=owner.name))
    app.say(db, place, reply, f"example-asked:{one.call_id}:{app.now():%Y%m%d%H%M%S}:{owner.id}")
    return Reply(
        _("I asked {name}, whose call it is; you hear what comes of it.", name=escape(owner.name)), private=True
    )


def _yes(app: App, who: Person, call_id: int, msg: Message) -> Reply:
    with app.db.begin() as db:
        one = service.publish(db, who, call_id, app.now())
        _tell(app, db, one, who)
        return voice.published(one, _teams(db, app)[one.team_id], who.language)


def _no(app: App, who: Person, call_id: int, msg: Message) -> Reply:
    _ = words(who.language)
    with app.db.begin() as db:
        one = service.withdraw(db, who, call_id)
        if one.state is State.ASKED and who.id == one.owner_id:
            _tell(app, db, one, who)
    done = _("Withdrawn: nobody can read it any more.")
    return Reply(done if one.state is State.PUBLISHED else _("Not published, and nothing of it is kept."), private=True)


def _tell(app: App, db: Connection, one: Example, owner: Person) -> None:
    """Let whoever asked know, once for each answer."""
    asker = _person(db, one, one.asked_by)
    place = team.place_of(db, asker) if asker.id != owner.id else None
    if place:
        reply = voice.settled(one, owner, _customer(db, one, asker), asker)
        app.say(db, place, reply, f"example-{one.state.value}:{one.call_id}:{one.at:%Y%m%d%H%M%S}:{asker.id}")


def _hide(app: App, who: Person, call_id: int, msg: Message) -> Reply:
    with app.db.begin() as db:
        before = service.owned(db, who, call_id)
        if msg.how != "form":
            return Reply(form=voice.more(before, who.language))
        one = call_store.by_id(db, app.workspace, call_id)
        assert one is not None  # an example goes with its call
        return _put(app, db, who, service.ask(db, who, one, app.now(), more=answer(msg, "more").splitlines()))


def _show(app: App, who: Person, call_id: int, msg: Message) -> Reply:
    with app.db.read() as db:
        found = service.of_call(db, app.workspace, call_id)
        one = service.get(db, who, found.id if found else 0)
        if one.state is State.ASKED:
            return _put(app, db, who, one)
        withdraws = service.withdraws(db, who, one)
        return voice.shown(one, _teams(db, app).get(one.team_id, ""), who, _link(app, one), withdraws=withdraws)


_VERBS: Mapping[str, Callable[[App, Person, int, Message], Reply]] = {
    "yes": _yes,
    "no": _no,
    "withdraw": _no,
    "hide": _hide,
    "show": _show,
}


def _person(db: Connection, one: Example, person_id: int) -> Person:
    found = team.person(db, one.workspace_id, person_id)
    assert found is not None  # people leave the roster, their rows stay
    return found


def _customer(db: Connection, one: Example, reader: Person) -> str:
    call = call_store.by_id(db, one.workspace_id, one.call_id)
    return called.called(call, reader.language) if call else ""


def _teams(db: Connection, app: App) -> dict[int, str]:
    return {each.id: each.name for each in team.teams(db, app.workspace)}


def _link(app: App, one: Example) -> str:
    return f"{app.settings.base_url}/examples/{one.id}"
