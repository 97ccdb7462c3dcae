"""Words that a reader should look at twice, from packs that anybody may edit: a term a line."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from bot.minutes.model import Sensitive, SensitiveKind, Transcript

_MOST = 20_000  # characters of one turn that are looked at: more than anybody says without a pause
_NO_EN = re.compile(
    r"\b(?:no|not|never|none|without|cannot|nor|refuse[sd]?|against|forbid\w*|prohibit\w*|illegal|\w+n['’]t|"
    r"not allowed|off limits)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(r"[\w\s,]{0,30}\b(?:is|are|\w+n['’]t)\b.{0,20}(?:not|n['’]t|off)")
_NO_ZH = re.compile(r"不|没有|没法|无法|别|禁止|红线|违规|违法|拒绝|杜绝|未|做不了")
_STOP = re.compile(r"[.!?;。！？；]|\bbut\b|但是|但|不过")
_AFTER_ZH = re.compile(
    r".{0,10}?(?:做不了|不行|不可能|不做|不能|不可以|不允许|不收|不给|给不了|没有|没法|免谈|红线|违规|违法|禁止|取消)"
)
_OFTEN_NO = re.compile(
    r"能不能|可不可以|要不要|是不是|有没有|不错|不好意思|不过|没问题|别的|不仅|不但|不止|区别|特别|"
    r"个别|差不多|不同|未来|不管|不断"
)


def sensitive(transcript: Transcript) -> tuple[Sensitive, ...]:
    """Every term of the packs that was said, in the order of the call, with whether it was denied."""
    return tuple(one for turn in transcript.turns for one in _of(turn.text[:_MOST], turn.i))


def _of(text: str, line: int) -> Iterator[Sensitive]:
    taken: dict[SensitiveKind, int] = {}
    found = [(match.start(), -match.end(), kind, match) for kind, terms in _packs() for match in terms.finditer(text)]
    for start, end, kind, match in sorted(found, key=lambda each: each[:3]):
        if taken.get(kind, 0) <= start:
            taken[kind] = -end
            yield Sensitive(match[0], kind, (line,), _negated(text, match))


def _negated(text: str, match: re.Match[str]) -> bool:
    """Whether its own clause says no to it. A term that is itself a no ("don't tell anyone") is not."""
    before = text[max(0, match.start() - 120) : match.start()]
    after = text[match.end() : match.end() + 60]
    before = _OFTEN_NO.sub("  ", _STOP.split(before)[-1])
    after = _OFTEN_NO.sub("  ", _STOP.split(after)[0])
    if _NO_ZH.search(before) or _AFTER_ZH.match(after) or _NO_EN.search(before):
        return True
    return bool(_DENIED.match(after))


@cache
def _packs() -> tuple[tuple[SensitiveKind, re.Pattern[str]], ...]:
    folder = files("bot.minutes.offline") / "packs"
    return tuple((kind, _pattern((folder / f"{kind}.txt").read_text("utf-8"))) for kind in SensitiveKind)


def _pattern(pack: str) -> re.Pattern[str]:
    terms = [line.strip() for line in pack.splitlines() if line.strip() and not line.startswith("#")]
    return re.compile("|".join(map(_term, sorted(terms, key=len, reverse=True))), re.IGNORECASE)


def _term(term: str) -> str:
    """A term as it may be said: in any of its forms, with any space and apostrophe, whole words only."""
    body = re.escape(term).replace(r"\ ", r"\s+").replace("'", "['’]").replace(r"\[\]", r"(?:\S+\s+){0,3}?\S+")
    if not term.isascii():
        return body
    ends = r"(?:s|es|ed|d|ing)?(?!\w)" if term[-1].isalpha() else ""
    return (r"(?<!\w)" if term[0].isalnum() else "") + body + ends
