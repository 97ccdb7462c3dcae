"""Subtitles: WebVTT (Zoom, Teams, Google Meet), SRT (Feishu and others) and SBV. A cue is a turn.

A cue in which two people speak is two, for who said it matters more than how it was shown.
"""

import json
import re
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass

from bot.minutes.transcripts import heads, labels
from bot.minutes.transcripts.pieces import Cue, Heard, joined, seconds, tidy

_AT = r"((?:[0-9]{1,3}:)?[0-9]{1,2}:[0-9]{1,2}(?:[.,][0-9]{1,3})?)"
_ARROW = re.compile(rf"\s{{0,9}}{_AT}\s{{0,9}}--?>\s{{0,9}}{_AT}(?:\s.*)?$")
_SBV_AT = r"([0-9]{1,3}:[0-9]{2}:[0-9]{2}\.[0-9]{1,3})"
_SBV = re.compile(rf"\s{{0,9}}{_SBV_AT},{_SBV_AT}\s*$")
_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,99})?\s([^<>\n]{0,199})>")
_TAG = re.compile(
    r"</?(?:[cibu]|ruby|rt)(?:\.[\w.-]{0,99})?>|</?(?:lang|v|font)(?:[.\s][^<>\n]{0,199})?>|<[0-9:.]{5,14}>|\{\\an?[0-9]\}"
)


@dataclass(frozen=True, slots=True)
class _Block:
    """A cue as it stands in the file, its timing read."""

    start: float
    end: float
    lines: list[str]


def read(text: str) -> Heard | None:
    """The cues of a subtitle file; None when it is none."""
    lines = text.split("\n")
    vtt = text[:200].lstrip()[:6].upper() == "WEBVTT"
    times = [(n, found) for n, line in enumerate(lines) if (found := _time(line))]
    if not times:
        return Heard("vtt", []) if vtt else None
    form = "vtt" if vtt else "srt" if "->" in times[0][1][0] else "sbv"
    first = times[0][0]
    head = lines[: first - 1 if first and lines[first - 1].strip() else first]  # the cue's own name is not part of it
    head = [line for line in head if line.strip() and not line.upper().startswith("WEBVTT")]
    people = heads.people_of(head)
    blocks = list(_blocks(lines, times, vtt))
    speakers = _speakers(blocks, {person.name for person in people})
    cues = [
        Cue(label, said, block.start, block.end) for block in blocks for label, said in _voices(block.lines, speakers)
    ]
    return Heard(form, cues, head, people)


def _time(line: str) -> re.Match[str] | None:
    if ":" not in line[:16]:
        return None
    return _ARROW.match(line) if "->" in line[:60] else _SBV.match(line[:60])


def _blocks(lines: list[str], times: list[tuple[int, re.Match[str]]], vtt: bool) -> Iterator[_Block]:
    """Each cue with its own lines. What stands right before the next timing is that cue's name."""
    ends = [n for n, _found in times[1:]] + [len(lines) + 1]
    for (n, found), end in zip(times, ends, strict=True):
        own = lines[n + 1 : end - 1]
        last = lines[end - 1] if end <= len(lines) and end - 1 > n else ""
        before = lines[end - 2].strip() if end - 2 > n else ""
        if last.strip() and not (last.strip().isdecimal() or (vtt and not before)):
            own.append(last)
        if vtt:  # a blank line ends a cue there; notes and styles follow it
            own = own[: next((k for k, line in enumerate(own) if not line.strip()), len(own))]
        yield _Block(seconds(found[1]), seconds(found[2]), own)


def _speakers(blocks: list[_Block], known: Collection[str]) -> frozenset[str]:
    """The names before a colon that are speakers."""
    first = [_untagged(line) for block in blocks for line in block.lines[:1]]
    said = Counter(found[0] for line in first if (found := labels.before_colon(line.removeprefix(">>").strip())))
    return labels.chosen(said, sum(1 for line in first if line), known)


def _voices(lines: list[str], speakers: Collection[str]) -> Iterator[tuple[str, str]]:
    """Who says what in one cue."""
    whole = "\n".join(lines)
    spoken = _metadata(whole) if whole.startswith("{") else None
    voices = [spoken] if spoken else list(_tagged(whole)) if _VOICE.search(whole) else list(_named(lines, speakers))
    for label, said in voices:
        text = joined(said)
        if text:
            yield tidy(label), text


def _metadata(whole: str) -> tuple[str, list[str]] | None:
    """What Teams writes into a cue where it exports metadata: JSON of its own."""
    with suppress(ValueError, RecursionError):
        found = json.loads(whole)
        if isinstance(found, dict) and isinstance(found.get("spokenText"), str):
            return str(found.get("speakerName") or ""), [found["spokenText"]]
    return None


def _tagged(whole: str) -> Iterator[tuple[str, list[str]]]:
    before, *rest = _VOICE.split(whole)
    yield "", _untagged(before).split("\n")
    for label, said in zip(rest[::2], rest[1::2], strict=True):
        yield label, _untagged(said).split("\n")


def _named(lines: list[str], speakers: Collection[str]) -> Iterator[tuple[str, list[str]]]:
    label: str = ""
    said: list[str] = []
    for line in map(_untagged, lines):
        turned = line.startswith(">>")  # how captions mark that somebody else speaks
        bare = line.lstrip("> ") if turned else line
        found = labels.before_colon(bare)
        if turned or (found and found[0] in speakers):
            yield label, said
            name, rest = found if found and found[0] in speakers else ("", bare)
            label, said = (_calm(name) if turned else name), [rest]
        else:
            said.append(line)
    yield label, said


def _calm(label: str) -> str:
    """Captions shout their names."""
    return label.title() if label.isupper() and len(label) > 2 else label


def _untagged(line: str) -> str:
    return _TAG.sub("", line).strip() if "<" in line or "{" in line else line.strip()
