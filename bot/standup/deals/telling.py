"""What an answer says of deals becomes changes in the CRM, once: an edited answer takes back what it no longer says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.crm import service as crm
from bot.crm.changes import service as changes
from bot.crm.changes.model import Change, Kind
from bot.crm.columns import STEP
from bot.crm.model import Stage
from bot.crm.risk import Standing
from bot.db import Connection
from bot.errors import BotError
from bot.standup.deals import store
from bot.standup.deals.asking import called, onward
from bot.standup.deals.dated import step_said
from bot.standup.deals.model import Bar, DealAsk, Step, Told, What
from bot.standup.model import Slot
from bot.team.model import Person


def tell(db: Connection, who: Person, slot: Slot, told: Mapping[str, Told], now: datetime) -> tuple[DealAsk, ...]:
    """Keep what `who` says of deals in their slot, by the deal's key, and change the CRM by it; those that say
    something else now than before.

    Deals that are not in `told` keep what they had. One that is no longer theirs, or is closed, is left alone.
    """
    known = {one.deal: one for one in store.in_slots(db, [slot.id]).get(slot.id, ())}
    words = {key: Told(one.what, " ".join(one.line.split())[:STEP]) for key, one in told.items()}
    news = {key: one for key, one in words.items() if key not in known or known[key].told != one}
    if not news:
        return ()
    desk = _Desk(db, who, slot.day, now, crm.stages(db, who.workspace_id))
    standings = crm.standings_of(db, who.workspace_id, list(news), now)
    changed = []
    for key, one in news.items():
        standing = standings.get(key)
        if key in known:
            changed.append(desk.apply(replace(known[key], told=one, bar=None), standing))
        elif standing and standing.deal.owner == who.key:
            changed.append(desk.apply(replace(_unasked(slot, standing, desk.stages), told=one), standing))
    store.save(db, who.workspace_id, changed)
    return tuple(changed)


def _unasked(slot: Slot, standing: Standing, stages: Sequence[Stage]) -> DealAsk:
    after = onward(standing.stage, stages)
    stage = standing.stage.name
    return DealAsk(slot.id, standing.deal.key, False, called(standing), stage, after.name if after else "")


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where one person's words become changes: `day` is the date that their "Friday" counts from."""

    db: Connection
    who: Person
    day: date
    now: datetime
    stages: Sequence[Stage]

    def apply(self, one: DealAsk, standing: Standing | None) -> DealAsk:
        """Bring the CRM in line with what is said of a deal; the deal with what was done, or why nothing was."""
        if standing is None or standing.deal.owner != self.who.key:
            return replace(one, bar=Bar.GONE)
        if not standing.deal.open and not self._closed_here(one, standing):
            return replace(one, bar=Bar.CLOSED)
        wanted = self._wanted(one)
        if one.done.place and one.done.place[1:] != wanted:
            try:
                one, standing = self._back(one, standing)
            except BotError:  # the CRM itself says by now that it is closed
                return replace(one, bar=Bar.CLOSED)
        if standing.deal.open:
            one = self._step(one, standing)
        if wanted and not one.done.place:
            one = self._place(one, standing, *wanted)
        return one

    @staticmethod
    def _closed_here(one: DealAsk, standing: Standing) -> bool:
        return standing.deal.lost and one.done.place is not None and one.done.place[1] is What.DEAD

    @staticmethod
    def _wanted(one: DealAsk) -> tuple[What, str] | None:
        """What is to become of its place, and to which stage or why."""
        if one.told is None or one.what not in (What.MOVED, What.DEAD):
            return None
        return one.what, one.onward if one.what is What.MOVED else one.told.line

    def _change(self, one: DealAsk, asked: Change) -> Standing:
        return changes.change(self.db, self.who, one.deal, replace(asked, how="standup"), self.now)

    def _back(self, one: DealAsk, standing: Standing) -> tuple[DealAsk, Standing]:
        """Put a deal back where it was, unless it has gone elsewhere since."""
        assert one.done.place is not None
        came_from, what, to = one.done.place
        before, after = self._stage(came_from), self._stage(to)
        still = standing.deal.lost if what is What.DEAD else after is not None and standing.stage.number == after.number
        if before and still:
            standing = self._change(one, Change(Kind.MOVED, stage=before.number))
        return replace(one, done=replace(one.done, place=None)), standing

    def _place(self, one: DealAsk, standing: Standing, what: What, to: str) -> DealAsk:
        stage, after = self._stage(one.stage), self._stage(to)
        if what is What.DEAD:
            self._change(one, Change(Kind.DEAD, to))
        elif after is None:
            return replace(one, bar=Bar.LAST)
        elif stage is None or standing.stage.number != stage.number:
            return one  # the CRM says already that it moved
        else:
            self._change(one, Change(Kind.MOVED, stage=after.number))
        return replace(one, done=replace(one.done, place=(standing.stage.name, what, to)))

    def _step(self, one: DealAsk, standing: Standing) -> DealAsk:
        there = Step(standing.deal.next_step, standing.deal.next_step_on)
        before, ours = one.done.step or (there, None)
        wanted = self._next(one)
        if wanted == ours:
            return one
        if wanted:
            self._change(one, Change(Kind.NEXT_STEP, wanted.text, wanted.on))
            return replace(one, done=replace(one.done, step=(before, wanted)))
        if there == ours:
            self._change(one, Change(Kind.NEXT_STEP, before.text, before.on, undo=True))
        return replace(one, done=replace(one.done, step=None))

    def _next(self, one: DealAsk) -> Step | None:
        if one.told is None or not one.told.line or one.what not in (What.MOVED, What.STEP):
            return None
        step = step_said(one.told.line, self.day)
        return Step(one.told.line) if step.on and step.on < self.who.today(self.now) else step

    def _stage(self, name: str) -> Stage | None:
        """A stage by the name that it had when it was spoken of."""
        return next((one for one in self.stages if name in (one.name, *one.former)), None)
