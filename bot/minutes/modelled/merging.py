"""What a model found and what the engine without one found, as one set of minutes. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from rapidfuzz import fuzz

from bot.minutes.checks import checked
from bot.minutes.model import Minutes, Point, Todo, Transcript
from bot.minutes.modelled.parts import parts
from bot.minutes.offline.moments import moments

ALIKE, RATHER = 82, 45  # how like two to-dos must read to be one: near each other, and resting on the same line
NEAR = 5  # lines
MOST_POINTS = 12  # of a summary


class Cited(Protocol):
    @property
    def lines(self) -> tuple[int, ...]: ...


Item = TypeVar("Item", bound=Cited)


def merged(transcript: Transcript, names: Iterable[str], founds: Sequence[Minutes | None], offline: Minutes) -> Minutes:
    """The minutes of a call. `founds`: of each part, what the model made of it, None where it did not help: there the
    engine without a model stands in."""
    good = [found for found in founds if found is not None]
    if not good:
        return offline
    made = replace(
        offline,
        summary=_summary(transcript, founds, offline),
        decisions=_union([one for found in good for one in found.decisions], offline.decisions),
        objections=_union(offline.objections, [one for found in good for one in found.objections]),
        todos=_todos(offline.todos, [one for found in good for one in found.todos]),
        dropped=(*offline.dropped, *(one for found in good for one in found.dropped)),
        engine="model",
    )
    return checked(replace(made, moments=moments(transcript, made)), transcript, names)


def _summary(transcript: Transcript, founds: Sequence[Minutes | None], offline: Minutes) -> tuple[Point, ...]:
    """Of each part what the model wrote, else what the other engine took from it; no part takes all the room."""
    room = max(1, MOST_POINTS // max(len(founds), 1))
    points: list[Point] = []
    for part, found in zip(parts(transcript), founds, strict=False):
        ours = [one for one in offline.summary if part.first <= one.lines[0] <= part.last]
        points += list(found.summary[:room] if found and found.summary else ours)
    return tuple(points)


def _union(first: Sequence[Item], second: Sequence[Item]) -> tuple[Item, ...]:
    """All of the first, and of the second what rests on other lines; in the order of the call."""
    taken = {line for one in first for line in one.lines}
    fresh = [one for one in second if not taken & set(one.lines)]
    return tuple(sorted([*first, *fresh], key=lambda one: min(one.lines)))


def _todos(ours: Sequence[Todo], theirs: Sequence[Todo]) -> tuple[Todo, ...]:
    """The to-dos of both; where both found one, who owns it and when it is due is taken from the rules first."""
    found = list(ours)
    for one in theirs:
        at = next((n for n, other in enumerate(found) if _same(one, other)), None)
        if at is None:
            found.append(one)
        else:
            found[at] = _both(found[at], one)
    return tuple(sorted(found, key=lambda one: min(one.lines)))


def _same(one: Todo, other: Todo) -> bool:
    if one.owner and other.owner and one.owner != other.owner and not set(one.lines) & set(other.lines):
        return False
    alike = max(fuzz.ratio(one.task, other.task), fuzz.token_set_ratio(one.task, other.task))
    if set(one.lines) & set(other.lines):
        return alike >= RATHER or (one.owner == other.owner and one.due == other.due)
    apart = min(abs(a - b) for a in one.lines for b in other.lines)
    return apart <= NEAR and alike >= ALIKE


def _both(ours: Todo, model: Todo) -> Todo:
    due, phrase = (ours.due, ours.due_phrase) if ours.due else (model.due, model.due_phrase)
    return replace(
        ours,
        owner=ours.owner or model.owner,
        due=due,
        due_phrase=phrase,
        confidence=max(ours.confidence, model.confidence),
    )
