"""Talk tracks as templates: blanks that are filled for a deal, and the length that a channel takes.

A talk track is written by people, so it is read by a sandbox that knows our blanks, `if` and a few filters, and nothing
else. One that holds any other template code is no template: it is quoted as it stands.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, StrictUndefined, TemplateError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

BLANKS = ("customer", "contact", "product", "industry", "stage", "pain", "proof", "next_step")
_FILTERS = frozenset({"capitalize", "lower", "title", "trim", "upper"})
_KNOWN = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.If, nodes.Not, nodes.And, nodes.Or)
LONGEST_TEMPLATE = 20_000


@cache
def _sandbox() -> Environment:
    return ImmutableSandboxedEnvironment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)


def _parsed(text: str) -> nodes.Template | None:
    """The template, or None for a text that is none of ours."""
    if "{" not in text or len(text) > LONGEST_TEMPLATE:
        return None
    try:
        tree = _sandbox().parse(text)
    except (TemplateError, RecursionError):
        return None
    return tree if all(_harmless(node) for node in tree.find_all(nodes.Node)) else None


def _harmless(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Name):
        return node.ctx == "load" and node.name in BLANKS
    if isinstance(node, nodes.Filter):
        return node.name in _FILTERS and not node.args and not node.kwargs and not node.dyn_args
    return isinstance(node, _KNOWN)


def blanks(text: str) -> tuple[str, ...]:
    """The blanks of a talk track, in the order of `BLANKS`; none for a text that is no template."""
    tree = _parsed(text)
    found = meta.find_undeclared_variables(tree) if tree else set()
    return tuple(name for name in BLANKS if name in found)


def fill(text: str, values: Mapping[str, str]) -> str:
    """The talk track with its blanks filled. Values are text and are never read as templates.

    Raises `KeyError` with the first blank that has no value: nothing is left open, and nothing is guessed.
    """
    for name in blanks(text):
        if not values.get(name, "").strip():
            raise KeyError(name)
    if _parsed(text) is None:
        return text
    given: dict[str, Any] = {name: " ".join(values.get(name, "").split()) for name in BLANKS}
    return _sandbox().from_string(text).render(given).strip()


def shown(text: str, labels: Mapping[str, str]) -> str:
    """The talk track to read: each blank as its name in brackets."""
    return fill(text, {name: f"[{labels[name]}]" for name in BLANKS})


# lengths

SHORT = {"en": 300, "zh": 120}  # characters of a message that is read between two visits


def short(text: str, language: str) -> str:
    """What fits into a chat message: the first paragraph and the last, whole sentences, as many as there is room for.

    A talk track begins with the customer's point and ends with the next step; what lies between is for a call.
    """
    parts = [part for part in re.split(r"\n\s*\n", text.strip()) if part.strip()]
    chosen = " ".join(parts[i].replace("\n", " ").strip() for i in ((0, -1) if len(parts) > 1 else (0,)))
    room = SHORT.get(language, SHORT["en"])
    if len(chosen) <= room:
        return chosen
    ends = _sentences(parts[-1])
    kept: list[str] = []
    for sentence in [*_sentences(parts[0]), *ends] if len(parts) > 1 else ends:
        if kept and len("".join(kept)) + len(sentence) > room:
            continue
        kept.append(sentence)
    return "".join(kept).strip()


def _sentences(text: str) -> list[str]:
    return [
        piece for piece in re.findall(r".+?(?:[.!?](?:\s+|$)|[。！？]|$)", text.replace("\n", " ")) if piece.strip()
    ]


def letter(text: str, greeting: str, close: str) -> str:
    """An e-mail: a greeting, the talk track, and who it is from."""
    return f"{greeting}\n\n{text}\n\n{close}"
