"""Where an import meets what was changed in chat: which of the changes stand, and what the import is made to say.

`begin` once the rows were put aside and are in order, `end` in the transaction from which on they count. What somebody
changes between the two is later than anything the import says, so it stands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from bot.crm.changes import store
from bot.crm.changes.meeting import store as meeting
from bot.crm.changes.model import Changed, Kind, State, Values, Verdict, judge, told_twice
from bot.crm.model import LOST, WON
from bot.db import Connection


@dataclass(frozen=True, slots=True)
class Meeting:
    """One deal's changes to the same fields, the oldest first, and what the import says of these."""

    chain: Sequence[Changed]
    said: Values
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Settling:
    """`newest`: the last change that was looked at; `said`: the import's own words about deals that were changed;
    `same`: the changes whose very moves it tells; `unclosed`: deals whose day of closing it does not, but others'."""

    told: Mapping[str, frozenset[str]]
    newest: int = 0
    said: Mapping[str, Values] = field(default_factory=dict)
    meetings: Sequence[Meeting] = ()
    same: frozenset[int] = frozenset()
    unclosed: frozenset[str] = frozenset()


def begin(db: Connection, workspace: int, told: Mapping[str, frozenset[str]]) -> Settling:
    """Judge the changes that stand by what was put aside, and let it say what they say where they go on standing.

    `told`: the columns by kind of row.
    """
    standing = store.standing(db, workspace)
    newest = max((one.id for one in standing), default=0)
    said: Mapping[str, Values] = {}
    meetings: list[Meeting] = []
    unclosed = frozenset[str]()
    if "deals" in told:
        said = meeting.said(db, {one.deal for one in standing}, told["deals"])
        for chain in _chains(standing):
            about = _about(chain[0], said)
            if about:
                meetings.append(Meeting(chain, about, judge(chain, about)))
        unclosed = meeting.unclosed(db, said)
        _lay_over(db, meetings, told["deals"])
    return Settling(told, newest, said, meetings, _same(db, workspace, told), unclosed)


def _chains(changes: Sequence[Changed]) -> list[list[Changed]]:
    """By deal and fields; a remark is about nothing that the CRM tells."""

    def key(one: Changed) -> tuple[str, tuple[str, ...]]:
        return one.deal, one.fields

    among = sorted((one for one in changes if one.kind is not Kind.REMARK), key=key)
    return [list(chain) for _, chain in groupby(among, key)]


def _about(one: Changed, said: Mapping[str, Values]) -> Values:
    here = said.get(one.deal, {})
    return {name: here[name] for name in one.fields if name in here}


def _lay_over(db: Connection, meetings: Sequence[Meeting], told: frozenset[str]) -> None:
    for one in meetings:
        holds = one.verdict.holds
        if holds is not None:
            columns = store.columns(holds.after, holds.at)
            meeting.lay_over(db, holds.deal, {name: value for name, value in columns.items() if name in told})


def _same(db: Connection, workspace: int, told: Mapping[str, frozenset[str]]) -> frozenset[int]:
    ours = store.untold_moves(db, workspace) if "moves" in told else []
    theirs = meeting.fresh_moves(db, {one.deal for one in ours}) if ours else set()
    return frozenset(one.id for one in ours if one.move and (one.deal, one.move.at, one.move.to_stage) in theirs)


def end(db: Connection, workspace: int, number: int, settling: Settling) -> None:
    """The import `number` counts from now on: so does what was found."""
    meeting.tell_moves(db, settling.same)
    for one in settling.meetings:
        meeting.settle(db, one.verdict.states)
        meeting.tell(db, [c for c in one.chain if c.id not in one.verdict.states], one.said)
        if "closed" not in settling.told["deals"] or one.chain[0].deal in settling.unclosed:
            _reopen(db, workspace, one)
    _latecomers(db, workspace, settling)
    _moves(db, workspace, number, settling)


def _reopen(db: Connection, workspace: int, one: Meeting) -> None:
    """A deal that was called dead, and is open to a CRM that tells no days of closing, has none any more."""
    if one.verdict.holds is None and one.said.get("place", LOST) > WON:
        store.write(db, workspace, one.chain[0].deal, {"closed": None})


def _latecomers(db: Connection, workspace: int, settling: Settling) -> None:
    late = store.standing(db, workspace, after=settling.newest)
    if not late or "deals" not in settling.told:
        return
    said = {**meeting.said(db, {one.deal for one in late}, settling.told["deals"]), **settling.said}
    for chain in _chains(late):
        about = _about(chain[0], said)
        if about:
            meeting.tell(db, chain, about)
            store.write(db, workspace, chain[-1].deal, store.columns(chain[-1].after, chain[-1].at))


def _moves(db: Connection, workspace: int, number: int, settling: Settling) -> None:
    """Take back moves of changes that were overtaken, and those that the CRM has told at another time."""
    lost = {id for one in settling.meetings for id, state in one.verdict.states.items() if state is State.OVERTAKEN}
    ours = store.untold_moves(db, workspace) if lost or "moves" in settling.told else []
    meeting.drop_moves(db, workspace, [one for one in ours if one.id in lost])
    if "moves" in settling.told:
        left = {one.move: one for one in ours if one.move and one.id not in lost}
        theirs = meeting.new_moves(db, workspace, number, {one.deal for one in left}) if left else []
        twice = told_twice(list(left), theirs)
        meeting.drop_moves(db, workspace, [left[one] for one in twice])
