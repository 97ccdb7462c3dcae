"""Dates as people promise them on a call, in English and Chinese, resolved from the day of the call. Pure.

"by X" and "X之前" are X itself, "before X" is the day before it, 国庆节前 the last day before the holiday. A week ends
on its Friday, 本周内 on its Sunday; a bare weekday is the next one after the day of the call. What is vague ("soon",
过几天) or lies in the past is not found: no date is better than a wrong one.
"""

from datetime import date

from bot.minutes.dates import chinese, english
from bot.minutes.dates.when import Due, Found

__all__ = ["Due", "Found", "find"]

MOST = 5_000  # characters of one utterance that are looked at


def find(text: str, on: date, language: str = "en", calendar: str = "") -> list[Found]:
    """The days that a text names, in its order, none over another.

    `on`: the day of the call. `language`: `zh` where the call is in Chinese. `calendar`: whose holidays and working
    days count (ISO 3166), and whether 6/12 is in June or December; "" is China's for a Chinese call, else none.
    """
    text = text[:MOST]
    calendar = calendar or ("CN" if language == "zh" else "")
    found = [*chinese.find(text, on, calendar), *english.find(text, on, calendar)]
    chosen: list[Found] = []
    for one in sorted(found, key=lambda each: (each.span[0], -each.span[1])):
        if not chosen or one.span[0] >= chosen[-1].span[1]:
            chosen.append(one)
    return chosen
