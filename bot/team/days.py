"""Who works when: weekends, public holidays, make-up workdays, leave."""

from collections.abc import Iterable, Sequence
from datetime import date, time, timedelta

from bot.team import calendars
from bot.team.model import DayOff, Leave, Override, Person

MON_FRI = frozenset(range(5))
WEEKEND = DayOff("weekend")
LONGEST = 400  # days that we look back for a working day: beyond the longest parental leave

_Key = tuple[str, str, frozenset[int] | None, date]


class WorkingDays:
    """The working days of all calendars, as an admin's overrides change them. Keeps what it worked out once."""

    def __init__(self, overrides: Iterable[Override] = ()) -> None:
        self._overrides = {(override.calendar, override.day): override for override in overrides}
        self._worked = {(o.calendar, o.day.year) for o in self._overrides.values() if o.kind == "work"}
        self._verdicts: dict[_Key, DayOff | None] = {}

    def day_off(self, person: Person, day: date, at: time, leave: Sequence[Leave] = ()) -> DayOff | None:
        """Why `person` is not at work at `at` o'clock of `day`; None when they are.

        A weekend is said before a holiday and a holiday before leave. Without weekdays of their own a person works
        mon-fri and the calendar's make-up days; with them, only those, and make-up days add none.
        """
        key = (person.calendar, person.language, person.weekdays, day)
        try:
            off = self._verdicts[key]
        except KeyError:
            off = self._verdicts[key] = self._verdict(*key)
        if off is None and leave:
            for spell in leave:
                if spell.person_id == person.id and spell.covers(day, at):
                    return DayOff("leave", spell.reason)
        return off

    def _verdict(self, calendar: str, language: str, weekdays: frozenset[int] | None, day: date) -> DayOff | None:
        override = self._override(calendar, day)
        year = calendars.year_of(calendar, day.year, language)
        usual = day.weekday() in (MON_FRI if weekdays is None else weekdays)
        if override and override.kind == "work":
            return None if usual or weekdays is None else WEEKEND
        if not usual and (weekdays is not None or day not in year.work):
            return WEEKEND
        if override:
            return DayOff("holiday", override.name)
        return DayOff("holiday", year.off[day]) if day in year.off and day not in year.work else None

    def _override(self, calendar: str, day: date) -> Override | None:
        """The override of the region, else that of its country."""
        found = self._overrides.get((calendar, day))
        return found or self._overrides.get((calendar.partition("-")[0], day))

    def is_gazetted(self, calendar: str, year: int) -> bool:
        """False when the make-up workdays of that year are still unknown: the calendar usually has some, and
        neither the library nor an override names one."""
        if calendars.year_of(calendar, year).work or not calendars.swaps_days(calendar, year):
            return True
        return (calendar, year) in self._worked or (calendar.partition("-")[0], year) in self._worked

    def last_working_day(self, person: Person, before: date, at: time, leave: Sequence[Leave] = ()) -> date | None:
        """The newest day before `before` on which the person was at work at `at` o'clock; None within 400 days."""
        for back in range(1, LONGEST + 1):
            if before.toordinal() <= back:
                return None
            day = before - timedelta(days=back)
            if self.day_off(person, day, at, leave) is None:
                return day
        return None
