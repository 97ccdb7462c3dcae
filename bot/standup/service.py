"""The use cases of a running standup: ask, nudge, close, answer, skip, put off. Each returns what is to be said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.blockers import service as blockers
from bot.blockers.model import Blocker
from bot.db import Connection
from bot.errors import BotError
from bot.message import Place
from bot.standup import answering, model, planning, store
from bot.standup.deals import asking as deals
from bot.standup.deals import store as deal_store
from bot.standup.deals.model import DealAsk
from bot.standup.focus import service as focusing
from bot.standup.model import Items, Question, QuestionRole, Run, Slot, State
from bot.team import store as teams
from bot.team.model import Person
from prompts import words

BATCH = 1000  # slots in one transaction


@dataclass(frozen=True, slots=True)
class Ask:
    """Somebody to be asked. `planned` is what they last said they would do, on `planned_on`; `place` is where they
    are spoken to, None when nowhere yet. `run` has the questions of their team and, last, the one pushed down to them;
    `deals` are those that wait for them, with what was said of each."""

    slot: Slot
    person: Person
    place: Place | None
    run: Run
    planned: Items
    planned_on: date | None
    blockers: tuple[Blocker, ...]
    deals: tuple[DealAsk, ...] = ()

    @property
    def focus(self) -> Question | None:
        """The question pushed down to them."""
        return next((q for q in self.run.questions if q.role is QuestionRole.FOCUS), None)


@dataclass(frozen=True, slots=True)
class Nudge:
    slot: Slot
    person: Person
    place: Place | None
    answered: int
    counted: int


@dataclass(frozen=True, slots=True)
class Prompt:
    """What became of the message that asked: when it reached the person, and whether it never will."""

    at: datetime | None
    lost: bool = False


def ask_due(db: Connection, workspace: int, now: datetime) -> list[Ask] | None:
    """Claim whose time has come, at most `BATCH`; None when there is nobody left.

    Whoever should have been asked more than two hours ago is not asked any more; the slot says why.
    """
    due = store.due_slots(db, workspace, now, BATCH)
    if not due:
        return None
    stale = [s.id for s in due if now - s.due > model.STALE_AFTER]
    store.save_slots(db, stale, state=State.STALE)
    store.note(db, workspace, stale, now, "stale")
    claimed = [_asked(s, now) for s in due if now - s.due <= model.STALE_AFTER]
    store.save_asked(db, claimed)
    store.note(db, workspace, [s.id for s in claimed], now, "asked")
    people = teams.people(db, workspace, ids=[s.person_id for s in claimed], active=None)
    take(db, workspace, claimed, people, now)
    return describe(db, workspace, claimed, people)


def take(db: Connection, workspace: int, slots: Sequence[Slot], people: Sequence[Person], now: datetime) -> None:
    """The moment of asking: from now on these slots ask about what is at risk now, and what was pushed down waits no
    longer. A slot that was asked before keeps what it has."""
    deals.take(db, workspace, slots, people, now)
    focusing.take(db, workspace, slots)


def _asked(slot: Slot, now: datetime) -> Slot:
    # a prompt that goes out late gives the whole window from then on
    start = slot.due if now - slot.due < timedelta(minutes=1) else now
    return slot._replace(
        state=State.ASKED,
        asked_at=slot.asked_at or now,
        nudge_at=start + model.nudge_after(slot.window),
        close_at=start + timedelta(minutes=slot.window),
    )


def describe(db: Connection, workspace: int, slots: Sequence[Slot], known: Sequence[Person] | None = None) -> list[Ask]:
    """All that a prompt says, for slots of any teams. `known`: their people, when they have been fetched already."""
    ids = [s.person_id for s in slots]
    people = {p.id: p for p in known or teams.people(db, workspace, ids=ids, active=None)}
    waiting = deal_store.in_slots(db, [s.id for s in slots])
    pushed = focusing.questions(db, slots, {p.id: p.language for p in people.values()})
    places = teams.places_of_people(db, workspace, ids)
    runs = store.runs(db, workspace, list({s.run_id for s in slots}))
    plans: dict[int, tuple[date, Items]] = {}
    for day in {s.day for s in slots}:
        plans |= store.last_plans(db, workspace, [s.person_id for s in slots if s.day == day], day)
    standing: dict[int, list[Blocker]] = {}
    for one in blockers.live(db, workspace, raised_by=ids):
        standing.setdefault(one.raised_by, []).append(one)
    return [
        Ask(
            slot=s,
            person=people[s.person_id],
            place=places.get(s.person_id),
            run=_with(runs[s.run_id], pushed.get(s.id)),
            planned=plans[s.person_id][1] if s.person_id in plans else (),
            planned_on=plans[s.person_id][0] if s.person_id in plans else None,
            blockers=tuple(standing.get(s.person_id, ())),
            deals=waiting.get(s.id, ()),
        )
        for s in slots
    ]


def _with(run: Run, focus: Question | None) -> Run:
    return replace(run, questions=(*run.questions, focus)) if focus else run


def nudge_due(db: Connection, workspace: int, now: datetime) -> list[Nudge] | None:
    """Claim who wants the one nudge before their close; None when there is nobody left."""
    due = store.due_nudges(db, workspace, now, BATCH)
    if not due:
        return None
    store.save_slots(db, [s.id for s in due], nudge_at=None)
    return nudge(db, workspace, [s for s in due if s.closes > now], now)


def remind(db: Connection, workspace: int, slots: Sequence[Slot], now: datetime) -> list[Nudge]:
    """Somebody reminds those who did not answer, by hand and once: the slots that were not reminded yet."""
    fresh = [s for s in slots if s.state in (State.MISSED, State.STALE) and not store.nudged_by_hand(db, s.id)]
    return nudge(db, workspace, fresh, now, "reminded")


def nudge(db: Connection, workspace: int, slots: Sequence[Slot], now: datetime, kind: str = "nudged") -> list[Nudge]:
    """What reminds the people of these slots that their team waits for them."""
    store.note(db, workspace, [s.id for s in slots], now, kind)
    people = {p.id: p for p in teams.people(db, workspace, ids=[s.person_id for s in slots])}
    places = teams.places_of_people(db, workspace, list(people))
    tallies = store.counts(db, list({s.run_id for s in slots}))
    return [
        Nudge(
            s,
            people[s.person_id],
            places.get(s.person_id),
            tallies[s.run_id].get(State.ANSWERED, 0),
            sum(tallies[s.run_id].get(state, 0) for state in model.COUNTED),
        )
        for s in slots
        if s.person_id in people
    ]


def closing(db: Connection, workspace: int, now: datetime) -> list[Slot]:
    """Slots whose close has come, at most `BATCH`."""
    return store.due_closes(db, workspace, now, BATCH)


def close(db: Connection, slots: Sequence[Slot], prompts: Mapping[int, Prompt], now: datetime) -> list[Slot]:
    """End the slots whose window is over, counted from when the prompt really reached the person; the missed ones.

    `prompts`: by slot id, how the message that asked stands.
    """
    missed: list[int] = []
    lost: list[int] = []
    for slot in slots:
        prompt = prompts.get(slot.id, Prompt(None, lost=True))
        if prompt.lost:
            lost.append(slot.id)
            continue
        seen = prompt.at or now  # not delivered yet: the window has not begun
        end = max(slot.closes, seen + timedelta(minutes=slot.window)) if _late(slot, seen) else slot.closes
        if prompt.at is None or end > now:
            store.save_slots(db, [slot.id], close_at=end)
        else:
            missed.append(slot.id)
    store.save_slots(db, missed, state=State.MISSED, nudge_at=None)
    store.save_slots(db, lost, state=State.UNREACHABLE, nudge_at=None)
    workspace = slots[0].workspace_id if slots else 0
    store.note(db, workspace, missed, now, "missed")
    store.note(db, workspace, lost, now, "unreachable")
    return [s for s in slots if s.id in missed]


def unreached(db: Connection, who: Person, now: datetime) -> list[Slot]:
    """Take somebody whom no message reaches out of today's count; the slot in question, if there is one."""
    slot = store.slot_on(db, who.workspace_id, who.id, who.today(now))
    if slot is None or slot.state is not State.ASKED:
        return []
    store.save_slots(db, [slot.id], state=State.UNREACHABLE, nudge_at=None)
    store.note(db, who.workspace_id, [slot.id], now, "unreachable")
    return [slot]


def _late(slot: Slot, seen: datetime) -> bool:
    return seen - (slot.closes - timedelta(minutes=slot.window)) >= timedelta(minutes=1)


def sum_up_due(db: Connection, workspace: int, now: datetime) -> list[tuple[int, int]]:
    """Offices in which the last has closed: (run id, office). Each is given once."""
    closed = []
    for row in store.due_offices(db, workspace, now, BATCH):
        last = store.last_close(db, row.run_id, row.office)
        if last is None:
            store.set_office(db, row.run_id, row.office, None)
            closed.append((row.run_id, row.office))
        else:
            store.set_office(db, row.run_id, row.office, max(last, now + timedelta(seconds=5)))
    return closed


# what a person does with their slot


def slot_today(db: Connection, who: Person, now: datetime) -> Slot | None:
    """The slot of today by their own clock, planned now if need be; None when the standup is not theirs."""
    team = teams.team_by_id(db, who.workspace_id, who.team_id)
    return planning.plan_now(db, who, team, now) if team else None


def own_slot(db: Connection, who: Person, slot_id: int, now: datetime) -> Slot:
    """A slot that `who` may still answer; `BotError` when it is another's or its day is over."""
    _ = words(who.language)
    slot = store.slot_by_id(db, who.workspace_id, slot_id)
    if slot is None or slot.person_id != who.id:
        raise BotError(_("That is somebody else's standup. Send /standup for your own."))
    if slot.day != who.today(now) and slot.closes <= now:
        raise BotError(_("The standup of that day is over. Send /standup for today's."))
    return slot


def skip(db: Connection, who: Person, slot: Slot, reason: str, now: datetime) -> Slot:
    """Not today, and why. An answer that was given stays; skipping again changes the reason."""
    if slot.state is State.ANSWERED:
        return slot
    store.save_slots(db, [slot.id], state=State.SKIPPED, why="skipped", detail=reason, nudge_at=None)
    store.note(db, who.workspace_id, [slot.id], now, "skipped", reason)
    return slot._replace(state=State.SKIPPED, why="skipped", detail=reason)


def snooze(db: Connection, who: Person, slot: Slot, minutes: int, now: datetime) -> Slot:
    """Ask again in so many minutes, at most two hours after the person's hour. The window moves along."""
    _ = words(who.language)
    if slot.state is State.LATER and slot.due > now:
        return slot  # pressed twice
    if slot.state not in (State.ASKED, State.PLANNED, State.LATER):
        raise BotError(_("This standup has closed. You can still answer it: /standup"))
    due = min(now + timedelta(minutes=minutes), slot.first_due + model.LONGEST_SNOOZE)
    if due <= now:
        raise BotError(_("It cannot wait any longer. Answer now, or skip it for today."))
    changed = slot._replace(state=State.LATER, due=due, snoozes=slot.snoozes + 1, close_at=None, nudge_at=None)
    store.save_slots(db, [slot.id], state=State.LATER, due=due, snoozes=changed.snoozes, close_at=None, nudge_at=None)
    store.note(db, who.workspace_id, [slot.id], now, "later", str(minutes))
    return changed


Outcome = answering.Outcome
answer = answering.answer
read_deals = answering.read_deals
works_on = answering.works_on
streak_of = answering.streak_of
focus = focusing.focus
drop_focus = focusing.drop_focus
focus_answers = focusing.focus_answers
