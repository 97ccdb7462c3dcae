"""Fireflies: a `transcript` of `sentences`, as its API and its download give it. A sentence is a turn."""

from typing import Any

from bot.minutes.transcripts.documents import day_at, dicts, inside, seconds_at, text_at
from bot.minutes.transcripts.pieces import Cue, Heard, Someone


def read(found: list[Any]) -> Heard | None:
    """The call of a Fireflies export; None for other JSON."""
    for one in found:
        for about in (inside(one, "data", "transcript"), inside(one, "transcript"), one):
            sentences = dicts(inside(about, "sentences"))
            if sentences and any("speaker_name" in said or "speaker_id" in said for said in sentences):
                return _heard(about, sentences)
    return None


def _heard(about: dict[str, Any], sentences: list[dict[str, Any]]) -> Heard:
    names = {text_at(one, "id"): text_at(one, "name") for one in dicts(about.get("speakers"))}
    people = [
        Someone(text_at(one, "displayName", "name"), "", text_at(one, "email"))
        for one in dicts(about.get("meeting_attendees"))
    ]
    cues = [
        Cue(
            text_at(said, "speaker_name") or names.get(text_at(said, "speaker_id")) or text_at(said, "speaker_id"),
            text_at(said, "text", "raw_text"),
            seconds_at(said, "start_time"),
            seconds_at(said, "end_time"),
        )
        for said in sentences
    ]
    return Heard("fireflies", cues, [], people, text_at(about, "title"), day_at(about, "dateString", "date"))
