"""Text with marks in it: what the Bot API takes out of HTML, and what it complains about. Offsets are UTF-16 units."""

import re
from dataclasses import dataclass, field

from .markdown import read_markdown
from .refusal import bad
from .things import Json, units

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
START = re.compile(r"""<([^\s<>/]*)((?:\s+[a-zA-Z-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"']+))?)*)\s*>""")
ATTRIBUTE = re.compile(r"""([a-zA-Z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?""")
ESCAPE = re.compile(r"&(?:(lt|gt|amp|quot)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));?")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}


def parse(text: str, mode: str | None, entities: list[Json] | None = None) -> tuple[str, list[Json]]:
    """The text as it is shown and its entities. Raises a refusal for what cannot be read."""
    if not mode:
        return text.strip(), entities or []
    readers = {"html": read_html, "markdownv2": read_markdown}
    if mode.lower() not in readers:
        raise bad("unsupported parse_mode")
    shown, found = readers[mode.lower()](text)
    found = [e for e in found if e["length"]]
    return shown.rstrip(), sorted(found, key=lambda e: (e["offset"], -e["length"]))


def read_html(text: str) -> tuple[str, list[Json]]:
    return _Html(text).read()


@dataclass
class _Html:
    """A reader of Telegram's HTML. Stricter than the real one in one thing: it refuses an "&" that was not escaped,
    which Telegram shows as it stands until, one day, what follows reads like an entity."""

    text: str
    at: int = 0
    shown: str = ""
    entities: list[Json] = field(default_factory=list)
    open: list[tuple[str, Json]] = field(default_factory=list)

    def read(self) -> tuple[str, list[Json]]:
        while self.at < len(self.text):
            char = self.text[self.at]
            if char == "<":
                self._end() if self.text.startswith("</", self.at) else self._start()
            elif char == "&":
                self._escape()
            else:
                self.shown += char
                self.at += 1
        if self.open:
            raise self._fault(f'Can\'t find end tag corresponding to start tag "{self.open[-1][0]}"')
        return self.shown, self.entities

    def _fault(self, why: str, *, where: bool = False) -> Exception:
        place = f" at byte offset {len(self.text[: self.at].encode())}" if where else ""
        return bad(f"can't parse entities: {why}{place}")

    def _start(self) -> None:
        found = START.match(self.text, self.at)
        if not found:
            inside, closed, _ = self.text[self.at + 1 :].partition(">")
            name = inside.partition(" ")[0]
            raise self._fault(f'Unsupported start tag "{name}"' if closed else "Unclosed start tag", where=True)
        name, given = found[1].lower(), {m[1].lower(): m[2] or m[3] or m[4] or "" for m in ATTRIBUTE.finditer(found[2])}
        if name not in TAGS or (name == "span" and given.get("class") != "tg-spoiler"):
            raise self._fault(f'Unsupported start tag "{name}"', where=True)
        entity: Json = {"type": TAGS[name], "offset": units(self.shown), "length": 0}
        self._attributes(name, given, entity)
        self.open.append((name, entity))
        self.entities.append(entity)
        self.at = found.end()

    def _attributes(self, name: str, given: dict[str, str], entity: Json) -> None:
        if name == "a":
            entity["url"] = ESCAPE.sub(_unescaped, given.get("href", ""))
        if name == "blockquote" and "expandable" in given:
            entity["type"] = "expandable_blockquote"
        if name == "tg-emoji":
            entity["custom_emoji_id"] = given.get("emoji-id", "")
        language = given.get("class", "")
        inside = self.open and self.open[-1][0] == "pre"
        if name == "code" and inside and language.startswith("language-"):
            self.open[-1][1]["language"] = language.removeprefix("language-")
            entity["type"] = ""  # together they are one piece of code in that language

    def _end(self) -> None:
        stop = self.text.find(">", self.at)
        if stop < 0:
            raise self._fault("Unclosed end tag", where=True)
        name = self.text[self.at + 2 : stop].strip().lower()
        if not self.open:
            raise self._fault("Unexpected end tag", where=True)
        expected, entity = self.open.pop()
        if name not in ("", expected):
            why = f'Unmatched end tag at byte offset {len(self.text[: self.at].encode())}, expected "</{expected}>"'
            raise self._fault(f'{why}, found "</{name}>"')
        if entity["type"] and entity.get("url") != "":  # a link to nowhere is shown as plain text
            entity["length"] = units(self.shown) - entity["offset"]
        self.at = stop + 1

    def _escape(self) -> None:
        found = ESCAPE.match(self.text, self.at)
        if not found:
            raise self._fault('Unescaped "&"', where=True)
        self.shown += _unescaped(found)
        self.at = found.end()


def _unescaped(found: re.Match[str]) -> str:
    if found[1]:
        return NAMED[found[1]]
    return chr(int(found[2]) if found[2] else int(found[3], 16))


MARKS = re.compile(r"(?<!\S)(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)|(?<!\w)(?P<mention>@\w{3,32})")


def find(text: str) -> list[Json]:
    """The commands and mentions that Telegram sees in what a person types."""
    return [
        {"type": m.lastgroup, "offset": units(text[: m.start()]), "length": units(m[0])} for m in MARKS.finditer(text)
    ]
