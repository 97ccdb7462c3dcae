"""Dates, times and numbers as the reader writes them."""

from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache

from prompts.catalogue import spoken

_DAY = {"en": "EEE d MMM", "zh": "M月d日 EEE"}
_SHORT_DAY = {"en": "d MMM", "zh": "M月d日"}
_MONTH = {"en": "LLLL y", "zh": "y年M月"}
_LONG_DAY = {"en": "EEE d MMM y", "zh": "y年M月d日 EEE"}


def day(when: date, language: str) -> str:
    """ "Thu 11 Jun"; "6月11日 周四". Of a datetime the day in its own zone."""
    return _written(when.date() if isinstance(when, datetime) else when, _DAY[spoken(language)], spoken(language))


def long_day(when: date, language: str) -> str:
    """ "Thu 11 Jun 2026"; "2026年6月11日 周四"."""
    day = when.date() if isinstance(when, datetime) else when
    return _written(day, _LONG_DAY[spoken(language)], spoken(language))


def short_day(when: date, language: str) -> str:
    """ "11 Jun"; "6月11日"."""
    return _written(when, _SHORT_DAY[spoken(language)], spoken(language))


def month(when: date, language: str) -> str:
    """ "June 2026"; "2026年6月"."""
    return _written(when, _MONTH[spoken(language)], spoken(language))


@lru_cache(maxsize=4096)
def _written(when: date, pattern: str, language: str) -> str:
    from babel.dates import format_date  # the first date pays for it

    return format_date(when, pattern, language)


def clock(when: time | datetime) -> str:
    """ "09:40", in the zone that the time is in."""
    return f"{when.hour:02}:{when.minute:02}"


def number(value: float | Decimal, language: str) -> str:
    """ "1,234" or "0.25": thousands grouped, at most two decimals. Both our languages write numbers alike."""
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def percent(share: float, language: str) -> str:
    """ "38%" of 0.38."""
    return f"{share:.0%}"
