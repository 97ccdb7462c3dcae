"""What the measures look at: one scope of one workspace, each question asked once."""

from collections.abc import Callable, Hashable, Iterable
from datetime import UTC, date, datetime, tzinfo
from functools import cached_property
from typing import Any, TypeVar

from bot.crm import service as crm
from bot.crm.model import Stage
from bot.db import Connection
from bot.kpi.funnel import service as funnel
from bot.kpi.measures import store
from bot.kpi.measures.hours import Clocks
from bot.kpi.measures.model import Stretch, midnight
from bot.kpi.measures.targets import Targets
from bot.kpi.model import Scope
from bot.kpi.past.model import Past
from bot.kpi.stream import Stream
from bot.team import service as team
from bot.team.model import Person

EPOCH = date(1970, 1, 1)
Question = Callable[[Connection, int, Scope, datetime, datetime], Iterable[Any]]
T = TypeVar("T")


class Look:
    """Each question is asked once for all the days from `since` on, which `reach` sets before earlier periods are
    looked at. What is kept of the `past` is not asked at all."""

    def __init__(
        self, db: Connection, workspace: int, scope: Scope, now: datetime, zone: tzinfo = UTC, past: Past | None = None
    ) -> None:
        self.db, self.workspace, self.scope, self.now, self.zone = db, workspace, scope, now, zone
        self.past: Past = past or {}
        self._since: date | None = None
        self._asked: dict[Question, tuple[datetime, datetime, list[Any]]] = {}
        self._stood: dict[tuple[Question, datetime], list[Any]] = {}
        self._kept: dict[Hashable, Any] = {}

    def reach(self, first: date | None) -> None:
        """Rows of the days since the first will be wanted too."""
        self._since = first

    def by_day(self, question: Question, stretch: Stretch) -> list[Any]:
        """The rows of a stretch, of a question whose rows tell their `day`."""
        first, last = day_number(stretch.first), day_number(stretch.last)
        return [row for row in self.between(question, stretch) if first <= row.day <= last]

    def between(self, question: Question, stretch: Stretch) -> list[Any]:
        """The rows of a stretch at least."""
        begins, ends, rows = self._asked.get(question, (self.now, self.now, []))
        if not begins <= stretch.begins or not stretch.ends <= ends:
            begins, ends = midnight(min(self._since or stretch.first, stretch.first)), max(stretch.ends, ends)
            rows = list(question(self.db, self.workspace, self.scope, begins, ends))
            self._asked[question] = (begins, ends, rows)
        return rows

    def at(self, question: Question, stretch: Stretch) -> list[Any]:
        """The rows of a question about how things stood at the end of a stretch; `now` is its other moment."""
        key = (question, stretch.ends)
        if key not in self._stood:
            self._stood[key] = list(question(self.db, self.workspace, self.scope, stretch.ends, self.now))
        return self._stood[key]

    def pipeline(self, stretch: Stretch) -> list[Any]:
        """The rows of `store.pipeline` at the end of a stretch; of some people's, those of days that have passed all in
        one question."""
        if stretch.ends >= self.now or self.scope.owners is None:
            return self.at(store.pipeline, stretch)
        last = day_number(stretch.last)
        rows = self.between(store.pipelines, Stretch(stretch.last, stretch.last, self.now))
        return [row for row in rows if row.born <= last and (row.died is None or row.died > last)]

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What two measures share, worked out once."""
        if key not in self._kept:
            self._kept[key] = make()
        found: T = self._kept[key]
        return found

    @cached_property
    def streams(self) -> list[Stream]:
        """How deals left each stage, week by week, up to the last closed week."""
        return funnel.streams(self.db, self.workspace, self.now, self.zone, owners=self.scope.owners, by=())

    @cached_property
    def stages(self) -> dict[int, Stage]:
        return {stage.number: stage for stage in crm.stages(self.db, self.workspace)}

    @cached_property
    def heard(self) -> dict[str, datetime]:
        """When rows of a kind were last told."""
        return crm.last_heard(self.db, self.workspace)

    @cached_property
    def people(self) -> dict[str, Person]:
        """The scope's roster by key, with those who left."""
        found = team.people(self.db, self.workspace, keys=self.scope.owners, active=None)
        return {one.key: one for one in found}

    @cached_property
    def clocks(self) -> Clocks:
        days = team.working_days(self.db, self.workspace)
        return Clocks(days, team.leave_of(self.db, self.workspace))

    @cached_property
    def targets(self) -> Targets:
        ids = {one.team_id for key, one in self.people.items() if key in (self.scope.owners or ())}
        teams = [one.name for one in team.teams(self.db, self.workspace, ids)]
        among = [*teams, self.scope.team]
        return Targets(store.targets(self.db, self.workspace, self.scope, among), self.scope, teams)


def day_number(day: date) -> int:
    """Whole days since 1970."""
    return (day - EPOCH).days
