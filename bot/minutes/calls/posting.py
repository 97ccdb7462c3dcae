"""From a draft to deeds: its to-dos come about, the deal gets its next step, and the minutes may be posted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.crm import service as crm
from bot.crm.columns import STEP
from bot.crm.risk import Standing
from bot.db import Connection
from bot.errors import BotError
from bot.message import Place
from bot.minutes.calls import deciding, store
from bot.minutes.calls.deciding import Goes
from bot.minutes.calls.model import Call, Item, State, Verdict
from bot.minutes.transcripts.pieces import unlinked
from bot.team import service as team
from bot.team import store as teams
from bot.team.model import Person, Team
from bot.team.roles import Action, may
from bot.todos import service as todos
from bot.todos.model import LONGEST, Source, Todo, call_key
from prompts import words

MOST_TEAMS = 10


@dataclass(frozen=True, slots=True)
class Posted:
    """What came of a draft. `fresh`: it was one until now. `given`: the to-dos that came about, with their owners;
    `withheld`: those of others that did not, because the minutes stay with their sender. `before` and `after`: the deal
    when its next step changed; `refused`: why it did not, a plain sentence."""

    call: Call
    fresh: bool
    given: tuple[tuple[Todo, Person], ...] = ()
    withheld: tuple[Goes, ...] = ()
    before: Standing | None = None
    after: Standing | None = None
    refused: str = ""


def places(db: Connection, who: Person) -> list[tuple[Team, list[Place]]]:
    """The teams in whose channel somebody may post minutes, their own first."""
    span = team.span(db, who)
    open_to = [one for one in team.teams(db, who.workspace_id) if may(who, Action.READ_TEAM, one.id, span=span)]
    open_to.sort(key=lambda one: (one.id != who.team_id, one.name))
    found = teams.places_of_teams(db, who.workspace_id, [one.id for one in open_to[:MOST_TEAMS]])
    return [(one, found[one.id]) for one in open_to[:MOST_TEAMS] if found.get(one.id)]


def post(db: Connection, who: Person, call_id: int, to: Team | None, now: datetime) -> Posted:
    """Make a draft minutes for a team's channel, or for the sender alone when `to` is None; at most once.

    Kept ones may still be posted. Raises `BotError` for what is not theirs, or not ready.
    """
    one = deciding.own(db, who, call_id)
    _ = words(who.language)
    if one.state is State.POSTED or (one.state is State.KEPT and to is None):
        return Posted(one, fresh=False)
    if one.state not in (State.DRAFT, State.KEPT):
        raise BotError(_("There are no minutes of this call to post."))
    items = store.items(db, one)
    sure = [_kept(db, item) for item in items] if one.state is State.DRAFT else items
    state = State.POSTED if to else State.KEPT
    changed = store.save(db, one, state=state, posted_at=now if to else None, posted_to=to.name if to else "")
    given, withheld = _give(db, who, one, sure, now, others=to is not None)
    before, after, refused = _step(db, who, one, sure, now) if one.state is State.DRAFT else (None, None, "")
    return Posted(changed, True, tuple(given), tuple(withheld), before, after, refused)


def _kept(db: Connection, item: Item) -> Item:
    """To post is to keep all that was not decided."""
    return store.save_item(db, item, verdict=Verdict.KEPT) if item.verdict is Verdict.PROPOSED else item


def _give(
    db: Connection, who: Person, one: Call, items: Sequence[Item], now: datetime, *, others: bool
) -> tuple[list[tuple[Todo, Person]], list[Goes]]:
    """The to-dos of a call, each once. `others`: also those of other people than the sender."""
    given: list[tuple[Todo, Person]] = []
    withheld: list[Goes] = []
    for goes in deciding.goes(db, who, items):
        if not goes.item.stands or goes.to is None:
            continue
        if goes.to.id != who.id and not others:
            withheld.append(goes)
            continue
        given.append((_todo(db, who, one, goes.item, goes.to, now), goes.to))
    return given, withheld


def _todo(db: Connection, who: Person, one: Call, item: Item, to: Person, now: datetime) -> Todo:
    due = item.due
    return todos.add(
        db,
        who,
        to,
        unlinked(item.text)[:LONGEST],
        now,
        key=call_key(one.id, str(item.n)),
        due=due.day if due else None,
        due_at=due.at if due else None,
        phrase=item.about["due_phrase"],
        deal=one.deal,
        source=Source.CALL,
    )


def _step(
    db: Connection, who: Person, one: Call, items: Sequence[Item], now: datetime
) -> tuple[Standing | None, Standing | None, str]:
    """Make the next step that was agreed the deal's: how the deal stood and stands, or why it was not done."""
    item = deciding.next_step(items, who.today(now)) if one.deal else None
    if item is None or item.due is None or not crm.may_change(db, who, one.deal):
        return None, None, ""
    before = crm.deal(db, who, one.deal, now)
    asked = crm.Change(crm.Kind.NEXT_STEP, unlinked(item.text)[:STEP], item.due.day)
    try:
        after = crm.change(db, who, one.deal, asked, now)
    except BotError as fault:  # closed meanwhile, say: the minutes are posted all the same
        return None, None, str(fault)
    return (before, after, "") if before != after else (None, None, "")
