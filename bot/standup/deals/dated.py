"""A next step with its date, as people say it in one line: "send the quote by Friday", "周五前发报价". Pure."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from bot.standup.deals.model import Step
from bot.team.said_dates import days_said

_BY = r"(?:by|on|before|until|till|due|for)"
_AHEAD = re.compile(rf"^{_BY}\s+", re.IGNORECASE)
_LEFT_OVER = re.compile(rf"(?:^|[\s,;:：，、。(（])\s*{_BY}?[\s,;:：，、()（）-]*$", re.IGNORECASE)
_CHINESE = re.compile(
    r"(?:在|于)?(?P<day>大后天|[今明后]天|[今明]日|(?:本|这个?|下个?|下下个?)?(?:周|星期|礼拜)[一二三四五六日天]"
    r"|(?:[0-9]{4}年)?[0-9]{1,2}月[0-9]{1,2}[日号]?|[0-9]{1,2}[日号]|(?:本|这|下)个?(?:周|星期)(?![一二三四五六日天]))"
    r"(?:上午|下午|晚上|早上)?(?P<by>之前|以前|前|内)?"
)
_MOST = 5  # words of a date: "the 3rd of June 2026"


def step_said(line: str, today: date) -> Step:
    """What is to be done and by when; the whole line, undated, where it names no day. A span of days means its last,
    "before X" the day before it, "X前" X, as in to-dos.

    The day may have passed: whoever asks decides what that means.
    """
    line = " ".join(line.split())
    for text, said in (*_in_chinese(line), *_in_words(line)):
        on = _day(said, today)
        if on:
            return Step(text or line, on)
    return Step(line)


def _in_chinese(line: str) -> Iterator[tuple[str, str]]:
    """A Chinese date stands at the beginning or the end, or is followed by 前; else it may be part of what is said."""
    for found in _CHINESE.finditer(line):
        before, after = line[: found.start()], line[found.end() :]
        if found["by"] or not before.strip() or not after.strip(" 。."):
            yield _joined(before, after), found["day"]


def _joined(before: str, after: str) -> str:
    return f"{before.strip(' ，,、：:')} {after.strip(' ，,、：:。')}".strip()


def _in_words(line: str) -> Iterator[tuple[str, str]]:
    """The last words of the line, then the first ones, the longest run first."""
    words = line.split(" ")
    for many in range(min(_MOST, len(words)), 0, -1):
        said = " ".join(words[-many:]).strip(".,;()")
        if not _price(said):
            yield _LEFT_OVER.sub("", " ".join(words[:-many])).strip(), said
    for many in range(min(_MOST, len(words)), 0, -1):
        said = " ".join(words[:many]).strip(".,;:()")
        if not _price(said):
            yield " ".join(words[many:]).strip(" :-–,"), said


def _price(said: str) -> bool:
    """Whether a bare number would be read as a date: the 3.5 of "offer a discount of 3.5"."""
    return re.fullmatch(r"[0-9]{1,2}\.[0-9]{1,2}", said) is not None


def _day(said: str, today: date) -> date | None:
    said = re.sub(r"[–—]", "-", said.lower())
    found = days_said(_AHEAD.sub("", said), today)
    if found and said.startswith("before "):
        return found.first - timedelta(days=1)
    return found.last if found else None
