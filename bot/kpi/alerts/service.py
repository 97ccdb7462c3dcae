"""What people do with alerts, and who is told of them. Functions that return values; they send nothing."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from bot.db import Connection
from bot.errors import BotError
from bot.kpi.alerts import store
from bot.kpi.alerts.evaluate import EVERYBODY, Finding, Step, focus_key, see, settle, stalled_deals
from bot.kpi.alerts.model import SETTLING, Alert, Event, Precision, Rule, Said, State, Week, precision
from bot.kpi.service import team_scope
from bot.standup.focus import service as focus
from bot.team import service as team
from bot.team.model import Person, Team
from bot.team.roles import Action, Scope, may, scope
from bot.todos import service as todos
from bot.todos.model import Source, Todo
from prompts import words

__all__ = ["EVERYBODY", "Finding", "Step", "see", "settle"]

ASKED_FOR = timedelta(days=7)  # how long the standup waits to put its question to somebody
PRECISION = timedelta(weeks=13)


def heads(db: Connection, workspace: int, team_id: int) -> list[Person]:
    """Who is told of a team's alerts: its managers; of the workspace's, the admins."""
    return team.admins(db, workspace) if team_id == EVERYBODY else team.managers(db, workspace, team_id)


def seen(db: Connection, who: Person, *, since: datetime | None = None) -> list[Alert]:
    """The alerts of somebody's teams, the newest first: those that are open, with `since` also what closed after it."""
    ids = _teams(db, who)
    state = State.OPEN if since is None else None
    return store.alerts(db, who.workspace_id, teams=ids, state=state, since=since) if ids else []


def _teams(db: Connection, who: Person) -> list[int]:
    span, everybody = team.span(db, who), scope(who.role, Action.ACT_ON_ALERTS) is Scope.ALL
    among = team.teams(db, who.workspace_id, None if everybody else {who.team_id, *span.teams})
    mine = [t.id for t in among if may(who, Action.ACT_ON_ALERTS, t.id, span=span)]
    return [EVERYBODY, *mine] if everybody else mine


def get(db: Connection, who: Person, alert_id: int) -> Alert:
    """One that somebody may see and act on. Raises `BotError` for all others, there or not."""
    one = store.by_id(db, who.workspace_id, alert_id)
    if one is None or one.team_id not in _teams(db, who):
        raise BotError(words(who.language)("That alert is not yours to see. /alerts shows those of your teams."))
    return one


def history(db: Connection, one: Alert) -> list[Event]:
    """What happened to an alert, oldest first."""
    return store.events(db, one.workspace_id, [one.id])


def histories(db: Connection, alerts: Sequence[Alert]) -> dict[int, list[Event]]:
    """The same of several, by their ids."""
    found: dict[int, list[Event]] = {one.id: [] for one in alerts}
    if alerts:
        for event in store.events(db, alerts[0].workspace_id, list(found)):
            found[event.alert_id].append(event)
    return found


# what people say


def acknowledge(db: Connection, who: Person, one: Alert, now: datetime) -> Alert:
    """`who` looks into it. Whoever came first stays."""
    if one.owner_id is not None or not one.open:
        return one
    return _said(db, who, one, Said.ACKNOWLEDGED, "", now, owner_id=who.id)


def snooze(db: Connection, who: Person, one: Alert, until: date, reason: str, now: datetime) -> Alert:
    """Nothing is said of it until a day; if it is open still, it is said anew then."""
    if not one.open:
        return one
    return _said(db, who, one, Said.SNOOZED, reason, now, snoozed_until=until, owner_id=one.owner_id or who.id)


def settle_as(db: Connection, who: Person, one: Alert, said: Said, note: str, now: datetime) -> Alert:
    """Explained, the new normal, or a false alarm: it is over, and the watch heeds it. The first word counts."""
    if not one.open or said not in SETTLING:
        return one
    settled = _said(db, who, one, said, note, now, state=State.SETTLED, closed=now)
    ask_no_more(db, settled)
    return settled


def assign(db: Connection, who: Person, one: Alert, to: Person, task: str, due: date | None, now: datetime) -> Todo:
    """It becomes a to-do of somebody. Raises `BotError` when they are not `who`'s to give one to."""
    made = todos.add(db, who, to, task, now, key=f"alert:{one.id}:{to.id}", due=due, source=Source.ALERT)
    if one.open:
        _said(db, who, one, Said.ASSIGNED, to.name, now, owner_id=to.id)
    return made


def _said(db: Connection, who: Person, one: Alert, said: Said, note: str, now: datetime, **more: object) -> Alert:
    changed = store.save(db, one, said=said, note=note[:500], **more)
    store.note(db, changed, now, who.id, said.value, note[:500])
    return changed


def stalled(db: Connection, one: Alert, now: datetime) -> dict[str, str]:
    """The deals that a team's alert about stalled ones speaks of: their names by key, the largest first."""
    of = team.team(db, one.workspace_id, one.team_id)
    owners = team_scope(db, one.workspace_id, of.name).owners if of else None
    found = stalled_deals(db, one.workspace_id, owners or frozenset(), now)
    return {each.deal.key: each.customer for each in found}


def hush(db: Connection, who: Person, deals: Sequence[str], until: date, reason: str, now: datetime) -> None:
    """These deals stall for a known reason: no alert speaks of them until a day."""
    store.hush(db, who.workspace_id, deals, until, reason[:500], who.id, now)


# what the standup asks


def ask_standup(db: Connection, one: Alert, people: Sequence[str], texts: Mapping[str, str], now: datetime) -> int:
    """Put one question to those whose deals a stage's alert is about, in their next standup; to how many."""
    by_key = {p.key: p for p in team.people(db, one.workspace_id)}
    ids = [by_key[key].id for key in people if key in by_key and by_key[key].asked]
    if not ids or one.rule is not Rule.CONVERSION:
        return 0
    until = (now + ASKED_FOR).date()
    return focus.focus(db, one.workspace_id, key=focus_key(one), people=ids, texts=texts, until=until, now=now)


def ask_no_more(db: Connection, one: Alert) -> None:
    """It is over: who was not asked yet is not, unless it goes on in another team."""
    others = store.alerts(db, one.workspace_id, rule=one.rule, state=State.OPEN)
    if focus_key(one) not in map(focus_key, others):
        focus.drop_focus(db, one.workspace_id, focus_key(one))


# how good they are


def week(db: Connection, who: Person, now: datetime) -> Week:
    """What the weekly digest says of somebody's alerts."""
    found = seen(db, who)
    return Week(len(found), sum(bool(one.held) for one in found), tuple(right_ones(db, who, now)))


def right_ones(db: Connection, who: Person, now: datetime) -> list[Precision]:
    """By rule, of the last quarter: how many alerts of somebody's teams were right, by what people said of them."""
    found = [one for one in seen(db, who, since=now - PRECISION) if one.opened >= now - PRECISION]
    return precision(found, store.events(db, who.workspace_id, [one.id for one in found]))


# when to look


def to_look_at(db: Connection, workspace: int) -> list[Team | None]:
    """All teams, and the workspace itself."""
    return [None, *team.teams(db, workspace)]
