"""Whether the lines of a call bear out what a model says of them; what they do not is dropped, with the reason."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.minutes import dates
from bot.minutes.dates import Due
from bot.minutes.model import Objection, ObjectionKind, Point, Todo
from bot.minutes.modelled.parts import Part

if TYPE_CHECKING:
    from bot.minutes.modelled.asking import Reading

MOST_LINES = 8  # that one item may rest on
LONGEST = 400  # characters of an item
_CONFIDENT = 0.7
_BARE = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_OUTWARD = re.compile(
    r"https?:|www\.|\b[\w-]+\.(?:com|net|org|io|cn|example)\b|[@#＠]\w|<[^>]*>|\[[^\]]*\]\(|\{[{%]|`", re.I
)
_DATED = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|june|july|august|september|october|"
    r"november|december|tomorrow|tonight|today)\b|(?:周|星期|礼拜)[一二三四五六日天末]|明天|后天|今天|月底|年底|[一二三四五六七八九十]+月",
    re.IGNORECASE,
)
# A line that speaks to a machine rather than to people on the call.
_ORDERS = re.compile(
    r"(?:ignore|disregard|forget|override|bypass)\W+(?:\w+\W+){0,4}(?:instruction|prompt|above|previous|prior|rules?)|"
    r"\b(?:system|developer)\s*(?:prompt|message|note|override)|"
    r"(?:note|message|instruction)s?\s+(?:to|for)\s+(?:the\s+)?(?:ai|assistant|model|bot|note-?taker|summari[sz]er)|"
    r"\byou are (?:now |an? )*(?:ai|assistant|language model|bot|chatgpt)|\bas an? (?:ai|language model|assistant)\b|"
    r"</?(?:system|assistant|instructions?|user)>|\[/?INST\]|###\s*(?:instruction|system)|"
    r"(?:output|respond|reply|answer|return)\W+(?:\w+\W+){0,3}json|"
    r"\b(?:dear |hey |attention )?(?:ai|assistant|note-?taker)\s*[:,，：]|"
    r"(?:忽略|无视|忘记|不要理会|绕过).{0,12}(?:指令|提示|要求|规则|内容|设定)|系统(?:提示|指令|消息)|"
    r"(?:你|您)现在?是.{0,6}(?:AI|助手|机器人|模型)|"
    r"(?:AI|人工智能|智能|会议)?(?:助手|助理|纪要机器人)(?:请|注意|必须|，|：|,|:)|输出.{0,6}JSON",
    re.IGNORECASE,
)


class Evidence:
    """The lines of one part. `dropped`: what was dropped so far, and why."""

    def __init__(self, call: "Reading", part: Part) -> None:
        self._call, self._part = call, part
        self._people = {**{name: name for name in call.names}, **{name: name for name in call.speakers}}
        self._marks = {mark: name for name, mark in call.speakers.items()}
        self.dropped: list[tuple[str, str]] = []

    def points(self, found: Sequence[Any]) -> tuple[Point, ...]:
        made = []
        for one in found:
            lines, text = self._borne(one, "text")
            if lines:
                made.append(Point(text, lines))
        return tuple(made)

    def objections(self, found: Sequence[Any]) -> tuple[Objection, ...]:
        made = []
        for one in found:
            lines, text = self._borne(one, "text")
            if lines:
                said = str(one.get("kind", ""))
                kind = ObjectionKind(said) if said in set(ObjectionKind) else ObjectionKind.OTHER
                made.append(Objection(text, kind, lines, answered=one.get("answered") is True))
        return tuple(made)

    def todos(self, found: Sequence[Any]) -> tuple[Todo, ...]:
        made = []
        for one in found:
            lines, task = self._borne(one, "action")
            if not lines:
                continue
            owner = self._owner(str(one.get("owner") or ""), lines)
            if owner == "":
                self._drop(one, "action", "an owner who is not there")
                continue
            due, phrase = self._due(str(one.get("due") or ""), lines)
            made.append(Todo(task, owner, due, phrase, lines, _CONFIDENT))
        return tuple(made)

    def _borne(self, one: Any, name: str) -> tuple[tuple[int, ...], str]:
        """The lines and the text of an item, names put back; no lines when they do not bear it out."""
        why = self._fault(one, name)
        if why:
            self._drop(one, name, why)
            return (), ""
        return tuple(sorted(set(one["lines"]))), self._call.redaction.restore(one[name].strip())

    def _fault(self, one: Any, name: str) -> str:
        """Why the lines do not bear an item out; "" when they do."""
        if not isinstance(one, dict) or not isinstance(one.get(name), str) or not isinstance(one.get("quote"), str):
            return "not an item"
        text, lines = one[name].strip(), one.get("lines")
        if not text or len(text) > LONGEST:
            return "not an item"
        if not isinstance(lines, list) or not lines or len(lines) > MOST_LINES or not all(map(self._there, lines)):
            return "no such line"
        said = [self._call.texts[line] for line in lines]
        if any(_ORDERS.search(each) for each in said):
            return "an order to the machine"
        if not any(_quoted(one["quote"], each) for each in said):
            return "a quote that was not said"
        return self._brought(text, lines)

    def _brought(self, text: str, lines: Sequence[int]) -> str:
        """What a text brings in that its lines do not have."""
        called = [self._call.speakers.get(self._call.transcript.turns[line].speaker, "") for line in lines]
        said = " ".join([*called, *(self._call.texts[line] for line in lines)]).casefold()
        if _OUTWARD.search(text):
            return "a link or a mention"
        marks = re.findall(r"\[[A-Z]+_\d+\]", text)
        if self._call.redaction.unknown(text) or any(
            mark.casefold() not in said for mark in marks if mark not in self._marks
        ):
            return "somebody who was not named"
        bare = re.sub(r"\[[A-Z]+_\d+\]", " ", text)
        if not set(_NUMBER.findall(bare)) <= set(_NUMBER.findall(re.sub(r"\[[a-z]+_\d+\]", " ", said))):
            return "a number that was not said"
        if any(word.casefold() not in said for word in _DATED.findall(bare)):
            return "a date that was not said"
        return ""

    def _there(self, line: Any) -> bool:
        return isinstance(line, int) and not isinstance(line, bool) and self._part.first <= line <= self._part.last

    def _owner(self, said: str, lines: Sequence[int]) -> str | None:
        """Who does it: somebody who speaks or is named in these lines. None: nobody said; "": somebody made up."""
        said = said.strip()
        if not said:
            return None
        name = self._marks.get(said) or self._people.get(self._call.redaction.restore(said))
        if name is None:
            return ""
        turns = [self._call.transcript.turns[line] for line in lines]
        mark = self._call.speakers.get(name) or self._call.redaction.called(name)
        near = any(turn.speaker == name or mark in self._call.texts[turn.i] for turn in turns)
        return name if near else None

    def _due(self, phrase: str, lines: Sequence[int]) -> tuple[Due | None, str]:
        """The day that a phrase of these lines means, by our own reading of it; none for a phrase that nobody said."""
        bare = _bare(phrase)
        for line in lines if bare else ():
            text = self._call.transcript.turns[line].text
            if bare in _bare(text):
                found = dates.find(phrase, self._call.on, self._call.transcript.language)
                if found and not found[0].starts:
                    return found[0].due, found[0].phrase
        return None, ""

    def _drop(self, one: Any, name: str, why: str) -> None:
        text = one.get(name) if isinstance(one, dict) else ""
        self.dropped.append((self._call.redaction.restore(text.strip()) if isinstance(text, str) else "", why))


def _quoted(quote: str, line: str) -> bool:
    """Whether words were said in a line, punctuation and case aside; dots may stand for what was left out."""
    said = _bare(line)
    pieces = [_bare(piece) for piece in re.split(r"\.{2,}|…+", quote)]
    pieces = [piece for piece in pieces if piece]
    return bool(pieces) and len("".join(pieces)) >= min(4, len(said)) and all(piece in said for piece in pieces)


def _bare(text: str) -> str:
    return _BARE.sub("", text).casefold()
