"""A form that was handed in without a script's help, checked by what it says of its own fields. Pure."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time

from bot.chat.web.model import MOST_TEXT
from bot.message import Answers, Field, Form
from prompts import Words, number, words

ONE, MANY = "one.", "many."  # before a field's name: how often it may be filled in


@dataclass(frozen=True, slots=True)
class Shown:
    """A field as a page shows it: `value` is what was typed, or what it is prefilled with; `fault`: what is wrong."""

    field: Field
    value: str | tuple[str, ...]
    fault: str = ""

    @property
    def name(self) -> str:
        return (MANY if self.field.kind == "many" else ONE) + self.field.name

    @property
    def picks(self) -> bool:
        """Whether its options stand beside each other; more than a few become a list to open."""
        return self.field.kind == "many" or (self.field.kind == "one" and len(self.field.options) <= 8)

    @property
    def short(self) -> bool:
        return self.field.kind == "one" and all(len(option.label) <= 24 for option in self.field.options)

    @property
    def rows(self) -> int:
        """Lines of a text; there is room for one more than it has."""
        return min(14, max(4, len(str(self.value)) // 72 + str(self.value).count("\n") + 2))

    def chosen(self, value: str) -> bool:
        return value in self.value if isinstance(self.value, tuple) else value == self.value


_NOTHING: Mapping[str, str] = {}


def shown(form: Form, answers: Answers | None = None, faults: Mapping[str, str] = _NOTHING) -> tuple[Shown, ...]:
    """The fields of a form, with what was typed into them kept."""
    return tuple(Shown(each, _value(each, answers), faults.get(each.name, "")) for each in form.fields)


def _value(each: Field, answers: Answers | None) -> str | tuple[str, ...]:
    if answers is None:
        return each.value
    return answers.get(each.name, () if each.kind == "many" else "")


def faults(form: Form, answers: Answers, language: str) -> dict[str, str]:
    """What is wrong, a sentence beside each field; the chat page's own script asks for the same."""
    _ = words(language)
    found = {each.name: _fault(each, _value(each, answers), _) for each in form.fields}
    return {name: fault for name, fault in found.items() if fault}


def _fault(each: Field, value: str | tuple[str, ...], _: Words) -> str:
    if each.kind in ("one", "many"):
        return _fault_of_picks(each, (value,) if isinstance(value, str) else value, _)
    text = value if isinstance(value, str) else ""
    most = min(each.most, MOST_TEXT)
    if len(text) > most:
        over, limit = (number(n, _.language) for n in (len(text) - most, most))
        return _("{over} characters over the limit of {most}.", over=over, most=limit)
    if not text.strip():
        return _("Please fill this in.") if each.required else ""
    if each.kind == "number" and not _fits(float, text):
        return _("Give a number.")
    if each.kind == "date" and not _fits(date.fromisoformat, text):
        return _("Give a date such as 2026-06-11.")
    if each.kind == "time" and not _fits(time.fromisoformat, text):
        return _("Give a time such as 09:40.")
    return ""


def _fault_of_picks(each: Field, picked: tuple[str, ...], _: Words) -> str:
    known = {option.value for option in each.options}
    strange = [value for value in picked if value not in known and (value or each.required)]
    if strange:
        return _("Choose one.")
    return _("Tick at least one.") if each.required and not picked else ""


def _fits(read: Callable[[str], object], text: str) -> bool:
    try:
        found = read(text.strip())
    except ValueError:
        return False
    return not isinstance(found, float) or math.isfinite(found)
