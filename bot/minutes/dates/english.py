"""English dates: "by next Tuesday 3pm", "before the 12th", "end of the month", "in two weeks", "before Christmas"."""

import re
from dataclasses import replace
from datetime import date, time
from itertools import pairwise

from bot.minutes.dates import festivals, when
from bot.minutes.dates.when import Due, Found
from bot.team.said_dates import days_said

_WEEKDAYS = "mon tue wed thu fri sat sun"
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?-i:Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun)\b"
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_MONTH = (
    r"january|february|(?-i:March|May|Mar\.?)|april|june|july|august|september|october|november|december|"
    r"(?-i:Jan|Feb|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?"
)
_NUMBERS = "zero one two three four five six seven eight nine ten eleven twelve"
_NUMBER = rf"[0-9]{{1,3}}|(?:a )?couple(?: of)?|an?|{'|'.join(_NUMBERS.split()[1:])}"
_UNIT = r"(?:(?:business|working|work) )?(?:hour|day|week|fortnight|month)s?"
_ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
]
_ORDINALS += [f"twenty-{word}" for word in _ORDINALS[:9]] + ["thirtieth", "thirty-first"]
_ORDINAL = "|".join(sorted((word.replace("-", "[- ]") for word in _ORDINALS), key=len, reverse=True))
_DAY = rf"(?:[0-3]?[0-9](?:st|nd|rd|th)?|(?:{_ORDINAL})\b)"
_HALF = r"(?:[ap]m\b|[ap]\.m\.?)"
_CLOCK = (
    rf"(?:[01]?[0-9]|2[0-3])[:.][0-5][0-9](?: ?{_HALF})?|(?:1[0-2]|0?[1-9]) ?{_HALF}|noon|midday|midnight|"
    rf"(?:1[0-2]|[1-9]|{'|'.join(_NUMBERS.split()[1:])}) o['’]?clock"
)
_PARTS = r"early morning|morning|afternoon|evening|night|eod|cob|end of (?:the )?day|close of business|lunch(?:time)?"


def _spaced(form: str) -> str:
    """A form for use where spaces in patterns do not count."""
    return form.replace(" ", r"\ ")


_FORM = re.compile(
    rf"""\b
    (?P<before>(?:no\ later\ than|not\ later\ than|by|before|until|till|on|for|at|due|from|starting(?:\ on)?|
        starts?(?:\ on)?|beginning(?:\ on)?|as\ of|since|last|past|previous|after|ahead\ of|
        prior\ to|every|each)\ (?:on\ )?)?
    (?:(?P<first>{_spaced(_CLOCK)})(?:\ on|,)?\ )?
    (?:the\ )?(?:(?:early|late|first\ thing|(?:close|end)\ of\ (?:business|(?:the\ )?day)|eod|cob)(?:\ on|,)?\ )?
    (?:
      (?P<relative>day\ after\ tomorrow|tomorrow|tmrw|today|tonight|this\ (?:morning|afternoon|evening)|eod|cob|
        (?:end|close)\ of\ (?:the\ |this\ )?(?:business(?:\ day)?|(?:work(?:ing)?\ )?day))
    | (?P<edge>end|close|beginning|start|middle|mid|last\ week)(?!\ the\ )[- ](?:of\ )?
        (?:(?P<edge_of>this|next|the\ following|the|each|last)\ )?
        (?:(?P<edge_unit>week(?!end)|month|quarter|year)|(?P<edge_q>q[1-4])|(?P<edge_month>{_spaced(_MONTH)}))\b
    | (?P<short>eow|eom|eoq|eoy|month[- ]end|quarter[- ]end|year[- ]end)
    | (?P<week_of>this|next|the\ following)\ week(?:\ on|,)?\ (?P<week_day>{_spaced(_WEEKDAY)})
    | (?:(?P<which>this\ coming|this|next|coming|following)\ )?(?P<weekday>{_spaced(_WEEKDAY)})
        (?:(?:\ of)?\ (?P<day_of>this|next)\ week|(?P<after>\ week\b|\ after\ next\b))?
    | (?P<span_of>this\ time\ next|this|next|following|coming)
        \ (?P<span>weekend|week|month|quarter|year)\b(?!\ (?:on|we)\ )
    | (?P<over>week|month|quarter|year)\ is\ (?:out|over|up|through)\b
    | (?P<span2>weekend|week\ after\ next)
    | (?:in|within|over)\ (?:the\ next\ |the\ |another\ )?(?P<count>{_spaced(_NUMBER)})[ ]
        (?P<unit>{_spaced(_UNIT)})\b(?:'?\ time)?
    | (?P<count2>{_spaced(_NUMBER)})\ (?P<unit2>{_spaced(_UNIT)})
        (?:\ from|\ on|(?<=week)|(?<=weeks)|(?<=fortnight))[ ]
        (?P<from>now|today|tomorrow|{_spaced(_WEEKDAY)})
    | (?P<iso>20[0-9]{{2}}-[01]?[0-9]-[0-3]?[0-9])(?![0-9])
    | (?P<slash>[0-3]?[0-9]/[0-3]?[0-9](?:/(?:20)?[0-9]{{2}})?)(?![0-9/])
    | (?P<dated>(?:{_spaced(_MONTH)})\ (?:the\ )?{_DAY}(?![0-9:])(?:,?\ 20[0-9]{{2}})?|
        {_DAY}\ (?:of\ )?(?:{_spaced(_MONTH)})(?:,?\ 20[0-9]{{2}})?)
    | (?P<nth>[0-3]?[0-9](?:st|nd|rd|th))(?:\ of\ (?P<nth_of>this|next)\ month)?
        (?!\ (?:of|percent|quarter|time|floor|version))
    | (?P<word>{_spaced(_ORDINAL)})
        (?=\W*$|[,.;:!?]|\ (?:is|at|of\ (?P<word_of>this|next)\ month|then|latest|if|and|so)\b)
    | (?P<festival>{_spaced(festivals.ENGLISH)})
    )
    (?:,?(?:\ (?:at|by|before|around|about|@))?\ (?P<last>{_spaced(_CLOCK)})|
       \ at\ (?P<hour>1[0-2]|[1-9]|{"|".join(_NUMBERS.split()[1:])})\b(?!\ ?(?:%|percent|of\b|[:.,]?[0-9]))|
       (?:,|\ in\ the|\ by|\ at)?\ (?:{_spaced(_PARTS)})\b)?
    (?:\ (?P<late_of>this|next)\ week)?
    (?![\w/])""",
    re.VERBOSE | re.IGNORECASE,
)
_TODAY_BY = re.compile(rf"\b(?:by|before) (?P<last>{_CLOCK})(?!\w)", re.IGNORECASE)
_OR = re.compile(r"\W*(?:or|and)?\W*", re.IGNORECASE)
_BARE = re.compile(rf"(?:on |at |by )?(?:{_WEEKDAY})", re.IGNORECASE)
_PAST = ("since", "last", "past", "previous", "after", "every", "each")
_BEGIN = ("from", "start", "begin", "as of")
_LESS = ("before", "ahead of", "prior to")


def find(text: str, on: date, calendar: str) -> list[Found]:
    """The dates of an English text."""
    found: list[Found] = []
    for said in _FORM.finditer(text):
        before = (said["before"] or "").lower().strip()
        if said["slash"] and not before:  # a third, or all day and night
            continue
        if said["word"] and not re.search(r"\b(?:by|before|until|till|on|for)\b", before):  # else the first of many
            continue
        if before.startswith(_PAST) or re.match(r" ago\b| after (?:that|this|the|we|I|you)\b", text[said.end() :]):
            continue
        at = _time(said["first"] or said["last"] or said["hour"] or "")
        day = _day(said, on, calendar)
        if day and before.startswith(_LESS) and _whole_day(said) and not at:
            day = when.days(day, -1)
        if day and day >= on:
            starts = before.startswith(_BEGIN) and said["edge"] is None
            found.append(Found(said[0].strip(), said.span(), Due(day, at), starts))
    found = _same_week(text, found, on)
    taken = [one.span for one in found]
    for said in _TODAY_BY.finditer(text):
        at = _time(said["last"])
        if at and not any(start <= said.start() < end for start, end in taken):
            found.append(Found(said[0], said.span(), Due(on, at)))
    return found


def _same_week(text: str, found: list[Found], on: date) -> list[Found]:
    """ "Tuesday or Wednesday next week": both are of that week."""
    for n, (one, other) in enumerate(pairwise(found)):
        between = text[one.span[1] : other.span[0]]
        ahead = other.phrase.lower().endswith("next week") and "next" not in one.phrase.lower()
        if ahead and _OR.fullmatch(between) and _BARE.match(one.phrase):
            day = when.of_week(on, 1, one.due.day.weekday())
            found[n] = replace(one, due=replace(one.due, day=day)) if day else one
    return found


def _whole_day(said: re.Match[str]) -> bool:
    """Whether "before" it means the day before: before the 12th, not before the end of the month."""
    return any(said[name] for name in ("weekday", "week_day", "iso", "slash", "dated", "nth", "word", "festival")) or (
        (said["relative"] or "").lower() in ("tomorrow", "tmrw", "day after tomorrow")
    )


def _day(said: re.Match[str], on: date, calendar: str) -> date | None:
    for name, read in (
        ("weekday", _weekday),
        ("week_day", _weekday),
        ("edge", _edge),
        ("span_of", _span),
        ("nth", _nth),
        ("word", _word),
    ):
        if said[name]:
            return read(said, on)
    count, unit = said["count"] or said["count2"], (said["unit"] or said["unit2"] or "").lower()
    if count:
        return _offset(_number(count), unit, _origin(said["from"] or "", on), calendar)
    if said["relative"]:
        word = said["relative"].lower()
        return when.days(on, {"day after tomorrow": 2, "tomorrow": 1, "tmrw": 1}.get(word, 0))
    if over := said["over"] or said["short"]:
        return _end({"w": "week", "m": "month", "q": "quarter", "y": "year"}[_initial(over)], on, 0)
    if said["span2"]:
        return when.of_week(on, *((0, 6) if said["span2"].lower() == "weekend" else (2, 4)))
    if said["slash"]:
        return _slash(said["slash"], on, calendar)
    if said["festival"]:
        return festivals.next_festival(said["festival"], on, calendar)
    return _written(said["iso"] or said["dated"], on)


def _word(said: re.Match[str], on: date) -> date | None:
    ahead, day = said["word_of"], _ordinal(said["word"])
    return when.of_month(on, int(ahead.lower() == "next"), day) if ahead else _written(f"{day}th", on)


def _ordinal(word: str) -> int:
    return _ORDINALS.index(word.lower().replace(" ", "-")) + 1


def _initial(short: str) -> str:
    return short[2].lower() if short.lower().startswith("eo") else short[0].lower()


def _written(text: str, on: date) -> date | None:
    text = re.sub(rf"\b(?:{_ORDINAL})\b", lambda m: f"{_ordinal(m[0])}th", text, flags=re.IGNORECASE)
    found = days_said(re.sub(r"\bthe |\.", "", text.lower()).replace("sept ", "sep "), on)
    return (found.first if found else None) if re.search(r"[0-9]{4}", text) else when.coming(found, on)


def _weekday(said: re.Match[str], on: date) -> date | None:
    weekday = _WEEKDAYS.split().index((said["weekday"] or said["week_day"])[:3].lower())
    which = (said["which"] or said["day_of"] or said["late_of"] or said["week_of"] or "").lower()
    if said["after"]:  # "Tuesday week"
        return when.days(when.next_weekday(on, weekday) or on, 7)
    if which in ("next", "following", "the following"):
        return when.of_week(on, 1, weekday)
    return when.of_week(on, 0, weekday) if which == "this" else when.next_weekday(on, weekday)


def _edge(said: re.Match[str], on: date) -> date | None:
    which = (said["edge_of"] or "").lower()
    if which in ("last", "each"):
        return None
    ahead, edge = int("next" in which or "following" in which), said["edge"].lower()
    if said["edge_q"]:
        return when.of_quarter(on, quarter=int(said["edge_q"][1])) if edge in ("end", "close") else None
    day = {"end": 0, "close": 0, "last week": 0, "mid": 15, "middle": 15}.get(edge, 1)
    if said["edge_month"]:
        return when.of_named_month(on, _MONTHS.split().index(said["edge_month"][:3].lower()) + 1, day)
    unit = said["edge_unit"].lower()
    if unit == "month":
        return when.of_month(on, ahead, day)
    if unit == "week":
        return _end("week", on, ahead) if not day else when.of_week(on, ahead, 2 if day == 15 else 0)
    return _end(unit, on, ahead) if not day else None


def _end(unit: str, on: date, ahead: int) -> date | None:
    """A week ends on its Friday, or on its Sunday when Friday is over."""
    if unit == "week":
        friday = when.of_week(on, ahead, 4)
        return friday if friday and friday >= on else when.of_week(on, ahead, 6)
    if unit == "month":
        return when.of_month(on, ahead, 0)
    if unit == "quarter":
        return when.of_quarter(on, ahead)
    return when.of_month(on, 12 * (ahead + 1) - on.month, 0)


def _span(said: re.Match[str], on: date) -> date | None:
    if said["span_of"].lower() == "this time next":
        return {"week": when.days(on, 7), "month": when.of_month(on, 1, on.day)}.get(said["span"].lower())
    ahead = int(said["span_of"].lower() in ("next", "following", "coming"))
    unit = said["span"].lower()
    return when.of_week(on, ahead, 6) if unit == "weekend" else _end(unit, on, ahead)


def _nth(said: re.Match[str], on: date) -> date | None:
    if said["nth_of"]:
        day = int(re.sub(r"\D", "", said["nth"]))
        return when.of_month(on, int(said["nth_of"].lower() == "next"), day) if 1 <= day <= 31 else None
    return _written(said["nth"], on)


def _number(text: str) -> int:
    text = text.lower()
    if text.isdecimal():
        return int(text)
    return 2 if "couple" in text else 1 if text in ("a", "an") else _NUMBERS.split().index(text)


def _origin(text: str, on: date) -> date:
    """Where "a week from Friday" counts from."""
    if text[:3].lower() in _WEEKDAYS.split():
        return when.next_weekday(on, _WEEKDAYS.split().index(text[:3].lower())) or on
    return (when.days(on, 1) or on) if text.lower() == "tomorrow" else on


def _offset(count: int, unit: str, on: date, calendar: str) -> date | None:
    bare = unit.split()[-1].rstrip("s")
    if len(unit.split()) > 1 and bare == "day":
        return when.working_days(on, count, calendar)
    if bare == "hour":
        return when.days(on, count // 24)
    if bare == "month":
        return when.of_month(on, count, on.day)
    return when.days(on, count * {"day": 1, "week": 7, "fortnight": 14}[bare])


def _slash(text: str, on: date, calendar: str) -> date | None:
    """6/12 is in June where the calendar is American or Chinese, in December elsewhere."""
    first, second, *rest = map(int, text.split("/"))
    leads = calendar[:2] in ("", "US", "CN", "CA", "PH", "TW")
    month, day = (first, second) if (leads and first <= 12) or second > 12 else (second, first)
    year = rest[0] + (2000 if rest[0] < 100 else 0) if rest else 0
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return _written(f"{year:04}-{month}-{day}", on) if year else _written(f"{month}月{day}日", on)


def _time(text: str) -> time | None:
    text = text.lower().strip()
    if text in ("noon", "midday"):
        return time(12)
    text = re.sub(r"^[a-z]+", lambda m: str(_NUMBERS.split().index(m[0])) if m[0] in _NUMBERS.split() else m[0], text)
    found = re.match(r"([0-9]{1,2})(?:[:.]([0-9]{2}))? ?([ap])?", text)
    if not found:
        return None
    half = f"{found[3]}m" if found[3] else "am" if found[2] and len(found[1]) == 2 else ""
    return when.clock(int(found[1]), int(found[2] or 0), half if found[1] != "12" or found[3] else "pm")
