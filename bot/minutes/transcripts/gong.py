"""Gong's API: `callTranscripts` with a number for each speaker, and `calls` with the `parties` behind the numbers.

A sentence is a turn. Both may come in one file, in either order.
"""

from typing import Any

from bot.errors import BotError
from bot.minutes.transcripts.documents import day_at, dicts, everywhere, inside, seconds_at, text_at
from bot.minutes.transcripts.pieces import Cue, Heard, Someone
from prompts import Words


def read(found: list[Any], name: str, _: Words) -> Heard | None:
    """The call of a Gong export. Raises `BotError` for parties without a transcript, and for several calls."""
    transcripts = [call for calls in everywhere(found, "callTranscripts") for call in dicts(calls)]
    calls = [
        call
        for listed in everywhere(found, "calls")
        for call in dicts(listed)
        if "parties" in call or "metaData" in call
    ]
    if not transcripts and not calls:
        return None
    if not transcripts:
        said = _("{name} says who was on the call, not what was said. Send Gong's callTranscripts with it.", name=name)
        raise BotError(said)
    ids = list(dict.fromkeys(text_at(call, "callId") for call in transcripts))
    if len(ids) > 1:
        raise BotError(_("{name} holds {n} calls. Send one call at a time.", name=name, n=len(ids)))
    about = (
        next((call for call in calls if text_at(call.get("metaData") or {}, "id") in (ids[0], "")), {}) if calls else {}
    )
    return _heard(transcripts, about)


def _heard(transcripts: list[dict[str, Any]], about: dict[str, Any]) -> Heard:
    parties = dicts(about.get("parties"))
    names = {text_at(party, "speakerId"): text_at(party, "name", "emailAddress") for party in parties}
    people = [
        Someone(text_at(party, "name", "emailAddress"), text_at(party, "affiliation"), text_at(party, "emailAddress"))
        for party in parties
    ]
    cues = []
    for call in transcripts:
        for monologue in dicts(call.get("transcript")):
            number = text_at(monologue, "speakerId")
            for said in dicts(monologue.get("sentences")):
                start, end = seconds_at(said, "start", per=1000), seconds_at(said, "end", per=1000)
                cues.append(Cue(names.get(number) or number, text_at(said, "text"), start, end))
    data = inside(about, "metaData")
    data = data if isinstance(data, dict) else {}
    return Heard("gong", cues, [], people, text_at(data, "title"), day_at(data, "started", "scheduled"))
