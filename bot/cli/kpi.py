"""`paceline kpi show` and `paceline kpi why`."""

import argparse
import json
from collections.abc import Callable
from datetime import date
from typing import Any

from bot.cli import WORKSPACE, now, open_database
from bot.kpi import service
from bot.kpi.model import Number, Scope


def add(parser: argparse.ArgumentParser, day: Callable[[str], date]) -> None:
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    shows = verbs.add_parser("show", help="the numbers of everybody's deals, or of one team's")
    shows.add_argument("--as-of", type=day, metavar="DATE", help="as they stood on that day; today unless said")
    shows.add_argument("--team", metavar="TEAM", help="its name on the roster")
    shows.add_argument("--json", action="store_true")
    shows.set_defaults(run=show)


def show(asked: argparse.Namespace) -> int:
    """One line a number."""
    _settings, db = open_database()
    with db.read() as look:
        scope = service.team_scope(look, WORKSPACE, asked.team) if asked.team else Scope()
        found = service.numbers_of(look, WORKSPACE, scope, now(), as_of=asked.as_of)
    for number in found:
        print(json.dumps(body(number), ensure_ascii=False) if asked.json else line(number))
    return 0


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
