"""Dates and spans of days as people say them, in English and Chinese: "tomorrow morning", "3-5 Dec", "下周一到周三".

Pure functions of the text (lower case, one kind of dash) and today. A bare weekday is the next one, today included;
a date without a year is the one nearest, at most 30 days back.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

RECENT = timedelta(days=30)  # how far back a date without a year may lie: leave that is told afterwards

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_WEEKDAY = (
    r"(?P<weekday>mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
)
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10}
_NUMBERS |= {character: n for n, character in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
_PARTS = {"morning": "am", "am": "am", "afternoon": "pm", "pm": "pm", "上午": "am", "早上": "am", "下午": "pm"}
_TO = re.compile(r"-| (?:to|till|until|through|thru|and) |^(?:till|until|through|to) |一直到|直到|到|至")


@dataclass(frozen=True, slots=True)
class Days:
    """Both ends included. `part`: "" whole days, `am`, `pm`."""

    first: date
    last: date
    part: str = ""


def days_said(text: str, today: date) -> Days | None:
    """The days that a text names, when it says nothing else."""
    text = text.strip()
    whole = _weeks(text, today) or _lasting(text, today) or _from_to(text, today)
    return whole or _one_day(text, today)


def _one_day(text: str, today: date) -> Days | None:
    halved = text.startswith("half ")
    text = text.removeprefix("half ").strip()
    found = re.fullmatch(r"(.*?)\s*(?:in the |on the )?(morning|afternoon|am|pm|上午|早上|下午)(?: of)?(.*)", text)
    part = _PARTS[found[2]] if found else ""
    if halved and not part:
        return None
    said = f"{found[1]} {found[3]}".strip() if found else text
    day = today if found and said in ("", "this") else _day(said, today)
    return Days(day, day, part) if day else None


def _from_to(text: str, today: date) -> Days | None:
    """A to B; until B. Every place that could be the "to" is tried."""
    text = re.sub(r"^(?:from|between|从|自) ?", "", text)
    for found in _TO.finditer(text):
        before, after = text[: found.start()].strip(), text[found.end() :].strip()
        after = re.sub(r"(?:为止|止|结束)$", "", after)
        first = _day(before, today) if before else (None if found[0] == "-" else today)
        first = first or _day_of_same_month(before, after, today)
        last = _end(before, after, first, today) if first else None
        if first and last and first <= last:
            return Days(first, last)
    return None


def _day_of_same_month(before: str, after: str, today: date) -> date | None:
    """The 3 of "3-5 dec"."""
    end = re.fullmatch(rf"{_DAY} (?:of )?{_MONTH}(?P<year>,? [0-9]{{4}})?", after)
    if not end or not re.fullmatch(_DAY, before):
        return None
    return _day(f"{before} {end['month']}{end['year'] or ''}", today)


def _end(before: str, after: str, first: date, today: date) -> date | None:
    """The end of a span is read from its start on: the Wednesday after that Monday, the 5 of "dec 3-5"."""
    bare = re.fullmatch(r"([0-9]{1,2})(?:st|nd|rd|th|日|号)?(?:, ?([0-9]{4}))?", after)
    if bare:
        named = re.search(rf"{_MONTH}|月|号|[0-9]\.", before)
        return _date(int(bare[2] or first.year), first.month, int(bare[1])) if named else None
    if re.search(r"下|next|today|tomorrow|今天|明天|后天|this|本周|这周", after):
        return _day(after, today)
    return _day(after, first, nearest=False)


def _day(text: str, today: date, *, nearest: bool = True) -> date | None:
    """One day. `nearest` false: a date without a year is the first from `today` on."""
    text = re.sub(r"^on (?:the )?|^the ", "", text.strip())
    for read in (_relative, _weekday, _numeric):
        day = read(text, today)
        if day:
            return day
    return _dated(text, today, nearest)


def _relative(text: str, today: date) -> date | None:
    ahead = {"today": 0, "tomorrow": 1, "tmrw": 1, "day after tomorrow": 2}
    ahead |= {"今天": 0, "今日": 0, "明天": 1, "明日": 1, "后天": 2, "大后天": 3}
    return today + timedelta(days=ahead[text]) if text in ahead else None


def _weekday(text: str, today: date) -> date | None:
    english = re.fullmatch(rf"(?:(?P<which>this|next|coming) )?{_WEEKDAY}", text)
    chinese = re.fullmatch(r"(?P<which>本|这个?|下个?|下下个?)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])", text)
    if english:
        weekday, which = _WEEKDAYS.index(english["weekday"][:3]), english["which"] or ""
    elif chinese:
        weekday, which = min("一二三四五六日天".index(chinese["weekday"]), 6), chinese["which"] or ""
    else:
        return None
    monday = today - timedelta(days=today.weekday())
    weeks = {"next": 1, "下": 1, "下下": 2, "this": 0, "本": 0, "这": 0}.get(which.rstrip("个"))
    if weeks is None:
        return today + timedelta(days=(weekday - today.weekday()) % 7)
    day = monday + timedelta(days=weekday, weeks=weeks)
    return day if day >= today else None


def _numeric(text: str, today: date) -> date | None:
    iso = r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})"
    found = re.fullmatch(rf"{iso}|([0-9]{{4}})年([0-9]{{1,2}})月([0-9]{{1,2}})[日号]?", text)
    if not found:
        return None
    year, month, day = (found[1], found[3], found[4]) if found[1] else (found[5], found[6], found[7])
    return _date(int(year), int(month), int(day))


def _dated(text: str, today: date, nearest: bool) -> date | None:
    for form in (
        rf"{_DAY} (?:of )?{_MONTH}(?:,? (?P<year>[0-9]{{4}}))?",
        rf"{_MONTH} (?:the )?{_DAY}(?:,? (?P<year>[0-9]{{4}}))?",
        r"(?P<number>[0-9]{1,2})(?:月|\.)(?P<day>[0-9]{1,2})[日号]?",
    ):
        found = re.fullmatch(form, text)
        if found:
            said = found.groupdict()
            month = int(said["number"]) if "number" in said else _MONTHS.index(said["month"][:3]) + 1
            if said.get("year"):
                return _date(int(said["year"]), month, int(said["day"]))
            return _soonest(lambda n: (today.year + n - 1, month), int(said["day"]), today, nearest)  # noqa: B023
    found = re.fullmatch(r"([0-9]{1,2})(?:st|nd|rd|th|[号日])", text)
    if found:
        return _soonest(lambda n: divmod(today.year * 12 + today.month - 2 + n, 12), int(found[1]), today, False, 1)
    return None


def _soonest(
    month_of: Callable[[int], tuple[int, int]], day: int, today: date, nearest: bool, offset: int = 0
) -> date | None:
    """The first date of the candidate months that is not too long ago."""
    earliest = max(today.toordinal() - (RECENT.days if nearest else 0), 1)
    for n in range(12):
        year, month = month_of(n)
        found = _date(year, month + offset, day)
        if found and found.toordinal() >= earliest:
            return found
    return None


def _weeks(text: str, today: date) -> Days | None:
    """Whole weeks, to their Sunday."""
    monday = today - timedelta(days=today.weekday())
    if re.fullmatch(r"(?:all )?(?:next week|下个?(?:周|星期|礼拜)(?:一?整周)?)", text):
        return Days(monday + timedelta(days=7), monday + timedelta(days=13))
    if re.fullmatch(r"(?:all |the |rest of )*(?:this|the)? ?week|[本这]个?(?:周|星期)", text) and text != "week":
        return Days(today, monday + timedelta(days=6))
    return None


def _lasting(text: str, today: date) -> Days | None:
    """So many days or weeks in a row, from a day or from today on."""
    found = re.fullmatch(r"(?:from )?(.*?)\s*for (\w+) (days?|weeks?)(?: from (.+))?", text)
    number = "[0-9]{1,3}|[一二两三四五六七八九十]"
    found = found or re.fullmatch(rf"从?(.*?)(?:开始|起)?\s*({number})个?(天|周|星期|礼拜)()", text)
    if not found:
        return None
    said = found[1] or found[4] or ""
    first = _day(said, today) if said else today
    count = int(found[2]) if found[2].isascii() and found[2].isdigit() else _NUMBERS.get(found[2], 0)
    length = count * (1 if found[3] in ("day", "days", "天") else 7)
    if not first or not 0 < length < 1000:
        return None
    return Days(first, first + timedelta(days=length - 1))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
