"""Keeps what was shown in line with what is true: boards, summaries, managers' notes, blockers' cards.

Handlers and jobs call these after they changed something, inside the same transaction.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.app import App
from bot.blockers import model as blocker_model
from bot.blockers.model import Blocker
from bot.crm import service as crm
from bot.crm.risk import Standing
from bot.db import Connection
from bot.message import Place
from bot.outbox.model import Say
from bot.standup import board, service, store
from bot.standup.model import Board, Items, Slot, State
from bot.standup.service import Ask
from bot.team import chain
from bot.team import store as teams
from bot.team.model import Person, Team
from bot.todos import service as todos
from bot.todos.model import Todo
from bot.voice import blockers as blocker_words
from bot.voice import crm as crm_words
from bot.voice import standup as words
from bot.voice import todos as todo_words


def at(place: Place) -> str:
    """A place as part of a key."""
    return f"{place.platform}/{place.chat}"


def board_key(run_id: int, place: Place) -> str:
    return f"standup-board:{run_id}:{at(place)}"


def show_boards(app: App, db: Connection, run_ids: Iterable[int]) -> None:
    """Post the board of each run to its team's channels, once."""
    opened = store.mark_opened(db, list(run_ids), app.now())
    if not opened:
        return
    views = board.boards(db, app.workspace, opened)
    ids = [view.run.team_id for view in views]
    places = teams.places_of_teams(db, app.workspace, ids)
    speaks = {team.id: team.language for team in teams.teams(db, app.workspace, ids)}
    says = [
        Say(place, words.board(view, speaks[view.run.team_id]), board_key(view.run.id, place))
        for view in views
        for place in places.get(view.run.team_id, ())
    ]
    app.say_all(db, says)


def refresh(app: App, db: Connection, run_id: int) -> None:
    """Bring the board of a run, and the summaries that are out, up to date."""
    view = board.board(db, app.workspace, run_id)
    team, places = _team(app, db, view)
    for place in places:
        app.edit(db, board_key(run_id, place), words.board(view, team.language))
    for office in store.summed_offices(db, run_id):
        sum_up(app, db, run_id, office)


def sum_up(app: App, db: Connection, run_id: int, office: int) -> None:
    """Say how an office's standup went, in the channel and to the managers; said before, it is brought up to date."""
    view = board.board(db, app.workspace, run_id, office)
    team, places = _team(app, db, view)
    slots = store.slots_of_run(db, run_id, office)
    people = {p.id: p for p in teams.people(db, app.workspace, ids=[s.person_id for s in slots], active=None)}
    for place in places if view.counted or view.skipped else ():
        reply = words.summary(view, team.language, office=_city(db, run_id, people.values()))
        key = f"standup-summary:{run_id}:{office}:{at(place)}"
        app.say(db, place, reply, key) or app.edit(db, key, reply)
    _tell_managers(app, db, view, office, people)


def _team(app: App, db: Connection, view: Board) -> tuple[Team, list[Place]]:
    team = teams.team_by_id(db, app.workspace, view.run.team_id)
    assert team is not None  # a run keeps its team by a foreign key
    return team, teams.places_of_team(db, app.workspace, team.id)


def _city(db: Connection, run_id: int, people: Iterable[Person]) -> str:
    """Where an office sits, by the zones of its people; "" when the run has but one office."""
    if len({s.office for s in store.slots_of_run(db, run_id)}) < 2:
        return ""
    cities = Counter(p.zone.rsplit("/", 1)[-1].replace("_", " ") for p in people)
    return ", ".join(city for city, _count in cities.most_common(3))


def _tell_managers(app: App, db: Connection, view: Board, office: int, people: dict[int, Person]) -> None:
    charge = chain.in_charge(db, app.workspace, people.values())
    managers = {m.id: m for above in charge.values() for m in above}
    places = teams.places_of_people(db, app.workspace, list(managers))
    names = {p.id: p.name for p in people.values()}
    for manager in managers.values():

        def theirs(slots: Sequence[Slot], manager: Person = manager) -> tuple[Slot, ...]:
            return tuple(s for s in slots if manager in charge[s.person_id])

        mine = replace(view, missed=theirs(view.missed), stale=theirs(view.stale))
        again = any(store.nudged_by_hand(db, s.id) for s in (*mine.missed, *mine.stale))
        reply = words.for_manager(mine, names, manager.language, office, again=again)
        key = f"standup-manager:{view.run.id}:{office}:{manager.id}"
        place = places.get(manager.id)
        if place:
            app.say(db, place, reply, key) or app.edit(db, key, reply)


def tell_answer(app: App, db: Connection, ask: Ask, answers: Mapping[str, Items], named: Sequence[Blocker]) -> None:
    """Show one person's answer in the thread under the board, or bring it up to date there."""
    slot = ask.slot
    if slot.state is not State.ANSWERED:
        return
    team = teams.team_by_id(db, app.workspace, slot.team_id)
    for place in teams.places_of_team(db, app.workspace, slot.team_id):
        reply = words.told(ask, answers, named, slot.late, team.language if team else app.settings.language)
        key = f"standup-answer:{slot.id}:{at(place)}"
        app.say(db, place, reply, key, under=board_key(slot.run_id, place)) or app.edit(db, key, reply)


# blockers


def raise_blockers(app: App, db: Connection, who: Person, opened: Sequence[Blocker]) -> None:
    """Put new blockers to whoever answers for the one who raised them."""
    above = chain.in_charge(db, app.workspace, [who])[who.id] if opened else ()
    for one in opened:
        for manager in above:
            show_card(app, db, one, manager)


def show_card(app: App, db: Connection, one: Blocker, reader: Person, *, decide: bool = False) -> None:
    """Give somebody the card of a blocker, or bring the one they have up to date."""
    place = teams.places_of_people(db, app.workspace, [reader.id]).get(reader.id)
    reply = blocker_words.card(one, _names(app, db, one), age_of(app, db, one), reader.language, decide=decide)
    key = f"blocker-decide:{one.id}:{one.moved}:{reader.id}" if decide else f"blocker:{one.id}:{reader.id}"
    if place:
        app.say(db, place, reply, key) or app.edit(db, key, reply)


def refresh_blocker(app: App, db: Connection, one: Blocker, before: Blocker) -> None:
    """Bring every card of a blocker up to date, and the board of its team."""
    refresh_cards(app, db, one, before)
    run = store.newest_run(db, app.workspace, one.team_id)
    if run:
        refresh(app, db, run.id)


def refresh_cards(app: App, db: Connection, one: Blocker, before: Blocker) -> None:
    """Bring every card of a blocker up to date."""
    raiser = teams.person_by_id(db, app.workspace, one.raised_by)
    readers = {p.id: p for p in teams.people(db, app.workspace, ids=[i for i in (one.owner_id, before.owner_id) if i])}
    if raiser:
        readers |= {p.id: p for p in chain.in_charge(db, app.workspace, [raiser])[raiser.id]}
    names, age = _names(app, db, one), age_of(app, db, one)
    for reader in readers.values():
        reply = blocker_words.card(one, names, age, reader.language)
        app.edit(db, f"blocker:{one.id}:{reader.id}", reply)
        app.edit(db, f"blocker-decide:{one.id}:{before.moved}:{reader.id}", reply)


def _names(app: App, db: Connection, one: Blocker) -> dict[int, str]:
    ids = [i for i in (one.raised_by, one.owner_id) if i]
    return {p.id: p.name for p in teams.people(db, app.workspace, ids=ids, active=None)}


def age_of(app: App, db: Connection, one: Blocker) -> int:
    """Its age today in working days of whoever raised it."""
    raiser = teams.person_by_id(db, app.workspace, one.raised_by)
    if raiser is None:
        return 1
    return blocker_model.age(one, raiser.today(app.now()), service.works_on(db, raiser))


def give_todo(app: App, db: Connection, one: Todo, owner: Person, by: Person) -> None:
    """Let somebody know that a to-do is theirs now."""
    place = teams.places_of_people(db, app.workspace, [owner.id]).get(owner.id)
    if place and owner.id != by.id:
        names = {p.id: p.name for p in teams.people(db, app.workspace, active=None)}
        deals = crm.customers_of(db, owner, {one.deal} - {""}, app.now())
        reply = todo_words.card(one, names, deals, owner, owner.today(app.now()), kind="given", by=by.name)
        app.say(db, place, reply, f"todo-given:{one.id}-{len(todos.history(db, one))}:{owner.id}")


# deals


def tell_deal(app: App, db: Connection, by: Person, before: Standing, after: Standing) -> None:
    """Let a deal's owner know, the old and the new, what somebody else changed."""
    last = crm.last_change(db, app.workspace, after.deal.key)
    names = {one.key: one.name for one in teams.people(db, app.workspace, active=None)}
    for key in {before.deal.owner, after.deal.owner} - {by.key}:
        owner = next(iter(teams.people(db, app.workspace, keys=[key])), None)
        place = teams.places_of_people(db, app.workspace, [owner.id]).get(owner.id) if owner else None
        if owner and place and last:
            reply = crm_words.told(last, after, crm.stages(db, app.workspace), names, owner)
            app.say(db, place, reply, f"deal-changed:{last.id}:{owner.id}")
