"""What words mean as the answer to a question. Pure."""

import re
from datetime import date, time

from bot.message import Field
from bot.team.said_dates import days_said

# What may be wrong with an answer; put into words where it is shown.
CHOOSE, REQUIRED, NUMBER, DATE, TIME, LONG, PRESS = "choose", "required", "number", "date", "time", "long", "press"


def read(one: Field, text: str, today: date) -> tuple[str, str]:
    """What words mean as the answer to a question, and what is wrong with them. `today`: the writer's own date."""
    text = text.strip()
    if one.kind in ("one", "many"):
        wanted = text.casefold()
        found = [o.value for o in one.options if o.label.casefold() == wanted]
        return (found[0], "") if found and one.kind == "one" else ("", CHOOSE)
    if one.kind == "line":
        text = " ".join(text.split())
    if one.kind == "date":
        return _date(text, today)
    if one.kind in ("number", "time"):
        return _number(text) if one.kind == "number" else _time(text)
    return (text, LONG) if len(text) > one.most else (text, "")


def _number(text: str) -> tuple[str, str]:
    plain = text.replace(" ", "").replace("，", ",")
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", plain):
        plain = plain.replace(",", "")
    plain = plain.replace(",", ".")
    return (plain, "") if re.fullmatch(r"-?\d{1,18}(\.\d+)?", plain, re.ASCII) else (text, NUMBER)


def _date(text: str, today: date) -> tuple[str, str]:
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", text) or None
    turned = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text)
    numbers = [int(n) for n in found.groups()] if found else [int(n) for n in turned.groups()][::-1] if turned else []
    try:
        if numbers:
            return date(*numbers).isoformat(), ""
        said = days_said(text.lower(), today)  # "Friday", "明天"
    except ValueError:
        said = None
    return (said.first.isoformat(), "") if said and said.first == said.last and not said.part else (text, DATE)


def _time(text: str) -> tuple[str, str]:
    found = re.fullmatch(r"(\d{1,2})(?:[:：.点h](\d{2})?)?", text)
    try:
        return (time(int(found[1]), int(found[2] or 0)).strftime("%H:%M"), "") if found else (text, TIME)
    except ValueError:
        return text, TIME
