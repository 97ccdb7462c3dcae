"""Our Markdown in Slack's mrkdwn, cut into sections and messages that Slack takes.

Slack gives no way to escape its own marks, so a mark that a text merely holds is set apart with zero-width spaces
wherever it could pair with another. `&`, `<` and `>` are escaped: with that, and without `link_names`, no text can
mention anybody.
"""

import re
import string
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import groupby, pairwise
from operator import attrgetter

from bot import markdown
from bot.markdown import Block, Line, Span

SECTION = 3000  # characters that Slack takes in one section
MESSAGE = 11_000  # characters of text that it takes in one message; it does not say how many, about 13,000 were seen
BLOCKS = 50

_APART = "\u200b"  # zero-width space
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_PLAIN = re.compile(r"[^&<>*_~`:]*")  # nothing in it that Slack reads as more than itself
_EMOJI = re.compile(r":(?=[a-z0-9_+'-]{0,50}[a-z+][a-z0-9_+'-]{0,50}:|100:|1234:|-1:)")
_PAIRED = re.compile(r"(?<![^\W_])([*_~`])|([*_~`])(?![^\W_])")  # not those inside a word
_MARKS = "*_`"
_BORDERS = " \t.,;:!?()[]{}/\"'-\u200b"  # Slack reads a mark beside one of these


def escape(text: str) -> str:
    """`text` so that Slack shows just that, and mentions nobody."""
    return text.translate(_ESCAPES)


def unescape(text: str) -> str:
    """What Slack escaped, as it was typed."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def size(text: str) -> int:
    """The length as Slack may count it: a character beyond the basic plane, such as an emoji, is two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def sections(text: str) -> list[str]:
    """The text in mrkdwn, in pieces that fit a section each; paragraphs stay whole where they can."""
    found: list[str] = []
    room = 0
    for piece, gap in _pieces(markdown.parse(text)):
        needs = size(piece)
        if found and needs + len(gap) <= room:
            found[-1] += gap + piece
            room -= needs + len(gap)
        else:
            found.append(piece)
            room = SECTION - needs
    return [section for section in found if section.strip(_APART + string.whitespace)]


def messages(text: str, last: int = 0) -> list[list[str]]:
    """The sections of a text, message by message. `last`: blocks to be left free for what stands below it."""
    parts: list[list[str]] = [[]]
    room = MESSAGE
    for section in sections(text):
        if parts[-1] and (size(section) > room or len(parts[-1]) >= BLOCKS - last):
            parts.append([])
            room = MESSAGE
        parts[-1].append(section)
        room -= size(section)
    return parts


def _pieces(blocks: Sequence[Block]) -> Iterator[tuple[str, str]]:
    """What may stand in a section each, and the line breaks that set it apart from what is before it."""
    for block in blocks:
        gap = "\n\n" if block.spaced else "\n"
        for piece in _block(block):
            yield piece, gap
            gap = "\n"


def _block(block: Block) -> Iterator[str]:
    if block.kind == "pre":
        room = SECTION - 8
        lines = [_code(line[0].text if line else "", "```") for line in block.lines]
        for text in _joined(_cut(lines, room), room):
            yield f"```\n{text}\n```"
        return
    mark = {"item": "• ", "quote": "> "}.get(block.kind, "")
    room = SECTION - len(mark)
    lines = [text for line in block.lines for text in _line(line, room)]
    yield from _joined([mark + line for line in lines], SECTION)


def _joined(lines: Iterable[str], most: int) -> Iterator[str]:
    """As many lines together as fit."""
    lines = list(lines)
    if 2 * (sum(map(len, lines)) + len(lines)) <= most:
        yield "\n".join(lines)
        return
    held: list[str] = []
    length = 0
    for line in lines:
        if held and length + 1 + size(line) > most:
            yield "\n".join(held)
            held, length = [], 0
        length += size(line) + bool(held)
        held.append(line)
    if held:
        yield "\n".join(held)


def _line(line: Line, most: int) -> Iterator[str]:
    """One line in mrkdwn; several when it is longer than `most`."""
    text = _spans(line)
    if 2 * len(text) <= most or size(text) <= most:
        yield text
        return
    held: list[Span] = []
    for span in _cut_spans(line):
        if held and size(_spans((*held, span))) > most:
            yield _spans(tuple(held))
            held = []
        held.append(span)
    yield _spans(tuple(held))


def _cut_spans(line: Line) -> Iterator[Span]:
    for span in line:
        if size(span.link) > 1000:  # Slack takes no such link; the address can still be read
            for text in _words(f"{span.text} ({span.link})", 250):
                yield Span(text)
        else:
            for text in _words(span.text, 250):
                yield span._replace(text=text)


def _words(text: str, most: int) -> Iterator[str]:
    """The text in pieces of at most `most`, cut before a word where there is one. Together they are the text."""
    while len(text) > most:
        at = text.rfind(" ", 1, most) + 1 or most
        yield text[:at]
        text = text[at:]
    yield text


def _cut(lines: Iterable[str], most: int) -> Iterator[str]:
    """Preformatted lines, the longest in pieces; an escape stays whole."""
    for line in lines:
        while size(line) > most:
            at = most // 2
            escaped = line.rfind("&", at - 4, at)
            if escaped >= 0 and ";" not in line[escaped:at]:
                at = escaped
            yield line[:at]
            line = line[at:]
        yield line


@lru_cache(2000)
def _spans(line: Line) -> str:
    if len(line) == 1 and not any(line[0][1:]):
        return _start(_literal(line[0].text, line[0].text))
    whole = "".join(["".join([span.text, "**" * span.bold, "__" * span.italic, "``" * span.code]) for span in line])
    inner = _inner(whole)
    if any(span.italic for span in line):
        inner = partial(_styled, mark="_", wanted=_ITALIC, inner=inner)
    return _start(_styled(line, "*", _BOLD, inner))


_BOLD, _ITALIC = attrgetter("bold"), attrgetter("italic")


def _start(text: str) -> str:
    """A line that merely begins with > is no quote."""
    return _APART + text if text.startswith("&gt;") else text


def _inner(whole: str) -> Callable[[Line], str]:
    return lambda spans: _span(spans[0], whole) if len(spans) == 1 else _set_apart([_span(s, whole) for s in spans])


def _styled(line: Line, mark: str, wanted: Callable[[Span], bool], inner: Callable[[Line], str]) -> str:
    """The runs of a line, those that are wanted between two marks; no space touches a mark from inside."""
    runs = []
    for is_wanted, group in groupby(line, key=wanted):
        text = inner(tuple(group))
        core = text.strip()
        if is_wanted and core:
            start = text.index(core)
            text = f"{text[:start]}{mark}{core}{mark}{text[start + len(core) :]}"
        runs.append(text)
    return _set_apart(runs)


def _set_apart(runs: list[str]) -> str:
    """The runs together. Between a mark and a letter, Chinese ones too, Slack needs something that is none."""
    runs = [run for run in runs if run]
    found = runs[:1]
    for before, after in pairwise(runs):
        left, right = before[-1], after[0]
        touches = (left in _MARKS and right not in _BORDERS) or (right in _MARKS and left not in _BORDERS)
        found.append(_APART + after if touches else after)
    return "".join(found)


def _span(span: Span, whole: str) -> str:
    if span.code and "`" not in span.text and span.text.strip():
        text = f"`{escape(span.text)}`"
    else:
        text = _literal(span.text, whole)
    if not span.link.startswith(("http", "mailto:")) or len(span.link) > 1000:
        return text  # a path leads nowhere from Slack
    address = escape(span.link).replace("|", "%7C").replace("&lt;", "%3C").replace("&gt;", "%3E")
    return f"<{address}|{text.strip() or address}>"


def _literal(text: str, whole: str) -> str:
    """Text that means only itself. `whole`: all that stands in its line, which it could pair with."""
    if _PLAIN.fullmatch(text):
        return text
    text = escape(text)
    if ":" in text:
        text = _EMOJI.sub(":" + _APART, text)
    if any(mark in text and whole.count(mark) > 1 for mark in "*_~`"):
        text = _PAIRED.sub(lambda m: f"{_APART}{m[0]}{_APART}", text)
    return text


def _code(text: str, fence: str) -> str:
    return escape(text).replace(fence, _APART.join(fence))


@lru_cache(2000)  # the same few labels stand under thousands of messages
def shorten(text: str, most: int) -> str:
    """Plain text of at most `most` characters; what is cut off is marked with an ellipsis."""
    text = " ".join(text.split()) or "…"
    if size(text) <= most:
        return text
    cut = text[: most - 1]
    while size(cut) > most - 1:
        cut = cut[:-1]
    return cut.rstrip() + "…"
