"""The board of numbers, how one of them came about, and the deals behind it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any

from bot.app import App
from bot.crm import service as crm
from bot.db import Connection
from bot.errors import BotError
from bot.kpi import service
from bot.kpi.model import Better, Number, Point
from bot.kpi.stream import State
from bot.team import service as team
from bot.team.model import Person
from bot.voice import crm as deals_in_words
from bot.voice import kpi as voice
from bot.voice import labels
from bot.web.kpi.picture import Picture, picture
from bot.web.kpi.tabs import address, allowed, shared
from bot.web.pages import Missing, Shown
from prompts import N_, listing, short_day, words

WEEKS = 13
MOST = 200  # deals of a list
NAMED = 3  # of the numbers that are worse than usual
STRAY = (State.WATCH, State.ALERT)

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (N_("Deals on their way"), ("conversion", "dwell", "stalled", "coverage")),
    (N_("What is won"), ("win_rate", "won_in_90", "win_cycle", "deal_size", "cover")),
    (N_("Leads"), ("response_time", "response_inside", "lead_conversion")),
    (N_("The CRM's data"), ("completeness", "freshness")),
)
BEHIND = {
    "conversion": N_("The deals that left this stage last week."),
    "dwell": N_("The deals that left this stage last week."),
    "win_rate": N_("The deals that closed in the last four weeks, the latest first."),
    "deal_size": N_("The deals that were won in the last four weeks, the latest first."),
    "stalled": N_("Open deals that are longer in their stage than nine in ten that moved on, the longest first."),
    "coverage": N_("Open deals that were not touched as often as their stage wants, the longest wait first."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One number as a page shows it. `short`: its name beneath its measure's; `mark`: the shape of its state; `why`,
    `deals`: addresses, "" for none."""

    number: Number
    name: str
    short: str
    value: str
    usual: str
    beside: tuple[str, ...]
    state: str
    mark: str
    picture: Picture | None
    told: str
    why: str
    deals: str


def board(app: App, who: Person, asked: Mapping[str, str]) -> Shown:
    """All numbers of somebody's deals, or of one of their teams, beside what is usual."""
    allowed(who)
    of, now = asked.get("team", "")[:200], app.now()
    with app.db.read() as db, known():
        found = service.board(db, who, now, team=of or None, zone=app.settings.timezone, weeks=WEEKS)
        values = shared(app, db, who, "numbers", asked)
        teams, heard = service.teams_led(db, who), crm.last_heard(db, app.workspace)
    rows = [row(one, past, who.language, of) for one, past in found if not one.segment and _tells(one)]
    strays = [one.name for one in rows if one.number.state in STRAY and not is_good(one.number)]
    values |= {
        "groups": _groups(rows, who.language),
        "any": any(one.number.kpi != "freshness" for one in rows),  # that one is about the source, whoever looks
        "strays": strays,
        "stray_names": _several(strays, who.language),
        "teams": teams if len(teams) > 1 else [],
        "team": of,
        "heard": now - max(heard.values()) if heard else None,
    }
    return Shown("kpi.html", values)


def _several(names: Sequence[str], language: str) -> str:
    """All of a few names, of more the first with how many others there are."""
    more = len(names) - NAMED
    if more < 2:
        return listing(names, language)
    return listing([*names[:NAMED], words(language).n("{n} more", "{n} more", more)], language)


def _tells(one: Number) -> bool:
    return bool(one.n) or one.value is not None


def _groups(rows: Sequence[Row], language: str) -> list[tuple[str, list[tuple[str, list[Row]]]]]:
    """By what they are about, and in there by measure (`by_measure`); a measure that is in no group comes last, so that
    none is lost."""
    _ = words(language)
    named = {name for _title, names in GROUPS for name in names}
    groups = [*GROUPS, (N_("More"), tuple(name for name in service.MEASURES if name not in named))]
    found = [(_(title), [one for name in names for one in rows if one.number.kpi == name]) for title, names in groups]
    return [(title, by_measure(ones, language)) for title, ones in found if ones]


def by_measure(rows: Sequence[Row], language: str) -> list[tuple[str, list[Row]]]:
    """Numbers that are of one measure, one after the other, beneath its title; "" above one that stands alone."""
    runs = [list(run) for _kpi, run in groupby(rows, key=lambda one: one.number.kpi)]
    return [(voice.title(run[0].number.kpi, language) if len(run) > 1 else "", run) for run in runs]


def row(one: Number, past: Sequence[Point], language: str, of: str) -> Row:
    """A number in words, with its picture."""
    _ = words(language)

    def said(amount: float | None) -> str:
        return voice.value(amount, one.unit, language, one.currency)

    beside = [
        _("target {value}", value=said(one.target)) if one.target is not None else "",
        _("baseline {value}", value=said(one.baseline)) if one.baseline is not None else "",
    ]
    points, good, name = ended(one, past), one.state is State.WATCH and is_good(one), voice.called(one, language)
    at = {"kpi": one.kpi, "stage": one.stage, "segment": one.segment, "currency": one.currency, "team": of}
    return Row(
        one,
        name,
        name.removeprefix(f"{voice.title(one.kpi, language)} · "),
        said(one.value),
        said(one.usual) if one.usual is not None else "",
        tuple(filter(None, beside)),
        _("better than usual") if good else voice.state(one.state, language),
        "good" if good else one.state.value,
        picture(points, one.usual, one.low, one.high),
        told(one, points, language),
        address("/numbers/why", **at),
        address("/numbers/deals", **at) if one.kpi in BEHIND and one.n else "",
    )


def is_good(one: Number) -> bool:
    """Whether a number is off its usual for the better."""
    off = one.change or 0.0
    return off > 0 if one.better is Better.UP else off < 0


def ended(one: Number, past: Sequence[Point]) -> list[Point]:
    """A past that ends with the number itself."""
    points = list(past)
    if points and points[-1].period != one.period and one.value is not None:
        points.append(Point(one.period, points[-1].begins + timedelta(weeks=1), one.value, one.n))
    return points


def told(one: Number, points: Sequence[Point], language: str) -> str:
    """What the picture shows, in words."""
    _ = words(language)
    values = [point.value for point in points if point.value is not None]
    if not values:
        return ""

    def said(amount: float) -> str:
        return voice.value(amount, one.unit, language, one.currency)

    text = _(
        "The last {weeks} weeks: from {first} to {last}, lowest {low}, highest {high}",
        weeks=WEEKS,
        first=said(values[0]),
        last=said(values[-1]),
        low=said(min(values)),
        high=said(max(values)),
    )
    return text if one.usual is None else f"{text} · {_('usually {value}', value=said(one.usual))}"


@contextmanager
def known() -> Iterator[None]:
    """A team or a measure that there is not, or is not for these eyes, is a page that there is not."""
    try:
        yield
    except BotError:
        raise Missing from None


# how a number came about


def why(app: App, who: Person, asked: Mapping[str, str]) -> Shown:
    """Definition, formula, what was counted and what was not, and the number counted once more."""
    allowed(who)
    name, of, now, zone = asked.get("kpi", "")[:80], asked.get("team", "")[:200], app.now(), app.settings.timezone
    with app.db.read() as db, known():
        found = service.why(db, who, name, now, team=of or None, zone=zone)
        past = service.board(db, who, now, team=of or None, zone=zone, names=[found.measure.name], weeks=WEEKS)
        values = shared(app, db, who, "", asked)
    rows = [row(one, points, who.language, of) for one, points in past]
    chosen = next((one for one in rows if _meant(one.number, asked)), rows[0] if len(rows) == 1 else None)
    points = next((ended(one, points) for one, points in past if chosen and one == chosen.number), [])
    values |= {
        "found": found,
        "title": voice.title(found.measure.name, who.language),
        "chosen": chosen,
        "others": by_measure([one for one in rows if one is not chosen], who.language),
        "weeks": [(_week(point, who), voice.value(*_of(chosen, point), who.language), point.n) for point in points]
        if chosen
        else [],
        "large": picture(points, *_beside(chosen), width=640, height=160) if chosen else None,
        "left_out": [(voice.left_out(reason, who.language), n) for reason, n in found.left_out.items()],
        "sources": voice.sources(found, who.language),
        "board": address("/numbers", team=of),
    }
    return Shown("kpi_why.html", values)


def _meant(one: Number, asked: Mapping[str, str]) -> bool:
    return all(asked.get(name, "") == getattr(one, name) for name in ("stage", "segment", "currency"))


def _week(point: Point, who: Person) -> str:
    return short_day(point.begins, who.language)


def _of(chosen: Row, point: Point) -> tuple[float | None, Any]:
    return point.value, chosen.number.unit


def _beside(chosen: Row) -> tuple[float | None, float | None, float | None]:
    return chosen.number.usual, chosen.number.low, chosen.number.high


# the deals behind it


def deals(app: App, who: Person, asked: Mapping[str, str]) -> Shown:
    """The deals that a number is about."""
    allowed(who)
    of, now = asked.get("team", "")[:200], app.now()
    name, stage, segment = (asked.get(key, "")[:200] for key in ("kpi", "stage", "segment"))
    with app.db.read() as db, known():
        measure = service.measure(name, who.language)
        zone = app.settings.timezone
        found = service.deals_behind(
            db, who, measure.name, now, team=of or None, stage=stage, segment=segment, zone=zone, most=MOST + 1
        )
        values = shared(app, db, who, "", asked) | {"names": names_of(db, app)}
    _ = words(who.language)
    shown = voice.segment(segment, who.language)
    values |= {
        "title": " · ".join(filter(None, (voice.title(measure.name, who.language), stage, shown))),
        "about": _(BEHIND[measure.name]) if measure.name in BEHIND else "",
        "deals": found[:MOST],
        "more": len(found) > MOST,
        "called": deals_in_words.called,
        "place": lambda one: deals_in_words.place(one, who, now),
        "amount": lambda one: deals_in_words.amount(one.deal, who.language),
        "address": lambda one: address("/deal", key=one.deal.key),
        "shorten": labels.shorten,
        "why": address("/numbers/why", kpi=measure.name, stage=stage, segment=segment, team=of),
        "board": address("/numbers", team=of),
    }
    return Shown("kpi_deals.html", values)


def names_of(db: Connection, app: App) -> dict[str, str]:
    """Everybody's name by roster key, also of those who left."""
    return {one.key: one.name for one in team.people(db, app.workspace, active=None)}
