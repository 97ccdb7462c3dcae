"""Writes the slots of a date shortly before its first prompt, and anew when somebody's hours or leave change."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.db import Connection
from bot.standup import model, plan, store
from bot.standup.model import DEFAULT_QUESTIONS, Question, Slot, State
from bot.standup.plan import Planned
from bot.team import store as teams
from bot.team.days import WorkingDays
from bot.team.model import Leave, Person, Team

LEAD = timedelta(minutes=60)  # slots are written this long before the first prompt of their date
BATCH = 50  # teams in one transaction


@dataclass(frozen=True, slots=True)
class Roster:
    """What planning needs to know of some teams."""

    teams: Mapping[int, Team]
    people: Mapping[int, Sequence[Person]]  # by team, only those who are asked
    leave: Mapping[int, Sequence[Leave]]
    days: WorkingDays


def working_days(db: Connection, workspace: int) -> WorkingDays:
    """Working days as this workspace has them, its overrides included."""
    return WorkingDays(teams.overrides(db, workspace))


def read_roster(db: Connection, workspace: int, team_ids: Iterable[int]) -> Roster:
    wanted = set(team_ids)
    found = teams.teams(db, workspace, wanted)
    people = [p for p in teams.people(db, workspace, team_ids=list(wanted)) if p.asked]
    by_team: dict[int, list[Person]] = defaultdict(list)
    for person in people:
        by_team[person.team_id].append(person)
    leave = teams.leave_of(db, workspace, team_ids=list(wanted))
    return Roster({t.id: t for t in found}, by_team, leave, working_days(db, workspace))


def plan_due(db: Connection, workspace: int, now: datetime) -> list[int]:
    """Plan the next date of every team whose time for that has come, at most `BATCH`; their ids."""
    due = store.due_agenda(db, workspace, now, BATCH)
    if not due:
        return []
    roster = read_roster(db, workspace, [row.team_id for row in due])
    oldest = (now - timedelta(days=1)).date()  # dates that passed while the bot was down are not made up for
    days = {row.team_id: max(row.day, oldest) for row in due if row.team_id in roster.teams}
    since = {row.team_id: row.since for row in due}
    planned = {team_id: _plan(roster, team_id, day, since[team_id]) for team_id, day in days.items()}
    _write(db, workspace, roster, days, planned)
    store.save_agenda(
        db,
        [_agenda(roster, workspace, team_id, day + timedelta(days=1), since[team_id]) for team_id, day in days.items()],
    )
    return list(days)


def _plan(roster: Roster, team_id: int, day: date, since: datetime) -> list[Planned]:
    at = roster.teams[team_id].standup_at
    if not roster.teams[team_id].standup_on:
        return []
    plans = [
        plan.plan_person(person, day, at, roster.leave.get(person.id, ()), roster.days.day_off)
        for person in roster.people.get(team_id, ())
    ]
    return [p for p in plans if p.due >= since and not (p.off and p.off.why == "weekend")]


def _agenda(roster: Roster, workspace: int, team_id: int, day: date, since: datetime) -> dict[str, Any]:
    people = roster.people.get(team_id, ())
    first = plan.earliest(people, day, roster.teams[team_id].standup_at) if people else None
    at = first - LEAD if first else plan.instant("UTC", day, roster.teams[team_id].standup_at)
    return {"team_id": team_id, "workspace_id": workspace, "day": day, "at": at, "since": since}


def _write(
    db: Connection,
    workspace: int,
    roster: Roster,
    days: Mapping[int, date],
    planned: Mapping[int, Sequence[Planned]],
) -> None:
    """Keep the plans as runs, offices and slots; a date on which nobody is asked gets none."""
    held = {team_id: plans for team_id, plans in planned.items() if any(p.off is None for p in plans)}
    if not held:
        return
    own = store.questions(db, workspace, list(held))
    asked = {team_id: own.get(team_id, DEFAULT_QUESTIONS) for team_id in held}
    run_ids = store.open_runs(db, workspace, {team_id: days[team_id] for team_id in held}, asked)
    slots: list[dict[str, Any]] = []
    offices: list[dict[str, Any]] = []
    for team_id, plans in held.items():
        window = roster.teams[team_id].window
        closes = [p.due + timedelta(minutes=window) for p in plans]
        numbers = model.offices(closes)
        slots += [
            slot_row(workspace, run_ids[team_id], p, window, number) for p, number in zip(plans, numbers, strict=True)
        ]
        last: dict[int, datetime] = {}
        for close, number in zip(closes, numbers, strict=True):
            last[number] = max(close, last.get(number, close))
        offices += [
            {"workspace_id": workspace, "run_id": run_ids[team_id], "office": number, "due": close}
            for number, close in last.items()
        ]
    store.add_offices(db, offices)
    store.add_slots(db, slots)


def slot_row(workspace: int, run_id: int, planned: Planned, window: int, office: int) -> dict[str, Any]:
    off = planned.off
    state = State.PLANNED if off is None else State.UNREACHABLE if off.why == "unreachable" else State.OFF
    return {
        "workspace_id": workspace,
        "run_id": run_id,
        "team_id": planned.person.team_id,
        "person_id": planned.person.id,
        "day": planned.day,
        "office": office,
        "first_due": planned.due,
        "due": planned.due,
        "window": window,
        "state": state,
        "why": off.why if off else "",
        "detail": off.detail if off else "",
        "late": False,
        "snoozes": 0,
    }


def replan(db: Connection, workspace: int, team_ids: Iterable[int], now: datetime) -> None:
    """Bring what is planned for these teams in line with their people, hours and leave as they are now.

    Whoever was asked already stays so. Nobody is asked for a time that has passed.
    """
    wanted = list(team_ids)
    roster = read_roster(db, workspace, wanted)
    going_on = store.unsummed_runs(db, workspace, wanted)
    store.drop_waiting(db, workspace, wanted)
    planned_ahead = store.agenda_of(db, wanted)
    for run in going_on:
        plans = _plan(roster, run.team_id, run.day, now)
        _write(db, workspace, roster, {run.team_id: run.day}, {run.team_id: plans})
    fresh = []
    for team_id, team in roster.teams.items():
        if not team.standup_on:
            store.drop_agenda(db, team_id)
            continue
        row = planned_ahead.get(team_id)
        day = row.day if row else (now - timedelta(days=1)).date()
        since = row.since if row else now
        fresh.append(_agenda(roster, workspace, team_id, day, since))
    store.save_agenda(db, fresh)


def plan_now(db: Connection, who: Person, team: Team, now: datetime) -> Slot | None:
    """The slot of today for someone who would not wait for it: their team's date is planned if it is not yet.

    On a day off they get a slot of their own all the same. None when the standup is not theirs to answer.
    """
    day = who.today(now)
    found = store.slot_on(db, who.workspace_id, who.id, day)
    if found or not who.asked:
        return found
    roster = read_roster(db, who.workspace_id, [team.id])
    own = store.questions(db, who.workspace_id, [team.id]).get(team.id, DEFAULT_QUESTIONS)
    if store.run_of(db, who.workspace_id, team.id, day) is None:
        since = now - model.STALE_AFTER
        _write(db, who.workspace_id, roster, {team.id: day}, {team.id: _plan(roster, team.id, day, since)})
    run_id = store.open_runs(db, who.workspace_id, {team.id: day}, {team.id: own})[team.id]
    _join(db, who, team, run_id, day)
    return store.slot_on(db, who.workspace_id, who.id, day)


def _join(db: Connection, who: Person, team: Team, run_id: int, day: date) -> None:
    """A slot for someone whom the plan left out: it is their day off, or their hour has long passed."""
    due = plan.instant(who.zone, day, who.standup_at or team.standup_at)
    row = slot_row(who.workspace_id, run_id, Planned(who, day, due, None), team.window, 0)
    store.add_slots(db, [row | {"state": State.OFF, "why": "unplanned"}])


def call(db: Connection, team: Team, day: date, now: datetime) -> int | None:
    """Open the standup of a team at once, by hand: everybody due now, whatever their hours. The run's id, None when
    nobody on the team is asked."""
    roster = read_roster(db, team.workspace_id, [team.id])
    plans = [Planned(person, day, now, None) for person in roster.people.get(team.id, ())]
    store.drop_waiting(db, team.workspace_id, [team.id])
    _write(db, team.workspace_id, roster, {team.id: day}, {team.id: plans})
    run = store.run_of(db, team.workspace_id, team.id, day)
    return run.id if run else None


def questions_for(db: Connection, team: Team) -> tuple[Question, ...]:
    """What a team is asked from the next planned date on."""
    return store.questions(db, team.workspace_id, [team.id]).get(team.id, DEFAULT_QUESTIONS)


def past_workday(today: date, back: int) -> date:
    """The date `back` weekdays, Monday to Friday, before today."""
    day = today
    while back:
        day -= timedelta(days=1)
        back -= day.weekday() < 5
    return day
