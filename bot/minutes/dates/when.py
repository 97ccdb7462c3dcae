"""What a found date is, and the arithmetic of weeks, months and working days."""

import calendar as months
from dataclasses import dataclass
from datetime import date, time, timedelta

from bot.team import calendars
from bot.team.said_dates import Days

_FAR = 300  # days: a date without a year that lies further ahead was one of the past


@dataclass(frozen=True, slots=True)
class Due:
    """A day, with a local time when one was stated."""

    day: date
    at: time | None = None

    @property
    def iso(self) -> str:
        return f"{self.day.isoformat()}T{self.at:%H:%M}" if self.at else self.day.isoformat()


@dataclass(frozen=True, slots=True)
class Found:
    """A date as it was said. `span`: where in the text. `starts`: something begins then, it is no deadline."""

    phrase: str
    span: tuple[int, int]
    due: Due
    starts: bool = False


def days(on: date, count: int) -> date | None:
    """So many days on; None beyond what calendars hold."""
    return date.fromordinal(on.toordinal() + count) if 0 < on.toordinal() + count < date.max.toordinal() else None


def coming(said: Days | None, on: date) -> date | None:
    """A date that was said without a year, where it is ahead rather than just over."""
    return said.first if said and (said.first - on).days < _FAR else None


def of_week(on: date, weeks: int, weekday: int) -> date | None:
    """A weekday (0 is Monday) of this week or one of those after."""
    return days(on, weeks * 7 + weekday - on.weekday())


def next_weekday(on: date, weekday: int) -> date | None:
    """The first one after today."""
    return days(on, (weekday - on.weekday() - 1) % 7 + 1)


def of_month(on: date, ahead: int, day: int) -> date | None:
    """A day of this month or one of those after; 0 is the last, as is one that the month does not have."""
    year, month = divmod(on.year * 12 + on.month - 1 + ahead, 12)
    if not 1 <= year <= 9998:
        return None
    last = months.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day, last) if day else last)


def of_named_month(on: date, month: int, day: int) -> date | None:
    """The same of a month by its number: the next that is not over."""
    found = of_month(on, month - on.month, day)
    return of_month(on, month - on.month + 12, day) if found and found < on else found


def of_quarter(on: date, ahead: int = 0, quarter: int = 0) -> date | None:
    """The last day of a quarter: this one or one of those after, or the next with this number."""
    ends = quarter * 3 if quarter else (on.month + 2) // 3 * 3 + ahead * 3
    return of_named_month(on, ends, 0) if quarter else of_month(on, ends - on.month, 0)


def working_days(on: date, count: int, calendar: str) -> date | None:
    """So many working days on, by the calendar's holidays and make-up days."""
    day: date | None = on
    for _n in range(count * 3 + 30):
        if count <= 0 or day is None:
            break
        day = day + timedelta(days=1) if day < date.max else None
        count -= 1 if day and works(day, calendar) else 0
    return day if count <= 0 else None


def works(day: date, calendar: str) -> bool:
    """Whether people work then."""
    year = calendars.year_of(calendar, day.year)
    return day in year.work or (day.weekday() < 5 and day not in year.off)


def clock(hour: int, minute: int, half: str) -> time | None:
    """A time of day. `half`: am, pm, or "" where nobody said: then 1 to 6 are in the afternoon, as meetings are."""
    if not (0 <= hour <= 24 and 0 <= minute < 60):
        return None
    if hour <= 12 and half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif 1 <= hour <= 6 and not half:
        hour += 12
    return time(hour % 24, minute)
