"""`/digest`: what somebody is told of the numbers and when, a form to change it, and a digest at once."""

from dataclasses import replace
from datetime import time

from bot.app import App
from bot.db import Connection
from bot.errors import BotError, FormError
from bot.kpi.digest import service
from bot.kpi.digest.model import Daily, Kind, Wish
from bot.message import Message, Reply, answer, ticks
from bot.team.model import Person
from bot.voice import digest as voice
from bot.voice import wishes
from prompts import words

_AT_ONCE = {"now": Kind.WEEKLY, "week": Kind.WEEKLY, "day": Kind.DAILY, "month": Kind.MONTHLY}


def digest(app: App, who: Person, msg: Message) -> Reply:
    """What you are told of the numbers, and when"""
    _ = words(who.language)
    if not service.gets(who):
        raise BotError(_("Digests are about deals: for reps, and for those who lead them."))
    if msg.text == "change" and msg.how == "form":
        return _changed(app, who, msg)
    with app.db.read() as db:
        wish = service.wish_of(db, who)
        if msg.text in _AT_ONCE:
            return _now(app, db, who, wish, _AT_ONCE[msg.text])
    if msg.text == "change":
        return Reply(form=wishes.form(wish, who.language))
    return wishes.settings(wish, who.language)


def _now(app: App, db: Connection, who: Person, wish: Wish, kind: Kind) -> Reply:
    desk = service.Desk(db, app.workspace, app.now(), app.settings.timezone)
    if not desk.heard:
        raise BotError(words(who.language)("There are no deals here yet. An admin imports them: paceline import crm"))
    return voice.digest(desk.at_once(who, kind, wish), service.keeper(db, who), who.language)


def _changed(app: App, who: Person, msg: Message) -> Reply:
    _ = words(who.language)
    with app.db.begin() as db:
        wish = _filled(service.wish_of(db, who), msg, who.language)
        service.set_wish(db, who, wish, app.now())
    return wishes.settings(wish, who.language)


def _filled(wish: Wish, msg: Message, language: str) -> Wish:
    """The wish as the form says."""
    kinds, weekday = ticks(msg, "kinds"), answer(msg, "weekday")
    try:
        at = time.fromisoformat(answer(msg, "at")).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError as fault:
        raise FormError({"at": words(language)("Give a time such as 09:30.")}) from fault
    return replace(
        wish,
        daily=Daily(answer(msg, "daily")) if answer(msg, "daily") in list(Daily) else wish.daily,
        weekly="weekly" in kinds,
        monthly="monthly" in kinds,
        at=at,
        weekday=int(weekday) if weekday in tuple("0123456") and weekday else wish.weekday,
        measures=tuple(name for name in ticks(msg, "measures") if name in service.CHOICES),
    )
