"""The numbers in words: a value with its unit, beside what is usual; why it is what it is."""

from collections.abc import Sequence
from datetime import datetime

from bot.kpi.measures.model import Out
from bot.kpi.model import Number, Unit
from bot.kpi.service import MEASURES, Scope, Why
from bot.kpi.stream import State
from bot.message import Reply
from bot.team.model import Person
from bot.voice.figures import figure
from prompts import N_, ago, escape, long_day, number, percent, render, words

_STATES = {
    State.OK: N_("as usual"),
    State.WATCH: N_("to watch"),
    State.ALERT: N_("alert"),
    State.RECOVERED: N_("recovered"),
    State.INSUFFICIENT: N_("too few to tell"),
    State.NO_DATA: N_("no data"),
    State.STALE: N_("the data is old"),
}
_OUT = {
    Out.UNCLEAR: N_("moves between stages of which one has no place in the funnel"),
    Out.STAYED: N_("moves from a stage to itself"),
    Out.REOPENED: N_("moves that reopened a deal"),
    Out.ENTERED: N_("moves into the funnel"),
    Out.BACK_IN_TIME: N_("it ended before it began"),
    Out.FUTURE: N_("dated in the future"),
    Out.NO_AMOUNT: N_("without an amount, or none above 0"),
    Out.NOT_ON_ROSTER: N_("the owner is not on the roster"),
    Out.YET_IN_TIME: N_("not answered yet, and still in time"),
    Out.NO_LIMIT: N_("the stage does not tell when a deal is stalled"),
    Out.NO_RHYTHM: N_("the stage does not tell how often it wants a touch"),
    Out.OTHER_CURRENCY: N_("in another currency"),
    Out.NO_STAY: N_("the moves do not tell how long it was there"),
    Out.LATER: N_("expected to close after the target's period"),
    Out.NO_DEAL: N_("moves whose deal has not come yet"),
}
_KINDS = {
    "accounts": N_("accounts"),
    "deals": N_("deals"),
    "moves": N_("stage moves"),
    "touches": N_("touches"),
    "leads": N_("leads"),
    "targets": N_("targets"),
    "stages": N_("stages"),
}
_PARTS = {
    "part=basics": N_("basics"),
    "part=history": N_("history"),
    "part=preferences": N_("preferences"),
}
SHORT = 10  # below, a number of days or hours is told with a decimal


def title(name: str, language: str) -> str:
    """What a measure is called."""
    return words(language)(MEASURES[name].title)


def called(one: Number, language: str) -> str:
    """What a number is called, with the stage, source or currency that it is of: "Conversion · Offer"."""
    return " · ".join(part for part in (title(one.kpi, language), *_of(one, language)) if part)


def _of(one: Number, language: str) -> tuple[str, str, str]:
    currency = one.currency if one.unit is not Unit.MONEY or one.value is None else ""
    return one.stage, segment(one.segment, language), currency


def segment(name: str, language: str) -> str:
    """ "source=web" as people read it."""
    _ = words(language)
    if name in _PARTS:
        return _(_PARTS[name])
    of, _equals, value = name.partition("=")
    return kind(value, language) if of == "kind" else value


def state(one: State, language: str) -> str:
    return words(language)(_STATES[one])


def left_out(reason: Out, language: str) -> str:
    return words(language)(_OUT[reason])


def value(amount: float | None, unit: Unit, language: str, currency: str = "") -> str:
    """A value with its unit: "38%", "12 days", "3.5 working hours", "12.3 k EUR", "2.4 times"."""
    _ = words(language)
    if amount is None:
        return "–"
    rounded = round(amount) if abs(amount) >= SHORT or unit is Unit.COUNT else round(amount, 1)
    match unit:
        case Unit.SHARE:
            return percent(amount, language)
        case Unit.DAYS:
            return _("{n} days", n=number(rounded, language))
        case Unit.HOURS:
            return _("{n} working hours", n=number(rounded, language))
        case Unit.MONEY:
            return figure(amount, unit, language, currency)
        case Unit.TIMES:
            return _("{n} times", n=number(rounded, language))
        case Unit.COUNT:
            return number(rounded, language)


def line(one: Number, language: str) -> str:
    """One number beside what is usual, its target and its baseline: "Win rate: 38%, usually 45% (24) · to watch"."""
    _ = words(language)

    def said(amount: float | None) -> str:
        return value(amount, one.unit, language, one.currency)

    parts = [_("{name}: {value}", name=called(one, language), value=said(one.value))]
    if one.usual is not None and one.value is not None:
        parts.append(_("usually {value}", value=said(one.usual)))
    if one.target is not None:
        parts.append(_("target {value}", value=said(one.target)))
    if one.baseline is not None:
        parts.append(_("baseline {value}", value=said(one.baseline)))
    return _(", ").join(parts) + f" ({number(one.n, language)}) · {state(one.state, language)}"


def not_yet(language: str) -> Reply:
    """The numbers of all were never counted, and that takes a while."""
    _ = words(language)
    return Reply(
        _("All numbers together are being counted, which takes a few minutes. Those of one team: /numbers East"),
        private=True,
    )


def numbers(found: Sequence[Number], at: datetime, scope: Scope, who: Person, now: datetime) -> Reply:
    """The numbers of a scope, as of a moment, as text; without those by source or part, which `/why` tells."""
    language = who.language
    _ = words(language)
    told = [one for one in found if not one.segment and (one.n or one.value is not None)]
    head = _("The numbers of {team}", team=scope.team) if scope.team else _("The numbers")
    as_of = [_("Counted {ago} ago.", ago=ago(now - at, language))] if now > at else []
    note = _("In brackets: how many rows a number rests on. /why and its name tells how it came about.")
    text = render(
        "kpi/numbers.message.md",
        language,
        head=head,
        lines=[line(one, language) for one in told],
        notes=[*as_of, note] if told else [],
    )
    return Reply(text, private=True)


def why(found: Why, language: str) -> Reply:
    """How a number came about."""
    return Reply(
        render(
            "kpi/why.message.md",
            language,
            head=" · ".join(part for part in (title(found.measure.name, language), found.team, found.period) if part),
            formula=words(language)(found.measure.formula),
            lines=[line(one, language) for one in found.numbers],
            first=found.stretch.first,
            last=found.stretch.last,
            counted=found.counted,
            left_out=[(left_out(reason, language), n) for reason, n in found.left_out.items()],
            sources=sources(found, language),
            version=found.measure.version,
            generation=found.generation,
            same=found.same,
        ),
        private=True,
    )


def sources(found: Why, language: str) -> list[tuple[str, str]]:
    """The kinds of rows that a number rests on, and how long ago each was told."""
    return [(kind(one.kind, language), _heard(one.heard, found, language)) for one in found.sources]


def kind(name: str, language: str) -> str:
    """What a kind of rows is called."""
    return words(language)(_KINDS[name]) if name in _KINDS else name


def _heard(when: datetime | None, found: Why, language: str) -> str:
    _ = words(language)
    if when is None:
        return _("never heard")
    return _("last heard {when} ago", when=ago(found.stretch.now - when, language))


def baselines(found: Sequence[tuple[str, datetime]], who: Person) -> Reply:
    """The names of the baselines, the newest first."""
    _ = words(who.language)
    if not found:
        return Reply(_("No baseline is frozen yet. Managers freeze one: /baseline freeze before the roll-out"))
    lines = [_("{name}, frozen on {day}", name=name, day=long_day(who.local(at), who.language)) for name, at in found]
    return Reply("\n".join(f"- {escape(line)}" for line in lines), private=True)


def frozen(name: str, count: int, language: str) -> Reply:
    _ = words(language)
    text = _.n(
        "{n} number is frozen as “{name}”. From now on it is shown against it.",
        "{n} numbers are frozen as “{name}”. From now on they are shown against them.",
        count,
        name=escape(name),
    )
    return Reply(text, private=True)
