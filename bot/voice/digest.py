"""Digests in words and in one picture. A picture that cannot be made leaves the words as they are."""

import logging
from collections.abc import Callable
from datetime import date

from bot import charts
from bot.blockers.model import Category
from bot.charts import Line, Step, Tone
from bot.kpi.digest.model import LINES, PANELS, Digest, Entry, Kind, Leak
from bot.kpi.measures.table import MEASURES
from bot.kpi.model import Number
from bot.kpi.stream import State
from bot.message import Button, Picture, Reply
from bot.voice import alerts, labels
from bot.voice.figures import of
from prompts import N_, day, listing, month, percent, render, short_day, words

log = logging.getLogger("paceline.voice")

_KINDS = {"deals": N_("deals"), "moves": N_("stage moves")}
NAMED = 3  # teams that are named; of more, how many
Draw = Callable[[Digest, str], bytes]


def digest(told: Digest, admin: str, language: str, draw: Draw | None = None) -> Reply:
    """A digest: a sentence, at most five lines, one picture. `admin`: who looks after the import."""
    text = render(
        "kpi/digest.message.md",
        language,
        headline=headline(told, language, whole=True),
        lines=[] if told.stale else lines(told, language),
        stale=told.stale,
        admin=admin,
        alerts=_alerts(told, language),
    )
    change = Button(words(language)("Change"), "/digest change")
    if told.quiet or told.stale:
        return Reply(text, (change,), private=True)
    try:
        picture = Picture(f"{told.kind}-{told.period}.png", (draw or drawn)(told, language), alt(told, language))
    except Exception:
        log.exception("a picture could not be made; its digest goes without")
        return Reply(text, (change,), private=True)
    return Reply(text, (change,), pictures=(picture,), private=True)


def _alerts(told: Digest, language: str) -> str:
    """How the week's alerts stand, and how right each rule has been by what people said; "" where there were none."""
    _, week = words(language), told.alerts
    if week is None or told.stale:
        return ""
    said = []
    if week.open:
        said.append(_.n("{n} open alert: /alerts", "{n} open alerts: /alerts", week.open))
    if week.held:
        said.append(_.n("{n} of them held back", "{n} of them held back", week.held))
    said += filter(None, (alerts.precision(each, language) for each in week.rules))
    return " · ".join(said)


def headline(told: Digest, language: str, *, whole: bool = False) -> str:
    """What a manager could repeat in a meeting. `whole`: with how much else there is."""
    _ = words(language)
    where = _head(told, language)
    if told.stale:
        kind, heard = _(_KINDS[told.stale.kind]), day(told.stale.heard, language)
        return _("{where}: no digest, since {kind} were last heard of on {day}", where=where, kind=kind, day=heard)
    if told.quiet:
        monthly = told.kind is Kind.MONTHLY
        return (
            _("{where}: every stage as usual", where=where)
            if monthly
            else _("{where}: everything as usual", where=where)
        )
    if told.leaks:
        first, rest = lost(told.leaks[0], language), len(told.leaks) - 1
    else:
        first, rest = moved(told.strays[0], language, counted=whole), len(told.strays) - 1
    if not (rest and whole):
        return _("{where}: {what}", where=where, what=first)
    return _.n("{where}: {what}; {n} more strays", "{where}: {what}; {n} more stray", rest, where=where, what=first)


def _whose(told: Digest, language: str) -> str:
    _ = words(language)
    if told.everybody:
        return _("All teams")
    if not told.whose:
        return _("Your deals")
    many = len(told.whose) > NAMED
    return _.n("{n} team", "{n} teams", len(told.whose)) if many else listing(told.whose, language)


def _when(told: Digest, language: str) -> str:
    _ = words(language)
    if told.kind is Kind.DAILY:
        return day(date.fromisoformat(told.period), language)
    if told.kind is Kind.MONTHLY:
        return month(date.fromisoformat(f"{told.period}-01"), language)
    return _("week {n}", n=int(told.period[-2:]))


def measure(one: Number, language: str) -> str:
    """What a number is called: "Win rate", "Conversion from Demo"."""
    _ = words(language)
    title = _(MEASURES[one.kpi].title)
    if not one.stage:
        return title
    stage = labels.stage(one.stage, language)
    if one.kpi == "conversion":
        return _("{measure} from {stage}", measure=title, stage=stage)
    return f"{title} · {stage}"


def moved(one: Entry, language: str, *, counted: bool = True) -> str:
    """ "Win rate fell to 21%, usually 29%". `counted`: a conversion with what it is made of."""
    _ = words(language)
    number = one.number
    value = _counted(number, language) if counted else of(number, number.value, language)
    what, usual = measure(number, language), of(number, number.usual, language)
    if not usual or not number.change:
        return _("{measure} is {value}", measure=what, value=value)
    if number.change < 0:
        return _("{measure} fell to {value}, usually {usual}", measure=what, value=value, usual=usual)
    return _("{measure} rose to {value}, usually {usual}", measure=what, value=value, usual=usual)


def _counted(one: Number, language: str) -> str:
    """The value, of a conversion with what it is made of: "17% (7 of 41)"."""
    value = of(one, one.value, language)
    if one.kpi != "conversion" or one.value is None:
        return value
    return words(language)("{value} ({k} of {n})", value=value, k=round(one.value * one.n), n=one.n)


def beside(one: Entry, language: str) -> list[str]:
    """What else there is to a number: target, baseline, doubt, what reps said."""
    _, number = words(language), one.number
    said = []
    if number.target is not None:
        said.append(_("target {value}", value=of(number, number.target, language)))
    if number.baseline is not None:
        said.append(_("baseline {value}", value=of(number, number.baseline, language)))
    if number.state is State.WATCH and number.kpi == "conversion":
        said.append(_("may be chance"))
    return said + [_("{name}: “{text}”", name=name, text=labels.shorten(text, 60)) for name, text in one.answers[:2]]


def lost(leak: Leak, language: str) -> str:
    """ "7 fewer deals than usual went on from Demo"."""
    _ = words(language)
    stage = labels.stage(leak.stage, language)
    return _.n(
        "{n} deal fewer than usual went on from {stage}",
        "{n} deals fewer than usual went on from {stage}",
        round(leak.missing),
        stage=stage,
    )


def _share(leak: Leak, language: str) -> str:
    _ = words(language)
    return _(
        "{k} of {n} ({rate}, usually {usual})",
        k=leak.k,
        n=leak.n,
        rate=percent(leak.rate or 0.0, language),
        usual=percent(leak.usual or 0.0, language),
    )


def _leaked(leak: Leak, language: str) -> list[str]:
    """Of a stage that lost deals: how many went on, where, and what reps said was in the way."""
    _ = words(language)
    parts = [f"{part.segment.partition('=')[2]} {_share(part, language)}" for part in leak.parts]
    named = [f"{labels.category(Category(kind), language)} ×{count}" for kind, count in leak.blockers]
    said = [_share(leak, language)]
    if parts:
        said.append(_("worst in {parts}", parts=listing(parts, language)))
    if named:
        said.append(_("named there: {blockers}", blockers=listing(named, language)))
    return said


def lines(told: Digest, language: str) -> list[str]:
    """At most five, none of them saying the headline again."""
    _ = words(language)
    if told.kind is Kind.MONTHLY:
        found = [" · ".join([labels.stage(leak.stage, language), *_leaked(leak, language)]) for leak in told.leaks]
    else:
        first = [" · ".join(beside(one, language)) for one in told.strays[:1]]
        rest = [" · ".join([moved(one, language), *beside(one, language)]) for one in told.strays[1:]]
        found = [line for line in (*first, *rest) if line]
    if len(found) <= LINES:
        return found
    left = len(found) - LINES + 1
    return [*found[: LINES - 1], _.n("and {n} more", "and {n} more", left)]


def drawn(told: Digest, language: str) -> bytes:
    """The picture of a digest."""
    if told.kind is Kind.MONTHLY:
        return charts.journey(headline(told, language), [_step(leak, language) for leak in told.journey])
    shown = [one for one in told.entries if one.points][:PANELS]
    ends = max((one.points for one in shown), key=len, default=())
    said = [short_day(one.begins, language) for one in (ends[0], ends[-1])] if ends else ["", ""]
    return charts.lines(headline(told, language), [_line(one, language) for one in shown], *said)


def _line(one: Entry, language: str) -> Line:
    _, number = words(language), one.number
    notes = [_("usual {value}", value=of(number, number.usual, language))] if number.usual is not None else []
    tone = Tone.USUAL if not one.strays else Tone.WORSE if one.worse else Tone.BETTER
    return Line(
        measure(number, language),
        [point.value for point in one.points],
        of(number, number.value, language),
        notes + beside(Entry(number), language)[:1],
        number.low,
        number.high,
        tone,
    )


def _step(leak: Leak, language: str) -> Step:
    _ = words(language)
    rate, missing = leak.rate, round(leak.missing)
    note = _("usual {value}", value=percent(leak.usual, language)) if leak.usual is not None else ""
    more = rate is not None and leak.high is not None and rate > leak.high
    if leak.outside:
        note = _("{usual}, {n} fewer", usual=note, n=missing)
    elif more and missing < 0:
        note = _("{usual}, {n} more", usual=note, n=-missing)
    tone = Tone.WORSE if leak.outside else Tone.BETTER if more else Tone.USUAL
    value = "–" if rate is None else percent(rate, language)
    return Step(labels.stage(leak.stage, language), rate, value, note, leak.usual, leak.low, leak.high, tone)


def alt(told: Digest, language: str) -> str:
    """What the picture shows, in words."""
    _ = words(language)
    if told.kind is Kind.MONTHLY:
        said = [f"{labels.stage(leak.stage, language)} {_share(leak, language)}" for leak in told.journey if leak.n]
        return _(
            "{where}. Of the deals that left each stage went on: {what}",
            where=_head(told, language),
            what=listing(said, language),
        )
    shown = [one for one in told.entries if one.points][:PANELS]
    said = [moved(one, language) if one.strays else _calm(one, language) for one in shown]
    return _.n(
        "{where}, {n} week: {what}",
        "{where}, {n} weeks: {what}",
        len(shown[0].points) if shown else 0,
        where=_head(told, language),
        what=listing(said, language),
    )


def _head(told: Digest, language: str) -> str:
    return words(language)("{whose}, {when}", whose=_whose(told, language), when=_when(told, language))


def _calm(one: Entry, language: str) -> str:
    value = of(one.number, one.number.value, language)
    return words(language)("{measure} is {value}, as usual", measure=measure(one.number, language), value=value)
