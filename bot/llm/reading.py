"""What stands in the body that a model's server sent. Nothing of it is believed."""

import json
import re
from dataclasses import dataclass
from typing import Any, TypeGuard

from bot.llm.model import Outcome, Tokens, tokens_of

_JSON = re.compile(r"\{.*\}", re.DOTALL)
_THOUGHT = re.compile(r"<(think|thinking|reasoning)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_AFTER = re.compile(r".*</(?:think|thinking|reasoning)>", re.DOTALL | re.IGNORECASE)
MOST = 400_000  # characters of an answer that are looked at


@dataclass(frozen=True, slots=True)
class Said:
    """`text`: what the model wrote, "" when `outcome` is not good."""

    text: str
    outcome: Outcome
    used: Tokens


def said(body: bytes, prompt: str) -> Said:
    """The model's text in the body of a 200."""
    try:
        answer = json.loads(body)
        choice = answer["choices"][0]
        message = choice["message"]
        text = message.get("content")
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        return Said("", Outcome.STRANGE, Tokens(tokens_of(prompt), guessed=True))
    text = text if isinstance(text, str) else ""
    used = _used(answer.get("usage"), prompt, text)
    if message.get("refusal") or choice.get("finish_reason") == "content_filter":
        return Said("", Outcome.REFUSED, used)
    if choice.get("finish_reason") == "length":
        return Said("", Outcome.CUT, used)
    text = _thoughtless(text[:MOST])
    return Said(text, Outcome.GOOD, used) if text else Said("", Outcome.EMPTY, used)


def _thoughtless(text: str) -> str:
    return _AFTER.sub("", _THOUGHT.sub("", text)).strip()


def _used(usage: Any, prompt: str, text: str) -> Tokens:
    guessed = Tokens(tokens_of(prompt), tokens_of(text), guessed=True)
    if not isinstance(usage, dict):
        return guessed
    given, made = usage.get("prompt_tokens"), usage.get("completion_tokens")
    details = usage.get("prompt_tokens_details")
    cached = details.get("cached_tokens") if isinstance(details, dict) else 0
    if not _count(given) or not _count(made):
        return guessed
    return Tokens(given, made, min(cached, given) if _count(cached) else 0)


def _count(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31


def parsed(text: str, *, repair: bool) -> dict[str, Any]:
    """The JSON object in what a model wrote, fences around it left out; with `repair` also one with slips in it.

    Raises `ValueError` when there is none.
    """
    found = _JSON.search(text)
    try:
        body = json.loads(found[0]) if found else None
    except (ValueError, RecursionError) as fault:
        if not repair:
            raise ValueError("no JSON object in it") from fault
        body = _repaired(found[0]) if found else None
    if body is None and repair and "{" in text:
        body = _repaired(text[text.index("{") :])
    if not isinstance(body, dict):
        raise ValueError("no JSON object in it")
    return body


def _repaired(text: str) -> Any:
    from json_repair import repair_json

    try:
        return repair_json(text[:MOST], return_objects=True, skip_json_loads=True)
    except Exception as fault:  # it meets all that a model may write
        raise ValueError("no JSON object in it") from fault
