"""What a file says about its call before the first utterance, and in its name: title, day, who took part."""

import re
from datetime import date

from bot.minutes.transcripts import labels
from bot.minutes.transcripts.pieces import Someone, tidy

_MOST = 60  # lines of a head that are looked at, each to its first 300 characters
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DATES = [
    re.compile(
        r"(?<!\d)(?P<year>(?:19|20)\d\d)\s{0,2}[-/.年_]\s{0,2}(?P<month>\d{1,2})\s{0,2}[-/.月_]\s{0,2}(?P<day>\d{1,2})(?!\d)"
    ),
    re.compile(r"(?<!\d)(?P<year>20\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?!\d)"),
    re.compile(
        rf"\b{_MONTH}\s{{1,2}}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s{{1,2}}(?P<year>(?:19|20)\d\d)\b", re.IGNORECASE
    ),
    re.compile(
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s{{1,2}}{_MONTH},?\s{{1,2}}(?P<year>(?:19|20)\d\d)\b",
        re.IGNORECASE,
    ),
]
_KEY = re.compile(r"^(?:\*\*|__)?([^:：*]{1,40}?)(?:[:：](?:\*\*|__)?|(?:\*\*|__)[:：])\s*(.*)$")
_TITLES = ("title", "meeting title", "meeting", "subject", "topic", "主题", "会议主题", "会议名称", "标题")
_WHEN = (
    "date",
    "meeting date",
    "time",
    "start time",
    "started",
    "日期",
    "会议日期",
    "会议时间",
    "时间",
    "开始时间",
    "录制时间",
)
_WHO = (
    "participants",
    "attendees",
    "speakers",
    "invited",
    "参会人",
    "参会人员",
    "参与人",
    "与会人",
    "与会人员",
    "参会者",
)
_MEET = re.compile(r"^(.{1,200}?)(?:\s[-–—]\s(?:19|20)\d\d/\d\d.{0,40}?)?\s[-–—]\sTranscript$", re.IGNORECASE)
_NOT_TITLE = re.compile(r"[|｜]|^(?:WEBVTT|Kind|Language|NOTE|STYLE|Transcript)\b|^\d+$|^-{3,}$")


def title_of(head: list[str]) -> str:
    """What the call is called, or ""."""
    lines = _lines(head)
    for line in lines:
        meet, named = _MEET.match(line), _KEY.match(line)
        if meet:
            return meet[1]
        if named and named[1].strip().casefold() in _TITLES and named[2]:
            return named[2].strip(" *")
    first = next((line for line in lines if line.startswith("# ")), None)
    first = first or next(iter(lines), "")
    bare = first.lstrip("# ").strip(" *")
    if bare.casefold() in labels.HEAD_KEYS:
        return ""
    keyed = _KEY.match(bare)
    if keyed and labels.possible(keyed[1]) and first.startswith("#"):
        return bare[:200]
    if keyed or day_in(bare) or _NOT_TITLE.search(bare) or "," in bare or "、" in bare:
        return ""
    return bare[:200]


def day_of(head: list[str], name: str) -> date | None:
    """The day of the call: where the head says so by name, else anywhere in it, else in the file's name."""
    lines = _lines(head)
    keyed = [found[2] for found in map(_KEY.match, lines) if found and found[1].strip().casefold() in _WHEN]
    return next(filter(None, map(day_in, [*keyed, *lines, name[-200:]])), None)


def day_in(text: str) -> date | None:
    """The first date of a text that is written whole, with its year."""
    for form in _DATES:
        for found in form.finditer(text):
            said = found.groupdict()
            month = _MONTHS.index(said["name"].lower()) + 1 if "name" in said else int(said["month"])
            try:
                return date(int(said["year"]), month, int(said["day"]))
            except ValueError:
                continue
    return None


def people_of(head: list[str]) -> list[Someone]:
    """Who took part, from a list under its heading or behind it."""
    found: list[Someone] = []
    listing = False
    for line in _lines(head):
        keyed = _KEY.match(line)
        heading = (keyed[1] if keyed else line).strip(" *#").casefold()
        if heading in _WHO:
            listing = True
            found += _listed(keyed[2]) if keyed else []
        elif listing and (line.startswith(("-", "*", "•")) or (not keyed and heading not in labels.HEAD_KEYS)):
            found += [_someone(line.lstrip("-*• "))] if line[0] in "-*•" else _listed(line)
        else:
            listing = False
    return [person for person in found if person.name]


def _listed(text: str) -> list[Someone]:
    """Names between commas, those inside brackets left alone."""
    return [
        _someone(part)
        for part in re.split(r"[,，、;；](?![^(（]{0,200}[)）])", text.strip(" *")[:2000])
        if part.strip()
    ]


def _someone(text: str) -> Someone:
    return Someone(*labels.split(text.strip()[: labels.LONGEST * 2]))


def _lines(head: list[str]) -> list[str]:
    return [line for line in (tidy(line[:300]) for line in head[:_MOST]) if line]
