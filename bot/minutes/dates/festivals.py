"""Holidays and lunar dates by the names that people give them, in English and Chinese."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from bot.team import calendars

# Months of the lunar years from 2020 on: bits 15-4 are months 1-12 (set: 30 days, else 29), bits 3-0 the month that is
# followed by a leap month (0: none), bit 16 the length of the leap month.
_FIRST_YEAR, _FIRST_DAY = 2020, date(2020, 1, 25)
_YEARS = [0x07954, 0x06AA0, 0x0AD50, 0x05B52, 0x04B60, 0x0A6E6, 0x0A4E0, 0x0D260, 0x0EA65, 0x0D530, 0x05AA0, 0x076A3]
_YEARS += [0x096D0, 0x04AFB, 0x04AD0, 0x0A4D0, 0x1D0B6, 0x0D250, 0x0D520, 0x0DD45, 0x0B5A0, 0x056D0, 0x055B2, 0x049B0]
_YEARS += [0x0A577, 0x0A4B0, 0x0AA50, 0x1B255, 0x06D20, 0x0ADA0]

_FIXED = {
    (1, 1): r"元旦节?|new year'?s day|the new year",
    (2, 14): r"情人节|valentine'?s day",
    (3, 8): r"三八节|妇女节",
    (5, 1): r"五一(?:劳动节|假期|长假)?|劳动节|may day",
    (6, 1): r"六一(?:儿童节)?|儿童节",
    (6, 18): r"618(?:大促)?|六一八",
    (10, 1): r"国庆(?:节|假期|长假)?|十一(?:假期|长假)|chinese national day|golden week",
    (10, 31): r"万圣节|halloween",
    (11, 11): r"双十一|双11|singles'? day",
    (12, 24): r"平安夜|christmas eve",
    (12, 25): r"圣诞节?|christmas(?: day)?|xmas",
    (12, 31): r"跨年|new year'?s eve",
}
_LUNAR = {
    (1, 1): r"春节(?:假期)?|过年|大年初一|chinese new year|lunar new year|spring festival|cny",
    (1, 15): r"元宵节?|lantern festival",
    (5, 5): r"端午节?|dragon boat(?: festival)?",
    (7, 7): r"七夕节?",
    (8, 15): r"中秋节?|mid-?autumn(?: festival)?",
    (9, 9): r"重阳节?",
    (12, 8): r"腊八节?",
    (12, 23): r"小年",
}
_LISTED = {  # by the name that calendars have; the calendar that knows it where the call's own does not
    r"清明节?|qingming|tomb-?sweeping day": ("Tomb-Sweeping", "CN"),
    r"感恩节|thanksgiving": ("Thanksgiving", "US"),
    r"labou?r day": ("Labor Day", "US"),
    r"memorial day": ("Memorial Day", "US"),
    r"independence day|(?:the )?fourth of july": ("Independence Day", "US"),
    r"national day": ("National Day", "CN"),
    r"diwali": ("Diwali", "IN"),
    r"holi": ("Holi", "IN"),
    r"good friday": ("Good Friday", "GB-ENG"),
    r"easter monday": ("Easter Monday", "GB-ENG"),
    r"easter(?: sunday)?": ("Easter", "GB-ENG"),
    r"boxing day": ("Boxing Day", "GB-ENG"),
}
_NAMES = [*_FIXED.values(), *_LUNAR.values(), *_LISTED, r"除夕(?:夜)?"]
CHINESE = "|".join(name for name in _NAMES if re.search(r"[\u4e00-\u9fff]", name))
ENGLISH = "|".join(name for name in _NAMES)


def lunar(year: int, month: int, day: int) -> date | None:
    """The day of a lunar date, in the lunar year that begins in `year`; None outside 2020-2049, or where it is none.

    Of a month that comes twice, the first is meant.
    """
    if not (0 <= year - _FIRST_YEAR < len(_YEARS) and 1 <= month <= 12 and 1 <= day <= 30):
        return None
    gone = sum(_length(info) for info in _YEARS[: year - _FIRST_YEAR])
    info = _YEARS[year - _FIRST_YEAR]
    gone += sum(_month(info, n) for n in range(1, month))
    gone += _leap(info) if 0 < info & 0xF < month else 0
    return _FIRST_DAY + timedelta(days=gone + day - 1) if day <= _month(info, month) else None


def _month(info: int, month: int) -> int:
    return 30 if info & (0x10000 >> month) else 29


def _leap(info: int) -> int:
    return (30 if info & 0x10000 else 29) if info & 0xF else 0


def _length(info: int) -> int:
    return sum(_month(info, month) for month in range(1, 13)) + _leap(info)


def next_lunar(on: date, month: int, day: int) -> date | None:
    """The first such lunar date from a day on; the thirtieth of a short month is its last day."""
    return _soonest(on, lambda year: lunar(year, month, day) or (lunar(year, month, 29) if day == 30 else None))


def next_festival(name: str, on: date, calendar: str) -> date | None:
    """The first holiday of this name from a day on."""
    name = name.lower()
    for (month, day), names in _FIXED.items():
        if re.fullmatch(names, name):
            return _soonest(on, lambda year: date(year, month, day))  # noqa: B023
    for (month, day), names in _LUNAR.items():
        if re.fullmatch(names, name):
            return next_lunar(on, month, day)
    if name.startswith("除夕"):
        return _soonest(on, lambda year: (first := lunar(year, 1, 1)) and first - timedelta(days=1))
    listed = next((listed for names, listed in _LISTED.items() if re.fullmatch(names, name)), None)
    return _soonest(on, lambda year: _listed(*listed, calendar, year)) if listed else None


def _listed(named: str, where: str, calendar: str, year: int) -> date | None:
    for place in (calendar, where):
        found = [
            day
            for day, name in calendars.year_of(place, year).off.items()
            if name.startswith(named) and "(" not in name
        ]  # not the day it is observed
        if named == "Easter" and (friday := _listed("Good Friday", where, calendar, year)):
            return friday + timedelta(days=2)
        if found:
            return min(found)
    return None


def _soonest(on: date, of_year: Callable[[int], date | None]) -> date | None:
    """The first from `on` in the years around it."""
    if not 1900 < on.year < 2200:
        return None
    dates = filter(None, map(of_year, (on.year - 1, on.year, on.year + 1)))
    return next((day for day in sorted(dates) if day >= on), None)
