"""Names that are nearly another: `GTXPro` beside `GTX Pro`. Pure."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_RARE = 0.05  # a name with so small a share of another's rows may be a slip of the pen


def folded(name: str) -> str:
    """A name without what people write now so and now so: capitals, spaces, hyphens, full stops."""
    return "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum())


def near(name: str, known: Iterable[str]) -> str:
    """The known name that was perhaps meant, "" when none is close."""
    alike = {folded(one): one for one in known}
    mine = folded(name)
    if not mine:
        return ""
    if mine in alike:
        return alike[mine]
    found = difflib.get_close_matches(mine, alike, n=1, cutoff=0.85)
    return alike[found[0]] if found and _digits(found[0]) == _digits(mine) else ""


def suspects(counts: Mapping[str, int], known: Iterable[str] = ()) -> dict[str, str]:
    """Of names that no file lists, with the number of their rows: those that look like slips, and what was meant.

    A slip is written like a more frequent name but for capitals, spaces and signs; or is long, rare, and one letter off
    it; or runs together words of which the other names consist.
    """
    listed = set(known)
    found: dict[str, str] = {}
    best: dict[str, str] = {folded(name): name for name in sorted(listed)}
    for name in sorted(counts, key=lambda name: (-counts[name], name)):
        best.setdefault(folded(name), name)
    words = {word for name in {*counts, *listed} if len(name.split()) > 1 for word in name.split()}
    for name in counts:
        meant = best[folded(name)]
        if name in listed or not folded(name):
            continue
        if meant == name:
            meant = _slip(name, counts, listed) or _run_together(name, words)
        if meant:
            found[name] = meant
    return found


def _slip(name: str, counts: Mapping[str, int], listed: set[str]) -> str:
    if len(name) < 6:
        return ""
    usual = [other for other in counts if counts[name] <= counts[other] * _RARE]
    return next((other for other in (*sorted(listed), *usual) if _one_letter(name.casefold(), other.casefold())), "")


def _one_letter(one: str, other: str) -> bool:
    """Whether a single letter was left out, doubled, mistaken, or changed places with the next."""
    if one == other or abs(len(one) - len(other)) > 1 or _digits(one) != _digits(other):
        return False
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


def _run_together(name: str, words: set[str]) -> str:
    parts = _WORDS.findall(name)
    return " ".join(parts) if len(parts) > 1 and "".join(parts) == name and words.issuperset(parts) else ""


def _digits(name: str) -> list[str]:
    return re.findall(r"[0-9]+", name)
