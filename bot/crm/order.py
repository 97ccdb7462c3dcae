"""In which order stages stand when nobody listed them: read off the moves. Pure.

Without a `stages.csv` no stage has a position, and no move could be told to be forward or back. But most moves of any
funnel go forward. So the stages are put into the order that has few moves against it: whichever no move leads out of
comes last, whichever none leads into comes first, else the one with most moves out of it over those into it goes first
(Eades, Lin and Smyth 1993, "A fast and effective heuristic for the feedback arc set problem"). A deal's entry counts as
a move out of its first stage, since that is where deals come from.

As soon as one stage is listed, the list is the order: stages that it lacks have no place in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.crm.model import NONE, Stage

Flows = Mapping[tuple[int, int], int]  # how many moves led from one stage to another, by their numbers


def placed(stages: Sequence[Stage], flows: Flows) -> list[Stage]:
    """The stages in their order, each with a position: the listed ones as listed, or all as the moves have them."""
    if any(stage.position is not None for stage in stages):
        return list(stages)
    ranks = {number: rank for rank, number in enumerate(_order([stage.number for stage in stages], flows), 1)}
    found = [replace(stage, position=float(ranks[stage.number])) for stage in stages]
    return sorted(found, key=lambda stage: stage.position or 0)


def _order(numbers: Sequence[int], flows: Flows) -> list[int]:
    left, first, last = sorted(numbers), list[int](), list[int]()
    while left:
        out = {one: sum(flows.get((one, other), 0) for other in left if other != one) for one in left}
        into = {one: sum(flows.get((other, one), 0) for other in left if other != one) for one in left}
        ends = [one for one in left if not out[one] and into[one]]
        if ends:
            taken = ends[-1]
            last.insert(0, taken)
        else:
            # one that no other leads into has all its moves out of it, so it is found here too
            taken = max(left, key=lambda one: (out[one] - into[one] + flows.get((NONE, one), 0), -one))
            first.append(taken)
        left.remove(taken)
    return [*first, *last]
