"""Minutes as the JSON that `paceline minutes` prints and `paceline export minutes` writes."""

from datetime import date
from typing import Any

from bot.minutes.model import Minutes, Point, Topic, Transcript


def body(transcript: Transcript, minutes: Minutes, on: date) -> dict[str, Any]:
    """One call with its minutes; every `lines` counts the turns of the source from 0."""
    return {
        "language": transcript.language,
        "date": on.isoformat(),
        "title": transcript.title,
        "speakers": [{"name": one.name, "side": one.side} for one in transcript.speakers],
        "turns": [
            {"i": turn.i, "speaker": turn.speaker, "start": turn.start, "text": turn.text} for turn in transcript.turns
        ],
        "summary": [_point(one) for one in minutes.summary],
        "topics": [_topic(one) for one in minutes.topics],
        "decisions": [_point(one) for one in minutes.decisions],
        "todos": [
            {
                "task": one.task,
                "owner": one.owner,
                "due": one.due.iso if one.due else None,
                "due_phrase": one.due_phrase,
                "lines": one.lines,
                "confidence": one.confidence,
            }
            for one in minutes.todos
        ],
        "objections": [
            {"text": one.text, "kind": one.kind, "lines": one.lines, "answered": one.answered, "card": one.card}
            for one in minutes.objections
        ],
        "sensitive": [
            {"term": one.term, "kind": one.kind, "lines": one.lines, "negated": one.negated}
            for one in minutes.sensitive
        ],
        "moments": [{"kind": one.kind, "text": one.text, "lines": one.lines} for one in minutes.moments],
        "dropped": [{"text": one.text, "why": one.why} for one in minutes.dropped],
        "engine": minutes.engine,
    }


def _point(one: Point) -> dict[str, Any]:
    return {"text": one.text, "lines": one.lines}


def _topic(one: Topic) -> dict[str, Any]:
    return {"title": one.title, "first": one.first, "last": one.last, "points": [_point(each) for each in one.points]}
