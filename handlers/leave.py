"""`/leave`, and "off until Friday" said in plain words."""

from datetime import date, timedelta

from bot.app import App
from bot.db import Connection
from bot.errors import BotError, FormError
from bot.message import Button, Field, Form, Message, Option, Reply, answer
from bot.standup import planning, store
from bot.team import service
from bot.team.model import Leave, Person
from bot.team.phrases import dates_said, read_leave
from bot.team.roles import Action, may
from bot.voice import announce
from prompts import day, escape, words


def leave(app: App, who: Person, msg: Message) -> Reply:
    """Say when you are off: /leave until Friday, or /leave alone for a form"""
    today = who.today(app.now())
    if msg.how == "form":
        return _submitted(app, who, msg)
    if msg.text.startswith("cancel "):
        return _cancel(app, who, msg.text.removeprefix("cancel "))
    if msg.text:
        spell = read_leave(msg.text, today) or dates_said(msg.text, today)
        if spell is None:
            _ = words(who.language)
            raise BotError(_("I could not read those dates. Try “/leave until Friday”, or /leave alone for a form."))
        return _set(app, who, who, spell.first, spell.last, spell.part, spell.reason)
    return Reply(form=_form(app, who))


def said(app: App, who: Person, msg: Message) -> Reply | None:
    """Words without a command that speak of leave."""
    spell = read_leave(msg.text, who.today(app.now())) if len(msg.text) < 80 and not msg.about else None
    return _set(app, who, who, spell.first, spell.last, spell.part, spell.reason) if spell else None


def _form(app: App, who: Person) -> Form:
    _ = words(who.language)
    today = who.today(app.now())
    with app.db.read() as db:
        whose = [p for p in service.people(db, app.workspace) if _may_set(db, who, p)]
        ahead = service.leave_ahead(db, who, today)
    people = tuple(Option(str(p.id), p.name) for p in sorted(whose, key=lambda p: p.id != who.id))
    fields = [
        Field("first", _("First day off"), "date", today.isoformat(), required=True),
        Field("last", _("Last day off"), "date", today.isoformat(), required=True),
        Field("part", _("Whole days?"), "one", "", _parts(who.language)),
        Field("reason", _("Reason"), "line", most=200, hint=_("Only if you want to say.")),
    ]
    if len(people) > 1:
        fields.insert(0, Field("person", _("Who is off?"), "one", str(who.id), people[:100]))
    intro = ""
    if ahead:
        intro = _("Already noted: {days}", days=", ".join(_span(s, who.language) for s in ahead[:3]))
    return Form(_("Leave"), "/leave", tuple(fields), _("Save"), intro=intro)


def _parts(language: str) -> tuple[Option, ...]:
    _ = words(language)
    return Option("", _("Whole days")), Option("am", _("Mornings")), Option("pm", _("Afternoons"))


def _may_set(db: Connection, who: Person, whose: Person) -> bool:
    return who.id == whose.id or may(who, Action.SET_LEAVE, about=whose, span=service.span(db, who))


def _submitted(app: App, who: Person, msg: Message) -> Reply:
    _ = words(who.language)
    first, last = _date(answer(msg, "first")), _date(answer(msg, "last"))
    if first is None or last is None:
        raise FormError({"first" if first is None else "last": _("Give a date.")})
    if last < first:
        raise FormError({"last": _("The last day is before the first.")})
    with app.db.read() as db:
        chosen = answer(msg, "person")
        whose = service.person(db, app.workspace, int(chosen)) if chosen.isdecimal() and len(chosen) < 18 else who
        if whose is None or not _may_set(db, who, whose):
            raise BotError(_("You can set leave for yourself only."))
    part = answer(msg, "part")
    return _set(app, who, whose, first, last, part if part in ("am", "pm") else "", answer(msg, "reason"))


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _set(app: App, who: Person, whose: Person, first: date, last: date, part: str, reason: str = "") -> Reply:
    _ = words(who.language)
    now = app.now()
    if last < whose.today(now) - timedelta(days=7):
        raise BotError(_("Those days are over."))
    with app.db.begin() as db:
        try:
            spell = service.set_leave(db, whose, first, last, part, reason)
        except ValueError as fault:
            raise BotError(_("Leave is at most three years long, and its last day is not before its first.")) from fault
        _replan(app, db, whose)
    span = _span(spell, who.language)
    text = (
        _("Noted: you are off {days}. Nobody will ask you then.", days=span)
        if whose.id == who.id
        else _("Noted: {name} is off {days}.", name=escape(whose.name), days=span)
    )
    undo = Button(_("Cancel this leave"), f"/leave cancel {whose.id} {first.isoformat()} {last.isoformat()}")
    return Reply(text, (undo,))


def _cancel(app: App, who: Person, rest: str) -> Reply:
    _ = words(who.language)
    parts = rest.split()
    first, last = (_date(parts[1]), _date(parts[2])) if len(parts) == 3 else (None, None)
    with app.db.begin() as db:
        known = first is not None and last is not None and parts[0].isdecimal()
        whose = service.person(db, app.workspace, int(parts[0])) if known else None
        if whose is None or first is None or last is None or not _may_set(db, who, whose):
            raise BotError(_("There is no such leave to cancel."))
        service.cancel_leave(db, whose, first, last)
        _replan(app, db, whose)
    return Reply(_("Cancelled."))


def _replan(app: App, db: Connection, whose: Person) -> None:
    planning.replan(db, app.workspace, [whose.team_id], app.now())
    for run in store.unsummed_runs(db, app.workspace, [whose.team_id]):
        announce.refresh(app, db, run.id)


def _span(spell: Leave, language: str) -> str:
    _ = words(language)
    first, last = day(spell.first, language), day(spell.last, language)
    days = first if spell.first == spell.last else _("{first} to {last}", first=first, last=last)
    part = {"am": _("mornings"), "pm": _("afternoons")}.get(spell.part, "")
    return f"{days} ({part})" if part else days
