"""Leave as people say it in chat, in English and Chinese: "off until Friday", "明天下午请假". Pure.

The whole text must be understood, else the answer is None: a leave that was misread is worse than a question.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta

from bot.team.model import Leave
from bot.team.said_dates import Days, days_said

LONGEST = 366  # days; more is a slip of the pen
MOST = 200  # characters; nobody says leave in more

_CUE = re.compile(
    r"\b(?:out of office|on leave|on vacation|on holiday|annual leave|sick leave|not working|won't be in|not in|"
    r"vacation|holiday|leave|ooo|off|away|out|sick|pto)\b"
    r"|请个?假|请(?=(?:半|[一二两三四五六七八九十\d]+)[天日个周])|休年假|休病假|休假|年假|病假|事假|调休|放假|不在|不上班|休息"
)
_FILLER = re.compile(
    r"\b(?:i'm|i am|i'll be|i will be|i'll|i will|i|be|am|please|taking|take|having|have|going|day|all day|the|"
    r"work|for now|whole)\b|^我(?=[^们])|[想要请]?(?:全天|一整天)|我要|我想|我|想|要|需要|打算|请|一下|的|了|假$"
)
_HALF = re.compile(r"\b(?:a )?half (?:a )?(?:day)?\b|半天")
_SICK = re.compile(r"\bsick(?: leave)?\b|病假")
_BACK_EN = re.compile(
    r"^(?P<from>.*?)[\s,;]*\b(?:and )?(?:i'll be |i will be |i'm |i am )?back (?:at work |in )?(?:on )?(?P<on>.+)$"
)
_BACK_ZH = re.compile(
    r"^(?P<from>.*?)[\s,，、]*(?P<on>[^,，、\s]+?)(?:才|再|就)?(?:回来|返岗|复工|回公司|上班|回岗|回)(?:上班)?$"
)


def read_leave(text: str, today: date, person_id: int = 0) -> Leave | None:
    """The leave that a message asks for, or None when it does not, or not clearly.

    "until Friday" includes Friday; "back on Monday" ends the day before. What follows the last comma may be the
    reason: "off tomorrow, dentist". `today` is the person's own date.
    """
    return _first(text, today, person_id, cue=True)


def dates_said(text: str, today: date, person_id: int = 0) -> Leave | None:
    """The same where leave is meant already, as after `/leave`: "until Friday", "明天下午"."""
    return _first(text, today, person_id, cue=False)


def _first(text: str, today: date, person_id: int, *, cue: bool) -> Leave | None:
    if len(text) > MOST:
        return None
    for said, reason in _with_reason(" ".join(text.split())):
        found = _read(_plain(said), today, cue=cue)
        if found and found.first <= found.last and (found.last - found.first).days < LONGEST:
            sick = _SICK.search(_plain(said))
            return Leave(person_id, found.first, found.last, found.part, reason or (sick[0] if sick else ""))
    return None


def _with_reason(text: str) -> Iterator[tuple[str, str]]:
    yield text, ""
    for found in re.finditer(r"[,，;；:：。(（]| because (?:of )?|因为", text):
        yield text[: found.start()], text[found.end() :].strip(" ,，。.)）")


def _plain(text: str) -> str:
    """Lower case, one kind of dash and apostrophe, no full stop at the end."""
    text = unicodedata.normalize("NFKC", text).lower()
    text = re.sub(r"\s*[‐-―~〜−]+\s*|--+", "-", text).replace("’", "'")
    return " ".join(text.split()).strip(" .。")


def _read(said: str, today: date, *, cue: bool) -> Days | None:
    for back in (_BACK_EN, _BACK_ZH):
        found = back.match(said)
        if found:
            return _until_back(found["from"], found["on"], today, cue=cue)
    if cue and not _CUE.search(said):
        return None
    return days_said(_bare(said), today)


def _until_back(before: str, on: str, today: date, *, cue: bool) -> Days | None:
    """From what was said first, or today, to the day before the return."""
    returns = days_said(on, today + timedelta(days=1))  # "back on Monday", said on a Monday, is the next one
    start = days_said(_bare(before), today) if _bare(before) else Days(today, today)
    if not returns or returns.part or not start or start.part or (before and cue and not _CUE.search(before)):
        return None
    if returns.first <= start.first or re.search(r"\btoday\b|今天", on):
        return None
    return Days(start.first, returns.first - timedelta(days=1))


def _bare(said: str) -> str:
    """What is left for the dates once the words around them are gone. A half day must say which half elsewhere."""
    said = _CUE.sub(" ", said)
    halved = bool(_HALF.search(said))
    said = _FILLER.sub(" ", _HALF.sub(" ", said))
    said = " ".join(said.split()).strip(" ,，、")
    return f"half {said}" if halved else said
