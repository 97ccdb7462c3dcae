"""What a model may do with cards that were found: choose one of them or none, and put one into the words of a deal.

It sees cards as data and cites them by their ids. A sentence whose card was not among those found is dropped, and so is
one with a number, a link or a mention that its card does not have. What is left stands beside the stored talk track.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.library.model import Card
from bot.library.templates import BLANKS, shown
from bot.llm.chat import Chat
from bot.redaction import Redaction, redactor
from prompts import prompt

PATIENCE = 8.0  # seconds that somebody waits for a choice
LONGER = 20.0  # and for an adapted talk track
_SUSPECT = re.compile(r"https?://\S+|www\.\S+|[@#]\w+|<[^>]*>")
_BLANK = re.compile(r"\{[{%]|\[(?:" + "|".join(BLANKS) + r")\]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*%?")


@dataclass(frozen=True, slots=True)
class Adapted:
    """`sentences`: each with the card that it stands on. `dropped`: how many could not be shown to stand on one."""

    sentences: tuple[tuple[str, str], ...]
    dropped: int

    @property
    def text(self) -> str:
        return " ".join(sentence for sentence, _card in self.sentences)


def pick(chat: Chat, question: str, cards: Sequence[Card], hides: Redaction | None = None) -> Card | None:
    """The one of the found cards that answers, as the model sees it; None when it names none, or does not answer.

    `hides` keeps from it whose cards and question these are.
    """
    hides = hides or redactor(())
    known = {hides.hide(card.key): card for card in cards}
    schema = _schema({"card": {"enum": [*known, "none"]}})

    def into(body: dict[str, Any]) -> str:
        return str(body["card"])

    fence = secrets.token_hex(6)
    bare = [_hidden(card, hides) for card in cards]
    asked = prompt("library/pick.prompt.md", question=hides.hide(question), cards=bare, fence=fence)
    return known.get(chat.ask(asked, into, schema, PATIENCE, task="pick", fence=fence) or "")


def adapt(
    chat: Chat, question: str, cards: Sequence[Card], deal: str, industry: str, hides: Redaction | None = None
) -> Adapted | None:
    """The talk track of the first card in the words of a deal; None when nothing of it could be shown to hold.

    `hides` keeps from the model whose talk track, question and deal these are.
    """
    hides = hides or redactor(())
    tracks = [(_hidden(card, hides), hides.hide(_track(card, industry))) for card in cards]
    known = {hides.hide(card.key): card.key for card in cards}
    said = {card.key: f"{card.title} {card.said_in(industry)} {' '.join(card.points)}" for card in cards}
    item = _schema({"card": {"enum": list(known)}, "sentence": {"type": "string"}})
    schema = _schema({"sentences": {"type": "array", "items": item}})

    fence = secrets.token_hex(6)
    asked = prompt(
        "library/adapt.prompt.md",
        question=hides.hide(question),
        tracks=tracks,
        deal=hides.hide(deal),
        industry=industry,
        fence=fence,
    )
    found = chat.ask(asked, _sentences, schema, LONGER, task="adapt", fence=fence)
    if not found:
        return None
    given = f"{deal} {question}"
    back = [(hides.restore(sentence), known.get(key, "")) for sentence, key in found if not hides.unknown(sentence)]
    kept = tuple((sentence, key) for sentence, key in back if key in said and _stands(sentence, said[key], given))
    return Adapted(kept, len(found) - len(kept)) if kept else None


def _sentences(body: dict[str, Any]) -> list[tuple[str, str]]:
    return [(str(one["sentence"]).strip(), str(one["card"])) for one in body["sentences"]]


def _track(card: Card, industry: str) -> str:
    return shown(card.said_in(industry), {name: name for name in BLANKS})


def _hidden(card: Card, hides: Redaction) -> Card:
    phrasings = tuple(hides.hide(one) for one in card.phrasings)
    return replace(card, title=hides.hide(card.title), phrasings=phrasings, key=hides.hide(card.key))


def _stands(sentence: str, source: str, given: str) -> bool:
    """Whether a sentence brings in nothing that neither its card nor the rep said: numbers, links, mentions, code."""
    if not sentence or _BLANK.search(sentence):
        return False
    known = f"{source} {given}".casefold()
    brought = [*_SUSPECT.findall(sentence), *_NUMBER.findall(sentence)]
    return all(one.casefold() in known for one in brought)


def _schema(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
