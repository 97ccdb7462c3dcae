"""Deals that are stuck, as blockers: which of them an answer names. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.blockers.model import Blocker, Said
from bot.standup.deals.model import DealAsk, What
from bot.standup.parse import category


def names(
    said: Sequence[Said] | None,
    deals: Sequence[DealAsk],
    changed: Collection[str],
    standing: Sequence[Blocker],
    slot_id: int,
) -> list[Said] | None:
    """All blockers that an answer names: those that it was asked for, and those of deals that are stuck; None when
    neither is spoken of.

    `said`: what was answered to the question, None when it was not spoken of. `deals`: all of the slot, `changed` the
    keys of those that say something else now. `standing`: all blockers of theirs that still stand.
    """
    if said is None and not any(one.deal in changed and (one.what is What.STUCK or one.blocker_id) for one in deals):
        return None
    of_deals = {one.blocker_id for one in deals if one.blocker_id}
    kept = [_again(one) for one in standing if one.slot_id == slot_id and one.id not in of_deals]
    stuck = [named for one in deals if (named := _stuck(one, one.deal in changed, standing))]
    return [*(kept if said is None else said), *stuck]


def _again(one: Blocker) -> Said:
    return Said(one.text, one.category, one.stage, one.deal, one.id, one.deal_key)


def _stuck(one: DealAsk, changed: bool, live: Sequence[Blocker]) -> Said | None:
    if one.told is None or one.what is not What.STUCK or one.bar:
        return None
    standing = next((b for b in live if b.id == one.blocker_id), None)
    if standing is None and not changed:  # it was dealt with since
        return None
    text = one.told.line
    return Said(text, category(text), one.stage, one.name, standing.id if standing else None, one.deal)


def raised_by(deals: Sequence[DealAsk], named: Sequence[Blocker]) -> list[DealAsk]:
    """The deals whose blocker is another one now than before, with it."""
    found = {one.deal_key: one.id for one in named if one.deal_key}
    now = [replace(one, blocker_id=found.get(one.deal) if one.what is What.STUCK else None) for one in deals]
    return [one for one, before in zip(now, deals, strict=True) if one.blocker_id != before.blocker_id]
