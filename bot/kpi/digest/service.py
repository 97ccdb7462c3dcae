"""The use cases of digests: what somebody wishes, who is due, what they are told. Returns values and sends nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cached_property

from bot.blockers import service as blockers
from bot.crm import service as crm
from bot.db import Connection
from bot.kpi.alerts import service as alerts
from bot.kpi.digest import model, store
from bot.kpi.digest.journey import journey
from bot.kpi.digest.model import Digest, Entry, Kind, Leak, Occasion, Stale, Wish
from bot.kpi.digest.store import Planned
from bot.kpi.funnel import service as funnel
from bot.kpi.funnel.model import By
from bot.kpi.measures import numbers as counted
from bot.kpi.measures.look import Look
from bot.kpi.measures.table import MEASURES
from bot.kpi.model import Number, Point, Scope, asked_about
from bot.kpi.past.refresh import recall
from bot.kpi.stream import State
from bot.kpi.weeks import week_of
from bot.standup.focus.service import focus_answers
from bot.standup.plan import instant
from bot.team import service as team
from bot.team import store as roster
from bot.team.days import WorkingDays
from bot.team.model import Leave, Person, Role
from bot.team.roles import Action, scope
from bot.team.roles import Scope as Reach

LEAD = timedelta(hours=1)  # digests are written down so long before they are due
ASKED = 4  # weeks, for which answers are worth telling
WEEKS = 13  # that a picture shows
REMEMBERED = timedelta(days=10)  # for so long what was told is not news
CUTS = (By.INDUSTRY, By.PRODUCT_LINE, By.REGION)  # not by owner: whose month it was is for a talk, not for a message
MAIN = ("conversion", "win_rate", "cover", "response_time", "win_cycle", "stalled", "coverage", "deal_size")
# How old the data is says a digest by itself; what is not known of the past has nothing to stray from.
CHOICES = tuple(name for name, one in MEASURES.items() if one.replays)


def gets(who: Person) -> bool:
    """Whether somebody has deals, or leads people who have: all others get no digest."""
    return who.active and scope(who.role, Action.READ_DEALS) is not Reach.NO


def wish_of(db: Connection, who: Person) -> Wish:
    """What somebody wishes: what they said, else what is usual for their role."""
    return store.wishes(db, who.workspace_id, [who.id]).get(who.id) or _usual(who)


def _usual(who: Person) -> Wish:
    return replace(model.usual_wish(who.role), since=who.created)


def set_wish(db: Connection, who: Person, wish: Wish, now: datetime) -> None:
    """Keep what somebody wishes. It counts from now on: what would have been due before is not made up for."""
    store.save_wish(db, who.workspace_id, who.id, wish, now)
    store.unplan(db, who.workspace_id, who.id)
    plan(db, who.workspace_id, now, [who])


def plan(db: Connection, workspace: int, now: datetime, among: Sequence[Person] | None = None) -> int:
    """Write down the digests of the next hour, and those of today that are late; how many are new."""
    wishes = store.wishes(db, workspace, None if among is None else [one.id for one in among])
    people = [one for one in among or _candidates(db, workspace, list(wishes)) if gets(one)]
    wanted = {one.id: wishes.get(one.id) or _usual(one) for one in people}
    people = [one for one in people if wanted[one.id].any]
    calendar = Calendar(team.working_days(db, workspace), roster.leave_of(db, workspace, [one.id for one in people]))
    found = [
        (one.id, occasion)
        for one in people
        for day in sorted({one.today(now), one.today(now + LEAD)})
        for occasion in calendar.occasions(one, wanted[one.id], day)
        if occasion.due <= now + LEAD
    ]
    return store.plan(db, workspace, found)


def _candidates(db: Connection, workspace: int, ids: Sequence[int]) -> list[Person]:
    managers = team.people(db, workspace, roles=[Role.MANAGER])
    known = {one.id for one in managers}
    return [*managers, *team.people(db, workspace, ids=[one for one in ids if one not in known])]


def keeper(db: Connection, who: Person) -> str:
    """The name of the admin whom somebody may ask about the import; "" for an admin, or where there is none."""
    return "" if who.role is Role.ADMIN else next((one.name for one in team.admins(db, who.workspace_id)), "")


@dataclass(frozen=True, slots=True)
class Calendar:
    """Who works when."""

    days: WorkingDays
    leave: Mapping[int, Sequence[Leave]]

    def occasions(self, who: Person, wish: Wish, day: date) -> list[Occasion]:
        """What somebody gets on a day of theirs."""

        def works(one: date) -> bool:
            return self.days.day_off(who, one, wish.at, self.leave.get(who.id, ())) is None

        return model.occasions(wish, day, works, lambda on, at: instant(who.zone, on, at))

    def workday_before(self, who: Person, now: datetime) -> datetime:
        """When the last day began that somebody worked before today."""
        last = self.days.last_working_day(who, who.today(now), time(12), self.leave.get(who.id, ()))
        return instant(who.zone, last or who.today(now) - timedelta(days=1), time())


@dataclass(frozen=True, slots=True)
class Written:
    """A digest that is due, as far as it still is: None when it is to be dropped, or says nothing worth a message.

    `told`: what strays, to be remembered. `drop`: it is not due to them, now that one looks again.
    """

    planned: Planned
    person: Person | None
    key: str = ""
    digest: Digest | None = None
    told: tuple[str, ...] = ()
    drop: bool = False


@dataclass
class Desk:
    """Where the digests of one tick are written: what several of them need is looked up once.

    `zone` is that of the workspace, in which weeks are cut.
    """

    db: Connection
    workspace: int
    now: datetime
    zone: tzinfo
    _looks: dict[Scope, Look] = field(default_factory=dict)
    _numbers: dict[Scope, list[Number]] = field(default_factory=dict)
    _entries: dict[tuple[Scope, str, str], Entry] = field(default_factory=dict)
    _journeys: dict[Scope, tuple[Leak, ...]] = field(default_factory=dict)

    @cached_property
    def heard(self) -> dict[str, datetime]:
        """When deals and moves were last told."""
        return {kind: at for kind, at in crm.last_heard(self.db, self.workspace).items() if kind in ("deals", "moves")}

    @cached_property
    def teams(self) -> dict[int, str]:
        return {one.id: one.name for one in team.teams(self.db, self.workspace)}

    @cached_property
    def days(self) -> WorkingDays:
        return team.working_days(self.db, self.workspace)

    def write(self, one: Planned) -> Written:
        """What is due, looked at once more: people change their hours and go on leave."""
        who = team.person(self.db, self.workspace, one.person_id)
        if who is None or not gets(who):
            return Written(one, who, drop=True)
        wish = wish_of(self.db, who)
        calendar = Calendar(self.days, roster.leave_of(self.db, self.workspace, [who.id]))
        found = calendar.occasions(who, wish, who.today(self.now))
        due = next((o for o in found if (o.kind, o.period) == (one.kind, one.period)), None)
        if due is None or due.due > self.now:
            return Written(one, who, drop=True)
        if not self.heard or who.unreachable:
            return Written(one, who)
        told = store.told(self.db, self.workspace, who.id, self.now - REMEMBERED)
        return self._written(one, who, wish, due.key(who.id), told)

    def _written(self, one: Planned, who: Person, wish: Wish, key: str, told: frozenset[str]) -> Written:
        digest = self.at_once(who, one.kind, wish)
        if digest.stale:
            # Each morning would be too often: by day it is said once for as long as the silence lasts.
            key = f"digest-stale:{digest.stale.heard:%Y%m%dT%H%M%S}:{who.id}" if one.kind is Kind.DAILY else key
            return Written(one, who, key, digest, tuple(sorted(told)))
        marks = tuple(entry.mark for entry in digest.strays)
        if one.kind is Kind.DAILY and wish.daily is model.Daily.STRAYS and told.issuperset(marks):
            return Written(one, who, told=marks)
        return Written(one, who, key, digest, tuple(sorted(told)) if one.kind is Kind.MONTHLY else marks)

    def at_once(self, who: Person, kind: Kind, wish: Wish) -> Digest:
        """A digest as of now, or the note that the data is too old for one."""
        calendar = Calendar(self.days, roster.leave_of(self.db, self.workspace, [who.id]))
        return self.digest(who, kind, wish, model.stale(self.heard, calendar.workday_before(who, self.now)))

    def digest(self, who: Person, kind: Kind, wish: Wish, stale: Stale | None = None) -> Digest:
        """What somebody is told now: of their own deals, or those of the people they lead."""
        today = who.today(self.now)
        period = {
            Kind.DAILY: today.isoformat(),
            Kind.WEEKLY: week_of(today - timedelta(weeks=1)),
            Kind.MONTHLY: f"{today.replace(day=1) - timedelta(days=1):%Y-%m}",
        }[kind]
        about, whose = self._about(who)
        told = Digest(kind, period, whose, about.owners is None, stale=stale)
        if stale or not self.heard:
            return told
        if kind is Kind.MONTHLY:
            return replace(told, journey=self._journey(about, period))
        shown = tuple(self._shown(about, model.ordered(self.numbers(about), wish.measures)))
        week = alerts.week(self.db, who, self.now) if kind is Kind.WEEKLY else None
        return replace(told, entries=shown, alerts=week)

    def _about(self, who: Person) -> tuple[Scope, tuple[str, ...]]:
        owners = crm.owners_seen(self.db, who)
        if owners is None or scope(who.role, Action.READ_DEALS) is Reach.OWN:
            return Scope(owners), ()
        ids = {who.team_id, *team.span(self.db, who).teams}
        names = tuple(sorted(self.teams[one] for one in ids if one in self.teams))
        return Scope(owners, names[0] if len(names) == 1 else ""), names

    def look(self, about: Scope) -> Look:
        if about not in self._looks:
            past = recall(self.db, self.workspace, about, self.now, self.zone)
            self._looks = {about: Look(self.db, self.workspace, about, self.now, self.zone, past)}
        return self._looks[about]

    def numbers(self, about: Scope) -> list[Number]:
        """The numbers of a scope, whole and by stage; of several currencies the one with most rows."""
        if about not in self._numbers:
            look, day, best = self.look(about), self.now.date(), dict[tuple[str, str], Number]()
            for one in (one for name in CHOICES for one in counted.numbers(look, MEASURES[name], day)):
                at = (one.kpi, one.stage)
                if not one.segment and (at not in best or one.n > best[at].n):
                    best[at] = one
            self._numbers[about] = list(best.values())
        return self._numbers[about]

    def _shown(self, about: Scope, found: Sequence[Number]) -> Iterable[Entry]:
        """All that strays, and of the rest as many as a picture has room for; with their past where it is shown."""
        strays = [one for one in found if Entry(one).strays]
        calm = [one for one in found if not Entry(one).strays and one.kpi in MAIN and one.usual is not None]
        calm.sort(key=lambda one: MAIN.index(one.kpi))
        calm = calm[: max(model.PANELS - len(strays), 0)] if strays else calm[:1]
        for n, number in enumerate([*strays, *calm]):
            yield self._entry(about, number) if strays and n < model.PANELS else Entry(number)

    def _entry(self, about: Scope, number: Number) -> Entry:
        at = (about, number.kpi, number.stage)
        if at not in self._entries:
            measure = MEASURES[number.kpi]
            points = counted.trend(self.look(about), measure, self.now.date(), number.stage, WEEKS)
            if not measure.weekly:  # the closed weeks, and today
                points = [*points[1:], Point(number.period, self.now.date(), number.value, number.n)]
            self._entries[at] = Entry(number, tuple(points), self._answers(about, number))
        return self._entries[at]

    def _answers(self, about: Scope, number: Number) -> tuple[tuple[str, str], ...]:
        """What the reps of a scope said when they were asked about a number that alerts, the newest first."""
        if number.state is not State.ALERT:
            return ()
        weeks = [week_of(self.now.date() - timedelta(weeks=back)) for back in range(ASKED + 1)]
        keys = [asked_about(number.kpi, number.stage, number.segment, week) for week in weeks]
        said = [one for key in keys for one in focus_answers(self.db, self.workspace, key)]
        mine = [one for one in said if about.owners is None or one.person.key in about.owners]
        return tuple((one.person.name, one.text) for one in sorted(mine, key=lambda one: one.day, reverse=True))

    def _journey(self, about: Scope, month: str) -> tuple[Leak, ...]:
        """The stages of a month; their segments, which cost three times as much, where a stage lost deals."""
        if about not in self._journeys:
            streams = self.look(about).streams
            found = journey(streams, month)
            if any(leak.outside for leak in found):
                cut = funnel.streams(self.db, self.workspace, self.now, self.zone, owners=about.owners, by=CUTS)
                found = journey(cut, month)
            self._journeys[about] = tuple(self._named(about, leak, month) for leak in found)
        return self._journeys[about]

    def _named(self, about: Scope, leak: Leak, month: str) -> Leak:
        """With the blockers that reps named there in that month."""
        if not leak.outside:
            return leak
        first = date.fromisoformat(f"{month}-01")
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        found = blockers.named(self.db, self.workspace, stage=leak.stage, owners=about.owners, since=first, until=last)
        return replace(leak, blockers=tuple((one.category.value, one.count) for one in found[:2]))
