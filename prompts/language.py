"""Single texts in the reader's language: labels, titles, errors."""

from collections.abc import Iterable
from datetime import timedelta
from functools import cache

from prompts.catalogue import spoken, translations
from prompts.formats import number


class Words:
    """`_("Hello {name}", name=x)` and `_.n("{n} day", "{n} days", n)` in one language.

    The texts are English and final; their blanks are `{name}`. What comes back is plain text, not Markdown.
    """

    def __init__(self, language: str) -> None:
        self.language = spoken(language)
        self._found = translations(self.language)

    def __call__(self, text: str, /, **values: object) -> str:
        text = self._found.get(text, text)
        return text.format(**values) if values else text

    def n(self, one: str, many: str, n: int, /, **values: object) -> str:
        """The words for so many things. `{n}` is the number as the reader writes it."""
        text = self._found.get(one) or (one if n == 1 else many)
        return text.format(n=number(n, self.language), **values)


@cache
def words(language: str) -> Words:
    """The words of a language. Bind them to `_`, or the texts are not found for translation."""
    return Words(language)


def N_(text: str) -> str:
    """Marks a text that is looked up later: in a table of labels here, with `_(LABELS[kind])` where it is said."""
    return text


def ago(passed: timedelta, language: str) -> str:
    """How long something took or has lasted, in its largest whole unit: "2 hours"."""
    _ = words(language)
    minutes = max(0, int(passed.total_seconds())) // 60
    if minutes < 1:
        return _("less than a minute")
    if minutes < 60:
        return _.n("{n} minute", "{n} minutes", minutes)
    if minutes < 24 * 60:
        return _.n("{n} hour", "{n} hours", minutes // 60)
    return _.n("{n} day", "{n} days", minutes // (24 * 60))


_AND = {"en": (", ", " and "), "zh": ("、", "和")}


def listing(items: Iterable[str], language: str) -> str:
    """ "A, B and C"; the empty text of nothing."""
    comma, last = _AND[spoken(language)]
    *head, tail = list(items) or [""]
    return comma.join(head) + last + tail if head else tail
