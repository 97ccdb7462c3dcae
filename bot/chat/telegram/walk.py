"""A form that is asked question by question: what each tap and each word makes of it. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Literal

from bot.chat.telegram.reading import PRESS, REQUIRED, read
from bot.message import Answers, Field, Form, Option

Status = Literal["open", "sent", "cancelled", "replaced"]


@dataclass(frozen=True, slots=True)
class Card:
    """A form as somebody goes through it, a value that is written down after each step.

    `at`: the question that stands there; past the last one: all at a glance; one more: which of them to change.
    `once`: a single question is being changed. `faults`: field name -> what is wrong with it, a name from `reading`
    or a sentence. `typed`: Telegram's ids of messages that answered a question -> the field.
    """

    id: str
    form: Form
    language: str
    person: int
    answers: Answers
    at: int = 0
    once: bool = False
    attempt: int = 1
    status: Status = "open"
    faults: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)

    @property
    def asked(self) -> Field | None:
        """The question that stands there; None when all are shown at a glance."""
        return self.form.fields[self.at] if self.at < len(self.form.fields) else None

    @property
    def glance(self) -> int:
        return len(self.form.fields)

    @property
    def choosing(self) -> bool:
        return self.at > self.glance

    def value(self, one: Field) -> tuple[str, ...]:
        """What is answered, a text as a tuple of one; empty when nothing is."""
        value = self.answers.get(one.name, ())
        return ((value,) if value else ()) if isinstance(value, str) else tuple(value)


def opened(id: str, form: Form, language: str, person: int, typed: Mapping[str, str]) -> Card:
    """A fresh card. A form that is filled in already is shown at a glance, with what may be changed."""
    card = Card(id, form, language, person, {one.name: one.value for one in form.fields}, typed=typed)
    filled = any(card.value(one) for one in form.fields)
    return replace(card, at=card.glance + 1) if filled and len(form.fields) > 1 and not missing(card) else card


def missing(card: Card) -> list[Field]:
    """The questions that must be answered yet."""
    return [one for one in card.form.fields if one.required and not card.value(one)]


def nothing(one: Field) -> Option | None:
    """The option of a question that stands for "nothing"."""
    return next((option for option in one.options if option.value in ("", "none")), None) if one.kind == "one" else None


def passed_over(card: Card, at: int) -> bool:
    """Whether a question is not asked, since what it is about was not answered, or with "nothing"."""
    one = card.form.fields[at]
    for earlier in card.form.fields[:at]:
        related = earlier.name.partition(".")[0] == one.name.partition(".")[0]
        none = nothing(earlier)
        if related and none and none.value and card.value(earlier) in ((), (none.value,)) and not one.required:
            return not card.value(one) or bool(card.value(earlier))
    return False


def steps(card: Card) -> list[int]:
    """The questions that are asked."""
    return [at for at in range(len(card.form.fields)) if not passed_over(card, at)]


def shortcut(card: Card) -> tuple[Field, Option] | None:
    """The one tap that ends it: the only question left that must be answered, and its "nothing"."""
    left = missing(card)
    if len(left) != 1 or left[0] is card.asked or not any(card.value(one) for one in card.form.fields):
        return None
    option = nothing(left[0])
    return (left[0], option) if option else None


def stepped(card: Card, at: int, act: str) -> tuple[Card, bool]:
    """The card after a tap on a button that stood under question `at`, and whether it is to be submitted now.

    `act`: o<n> choose or tick an option, x<n> take a tick away, n on, e empty, b back, c cancel, z send,
    q the shortcut, l list what may be changed, g<n> change question n. A tap that is out of date changes nothing.
    """
    if card.status != "open":
        return card, False
    if act == "c":
        return replace(card, status="cancelled"), False
    if at != card.at:
        return card, False
    number = int(act[1:]) if act[1:].isdecimal() else -1
    if act == "z":
        return _sent(card)
    if act == "q" and (short := shortcut(card)):
        return _answered(card, short[0], short[1].value), True
    if act == "l":
        return replace(card, at=card.glance + 1), False
    if act[:1] == "g" and 0 <= number < card.glance:
        return replace(card, at=number, once=True, faults={}), False
    if act == "b":
        return _back(card), False
    return _on_question(card, act, number)


def _on_question(card: Card, act: str, number: int) -> tuple[Card, bool]:
    one = card.asked
    if one is None:
        return card, False
    if act == "n":
        return _forward(card)
    if act == "e" and not one.required:
        return _forward(_answered(card, one, () if one.kind == "many" else ""))
    if not 0 <= number < len(one.options):
        return card, False
    value = one.options[number].value
    if one.kind == "one":
        return _forward(_answered(card, one, value))
    ticked = set(card.value(one)) | {value} if act[0] == "o" else set(card.value(one)) - {value}
    return _answered(card, one, tuple(o.value for o in one.options if o.value in ticked)), False


def _answered(card: Card, one: Field, value: str | tuple[str, ...]) -> Card:
    faults = {name: why for name, why in card.faults.items() if name != one.name}
    return replace(card, answers={**card.answers, one.name: value}, faults=faults)


def _forward(card: Card) -> tuple[Card, bool]:
    """To the next question, or all at a glance. A form of one question is sent by answering it."""
    one = card.asked
    if one is not None and one.required and not card.value(one):
        return replace(card, faults={one.name: REQUIRED}), False
    if len(card.form.fields) == 1:
        return _sent(replace(card, at=card.glance))
    after = [at for at in steps(card) if at > card.at]
    faulty = [at for at in after if card.form.fields[at].name in card.faults]
    if faulty:
        return replace(card, at=faulty[0]), False
    if card.once:
        return replace(card, at=card.glance + 1, once=False), False
    return replace(card, at=after[0] if after else card.glance), False


def _back(card: Card) -> Card:
    if card.choosing:
        return replace(card, at=card.glance)
    if card.once:
        return replace(card, at=card.glance + 1, once=False)
    before = [at for at in steps(card) if at < card.at]
    return replace(card, at=before[-1] if before else card.at)


def _sent(card: Card) -> tuple[Card, bool]:
    left = missing(card)
    if not left:
        return card, True
    at = card.form.fields.index(left[0])
    return replace(card, at=at, once=False, faults={left[0].name: REQUIRED}), False


def refused(card: Card, faults: Mapping[str, str]) -> Card:
    """Back at the first question that cannot be taken so; all that was answered stays."""
    names = [one.name for one in card.form.fields]
    known = [names.index(name) for name in faults if name in names]
    at = min(known) if known else card.glance
    return replace(card, attempt=card.attempt + 1, faults=dict(faults), at=at, once=bool(known))


def typed(card: Card, message_id: str, text: str, today: date) -> tuple[Card, bool]:
    """The card after words that were written while it was open, and whether it is to be submitted now."""
    one = card.asked
    if card.status != "open" or message_id in card.typed:
        return card, False
    if one is None:
        return replace(card, typed={**card.typed, message_id: ""}, faults={"": PRESS}), False
    value, fault = read(one, text, today)
    if fault and one.options:
        beside = _beside(card, one)
        if beside is not None:  # words where buttons stand: they belong to the question that goes with them
            told = {**card.typed, message_id: beside.name}
            return replace(_answered(card, beside, _joined(card, beside, text)), typed=told, faults={}), False
    card = replace(card, typed={**card.typed, message_id: one.name})
    if fault:
        return replace(card, faults={one.name: fault}), False
    return _forward(_answered(card, one, value))


def _beside(card: Card, one: Field) -> Field | None:
    stem, at = one.name.partition(".")[0], card.form.fields.index(one)
    return next(
        (
            other
            for other in card.form.fields[at + 1 :]
            if other.kind in ("text", "line") and other.name.partition(".")[0] == stem
        ),
        None,
    )


def _joined(card: Card, one: Field, text: str) -> str:
    before = "\n".join(card.value(one))
    whole = f"{before}\n{text}" if before else text
    return (whole if one.kind == "text" else " ".join(whole.split()))[: one.most]


def corrected(card: Card, message_id: str, text: str, today: date) -> Card:
    """The card after its writer changed a message that had answered a question."""
    one = next((f for f in card.form.fields if f.name == card.typed.get(message_id)), None)
    if one is None or card.status != "open":
        return card
    value, fault = read(one, text, today)
    return replace(card, faults={**card.faults, one.name: fault}) if fault else _answered(card, one, value)


def dump(card: Card) -> dict[str, Any]:
    return asdict(card)


def load(body: Mapping[str, Any]) -> Card:
    form = body["form"]
    fields = tuple(
        Field(**one | {"options": tuple(Option(**o) for o in one["options"]), "value": _value(one["value"])})
        for one in form["fields"]
    )
    answers = {name: _value(value) for name, value in body["answers"].items()}
    return Card(**{**body, "form": Form(**form | {"fields": fields}), "answers": answers})


def _value(value: Any) -> str | tuple[str, ...]:
    return value if isinstance(value, str) else tuple(value)
