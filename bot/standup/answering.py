"""What comes of an answer: it is kept, its blockers are raised, and what it says of deals changes them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time

from bot.blockers import service as blockers
from bot.blockers.model import Difference, Said
from bot.crm import service as crm
from bot.db import Connection
from bot.errors import BotError
from bot.standup import model, planning, store
from bot.standup.deals import asking as deals
from bot.standup.deals import reading, stuck, telling
from bot.standup.deals import store as deal_store
from bot.standup.deals.model import DealAsk, Told
from bot.standup.focus import service as focusing
from bot.standup.model import Items, Slot, State
from bot.team.model import Person
from prompts import words


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer as it stands now. `first`: there was none before; `changed`: it says something else now."""

    slot: Slot
    first: bool
    changed: bool
    difference: Difference
    streak: int
    deals: tuple[DealAsk, ...] = ()


def answer(
    db: Connection,
    who: Person,
    slot: Slot,
    answers: Mapping[str, Items],
    said: Sequence[Said] | None,
    now: datetime,
    told: Mapping[str, Told] | None = None,
) -> Outcome:
    """Keep what was answered; questions that are not in `answers` keep what they had.

    `said`: the blockers that are named, () for none, None when blockers were not spoken of. `told`: what is said of
    deals, by their keys; those that are not in it keep what they had. Repeating an answer changes nothing. An answer
    after the close counts as late.
    """
    _check(who, answers)
    run = store.runs(db, who.workspace_id, [slot.run_id])[slot.run_id]
    known = {q.key for q in (*run.questions, *focusing.questions(db, [slot], {who.id: who.language}).values())}
    before = store.answers_of(db, [slot.id]).get(slot.id, {})
    changes = {k: v for k, v in answers.items() if k in known and before.get(k) != v}
    store.save_answers(db, who.workspace_id, slot.id, changes)
    news = telling.tell(db, who, slot, told or {}, now)
    waiting = deal_store.in_slots(db, [slot.id]).get(slot.id, ())
    difference = _blocked(db, who, slot, said, waiting, {one.deal for one in news}, now)
    first = slot.state is not State.ANSWERED
    if first:
        closed = slot.state in (State.MISSED, State.UNREACHABLE, State.STALE) or slot.closes <= now
        late = closed and slot.state is not State.OFF
        slot = slot._replace(state=State.ANSWERED, answered_at=now, late=late, nudge_at=None)
        store.save_slots(db, [slot.id], state=State.ANSWERED, answered_at=now, late=late, nudge_at=None, why="")
    changed = bool(changes or news or difference.opened or difference.changed or difference.withdrawn)
    if first or changed:
        store.note(db, who.workspace_id, [slot.id], now, "answered" if first else "edited")
    return Outcome(slot, first, changed, difference, streak_of(db, who), waiting)


def _blocked(
    db: Connection,
    who: Person,
    slot: Slot,
    said: Sequence[Said] | None,
    waiting: Sequence[DealAsk],
    changed: Collection[str],
    now: datetime,
) -> Difference:
    """Bring blockers in line with an answer: those it names, and those of deals that are stuck."""
    if said is None and not changed:
        return Difference((), (), (), ())
    known = None if said is None else _of_deals(db, who, said, now)
    standing = blockers.live(db, who.workspace_id, raised_by=[who.id])
    named = stuck.names(known, waiting, changed, standing, slot.id)
    if named is None:
        return Difference((), (), (), ())
    difference = blockers.answered(db, who, slot.id, named, day=slot.day, works=works_on(db, who), now=now)
    deal_store.save(db, who.workspace_id, stuck.raised_by(waiting, difference.named))
    return difference


def _of_deals(db: Connection, who: Person, said: Sequence[Said], now: datetime) -> list[Said]:
    """Blockers with the deal of the CRM's that each is about, and the stage it is in, where one deal is meant."""
    called = crm.called(db, who, who, now) if said else {}
    keys = [reading.mentioned(one.deal or one.text, called) if called and one.id is None else "" for one in said]
    standing = crm.standings_of(db, who.workspace_id, [key for key in keys if key], now) if any(keys) else {}
    return [
        replace(
            one,
            deal_key=key,
            deal=one.deal or deals.called(standing[key]),
            stage=one.stage or standing[key].stage.name,
        )
        if key
        else one
        for one, key in zip(said, keys, strict=True)
    ]


def read_deals(db: Connection, who: Person, slot: Slot, text: str, now: datetime) -> reading.Read:
    """What a standup that was typed says of deals of theirs."""
    called = crm.called(db, who, who, now)
    if not called:
        return reading.Read({}, text)
    stages = crm.stages(db, who.workspace_id)
    after = {
        one.deal.key: behind.name
        for one in crm.deals_of(db, who, who, now)
        if (behind := deals.onward(one.stage, stages))
    }
    return reading.read(text, called, after, slot.day)


def works_on(db: Connection, who: Person) -> blockers.Works:
    """Whether a date is a working day of theirs, leave left aside."""
    days = planning.working_days(db, who.workspace_id)
    return lambda day: days.day_off(who, day, time(12)) is None


def _check(who: Person, answers: Mapping[str, Items]) -> None:
    _ = words(who.language)
    longest = max((sum(map(len, items)) for items in answers.values()), default=0)
    if longest > model.MOST_CHARACTERS:
        raise BotError(
            _(
                "An answer has {n} characters; {most} is the limit. Shorten it and send it again.",
                n=longest,
                most=model.MOST_CHARACTERS,
            )
        )


def streak_of(db: Connection, who: Person) -> int:
    """How many standups in a row they have answered."""
    return model.streak(s.state for s in store.slots_of_person(db, who.workspace_id, who.id, 260))
