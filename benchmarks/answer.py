"""A submitted form to the edited board row, in a team of 20 of whom all answer."""

import statistics
from datetime import UTC, datetime

from benchmarks.company import company, timed
from bot.message import Message, Place
from bot.standup import store
from bot.team import service as team
from handlers import FREE, MENU
from handlers.route import route
from jobs import standup


def main() -> None:
    with company(20, 1) as (app, clock):
        clock.now = datetime(2026, 6, 11, 7, 30, tzinfo=UTC)
        standup.plan(app)
        standup.ask(app)
        with app.db.read() as db:
            people = team.people(db, 1)
            slots = {s.person_id: s.id for s in store.slots_of_run(db, 1)}
        times = []
        for who in people:
            answers = {
                "done": "met Acme\nsent the quote",
                "next": "demo",
                "blocker.kind": "price",
                "blocker": "too dear",
            }
            place = Place("web", f"bot-{who.id}")
            said = f"/standup submit {slots[who.id]}"
            message = Message(f"m{who.id}", who.id, place, said, clock(), "form", answers)
            times.append(timed(lambda message=message: route(app, MENU, FREE, message)))
    print(f"answer: form to edited board {statistics.median(times) * 1000:.1f} ms CPU (target 20 ms)")
