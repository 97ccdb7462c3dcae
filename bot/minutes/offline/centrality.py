"""How much of a call a sentence says: its words against those of the whole. Linear in what was said."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from math import log, sqrt

from snowballstemmer import stemmer

Vector = dict[str, float]
_WORD = re.compile(r"[a-z0-9]+(?:['’][a-z]+)?|[\u4e00-\u9fff]+", re.IGNORECASE)
_EMPTY = """
the a an to of and or but in on at for with by from is are was were be been being am do does did have has had
having i you he she it we they me him her us them my your his its our their this that these those there here
what which who whom how when where why not no nor so if then than too very can could will would shall should may
might must just also yeah yes okay ok um uh hmm mm like well right really actually basically know think mean
want gonna going get got go put say said see thing things something because 'cause cause about into over up down
out off again all any both each few more most other some such only own same it's that's i'm we're you're they're
don't can't won't i'll we'll you'll he's she's there's let's i've we've didn't doesn't isn't one two kind sort
bit lot maybe probably quite mm-hmm oh ah alright sure sorry still even though
"""
_STOP = frozenset(_EMPTY.split())
_STOP_ZH = frozenset("的了是我你他她它们这那个在有就也都和不会要说很还么吧呢啊吗对好到去来上下一以可能没什怎为")
_stem = lru_cache(maxsize=8192)(stemmer("english").stemWord)


def terms(text: str) -> list[str]:
    """The words that carry meaning: English ones stemmed, Chinese by pairs of characters."""
    found: list[str] = []
    for word in _WORD.findall(text.lower()):
        if word.isascii() or "’" in word:
            if word not in _STOP and len(word) > 1:
                found.append(_stem(word))
        else:
            found += [word[n : n + 2] for n in range(len(word) - 1) if not set(word[n : n + 2]) & _STOP_ZH]
    return found


def vectors(texts: Sequence[Sequence[str]]) -> list[Vector]:
    """Each text's terms by how much they tell, of length one."""
    spread = Counter(term for text in texts for term in set(text))
    found = []
    for text in texts:
        weights = {term: (1 + log(n)) * log(1 + len(texts) / spread[term]) for term, n in Counter(text).items()}
        found.append(_unit(weights))
    return found


def central(rows: Sequence[Vector]) -> list[float]:
    """How near each is to the middle of all."""
    middle: Counter[str] = Counter()
    for row in rows:
        middle.update(row)
    whole = _unit(dict(middle))
    return [dot(row, whole) for row in rows]


def dot(one: Vector, other: Vector) -> float:
    small, large = (one, other) if len(one) < len(other) else (other, one)
    return sum(weight * large.get(term, 0.0) for term, weight in small.items())


def _unit(weights: Vector) -> Vector:
    size = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {term: weight / size for term, weight in weights.items()}


def chosen(
    rows: Sequence[Vector], worth: Sequence[float], costs: Sequence[int], room: int, alike: float = 0.5
) -> list[int]:
    """The best in order of the call, none that says again what a better one said, as many as there is room for."""
    taken: list[int] = []
    for n in sorted(range(len(rows)), key=lambda each: -worth[each]):
        if costs[n] > room or worth[n] <= 0:
            continue
        if any(dot(rows[n], rows[old]) > alike for old in taken):
            continue
        taken.append(n)
        room -= costs[n]
        if len(taken) >= 60:
            break
    return sorted(taken)
