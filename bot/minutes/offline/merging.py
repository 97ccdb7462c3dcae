"""Each to-do once, however often it came up."""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from bot.minutes.offline.candidates import INVITES, Candidate
from bot.minutes.offline.cues import Kind

_REMEMBERED = 40  # to-dos before a new one that may be the same
_NEAR = 4  # turns within which a day or an answer still means the same
_IT = 2  # and "it" does
_PRONOUN = re.compile(
    r"^\W*(?:\w+(?:ing)?\s+){0,3}?(?:it|that|(?<!of )this|them|those|one|so|both|"
    r"something)\b(?!\s+\w+\s+(?:list|report|"
    r"document|file|deck))|^(?:do|handle|take care of|sort)\b|"
    r"^.{0,3}(?:发|寄|给|放|传|转)到?我们?的?(?:微信|邮箱|办公室|前台|电脑|钉钉|群里?)?(?:就行|吧|就好|即可|看看)?$|"
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
_BOTH = re.compile(r"\bboth\b|一起|一并|都(?:给|发)", re.IGNORECASE)
_ALONG = re.compile(
    r"(?:一起|一并|一块儿?)(?:带|发|给|寄|交|送)|\balong with (?:it|that|them)\b|\btogether with (?:it|that|them)\b",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"\bget back to\b|\blet \w+ know\b|\bgive you an (?:answer|update)|答复|回复|回话|准信|准话|准数|"
    r"给.{0,3}(?:消息|结果)"
)
_SENDS = frozenset(["send", "get", "give", "have", "share", "email", "mail"])
_MORE = re.compile(r"\b(?:also|another|separately|as well)\b|另外|还有|同时|顺便|再", re.IGNORECASE)
_STOP = frozenset(_COMMON.split())


def merged(found: Iterable[Candidate], enough: float) -> list[Candidate]:
    """ "It" is what was spoken of, and a recap says nothing new.

    What is less sure than `enough` may say more of another one, and stands for none itself.
    """
    kept: list[Candidate] = []
    for one in found:
        if one.due and _BOTH.search(one.text) and one.cue.kind is Kind.PROMISE:
            for old in kept[-2:]:
                _date_too(old, one)
        if one.due is None and (along := _along(one, kept)):
            one.due = along.due
        same = next((old for old in reversed(kept[-_REMEMBERED:]) if _same(old, one)), None)
        if same is not None:
            kept[kept.index(same)] = _joined(same, one)
        elif one.strength >= enough:
            kept.append(one)
    return kept


def _along(one: Candidate, kept: list[Candidate]) -> Candidate | None:
    """What it goes along with: 一起带过去 has the day of what was promised before."""
    if one.cue.kind is Kind.TOGETHER or not _ALONG.search(one.text):
        return None
    last = [old for old in kept[-2:] if old.owner == one.owner and old.due]
    return last[-1] if last else None


def _date_too(old: Candidate, new: Candidate) -> None:
    """ "You'll have both by Tuesday": either of what was promised."""
    if old.owner == new.owner and old.due is None and new.said.line - max(old.lines) <= _NEAR:
        old.due = new.due
        old.lines.append(new.said.line)


def _same(old: Candidate, new: Candidate) -> bool:
    apart = new.said.line - max(old.lines)
    near = apart <= _NEAR
    if new.reports and old.said.line == new.said.line and old.said.speaker == new.said.speaker:
        return True
    late = new.due and not old.due and new.owner == old.owner
    if late and near and new.cue.kind is Kind.PROMISE and _TELLS.search(new.text) and len(new.text) < 50:
        return True
    if new.cue.kind is Kind.PROMISE and old.accepted == new.said.line and not _MORE.search(new.text):
        return True
    owners = {old.owner, new.owner} - {None}
    if len(owners) > 1:
        return False
    if old.cue.kind is Kind.TOGETHER and near and INVITES.search(new.text):
        return True
    if apart <= _IT and _PRONOUN.match(new.text) and _means_it(old, new):
        return True
    ours, theirs = _words(old.told), _words(new.told)
    if apart <= _IT and _PRONOUN.match(new.text) and len(theirs) <= 2:
        return True
    if not ours or not theirs:
        return False
    if new.recap and new.owner == old.owner and len((ours & theirs) - _SENDS) >= (2 if new.text[-1:] > "\u3400" else 1):
        return True
    shared = len(ours & theirs) / min(len(ours), len(theirs))
    return shared >= (0.5 if near else 0.67) and len(ours & theirs) >= 2


def _means_it(old: Candidate, new: Candidate) -> bool:
    """Whether "it" can be what was asked for or planned: a plan is only arranged, an offer only kept."""
    if old.cue.kind is Kind.TOGETHER:
        return bool(_ARRANGES.match(new.text))
    if old.cue.kind is Kind.OFFER:
        return "something" in new.text
    return old.cue.kind in (Kind.REQUEST, Kind.ASSIGNED)


def _joined(old: Candidate, new: Candidate) -> Candidate:
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
        also=f"{old.also} {old.text} {new.text}"[:300],
        accepted=None,
    )


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    words = {word[:5] for word in re.findall(r"[a-z0-9]+", text.lower())} - _STOP
    han = [c for c in text if "\u4e00" <= c <= "\u9fff" and c not in _STOP]
    return frozenset(words | {a + b for a, b in pairwise(han)})
