"""How a card looks: its text, and the buttons under it. Pure."""

from collections.abc import Iterator

from bot.chat.telegram import reading, walk
from bot.chat.telegram.buttons import BACK, MOST, Row, key, markup, rows
from bot.chat.telegram.dialect import MOST_TEXT, escape, units
from bot.chat.telegram.walk import Card
from bot.message import Field
from prompts import Words, words

LONGEST_VALUE = 600  # letters of one answer that are shown


def text(card: Card) -> str:
    """The card as HTML; the first line says what it is about."""
    _ = words(card.language)
    title = f"<b>{escape(card.form.title)}</b>"
    over = {"sent": _("Sent."), "cancelled": _("Cancelled."), "replaced": _("Replaced by a newer one.")}
    if card.status != "open":
        return f"{title}\n{escape(over[card.status])}"
    lines = [title, *_glance(card, _)] if card.asked is None else _question(card, card.asked, title, _)
    html = "\n".join(lines)
    while units(html) > MOST_TEXT and len(lines) > 1:
        lines.pop(-2)
        html = "\n".join(lines)
    return html


def _question(card: Card, one: Field, title: str, _: Words) -> list[str]:
    asked = walk.steps(card)
    if card.at in asked and len(asked) > 1 and not card.once:
        place = _("{n} of {all}", n=asked.index(card.at) + 1, all=len(asked))
        title += f" · {place}"
    lines = [title]
    if card.form.intro and (card.at == 0 or len(asked) == 1):
        lines.append(escape(card.form.intro[:1000]))
    lines += ["", f"<b>{escape(one.label)}</b>"]
    value = "" if one.kind == "many" else _value(card, one, _)
    if value:
        lines.append(escape(_("Now: {value}", value=value)))
    hint = one.hint or _how(one, _)
    if hint:
        lines.append(f"<i>{escape(hint)}</i>")
    if one.name in card.faults:
        lines.append(f"<b>{escape(_fault(card.faults[one.name], one, _))}</b>")
    return lines


def _glance(card: Card, _: Words) -> list[str]:
    lines = []
    for at in walk.steps(card):
        one = card.form.fields[at]
        value = _value(card, one, _)
        if value:
            lines.append(f"{escape(one.label)} <b>{escape(value)}</b>")
    lines = lines or [escape(_("Nothing is filled in yet."))]
    named = {one.name for one in card.form.fields}
    faults = [why for name, why in card.faults.items() if name not in named]
    intro = [escape(card.form.intro[:1000])] if card.form.intro else []
    return [*intro, "", *lines, *(f"<b>{escape(_fault(why, None, _))}</b>" for why in faults)]


def _value(card: Card, one: Field, _: Words) -> str:
    """What is answered, in the words of the options."""
    labels = {option.value: option.label for option in one.options}
    between = ", " if one.options else "\n"
    value = between.join(labels.get(v, v) for v in card.value(one))
    if not value and one.kind == "one" and "" in labels:
        return labels[""]
    return value if len(value) <= LONGEST_VALUE else value[:LONGEST_VALUE] + "…"


def _how(one: Field, _: Words) -> str:
    """How to answer, where the question does not say so itself."""
    return {
        "line": _("Write it here."),
        "text": _("Write it here."),
        "one": "",
        "many": _("Tick what fits."),
        "number": _("Write a number."),
        "date": _("Write a date, such as Friday or 2026-06-11."),
        "time": _("Write a time, such as 09:30."),
    }[one.kind]


def _fault(why: str, one: Field | None, _: Words) -> str:
    said = {
        reading.CHOOSE: _("Choose one of these."),
        reading.REQUIRED: _("This one needs an answer."),
        reading.NUMBER: _("That is no number. Write digits, such as 12."),
        reading.DATE: _("I cannot read that date. Write it as 2026-06-11."),
        reading.TIME: _("I cannot read that time. Write it as 09:30."),
        reading.PRESS: _("Send what stands here, or choose what to change."),
    }
    if why == reading.LONG and one is not None:
        return _("At most {most} characters fit here.", most=one.most)
    return said.get(why, why)


def keyboard(card: Card) -> str:
    """The buttons of a card, none when it is over."""
    if card.status != "open":
        return markup([])
    return markup([row for row in _keyboard(card, words(card.language)) if row][:MOST])


def _keyboard(card: Card, _: Words) -> Iterator[Row]:
    one = card.asked
    send = [_key(card, card.form.submit, "z", "primary")]
    if card.choosing:
        yield send
        fields = list(enumerate(card.form.fields))
        yield from rows(_key(card, field.label, f"g{n}") for n, field in fields[: MOST - 3])
        yield [_key(card, _("Cancel"), "c")]
    elif one is None:
        yield send
        yield [
            _key(card, f"{BACK} {_('Back')}", "b"),
            _key(card, _("Change or add"), "l"),
            _key(card, _("Cancel"), "c"),
        ]
    else:
        yield from rows(_options(card, one))
        yield from rows(_ways_on(card, one, _))
        back = card.once or card.at != walk.steps(card)[0]
        yield [*([_key(card, f"{BACK} {_('Back')}", "b")] if back else []), _key(card, _("Cancel"), "c")]


def _options(card: Card, one: Field) -> Iterator[dict[str, str]]:
    chosen = set(card.value(one))
    for n, option in enumerate(one.options[: MOST - 6]):
        mark = "✓ " if option.value in chosen and (option.value or one.kind == "many") else ""
        act = "x" if mark and one.kind == "many" else "o"
        yield _key(card, mark + option.label, f"{act}{n}")


def _ways_on(card: Card, one: Field, _: Words) -> Iterator[dict[str, str]]:
    """Keep, skip, empty, or end it here."""
    filled, last = bool(card.value(one)), len(card.form.fields) == 1
    if one.kind == "many" and not last:
        yield _key(card, _("Next"), "n")
    elif filled and not last:
        yield _key(card, _("Keep"), "n")
    elif not one.required and not (one.kind == "one" and walk.nothing(one)):
        yield _key(card, _("Skip"), "n")
    if filled and not one.required and one.kind not in ("one", "many"):
        yield _key(card, _("Empty it"), "e")
    short = walk.shortcut(card)
    if short:
        yield _key(card, f"{short[1].label} · {card.form.submit}", "q", "primary")
    elif not walk.missing(card) and any(card.value(f) for f in card.form.fields):
        yield _key(card, card.form.submit, "z", "primary")


def _key(card: Card, label: str, act: str, style: str = "") -> dict[str, str]:
    return key(label, f"c.{card.id}.{card.at}.{act}", style)
