"""Our small Markdown as Telegram's HTML, in parts that fit into messages. Pure."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from bot.markdown import Block, Line, Span, parse

MOST_TEXT = 4096  # UTF-16 units of what people read, in a message
MOST_CAPTION = 1024  # the same under a picture

# A name that is mentioned gets a notification, and groups are full of names. The joiner is invisible.
_JOINER = "\u2060"
_MENTION = re.compile(r"(https?://\S+)|(?<![\w/.])@(?=\w)")
_INVISIBLE = re.compile("[\\s\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]*")


def units(text: str) -> int:
    """The length of a text as Telegram counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def escape(text: str) -> str:
    """Plain text as HTML that reads as exactly that and mentions nobody."""
    if "@" in text:
        text = _MENTION.sub(lambda found: found[1] or f"@{_JOINER}", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


@lru_cache(maxsize=1024)
def parts(text: str, base_url: str = "", most: int = MOST_TEXT) -> tuple[str, ...]:
    """The text as HTML, cut between paragraphs, else lines, else words, into parts of at most `most` units each.

    `base_url` stands before links to our own pages. A text in which nothing can be seen is a dash.
    """
    found: list[str] = []
    html, length = "", 0
    for piece in (piece for block in parse(text) for piece in _fitting(block, base_url, most)):
        between = ("\n\n" if piece.spaced else "\n") if html else ""
        if length + len(between) + piece.units > most:
            found.append(html)
            html, length, between = "", 0, ""
        html += between + piece.html
        length += len(between) + piece.units
    found.append(html)
    return tuple(part for part in found if _seen(part)) or ("—",)


def _seen(html: str) -> bool:
    """Whether Telegram would find anything to show."""
    return not _INVISIBLE.fullmatch(re.sub(r"<[^>]*>", "", html))


class _Piece(NamedTuple):
    """A block, or as many of its lines as fit into a message."""

    html: str
    units: int
    spaced: bool


_TAGS = {"quote": ("<blockquote>", "</blockquote>"), "pre": ("<pre>", "</pre>")}


def _fitting(block: Block, base_url: str, most: int) -> Iterator[_Piece]:
    opening, closing = _TAGS.get(block.kind, ("", ""))
    held: list[str] = []
    length, spaced = -1, block.spaced
    for line in block.lines:
        if block.kind == "item":
            line = (Span("• "), *line)
        for row in _rows(line, most):
            wide = sum(units(_shown(span)) for span in row)
            if held and length + 1 + wide > most:
                yield _Piece(opening + "\n".join(held) + closing, length, spaced)
                held, length, spaced = [], -1, False
            held.append("".join([_span(span, base_url, block.kind == "pre") for span in row]))
            length += 1 + wide
    if held or not block.lines:
        yield _Piece(opening + "\n".join(held) + closing, max(length, 0), spaced)


def _shown(span: Span) -> str:
    """The words of a span as people read them; what `escape` makes of them is as long."""
    text = _MENTION.sub(lambda found: found[1] or f"@{_JOINER}", span.text) if "@" in span.text else span.text
    return f"{text} ({span.link[7:]})" if _written(span) else text


def _written(span: Span) -> bool:
    """Telegram links web addresses only: an e-mail address stands beside its label, unless it is the label."""
    return span.link[:7].lower() == "mailto:" and span.text != span.link[7:]


def _span(span: Span, base_url: str, literal: bool) -> str:
    html = escape(span.text)
    if literal:
        return html
    if span.code:  # Telegram nests nothing in code
        return f"<code>{html}</code>"
    if _written(span):
        html = f"{html} ({escape(span.link[7:])})"
    elif span.link and span.link[:7].lower() != "mailto:":
        address = (base_url if span.link.startswith("/") else "") + span.link
        address = address.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
        html = f'<a href="{address}">{html}</a>'
    if span.italic:
        html = f"<i>{html}</i>"
    return f"<b>{html}</b>" if span.bold else html


def _rows(line: Line, most: int) -> Iterator[Line]:
    """The line itself, or what is left of it when it is cut between words so that each row fits."""
    if sum(len(span.text) for span in line) * 2 <= most or sum(units(_shown(span)) for span in line) <= most:
        yield line
        return
    row: list[Span] = []
    room = most
    for span in line:
        rest = span
        while (wide := units(_shown(rest))) > room:
            cut = _cut(rest.text, room, whole=bool(row))
            if cut:
                row.append(rest._replace(text=rest.text[:cut], link=rest.link if not _written(rest) else ""))
                rest = rest._replace(text=rest.text[cut:])
            yield tuple(row)
            row, room = [], most
        row.append(rest)
        room -= wide
    yield tuple(row)


def _cut(text: str, room: int, *, whole: bool) -> int:
    """Where to cut so that what comes before fits: after the last blank, else anywhere, but not at all when `whole`
    words may go to the next row."""
    fits, taken = 0, 0
    for character in text:
        wide = (2 if character > "\uffff" else 1) + (character == "@")
        if taken + wide > room:
            break
        taken += wide
        fits += 1
    blank = text.rfind(" ", 0, fits) + 1
    if blank or (whole and len(text) < room):
        return blank
    return fits if fits or whole else 1
