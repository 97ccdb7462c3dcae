"""Whether a message repeats what was said on a call, however it was quoted. Pure."""

import re
from collections.abc import Iterable

_SENTENCE = re.compile(r"[.,!?;。，！？；…]+|\n+")
_NOT_WORD = re.compile(r"[\W_]+")
_PLAIN = re.compile(r"[^\W_][\w ]*")
_HAN = re.compile(r"[\u3400-\u9fff]")
HEAD = 24  # characters that tell: a quote may be cut short behind them
LEAST = 14  # what is shorter is said every day; a Chinese character says as much as two
_FIRST = LEAST // 2


class Traces:
    """Knows sentences by how they begin."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._heads: dict[str, set[str]] = {}
        for text in texts:
            for part in (text, *_SENTENCE.split(text)):
                head = _bare(part)[:HEAD]
                if len(head) + len(_HAN.findall(head)) >= LEAST:
                    self._heads.setdefault(head[:_FIRST], set()).add(head)

    def count(self, text: str) -> int:
        """How many different sentences of the call, or their beginnings, stand in a text."""
        said, heads = _bare(text), self._heads
        near = ((at, heads[first]) for at in range(len(said)) if (first := said[at : at + _FIRST]) in heads)
        return len({head for at, each in near for head in each if said.startswith(head, at)})


def sign(text: str) -> str:
    """The first long stretch of a text that is written the same wherever it is quoted, "" for none."""
    whole = [part.strip()[:HEAD] for part in _PLAIN.findall(text)]
    return next((part for part in whole if len(part) + len(_HAN.findall(part)) >= LEAST), "")


def _bare(text: str) -> str:
    """Letters and digits alone: quotes, escapes, line breaks and case do not matter."""
    return _NOT_WORD.sub("", text).casefold()
