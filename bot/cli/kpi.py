"""`paceline kpi show` and `paceline kpi why`."""

import argparse
import json
from collections.abc import Callable
from datetime import date
from typing import Any

from bot.cli import WORKSPACE, now, open_database
from bot.kpi import service
from bot.kpi.model import Number, Scope
from bot.markdown import plain
from bot.voice import kpi as voice


def add(parser: argparse.ArgumentParser, day: Callable[[str], date]) -> None:
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    shows = verbs.add_parser("show", help="the numbers of everybody's deals, or of one team's")
    shows.add_argument("--as-of", type=day, metavar="DATE", help="as they stood on that day; today unless said")
    shows.add_argument("--team", metavar="TEAM", help="its name on the roster")
    shows.add_argument("--json", action="store_true")
    shows.set_defaults(run=show)
    whys = verbs.add_parser("why", help="how a number came about, from which rows")
    whys.add_argument("name", metavar="NAME", help=f"one of {', '.join(service.MEASURES)}")
    whys.add_argument("--as-of", type=day, metavar="DATE", help="as it stood on that day; today unless said")
    whys.add_argument("--team", metavar="TEAM", help="its name on the roster")
    whys.add_argument("--json", action="store_true")
    whys.set_defaults(run=why)


def show(asked: argparse.Namespace) -> int:
    """One line a number."""
    settings, db = open_database()
    with db.read() as look:
        scope = service.team_scope(look, WORKSPACE, asked.team) if asked.team else Scope()
        found = service.numbers_of(look, WORKSPACE, scope, now(), as_of=asked.as_of, zone=settings.timezone)
    for number in found:
        print(json.dumps(body(number), ensure_ascii=False) if asked.json else line(number))
    return 0


def why(asked: argparse.Namespace) -> int:
    """How a number came about; it is counted once more."""
    settings, db = open_database()
    one = service.measure(asked.name, settings.language)
    with db.read() as look:
        scope = service.team_scope(look, WORKSPACE, asked.team) if asked.team else Scope()
        found = service.why_of(look, WORKSPACE, scope, one, now(), as_of=asked.as_of, zone=settings.timezone)
    print(
        json.dumps(why_body(found), ensure_ascii=False)
        if asked.json
        else plain(voice.why(found, settings.language).text)
    )
    return 0


def why_body(found: service.Why) -> dict[str, Any]:
    """As `--json` prints it; times are UTC."""
    one = found.measure
    return {
        "kpi": one.name,
        "version": one.version,
        "team": found.team or None,
        "period": found.period,
        "from": found.stretch.begins.isoformat(),
        "to": found.stretch.ends.isoformat(),
        "formula": one.formula,
        "unit": one.unit,
        "better": one.better,
        "counted": found.counted,
        "left_out": dict(found.left_out),
        "sources": [{"kind": s.kind, "heard": s.heard and s.heard.isoformat()} for s in found.sources],
        "import": found.generation,
        "values": [body(number) for number in found.numbers],
        "shown": [body(number) for number in found.shown],
        "same": found.same,
    }


def body(number: Number) -> dict[str, Any]:
    """A number as `--json` prints it; shares and changes as fractions, null for what is not known."""
    names = ("kpi", "value", "unit", "n", "period", "usual", "change", "target", "state")
    more = ("low", "high", "baseline", "better")
    told = {name: getattr(number, name) for name in (*names, *more)}
    where = {name: getattr(number, name) or None for name in ("team", "stage", "segment", "currency")}
    return {"kpi": told.pop("kpi"), "team": where.pop("team")} | told | where | {"left_out": number.left_out}


def line(number: Number) -> str:
    """A number as it is printed for people."""
    where = " · ".join(part for part in (number.kpi, number.stage, number.segment, number.currency) if part)
    value = "-" if number.value is None else f"{number.value:,.3g}"
    usual = "" if number.usual is None else f"  usually {number.usual:,.3g}"
    moved = "" if number.change is None else f" ({number.change:+.0%})"
    return f"{where:40} {value:>9} {number.unit:6} of {number.n:<6,} {number.period}{usual}{moved}  {number.state}"
