"""Puts together what people see of a standup: the day's board, a person's history, why a slot went as it did."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import cached_property

from bot.blockers import model as blocker_model
from bot.blockers import service as blockers
from bot.blockers.model import Blocker
from bot.db import Connection
from bot.standup import model, plan, planning, store
from bot.standup.deals import store as deal_store
from bot.standup.model import Answered, Board, Items, QuestionRole, Row, Run, Slot, State
from bot.team import store as teams
from bot.team.days import WorkingDays
from bot.team.model import Person


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to a slot."""

    at: datetime
    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class Why:
    """Why someone was, or was not, asked on a date. `off` says it when no slot was ever written."""

    person: Person
    day: date
    slot: Slot | None
    events: tuple[Happened, ...]
    off: str = ""
    detail: str = ""
    gazetted: bool = True


def board(db: Connection, workspace: int, run_id: int, office: int | None = None) -> Board:
    """The board of a run as it stands, or of one office of it. Ages of blockers are counted to the run's date."""
    return boards(db, workspace, [run_id], office)[0]


def boards(db: Connection, workspace: int, run_ids: Sequence[int], office: int | None = None) -> list[Board]:
    """The boards of several runs, each read from the database once for all of them."""
    runs = store.runs(db, workspace, run_ids)
    slots = [s for s in store.slots_of_runs(db, run_ids) if office is None or s.office == office]
    names = {t.id: t.name for t in teams.teams(db, workspace, {run.team_id for run in runs.values()})}
    heard = [s for s in slots if s.state is State.ANSWERED]  # a board that just opened asks for nothing more
    ids = [s.person_id for s in heard]
    people = {p.id: p for p in teams.people(db, workspace, ids=ids, active=None)} if heard else {}
    answers = store.answers_of(db, [s.id for s in heard]) if heard else {}
    spoken = deal_store.in_slots(db, [s.id for s in heard]) if heard else {}
    standing: dict[int, list[Blocker]] = {}
    for one in blockers.live(db, workspace, team_ids=[run.team_id for run in runs.values()]):
        standing.setdefault(one.team_id, []).append(one)
    stages = blockers.stages(db, workspace) if standing else ()
    by_run: dict[int, list[Slot]] = {}
    for slot in slots:
        by_run.setdefault(slot.run_id, []).append(slot)
    found = []
    for run_id in run_ids:
        run = runs[run_id]
        age = Ages(db, workspace, people, run.day)
        open_ones = standing.get(run.team_id, [])
        mine = by_run.get(run_id, [])
        rows = tuple(
            replace(
                _row(run, s, people[s.person_id], answers.get(s.id, {}), open_ones, age), deals=spoken.get(s.id, ())
            )
            for s in mine
            if s.state is State.ANSWERED
        )
        tally = tuple(blockers.by_stage(open_ones, age.of, stages))
        found.append(_board(run, names.get(run.team_id, ""), mine, rows, open_ones, tally))
    return found


def _board(
    run: Run,
    team: str,
    slots: Sequence[Slot],
    rows: tuple[Row, ...],
    standing: Sequence[Blocker],
    stages: tuple[tuple[str, int, int], ...],
) -> Board:
    tally = Counter(s.state for s in slots)
    return Board(
        run=run,
        team_name=team,
        rows=rows,
        counted=sum(tally[state] for state in model.COUNTED),
        leave=sum(s.state is State.OFF and s.why in ("leave", "holiday") for s in slots),
        skipped=tally[State.SKIPPED],
        unreachable=tally[State.UNREACHABLE],
        unasked=tally[State.STALE],
        stages=stages,
        open_blockers=tuple(standing),
        pending=tuple(s for s in slots if s.state in model.UNFINISHED),
        missed=tuple(s for s in slots if s.state is State.MISSED),
        stale=tuple(s for s in slots if s.state is State.STALE),
    )


class Ages:
    """Ages of blockers in working days of whoever raised them."""

    def __init__(self, db: Connection, workspace: int, people: dict[int, Person], today: date) -> None:
        self._db, self._workspace, self._people, self._today = db, workspace, people, today

    @cached_property
    def _days(self) -> WorkingDays:
        return planning.working_days(self._db, self._workspace)

    def of(self, one: Blocker) -> int:
        raiser = self._people.get(one.raised_by) or teams.person_by_id(self._db, self._workspace, one.raised_by)
        if raiser is None:
            return (self._today - one.raised_on).days + 1
        self._people[raiser.id] = raiser
        return blocker_model.age(one, self._today, lambda day: self._days.day_off(raiser, day, time(12)) is None)


def _row(run: Run, slot: Slot, who: Person, answers: dict[str, Items], standing: Sequence[Blocker], age: Ages) -> Row:
    def of_role(role: QuestionRole) -> Items:
        return tuple(item for q in run.questions if q.role is role for item in answers.get(q.key, ()))

    mine = tuple(b for b in standing if b.raised_by == who.id)
    shown = (QuestionRole.DONE, QuestionRole.NEXT, QuestionRole.BLOCKER)
    rest = tuple((q, answers[q.key]) for q in run.questions if q.role not in shown and answers.get(q.key))
    done, planned = of_role(QuestionRole.DONE), of_role(QuestionRole.NEXT)
    return Row(slot, who.name, done, planned, mine, tuple(age.of(b) for b in mine), rest)


def answered(db: Connection, slot: Slot) -> Answered:
    """A slot with its answers."""
    answers, deals = store.answers_of(db, [slot.id]), deal_store.in_slots(db, [slot.id])
    return Answered(slot, answers.get(slot.id, {}), deals.get(slot.id, ()))


def history(db: Connection, who: Person, limit: int = 30) -> list[Answered]:
    """A person's standups, the newest first."""
    slots = store.slots_of_person(db, who.workspace_id, who.id, limit)
    answers, deals = store.answers_of(db, [s.id for s in slots]), deal_store.in_slots(db, [s.id for s in slots])
    return [Answered(s, answers.get(s.id, {}), deals.get(s.id, ())) for s in slots]


def why(db: Connection, who: Person, day: date, now: datetime) -> Why:
    """Everything that is known of one person's standup of one date."""
    slot = store.slot_on(db, who.workspace_id, who.id, day)
    days = planning.working_days(db, who.workspace_id)
    gazetted = days.is_gazetted(who.calendar, day.year)
    if slot:
        events = tuple(Happened(e.at, e.kind, e.detail) for e in store.events(db, slot.id))
        return Why(who, day, slot, events, slot.why, slot.detail, gazetted)
    team = teams.team_by_id(db, who.workspace_id, who.team_id)
    at = who.standup_at or (team.standup_at if team else time(9, 30))
    leave = teams.leave_of(db, who.workspace_id, [who.id]).get(who.id, [])
    off = days.day_off(who, day, at, leave)
    if not who.asked:
        return Why(who, day, None, (), "role", who.role.value, gazetted)
    if off:
        return Why(who, day, None, (), off.why, off.detail, gazetted)
    if team and team.standup_on and plan.instant(who.zone, day, at) > now:
        return Why(who, day, None, (), "ahead", f"{at:%H:%M}", gazetted)
    return Why(who, day, None, (), "unplanned", "", gazetted)
