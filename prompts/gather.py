"""`python -m prompts.gather`: finds every text in the source and brings the Chinese catalogue up to date.

Translations are kept, texts that are said nowhere any more go, new ones stand with an empty `msgstr`. Found are
`_("...")`, `_.n("...", "...", n)`, `words(language)("...")` and `N_("...")` in Python, `_("...")`, `_n(...)` and
`_.n(...)` in templates.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

from prompts.catalogue import catalogue_file, first

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "handlers", "jobs", "prompts")

_HEADER = """\
# Chinese (Simplified) words of Paceline. Brought up to date by `make words`.
msgid ""
msgstr ""
"Project-Id-Version: Paceline\\n"
"Language: zh\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""


@dataclass
class Text:
    """One English text, its plural when it has one, and the files that say it."""

    one: str
    many: str = ""
    files: list[str] = field(default_factory=list)


def gathered(root: Path = ROOT) -> dict[str, Text]:
    """Every text that the source says, by its singular.

    Raises `ValueError`, with file and line, for one that is put together where it should be a plain literal.
    """
    found: dict[str, Text] = {}
    for path in sorted(path for room in ROOMS for path in (root / room).rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.suffix == ".py":
            said = _in_python(path.read_text(encoding="utf-8"), name)
        elif name.endswith((".message.md", ".html")):
            said = _in_template(path.read_text(encoding="utf-8"), name)
        else:
            continue
        for one, many in said:
            text = found.setdefault(one, Text(one))
            text.many = text.many or many
            if name not in text.files:
                text.files.append(name)
    return found


def _in_python(source: str, name: str) -> Iterator[tuple[str, str]]:
    for call in ast.walk(ast.parse(source, name)):
        if not isinstance(call, ast.Call):
            continue
        if (isinstance(call.func, ast.Name) and call.func.id in ("_", "N_")) or _in_one_breath(call.func):
            wanted = call.args[:1]
        elif isinstance(call.func, ast.Attribute) and call.func.attr == "n" and _speaks(call.func.value):
            wanted = call.args[:2]
        else:
            continue
        if any(isinstance(argument, ast.JoinedStr | ast.BinOp) for argument in wanted):
            raise ValueError(f"{name}:{call.lineno}: a text to translate is one plain string with {{blanks}}")
        texts = [text.value for text in wanted if isinstance(text, ast.Constant) and isinstance(text.value, str)]
        if texts:
            yield texts[0], texts[1] if len(texts) > 1 else ""


def _speaks(said: ast.expr) -> bool:
    return (isinstance(said, ast.Name) and said.id == "_") or _in_one_breath(said)


def _in_one_breath(said: ast.expr) -> bool:
    """`words(language)`, whose text follows at once."""
    return isinstance(said, ast.Call) and isinstance(said.func, ast.Name) and said.func.id == "words"


def _in_template(source: str, name: str) -> Iterator[tuple[str, str]]:
    environment = Environment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])
    for call in environment.parse(source, name).find_all(nodes.Call):
        counted = isinstance(call.node, nodes.Getattr) and call.node.attr == "n"
        function = call.node.node if isinstance(call.node, nodes.Getattr) else call.node
        if not isinstance(function, nodes.Name) or function.name not in ("_", "_n"):
            continue
        wanted = call.args[: 2 if counted or function.name == "_n" else 1]
        if any(isinstance(argument, nodes.Concat | nodes.Add | nodes.Mod) for argument in wanted):
            raise ValueError(f"{name}:{call.lineno}: a text to translate is one plain string with {{blanks}}")
        texts = [text.value for text in wanted if isinstance(text, nodes.Const)]
        if texts:
            yield texts[0], texts[1] if len(texts) > 1 else ""


def updated(catalogue: Catalog, texts: dict[str, Text]) -> Catalog:
    """The catalogue with exactly these texts, what is translated already kept."""
    fresh = Catalog(locale=catalogue.locale)
    for text in texts.values():
        old = catalogue.get(text.one)
        kept = first(old.string) if old and not old.fuzzy else ""
        locations = [(file, 0) for file in text.files]
        if text.many:
            fresh.add((text.one, text.many), (kept,), locations=locations)
        else:
            fresh.add(text.one, kept, locations=locations)
    return fresh


def main() -> int:
    path = catalogue_file("zh")
    with path.open("rb") as file:
        catalogue = read_po(file, locale="zh")
    texts = gathered()
    fresh = updated(catalogue, texts)
    with path.open("wb") as file:
        file.write(_HEADER.encode())
        write_po(file, fresh, width=110, omit_header=True, include_lineno=False, sort_output=True)
    missing = sum(not first(message.string) for message in fresh if message.id)
    sys.stdout.write(f"{len(texts)} texts, {missing} of them without Chinese in {path.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
