"""Summary, topics and their points: sentences of the call that say most of it, told by a third person."""

from collections import Counter
from collections.abc import Iterable, Sequence

from bot.minutes.model import Point, Topic, Transcript
from bot.minutes.offline.borders import borders
from bot.minutes.offline.centrality import Vector, central, chosen, terms, vectors
from bot.minutes.offline.models import groups, is_meeting, scores
from bot.minutes.offline.sentences import Sentence, sentences
from bot.minutes.offline.wording import told

_ROOM_EN, _ROOM_ZH = 300, 240  # words, characters of a summary
_SHARE = 0.4  # of the call, for a summary of a short one
_KEY = -0.9  # log odds from which a turn of a meeting matters
_POINTS = 4  # a topic of an ordinary call
_TITLE = 3  # words of a title


class Extracts:
    """A call's sentences with how much of it each says."""

    def __init__(self, transcript: Transcript) -> None:
        self.transcript = transcript
        self.zh = transcript.language == "zh"
        self.meeting = is_meeting(transcript)
        self.said: list[Sentence] = sentences(transcript)
        self.terms = [terms(one.text) for one in self.said]
        self.rows: list[Vector] = vectors(self.terms)
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
        if self.zh:
            return 12 <= len(text) <= 90 and not text.endswith(("？", "?"))
        return len(self.terms[n]) >= 3 and (self.meeting or (len(text) < 300 and not text.endswith("?")))

    def summary(self) -> tuple[Point, ...]:
        length = sum(self._cost(one.text) for one in self.said)
        room = _ROOM_ZH if self.zh else _ROOM_EN
        if not self.meeting:
            room = min(room, max(40, int(length * _SHARE)))
        return self._points(
            chosen(self.rows, self.worth, [self._cost(one.text) for one in self.said], room, 0.35 if self.zh else 0.5)
        )

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
            if text := told(turn.text, "en", turn.speaker):
                found.append(Point(text, tuple(group)))
        return tuple(found)

    def _points(self, chosen: Iterable[int]) -> tuple[Point, ...]:
        found = [
            (told(self.said[n].text, self.transcript.language, self.said[n].speaker), self.said[n].line) for n in chosen
        ]
        return tuple(Point(text, (line,)) for text, line in found if text)

    def _title(self, here: Sequence[int], everywhere: Counter[str]) -> str:
        """What is spoken of here rather than elsewhere; in Chinese the shortest sentence that says it."""
        if self.zh:
            whole = [n for n in here if 6 <= len(self.said[n].text) <= 60] or list(here)
            best = max(whole, key=lambda n: (self.worth[n], sum(self.rows[n].values()), -n), default=None)
            return told(self.said[best].text, "zh", self.said[best].speaker)[:24] if best is not None else ""
        counts = Counter(term for n in here for term in self.terms[n])
        weights = {term: count * count / everywhere[term] for term, count in counts.items() if not term.isdigit()}
        best_terms = sorted(weights, key=lambda term: (-weights[term], term))[:_TITLE]
        words = [self._surface(term, here) for term in best_terms]
        title = ", ".join(words)
        return title[:1].upper() + title[1:60]

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
