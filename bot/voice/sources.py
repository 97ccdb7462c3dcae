"""What admins read about the sources of the CRM picture."""

from datetime import timedelta

from bot.crm.runs.store import Run
from bot.message import Reply
from bot.team.model import Person
from prompts import clock, day, escape, words


def failing(run: Run, admin: Person, again: timedelta) -> Reply:
    """The CRM's database could not be taken in."""
    _, every = words(admin.language), int(again.total_seconds() // 60)
    said = _("The CRM's database could not be taken in: {why}", why=escape(run.why))
    tried = _.n("It is tried again every minute.", "It is tried again every {n} minutes.", every)
    if run.ended is None:
        return Reply(f"{said}\n\n{tried}")
    at = admin.local(run.ended)
    when = {"day": day(at.date(), admin.language), "time": clock(at)}
    return Reply(f"{said}\n\n{tried} " + _("Until then all numbers are those of {day}, {time}.", **when))
