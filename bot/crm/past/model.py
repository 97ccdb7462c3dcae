"""Which sums over the past a change of rows reaches, from when on, and whose they are. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

ANYBODY = ""  # in place of an owner


class Reach(StrEnum):
    """What reads otherwise."""

    ALL = "all"
    DEALS = "deals"  # which deals there were, and how they ended
    MOVES = "moves"
    LEFT = "left"  # out of which stage deals closed
    SIZES = "sizes"  # amounts of deals that were won
    AHEAD = "ahead"  # amounts of deals that were open, and when they were expected
    CUTS = "cuts"  # what deals are told apart by
    TOUCHES = "touches"
    LEADS = "leads"
    TARGETS = "targets"


@dataclass(frozen=True, slots=True)
class Shift:
    """From a second on, sums over an owner's rows are others."""

    owner: str
    reach: Reach
    at: int


@dataclass(frozen=True, slots=True)
class Row:
    """A version of a deal. `created`, `closed`, `moved` (its first move): seconds since 1970."""

    owner: str
    account: str
    product_line: str
    amount: float | None
    currency: str
    stage: int
    status: str
    created: int
    expected_close: object
    closed: int | None
    moved: int | None

    @property
    def ended(self) -> int | None:
        return None if self.status == "open" else self.closed

    @property
    def began(self) -> int:
        return min(at for at in (self.created, self.ended, self.moved) if at is not None)


def shifts(before: Row | None, after: Row) -> Iterator[Shift]:
    """What a new version of a deal, or a new deal, makes others."""
    if before is None:
        yield Shift(after.owner, Reach.DEALS, after.began)
        return
    if before.owner != after.owner:
        for one in (before, after):
            yield Shift(one.owner, Reach.DEALS, min(before.began, after.began))
        return
    yield from _ends(before, after)
    if (before.amount, before.currency) != (after.amount, after.currency):
        if after.ended is not None:
            yield Shift(after.owner, Reach.SIZES, after.ended)
        yield Shift(after.owner, Reach.AHEAD, after.began)
    elif before.expected_close != after.expected_close:
        yield Shift(after.owner, Reach.AHEAD, after.began)
    if before.account != after.account:
        yield Shift(after.owner, Reach.TOUCHES, after.began)
        yield Shift(after.owner, Reach.CUTS, after.began)
    elif before.product_line != after.product_line:
        yield Shift(after.owner, Reach.CUTS, after.began)


def _ends(before: Row, after: Row) -> Iterator[Shift]:
    told = [before.created, after.created] if before.created != after.created else []
    if (before.status, before.closed) != (after.status, after.closed):
        told += [one.ended for one in (before, after) if one.ended is not None]
    # Where a deal stands tells where it stood before its first move, and out of what it closed without one.
    if before.stage != after.stage and (after.moved is None or after.moved > after.created):
        told.append(after.began)
    if told:
        yield Shift(after.owner, Reach.DEALS, min(told))


def first(found: Iterable[Shift]) -> list[Shift]:
    """Of each owner and reach, the one that goes back furthest."""
    least: dict[tuple[str, Reach], int] = {}
    for one in found:
        key = (one.owner, one.reach)
        least[key] = min(one.at, least.get(key, one.at))
    return [Shift(owner, reach, at) for (owner, reach), at in least.items()]
