"""Public holidays and make-up workdays of a calendar, from the `holidays` library. Loaded on first use.

A calendar is a country or one of its regions: `CN`, `US-CA`, `GB-ENG` (ISO 3166).
"""

import difflib
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any

LOOK_BACK = 8  # years in which we look for the last one with make-up workdays


@dataclass(frozen=True, slots=True)
class Year:
    """One year of one calendar: the names of its holidays by date, and its make-up workdays."""

    off: Mapping[date, str]
    work: frozenset[date]


@lru_cache(maxsize=4096)
def year_of(calendar: str, year: int, language: str = "en") -> Year:
    """What the library knows of a year, names in `language` where it speaks it, else in English.

    A calendar that it does not know has neither holidays nor make-up workdays.
    """
    if not calendar or not known(calendar):
        return Year(MappingProxyType({}), frozenset())
    found = _load(calendar, year, language)
    off = {day: name for day, name in found.items() if day.year == year}
    work = frozenset(day for day in found.weekend_workdays if day.year == year)
    return Year(MappingProxyType(off), work)


def _load(calendar: str, year: int, language: str) -> Any:
    import holidays

    country, _, region = calendar.partition("-")
    speaks = _languages(country)
    wanted = ("zh_CN", "zh_TW", "en_US") if language == "zh" else ("en_US", f"en_{country}", "en")
    chosen = next((name for name in wanted if name in speaks), None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # India's says that moon-dependent days are unknown before 2001 and after 2035
        return holidays.country_holidays(country, subdiv=region or None, years=year, language=chosen)


@lru_cache(maxsize=512)
def _languages(country: str) -> tuple[str, ...]:
    import holidays

    return tuple(holidays.country_holidays(country).supported_languages)


@lru_cache(maxsize=1)
def _listed() -> Mapping[str, tuple[str, ...]]:
    import holidays

    countries = holidays.list_supported_countries(include_aliases=False)
    return {country: tuple(regions) for country, regions in countries.items()}


@lru_cache(maxsize=4096)
def known(calendar: str) -> bool:
    """Whether the library has this country, and the region where one is named."""
    country, dash, region = calendar.partition("-")
    return region in _listed().get(country, ()) if dash else country in _listed()


def nearest(calendar: str) -> str:
    """The known calendar that is written most alike, or ""."""
    country, dash, region = calendar.partition("-")
    if dash and country in _listed():
        close = difflib.get_close_matches(region, _listed()[country], n=1, cutoff=0.5)
        return f"{country}-{close[0]}" if close else country
    return next(iter(difflib.get_close_matches(country, _listed(), n=1)), "")


@lru_cache(maxsize=1024)
def swaps_days(calendar: str, year: int) -> bool:
    """Whether a calendar moves workdays to weekends as a habit, judged by the years before `year`.

    True when each of the last three years of which any make-up workday is known had at least two of them. A
    single one now and then needs no warning when the next year has none.
    """
    past = range(year - 1, year - 1 - LOOK_BACK, -1)
    last = next((earlier for earlier in past if year_of(calendar, earlier).work), None)
    return last is not None and all(len(year_of(calendar, last - back).work) >= 2 for back in range(3))
