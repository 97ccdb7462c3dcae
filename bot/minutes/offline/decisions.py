"""What was settled on a call, in the words that settle things."""

import re

from bot.minutes.model import Point, Transcript
from bot.minutes.offline.models import groups, is_meeting, scores
from bot.minutes.offline.sentences import split
from bot.minutes.offline.telling import Teller

_LIKELY = -1.15  # log odds from which a turn of a meeting decides something
_EN = re.compile(
    r"\bwe(?:['’]ve| have)? (?:all )?(?:agree|agreed|decided|settled|chosen)\b|\b(?:it['’]s|"
    r"that['’]s|is|are) (?:agreed|settled|decided|confirmed|a deal)\b|"
    r"\b(?:let['’]s|we['’]ll|we will) (?:go (?:with|for|ahead)|start with|stick (?:with|to)|"
    r"settle on|proceed)\b|\b(?:monday|tuesday|wednesday|thursday|friday|\w+) it is\b|"
    r"\b(?:i|we) decided\b|\bdeal[.!]?$|\bwe have a deal\b|\bagreed on\b|\bgo-?live (?:is|stays|will be)\b",
    re.IGNORECASE,
)
_ZH = re.compile(
    r"(?:那|就)(?:这么|这样)?(?:说)?定(?:了|在|下|好)|(?:那)?就(?:先)?(?:从|选|用|按|做|"
    r"签)[^吗？?]{1,30}|定下来|说好了|敲定|达成一致|一致同意|决定(?:了|先|用|选|在)|确定(?:了|用|选|"
    r"在)|那就[^这先][^吗？?]{0,24}(?:开始|启动|上线|试点|试用|为准)|成交|先(?:做|试|"
    r"选)[^吗？?]{1,24}(?:试点|试用)"
)
_NO = re.compile(
    r"\b(?:not|haven['’]t|hasn['’]t|didn['’]t|never|nobody|can['’]t|if)\b|定不了|没定|还没|没有|不能定|"
    r"再说|再定",
    re.IGNORECASE,
)


def decisions(transcript: Transcript) -> tuple[Point, ...]:
    """In the order of the call. In a long meeting a model finds them, elsewhere the words."""
    if is_meeting(transcript):
        return tuple(_group(transcript, lines) for lines in _likely(transcript))
    return tuple(point for point in _said(transcript) if point.text)


def _likely(transcript: Transcript) -> list[list[int]]:
    odds = scores(transcript)["decisions"]
    return groups([line for line, odd in enumerate(odds) if odd > _LIKELY], 1)


def _group(transcript: Transcript, lines: list[int]) -> Point:
    odds = scores(transcript)["decisions"]
    turn = transcript.turns[max(lines, key=lambda line: (odds[line], -line))]
    return Point(Teller(transcript)(turn.text, turn.speaker), tuple(lines))


def _said(transcript: Transcript) -> list[Point]:
    pattern = _ZH if transcript.language == "zh" else _EN
    told, found = Teller(transcript), []
    for turn in transcript.turns:
        for sentence in split(turn.text[:20_000]):
            if (match := pattern.search(sentence)) and not _NO.search(sentence[: match.end() + 10]):
                found.append(Point(told(sentence, turn.speaker), (turn.i,)))
                break
    return found
