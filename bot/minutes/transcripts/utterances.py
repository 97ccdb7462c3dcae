"""Lines of `Name: what was said`: Google Meet's text, Markdown, what people paste. A line with a name is a turn.

A line without a name goes on with the turn above it, unless a heading or a rule stands between.
"""

import re
from collections import Counter
from dataclasses import dataclass

from bot.minutes.transcripts import heads, labels
from bot.minutes.transcripts.blocks import footer
from bot.minutes.transcripts.pieces import TIME, Cue, Heard, joined, seconds

_FRONT = re.compile(rf"[\[(（]?({TIME})[\])）]?(?:\s{{0,9}}[|–—-])?\s{{0,9}}")
_BACK = re.compile(rf"\s{{0,9}}[\[(（]?({TIME})[\])）]?$")
_ALONE = re.compile(rf"[\[(（]?({TIME})[\])）]?$")
_BULLET = re.compile(r"(?:>\s?)?(?:[-*•]\s+)?")
_BOLD = re.compile(r"(\*\*|__)([^*_]{1,90}?)\s?([:：]?)\1\s?([:：]?)")
_BREAK = re.compile(r"#{1,6}\s|-{3,}$|\*{3,}$|_{3,}$|={3,}$")
_BEGINS = re.compile(
    r"[#*\s]*(?:transcript|transcription|文字记录|转写内容|逐字稿|会议记录|对话内容)[*\s]*[:：]?[*\s]*$", re.IGNORECASE
)
_HEAD = 60  # lines in which a head may end


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that could begin a turn: its label, its time when it has one, and the rest."""

    label: str
    said: str
    at: float | None = None


def read(text: str) -> Heard | None:
    """The turns of a text in which names stand before colons; None when none do."""
    lines = [line.strip() for line in text.split("\n")]
    begun = _after_head(lines)
    found = {n: line for n in range(begun, len(lines)) if (line := _line(lines[n]))}
    said = Counter(line.label for line in found.values())
    people = heads.people_of(lines[:begun])
    rows = sum(1 for line in lines[begun:] if line and not _ALONE.match(line[:20]) and not footer(line))
    speakers = labels.chosen(said, rows, {person.name for person in people})
    first = next((n for n, line in found.items() if line.label in speakers and line.said), None)
    if first is None:
        return None
    cues = _cues(lines, {n: line for n, line in found.items() if line.label in speakers}, first)
    return Heard("lines", cues, lines[:first], people or heads.people_of(lines[:first]))


def _after_head(lines: list[str]) -> int:
    """Where the head ends: at a heading such as "Transcript", a rule below known keys, or a paragraph that has them."""
    for n, line in enumerate(lines[:_HEAD]):
        if _BEGINS.match(line[:60]):
            return n + 1
    keyed = [n for n, line in enumerate(lines[:_HEAD]) if _key(line)]
    if not keyed:
        return 0
    rule = next((n for n, line in enumerate(lines[:_HEAD]) if _BREAK.match(line[:9]) and line[0] != "#"), 0)
    if rule > keyed[0]:
        return rule + 1
    return next((n for n in range(keyed[-1], len(lines)) if not lines[n]), 0) if keyed[0] < 5 else 0


def _key(line: str) -> bool:
    found = re.match(r"[#*_\s]{0,9}([^:：*]{1,40})(?:\*\*|__)?[:：]", line)
    return bool(found and found[1].strip().casefold() in labels.HEAD_KEYS)


def _line(line: str) -> _Line | None:
    """A line as label, time and words. Marks of lists, quotes and bold type are not part of them."""
    bare = line[_BULLET.match(line).end() :]  # type: ignore[union-attr]  # it matches nothing too
    front = _FRONT.match(bare)
    at = seconds(front[1]) if front else None
    bare = bare[front.end() :] if front else bare
    bold = _BOLD.match(bare)
    if bold and (bold[3] or bold[4]):
        label, said = bold[2].strip(), bare[bold.end() :].strip()
    else:
        plain = labels.before_colon(bare)
        label, said = plain or ("", "")
    back = _BACK.search(label) if label else None
    if back:
        label, at = label[: back.start()].strip(), seconds(back[1])
    return _Line(label, said, at) if label and labels.possible(label) else None


def _cues(lines: list[str], found: dict[int, _Line], first: int) -> list[Cue]:
    turns: list[tuple[_Line, float | None, list[str]]] = []
    going, at = False, None
    for n, line in enumerate(lines[first:], first):
        alone, named = _ALONE.match(line[:20]), found.get(n)
        if named:
            going = True
            turns.append((named, named.at if named.at is not None else at, [named.said]))
            at = None
        elif alone:
            at = seconds(alone[1])
        elif _BREAK.match(line) or _ends(line):
            going = False
        elif going and line and not footer(line):
            turns[-1][2].append(line)
    texts = [(line.label, joined(said), at) for line, at, said in turns]
    return [Cue(label, text, at) for label, text, at in texts if text]


def _ends(line: str) -> bool:
    """A heading of what people write below a transcript."""
    bare = line.strip("*_# :：").casefold() if line.endswith((":", "：", ":**", "：**", "**")) else ""
    return bare in labels.HEAD_KEYS
