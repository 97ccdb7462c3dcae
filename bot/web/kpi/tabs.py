"""What the pages about numbers share: who may see them, the tabs, addresses."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from bot.app import App
from bot.chat.web import model as chats
from bot.db import Connection
from bot.kpi.alerts import service as alerts
from bot.team.model import Person
from bot.team.roles import Action, may
from bot.web.pages import Forbidden
from bot.web.say import fresh, notice
from prompts import day, long_day, words


def allowed(who: Person) -> None:
    """Raises `Forbidden` for those who see no deals."""
    if not may(who, Action.READ_DEALS):
        _ = words(who.language)
        raise Forbidden(_("Numbers and deals are for reps, their managers and admins. Ask an admin if you need them."))


def address(path: str, **asked: str) -> str:
    """A page of ours, with what is asked of it."""
    told = {name: value for name, value in asked.items() if value}
    return f"{path}?{urlencode(told)}" if told else path


def dated(when: date | datetime, who: Person, now: datetime) -> str:
    """A day as `who` has it, with its year unless that is this one."""
    on = who.local(when).date() if isinstance(when, datetime) else when
    return (day if on.year == who.today(now).year else long_day)(on, who.language)


def shared(app: App, db: Connection, who: Person, here: str, asked: Mapping[str, str]) -> dict[str, Any]:
    """The words and numbers that every page about numbers needs. `here`: which of the tabs it is, "" for none."""
    acts, data = may(who, Action.ACT_ON_ALERTS), may(who, Action.READ_DATA)
    return {
        "here": here,
        "tabs": acts or data,
        "acts": acts,
        "sees_data": data,
        "alerts_open": len(alerts.seen(db, who)) if acts else 0,
        "notice_html": notice(app, db, who, asked),
        "chat": f"/chat/{chats.with_bot(who.id).id}",
        "fresh": fresh,
        "dated": lambda when: dated(when, who, app.now()),
    }
