"""Tencent Meeting's API: `minutes` of `paragraphs`, down to single words. A paragraph is a turn, as in its TXT."""

from typing import Any

from bot.minutes.transcripts.documents import day_at, dicts, everywhere, seconds_at, text_at
from bot.minutes.transcripts.pieces import Cue, Heard


def read(found: list[Any]) -> Heard | None:
    """The call of a Tencent Meeting answer, its pages one after the other; None for other JSON."""
    paragraphs = [one for listed in everywhere(found, "paragraphs") for one in dicts(listed) if "sentences" in one]
    if not paragraphs:
        return None
    about = next((one for one in everywhere(found, "meeting_info") if isinstance(one, dict)), {})
    return Heard(
        "tencent", [_cue(one) for one in paragraphs], [], [], text_at(about, "subject"), day_at(about, "start_time")
    )


def _cue(paragraph: dict[str, Any]) -> Cue:
    who = paragraph.get("speaker_info")
    who = who if isinstance(who, dict) else {}
    label = text_at(who, "username", "nick_name", "name", "userid", "ms_open_id", "speaker_id")
    said = "".join(map(_sentence, dicts(paragraph.get("sentences"))))
    return Cue(label, said, seconds_at(paragraph, "start_time", per=1000), seconds_at(paragraph, "end_time", per=1000))


def _sentence(sentence: dict[str, Any]) -> str:
    """Its words put together: each brings its own spaces."""
    words = [word["text"] for word in dicts(sentence.get("words")) if isinstance(word.get("text"), str)]
    return "".join(words) or text_at(sentence, "text")
