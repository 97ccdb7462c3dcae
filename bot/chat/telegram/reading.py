"""What words mean as the answer to a question. Pure."""

import re
from collections.abc import Callable
from datetime import date, time

from bot.message import Field

# What may be wrong with an answer; put into words where it is shown.
CHOOSE, REQUIRED, NUMBER, DATE, TIME, LONG, PRESS = "choose", "required", "number", "date", "time", "long", "press"


def read(one: Field, text: str) -> tuple[str, str]:
    """What words mean as the answer to a question, and what is wrong with them."""
    text = text.strip()
    if one.kind in ("one", "many"):
        wanted = text.casefold()
        found = [o.value for o in one.options if o.label.casefold() == wanted]
        return (found[0], "") if found and one.kind == "one" else ("", CHOOSE)
    if one.kind == "line":
        text = " ".join(text.split())
    readers: dict[str, Callable[[str], tuple[str, str]]] = {"number": _number, "date": _date, "time": _time}
    if one.kind in readers:
        return readers[one.kind](text)
    return (text, LONG) if len(text) > one.most else (text, "")


def _number(text: str) -> tuple[str, str]:
    plain = text.replace(" ", "").replace("，", ",")
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    plain = plain.replace(",", ".")
    return (plain, "") if re.fullmatch(r"-?\d{1,18}(\.\d+)?", plain, re.ASCII) else (text, NUMBER)


def _date(text: str) -> tuple[str, str]:
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", text) or None
    turned = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text)
    numbers = [int(n) for n in found.groups()] if found else [int(n) for n in turned.groups()][::-1] if turned else []
    try:
        return date(*numbers).isoformat(), ""
    except (ValueError, TypeError):
        return text, DATE


def _time(text: str) -> tuple[str, str]:
    found = re.fullmatch(r"(\d{1,2})(?:[:：.点h](\d{2})?)?", text)
    try:
        return (time(int(found[1]), int(found[2] or 0)).strftime("%H:%M"), "") if found else (text, TIME)
    except ValueError:
        return text, TIME
