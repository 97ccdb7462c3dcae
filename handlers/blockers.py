"""`/blockers` and what the buttons of a blocker say."""

from collections.abc import Callable, Mapping

from bot.app import App
from bot.blockers import service
from bot.blockers.model import Blocker, State
from bot.db import Connection
from bot.errors import BotError
from bot.message import Field, Form, Message, Option, Reply, answer
from bot.standup.service import works_on
from bot.team import chain
from bot.team import service as team
from bot.team.model import Person, Role
from bot.team.roles import Action, may
from bot.voice import announce, labels
from bot.voice import blockers as voice
from prompts import escape, words


def blockers(app: App, who: Person, msg: Message) -> Reply:
    """What stands in the way, by stage, with who owns it"""
    with app.db.read() as db:
        span = team.span(db, who)
        ids = [t.id for t in team.teams(db, app.workspace) if may(who, Action.READ_BOARD, t.id, span=span)]
        standing = service.live(db, app.workspace, team_ids=ids)
        ages = {b.id: announce.age_of(app, db, b) for b in standing}
        names = {p.id: p.name for p in team.people(db, app.workspace, active=None)}
        return voice.listed(standing, names, ages, who, service.stages(db, app.workspace))


def blocker(app: App, who: Person, msg: Message) -> Reply | None:
    """Acknowledge, update, hand over, resolve, escalate or accept one blocker."""
    verb, _space, rest = msg.text.partition(" ")
    act = _VERBS.get(verb)
    if act is None or not rest.isdecimal() or len(rest) > 18:
        return blockers(app, who, msg)
    with app.db.begin() as db:
        one = service.get(db, app.workspace, int(rest))
        raiser = team.person(db, app.workspace, one.raised_by) if one else None
        _ = words(who.language)
        if one is None or raiser is None or not _allowed(db, who, raiser, verb):
            raise BotError(_("That blocker is not yours to change. /blockers shows those you can see."))
        if not one.live and verb != "show":
            state = labels.blocker_state(one.state, who.language)
            raise BotError(_("Nothing to do: this blocker is {state} already.", state=state))
        return act(app, db, who, raiser, one, msg)


def _allowed(db: Connection, who: Person, raiser: Person, verb: str) -> bool:
    action = Action.DECIDE_BLOCKERS if verb in ("escalate", "accept") else Action.ACT_ON_BLOCKERS
    if verb == "show":
        action = Action.READ_BOARD
    return may(who, action, about=raiser, span=team.span(db, who))


def _acknowledge(app: App, db: Connection, who: Person, raiser: Person, one: Blocker, msg: Message) -> Reply:
    changed = service.acknowledge(db, one, who, raiser, works_on(db, raiser), app.now())
    announce.refresh_blocker(app, db, changed, one)
    _tell(app, db, changed, raiser, who)
    _ = words(who.language)
    return Reply(_("It is yours now: {blocker}", blocker=escape(one.text)))


def _update(app: App, db: Connection, who: Person, raiser: Person, one: Blocker, msg: Message) -> Reply:
    _ = words(who.language)
    text = answer(msg, "note")
    if not text:
        field = Field("note", _("How does it stand?"), "line", one.note, required=True, most=500)
        return Reply(form=Form(_("Update"), f"/blocker update {one.id}", (field,), _("Save"), intro=one.text))
    changed = service.update(db, one, who, text, raiser, works_on(db, raiser), app.now())
    announce.refresh_blocker(app, db, changed, one)
    if who.id != raiser.id:
        _tell(app, db, changed, raiser, who)
    return Reply(_("Updated."))


def _hand_over(app: App, db: Connection, who: Person, raiser: Person, one: Blocker, msg: Message) -> Reply:
    _ = words(who.language)
    able = _owners(db, app.workspace, raiser)
    to = able.get(answer(msg, "to"))
    if to is None:
        options = tuple(Option(key, p.name) for key, p in able.items() if p.id != one.owner_id)
        field = Field("to", _("Who takes it?"), "one", options=options, required=True)
        return Reply(form=Form(_("Hand over"), f"/blocker hand {one.id}", (field,), _("Hand over"), intro=one.text))
    changed = service.hand_over(db, one, who, to, raiser, works_on(db, raiser), app.now())
    announce.refresh_blocker(app, db, changed, one)
    if to.id != who.id:
        announce.show_card(app, db, changed, to)
    _tell(app, db, changed, raiser, who)
    return Reply(_("{name} owns it now.", name=escape(to.name)))


def _owners(db: Connection, workspace: int, raiser: Person) -> dict[str, Person]:
    """Who may own a blocker of this person: their team but for observers, whoever is in charge, and all support."""
    mates = [p for p in team.people(db, workspace, team_id=raiser.team_id) if p.role is not Role.OBSERVER]
    support = team.people(db, workspace, roles=(Role.SUPPORT, Role.MANAGER))
    above = chain.in_charge(db, workspace, [raiser])[raiser.id]
    return {str(p.id): p for p in (*above, *mates, *support)}


def _resolve(app: App, db: Connection, who: Person, raiser: Person, one: Blocker, msg: Message) -> Reply:
    return _finish(app, db, who, raiser, one, State.RESOLVED)


def _accept(app: App, db: Connection, who: Person, raiser: Person, one: Blocker, msg: Message) -> Reply:
    return _finish(app, db, who, raiser, one, State.ACCEPTED)


def _finish(app: App, db: Connection, who: Person, raiser: Person, one: Blocker, state: State) -> Reply:
    changed = service.finish(db, one, who, state, "", app.now())
    announce.refresh_blocker(app, db, changed, one)
    if who.id != raiser.id:
        _tell(app, db, changed, raiser, who)
    _ = words(who.language)
    if state is State.RESOLVED:
        return Reply(_("Resolved: {blocker}", blocker=escape(one.text)))
    return Reply(_("Accepted as it is: {blocker}", blocker=escape(one.text)))


def _escalate(app: App, db: Connection, who: Person, raiser: Person, one: Blocker, msg: Message) -> Reply:
    _ = words(who.language)
    above = [p for p in chain.in_charge(db, app.workspace, [who])[who.id] if p.id != raiser.id]
    if not above:
        raise BotError(_("Nobody stands above you on the roster. Assign it, or accept it as it is."))
    changed = service.escalate(db, one, who, above[0], raiser, works_on(db, raiser), app.now())
    announce.refresh_blocker(app, db, changed, one)
    announce.show_card(app, db, changed, above[0])
    _tell(app, db, changed, raiser, who)
    return Reply(_("Escalated to {name}.", name=escape(above[0].name)))


def _show(app: App, db: Connection, who: Person, raiser: Person, one: Blocker, msg: Message) -> Reply:
    names = {p.id: p.name for p in team.people(db, app.workspace, active=None)}
    return voice.card(one, names, announce.age_of(app, db, one), who.language)


def _tell(app: App, db: Connection, one: Blocker, raiser: Person, by: Person) -> None:
    """Let whoever raised it know that something moved."""
    if by.id == raiser.id:
        return
    place = team.place_of(db, raiser)
    reply = voice.moved(one, by.name, _owner_name(db, one), raiser.language)
    if place:
        app.say(db, place, reply, f"blocker-moved:{one.id}-{one.moved}-{one.state}:{raiser.id}")


def _owner_name(db: Connection, one: Blocker) -> str:
    owner = team.person(db, one.workspace_id, one.owner_id) if one.owner_id else None
    return owner.name if owner else ""


_Act = Callable[[App, Connection, Person, Person, Blocker, Message], Reply]
_VERBS: Mapping[str, _Act] = {
    "show": _show,
    "ack": _acknowledge,
    "update": _update,
    "hand": _hand_over,
    "resolve": _resolve,
    "escalate": _escalate,
    "accept": _accept,
}
