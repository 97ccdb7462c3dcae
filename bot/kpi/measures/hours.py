"""Working hours: how much of them lies between two moments, for somebody with a zone, a calendar and leave. Pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from bot.team.days import WorkingDays
from bot.team.model import Leave, Person

HALVES = ((time(9), time(12)), (time(12), time(18)))
"""A working day, on the owner's clock; leave may take one half of it."""
AGREED = 4.0  # working hours within which a lead is answered, where no target says otherwise
LONGEST = 400  # days that are looked through


class Clocks:
    """The working hours of many people. Keeps what it worked out once."""

    def __init__(self, days: WorkingDays, leave: Mapping[int, Sequence[Leave]]) -> None:
        self._days, self._leave = days, leave
        self._worked: dict[tuple[int, datetime, datetime], float] = {}
        self._spells: dict[tuple[int, date], list[tuple[datetime, datetime]]] = {}

    def worked(self, person: Person, begins: datetime, ends: datetime) -> float:
        """Working hours of a person from one moment to another; what lies beyond 400 days is not looked at."""
        key = (person.id, begins, ends)
        if key not in self._worked:
            self._worked[key] = self._work(person, begins, ends)
        return self._worked[key]

    def _work(self, person: Person, begins: datetime, ends: datetime) -> float:
        day, total = person.today(begins), 0.0
        last = min(person.today(ends), day + timedelta(days=LONGEST))
        while day <= last:
            for opens, closes in self._day(person, day):
                total += max((min(closes, ends) - max(opens, begins)).total_seconds(), 0.0)
            day += timedelta(days=1)
        return total / 3600

    def _day(self, person: Person, day: date) -> list[tuple[datetime, datetime]]:
        key = (person.id, day)
        if key not in self._spells:
            leave = self._leave.get(person.id, ())
            self._spells[key] = [
                (_moment(person, day, opens), _moment(person, day, closes))
                for opens, closes in HALVES
                if self._days.day_off(person, day, opens, leave) is None
            ]
        return self._spells[key]


def _moment(person: Person, day: date, at: time) -> datetime:
    return datetime.combine(day, at, person.tz).astimezone(UTC)
