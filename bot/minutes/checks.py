"""Whether the lines of an item bear it out, whoever wrote the minutes.

What they do not bear out is dropped, in sight.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from bot.minutes.model import Dropped, Minutes, Point, Sensitive, Todo, Topic, Transcript

Item = TypeVar("Item")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WORD = re.compile(r"[^\W\d_]+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_SHARED = 0.34  # of an item's words stand in its lines; the rest is names, and how a third person says it
_NEAR = 3  # lines around the citation that may hold what a pronoun stands for


@dataclass
class _Check:
    transcript: Transcript
    people: frozenset[str]
    dropped: list[Dropped]

    def keep(self, items: Iterable[Item], why: Callable[[Item], str]) -> tuple[Item, ...]:
        return tuple(self._kept(items, why))

    def _kept(self, items: Iterable[Item], why: Callable[[Item], str]) -> Iterator[Item]:
        for item in items:
            fault = self.cited(item) or why(item)
            if fault:
                self.dropped.append(Dropped(_text(item)[:300], fault))
            else:
                yield item

    def cited(self, item: Any) -> str:
        """Lines that exist, in order, at least one."""
        lines: Sequence[int] = item.lines
        there = bool(lines) and all(0 <= line < len(self.transcript.turns) for line in lines)
        return "" if there else "no such line"

    def borne(self, item: Any) -> str:
        """Its words and numbers stand in its lines, or right beside them."""
        cited = " ".join(self.transcript.turns[line].text for line in item.lines)
        near = {n for line in item.lines for n in range(line - _NEAR, line + _NEAR + 1)}
        around = " ".join(self.transcript.turns[n].text for n in sorted(near) if 0 <= n < len(self.transcript.turns))
        if not set(_NUMBER.findall(self._nameless(_text(item)))) <= set(_NUMBER.findall(around)):
            return "a number that was not said"
        said, wanted = _words(around), _words(self._nameless(_text(item)))
        if wanted and len(wanted & said) < _SHARED * len(wanted):
            return "not in its lines"
        return "" if cited.strip() else "not in its lines"

    def todo(self, item: Todo) -> str:
        if item.owner is not None and item.owner not in self.people:
            return "an owner who is not there"
        return self.borne(item)

    def sensitive(self, item: Sensitive) -> str:
        said = " ".join(self.transcript.turns[line].text for line in item.lines)
        return "" if item.term.casefold() in said.casefold() else "not in its lines"

    def topic(self, item: Topic) -> Topic:
        return replace(item, points=self.keep(item.points, self.borne))

    def _nameless(self, text: str) -> str:
        """Without the people on the call: "Speaker 2" is no number that somebody said."""
        for name in self.people:
            text = text.replace(name, " ") if name else text
        return text


def checked(minutes: Minutes, transcript: Transcript, people: Iterable[str] = ()) -> Minutes:
    """The minutes without what their citations do not bear out, each of which is named in `dropped`."""
    names = frozenset((*people, *(speaker.name for speaker in transcript.speakers)))
    check = _Check(transcript, names, list(minutes.dropped))
    return replace(
        minutes,
        summary=check.keep(minutes.summary, check.borne),
        topics=tuple(check.topic(one) for one in minutes.topics),
        decisions=check.keep(minutes.decisions, check.borne),
        todos=check.keep(minutes.todos, check.todo),
        objections=check.keep(minutes.objections, check.borne),
        sensitive=check.keep(minutes.sensitive, check.sensitive),
        moments=check.keep(minutes.moments, check.borne),
        dropped=tuple(check.dropped),
    )


def _text(item: Any) -> str:
    if isinstance(item, Todo):
        return item.task
    if isinstance(item, Sensitive):
        return item.term
    return item.text if isinstance(item, Point) else str(item.text)


def _words(text: str) -> set[str]:
    """Words folded to their stems' beginnings, Chinese by character."""
    folded = text.casefold()
    return {word[:5] for word in _WORD.findall(_HAN.sub(" ", folded)) if len(word) > 2} | set(_HAN.findall(folded))
