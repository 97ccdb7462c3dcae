"""`/alerts`, and the buttons under an alert: what people say of it, once for all who lead the team."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from bot.app import App
from bot.db import Connection
from bot.errors import FormError
from bot.kpi.alerts import service
from bot.kpi.alerts.evaluate import EVERYBODY
from bot.kpi.alerts.model import Alert, Rule, Said
from bot.message import Field, Form, Message, Option, Reply, answer, ticks
from bot.team import service as team
from bot.team.model import Person
from bot.team.roles import Action, may
from bot.voice import alerts as voice
from bot.voice import announce, paging
from prompts import escape, words


def alerts(app: App, who: Person, msg: Message) -> Reply:
    """The open alerts of your teams"""
    with app.db.read() as db:
        found = service.seen(db, who)
        names = {t.id: t.name for t in team.teams(db, app.workspace)}
        return voice.listed(found, names, service.right_ones(db, who, app.now()), who.language)


def alert(app: App, who: Person, msg: Message) -> Reply | None:
    """Acknowledge, snooze, explain, assign or settle one alert."""
    verb, _space, rest = msg.text.partition(" ")
    act = _VERBS.get(verb)
    if act is None or not rest.isdecimal() or len(rest) > 15:
        return alerts(app, who, msg)
    with app.db.begin() as db:
        return act(app, db, who, service.get(db, who, int(rest)), msg)


def _show(app: App, db: Connection, who: Person, one: Alert, msg: Message) -> Reply:
    return paging.told(app, db, one, who.language)


def _form(who: Person, one: Alert, verb: str, title: str, *fields: Field) -> Reply:
    says = f"/alert {verb} {one.id}"
    return Reply(form=Form(title, says, fields, title, intro=voice.headline(one, who.language)))


def _acknowledge(app: App, db: Connection, who: Person, one: Alert, msg: Message) -> Reply:
    _ = words(who.language)
    changed = service.acknowledge(db, who, one, app.now())
    paging.refresh(app, db, changed)
    if changed.owner_id == who.id:
        return Reply(_("It is yours: all who lead the team see that."), private=True)
    first = team.person(db, app.workspace, changed.owner_id or 0)
    name = first.name if first else ""
    return Reply(_("{name} was first and looks into it.", name=escape(name)), private=True)


def _snooze(app: App, db: Connection, who: Person, one: Alert, msg: Message) -> Reply:
    _ = words(who.language)
    today = who.today(app.now())
    if msg.how != "form":
        week = (today + timedelta(days=7)).isoformat()
        return _form(
            who,
            one,
            "snooze",
            _("Snooze"),
            Field("until", _("Until when?"), "date", week, required=True),
            Field("reason", _("Why?"), "line", required=True, most=300),
        )
    until = _day(msg, "until", who)
    if not today < until <= today + timedelta(days=120):
        raise FormError({"until": _("Give a day within the next four months.")})
    paging.refresh(app, db, service.snooze(db, who, one, until, answer(msg, "reason"), app.now()))
    return Reply(_("Snoozed. If it is open still, you hear of it again then."), private=True)


def _day(msg: Message, name: str, who: Person) -> date:
    try:
        return date.fromisoformat(answer(msg, name))
    except ValueError:
        raise FormError({name: words(who.language)("Give a date.")}) from None


def _explain(app: App, db: Connection, who: Person, one: Alert, msg: Message) -> Reply:
    _ = words(who.language)
    if msg.how != "form":
        field = Field("reason", _("What was it?"), "line", required=True, most=300)
        return _form(who, one, "explain", _("Explained"), field)
    return _settled(app, db, who, one, Said.EXPLAINED, answer(msg, "reason"))


def _normal(app: App, db: Connection, who: Person, one: Alert, msg: Message) -> Reply:
    return _settled(app, db, who, one, Said.NEW_NORMAL, "")


def _false(app: App, db: Connection, who: Person, one: Alert, msg: Message) -> Reply:
    return _settled(app, db, who, one, Said.FALSE_ALARM, "")


def _settled(app: App, db: Connection, who: Person, one: Alert, said: Said, note: str) -> Reply:
    _ = words(who.language)
    changed = service.settle_as(db, who, one, said, note, app.now())
    paging.refresh(app, db, changed)
    if changed.said is not said or not one.open:
        return Reply(_("It was settled already; nothing was changed."), private=True)
    told = {
        Said.EXPLAINED: _("Noted. Those weeks are left out of what is usual."),
        Said.NEW_NORMAL: _("Noted. What is usual begins anew from there."),
        Said.FALSE_ALARM: _("Noted. It counts against this rule."),
    }
    return Reply(told[said], private=True)


def _assign(app: App, db: Connection, who: Person, one: Alert, msg: Message) -> Reply:
    _ = words(who.language)
    span = team.span(db, who)
    able = [p for p in team.people(db, app.workspace) if may(who, Action.GIVE_TODOS, about=p, span=span)]
    to = next((p for p in able if str(p.id) == answer(msg, "to")), None)
    if msg.how == "form" and to is None:
        raise FormError({"to": _("Choose somebody from the list.")})
    if to is None:
        theirs = [p for p in able if one.team_id in (p.team_id, EVERYBODY)] or able
        people = tuple(Option(str(p.id), p.name) for p in theirs[:100])
        return _form(
            who,
            one,
            "assign",
            _("Assign"),
            Field("to", _("Who looks into it?"), "one", options=people, required=True),
            Field("task", _("What is to be done?"), "line", _task(one, who), required=True, most=400),
            Field("due", _("By when?"), "date", (who.today(app.now()) + timedelta(days=3)).isoformat()),
        )
    due = _day(msg, "due", who) if answer(msg, "due") else None
    made = service.assign(db, who, one, to, answer(msg, "task"), due, app.now())
    paging.refresh(app, db, service.get(db, who, one.id))
    announce.give_todo(app, db, made, to, who)
    return Reply(_("{name} has a to-do for it.", name=escape(to.name)), private=True)


def _task(one: Alert, who: Person) -> str:
    return words(who.language)("Find out: {what}", what=voice.headline(one, who.language))


def _known(app: App, db: Connection, who: Person, one: Alert, msg: Message) -> Reply:
    """Deals that stall for a known reason are left out until a day."""
    _ = words(who.language)
    today = who.today(app.now())
    stalled = service.stalled(db, one, app.now()) if one.rule is Rule.STALLED else {}
    if msg.how != "form":
        deals = tuple(Option(key, name) for key, name in list(stalled.items())[:50])
        until = (today + timedelta(days=30)).isoformat()
        return _form(
            who,
            one,
            "known",
            _("Known reason"),
            Field("deals", _("Which deals?"), "many", options=deals, required=True),
            Field("until", _("Until when?"), "date", until, required=True),
            Field("reason", _("Why do they stand still?"), "line", required=True, most=300),
        )
    chosen = [key for key in ticks(msg, "deals") if key in stalled]
    if not chosen:
        raise FormError({"deals": _("Tick at least one.")})
    service.hush(db, who, chosen, _day(msg, "until", who), answer(msg, "reason"), app.now())
    return Reply(
        _.n("{n} deal is left out until then.", "{n} deals are left out until then.", len(chosen)), private=True
    )


_Act = Callable[[App, Connection, Person, Alert, Message], Reply]
_VERBS: Mapping[str, _Act] = {
    "show": _show,
    "ack": _acknowledge,
    "snooze": _snooze,
    "explain": _explain,
    "normal": _normal,
    "false": _false,
    "assign": _assign,
    "known": _known,
}
