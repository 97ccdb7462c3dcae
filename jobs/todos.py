"""To-dos by the clock: a reminder before one is due, one nudge after, and the manager's list once a week."""

from datetime import datetime, time

from bot.app import App
from bot.crm import service as crm
from bot.db import Connection
from bot.team import service as team
from bot.team.model import Person, Role
from bot.todos import service, store
from bot.voice import todos as voice

MORNING = time(9, 0)


def remind(app: App) -> None:
    """Tell people of what is due."""
    now = app.now()
    with app.db.read() as look:
        if not store.to_remind(look, app.workspace, now, 1):
            return
    with app.db.begin() as db:
        names = {p.id: p.name for p in team.people(db, app.workspace, active=None)}
        for one, owner, kind in service.due_reminders(db, app.workspace, now):
            place = team.place_of(db, owner)
            if place:
                deals = crm.customers_of(db, owner, {one.deal} - {""}, now)
                reply = voice.card(one, names, deals, owner, owner.today(now), kind=kind.value)
                app.say(db, place, reply, f"todo-{kind.value}:{one.id}-{one.due}:{owner.id}")


def weekly(app: App) -> None:
    """Tell whoever leads people what of theirs is late, on the first working morning of the week."""
    now = app.now()
    with app.db.read() as look:
        if not store.todos(look, app.workspace, due_before=now.date()):
            return
        heads = team.people(look, app.workspace, roles=(Role.MANAGER,))
        due = [head for head in heads if _first_morning(look, head, now)]
    for head in due:
        _tell(app, head)


def _first_morning(look: Connection, head: Person, now: datetime) -> bool:
    here, works = head.local(now), service.works_on(look, head, now)
    monday = here.date().toordinal() - here.weekday()
    earlier = (here.date().fromordinal(n) for n in range(monday, here.date().toordinal()))
    return here.time() >= MORNING and works(here.date()) and not any(map(works, earlier))


def _tell(app: App, head: Person) -> None:
    now = app.now()
    with app.db.begin() as db:
        found, place = service.overdue_of(db, head, now), team.place_of(db, head)
        if found and place:
            names = {p.id: p.name for p in team.people(db, app.workspace, active=None)}
            year, week, _day = head.today(now).isocalendar()
            reply = voice.overdue(found, names, head, head.today(now))
            app.say(db, place, reply, f"todos-overdue:{year}-W{week:02}:{head.id}")
