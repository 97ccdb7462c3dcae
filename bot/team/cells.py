"""How single cells of the roster, leave and holiday files are read and written. Each reader raises `Unfit`."""

import difflib
import re
from functools import lru_cache
from zoneinfo import available_timezones

from bot.tables import Unfit, one_of
from bot.team import calendars
from bot.team.model import Role
from prompts import LANGUAGES

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CHINESE_CALENDARS = ("CN", "TW", "HK", "MO")
CHINESE_ZONES = ("Shanghai", "Chongqing", "Harbin", "Urumqi", "Hong_Kong", "Macau", "Taipei")

_YES_NO = {"yes": True, "y": True, "true": True, "1": True, "是": True}
_YES_NO |= {"no": False, "n": False, "false": False, "0": False, "否": False}
_ROLES = {role.value: role for role in Role}
_ROLES |= {"销售": Role.REP, "主管": Role.MANAGER, "支持": Role.SUPPORT, "旁听": Role.OBSERVER, "管理员": Role.ADMIN}

role = one_of(_ROLES, [role.value for role in Role])
yes_no = one_of(_YES_NO, ["yes", "no"])
part = one_of({"am": "am", "pm": "pm", "上午": "am", "下午": "pm"}, ["am", "pm"])
kind = one_of({"off": "off", "work": "work", "休": "off", "班": "work"}, ["off", "work"])


@lru_cache(maxsize=1)
def _zones() -> dict[str, str]:
    left_out = {"localtime", "posixrules", "Factory"}
    return {name.lower(): name for name in available_timezones() - left_out}


@lru_cache(maxsize=4096)
def zone(cell: str) -> str:
    """An IANA zone, in whatever case it was written."""
    asked = cell.lower().replace(" ", "_")
    if asked in _zones():
        return _zones()[asked]
    near = _nearest_zone(asked)
    if near:
        raise Unfit(lambda _: _("a time zone; did you mean {zone}?", zone=near))
    raise Unfit(lambda _: _("a time zone such as Asia/Shanghai"))


def _nearest_zone(asked: str) -> str:
    city = next((zone for zone in sorted(_zones()) if zone.rpartition("/")[2] == asked), "")
    near = [city] if city else difflib.get_close_matches(asked[:60], sorted(_zones()), n=1, cutoff=0.75)
    return _zones()[near[0]] if near else ""


@lru_cache(maxsize=4096)
def calendar(cell: str) -> str:
    """A calendar of public holidays: `CN`, `US-CA`."""
    asked = cell.upper().replace("_", "-")
    if calendars.known(asked):
        return asked
    near = calendars.nearest(asked)
    if near:
        raise Unfit(lambda _: _("a country such as CN or US-CA; did you mean {calendar}?", calendar=near))
    raise Unfit(lambda _: _("a country such as CN or US-CA, or nothing"))


def language(cell: str) -> str:
    asked = re.split("[-_]", cell.lower())[0]
    if asked in LANGUAGES:
        return asked
    raise Unfit(lambda _: _("one of {choices}", choices=", ".join(LANGUAGES)))


def usual_language(zone: str, calendar: str, default: str) -> str:
    """The language of somebody whose roster names none: Chinese by calendar, or by zone when there is none."""
    country = calendar.partition("-")[0]
    chinese = country in CHINESE_CALENDARS or (not country and zone.partition("/")[2] in CHINESE_ZONES)
    return "zh" if chinese else default


def email(cell: str) -> str:
    if re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+", cell):
        return cell
    raise Unfit(lambda _: _("an e-mail address such as li.wei@example.com"))


def weekdays(cell: str) -> frozenset[int]:
    """`mon-fri`, `sun-thu`, `mon,wed,fri`; 0 is Monday."""
    found: set[int] = set()
    for piece in re.split(r"[\s,;|、，]+", re.sub(r"\s*[-–~]\s*", "-", cell.lower())):
        first, dash, last = piece.partition("-")
        if first[:3] not in DAYS or (dash and last[:3] not in DAYS) or not _plain_days(first, last):
            raise Unfit(lambda _: _("weekdays such as mon-fri or mon,wed,fri"))
        start = DAYS.index(first[:3])
        run = (DAYS.index(last[:3]) - start) % 7 if dash else 0
        found.update((start + step) % 7 for step in range(run + 1))
    return frozenset(found)


def _plain_days(*names: str) -> bool:
    """Whether each is an English weekday, short or in full."""
    full = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return all(not name or any(len(name) >= 3 and day.startswith(name) for day in full) for name in names)


def weekdays_text(days: frozenset[int] | None) -> str:
    """The cell that `weekdays` reads back."""
    if days is None:
        return ""
    for start in range(7):
        run = [(start + step) % 7 for step in range(len(days))]
        if len(run) > 2 and days == frozenset(run) and (start - 1) % 7 not in days - {run[-1]}:
            return f"{DAYS[run[0]]}-{DAYS[run[-1]]}"
    return ",".join(DAYS[day] for day in sorted(days))
