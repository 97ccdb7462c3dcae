"""Blocks of a name and a time with the words below or behind: Otter, Feishu, Tencent Meeting, Zoom captions and others.

Dana Lee  0:09                      说话人 1 00:00:09行，那我们开始。              00:09 Dana Lee
Sure, let us begin.                                                          Sure, let us begin.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.minutes.transcripts import heads, labels
from bot.minutes.transcripts.pieces import TIME, Cue, Heard, joined, seconds

_TAIL = re.compile(rf"[\[(（]?({TIME})(?:\s?[AP]M)?[\])）]?\s?[:：]?$", re.IGNORECASE)
_FRONT = re.compile(rf"[\[(（]?({TIME})[\])）]?(?:\s{{1,9}}|\s{{0,9}}[|–—-]\s{{0,9}}|$)")
_INLINE = re.compile(r"[\s\u3000]{1,9}[\[(（]?([0-9]{1,3}:[0-9]{2}:[0-9]{2})[\])）]?\s?[:：]?\s?")
_FOOT = re.compile(
    r"(?:Transcribed by https?://otter\.ai|Transcription ended after .{0,40}|Meeting ended after .{0,60}|"
    r"This (?:editable )?transcript (?:was|is) .{0,200})$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Start:
    """Where a block begins: its line's number, who, when, what follows on the same line; how many lines that took."""

    line: int
    label: str
    at: float
    said: str
    lines: int = 1


@dataclass(frozen=True, slots=True)
class Found:
    """The blocks of one style. `rows`: how many lines begin one."""

    starts: list[_Start] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return len(self.starts)


def read(text: str) -> Heard | None:
    """The blocks of the style that begins most lines; None when no line looks like the beginning of one."""
    lines = [line.strip() for line in text.split("\n")]
    best = max((_starts(lines, style) for style in (_ended, _inline, _fronted)), key=lambda found: found.rows)
    stacked = _stacked(lines)
    best = max(best, stacked, key=lambda found: found.rows)
    best = best if best.rows else _timed(lines)
    return _heard(lines, best.starts) if best.rows else None


def _heard(lines: list[str], starts: list[_Start]) -> Heard:
    head = lines[: starts[0].line]
    ends = [start.line for start in starts[1:]] + [len(lines)]
    cues = []
    for start, end in zip(starts, ends, strict=True):
        below = [line for line in lines[start.line + start.lines : end] if not footer(line)]
        text = joined([start.said, *below])
        if text:
            cues.append(Cue(start.label, text, start.at))
    return Heard("blocks", cues, head, heads.people_of(head))


def footer(line: str) -> bool:
    """What a tool writes below a transcript about itself."""
    return bool(_FOOT.match(line[:300]))


Style = Callable[[str], tuple[str, float, str] | None]


def _starts(lines: list[str], style: Style) -> Found:
    """The lines that begin a block in this style. Where blocks stand apart, that is after a blank line alone."""
    found: list[_Start] = []
    for n, line in enumerate(lines):
        said = style(line) if line else None
        if said and not (found and found[-1].line == n - 1 and not found[-1].said):  # else it is what was said
            found.append(_Start(n, *said))
    after = [start for k, start in enumerate(found) if k == 0 or not lines[start.line - 1]]
    apart = len(after) * 10 >= len(found) * 8
    return Found(after if apart else found)


def _ended(line: str) -> tuple[str, float, str] | None:
    """Name, then time, then the end of the line."""
    if len(line) > labels.LONGEST + 20:
        return None
    found = _TAIL.search(line, max(0, len(line) - 24))
    label = line[: found.start()].strip(" \t\u3000-–—·|*#[]") if found else ""
    return (label, seconds(found[1]), "") if found and labels.possible(label) else None


def _inline(line: str) -> tuple[str, float, str] | None:
    """Name, time and words on one line."""
    found = _INLINE.search(line, 0, labels.LONGEST + 20)
    if not found or not line[found.end() :].strip():
        return None
    label = line[: found.start()].strip(" *[]")
    return (label, seconds(found[1]), line[found.end() :]) if labels.possible(label) else None


def _fronted(line: str) -> tuple[str, float, str] | None:
    """Time, then name, then the end of the line."""
    found = _FRONT.match(line) if len(line) <= labels.LONGEST + 20 else None
    label = line[found.end() :].strip(" *:：") if found else ""
    return (label, seconds(found[1]), "") if found and labels.possible(label) and labels.likely(label) else None


def _stacked(lines: list[str]) -> Found:
    """A name on one line, its time alone on the next, then the words: what is copied out of Teams and Fireflies."""
    alone = [n for n, line in enumerate(lines) if (found := _FRONT.match(line[:20])) and found.end() == len(line)]
    named = [n - 1 for n in alone if n and labels.possible(lines[n - 1]) and labels.likely(lines[n - 1])]
    if len(named) * 10 < len(alone) * 8:
        return Found()
    times = (_FRONT.match(lines[n + 1]) for n in named)
    return Found([_Start(n, lines[n], seconds(at[1]), "", 2) for n, at in zip(named, times, strict=True) if at])


def _timed(lines: list[str]) -> Found:
    """Times alone, each on a line of its own or before the words: nobody is named."""
    starts = [
        _Start(n, "", seconds(found[1]), line[found.end() :].strip())
        for n, line in enumerate(lines)
        if line and (found := _FRONT.match(line))
    ]
    return Found(starts) if len(starts) > 1 else Found()
