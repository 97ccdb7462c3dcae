"""Minutes by a language model, part by part. What the lines do not bear out is dropped; what the model overlooks, the
engine without one has found. Nothing that the model says is believed, nothing that the call says is obeyed.
"""

from collections.abc import Callable, Sequence
from datetime import date

from bot.llm.chat import Chat
from bot.minutes.model import Minutes, Transcript
from bot.minutes.modelled.asking import Reading
from bot.minutes.modelled.merging import merged
from bot.minutes.modelled.parts import Part, parts
from bot.redaction import redactor

__all__ = ["Part", "Reading", "merged", "minutes", "parts", "read_part", "reading"]


def reading(
    transcript: Transcript, on: date, names: Sequence[str], hidden: Sequence[str] = (), companies: Sequence[str] = ()
) -> Reading:
    """A call made ready to be sent, without who and whose it is about.

    `names`: who may own a to-do beside those who spoke. `hidden`, `companies`: whose names must not be sent either.
    """
    speakers = [speaker.name for speaker in transcript.speakers]
    return Reading(transcript, on, names, redactor([*names, *hidden], companies=companies, speakers=speakers))


def read_part(model: Chat, part: Part, call: Reading, about: str = "") -> Minutes | None:
    """What a model makes of a part, already held against its lines; None when it did not help.

    `about`: what the answer is kept with, so that it can be forgotten with it.
    """
    return call.ask(model, part, about)


def minutes(
    model: Chat,
    call: Reading,
    offline: Minutes,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Minutes:
    """The whole of a call at once, for whoever does not mind to begin anew when interrupted."""
    todo = parts(call.transcript)
    founds = []
    for n, part in enumerate(todo):
        progress(n, len(todo))
        founds.append(read_part(model, part, call))
    return merged(call.transcript, call.names, founds, offline)
