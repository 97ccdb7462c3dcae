"""The moments of a call that a manager would jump to."""

import re
from collections.abc import Iterator

from bot.minutes.model import Minutes, Moment, MomentKind, SensitiveKind, Transcript, Turn
from bot.minutes.offline.sentences import split
from bot.minutes.offline.telling import Teller

_MONEY = re.compile(
    r"[$€£¥₹]\s?\d|\b\d[\d,.]*\s?(?:k|thousand|million|dollars?|euros?|pounds?|usd|eur|rmb|percent|"
    r"%)(?!\w)|\b(?:hundred|thousand|million)\b.{0,20}\b(?:dollars?|euros?|pounds?|a (?:year|"
    r"month))\b|"
    r"[\d一二三四五六七八九十百千两]+(?:\.\d+)?\s?(?:万|千|百)?[\d一二三四五六七八九]*\s?(?:元|"
    r"块钱|块)|[\d一二三四五六七八九十两]+(?:\.\d+)?万|价格是|报价是|一年是",
    re.IGNORECASE,
)
_MEETING = re.compile(
    r"\b(?:meet|call|demo|session|workshop|visit|talk|speak|training|pilot|trial|review)\b|约|会|演示|"
    r"拜访|上门|培训|试点|碰|聊|见面",
    re.IGNORECASE,
)
_RISK = re.compile(
    r"\b(?:worried|concern(?:ed)?|risk|deadline|delay\w*|blocker|nervous|deal-?breaker|walk away|"
    r"cancel\w*|renewal|hard stop)\b|担心|顾虑|风险|来不及|延期|过不了|卡(?:在|住)|取消|续约|到期",
    re.IGNORECASE,
)
_SURE = 0.85


def moments(transcript: Transcript, minutes: Minutes) -> tuple[Moment, ...]:
    """In the order of the call. `minutes`: what the other sections found."""
    found = {(one.kind, one.lines[0]): one for one in _found(transcript, minutes) if one.text}
    return tuple(sorted(found.values(), key=lambda one: (one.lines[0], one.kind)))


def _found(transcript: Transcript, minutes: Minutes) -> Iterator[Moment]:
    told = Teller(transcript)
    for todo in minutes.todos:
        if todo.due and _MEETING.search(todo.task):
            yield Moment(MomentKind.NEXT_STEP, todo.task, todo.lines)
        elif todo.owner and todo.confidence >= _SURE:
            yield Moment(MomentKind.COMMITMENT, todo.task, todo.lines)
    for term in minutes.sensitive:
        if term.kind is SensitiveKind.COMPETITOR:
            turn = transcript.turns[term.lines[0]]
            yield _of(told, turn, MomentKind.COMPETITOR, re.compile(re.escape(term.term)))
    for turn in transcript.turns:
        for kind, pattern in ((MomentKind.PRICE, _MONEY), (MomentKind.RISK, _RISK)):
            if pattern.search(turn.text[:20_000]):
                yield _of(told, turn, kind, pattern)


def _of(told: Teller, turn: Turn, kind: MomentKind, pattern: re.Pattern[str]) -> Moment:
    """The sentence of a turn that the pattern stands in."""
    said = next((text for text in split(turn.text[:20_000]) if pattern.search(text)), turn.text[:300])
    return Moment(kind, told(said, turn.speaker), (turn.i,))
