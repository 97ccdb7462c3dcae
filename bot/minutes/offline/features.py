"""What a turn looks like to the linear models: its words, what it promises or asks, where it stands, who speaks."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from math import log

from bot.minutes.model import Transcript
from bot.minutes.offline import english

_WORD = re.compile(r"[a-z0-9]+(?:['’][a-z]+)?")
_MOST_WORDS = 120  # of one turn: what comes after says nothing new about it
_BINS = 20
_AROUND = 2
_ACK = re.compile(r"^(?:yeah|okay|ok|right|mm|hmm|uh|sure|yep|yes|alright|cool|fine|great|no)\b", re.IGNORECASE)
_HOST = re.compile(
    r"\b(?:agenda|next meeting|minutes|presentations?|thirty minutes|half an hour|lunch|wrap up|"
    r"let['’]s (?:move|start|go)|welcome|project manager)\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b(?:by|before|tomorrow|next (?:meeting|time|week|phase)|until|today|tonight|later|"
    r"afterwards?|minutes|monday|tuesday|wednesday|thursday|friday)\b",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\b(?:industrial designer?|user interface|interface designer?|marketing|project manager|"
    r"i_?d_?|u_?i_?d_?|m_?e_?|designer|expert|everyone|everybody|each|both of you|two of you|"
    r"you guys)\b",
    re.IGNORECASE,
)
_DECIDED = re.compile(
    r"\b(?:decided?|agreed?|agree|decision|go (?:with|for)|we['’]ll (?:have|use|go|do|keep|make)|"
    r"we['’]re (?:going|gonna)|settled?|final|definitely|so we|stick (?:with|to)|choose|chosen|"
    r"no (?:more )?|instead|conclusion|confirm\w*)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Seen:
    """A turn, counted once for every model that looks at it."""

    words: tuple[str, ...]
    cue: str
    marks: tuple[str, ...]
    speaker: str


def features(transcript: Transcript) -> list[list[str]]:
    """The features of each turn, by name."""
    seen = [_seen(turn.text, turn.speaker) for turn in transcript.turns]
    said = Counter(one.speaker for one in seen for _word in one.words)
    rank = {speaker: n for n, (speaker, _count) in enumerate(said.most_common())}
    host = _host(transcript)
    common = Counter(word for one in seen for word in set(one.words))
    return [list(_of(seen, n, rank, host, common)) for n in range(len(seen))]


def _seen(text: str, speaker: str) -> Seen:
    words = tuple(_WORD.findall(text.lower().replace("_", ""))[:_MOST_WORDS])
    cue = english.cue(text[:600], dated=False, asked=text.rstrip().endswith("?"))
    marks = {"ack": _ACK, "host": _HOST, "time": _TIME, "role": _ROLE, "decided": _DECIDED}
    found = tuple(name for name, mark in marks.items() if mark.search(text[:600]))
    return Seen(words, f"{cue.kind}{int(cue.strength * 5)}" if cue else "", found, speaker)


def _host(transcript: Transcript) -> str:
    """Who leads: whoever speaks most of agendas and next meetings."""
    led = Counter(turn.speaker for turn in transcript.turns for _hit in _HOST.findall(turn.text[:600]))
    return max(led, key=lambda name: led[name], default="")


def _of(seen: list[Seen], n: int, rank: dict[str, int], host: str, common: Counter[str]) -> Iterator[str]:
    one, whole = seen[n], len(seen)
    yield "all"
    yield from _place(n, whole)
    size = min(8, int(log(len(one.words) + 1) * 2.2))
    yield f"size {size}"
    yield f"rank {min(rank[one.speaker], 4)}"
    led = one.speaker == host
    yield f"host {led} {n * 4 // whole}"
    yield from (f"w {word}" for word in set(one.words))
    yield from (f"b {a} {b}" for a, b in zip(one.words, one.words[1:], strict=False))
    if one.words:
        yield f"first {' '.join(one.words[:2])}"
    yield from _marked(one, f"{led} {n * 4 // whole == 3}")
    for step in range(-_AROUND, _AROUND + 1):
        if step and 0 <= n + step < whole:
            yield from _beside(seen[n + step], step, one)
    rare = [log((whole + 1) / common[word]) for word in one.words]
    yield f"rare {min(8, int(sum(rare) / 6))}"
    yield from _near(seen, n)


def _place(n: int, whole: int) -> Iterator[str]:
    yield f"place {n * _BINS // whole}"
    if whole - n <= 10:
        yield "last ten"
    if whole - n <= 40:
        yield "last forty"
    if n < 20:
        yield "first twenty"


def _marked(one: Seen, where: str) -> Iterator[str]:
    if one.cue:
        yield f"cue {one.cue}"
        yield f"cue {one.cue} {where}"
    for mark in one.marks:
        yield f"mark {mark}"
        yield f"mark {mark} {where}"
    if len(one.marks) > 1:
        yield "marks " + " ".join(one.marks)


def _beside(other: Seen, step: int, one: Seen) -> Iterator[str]:
    side = "after" if step > 0 else "before"
    same = other.speaker == one.speaker
    yield f"{side} {abs(step)} same {same} size {min(6, int(log(len(other.words) + 1) * 2))}"
    if other.cue:
        yield f"{side} cue {other.cue}"
    yield from (f"{side} mark {mark}" for mark in other.marks)
    if abs(step) == 1:
        yield from (f"{side} w {word}" for word in set(other.words))


def _near(seen: list[Seen], n: int) -> Iterator[str]:
    near = seen[max(0, n - 8) : n + 9]
    for mark in ("role", "host", "time", "decided"):
        yield f"near {mark} {min(4, sum(mark in one.marks for one in near))}"
    yield f"near cues {min(4, sum(bool(one.cue) for one in near))}"
