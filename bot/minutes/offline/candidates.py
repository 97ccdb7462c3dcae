"""What may be a to-do: every clause about work to come, who would own it, when it would be due, what was answered."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from types import ModuleType

from bot.minutes import dates
from bot.minutes.dates import Found
from bot.minutes.model import Transcript, Turn
from bot.minutes.offline import chinese, english
from bot.minutes.offline.cues import Cue, Kind
from bot.minutes.offline.people import People
from bot.minutes.offline.sentences import Sentence, sentences

_ANSWERS = 3  # turns within which a request is answered
_DATED = 4  # turns within which a day is agreed on
_STRAIGHT = 2  # turns within which somebody says a day that nobody asked for
_AT_ONCE = 8  # characters before a day that is itself the answer: "Monday, then"
_SHORT = 60  # characters of a sentence that only dates the one before
HAN = re.compile(r"[\u3400-\u9fff]")
_PASSED_ON = re.compile(r"\b(?:my|our) [a-z]+(?: [a-z]+)?(?:['’]ll| will| can)\b", re.IGNORECASE)
_THEIRS = re.compile(
    r"\bthat(?:['’]s| is| would be|['’]d be) (?:you|yours|on you|one for you|your \w+)\b|\bover to you\b|"
    r"\bcan you (?:take|do|handle) (?:that|this|it)\b|这个?(?:归|是)你|你来(?:弄|负责|办|做|跟)|你(?:负责|处理)一?下",
    re.IGNORECASE,
)
_DO_IT = re.compile(
    r"^\W*(?:(?:yes|yeah|okay|ok|sure|fine|great|perfect|oh|thanks|good)\b[\s,.!]*)*(?:please(?: do)?|"
    r"do (?:that|it|so)|go ahead|"
    r"(?:that|it)(?:['’]d| would) (?:be (?:great|lovely|helpful|good|perfect|very|super)|help)|(?:I['’]d|"
    r"I would) appreciate)\b",
    re.IGNORECASE,
)
_RECAP = re.compile(
    r"\b(?:sum(?:ming)? up|(?:quick|short|to) recap|recap:|to summari[sz]e|in summary|just to confirm|"
    r"next steps(?: are)?|action items?|so we have)\b|"
    r"总结一下|确认一下|复述|捋一[下遍]|梳理一下|归纳|过一遍|小结",
    re.IGNORECASE,
)
_CANNOT = re.compile(
    r"\b(?:can['’]?t|cannot|not|off|away|busy|tight|out|on holiday|booked|difficult|in \w+|too (?:soon|early|late))\b|"
    r"不行|不在|请假|手术|出差|没空|有会|忙|赶|来不及|别|不方便|够呛",
    re.IGNORECASE,
)
_TALK = re.compile(r"聊|碰|见|再说|\b(?:speak|talk|meet|catch up|reconnect|touch base|sync)\b", re.IGNORECASE)
_LATEST = re.compile(r"最迟|最晚|不晚于|\b(?:at the latest|no later than|latest)\W*$", re.IGNORECASE)
_SUITS = re.compile(
    r"(?:['’]s| is| would be|['’]d be| are)? ?(?:better|good|fine|works?|suits?|okay|ok|possible|it is|then)\b|"
    r"(?:上午|下午|晚上)?(?:可以|吧|行|没问题|方便|OK|都行)",
    re.IGNORECASE,
)
INVITES = re.compile(
    r"\b(?:invit\w*|calendar|diary|zoom|teams link|meeting link)\b|邀请|日历|会议链接|会议号", re.IGNORECASE
)
_INSTEAD = re.compile(
    r"\b(?:make (?:it|that)|(?:let['’]s )?say|rather|instead|actually|then)\b|那就|还是|改成?|要不|哈哈", re.IGNORECASE
)
_BY = re.compile(r"(?:by|before|until|till|no later than)\s+(?:the )?$", re.IGNORECASE)
_BY_IT = re.compile(r"^(?:by|before|until|till|no later than)\b|[之以]?前", re.IGNORECASE)
_ALONE = re.compile(
    r"\b(?:by|before|on|at|say|let['’]s|probably|latest|the|is|does|would|okay|ok|good|fine|works?|then|it|that|for|"
    r"you|everyone|maybe|how|about|be|yes|yeah|sure|well|so|please|earliest|s)\b|[\W\d_]|"
    r"[吧可以就行最迟晚早好那大概差不多左右之前以上午下嗯对定在到怎么样吗点半的话]",
    re.IGNORECASE,
)


@dataclass
class Candidate:
    """A to-do in the making. `strength`: how sure it is, by rule or by model.

    `reports`: "I'll let you know"; what about was said before. `accepted`: the line in which a request was taken on,
    until a promise there says how. `answer`: what the others made of it: yes, no, do it,
    or nothing. `recap`: in a sentence that
    sums up. `also`: what else was said of the same.
    """

    cue: Cue
    said: Sentence
    clause: str
    text: str
    owner: str | None
    due: Found | None
    strength: float
    lines: list[int] = field(default_factory=list)
    other: str | None = None
    reports: bool = False
    accepted: int | None = None
    answer: str = ""
    asked: bool = False
    recap: bool = False
    also: str = ""

    @property
    def told(self) -> str:
        """All that was said of it, its day aside."""
        text = f"{self.also} {self.text}" if self.also else self.text
        return text.replace(self.due.phrase, " ") if self.due else text


class Reading:
    """A call as its candidates."""

    def __init__(self, transcript: Transcript, on: date, who: People) -> None:
        self.transcript, self.on, self.who = transcript, on, who
        self.sentences = sentences(transcript)
        self._limits: dict[int, Found | None] = {}

    def found(self) -> Iterator[Candidate]:
        """Every clause that is about work to come, with what can be said of it."""
        for n, sentence in enumerate(self.sentences):
            asks = sentence.text.rstrip().endswith(("?", "？"))
            language = language_of(sentence.text)
            clauses = list(language.clauses(sentence.text))
            for place, clause in enumerate(clauses, 1):
                due = self.due(clause)
                asked = asks and place == len(clauses)
                cue = language.cue(clause, dated=due is not None, asked=asked)
                for each in listed(cue) if cue else ():
                    yield from self._judged(each, sentence, clause, due, n, asked)

    def due(self, text: str, *, last: bool = False) -> Found | None:
        """The day by which, as a clause says it; the last that it names where somebody offers another."""
        found = [one for one in dates.find(text, self.on, self.transcript.language) if not one.starts]
        found = [one for one in found if not text.startswith("的", one.span[1])]  # 年底的会 is no deadline
        if found[1:] and found[1].span[0] - found[0].span[1] <= 2 and found[0].due.day == self.on:
            found = found[1:]  # "end of day tomorrow" is one day
        if last:
            found = _offered(text, found)
        by = [one for one in found if _BY.search(text[: one.span[0]])]
        return next(iter(found[-1:] if last else by or found), None)

    def _judged(
        self, cue: Cue, said: Sentence, clause: str, due: Found | None, n: int, asked: bool
    ) -> Iterator[Candidate]:
        one = Candidate(
            cue, said, clause, cue.task, None, due or self._beside(n), cue.strength, [said.line], asked=asked
        )
        one.reports = (
            cue.kind is Kind.PROMISE and bool(language_of(clause).REPORT.search(cue.task[:40])) and len(cue.task) < 60
        )
        one.recap = bool(_RECAP.search(said.text)) or cue.how == "owe"
        one.other = self.who.addressed(said.text, said.speaker) or self.who.other(said.speaker)
        if cue.kind is Kind.PROMISE:
            one.owner = said.speaker or None
        elif cue.kind is Kind.ASSIGNED:
            one.owner = self.who.named(cue.who) if cue.who else None
            if cue.who and one.owner is None and HAN.search(clause):
                return
        elif cue.kind is Kind.TOGETHER and HAN.search(clause) and said.line >= len(self.transcript.turns) - 2:
            return  # 那先这样，周四再碰: a farewell
        elif cue.kind in (Kind.REQUEST, Kind.OFFER) and not self._answered(one):
            return
        if cue.kind in (Kind.PROMISE, Kind.ASSIGNED, Kind.TOGETHER):
            self._heard(one)
        self._dated(one)
        if cue.kind is Kind.TOGETHER and one.due is None and _TALK.search(one.text):
            return
        if self.who.alone:
            one.owner = None
        yield one

    def _beside(self, n: int) -> Found | None:
        """A date in what the same person says right after it, or before: "By Friday.", "They want it by Friday."."""
        after = self._same_turn(n, 1)
        found = self._only_day(self.sentences[n + 1].text) if after else None
        return found or next(filter(None, (self._limit(m) for m in (*after, *self._same_turn(n, -1)))), None)

    def _same_turn(self, n: int, step: int) -> tuple[int, ...]:
        """The sentence after one, or before it, in the same turn."""
        m = n + step
        there = 0 <= m < len(self.sentences) and self.sentences[m].line == self.sentences[n].line
        return (m,) if there else ()

    def _limit(self, m: int) -> Found | None:
        """The day of a sentence by which something is done, that speaks of nothing else to do."""
        if m not in self._limits:
            text = self.sentences[m].text
            found = self.due(text) if len(text) < 4 * _SHORT else None
            language = language_of(text)
            if found and (
                not _ends(text, found)
                or any(language.cue(clause, dated=False, asked=False) for clause in language.clauses(text))
            ):
                found = None
            self._limits[m] = found
        return self._limits[m]

    def _only_day(self, text: str) -> Found | None:
        """The day of a text that says little else."""
        if len(text) > _SHORT or (found := self.due(text, last=True)) is None:
            return None
        rest = text[: found.span[0]] + text[found.span[1] :]
        return found if len(_ALONE.sub("", rest)) <= (0 if HAN.search(text) else 3) else None

    def _after(self, line: int, count: int) -> tuple[Turn, ...]:
        return self.transcript.turns[line + 1 : line + 1 + count]

    def _heard(self, one: Candidate) -> None:
        """What the next to speak made of a promise; an express yes is cited with it."""
        after = [turn for turn in self._after(one.said.line, _ANSWERS) if turn.speaker != one.said.speaker][:1]
        for turn in after:
            answer = language_of(turn.text).accepted(turn.text)
            one.answer = {True: "yes", False: "no", None: ""}[answer]
            if _DO_IT.search(turn.text) or (HAN.search(turn.text) and chinese.DO.match(turn.text)):
                one.answer = "do it"
                one.lines.append(turn.i)

    def _dated(self, one: Candidate) -> None:
        """The day, where it was settled after: "By when?" "Monday." """
        if one.cue.kind is Kind.TOGETHER and one.due:
            self._moved(one)
        if one.due is not None:
            self._again(one)
            return
        if INVITES.search(one.text) and self._before(one):
            return
        last = self.transcript.turns[max(one.lines)]
        if last.i != one.said.line and len(last.text) > 2 * _SHORT:
            return  # who answered so long went on to something else
        asked: Turn | None = None
        for turn in self._after(max(one.lines), _DATED):
            if asked and turn.speaker != asked.speaker:
                self._set(one, self._chosen(turn), turn)
                return
            asks = len(turn.text) < 2 * _SHORT and turn.i - max(one.lines) <= _STRAIGHT
            if asks and language_of(turn.text).WHEN.search(turn.text):
                asked = turn
            elif turn.i - max(one.lines) <= _STRAIGHT and (found := self._only_day(turn.text)):
                self._set(one, found, turn)
                return
            elif len(turn.text) > _SHORT:
                return

    def _chosen(self, turn: Turn) -> Found | None:
        """The day that an answer names; of several, the one that the next to speak takes."""
        offered = dates.find(turn.text[:200], self.on, self.transcript.language)
        for reply in self._after(turn.i, 1) if len(offered) > 1 else ():
            taken = self.due(reply.text[:120], last=True)
            same = [one for one in offered if taken and one.due.day.weekday() == taken.due.day.weekday()]
            if same:
                return same[0]
        return self.due(turn.text[:120], last=True)

    def _before(self, one: Candidate) -> bool:
        """The day that was agreed on before somebody sends the invitation."""
        line = one.said.line
        for turn in reversed(self.transcript.turns[max(0, line - _ANSWERS) : line]):
            if found := self.due(turn.text[:200], last=True):
                earlier = self.transcript.turns[max(0, turn.i - _STRAIGHT) : turn.i]
                offered = [each for old in earlier for each in dates.find(old.text[:200], self.on)]
                meant = [each for each in offered if each.due.day.weekday() == found.due.day.weekday()]
                self._set(one, next(iter(meant), found), turn)
                return True
        return False

    def _again(self, one: Candidate) -> None:
        """Another day, from the one who promised: "Then make it the 10th"."""
        for turn in self._after(max(one.lines), _ANSWERS):
            found = self._only_day(_INSTEAD.sub("", turn.text)) if _INSTEAD.search(turn.text) else None
            if found and one.due and found.due.day != one.due.due.day and turn.speaker == one.owner:
                self._set(one, found, turn)

    def _moved(self, one: Candidate) -> None:
        """Another day for a meeting, from the one who answers."""
        for turn in self._after(one.said.line, 1):
            later = self.due(turn.text[:120], last=True) if turn.speaker != one.said.speaker else None
            meant = later and (later.span[0] < 2 * _AT_ONCE or _CANNOT.search(turn.text) or one.asked)
            if later and meant and one.due and later.due.day != one.due.due.day:
                self._set(one, later, turn)

    def _set(self, one: Candidate, due: Found | None, turn: Turn) -> None:
        if due is not None:
            one.due = due
            one.lines.append(turn.i)

    def _answered(self, one: Candidate) -> bool:
        """Whether a request or offer stands: who takes it on owns it, and that line is cited too."""
        if self.who.alone:
            return one.cue.kind is Kind.REQUEST
        for turn in self._answers(one):
            answer = language_of(turn.text).accepted(turn.text)
            if answer is None and one.cue.kind is Kind.OFFER and _DO_IT.search(turn.text):
                answer = True
            brief = len(turn.text) <= _SHORT
            later = self.due(turn.text[:200], last=True) if answer is not True or one.due is None or brief else None
            moved = later is not None and (one.due is not None or later.span[0] < _AT_ONCE)
            if answer is False and not moved:
                return False
            if answer or moved:
                return self._taken(one, turn, later)
        return one.cue.kind is Kind.REQUEST and (one.cue.how != "wanted" or one.due is not None)

    def _answers(self, one: Candidate) -> list[Turn]:
        """The turns that may answer: of the person who was called by name, else the first that says anything."""
        line, speaker = one.said.line, one.said.speaker
        after = [turn for turn in self._after(line, _ANSWERS) if turn.speaker != speaker]
        called = self.who.addressed(one.said.text, speaker)
        if after and _THEIRS.search(after[0].text) and (passed := self.who.addressed(after[0].text, after[0].speaker)):
            one.lines.append(after[0].i)
            called = passed
        if called in {turn.speaker for turn in after}:
            return [turn for turn in after if turn.speaker == called]
        return after[:2] if after and len(after[0].text) < (5 if HAN.search(after[0].text) else 12) else after[:1]

    def _taken(self, one: Candidate, turn: Turn, later: Found | None) -> bool:
        one.lines.append(turn.i)
        one.accepted = turn.i
        one.answer = "yes"
        one.owner = (turn.speaker if one.cue.kind is Kind.REQUEST else one.said.speaker) or None
        if _PASSED_ON.search(turn.text[:200]):
            one.owner = None
        one.due = later or one.due
        one.strength = max(one.strength, min(0.9, one.strength + 0.25))
        return True


def _offered(text: str, found: list[Found]) -> list[Found]:
    """The days of an answer that suit, last; those on which somebody cannot are left out where another is named."""
    if latest := [one for one in found if _LATEST.search(text[: one.span[0]][-12:])]:
        return latest
    able = [one for one in found if not _CANNOT.search(_around(text, one, found))] or found
    best = [one for one in able if _SUITS.match(text[one.span[1] :])]
    return best or able


def _ends(text: str, day: Found) -> bool:
    """Whether it is a day by which something is done: "by the seventh", 周五之前."""
    return bool(_BY.search(text[: day.span[0]]) or _BY_IT.search(day.phrase) or _BY_IT.match(text[day.span[1] :]))


def _around(text: str, one: Found, found: list[Found]) -> str:
    """What is said of a day: up to the next day, or the end of the clause."""
    ends = [each.span[0] for each in found if each.span[0] > one.span[0]]
    after = text[one.span[1] : min([*ends, len(text)])]
    before = re.split(r"[,.;，。；]", text[: one.span[0]])[-1]
    return before[-16:] + re.split(r"[,.;，。；]", after)[0]


def listed(cue: Cue) -> list[Cue]:
    """What is owed, one by one: "I owe you the offer, the plan and a call"."""
    if cue.how != "owe":
        return [cue]
    parts = re.split(r",\s*(?:and\s+)?|\s+and\s+", cue.task.removeprefix("send "))
    return [replace(cue, task="send " + part) for part in parts if part.strip()]


def language_of(text: str) -> ModuleType:
    """Whose rules a sentence follows; people change between the two within a call."""
    return chinese if HAN.search(text) else english
