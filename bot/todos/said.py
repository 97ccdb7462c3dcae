"""A to-do as people say it, in English and Chinese: "send the quote by Friday", "周五前给宏达发报价". Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from bot.team.said_dates import days_said

_BY = re.compile(r"^(?:(?P<before>before)|by|on|until|till|due|due on)\s+", re.IGNORECASE)
_MOST = 5  # words that a day takes at most
_CHINESE = re.compile(
    r"(?P<day>[^，,。;；：:\s]{2,9}?)(?:之前|以前|前|内)?(?=[\s，,：:]|给|把|发|交|做|完成|回|打|约|去|跟|和|提|写|寄|送|确认)"
)
_CHINESE_END = re.compile(r"[，,\s]*(?P<day>[^，,。;；：:\s]{2,9}?)(?:之前|以前|前|截止)?$")


@dataclass(frozen=True, slots=True)
class Said:
    task: str
    due: date | None = None
    phrase: str = ""


def read(text: str, today: date) -> Said:
    """What is to be done, and the day it is due when the text begins or ends with one. `today`: the speaker's own.

    "by X" is X itself, "before X" the day before it; "X前" is X.
    """
    text = " ".join(text.split()).strip(" .。")
    return _at_end(text, today) or _at_begin(text, today) or _chinese(text, today) or Said(text)


def _at_end(text: str, today: date) -> Said | None:
    parts = text.split(" ")
    for many in range(min(_MOST, len(parts) - 1), 0, -1):
        said, rest = " ".join(parts[-many:]), " ".join(parts[:-many])
        due = _day(said, today)
        if due:
            return Said(rest.rstrip(" ,;:，；："), due, said)
    return None


def _at_begin(text: str, today: date) -> Said | None:
    parts = text.split(" ")
    for many in range(min(_MOST, len(parts) - 1), 0, -1):
        said, rest = " ".join(parts[:many]), " ".join(parts[many:])
        due = _day(said.rstrip(",:，："), today)
        if due:
            return Said(rest, due, said.rstrip(",:，："))
    return None


def _chinese(text: str, today: date) -> Said | None:
    for form, begins in ((_CHINESE, True), (_CHINESE_END, False)):
        found = form.match(text) if begins else form.search(text)
        due = _day(found["day"], today) if found else None
        if found and due:
            phrase = found[0].strip(" ，,")
            task = (text[found.end() :] if begins else text[: found.start()]).strip(" ，,：:")
            if task:
                return Said(task, due, phrase)
    return None


def _day(said: str, today: date) -> date | None:
    found = _BY.match(said)
    bare = said[found.end() :] if found else said
    bare = re.sub(r"(?:之前|以前|前)$", "", bare)
    days = days_said(bare.lower(), today)
    if days is None or days.first != days.last or days.part or not bare:
        return None
    return days.first - timedelta(days=1) if found and found["before"] else days.first
