"""What the customer has against it, by kind, and whether it was answered."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from bot.minutes.model import Objection, ObjectionKind, Side, Transcript, Turn
from bot.minutes.offline.linear import hashed, score
from bot.minutes.offline.phrases import phrases
from bot.minutes.offline.sentences import split
from bot.minutes.offline.wording import tidy

_PLAIN = {
    ObjectionKind.SECURITY,
    ObjectionKind.EFFORT,
    ObjectionKind.COMPETITOR,
    ObjectionKind.TIMING,
    ObjectionKind.OTHER,
}
_AGAINST_EN = re.compile(
    r"\b(?:but|worr\w+|concern\w*|problem|issue|afraid|honestly|frankly|not|can['’]?t|cannot|won['’]t|"
    r"don['’]t|didn['’]t|doesn['’]t|isn['’]t|without|need|require\w*|before|must|never|hard|difficult|too|"
    r"unless|however|"
    r"risk\w*|nervous|hesitant|struggl\w+|last time|took us|quoted|cheaper|less|where|how|what (?:about|"
    r"if)|only|already|ask\w*|insist\w*|strict|mandatory|scares?|nightmare|headache|pain\w*|stretched|"
    r"disrupt\w*|freeze|busy)\b",
    re.IGNORECASE,
)
_AGAINST_ZH = re.compile(
    r"不|没|担心|怕|问题|但|难|贵|太|要求|必须|怎么|吗|过不了|麻烦|低|便宜|顾虑|要|得|再|卡|慢|差|"
    r"如果|万一|只|谁|哪|多久|已经|一直"
)
_OTHER_EN = re.compile(
    r"\b(?:I['’]m|we['’]re|I am|we are|still|bit|little|really|also|my (?:only|main|biggest|big)|our (?:only|"
    r"main|biggest|big)|one) (?:\w+ )?(?:worr(?:y|ied)|concern(?:ed)?|hesitant|nervous|reluctant|problem is|"
    r"not (?:comfortable|happy))\b",
    re.IGNORECASE,
)
_OTHER_ZH = re.compile(r"(?:我|我们|就是|还是|比较|有点|最|主要|另外).{0,4}(?:担心|顾虑|怕的是|犹豫|不满意|疑虑)")
_ANSWER_EN = re.compile(
    r"\b(?:understand|fair|good (?:question|point)|great question|we (?:do|have|can|offer|support|provide|"
    r"are|already|would|will|handle|use)|our\b|you can|I can|I['’]ll|we['’]ll|let me|let['’]s|includes?|"
    r"that['’]s (?:why|covered|included|handled)|most (?:of our )?customers|for example|customers? (?:like|"
    r"in|with)|yes|no problem|actually|absolutely|certified|it['’]s|typically|usually|what if)\b",
    re.IGNORECASE,
)
_ANSWER_ZH = re.compile(
    r"理解|明白|放心|支持|可以|我们(?:有|能|的|会|可|是|做|已经|支持|提供|这边|所有|之前|公司)|"
    r"这个(?:我们|可以|没问题|您|不)|没问题|是这样|其实|案例|方案|我来|安排|一般|通常|"
    r"包(?:含|括)|免费|申请|确实|您看"
)
_WORDS = re.compile(r"[a-z]+(?:['’][a-z]+)?|\d+")
_LIKELY = -0.65  # log odds from which something is an objection
_MOST = 20_000  # characters of a turn that are looked at
_MOST_KINDS = 2  # of one turn
_OURS = 6  # turns within which an answer comes


def objections(transcript: Transcript) -> tuple[Objection, ...]:
    """In the order of the call, each line's kinds once."""
    zh = transcript.language == "zh"
    ours = ours_of(transcript)
    found: list[Objection] = []
    for turn in theirs(transcript, ours):
        odds = {kind: _odds(turn.text, kind, zh) for kind in ObjectionKind}
        likely = [kind for kind in sorted(odds, key=lambda one: -odds[one]) if odds[kind] > _LIKELY][:_MOST_KINDS]
        for kind in likely:
            said = max(split(turn.text[:_MOST]), key=lambda one: _odds(one, kind, zh))
            found.append(Objection(_text(said, zh), kind, (turn.i,), _is_answered(transcript, turn.i, ours, zh)))
    return tuple(found)


def theirs(transcript: Transcript, ours: set[str]) -> Iterator[Turn]:
    """The turns in which somebody may object."""
    for turn in transcript.turns:
        if turn.speaker not in ours and transcript.side_of(turn.speaker) is not Side.OURS and turn.text.strip():
            yield turn


def _odds(text: str, kind: ObjectionKind, zh: bool) -> float:
    return score("objections", [hashed(marks(text[:_MOST], kind, zh))])[0]


def marks(text: str, kind: ObjectionKind, zh: bool) -> Iterator[str]:
    """The features of what was said, as an objection of a kind."""
    language = "zh" if zh else "en"
    pieces = list(split(text))
    named, subjects = phrases(f"objections.{language}").get(kind), phrases(f"subjects.{language}").get(kind)
    said = named is not None and any(named.search(piece) for piece in pieces)
    about = subjects is not None and any(subjects.search(piece) for piece in pieces)
    against = any(phrases(f"against.{language}")["against"].search(piece) for piece in pieces)
    rule = any(kind in _kinds(piece, language) for piece in pieces)
    yield from ("all", f"kind {kind}", f"zh {zh}", f"rule {rule}", f"rule {rule} {kind}")
    yield from (
        f"said {said} about {about} against {against}",
        f"said {said} {kind}",
        f"about {about} against {against} {kind}",
    )
    yield f"asks {kind} {text.rstrip().endswith(('?', '？'))}"
    yield f"size {zh} {min(len(text) // (10 if zh else 30), 5)}"
    for word in _bits(text[:400], zh):
        yield from (f"w {word}", f"{kind} {word}")


@lru_cache(maxsize=256)
def _bits(text: str, zh: bool) -> set[str]:
    """Pairs of characters in Chinese, else the beginnings of words and of each two."""
    if zh:
        return {text[n : n + 2] for n in range(len(text) - 1)}
    words = [word[:6] for word in _WORDS.findall(text.lower())]
    return {*words, *(f"{one} {other}" for one, other in pairwise(words))}


def _text(sentence: str, zh: bool) -> str:
    text = tidy(sentence, "zh" if zh else "en")
    return (text[:1].upper() + text[1:] if not zh else text)[:300]


@lru_cache(maxsize=256)  # asked of a turn once a kind
def _kinds(sentence: str, language: str) -> set[ObjectionKind]:
    """What is said in so many words; else a subject, with a word beside it that says no."""
    zh = language == "zh"
    against = bool((_AGAINST_ZH if zh else _AGAINST_EN).search(sentence))
    kinds = phrases(f"objections.{language}").items()
    found = {ObjectionKind(kind) for kind, pattern in kinds if pattern.search(sentence)}
    found = {kind for kind in found if against or kind not in _PLAIN}
    if not found and phrases(f"against.{language}")["against"].search(sentence):
        subjects = phrases(f"subjects.{language}").items()
        found = {ObjectionKind(kind) for kind, pattern in subjects if pattern.search(sentence)}
    if not found and (_OTHER_ZH if zh else _OTHER_EN).search(sentence):
        found = {ObjectionKind.OTHER}
    return found


def ours_of(transcript: Transcript) -> set[str]:
    """Who sells, where the sides are unknown: nobody is said to, but who quotes and offers has no objections."""
    if any(speaker.side is not Side.UNKNOWN for speaker in transcript.speakers):
        return {speaker.name for speaker in transcript.speakers if speaker.side is Side.OURS}
    selling = re.compile(
        r"\b(?:list price|our (?:platform|product|solution|system|customers|team|pricing|standard|software|"
        r"service|engineers?|implementation)|we (?:offer|support|provide|charge|can offer|include)|"
        r"let me show|I['’]ll send|I can offer|per seat|demo|thanks for (?:joining|making|taking))\b|"
        r"给您|发给您|我们的(?:系统|产品|方案|平台|客户|设备|服务|价格|报价)|我们(?:支持|提供|"
        r"这边可以|公司)|您(?:这边|们|那边|看|放心|好)|方案和报价|报价是",
        re.IGNORECASE,
    )
    counts: dict[str, int] = {}
    for turn in transcript.turns:
        counts[turn.speaker] = counts.get(turn.speaker, 0) + len(selling.findall(turn.text[:5000]))
    best = max(counts, key=lambda name: counts[name], default="")
    return {best} if counts.get(best, 0) > 0 and len(counts) > 1 else set()


def _is_answered(transcript: Transcript, line: int, ours: set[str], zh: bool) -> bool:
    asker = transcript.turns[line].speaker
    pattern = _ANSWER_ZH if zh else _ANSWER_EN
    for turn in transcript.turns[line + 1 : line + 1 + _OURS]:
        if turn.speaker == asker or (ours and turn.speaker not in ours):
            continue
        return bool(pattern.search(turn.text)) and len(turn.text) > (8 if zh else 25)
    return False
