"""What somebody gets of digests and when, in words and as a form."""

from bot.kpi.digest.model import Daily, Wish
from bot.kpi.digest.service import CHOICES
from bot.kpi.measures.table import MEASURES
from bot.message import Button, Field, Form, Option, Reply
from prompts import N_, clock, render, words

WEEKDAYS = (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"))
_DAILY = {
    Daily.NO: N_("No"),
    Daily.STRAYS: N_("When something new strays"),
    Daily.ALWAYS: N_("Every working day"),
}


def settings(wish: Wish, language: str) -> Reply:
    """What somebody gets, and the buttons to see one now and to change that."""
    _ = words(language)
    at = clock(wish.at)
    said = []
    if wish.weekly:
        said.append(_("Every week: {weekday} at {time}", weekday=_(WEEKDAYS[wish.weekday]), time=at))
    if wish.daily is Daily.STRAYS:
        said.append(_("On working days at {time}, when something strays that you were not told yet", time=at))
    elif wish.daily is Daily.ALWAYS:
        said.append(_("On working days at {time}", time=at))
    if wish.monthly:
        said.append(_("Every month: its first working day at {time}, about the month before", time=at))
    names = [_(MEASURES[name].title) for name in wish.measures if name in MEASURES]
    text = render("kpi/digest_settings.message.md", language, said=said, names=names)
    buttons = (
        Button(_("Now"), "/digest now", "primary"),
        Button(_("The month"), "/digest month"),
        Button(_("Change"), "/digest change"),
    )
    return Reply(text, buttons, private=True)


def form(wish: Wish, language: str) -> Form:
    """When and of what somebody wants to hear."""
    _ = words(language)
    kinds = (Option("weekly", _("Every week")), Option("monthly", _("Every month")))
    ticked = tuple(kind for kind, on in (("weekly", wish.weekly), ("monthly", wish.monthly)) if on)
    days = tuple(Option(str(n), _(name)) for n, name in enumerate(WEEKDAYS))
    measures = tuple(Option(name, _(MEASURES[name].title)) for name in CHOICES)
    return Form(
        _("Your digest"),
        "/digest change",
        (
            Field("kinds", _("What strays, in a few lines"), "many", ticked, kinds),
            Field(
                "daily",
                _("And by day?"),
                "one",
                wish.daily.value,
                tuple(Option(k, _(v)) for k, v in _DAILY.items()),
                True,
            ),
            Field(
                "at",
                _("At"),
                "time",
                clock(wish.at),
                required=True,
                hint=_("By your own clock, on days on which you work."),
            ),
            Field("weekday", _("The week on"), "one", str(wish.weekday), days, True),
            Field(
                "measures",
                _("Only of these numbers"),
                "many",
                wish.measures,
                measures,
                hint=_("None ticked: all of them."),
            ),
        ),
        _("Save"),
    )
