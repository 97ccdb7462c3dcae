"""A sentence of a call as a third person tells it, who can be told from whom.

Minutes are read by our own team. So what one of ours says of "us" stays "we", and what a customer says of "us" is
"they"; where nobody knows whose side somebody is on, neither is claimed. Who says "I" is called by name.
"""

import re
from collections.abc import Callable

from bot.minutes.model import Side, Transcript
from bot.minutes.offline.models import is_meeting
from bot.minutes.offline.wording import tidy, told

_THOUGHT = re.compile(r"^I(?:['’]m| am)? (?:think|guess|mean|believe|suppose|sure)(?: that)?\b,?\s*")
_FIRST = re.compile(r"\b(?:I(?:['’](?P<short>m|ll|ve|d))?(?: (?P<by>just|really|also|never|still|only|already|always))?"
                    r"(?: (?P<does>[a-z]+(?:['’]t)?))?|(?P<whose>my|mine)|(?P<me>me))\b", re.IGNORECASE)  # fmt: skip
_SHORT = {"m": "is", "ll": "will", "ve": "has", "d": "would"}
_DOES = {"am": "is", "have": "has", "do": "does", "don't": "doesn't", "don’t": "doesn’t", "haven't": "hasn't"}
_SAID_BEFORE = """
    will can could would should might may must shall had did was went got said told took saw came gave made knew thought
    found sent spoke met heard left ran put felt kept read won't can't couldn't wouldn't didn't wasn't hadn't
    and or to but if as in on for with
"""
_SAME = frozenset(_SAID_BEFORE.split())
_NOT_PAST = frozenset(("need", "feed", "proceed", "succeed", "exceed"))
_ENDS_IN_S = ("s", "x", "z", "ch", "sh", "o")
_GIVEN = (
    r"(?:to|for|with|from|of|at|by|on|about|than|and|around|between|send|give|show|tell|get|help|call|mail|email|let|"
    r"offer|ask|bring|keep|sent|gave|told|want|need|owe|promise|text|ping|thank|meet|see|invite|walk|join)"
)
_YOU = re.compile(
    rf"(?P<given>\b{_GIVEN} )?\byou(?: guys| all)?(?P<are>['’](?:re|ll|ve|d))?\b(?! (?:know|see)\b)"
    r"(?P<end>\s*[,.;!]|$)?",
    re.IGNORECASE,
)
_OURS = re.compile(r"\b(?:we|our|ours|us|ourselves)(?P<are>['’](?:re|ll|ve|d))?\b", re.IGNORECASE)
_THEIRS = {"we": "they", "our": "their", "ours": "theirs", "us": "them", "ourselves": "themselves"}
_AGAIN = re.compile(r"\b(?:I(?:['’](?P<short>m|ll|ve|d))?|my|mine|me|myself)\b(?: (?P<am>am|was)\b)?")
_THEY = {"i": "they", "my": "their", "mine": "theirs", "me": "them", "myself": "themselves"}
_THEY_SHORT = {"m": "are", "ll": "will", "ve": "have", "d": "would"}
_OUR_SIDE = "\ue000"  # stands for 我方 while every other 我 becomes the speaker
_LEAST = 3  # letters of a name that can stand in a sentence


class Teller:
    """Knows who speaks to whom on a call."""

    def __init__(self, transcript: Transcript) -> None:
        self._zh = transcript.language == "zh"
        self._sides = {one.name: one.side for one in transcript.speakers}
        # The letters of a recorded meeting are no names.
        self._plain = is_meeting(transcript)

    def __call__(self, text: str, speaker: str) -> str:
        """A sentence that `speaker` said, in the third person."""
        side = self._sides.get(speaker, Side.UNKNOWN)
        if self._zh:
            return told(_sided_zh(text, side), "zh", speaker).replace(_OUR_SIDE, "我方")
        if self._plain or len(speaker) < _LEAST:
            return told(text, "en", speaker)
        return self._told_en(text, speaker, side)

    def _told_en(self, text: str, speaker: str, side: Side) -> str:
        text = _THOUGHT.sub("", tidy(text, "en"))
        if side is not Side.OURS:
            text = _OURS.sub(lambda m: _THEIRS[m[0].lower().split("'")[0].split("’")[0]] + (m["are"] or ""), text)
        text = self._addressed(text, speaker, side)
        head, named, rest = _named(text, speaker)
        text = head + named + _AGAIN.sub(_they, rest)
        return text[:1].upper() + text[1:500]

    def _addressed(self, text: str, speaker: str, side: Side) -> str:
        """Without "you": whom it means stands there instead."""
        others = [name for name in self._sides if name != speaker]
        other = others[0] if len(others) == 1 and len(others[0]) >= _LEAST else ""
        if side is Side.CUSTOMER:
            they, them, their = "we", "us", "our"
        elif side is Side.OURS:
            they, them, their = "they", other or "them", "their"
        else:
            they, them, their = "", other, f"{other}'s" if other else ""
        if their:
            theirs = f"{their}s" if their in ("our", "their") else their
            text = re.sub(r"\byour(s)?\b", lambda m: theirs if m[1] else their, text, flags=re.IGNORECASE)
        return _YOU.sub(_you(they, them), text)


def _you(they: str, them: str) -> Callable[[re.Match[str]], str]:
    def meant(match: re.Match[str]) -> str:
        taken = bool(match["given"] or match["end"] is not None) and not match["are"]
        name = them if taken else they
        return f"{match['given'] or ''}{name}{match['are'] or ''}{match['end'] or ''}" if name else match[0]

    return meant


def _named(text: str, speaker: str) -> tuple[str, str, str]:
    """What stands before the first word for its speaker, their name in its place, and what comes after it."""
    found = _FIRST.search(text)
    if found is None:
        return "", "", text
    if found["whose"] or found["me"]:
        name = f"{speaker}'s" if found["whose"] else speaker
        return text[: found.start()], name, text[found.end() :]
    parts = [speaker, _SHORT[found["short"].lower()] if found["short"] else "", found["by"] or ""]
    if does := found["does"]:
        parts.append(does if found["short"] else _third(does))
    return text[: found.start()], " ".join(part for part in parts if part), text[found.end() :]


def _third(verb: str) -> str:
    """A verb as he or she does it."""
    plain = verb.lower()
    if plain in _DOES:
        return _DOES[plain]
    if plain in _SAME or (plain.endswith("ed") and plain not in _NOT_PAST):
        return verb
    if plain.endswith("y") and plain[-2:-1] not in "aeou":
        return f"{verb[:-1]}ies"
    return f"{verb}es" if plain.endswith(_ENDS_IN_S) else f"{verb}s"


def _they(match: re.Match[str]) -> str:
    word = match[0].split()[0].split("'")[0].split("’")[0].lower()
    short = f" {_THEY_SHORT[match['short'].lower()]}" if match["short"] else ""
    am = {"am": " are", "was": " were"}.get(match["am"] or "", "")
    return f"{_THEY[word]}{short}{am}"


def _sided_zh(text: str, side: Side) -> str:
    """我们 and 你们 as minutes of our own team call the two sides; as they are where nobody knows."""
    if side is Side.UNKNOWN:
        return text
    we, you = ("我方", "客户") if side is Side.OURS else ("客户", "我方")
    text = re.sub(r"咱们?(?:双方)?", "双方", text)
    text = re.sub(r"我们(?:这边|公司|这里)?|我司", we, text)
    text = re.sub(r"(?:您|你)们?(?:这边|那边|公司|那里)?", you, text)
    return text.replace("我方", _OUR_SIDE)
