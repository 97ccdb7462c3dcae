"""What a standup that was typed says of deals: "Acme: next step quote Friday", "宏达 卡住了 价格". Pure.

Only a clause that begins with the name of one deal and goes on to say what became of it is taken; all else is left to
those who read the rest.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.standup.deals.dated import step_said
from bot.standup.deals.model import Told, What

Names = Mapping[str, frozenset[str]]
"""What deals are called, in small letters, with the keys of all that are called so."""


@dataclass(frozen=True, slots=True)
class Read:
    """`told` by the deal's key; `rest`: the text without what was taken."""

    told: Mapping[str, Told]
    rest: str


# also at a comma before the words that open another part of a standup
_CLAUSES = re.compile(
    r"([\n;；。]|\.\s|[,，]\s*(?=(?:(?:yesterday|today)\b|昨[天日]|今[天日])\s*[:：]?\s*\w))", re.IGNORECASE
)
_BULLET = re.compile(r"\s*(?:[-*•·▪◦–—]|\(?\d{1,2}[.)、．）](?!\d))?\s*")
_BETWEEN = r"[\s:：,，\-–—]*"
_HAS = r"(?:(?:is|has|got|has been|was|still|now|again|已经?|还|又|仍)\s*)*"
_SAID = (
    (What.NOTHING, r"no change|nothing new|unchanged|没变化|无变化|没有变化|没进展"),
    (What.STEP, r"next steps?|next|下一步|接下来"),
    (What.STUCK, r"stuck|blocked|卡住了?|卡在了?|卡点|卡了"),
    (What.DEAD, r"dead|lost|丢单了?|输单了?|丢了|黄了|死了|没戏了?|输了"),
    (What.MOVED, r"moved(?: on| forward| ahead| up)?|advanced|已?推进了?|往前走了|进入|有进展了?"),
)
_VERBS = [(what, re.compile(rf"{_BETWEEN}{_HAS}(?P<verb>{said})(?![a-z])", re.IGNORECASE)) for what, said in _SAID]
_TO = re.compile(r"\s*(?:to|into|到了?|至)?\s*(?:the )?", re.IGNORECASE)
_NEXT_STAGE = r"next stage|下一?个?阶段"
_STEP = re.compile(rf"{_BETWEEN}(?:next steps?|next|下一步|接下来)?{_BETWEEN}", re.IGNORECASE)


def read(text: str, names: Names, onward: Mapping[str, str], today: date) -> Read:
    """What is said of deals. `onward`: the name of the stage behind each deal's own, by the deal's key."""
    told: dict[str, Told] = {}
    rest: list[str] = []
    pieces = _CLAUSES.split(text)
    for clause, mark in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
        found = _clause(clause, names, onward, today)
        if found:
            told[found[0]] = found[1]
        else:
            rest.append(clause + mark)
    return Read(told, "".join(rest) if told else text)


def _clause(clause: str, names: Names, onward: Mapping[str, str], today: date) -> tuple[str, Told] | None:
    bullet = _BULLET.match(clause)
    clause = clause[bullet.end() if bullet else 0 :].strip()
    key, after = head(clause, names)
    if not key:
        return None
    for what, verb in _VERBS:
        found = verb.match(after)
        if not found:
            continue
        line = after[found.end() :]
        if what is What.MOVED:
            step = _moved(line, onward.get(key, ""))
            return None if step is None else (key, Told(what, step))
        if what is What.DEAD and re.match(r"\s+(?:to|against)\b", line):  # lost to whom
            line = found["verb"] + line
        line = re.sub(r"^\s+(?:on|at|with|by|in)\s+", "", line).strip(" :：,，-–—了.")
        # without a word more, the clause itself says what it is stuck on or why it is dead
        return key, Told(what, line or (clause if what in (What.STUCK, What.DEAD) else ""))
    line = after.lstrip(" :：")
    if re.match(r"\s*[:：]", after) and step_said(line, today).on:
        return key, Told(What.STEP, line)
    return None


def _moved(line: str, stage: str) -> str | None:
    """What follows "moved": the next step, if one is said; None when it moved to anything but the next stage."""
    found = _TO.match(line)
    there = line[found.end() if found else 0 :]
    place = re.match(rf"(?:{_NEXT_STAGE}|{re.escape(stage)})(?:阶段|了| stage)*(?![a-z])", there, re.IGNORECASE)
    if place and place.end():
        line = there[place.end() :]
    elif not re.match(r"\s*(?:$|[,，.:：\-–—])", line):
        return None
    return _STEP.sub("", line, count=1).strip(" .")


def head(clause: str, names: Names) -> tuple[str, str]:
    """The key of the one deal whose name, or the beginning of its name, a clause begins with, and what follows; "" and
    the clause when there is none, or several."""
    small = clause.casefold()
    if len(small) != len(clause):
        return "", clause
    for end in range(min(len(small), max(map(len, names), default=0)), 1, -1):
        said = small[:end]
        if _ends(small, end) and not said[-1].isspace():
            meant = {key for name, keys in names.items() if name.startswith(said) and _ends(name, end) for key in keys}
            if meant:
                return (next(iter(meant)), clause[end:]) if len(meant) == 1 else ("", clause)
    return "", clause


def mentioned(text: str, names: Names) -> str:
    """The key of the one deal whose name stands in a text, or begins it; "" when there is none, or several."""
    key, _after = head(text.strip(), names)
    small = text.casefold()
    meant = {
        keys
        for name, keys in names.items()
        if len(name) > 1
        for at in [small.find(name)]
        if at >= 0 and _ends(small, at + len(name)) and _ends(small[::-1], len(small) - at)
    }
    whole = {one for keys in meant for one in keys}
    return key or (next(iter(whole)) if len(whole) == 1 else "")


def _ends(text: str, end: int) -> bool:
    """Whether a word may end there: not between two letters or digits of a script that parts its words by spaces."""
    return end >= len(text) or not (_spaced(text[end - 1]) and _spaced(text[end]))


def _spaced(letter: str) -> bool:
    return letter.isalnum() and not "\u2e80" <= letter <= "\u9fff"
