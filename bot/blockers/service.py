"""The use cases of blockers: an answer names them, buttons move them, the third day asks for a decision."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from bot.blockers import model, store
from bot.blockers.model import Blocker, Category, Difference, Named, Said, State
from bot.crm import service as crm
from bot.crm.model import Stage
from bot.db import Connection
from bot.team.model import Person

Works = Callable[[date], bool]


def answered(
    db: Connection, who: Person, slot_id: int, said: Sequence[Said], *, day: date, works: Works, now: datetime
) -> Difference:
    """Bring the blockers of `who` in line with what the answer of this slot names; what changed by it."""
    standing = store.live(db, who.workspace_id, raised_by=[who.id])
    difference = model.differ(standing, said, slot_id)
    opened = [_open(db, who, slot_id, words, day=day, works=works, now=now) for words in difference.opened]
    changed = [(_reword(db, b, words, who, now), words) for b, words in difference.changed]
    for gone in difference.withdrawn:
        store.save(db, gone, state=State.WITHDRAWN, decide_at=None)
        store.note(db, gone, now, who.id, "withdrawn")
    return replace(
        difference,
        changed=tuple(changed),
        named=tuple(opened) + tuple(_newest(b, changed) for b in difference.named),
    )


def _newest(blocker: Blocker, changed: Sequence[tuple[Blocker, Said]]) -> Blocker:
    return next((b for b, _ in changed if b.id == blocker.id), blocker)


def _open(db: Connection, who: Person, slot_id: int, said: Said, *, day: date, works: Works, now: datetime) -> Blocker:
    fresh: dict[str, Any] = {
        "workspace_id": who.workspace_id,
        "team_id": who.team_id,
        "raised_by": who.id,
        "owner_id": None,
        "category": said.category,
        "stage": said.stage,
        "deal": said.deal,
        "text": said.text,
        "state": State.OPEN,
        "slot_id": slot_id,
        "raised_on": day,
        "moved_on": day,
        "moved": 0,
        "decide_at": _decide_at(who, day, works),
        "note": "",
        "deal_key": said.deal_key,
    }
    blocker = store.add(db, fresh)
    store.note(db, blocker, now, who.id, "raised", said.text)
    return blocker


def _decide_at(raiser: Person, moved_on: date, works: Works) -> datetime:
    """Mid-morning of the raiser's third working day, when the day's answers are in."""
    return datetime.combine(model.decision_day(moved_on, works), time(10, 30), raiser.tz).astimezone(UTC)


def _reword(db: Connection, blocker: Blocker, said: Said, who: Person, now: datetime) -> Blocker:
    changes = {name: getattr(said, name) or getattr(blocker, name) for name in model.WORDS}
    if said.category is not model.Category.OTHER:
        changes["category"] = said.category
    store.save(db, blocker, **changes)
    store.note(db, blocker, now, who.id, "reworded", changes["text"])
    return replace(blocker, **changes)


def _move(
    db: Connection,
    one: Blocker,
    by: Person,
    raiser: Person,
    kind: str,
    detail: str,
    works: Works,
    now: datetime,
    **changes: Any,
) -> Blocker:
    """Something moved: its patience starts again."""
    today = raiser.today(now)
    changes |= {"moved_on": today, "moved": one.moved + 1, "decide_at": _decide_at(raiser, today, works)}
    store.save(db, one, **changes)
    store.note(db, one, now, by.id, kind, detail)
    return replace(one, **changes)


def acknowledge(db: Connection, one: Blocker, by: Person, raiser: Person, works: Works, now: datetime) -> Blocker:
    """`by` takes it up and owns it from now on. Doing so again changes nothing."""
    if one.owner_id == by.id and one.state is State.ACKNOWLEDGED:
        return one
    return _move(db, one, by, raiser, "acknowledged", "", works, now, owner_id=by.id, state=State.ACKNOWLEDGED)


def hand_over(
    db: Connection, one: Blocker, by: Person, to: Person, raiser: Person, works: Works, now: datetime
) -> Blocker:
    """`to` owns it from now on."""
    if one.owner_id == to.id:
        return one
    return _move(db, one, by, raiser, "handed over", to.name, works, now, owner_id=to.id, state=State.ACKNOWLEDGED)


def update(db: Connection, one: Blocker, by: Person, text: str, raiser: Person, works: Works, now: datetime) -> Blocker:
    """A line on how it stands."""
    if one.note == text:
        return one
    return _move(db, one, by, raiser, "updated", text, works, now, note=text)


def escalate(
    db: Connection, one: Blocker, by: Person, to: Person | None, raiser: Person, works: Works, now: datetime
) -> Blocker:
    """It goes up to `to`, who owns it from now on; None when nobody stands above."""
    if one.state is State.ESCALATED:
        return one
    owner = to.id if to else one.owner_id
    name = to.name if to else ""
    return _move(db, one, by, raiser, "escalated", name, works, now, owner_id=owner, state=State.ESCALATED)


def finish(db: Connection, one: Blocker, by: Person, state: State, note: str, now: datetime) -> Blocker:
    """It is over: `state` is resolved or accepted."""
    changes: dict[str, Any] = {"state": state, "decide_at": None, "note": note or one.note}
    store.save(db, one, **changes)
    store.note(db, one, now, by.id, state.value, note)
    return replace(one, **changes)


def undecided(db: Connection, workspace: int, now: datetime, limit: int = 100) -> list[Blocker]:
    """Those whose third day without a move has come; each is given once a move."""
    due = store.undecided(db, workspace, now, limit)
    for one in due:
        store.save(db, one, decide_at=None)
        store.note(db, one, now, None, "decision asked")
    return due


def named(
    db: Connection,
    workspace: int,
    *,
    stage: str | None = None,
    owners: Collection[str] | None = None,
    since: date,
    until: date,
) -> list[Named]:
    """The blockers that people named from `since` to `until`, both included, by kind; the most frequent kind first.

    `stage`: a stage's name in the CRM, None for all; what was named under a former name of it counts too. `owners`: the
    roster keys of those who named them, None for everybody. What was taken back counts in nothing.
    """
    stages = None if stage is None else _called(crm.stages(db, workspace), stage)
    kinds: dict[Category, list[Blocker]] = {}
    for one in store.raised(db, workspace, stages, owners, since, until):
        kinds.setdefault(one.category, []).append(one)
    found = [Named(kind, tuple(ones)) for kind, ones in kinds.items()]
    return sorted(found, key=lambda one: (-one.count, one.category))


def _called(stages: Iterable[Stage], name: str) -> list[str]:
    """A stage's name with those it had before."""
    known = next((one for one in stages if name in (one.name, *one.former)), None)
    return [known.name, *known.former] if known else [name]


def stages(db: Connection, workspace: int) -> tuple[str, ...]:
    """What the stages of the sale are called, in their order: the CRM's, or ours where there is none."""
    return tuple(one.name for one in crm.stages(db, workspace) if one.position is not None) or model.STAGES


def by_stage(
    blockers: Sequence[Blocker], ages: Callable[[Blocker], int], stages: Sequence[str]
) -> list[tuple[str, int, int]]:
    """(stage, how many, age of the oldest in days), in the order of `stages`, others last."""
    order = {stage: n for n, stage in enumerate(stages)}
    groups: dict[str, list[int]] = {}
    for one in blockers:
        groups.setdefault(one.stage, []).append(ages(one))
    ranked = sorted(groups, key=lambda stage: (stage == "", order.get(stage, len(order)), stage))
    return [(stage, len(groups[stage]), max(groups[stage])) for stage in ranked]


get = store.by_id
live = store.live
named_in = store.named_in
of_deal = store.of_deal
history = store.history
