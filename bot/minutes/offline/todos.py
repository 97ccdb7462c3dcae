"""Who does what by when: promises, requests that were taken on, plans. A wrong owner is worse than none."""

from collections.abc import Sequence
from datetime import date
from itertools import islice
from math import exp

from bot.minutes.model import Todo, Transcript
from bot.minutes.offline.candidates import HAN, Candidate, Reading
from bot.minutes.offline.cues import Cue, Kind
from bot.minutes.offline.merging import merged
from bot.minutes.offline.models import groups, is_meeting, scores
from bot.minutes.offline.people import People
from bot.minutes.offline.sentences import Sentence
from bot.minutes.offline.weighing import sure
from bot.minutes.offline.wording import task as worded

ENOUGH = 0.55  # strength from which a to-do is kept
_FAINT = 0.25  # strength from which it may say more of another one
_SURE = 0.95  # a rule's strength that no model can contradict
_STRONG = 0.8  # a rule's strength from which it counts in a meeting
_LIKELY = -0.8  # log odds from which the model alone finds a to-do
_UNLIKELY = -1.5  # log odds below which it contradicts a rule
_MOST = 5_000  # candidates of a call that are looked at
_MOST_TODOS = 300  # of a call: more is no call


def todos(transcript: Transcript, on: date, people: Sequence[str] = ()) -> tuple[Todo, ...]:
    """In the order of the call. `on`: its day. `people`: the roster's names."""
    reading = Reading(transcript, on, People(transcript, people))
    found = islice(reading.found(), _MOST)
    if is_meeting(transcript):
        # the model of meetings judges these better than that of calls
        strong = [one for one in merged(islice(map(_bare, found), _MOST_TODOS), ENOUGH) if one.strength >= _STRONG]
        kept = _agreed(strong, transcript, reading)
    else:
        kept = merged(_weighed(found, len(transcript.turns)), ENOUGH)[:_MOST_TODOS]
    return tuple(_todo(one, reading) for one in kept)


def _bare(one: Candidate) -> Candidate:
    """With the lines in which it was said and taken on alone: in a meeting of many, nods mean little."""
    one.lines = [one.said.line, *([one.accepted] if one.accepted is not None else [])]
    return one


def _weighed(found: "islice[Candidate]", turns: int) -> "list[Candidate]":
    kept = []
    for one in found:
        one.strength = sure(one, turns)
        if one.strength >= _FAINT:
            kept.append(one)
    return kept


def _agreed(found: list[Candidate], transcript: Transcript, reading: Reading) -> list[Candidate]:
    """Alone, the rules are wrong nine times in ten in such meetings: the model may contradict, and adds its own."""
    odds = scores(transcript)["actions"]
    kept = [one for one in found if one.strength >= _SURE or max(odds[line] for line in one.lines) > _UNLIKELY]
    likely = [line for line, odd in enumerate(odds) if odd > _LIKELY]
    for lines in groups(likely, 2):
        near = [one for one in kept if any(abs(a - b) <= 1 for a in one.lines for b in lines)]
        if near:
            near[0].lines += lines
        else:
            kept.append(_guessed(lines, odds, reading))
    return sorted(kept, key=lambda one: min(one.lines))


def _guessed(lines: list[int], odds: Sequence[float], reading: Reading) -> Candidate:
    """What the model takes for a to-do: nobody owns it."""
    turns = reading.transcript.turns
    turn = turns[max(lines, key=lambda line: (odds[line], -line))]
    said = Sentence(turn.i, turn.speaker, turn.text)
    strength = round(1 / (1 + exp(-odds[turn.i])), 2)
    due = reading.due(" ".join(turns[line].text for line in lines)[:1000])
    return Candidate(Cue(Kind.TOGETHER, turn.text, strength), said, turn.text, turn.text, None, due, strength, lines)


def _todo(one: Candidate, reading: Reading) -> Todo:
    language = "zh" if HAN.search(one.text) else "en"
    me = one.said.speaker if not reading.who.alone else ""
    phrase = one.due.phrase if one.due else ""
    text = worded(one.text, language, me, one.other or "", phrase) or worded(one.text, language, me, one.other or "")
    lines = tuple(sorted(set(one.lines)))
    return Todo(text, one.owner, one.due.due if one.due else None, phrase, lines, round(one.strength, 2))
