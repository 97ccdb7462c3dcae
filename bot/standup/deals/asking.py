"""Which deals a standup asks about: those at risk, taken at the moment of asking."""

from collections.abc import Sequence
from datetime import datetime

from bot.crm import service as crm
from bot.crm.model import Stage
from bot.crm.risk import Risk, Standing
from bot.db import Connection
from bot.standup.deals import store
from bot.standup.deals.model import DealAsk
from bot.standup.model import Slot
from bot.team.model import Person

MOST = 3  # deals that a standup asks one person about


def take(db: Connection, workspace: int, slots: Sequence[Slot], people: Sequence[Person], now: datetime) -> None:
    """Keep for each of these slots which deals of its person are at risk now; a slot that has some keeps those.

    `people`: those of the slots.
    """
    risks = crm.at_risk_of(db, workspace, people, now, MOST)
    if not risks:
        return
    taken, stages = store.in_slots(db, [slot.id for slot in slots]), crm.stages(db, workspace)
    fresh = [slot for slot in slots if slot.id not in taken]
    store.add(db, workspace, [_ask(slot, risk, stages) for slot in fresh for risk in risks.get(slot.person_id, ())])


def _ask(slot: Slot, risk: Risk, stages: Sequence[Stage]) -> DealAsk:
    standing = risk.standing
    after = onward(standing.stage, stages)
    return DealAsk(
        slot_id=slot.id,
        deal=standing.deal.key,
        asked=True,
        name=called(standing),
        stage=standing.stage.name,
        onward=after.name if after else "",
        reasons=risk.reasons,
    )


def called(standing: Standing) -> str:
    """What people call a deal."""
    return standing.deal.name or standing.account or standing.deal.key


def onward(stage: Stage, stages: Sequence[Stage]) -> Stage | None:
    """The stage behind this one; None behind the last, and where the stage has no place among them."""
    if stage.position is None:
        return None
    behind = [one for one in stages if one.position is not None and one.position > stage.position]
    return min(behind, key=lambda one: (one.position or 0, one.number), default=None)
