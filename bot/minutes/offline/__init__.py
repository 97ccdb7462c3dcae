"""Minutes without a language model: rules, small linear models and centrality. Pure: a call in, its minutes out.

What a call says is never obeyed: a line is a string that patterns are held against.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from bot.minutes.checks import checked
from bot.minutes.model import Minutes, Transcript
from bot.minutes.offline.decisions import decisions
from bot.minutes.offline.extracts import Extracts
from bot.minutes.offline.moments import moments
from bot.minutes.offline.objections import objections
from bot.minutes.offline.sensitive import sensitive
from bot.minutes.offline.todos import todos

__all__ = ["minutes"]


def minutes(transcript: Transcript, on: date, people: Iterable[str] = ()) -> Minutes:
    """What came of a call. `on`: its day. `people`: the roster's names, who may own to-dos beside those who spoke."""
    names, extracts = tuple(people), Extracts(transcript)
    found = Minutes(
        topics=extracts.topics(),
        decisions=decisions(transcript),
        todos=todos(transcript, on, names),
        objections=objections(transcript),
        sensitive=sensitive(transcript),
    )
    rests = [item.lines for section in (found.decisions, found.todos, found.objections) for item in section]
    found = replace(found, summary=extracts.summary({lines[0] for lines in rests}), moments=moments(transcript, found))
    return checked(found, transcript, names)
