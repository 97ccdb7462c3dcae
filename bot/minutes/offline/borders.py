"""Where one topic ends and the next begins: where words change, and where whoever leads the call says so."""

import re
from collections import Counter

from bot.minutes.model import Transcript
from bot.minutes.offline.centrality import Vector, dot, terms, vectors

_MOST = 2_000  # characters of one turn that are looked at
_CUE_ZH = re.compile(
    r"接下来|下一(?:个|位|项|步)|下面|请问|我们(?:再|来)(?:看|说|聊|谈)|(?:那|再)?问(?:一下|您|你|"
    r"大家)|最后|第[一二三四五六]个问题|换个|另外一个|还有(?:一个|个)|有请|进入|回到|话题|"
    r"(?:非常)?(?:感谢|谢谢)(?!大家$)|想请"
)
_CUE_EN = re.compile(
    r"\b(?:next|let['’]s (?:move|talk|go|start|look|turn|discuss)|moving on|move on|"
    r"another (?:thing|topic|question|point)|on to|agenda|last(?:ly)? (?:thing|point|item|topic)?|"
    r"finally|before we (?:go|finish|close|wrap)|what about|how about|about (?:the )?pric\w+|"
    r"turning to|switch|so,? (?:about|regarding|the)|first of all|second(?:ly)?|my question|"
    r"one more)\b",
    re.IGNORECASE,
)
_SAID = 2.5  # what a cue weighs, in deviations of the depths


def borders(transcript: Transcript) -> list[int]:
    """The last turn of each topic but the last, in order."""
    turns = transcript.turns
    if len(turns) < 8:
        return []
    zh = transcript.language == "zh"
    bags = [Counter(terms(turn.text[:_MOST])) for turn in turns]
    rows = vectors([list(bag.elements()) for bag in bags])
    depths = _depths(rows, _window(transcript))
    worth = _with_cues(transcript, depths, _CUE_ZH if zh else _CUE_EN)
    apart = max(2, len(turns) // 40)
    most = _count(transcript)
    taken: list[int] = []
    for gap in sorted(range(1, len(turns) - 2), key=lambda n: (-worth[n], n)):
        if len(taken) >= most:
            break
        if all(abs(gap - other) >= apart for other in taken):
            taken.append(gap)
    return sorted(taken)


def _count(transcript: Transcript) -> int:
    """How many borders a call has: one for so much that was said, more slowly the longer it is."""
    turns = len(transcript.turns)
    size = sum(min(len(turn.text), _MOST) for turn in transcript.turns) * (3 if transcript.language == "zh" else 1)
    return max(1, min(turns // 6, round(float((size / 1500) ** 0.62)), 14))


def _window(transcript: Transcript) -> int:
    return max(2, min(20, len(transcript.turns) // 25))


def _depths(rows: list[Vector], window: int) -> list[float]:
    """How far likeness falls at each gap, from the peaks on either side. Linear: each window slides."""
    likeness = [0.0]
    for gap in range(len(rows) - 1):
        left, right = _sum(rows[max(0, gap + 1 - window) : gap + 1]), _sum(rows[gap + 1 : gap + 1 + window])
        size = (dot(left, left) * dot(right, right)) ** 0.5
        likeness.append(dot(left, right) / size if size else 0.0)
    likeness = likeness[1:] or [0.0]
    reach = window * 2
    return [
        max(likeness[max(0, n - reach) : n + 1]) + max(likeness[n : n + reach + 1]) - 2 * one
        for n, one in enumerate(likeness)
    ] + [0.0]


def _sum(rows: list[Vector]) -> Vector:
    total: Vector = {}
    for row in rows:
        for term, weight in row.items():
            total[term] = total.get(term, 0.0) + weight
    return total


def _with_cues(transcript: Transcript, depths: list[float], cue: re.Pattern[str]) -> list[float]:
    turns = transcript.turns
    middle = sum(depths) / len(depths)
    spread = (sum((one - middle) ** 2 for one in depths) / len(depths)) ** 0.5 or 1.0
    led = Counter(turn.speaker for turn in turns if cue.search(turn.text[:_MOST]))
    host = max(led, key=lambda name: led[name], default="")
    found = []
    for n, depth in enumerate(depths):
        after = turns[min(n + 1, len(turns) - 1)]
        said = bool(
            cue.search(after.text[:300] if transcript.language == "en" else after.text[-200:] + after.text[:200])
        )
        found.append(
            (depth - middle) / spread + (_SAID if said else 0) + (_SAID / 2 if said and after.speaker == host else 0)
        )
    return found
