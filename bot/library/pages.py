"""A card as a Markdown page: front matter, below it the talk track, and below that one for each industry."""

import re
from typing import Any

from bot.library.columns import sections
from bot.tables import Saying, Words


class Unclear(Exception):
    """A page that cannot be read: in which line, what stands there, and what was expected."""

    def __init__(self, row: int, found: str, expected: Saying) -> None:
        super().__init__()
        self.row, self.found, self.expected = row, found, expected


def _front_matter(_: Words) -> str:
    return _("front matter between two lines of ---, such as “id: price-en”")


def read_page(text: str) -> tuple[dict[str, Any], dict[str, int]]:
    """What a page says by column, and the line where each of them stands. Raises `Unclear`."""
    before, *parts = re.split(r"^---[ \t]*$", text, maxsplit=2, flags=re.MULTILINE)
    if before or len(parts) < 2:
        raise Unclear(1, text.partition("\n")[0], _front_matter)
    said, rows = _front(parts[0])
    general, variants = sections(parts[1])
    said.setdefault("variants", variants)
    if general or "answer" not in said:
        said["answer"], rows["answer"] = general, parts[0].count("\n") + 2
    return said, rows


def _front(text: str) -> tuple[dict[str, Any], dict[str, int]]:
    """`text` begins with the end of the first line of `---`, so that its lines count as those of the page."""
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # they make nothing but texts, whatever a tag asks for
    try:
        node = yaml.compose(text, loader)
    except (yaml.YAMLError, RecursionError) as fault:
        mark = getattr(fault, "problem_mark", None)
        row = mark.line + 1 if mark else 1
        raise Unclear(row, "".join(text.split("\n")[row - 1 : row]), _front_matter) from None
    if not isinstance(node, yaml.MappingNode):
        raise Unclear(1, text.strip().partition("\n")[0], _front_matter)
    said: dict[str, Any] = {}
    rows: dict[str, int] = {}
    seen: set[int] = set()
    for key, value in node.value:
        row = key.start_mark.line + 1
        name = _plain(key, seen, row)
        if not isinstance(name, str):
            raise Unclear(row, "", _front_matter)
        if name in said:
            raise Unclear(row, name, lambda _: _("each column once"))
        said[name], rows[name] = _plain(value, seen, row), row
    return said, rows


def _plain(node: Any, seen: set[int], row: int, depth: int = 0) -> Any:
    """A text, or a list or an object of texts; what lies deeper is left out, and found to be no text.

    A node that is met again is an alias: a small page could say very much with them.
    """
    kind = node.tag.removeprefix("tag:yaml.org,2002:")
    if id(node) in seen or kind not in ("str", "seq", "map"):
        raise Unclear(
            row, "*" if id(node) in seen else f"!{kind}", lambda _: _("plain values, without YAML's tags and aliases")
        )
    seen.add(id(node))
    if kind == "str":
        return "" if not node.style and node.value in ("~", "null") else node.value
    if depth:
        return []
    if kind == "seq":
        return [_plain(part, seen, row, 1) for part in node.value]
    return {str(_plain(key, seen, row, 1)): _plain(value, seen, row, 1) for key, value in node.value}
