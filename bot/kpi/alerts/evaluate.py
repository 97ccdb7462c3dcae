"""Looks at a team's numbers, once on each working morning of those who lead it: what opens, goes on, or is over.

First `see`, which only reads and may take a while; then `settle`, which writes what follows in one short transaction.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from itertools import groupby

from bot.blockers import service as blockers
from bot.crm.risk import Standing, stalled
from bot.crm.standings.store import standings
from bot.db import Connection
from bot.kpi import service as kpi
from bot.kpi.alerts import store
from bot.kpi.alerts.model import BUDGET, CALM, NOISY, SETTLING, Alert, Facts, Rule, Said, State, Where, rulings
from bot.kpi.alerts.rules import DAILY, RULES, facts_of, strays
from bot.kpi.backtest import told
from bot.kpi.funnel import service as funnel
from bot.kpi.funnel.model import By
from bot.kpi.model import Number, Scope, asked_about
from bot.kpi.stream import Judged
from bot.kpi.stream import State as Stand
from bot.kpi.weeks import thursday
from bot.standup.focus.service import focus_answers
from bot.team.model import Team

EVERYBODY = 0  # in place of a team
CUTS = (By.PRODUCT_LINE, By.INDUSTRY, By.REGION)  # not by owner: whose deals they are is for a talk, not for a page
YEAR = 52  # weeks
NEWS = 8  # weeks after which what nobody was told of is no news
NAMED = timedelta(days=14)  # how far back blockers are counted
MOST_DEALS, MOST_WHERE, MOST_ANSWERS = 3, 2, 3
NEARLY = 0.05  # a segment's mid-p, at which it is named as where a stage strays
WEEK = timedelta(days=7)
BLIND = (Stand.STALE, Stand.NO_DATA, Stand.INSUFFICIENT)  # an open alert stays as it is


@dataclass(frozen=True, slots=True)
class Finding:
    """What a stage, or a daily measure, looks like now. `alarms`: it deserves an alert; `goes_on`: one that is open
    stays; None where nothing can be said today. `since`: the period in which it began. `noisy`: it would have paged too
    often in the past year. `people`: roster keys of those whose deals it is about. `known`: the watch knows of it.
    `gone`: no stage is called so any more."""

    rule: Rule
    facts: Facts
    alarms: bool
    goes_on: bool | None
    since: str
    stage: str = ""
    segment: str = ""
    noisy: bool = False
    people: tuple[str, ...] = ()
    known: bool = True
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What came of a finding: the alert as it stands now; `fresh` when it has just opened."""

    alert: Alert
    fresh: bool = False
    people: tuple[str, ...] = ()


# seeing


def see(db: Connection, workspace: int, of: Team | None, now: datetime, zone: tzinfo) -> list[Finding]:
    """All that there is to say of a team; without one, of the workspace's sources."""
    if of is None:
        return [
            _daily(db, workspace, Rule.SOURCE, one, now, None)
            for one in _numbers(db, workspace, Scope(), now, zone, [Rule.SOURCE])
        ]
    scope = kpi.team_scope(db, workspace, of.name)
    rules = [rule for rule in DAILY if rule is not Rule.SOURCE]
    daily = [
        _daily(db, workspace, Rule(one.kpi), one, now, scope.owners)
        for one in _numbers(db, workspace, scope, now, zone, rules)
    ]
    return [*_conversion(db, workspace, of, scope, now, zone), *daily]


def _numbers(
    db: Connection, workspace: int, scope: Scope, now: datetime, zone: tzinfo, rules: Collection[Rule]
) -> list[Number]:
    found = kpi.numbers_of(db, workspace, scope, now, zone=zone, names=[rule.value for rule in rules])
    return [one for one in found if not one.segment and not one.stage]


def _daily(
    db: Connection, workspace: int, rule: Rule, number: Number, now: datetime, owners: frozenset[str] | None
) -> Finding:
    names: list[str] = []
    if rule is Rule.STALLED and owners is not None:
        late = stalled_deals(db, workspace, owners, now)
        names = [one.customer for one in late]
        if number.n:
            value = len(late) / number.n
            number = replace(number, value=value, change=value / number.usual - 1 if number.usual else None)
    blind = number.state in (Stand.STALE, Stand.NO_DATA) and rule is not Rule.SOURCE
    facts = replace(facts_of(rule, number), deals=tuple(names[:MOST_DEALS]), many=len(names), complete=not blind)
    alarms = not blind and number.state is not Stand.INSUFFICIENT and DAILY[rule](number) is not None
    return Finding(rule, facts, alarms, None if blind else strays(rule, number), number.period)


def stalled_deals(db: Connection, workspace: int, owners: frozenset[str], now: datetime) -> list[Standing]:
    """The stalled deals but for those with a known reason, the largest first."""
    quiet = store.hushed(db, workspace, now.date())
    found = [one for one in standings(db, workspace, now, owners=owners) if stalled(one, now)]
    return sorted((one for one in found if one.deal.key not in quiet), key=lambda one: -(one.deal.size or 0))


def _conversion(db: Connection, workspace: int, of: Team, scope: Scope, now: datetime, zone: tzinfo) -> list[Finding]:
    """One finding a stage: of the whole where that alarms, else of the segment that stands out most."""
    past = store.alerts(db, workspace, teams=[of.id], rule=Rule.CONVERSION)
    heeded = rulings(past, _verdicts(db, workspace, past))
    held = {(one.stage, one.segment, one.since) for one in past if one.held}
    found = [
        replace(
            one,
            rulings=tuple(heeded.get((one.stage, one.segment or ""), ())),
            undelivered=frozenset(
                week for stage, segment, week in held if (stage, segment) == (one.stage, one.segment or "")
            ),
        )
        for one in funnel.streams(db, workspace, now, zone, owners=scope.owners, by=CUTS)
    ]
    judged = told(found)
    week = funnel.last_closed(now, zone)
    open_ones = {one.stage: one for one in past if one.open}
    order = {one.stage: n for n, one in enumerate(found)}
    told_of = sorted((one for one in judged if one.row.period <= week), key=lambda one: order[one.row.stage])
    names = {one.name for one in funnel.stages(db, workspace)}
    return [
        *(_gone(one) for one in open_ones.values() if one.stage not in names),
        *(
            _finding(db, workspace, scope, stage, list(weeks), week, open_ones.get(stage), now, zone)
            for stage, weeks in groupby(told_of, key=lambda one: one.row.stage)
        ),
    ]


def _gone(one: Alert) -> Finding:
    """An alert of a stage that was renamed or removed; what strays under the new name opens under that."""
    return Finding(one.rule, one.facts, False, False, one.since, one.stage, one.segment, gone=True)


def _verdicts(db: Connection, workspace: int, past: Sequence[Alert]) -> dict[int, tuple[Said, datetime]]:
    settled = [one.id for one in past if one.said in SETTLING]
    events = store.events(db, workspace, settled)
    return {one.alert_id: (Said(one.kind), one.at) for one in events if one.kind in SETTLING}


def _finding(
    db: Connection,
    workspace: int,
    scope: Scope,
    stage: str,
    judged: Sequence[Judged],
    week: str,
    standing: Alert | None,
    now: datetime,
    zone: tzinfo,
) -> Finding:
    newest = [one for one in judged if one.row.period == week]
    spoken = _spoken(newest, standing)
    row, mine = spoken.row, [one for one in judged if one.row.segment == spoken.row.segment]
    began = [one.row.period for one in mine if one.opened]
    since = began[-1] if began else row.period
    year = [one for one in began[:-1] if (thursday(since) - thursday(one)).days <= YEAR * 7]
    alarms, facts = row.state is Stand.ALERT, _facts(spoken, mine, since)
    low = alarms and (facts.change or 0.0) <= -RULES.stray  # all weeks together: small numbers stray for ever
    people: tuple[str, ...] = ()
    if alarms or standing is not None:
        facts, people = _driven(db, workspace, scope, spoken, newest, facts, now, zone)
    if standing is not None:
        facts = replace(facts, answers=_answers(db, workspace, scope, standing))
    return Finding(
        Rule.CONVERSION,
        facts,
        low and (thursday(week) - thursday(since)).days <= NEWS * 7,
        None if row.state in BLIND else low,
        since,
        stage,
        row.segment or "",
        len(year) > NOISY,
        people,
        standing is None or standing.since in began,
    )


def _answers(db: Connection, workspace: int, scope: Scope, one: Alert) -> tuple[tuple[str, str], ...]:
    """What the people of a scope said lately when the standup asked them."""
    said = [(one.person, one.text) for one in focus_answers(db, workspace, focus_key(one))]
    mine = [(who.name, text) for who, text in said if scope.owners is None or who.key in scope.owners]
    return tuple(mine[-MOST_ANSWERS:])


def _facts(spoken: Judged, mine: Sequence[Judged], since: str) -> Facts:
    """Of the week alone where it speaks for itself, else of all weeks since it began to build up."""
    row = spoken.row
    complete = row.state is not Stand.STALE
    if row.state is not Stand.ALERT or spoken.by_week or not row.usual:
        chance = row.p if spoken.by_week else None
        return Facts(row.period, row.rate, row.usual, row.n, row.k, row.deviation, chance, complete=complete)
    began = _began(mine, since)
    weeks = [one.row for one in mine if began <= one.row.period <= row.period]
    n, k = sum(one.n for one in weeks), sum(one.k for one in weeks)
    rate = k / n if n else None
    change = rate / row.usual - 1 if rate is not None else None
    return Facts(row.period, rate, row.usual, n, k, change, complete=complete, first=began)


def _began(mine: Sequence[Judged], since: str) -> str:
    """The week in which what alarmed in the week `since` began: that week where it spoke for itself, else the first
    after which the sum never fell back to nothing."""
    before = [one.row for one in mine if one.row.period <= since]
    if next(one for one in mine if one.row.period == since).by_week:
        return since
    start = since
    for row in reversed(before[:-1]):
        if row.cusum_down <= 0 or row.state is Stand.ALERT:
            break
        start = row.period
    return start


def focus_key(one: Alert) -> str:
    """Of the question that an alert puts into the standup; two teams in which the same strays share it."""
    return asked_about(one.rule.value, one.stage, one.segment, one.since)


def _spoken(newest: Sequence[Judged], standing: Alert | None) -> Judged:
    """What speaks for a stage: the open alert's own; else the whole where it alarms; else the loudest segment."""
    whole = next(one for one in newest if one.row.segment is None)
    if standing is not None:
        own = (one for one in newest if (one.row.segment or "") == standing.segment)
        return next(own, whole)
    loud = [one for one in newest if one.row.state is Stand.ALERT]
    if whole in loud or not loud:
        return whole
    return min(loud, key=lambda one: (one.row.p if one.row.p is not None else 1.0, one.row.segment or ""))


def _driven(
    db: Connection,
    workspace: int,
    scope: Scope,
    spoken: Judged,
    newest: Sequence[Judged],
    facts: Facts,
    now: datetime,
    zone: tzinfo,
) -> tuple[Facts, tuple[str, ...]]:
    """The facts with what drives them: segments, deals and named blockers; and whose deals these are."""
    row = spoken.row
    where, others = ((), 0) if row.segment else _where(newest)
    left = funnel.exits(db, workspace, row.stage, row.period, now, zone, owners=scope.owners, segment=row.segment)
    lost = [one for one in left if not one.advanced]
    until = now.date()
    named = blockers.named(db, workspace, stage=row.stage, owners=scope.owners, since=until - NAMED, until=until)
    facts = replace(
        facts,
        called=_called(row.segment or ""),
        where=where,
        others=others,
        deals=tuple((one.account or one.name or one.deal) for one in lost[:MOST_DEALS]),
        many=len(lost),
        blockers=tuple((one.category.value, one.count) for one in named[:2]),
    )
    return facts, tuple(dict.fromkeys(one.owner for one in left))


def _where(newest: Sequence[Judged]) -> tuple[tuple[Where, ...], int]:
    """The segments that stray most, and how many others are as usual."""
    seen = [one.row for one in newest if one.row.segment and one.row.p is not None and one.row.usual]
    low = [row for row in seen if (row.deviation or 0) <= -RULES.stray and (row.p or 0) <= NEARLY]
    low.sort(key=lambda row: row.p or 0)
    shown = tuple(Where(_called(row.segment or ""), row.k, row.n, row.usual or 0) for row in low[:MOST_WHERE])
    return shown, len(seen) - len(low)


def _called(segment: str) -> str:
    """A segment in words: "retail" of "industry=retail"."""
    return segment.partition("=")[2]


# settling


def settle(
    db: Connection, workspace: int, team_id: int, findings: Sequence[Finding], today: date, now: datetime
) -> list[Step]:
    """Bring the alerts of a team in line with what was seen; those that changed, opened or closed."""
    past = store.alerts(db, workspace, teams=[team_id])
    paged = sum(not one.held and one.opened > now - WEEK for one in past)
    steps: list[Step] = []
    for found in findings:
        standing = next((o for o in past if o.open and (o.rule, o.stage) == (found.rule, found.stage)), None)
        if standing is not None:
            steps.append(_goes_on(db, standing, found, today, now, paged))
            paged += bool(standing.held and not steps[-1].alert.held)
        elif found.alarms and not any(
            (o.rule, o.stage, o.since) == (found.rule, found.stage, found.since) for o in past
        ):
            held = "noisy" if found.noisy else "budget" if paged >= BUDGET else ""
            steps.append(_opens(db, workspace, team_id, found, held, now))
            paged += not held
    return steps


def _opens(db: Connection, workspace: int, team_id: int, found: Finding, held: str, now: datetime) -> Step:
    fresh = Alert(
        0,
        workspace,
        team_id,
        found.rule,
        found.stage,
        found.segment,
        found.since,
        now,
        State.OPEN,
        found.facts,
        held=held,
    )
    kept = store.add(db, fresh)
    store.note(db, kept, now, None, "opened", held)
    return Step(kept, True, found.people)


def _goes_on(db: Connection, one: Alert, found: Finding, today: date, now: datetime, paged: int) -> Step:
    blind = found.goes_on is None  # nothing can be said today
    facts = replace(one.facts, complete=found.facts.complete) if blind else found.facts
    changes: dict[str, object] = {"facts": facts, "calm": one.calm if blind else 0 if found.goes_on else one.calm + 1}
    over = found.goes_on is False and (one.rule is Rule.CONVERSION or one.calm + 1 >= CALM)
    if over:
        changes |= {"state": _end(found), "closed": now}
    elif one.snoozed_until is not None and one.snoozed_until <= today:
        changes |= {"snoozed_until": None, "rounds": one.rounds + 1}
    if blind:
        return Step(store.save(db, one, **changes))
    if one.held == "budget" and not over and paged < BUDGET:
        changes |= {"held": ""}
    changed = store.save(db, one, **changes)
    if over:
        store.note(db, changed, now, None, changed.state.value)
    return Step(changed, bool(one.held and not changed.held), found.people)


def _end(found: Finding) -> State:
    if found.gone:
        return State.GONE
    return State.RECOVERED if found.known else State.CORRECTED
