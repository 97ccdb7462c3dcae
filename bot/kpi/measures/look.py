"""What the measures look at: one scope of one workspace, each question asked once."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from bot.crm import service as crm
from bot.crm.model import Stage
from bot.db import Connection
from bot.kpi.measures import store
from bot.kpi.measures.hours import Clocks
from bot.kpi.measures.model import Stretch
from bot.kpi.measures.targets import Targets
from bot.kpi.model import Scope
from bot.team import service as team
from bot.team.model import Person

EPOCH = date(1970, 1, 1)
Question = Callable[[Connection, int, Scope, datetime, datetime], Iterable[Any]]
Snapshot = Callable[[Connection, int, Scope, datetime, datetime], Iterable[Any]]


class Look:
    """`back`: how far before a stretch the same question will be asked again; these rows are fetched along with it."""

    def __init__(
        self, db: Connection, workspace: int, scope: Scope, now: datetime, back: timedelta = timedelta()
    ) -> None:
        self.db, self.workspace, self.scope, self.now, self.back = db, workspace, scope, now, back
        self._stood: dict[Snapshot, tuple[datetime, list[Any]]] = {}
        self._asked: dict[Question, tuple[datetime, datetime, list[Any]]] = {}

    def by_day(self, question: Question, stretch: Stretch) -> list[Any]:
        """The rows of a stretch, of a question whose rows tell their `day`."""
        first, last = day_number(stretch.first), day_number(stretch.last)
        return [row for row in self.between(question, stretch) if first <= row.day <= last]

    def between(self, question: Question, stretch: Stretch) -> list[Any]:
        """The rows of a stretch at least."""
        begins, ends, rows = self._asked.get(question, (self.now, self.now, []))
        if not begins <= stretch.begins or not stretch.ends <= ends:
            begins, ends = stretch.begins - self.back, stretch.ends
            rows = list(question(self.db, self.workspace, self.scope, begins, ends))
            self._asked[question] = (begins, ends, rows)
        return rows

    def at(self, question: Snapshot, stretch: Stretch) -> list[Any]:
        """The rows of a question about how things stood at the end of a stretch."""
        if self._stood.get(question, (None,))[0] != stretch.ends:
            rows = list(question(self.db, self.workspace, self.scope, stretch.ends, self.now))
            self._stood[question] = (stretch.ends, rows)
        return self._stood[question][1]

    @cached_property
    def stages(self) -> dict[int, Stage]:
        return {stage.number: stage for stage in crm.stages(self.db, self.workspace)}

    @cached_property
    def heard(self) -> dict[str, datetime]:
        """When rows of a kind were last told."""
        return crm.last_heard(self.db, self.workspace)

    @cached_property
    def people(self) -> dict[str, Person]:
        """The roster by key, with those who left."""
        return {one.key: one for one in team.people(self.db, self.workspace, active=None)}

    @cached_property
    def clocks(self) -> Clocks:
        days = team.working_days(self.db, self.workspace)
        return Clocks(days, team.leave_of(self.db, self.workspace))

    @cached_property
    def targets(self) -> Targets:
        names = {one.id: one.name for one in team.teams(self.db, self.workspace)}
        teams = {key: names.get(one.team_id, "") for key, one in self.people.items()}
        return Targets(store.targets(self.db, self.workspace), self.scope, teams)


def day_number(day: date) -> int:
    """Whole days since 1970."""
    return (day - EPOCH).days
