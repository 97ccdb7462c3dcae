"""Who does what by when: promises, requests that were taken on, plans. A wrong owner is worse than none."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from itertools import islice, pairwise
from math import exp
from types import ModuleType

from bot.minutes import dates
from bot.minutes.dates import Found
from bot.minutes.model import Todo, Transcript, Turn
from bot.minutes.offline import chinese, english
from bot.minutes.offline.cues import Cue, Kind
from bot.minutes.offline.models import groups, is_meeting, scores
from bot.minutes.offline.people import People
from bot.minutes.offline.sentences import Sentence, sentences
from bot.minutes.offline.wording import task as worded

ENOUGH = 0.5  # strength from which a to-do is kept
_SURE = 0.95  # a rule's strength that no model can contradict
_LIKELY = -0.9  # log odds from which the model alone finds a to-do
_UNLIKELY = -2.5  # log odds below which it contradicts a rule
_ANSWERS = 3  # turns within which a request is answered
_REMEMBERED = 40  # to-dos before a new one that may be the same
_MOST_TODOS = 300  # of a call: more is no call
_AT_ONCE = 8  # characters before a day that is itself the answer: "Monday, then"
_NEAR = 4  # turns within which "it" still means the same
_PRONOUN = re.compile(
    r"^\W*(?:\w+(?:ing)?\s+){0,3}?(?:it|that|this|them|those|one|so)\b(?!\s+\w+\s+(?:list|report|"
    r"document|file|deck))|^(?:do|handle|take care of|sort)\b|"
    r"^.{0,14}(?:它|这个|那个|这些)?(?:发|给|约|做|弄|办|安排|处理)(?:您|你|过去|过来|一下|好|来|出来)?$",
    re.IGNORECASE,
)
_COMMON = """
the a an to of and for you me it that by on with in at we i our your my this them us up over is be will next
week friday monday tuesday wednesday thursday
的 了 我 你 您 给 把 一 下 们 这 那 边 会 来 先 周 前 之
"""
_ARRANGES = re.compile(
    r"(?:set|book|schedul|arrang|organi|send|put|fix|sort|plan|do|take care|我?来?[约定排订安发])", re.IGNORECASE
)
_PASSED_ON = re.compile(r"\b(?:my|our) [a-z]+(?: [a-z]+)?(?:['’]ll| will| can)\b", re.IGNORECASE)
_HAN = re.compile(r"[\u3400-\u9fff]")
_MORE = re.compile(r"\b(?:also|another|separately|as well)\b|另外|还有|同时|顺便|再", re.IGNORECASE)
_BY = re.compile(r"(?:by|before|until|till|no later than)\s+(?:the )?$", re.IGNORECASE)
_STOP = frozenset(_COMMON.split())


@dataclass
class _Found:
    """A to-do in the making."""

    cue: Cue
    said: Sentence
    text: str
    owner: str | None
    due: Found | None
    strength: float
    lines: list[int] = field(default_factory=list)
    other: str | None = None
    reports: bool = False  # "I'll let you know": what about was said before
    accepted: int | None = None  # the line in which a request was taken on, until a promise there says how


def todos(transcript: Transcript, on: date, people: Sequence[str] = ()) -> tuple[Todo, ...]:
    """In the order of the call. `on`: its day. `people`: the roster's names."""
    reading = _Reading(transcript, on, People(transcript, people))
    merged = [one for one in _merged(islice(reading.found(), _MOST_TODOS)) if one.strength >= ENOUGH]
    if is_meeting(transcript):
        merged = _agreed(merged, scores(transcript)["actions"], reading)
    return tuple(reading.todo(one) for one in merged)


def _agreed(found: list[_Found], odds: Sequence[float], reading: "_Reading") -> list[_Found]:
    """Alone, the rules are wrong nine times in ten in such meetings: the model may contradict, and adds its own."""
    kept = [one for one in found if one.strength >= _SURE or max(odds[line] for line in one.lines) > _UNLIKELY]
    likely = [line for line, odd in enumerate(odds) if odd > _LIKELY]
    for lines in groups(likely, 2):
        near = [one for one in kept if any(abs(a - b) <= 1 for a in one.lines for b in lines)]
        if near:
            near[0].lines += lines
        else:
            kept.append(reading.guessed(lines, odds))
    return sorted(kept, key=lambda one: min(one.lines))


class _Reading:
    def __init__(self, transcript: Transcript, on: date, who: People) -> None:
        self.transcript, self.on, self.who = transcript, on, who
        self.sentences = sentences(transcript)

    def found(self) -> Iterator[_Found]:
        """Every clause that is about work to come, with what can be said of it."""
        for n, sentence in enumerate(self.sentences):
            asked = sentence.text.rstrip().endswith(("?", "？"))
            language = _language(sentence.text)
            for clause in language.clauses(sentence.text):
                due = self._due(clause)
                cue = language.cue(clause, dated=due is not None, asked=asked)
                if cue:
                    yield from self._judged(cue, sentence, clause, due, n)

    def _due(self, text: str, *, last: bool = False) -> Found | None:
        """The day by which, as a clause says it; the last that it names where somebody offers another."""
        found = [one for one in dates.find(text, self.on, self.transcript.language) if not one.starts]
        found = [one for one in found if not text.startswith("的", one.span[1])]  # 年底的会 is no deadline
        if found[1:] and found[1].span[0] - found[0].span[1] <= 2:  # "end of day tomorrow" is one day
            found = found[1:]
        by = [one for one in found if _BY.search(text[: one.span[0]])]
        return next(iter(found[-1:] if last else by or found), None)

    def _judged(self, cue: Cue, said: Sentence, clause: str, due: Found | None, n: int) -> Iterator[_Found]:
        one = _Found(cue, said, cue.task, None, due or self._beside(n), cue.strength, [said.line])
        one.reports = (
            cue.kind is Kind.PROMISE and bool(_language(clause).REPORT.search(cue.task[:40])) and len(cue.task) < 60
        )
        one.other = self.who.addressed(said.text, said.speaker) or self.who.other(said.speaker)
        if cue.kind is Kind.PROMISE:
            one.owner = said.speaker or None
        elif cue.kind is Kind.ASSIGNED:
            one.owner = self.who.named(cue.who) if cue.who else None
            if cue.who and one.owner is None and _HAN.search(clause):
                return
        elif cue.kind in (Kind.REQUEST, Kind.OFFER) and not self._answered(one):
            return
        if self.who.alone:
            one.owner = None
        yield one

    def _beside(self, n: int) -> Found | None:
        """A date that stands alone in the next sentence of the same turn: "By Friday."."""
        if n + 1 >= len(self.sentences) or self.sentences[n + 1].line != self.sentences[n].line:
            return None
        after = self.sentences[n + 1].text
        return (
            self._due(after)
            if len(after) <= 40
            and re.match(r"\W*(?:by|before|no later|say|let['’]s say|probably|latest)\b", after, re.IGNORECASE)
            else None
        )

    def _answered(self, one: _Found) -> bool:
        """Whether a request or offer stands: who takes it on owns it, and that line is cited too."""
        if self.who.alone:
            return one.cue.kind is Kind.REQUEST
        for turn in self._answers(one):
            answer = _language(turn.text).accepted(turn.text)
            later = self._due(turn.text[:200], last=True) if answer is not True or one.due is None else None
            moved = later is not None and (one.due is not None or later.span[0] < _AT_ONCE)
            if answer is False and not moved:
                return False
            if answer or moved:
                return self._taken(one, turn, later)
        return one.cue.kind is Kind.REQUEST and one.strength >= 0.6

    def _answers(self, one: _Found) -> list[Turn]:
        """The turns that may answer: of the person who was called by name, else the first that says anything."""
        line, speaker = one.said.line, one.said.speaker
        after = [turn for turn in self.transcript.turns[line + 1 : line + 1 + _ANSWERS] if turn.speaker != speaker]
        called = self.who.addressed(one.said.text, speaker)
        if called in {turn.speaker for turn in after}:
            return [turn for turn in after if turn.speaker == called]
        return after[:2] if after and len(after[0].text) < 12 else after[:1]

    def _taken(self, one: _Found, turn: Turn, later: Found | None) -> bool:
        one.lines.append(turn.i)
        one.accepted = turn.i
        one.owner = (turn.speaker if one.cue.kind is Kind.REQUEST else one.said.speaker) or None
        if _PASSED_ON.search(turn.text[:200]):
            one.owner = None
        one.due = later or one.due
        one.strength = max(one.strength, min(0.9, one.strength + 0.25))
        return True

    def guessed(self, lines: list[int], odds: Sequence[float]) -> _Found:
        """What the model takes for a to-do: nobody owns it."""
        turn = self.transcript.turns[max(lines, key=lambda line: (odds[line], -line))]
        said = Sentence(turn.i, turn.speaker, turn.text)
        strength = round(1 / (1 + exp(-odds[turn.i])), 2)
        due = self._due(" ".join(self.transcript.turns[line].text for line in lines)[:1000])
        return _Found(Cue(Kind.TOGETHER, turn.text, strength), said, turn.text, None, due, strength, lines)

    def todo(self, one: _Found) -> Todo:
        language = "zh" if _HAN.search(one.text) else "en"
        me = one.said.speaker if not self.who.alone else ""
        phrase = one.due.phrase if one.due else ""
        text = worded(one.text, language, me, one.other or "", phrase) or worded(
            one.text, language, me, one.other or ""
        )
        return Todo(
            text,
            one.owner,
            one.due.due if one.due else None,
            phrase,
            tuple(sorted(set(one.lines))),
            round(one.strength, 2),
        )


def _language(text: str) -> ModuleType:
    """Whose rules a sentence follows; people change between the two within a call."""
    return chinese if _HAN.search(text) else english


def _merged(found: Iterable[_Found]) -> list[_Found]:
    """Each to-do once, however often it came up: "it" is what was spoken of, and a recap says nothing new."""
    kept: list[_Found] = []
    for one in found:
        same = next((old for old in reversed(kept[-_REMEMBERED:]) if _same(old, one)), None)
        if same is None:
            kept.append(one)
        else:
            kept[kept.index(same)] = _joined(same, one)
    return kept


def _same(old: _Found, new: _Found) -> bool:
    near = new.said.line - max(old.lines) <= _NEAR
    if new.reports and old.said.line == new.said.line and old.said.speaker == new.said.speaker:
        return True
    if new.cue.kind is Kind.PROMISE and old.accepted == new.said.line and not _MORE.search(new.text):
        return True
    owners = {old.owner, new.owner} - {None}
    if len(owners) > 1:
        return False
    if near and _PRONOUN.match(new.text) and _means_it(old, new):
        return True
    ours, theirs = _words(_undated(old)), _words(_undated(new))
    if near and _PRONOUN.match(new.text) and len(theirs) <= 2:
        return True
    if not ours or not theirs:
        return False
    shared = len(ours & theirs) / min(len(ours), len(theirs))
    return shared >= (0.5 if near else 0.67) and len(ours & theirs) >= 2


def _undated(one: _Found) -> str:
    return one.text.replace(one.due.phrase, " ") if one.due else one.text


def _means_it(old: _Found, new: _Found) -> bool:
    """Whether "it" can be what was asked for or planned: a plan is only arranged, an offer only kept."""
    if old.cue.kind is Kind.TOGETHER:
        return bool(_ARRANGES.match(new.text))
    return old.cue.kind in (Kind.REQUEST, Kind.ASSIGNED)


def _joined(old: _Found, new: _Found) -> _Found:
    text = new.text if len(_words(new.text)) > len(_words(old.text)) + 1 and not _PRONOUN.match(new.text) else old.text
    if old.accepted == new.said.line:
        text = old.text if not _PRONOUN.match(old.text) or _PRONOUN.match(new.text) else new.text
    best = new if text == new.text else old
    return replace(
        best,
        text=text,
        owner=old.owner or new.owner,
        due=new.due or old.due,
        strength=max(old.strength, new.strength),
        lines=[*old.lines, *new.lines],
        accepted=None,
    )


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    words = {word[:5] for word in re.findall(r"[a-z0-9]+", text.lower())} - _STOP
    han = [c for c in text if "\u4e00" <= c <= "\u9fff" and c not in _STOP]
    return frozenset(words | {a + b for a, b in pairwise(han)})
