"""The languages we speak, and where their words stand."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "zh")
LOCALE = Path(__file__).parent / "locale"

_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


@cache
def spoken(language: str) -> str:
    """The one of `LANGUAGES` that serves readers of `language` ("zh-CN", "de", ""); English when none does."""
    primary = language.replace("_", "-").partition("-")[0].lower()
    return primary if primary in LANGUAGES else "en"


def direction(language: str) -> str:
    """`ltr` or `rtl`, for the pages in that language."""
    return "rtl" if language.replace("_", "-").partition("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"


def catalogue_file(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "paceline.po"


@cache
def translations(language: str) -> Mapping[str, str]:
    """From English to `language`, plurals by their singular. Empty for English; what is missing or doubtful is absent.

    The languages we translate to have one plural form. One that has more needs its rule applied in `Words.n`.
    """
    if language == "en":
        return {}
    from babel.messages.pofile import read_po  # only who speaks another language waits for it

    with catalogue_file(language).open("rb") as file:
        catalogue = read_po(file, locale=language)
    found = {}
    for message in catalogue:
        english, text = first(message.id), first(message.string)
        if english and text and not message.fuzzy:
            found[english] = text
    return found


def first(text: str | Sequence[str] | None) -> str:
    """The singular of a catalogue's text, or its one form."""
    return text if isinstance(text, str) else text[0] if text else ""
