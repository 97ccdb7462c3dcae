"""Every word the bot says: templates in a folder a capability, and the catalogue of their Chinese.

`render("standup/prompt.message.md", language, **values)` makes a whole message; `_ = words(language)` gives single
texts: `_("Answer")`, `_.n("{n} day", "{n} days", n)`. English stands in the code and the templates, Chinese in
`locale/zh/LC_MESSAGES/paceline.po`; `make words` brings that file up to date. A text that stands in a table and is
looked up later is marked with `N_("...")`.

In a template `_()`, `_n()` and the filters day, long_day, clock, number, percent, ago, listing, join, oneline (all on
one line) and quoted (`> ` before each line) are at hand. Put pieces beside each other, `{{ a }}{{ b }}`: what is
computed with `~` or `+` counts as plain text and is escaped. A line break after `%}` is dropped, also at the end of a
line of text: write `+%}` there to keep it, or use `join`. This package imports nothing of ours.
"""

from prompts.catalogue import LANGUAGES, direction
from prompts.formats import clock, day, long_day, month, number, percent, short_day
from prompts.language import N_, Words, ago, listing, words
from prompts.marks import Marked, escape
from prompts.templates import prompt, render

__all__ = [
    "LANGUAGES",
    "N_",
    "Marked",
    "Words",
    "ago",
    "clock",
    "day",
    "direction",
    "escape",
    "listing",
    "long_day",
    "month",
    "number",
    "percent",
    "prompt",
    "render",
    "short_day",
    "words",
]
