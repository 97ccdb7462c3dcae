"""Our small Markdown as pieces, which each chat adapter turns into its platform's dialect.

Blocks: paragraphs, in which line breaks are kept; `- ` list items, one line each; `> ` quotes; preformatted lines
between two lines of ```` ``` ````. They begin in the first column. A blank line separates paragraphs.

Spans, within one line: `**bold**`, `_italic_` (never inside a word), `` `code` ``, `[label](address)` where the address
is http, https, mailto or a path that begins with `/`. A backslash before ASCII punctuation makes it plain, in code and
preformatted text too, so that an escaped value reads right wherever it is put. Whatever else looks like Markdown is
text; nothing is an error.

Text such as `@channel`, `<!here>` or `@name` means nothing here and comes through as it is: each adapter must
neutralise what its own platform would take for a mention, a command or markup.
"""

import re
from dataclasses import dataclass
from html import escape as _html
from itertools import groupby
from operator import itemgetter
from typing import Literal, NamedTuple

# Written with escapes: these characters are invisible, and some turn the line around them.
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\ud800-\udfff]")
_ISOLATES = re.compile("[\u2066-\u2069]")
_SPECIAL = re.compile(r"[\\*_`\[\]]|^[->]", re.MULTILINE)
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u061c\u200f\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")

# Every repetition is possessive, so a text that never closes what it opens costs one look, not one a character.
_TOKEN = re.compile(
    r"""\\(?P<escaped>[!-/:-@\[-`{-~])
      | `(?P<code>(?:[^`\\]|\\.)++)`
      | \[(?P<label>(?:[^\[\]\\]|\\.)++)\]\((?P<url>(?:[^\s()<>\\]|\\\S|\([^\s()<>\\]*+\))++)\)
      | (?P<run>\*{2,}+|_++)
    """,
    re.VERBOSE,
)
_FENCE = "```"
_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s\\]+|/(?![/\\])[^\\]*", re.IGNORECASE)


class Span(NamedTuple):
    """A stretch of one line that looks the same throughout. `link` is an address, safe as it stands, or ""."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    link: str = ""


Line = tuple[Span, ...]


_Kind = Literal["paragraph", "item", "quote", "pre"]


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together; an item has one. `spaced`: a blank line stands before it."""

    kind: _Kind
    lines: tuple[Line, ...]
    spaced: bool = False


def parse(text: str) -> tuple[Block, ...]:
    """The blocks of a text, whatever it holds, in time linear in its length.

    Control characters and those that embed or override a direction are dropped; direction isolates end with their
    line. Blank lines at both ends and white space at the ends of lines go.
    """
    found: list[tuple[_Kind, list[Line], bool]] = []
    spaced = False
    lines = iter(_clean(text).split("\n"))
    for raw in lines:
        line = raw.rstrip()
        if not line:
            spaced = bool(found)
            continue
        if line == _FENCE:
            inside = iter(lambda: next(lines, _FENCE).rstrip(), _FENCE)
            found.append(("pre", [_literal(line) for line in inside], spaced))
        else:
            kind, content = _opened(line)
            goes_on = kind != "item" and not spaced and found and found[-1][0] == kind
            if not goes_on:
                found.append((kind, [], spaced))
            found[-1][1].append(_spans(content))
        spaced = False
    return tuple(Block(kind, tuple(lines), spaced) for kind, lines, spaced in found)


def _clean(text: str) -> str:
    text = _CONTROLS.sub("", _BREAKS.sub("\n", text))
    if _ISOLATES.search(text):
        text = "\n".join(_balanced(line) for line in text.split("\n"))
    return text


def _balanced(line: str) -> str:
    """The line with each isolate that it opens closed, and none closed that it did not open."""
    depth = 0
    kept = []
    for character in line:
        if character == "\u2069" and not depth:
            continue
        depth += (character in "\u2066\u2067\u2068") - (character == "\u2069")
        kept.append(character)
    return "".join(kept) + "\u2069" * depth


def _opened(line: str) -> tuple[_Kind, str]:
    if line.startswith("- "):
        return "item", line[2:].lstrip()
    if line.startswith(">"):
        return "quote", line[1:].removeprefix(" ")
    return "paragraph", line


def _literal(line: str) -> Line:
    return (Span(_plain(line)),) if line else ()


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)


_MEANING = re.compile(r"[\\`\[*_]")
_MORE_THAN_BOLD = re.compile(r"[\\`\[_]|(?<!\*)\*(?!\*)|\*{3}")


def _spans(line: str) -> Line:
    if not _MEANING.search(line):  # most lines
        return (Span(line),) if line else ()
    if not _MORE_THAN_BOLD.search(line) and (bold := _only_bold(line)):  # most others
        return bold
    return _any_spans(line)


def _any_spans(line: str) -> Line:
    pieces, marks = _pieces(line)
    bold, italic = _pairs(line, marks, "**"), _pairs(line, marks, "_")
    return _merged(pieces, bold, italic)


def _only_bold(line: str) -> Line:
    """The spans of a line in which every second stretch between `**` is bold; nothing when it is not as plain."""
    parts = line.split("**")
    inside = parts[1::2]
    if len(parts) % 2 == 0 or not all(part and part == part.strip() for part in inside):
        return ()
    return tuple([Span(part, bold=at % 2 == 1) for at, part in enumerate(parts) if part])


class _Mark(NamedTuple):
    """`**` or `_`, where it stands in the line, and which piece it is."""

    text: str
    start: int
    end: int
    piece: int


def _pieces(line: str) -> tuple[list[Span], list[_Mark]]:
    """The line cut at what means something; marks are still text."""
    pieces: list[Span] = []
    marks: list[_Mark] = []
    done = 0
    for token in _TOKEN.finditer(line):
        if token.start() > done:
            pieces.append(Span(line[done : token.start()]))
        done = token.end()
        if token["run"] in ("**", "_"):
            marks.append(_Mark(token["run"], token.start(), token.end(), len(pieces)))
        pieces.append(_piece(token))
    if done < len(line):
        pieces.append(Span(line[done:]))
    return pieces, marks


def _piece(token: re.Match[str]) -> Span:
    if token["code"]:
        return Span(_plain(token["code"]), code=True)
    if token["label"]:
        address = _plain(token["url"])
        safe = _ADDRESS.fullmatch(address)
        return Span(_plain(token["label"]), link=address) if safe else Span(_plain(token[0]))
    return Span(token["escaped"] or token[0])


def _pairs(line: str, marks: list[_Mark], text: str) -> set[int]:
    """The pieces that are marks of this kind and have a partner, in turn opening and closing."""
    paired: set[int] = set()
    opened: _Mark | None = None
    for mark in (mark for mark in marks if mark.text == text):
        before, after = line[mark.start - 1 : mark.start], line[mark.end : mark.end + 1]
        word = text == "_"  # inside a word an underscore is a letter
        closes = before and not before.isspace() and not (word and after.isalnum())
        opens = after and not after.isspace() and not (word and before.isalnum())
        if opened and closes and mark.start > opened.end:
            paired |= {opened.piece, mark.piece}
            opened = None
        elif opens:
            opened = mark
    return paired


def _merged(pieces: list[Span], bolds: set[int], italics: set[int]) -> Line:
    """The pieces with their marks carried out, neighbours that look the same made one."""
    bold = italic = False
    styled = []
    for at, piece in enumerate(pieces):
        bold ^= at in bolds
        italic ^= at in italics
        if at not in bolds and at not in italics:
            styled.append((piece, (bold, italic, piece.code, piece.link)))
    return tuple(
        Span("".join(piece.text for piece, _ in run), *look) for look, run in groupby(styled, key=itemgetter(1))
    )


def html(text: str) -> str:
    """The text as HTML that is safe to put into a page: `p`, `ul`, `blockquote`, `pre` and what stands in a line."""
    found = []
    for is_list, blocks in groupby(parse(text), key=lambda block: block.kind == "item"):
        if is_list:
            found.append("<ul>" + "".join(map(_html_block, blocks)) + "</ul>")
        else:
            found += map(_html_block, blocks)
    return "".join(found)


_HTML_BLOCKS = {
    "paragraph": ('<p dir="auto">', "<br>", "</p>"),
    "item": ('<li dir="auto">', "", "</li>"),
    "quote": ('<blockquote dir="auto">', "<br>", "</blockquote>"),
    "pre": ('<pre dir="auto">', "\n", "</pre>"),
}


def _html_block(block: Block) -> str:
    opening, between, closing = _HTML_BLOCKS[block.kind]
    return opening + between.join("".join(map(_html_span, line)) for line in block.lines) + closing


def _html_span(span: Span) -> str:
    found = _html(span.text)
    for wanted, tag in ((span.code, "code"), (span.italic, "em"), (span.bold, "strong")):
        if wanted:
            found = f"<{tag}>{found}</{tag}>"
    if span.link:
        found = f'<a href="{_html(span.link)}" rel="noopener noreferrer">{found}</a>'
    return found


def plain(text: str) -> str:
    """The words alone, for previews, titles and descriptions. Of a link the label; items keep their dash."""
    found: list[str] = []
    for block in parse(text):
        if block.spaced:
            found.append("")
        dash = "- " if block.kind == "item" else ""
        found += [dash + "".join(span.text for span in line) for line in block.lines]
    return "\n".join(found)


def escape(text: str) -> str:
    """`text` as Markdown that reads as exactly that, wherever it stands; the same as `prompts.escape`.

    `plain(escape(text))` is `text` with line breaks of all kinds as newlines; blank lines at both ends, more than one
    between lines, and white space at the ends of lines gone; control characters and those that embed, override or
    isolate a direction gone; and each line that has right-to-left letters put between isolates (U+2068, U+2069), so
    that it cannot reorder what stands beside it.
    """
    text = _ISOLATES.sub("", _CONTROLS.sub("", _BREAKS.sub("\n", text)))
    lines = _SPECIAL.sub(r"\\\g<0>", text).split("\n")
    return "\n".join(f"\u2068{line}\u2069" if _RIGHT_TO_LEFT.search(line) else line for line in lines)
