"""`paceline demo`: a living company on a throw-away database. Its people answer as real ones do, through the inbox."""

import shutil
import sys
import tempfile
import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot import demo_company as company
from bot.demo_company import Colleague
from bot.message import Message, Place

if TYPE_CHECKING:
    from bot.db import Connection, Database
    from bot.serve import Bot
    from bot.settings import Settings
    from bot.team.model import Person

Wire = Callable[["Settings", "Database"], "Bot"]
DAYS = 4  # of history


def run(port: int, wire: Wire) -> int:
    """Serve the demo until Ctrl-C; nothing of it is left afterwards."""
    from bot import logs
    from bot.cli import tables  # noqa: F401 - declares every table
    from bot.db import Database
    from bot.serve import run as serve
    from bot.settings import read_settings

    logs.start("error")
    home = Path(tempfile.mkdtemp(prefix="paceline-demo-"))
    try:
        settings = read_settings({"PACELINE_HOME": str(home), "PACELINE_PORT": str(_free(port))})
        db = Database(settings.db_url)
        db.migrate()
        bot = wire(settings, db)
        stop = threading.Event()
        serve(bot, lambda _port: _open(bot, stop))
        stop.set()
        db.close()
    finally:
        shutil.rmtree(home, ignore_errors=True)
        print("\nThe demo is over; nothing of it is kept.", file=sys.stderr)
    return 0


def _free(port: int) -> int:
    """The port, or one that is free when it is taken."""
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _open(bot: "Bot", stop: threading.Event) -> None:
    """Fill the company, open today's standup, print the links, and let the colleagues answer."""
    from bot.library import service as library
    from bot.standup import planning
    from bot.team import service as team
    from bot.web import store as web

    app = bot.app
    now = app.now()
    with app.db.begin() as db:
        done = team.import_roster(db, app.workspace, company.ROSTER.encode(), now)
        assert not done.faults, done.faults
        library.import_starter(db, app.workspace, now)
        people = {p.key: p for p in team.people(db, app.workspace)}
        for back in range(DAYS, 0, -1):
            _remember(db, people, now, back)
        you, manager = people[company.YOU], people[company.MANAGER]
        for each in team.teams(db, app.workspace):
            team.set_team(db, replace(each, standup_on=False))  # only the standup of this visit
            planning.call(db, each, you.today(now), now)
        links = [web.new_link(db, you, now), web.new_link(db, manager, now)]
    _trade(bot, now)
    _call(bot, people, now)
    base = f"http://127.0.0.1:{app.settings.port}"
    here = f"http://localhost:{app.settings.port}"  # another host, so that both fit into one browser
    print(
        f"\nPaceline demo: 14 people in Shanghai, Bengaluru, Berlin and New York. A standup has just opened.\n\n"
        f"  You are {you.name}, a rep:          {base}{links[0]}\n"
        f"  See it as {manager.name}, the manager:  {here}{links[1]}\n\n"
        f"Your colleagues answer over the next minute. Ctrl-C ends the demo.\n",
        flush=True,
    )
    threading.Thread(target=_answer, args=(bot, people, stop), daemon=True).start()


def _trade(bot: "Bot", now: datetime) -> None:
    """Import the company's CRM, as any company does it."""
    from bot.crm import service as crm
    from bot.demo_deals.folder import write

    app, folder = bot.app, bot.app.settings.home / "crm"
    write(company.crm(now), folder)
    done = crm.import_folder(app.db, app.workspace, folder, now, zone=app.settings.timezone)
    assert not done.faults, done.faults


def _call(bot: "Bot", people: "dict[str, Person]", now: datetime) -> None:
    """The calls that were had: their minutes are with the team, or wait for whoever sent them."""
    from bot.demo_calls import CALLS
    from bot.minutes import offline
    from bot.minutes.calls import posting
    from bot.minutes.calls import service as calls
    from bot.minutes.examples import service as examples
    from bot.team import service as team
    from bot.todos import service as todos
    from bot.todos.model import State
    from bot.voice import drafts

    for n, each in enumerate(CALLS):
        at, who = now - timedelta(days=each.days, minutes=20), people[each.key]
        text = f"Date: {who.today(at).isoformat()}\n\n{each.text}"
        with bot.app.db.begin() as db:
            one = calls.take(db, who, text.encode(), each.name, at, key=f"demo:{n}")
            made = offline.minutes(calls.transcript(db, one), one.on, calls.names(db, one))
            one = calls.found(db, one, made, at)
            place = team.place_of(db, who)
            if place:
                bot.app.say(db, place, drafts.message(bot.app, db, one, who), drafts.key(one))
            if each.posted:
                to, where = posting.places(db, who)[0]
                done = posting.post(db, who, one.id, to, at)
                drafts.post(bot.app, db, who, done.call, to, where)
                drafts.refresh(bot.app, db, done.call, who)
                for todo, owner in done.given:
                    if todo.overdue(owner.today(now)):  # nobody here is late
                        todos.finish(db, owner, todo, State.DONE, at + timedelta(days=1))
            if each.lesson:
                examples.ask(db, who, done.call, at, lesson=each.lesson)
                examples.publish(db, who, one.id, at)


def _remember(db: "Connection", people: "dict[str, Person]", now: datetime, back: int) -> None:
    """One past standup, as it would have been kept."""
    from bot.standup import planning, service, store
    from bot.standup.model import State
    from bot.team import service as team

    for each in team.teams(db, 1):
        day = planning.past_workday(people[company.YOU].today(now), back)
        at = now - (people[company.YOU].today(now) - day)
        run_id = planning.call(db, each, day, at)
        if run_id is None:
            continue
        for slot in store.slots_of_run(db, run_id):
            who = next(p for p in people.values() if p.id == slot.person_id)
            lines = company.HISTORY.get(who.key, ())
            if len(lines) < back:
                store.save_slots(db, [slot.id], state=State.MISSED, close_at=at + timedelta(minutes=10))
                continue
            answers, said = company.answers(lines[-back])
            service.answer(db, who, slot, answers, said, at + timedelta(minutes=3))
        store.mark_opened(db, [run_id], at)
        for office in {s.office for s in store.slots_of_run(db, run_id)}:
            store.set_office(db, run_id, office, None)


def _answer(bot: "Bot", people: "dict[str, Person]", stop: threading.Event) -> None:
    """Each colleague says their standup after a while, as a message like any other."""
    waited = 0.0
    for colleague in sorted(company.TODAY, key=lambda c: c.after):
        if stop.wait(colleague.after - waited):
            return
        waited = colleague.after
        _say(bot, people[colleague.key], colleague)


def _say(bot: "Bot", who: "Person", colleague: Colleague) -> None:
    place = Place("web", f"bot-{who.id}")
    message = Message(f"demo-{uuid.uuid4().hex}", who.id, place, colleague.says, bot.app.now())
    bot.inbox.take(message)
