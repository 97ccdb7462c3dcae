"""Working time as a number: working days since a Monday, and the share that has passed of the day's nine hours."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

OPENS, MINUTES = 9 * 60, 9 * 60  # from nine to six
_CLOCK = [f"T{minute // 60:02}:{minute % 60:02}:00" for minute in range(OPENS, OPENS + MINUTES)]


def day(first: date, workday: float) -> date:
    """The date of a working day, counted from a Monday."""
    weeks, rest = divmod(int(workday), 5)
    return first + timedelta(days=7 * weeks + rest)


class Clock:
    """Working time in one zone as it is written in files, for so many working days from a Monday on."""

    def __init__(self, zone: str, first: date, workdays: int) -> None:
        self._zone, self._first = ZoneInfo(zone), first
        dates = [day(first, n) for n in range(workdays)]
        self.dates = [found.isoformat() for found in dates]
        self._offsets = [_offset(found, self._zone) for found in dates]

    def text(self, at: float) -> str:
        """`2026-06-11T09:30:00+08:00`"""
        whole = int(at)
        return self.dates[whole] + _CLOCK[int((at - whole) * MINUTES)] + self._offsets[whole]

    def at(self, moment: datetime) -> float:
        """The working time that it is then; a weekend counts as the morning after it."""
        local = moment.astimezone(self._zone)
        weeks, weekday = divmod((local.date() - self._first).days, 7)
        if weekday >= 5:
            return (weeks + 1) * 5.0
        passed = (local.hour * 60 + local.minute - OPENS) / MINUTES
        return weeks * 5 + weekday + min(max(passed, 0.0), 0.999)


def _offset(found: date, zone: ZoneInfo) -> str:
    return datetime(found.year, found.month, found.day, 12, tzinfo=zone).isoformat()[19:]
