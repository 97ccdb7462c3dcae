"""JSON of other tools, and what Paceline itself exports: any list of objects that have a text, and mostly a speaker."""

from typing import Any

from bot.minutes.transcripts.documents import day_at, dicts, inside, seconds_at, text_at
from bot.minutes.transcripts.pieces import Cue, Heard

_LISTS = (
    "turns",
    "utterances",
    "segments",
    "sentences",
    "cues",
    "entries",
    "transcript",
    "monologues",
    "results",
    "data",
)
_TEXT = ("text", "content", "sentence", "utterance", "transcript", "words")
_WHO = ("speaker", "speaker_name", "speakerName", "name", "participant", "user", "role", "speaker_id", "speakerId")
_START = ("start", "start_time", "startTime", "begin", "begin_time", "offset", "timestamp", "time")
_END = ("end", "end_time", "endTime")


def read(found: list[Any]) -> Heard | None:
    """The utterances of the first list that has any; None when there is none."""
    if found and all(isinstance(one, dict) and text_at(one, *_TEXT) for one in found) and len(found) > 1:
        return _heard({}, dicts(found))  # JSON lines
    for one in found:
        about, listed = _search(one, 3)
        if listed:
            return _heard(about, listed)
    return None


def _search(found: Any, depth: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    if isinstance(found, list):
        return {}, [one for one in dicts(found) if text_at(one, *_TEXT)]
    for key in _LISTS if isinstance(found, dict) and depth else ():
        about, listed = _search(inside(found, key), depth - 1)
        if listed:
            return about or found, listed
    return {}, []


def _heard(about: dict[str, Any], listed: list[dict[str, Any]]) -> Heard:
    starts = [one[key] for one in listed for key in _START if isinstance(one.get(key), int | float)]
    per = 1000 if starts and all(isinstance(at, int) for at in starts) and max(starts) > 100_000 else 1
    cues = [
        Cue(_who(one), text_at(one, *_TEXT), seconds_at(one, *_START, per=per), seconds_at(one, *_END, per=per))
        for one in listed
    ]
    return Heard("json", cues, [], [], text_at(about, "title", "name"), day_at(about, "date", "started", "created_at"))


def _who(one: dict[str, Any]) -> str:
    """Who speaks: a text, a number, or an object with a name."""
    for key in _WHO:
        if isinstance(one.get(key), dict):
            return text_at(one[key], "name", "displayName", "id", "email")
        if text_at(one, key):
            return text_at(one, key)
    return ""
