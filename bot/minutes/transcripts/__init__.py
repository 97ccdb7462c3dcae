"""Call transcripts of every kind as one: known by what is in them, not by their names. Pure: values in, values out.

A format is a module of this room with a `read` that gives what it heard or None, and its line in `_heard`.
Nothing that a transcript says is done: it is text, here and in all that follows.
"""

import re
from collections.abc import Sequence

from bot.errors import BotError
from bot.minutes.model import Speaker, Transcript, Turn
from bot.minutes.transcripts import (
    blocks,
    cues,
    fireflies,
    gong,
    heads,
    labels,
    listed,
    tencent,
    utterances,
)
from bot.minutes.transcripts.decoding import MOST_BYTES, decoded
from bot.minutes.transcripts.documents import documents
from bot.minutes.transcripts.languages import language_of
from bot.minutes.transcripts.pieces import Cue, Heard, Someone, tidy
from bot.minutes.transcripts.sides import sides
from prompts import Words, words

__all__ = ["MOST_BYTES", "MOST_LETTERS", "MOST_TURNS", "read", "sides", "sniff"]

MOST_TURNS = 20_000  # ten hours at two seconds a turn
MOST_LETTERS = 2_000_000  # ten hours of fast English are 600,000
_MOST_TEXT = 8_000_000  # of a text file with its names and times
_MOST_LINES = 200_000
_MOST_SPEAKERS = 500
_NAME = 60  # characters of the file's name that a message repeats


def read(data: bytes, name: str = "", *, beside: Sequence[bytes] = (), language: str = "en") -> Transcript:
    """The call of a transcript, whatever tool wrote it. `name`: the file's, for messages and the day of the call.

    Text that was pasted is read as its UTF-8 bytes. `beside`: files that came along, such as Gong's parties. Raises
    `BotError`, in `language`, for what is no transcript, too long, or in a third language.
    """
    _ = words(language)
    shown = _shown(name, _)
    heard = _heard(decoded(data, shown, _), [decoded(more, shown, _) for more in beside], shown, _)
    said = [Cue(tidy(cue.label), tidy(cue.text), cue.start, cue.end) for cue in heard.cues]
    said = [cue for cue in said if cue.text]
    _check(said, shown, _)
    speakers = _speakers(said, heard.people)
    turns = tuple(
        Turn(i, speakers[cue.label].name if cue.label else "", cue.text, cue.start, cue.end)
        for i, cue in enumerate(said)
    )
    spoken = language_of(turn.text for turn in turns)
    if not spoken:
        raise BotError(
            _("{name} is neither in English nor in Chinese. Send a transcript in one of the two.", name=shown)
        )
    title = tidy(heard.title or heads.title_of(heard.head))[:200]
    on = heard.on or heads.day_of(heard.head, name)
    return Transcript(turns, tuple(dict.fromkeys(speakers.values())), spoken, heard.form, title, on)


def sniff(data: bytes, name: str, language: str = "en") -> None:
    """Raises `BotError` for what is plainly no text, at a glance; what passes may still be no transcript."""
    _ = words(language)
    decoded(data, _shown(name, _), _)


def _shown(name: str, _: Words) -> str:
    bare = tidy(re.split(r"[/\\]", name[-300:])[-1])
    return "“" + (bare if len(bare) <= _NAME else bare[: _NAME - 20] + "…" + bare[-18:]) + "”" if bare else _("This")


def _heard(text: str, beside: Sequence[str], shown: str, _: Words) -> Heard:
    """What the first family that knows the content makes of it."""
    if not text.strip():
        raise BotError(_("{name} is empty. Send the transcript of a call.", name=shown))
    found = documents(text, shown, _)
    if found is not None:
        more = [document for one in beside for document in documents(one, shown, _) or ()]
        heard = gong.read(found + more, shown, _) or fireflies.read(found) or tencent.read(found) or listed.read(found)
        if heard:
            return heard
        said = _(
            "{name} is JSON without a transcript that I know. Send the export of the call as TXT, VTT or SRT.",
            name=shown,
        )
        raise BotError(said)
    if len(text) > _MOST_TEXT or text.count("\n") > _MOST_LINES:
        raise BotError(_("{name} is far longer than a call. Send one call at a time.", name=shown))
    return cues.read(text) or _lines(text, shown, _)


def _lines(text: str, shown: str, _: Words) -> Heard:
    """Blocks or lines with names: whichever finds more turns that somebody said."""
    found = [heard for heard in (blocks.read(text), utterances.read(text)) if heard and heard.cues]
    if not found:
        said = _(
            "{name} names no speakers. Each turn needs a name before it, such as “Anna: Good morning.”", name=shown
        )
        raise BotError(said)
    return max(found, key=lambda heard: (sum(1 for cue in heard.cues if cue.label), len(heard.cues)))


def _check(said: list[Cue], shown: str, _: Words) -> None:
    if not said:
        raise BotError(_("{name} has no words in it. Send the transcript of a call.", name=shown))
    if len(said) > MOST_TURNS or sum(len(cue.text) for cue in said) > MOST_LETTERS:
        raise BotError(_("{name} is far longer than a call. Send one call at a time.", name=shown))
    if len({cue.label for cue in said}) > _MOST_SPEAKERS:
        raise BotError(
            _("{name} names more than {n} speakers. Send the transcript of a call.", name=shown, n=_MOST_SPEAKERS)
        )


def _speakers(said: list[Cue], people: Sequence[Someone]) -> dict[str, Speaker]:
    """Each label's speaker. What stands beside a name is dropped from it where the name alone tells people apart."""
    order = list(dict.fromkeys(cue.label for cue in said if cue.label))
    parts = {label: labels.split(label[:200]) for label in order}
    bare = [name.casefold() for name, _affiliation, _email in parts.values()]
    found = {}
    for label, (name, affiliation, email) in parts.items():
        alone = bool(name) and bare.count(name.casefold()) == 1
        about = _about(name, people)
        found[label] = Speaker(
            name if alone else label[:200],
            affiliation=tidy(affiliation or about.affiliation)[:200],
            email=tidy(email or about.email)[:320].lower(),
        )
    return found


def _about(name: str, people: Sequence[Someone]) -> Someone:
    """The participant that a name means: the same name, or the only one whose name begins with it."""
    wanted = name.casefold()
    same = [person for person in people if person.name.casefold() == wanted]
    same = same or [person for person in people if person.name.casefold().split()[:1] == [wanted]]
    return same[0] if len(same) == 1 else Someone("")
