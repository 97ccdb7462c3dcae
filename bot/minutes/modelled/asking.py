"""Puts a part of a call to a model and takes what the lines bear out."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from bot.llm.chat import Chat, Question
from bot.minutes.checks import checked
from bot.minutes.model import Dropped, Minutes, ObjectionKind, Transcript
from bot.minutes.modelled.evidence import Evidence
from bot.minutes.modelled.parts import A_LINE, Part
from bot.redaction import Redaction
from prompts import prompt

PATIENCE = 120.0  # seconds for a part
MOST = 40  # items of a kind in a part: more is no answer
POINTS = 3  # sentences of a part's summary
_LANGUAGES = {"en": "English", "zh": "Chinese (简体中文)"}


class Reading:
    """A call as a model is shown it: its lines numbered by us, and nobody's name in them."""

    def __init__(self, transcript: Transcript, on: date, names: Sequence[str], redaction: Redaction) -> None:
        self.transcript, self.on, self.names, self.redaction = transcript, on, tuple(names), redaction
        self.speakers = {one.name: redaction.called(one.name) for one in transcript.speakers if one.name}
        self.texts = [redaction.hide(" ".join(turn.text[:A_LINE].split())) for turn in transcript.turns]

    def lines(self, part: Part) -> list[str]:
        """`12 [NAME_1]: what was said`"""
        turns = self.transcript.turns[part.first : part.last + 1]
        return [f"{turn.i} {self.speakers.get(turn.speaker, '?')}: {self.texts[turn.i]}" for turn in turns]

    def ask(self, model: Chat, part: Part, about: str = "") -> Minutes | None:
        """What a model makes of a part; None when it did not help."""
        fence = f"<<{secrets.token_hex(6)}>>"
        asked = prompt(
            "minutes/extract.prompt.md",
            fence=fence,
            lines=self.lines(part),
            language=_LANGUAGES.get(self.transcript.language, "English"),
            kinds=[kind.value for kind in ObjectionKind],
            points=POINTS,
        )
        question = Question(asked, _listed, _schema(part), "minutes", fence, about)
        found = model.answer(question, PATIENCE).value
        return None if found is None else self.held(part, found)

    def held(self, part: Part, found: dict[str, list[Any]]) -> Minutes:
        """What the lines bear out of an answer, with the names put back; the rest is counted."""
        evidence = Evidence(self, part)
        made = Minutes(
            summary=evidence.points(found["summary"][:POINTS]),
            decisions=evidence.points(found["decisions"]),
            objections=evidence.objections(found["objections"]),
            todos=evidence.todos(found["todos"]),
            engine="model",
        )
        dropped = tuple(Dropped(text[:300], why) for text, why in evidence.dropped)
        return checked(replace(made, dropped=dropped), self.transcript, self.names)


def _listed(body: dict[str, Any]) -> dict[str, list[Any]]:
    """The four lists of an answer. Raises for anything else; what stands in them is looked at later."""
    found = {name: body.get(name, []) for name in ("todos", "decisions", "objections", "summary")}
    if not any(name in body for name in found) or not all(isinstance(one, list) for one in found.values()):
        raise ValueError("not the lists that were asked for")
    if any(len(one) > MOST for one in found.values()):
        raise ValueError("more than a part can hold")
    return found


def _schema(part: Part) -> dict[str, Any]:
    text, flag = {"type": "string"}, {"type": "boolean"}
    line = {"type": "integer", "enum": list(range(part.first, part.last + 1))}
    cited = {"lines": {"type": "array", "items": line}, "quote": text}
    kind = {"type": "string", "enum": [one.value for one in ObjectionKind]}
    point = _object(cited | {"text": text})
    return _object(
        {
            "todos": _list(_object(cited | {"owner": text, "action": text, "due": text})),
            "decisions": _list(point),
            "objections": _list(_object(cited | {"kind": kind, "text": text, "answered": flag})),
            "summary": _list(point),
        }
    )


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}
