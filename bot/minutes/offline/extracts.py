"""Summary, topics and their points: sentences of the call that say most of it, told by a third person."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from bot.minutes.model import Point, Topic, Transcript
from bot.minutes.offline.borders import borders
from bot.minutes.offline.centrality import Vector, central, chosen, terms, vectors
from bot.minutes.offline.models import groups, is_meeting, scores
from bot.minutes.offline.sentences import Sentence, sentences
from bot.minutes.offline.telling import Teller

_ROOM_EN, _ROOM_ZH = 300, 240  # words, characters of a summary
_SHARE = 0.4  # of the call, for a summary of a short one
_KEY = -0.9  # log odds from which a turn of a meeting matters
_POINTS = 4  # a topic of an ordinary call
_TITLE = 3  # words of a title
_TOLD = 1.8  # how much more a sentence is worth that an objection, a decision or a to-do rests on
_SPEECH_EN, _SPEECH_ZH = 150, 60  # characters of a turn on average from which people hold speeches rather than talk
_HELLO = re.compile(
    r"^\W*(?:(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|morning|afternoon|(?:many )?thanks|thank you|"
    r"(?:nice|great|good|lovely) to|(?:talk|speak) (?:to you )?(?:soon|then|later|on)|bye|see you|how are you|"
    r"have a (?:good|great|nice|lovely)|can you (?:all )?(?:hear|see)|"
    r"(?:sorry|apologies) (?:i['’]m|for being|to be) late)\b|"
    r"大家好|你好|您好|各位|喂|早上好|上午好|下午好|晚上好|早啊|谢谢|多谢|感谢|再见|拜拜|辛苦了?|久等|听得[到见]|好久不见|"
    r"[\u4e00-\u9fff]{1,4}(?:总|工|老师|主任|经理|院长|科长|部长|姐|哥)[，,]?(?:您?好|早|辛苦))",
    re.IGNORECASE,
)


class Extracts:
    """A call's sentences with how much of it each says."""

    def __init__(self, transcript: Transcript) -> None:
        self.transcript = transcript
        self.zh = transcript.language == "zh"
        self.meeting = is_meeting(transcript)
        said = sum(len(turn.text) for turn in transcript.turns)
        speech = _SPEECH_ZH if self.zh else _SPEECH_EN
        self.talk = not self.meeting and said < speech * len(transcript.turns)
        self.told = Teller(transcript)
        self.said: list[Sentence] = sentences(transcript)
        self.terms = [terms(one.text) for one in self.said]
        self.rows: list[Vector] = vectors(self.terms)
        self.names = frozenset(term for one in transcript.speakers for term in terms(one.name) if not self.meeting)
        self.worth = self._worth()

    def _worth(self) -> list[float]:
        middle = central(self.rows)
        if self.meeting:
            odds = scores(self.transcript)["extractive"]
            worth = [odds[one.line] + 5 * near for one, near in zip(self.said, middle, strict=True)]
        else:
            worth = [near * len(one.text) ** 0.3 for one, near in zip(self.said, middle, strict=True)]
        least = min(worth, default=0.0)
        return [one - least + 0.01 if self._tells(n) else 0.0 for n, one in enumerate(worth)]

    def _tells(self, n: int) -> bool:
        """Whether a sentence can stand alone: neither a nod nor a speech."""
        text = self.said[n].text
        if self.talk and _HELLO.match(text):
            return False
        if self.zh:
            return 12 <= len(text) <= 90 and not text.endswith(("？", "?"))
        return len(self.terms[n]) >= 3 and (self.meeting or (len(text) < 300 and not text.endswith("?")))

    def summary(self, told_of: Collection[int] = ()) -> tuple[Point, ...]:
        """The sentences that say most of the call. `told_of`: turns in which something else of the minutes was found;
        of what is said there more is told."""
        length = sum(self._cost(one.text) for one in self.said)
        room = _ROOM_ZH if self.zh else _ROOM_EN
        if not self.meeting:
            room = min(room, max(40, int(length * _SHARE)))
        return self._points(
            chosen(
                self.rows,
                self._weighed(told_of),
                [self._cost(one.text) for one in self.said],
                room,
                0.35 if self.zh else 0.5,
            )
        )

    def _weighed(self, told_of: Collection[int]) -> list[float]:
        if not self.talk:
            return self.worth
        return [worth * (_TOLD if one.line in told_of else 1) for one, worth in zip(self.said, self.worth, strict=True)]

    def topics(self) -> tuple[Topic, ...]:
        last = len(self.transcript.turns) - 1
        if last < 0:
            return ()
        ends = [*borders(self.transcript), last]
        firsts = [0, *(end + 1 for end in ends[:-1])]
        everywhere = Counter(term for row in self.terms for term in set(row))
        return tuple(self._topic(first, end, everywhere) for first, end in zip(firsts, ends, strict=True))

    def _topic(self, first: int, last: int, everywhere: Counter[str]) -> Topic:
        here = [n for n, one in enumerate(self.said) if first <= one.line <= last]
        points = self._key_points(first, last) if self.meeting else self._best(here)
        return Topic(self._title(here, everywhere), first, last, points)

    def _best(self, here: Sequence[int]) -> tuple[Point, ...]:
        rows, worth = [self.rows[n] for n in here], [self.worth[n] for n in here]
        most = max(1, min(_POINTS, len(here) // 5))
        return self._points(here[n] for n in chosen(rows, worth, [1] * len(here), most))

    def _key_points(self, first: int, last: int) -> tuple[Point, ...]:
        """The turns that matter, those near each other as one point, told by the best of them."""
        odds = scores(self.transcript)["extractive"]
        lines = [line for line in range(first, last + 1) if odds[line] > _KEY]
        found = []
        for group in groups(lines, 2):
            turn = self.transcript.turns[max(group, key=lambda line: (odds[line], -line))]
            if text := self.told(turn.text, turn.speaker):
                found.append(Point(text, tuple(group)))
        return tuple(found)

    def _points(self, chosen: Iterable[int]) -> tuple[Point, ...]:
        found = [(self.told(self.said[n].text, self.said[n].speaker), self.said[n].line) for n in chosen]
        return tuple(Point(text, (line,)) for text, line in found if text)

    def _title(self, here: Sequence[int], everywhere: Counter[str]) -> str:
        """What is spoken of here rather than elsewhere; in Chinese the shortest sentence that says it."""
        if self.zh:
            whole = [n for n in here if 6 <= len(self.said[n].text) <= 60] or list(here)
            best = max(whole, key=lambda n: (self.worth[n], sum(self.rows[n].values()), -n), default=None)
            return self.told(self.said[best].text, self.said[best].speaker)[:24] if best is not None else ""
        counts = Counter(term for n in here if not _HELLO.match(self.said[n].text) for term in self.terms[n])
        weights = {term: n * n / everywhere[term] for term, n in counts.items() if self._titles(term)}
        best_terms = sorted(weights, key=lambda term: (-weights[term], term))[:_TITLE]
        words = [self._surface(term, here) for term in best_terms]
        title = ", ".join(words)
        return title[:1].upper() + title[1:60]

    def _titles(self, term: str) -> bool:
        """Whether a word can stand in a title: neither a number nor somebody's name."""
        return not term[0].isdigit() and term not in self.names

    def _surface(self, term: str, here: Sequence[int]) -> str:
        """A stem as it was said."""
        for n in here:
            if term in self.terms[n]:
                for word in self.said[n].text.replace("_", "").split():
                    bare = word.strip(".,!?;:\"'()")
                    if terms(bare) == [term]:
                        return bare if bare[:1].isupper() and bare[1:2].isupper() else bare.lower()
        return term

    def _cost(self, text: str) -> int:
        return len(text) if self.zh else len(text.split())
