"""Whole messages: Jinja2 templates to our small Markdown."""

from collections.abc import Callable, Iterable
from functools import cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from prompts import formats
from prompts.catalogue import spoken
from prompts.language import ago, listing, words
from prompts.marks import Marked, joined, marked, oneline, quoted

ROOM = Path(__file__).parent


def render(name: str, language: str, **values: object) -> Marked:
    """The message that the template `name` ("standup/prompt.message.md") makes of `values`.

    Whatever is printed with `{{ }}` or filled into `_()` is escaped, unless it is `Marked`. Blank lines at both ends
    go. Raises jinja2's `TemplateNotFound` and `UndefinedError`, and `ValueError` for a printed None.
    """
    return Marked(_template(name, spoken(language)).render(values).strip("\n"))


def prompt(name: str, **values: object) -> str:
    """The words to a model that the template `name` ("library/pick.prompt.md") makes of `values`, unescaped."""
    return _plain().get_template(name).render(values).strip("\n")


@cache
def _plain() -> Environment:
    loader = FileSystemLoader(ROOM)
    return Environment(
        loader=loader,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        autoescape=False,
    )


@cache
def _template(name: str, language: str) -> Template:
    return environment(language).get_template(name)


class _Environment(Environment):
    # Templates are ours, part of the source; what people write comes in as values and is never read as a template.
    # What a macro, a {% set %} block or a whole template makes is Markdown, every value in it escaped already.
    @staticmethod
    def concat(parts: Iterable[str]) -> str:
        return Marked("".join(parts))


@cache
def environment(language: str) -> Environment:
    """How templates are read in one language."""
    found = _Environment(
        loader=FileSystemLoader(ROOM),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        finalize=marked,
    )
    found.globals.update(_=_said(language), _n=_counted(language), language=language)
    found.filters.update(_filters(language))
    return found


def _said(language: str) -> Callable[..., Marked]:
    _ = words(language)

    def said(text: str, /, **values: object) -> Marked:
        return Marked(_(text, **{name: marked(value) for name, value in values.items()}))

    return said


def _counted(language: str) -> Callable[..., Marked]:
    _ = words(language)

    def counted(one: str, many: str, n: int, /, **values: object) -> Marked:
        return Marked(_.n(one, many, n, **{name: marked(value) for name, value in values.items()}))

    return counted


def _filters(language: str) -> dict[str, Callable[..., str]]:
    def listed(items: Iterable[object]) -> Marked:
        return Marked(listing([marked(item) for item in items], language))

    return {
        "day": partial(formats.day, language=language),
        "long_day": partial(formats.long_day, language=language),
        "clock": formats.clock,
        "number": partial(formats.number, language=language),
        "percent": partial(formats.percent, language=language),
        "ago": partial(ago, language=language),
        "listing": listed,
        "join": joined,
        "oneline": oneline,
        "quoted": quoted,
    }
