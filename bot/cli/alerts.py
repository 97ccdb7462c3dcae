"""`paceline alerts backtest` and `paceline alerts run`: what the alerts make of the funnel, week by week."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from bot.cli import WORKSPACE, now, open_database
from bot.errors import BotError
from bot.kpi.backtest import told
from bot.kpi.funnel.model import last_closed
from bot.kpi.funnel.service import streams
from bot.kpi.stream import Judged, Row, Rules, State
from bot.kpi.weeks import week_of

YEAR = 365.25 / 7  # weeks
STRAY = Rules().stray
TOLD = (State.WATCH, State.ALERT, State.RECOVERED, State.STALE)


def add(parser: argparse.ArgumentParser, day: Callable[[str], date]) -> None:
    """Describe the commands to argparse. `day` reads a date."""
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    one = verbs.add_parser("run", help="how the last closed week stands")
    one.add_argument("--as-of", dest="day", metavar="DATE", type=day, help="the last week closed by then")
    one.add_argument("--json", action="store_true")
    one.set_defaults(run=run)
    many = verbs.add_parser("backtest", help="what would have fired, of all that the CRM knows")
    many.add_argument("--from", dest="first", metavar="DATE", type=day, required=True)
    many.add_argument("--to", dest="last", metavar="DATE", type=day, required=True)
    many.add_argument("--json", action="store_true")
    many.set_defaults(run=backtest)


def backtest(asked: argparse.Namespace) -> int:
    """Every week that has a day in [--from, --to]. All weeks before serve as history.

    To a day that is still to come, the files are taken at their word: what they date until then has happened.
    """
    if asked.last < asked.first:
        raise BotError("--to is before --from. Give the days the other way round.")
    judged, _zone = _told(asked.last, at_least=now())
    first, last = week_of(asked.first), week_of(asked.last)
    shown = [one for one in judged if first <= one.row.period <= last]
    if asked.json:
        _lines(one.row for one in shown)
        return 0
    sys.stdout.writelines(f"{line}\n" for line in _summary(shown))
    if not shown:
        print("No deal left a stage in a closed week of that time.")
    return 0


def run(asked: argparse.Namespace) -> int:
    """The last closed week."""
    judged, zone = _told(asked.day)
    week = last_closed(_end(asked.day, zone) if asked.day else now(), zone)
    rows = [one.row for one in judged if one.row.period == week]
    if asked.json:
        _lines(rows)
        return 0
    print(f"{week}, the last closed week" if rows else f"No deal had left a stage by the end of {week}.")
    loud = [row for row in rows if row.segment is None or row.state in TOLD]
    sys.stdout.writelines(f"{line}\n" for line in _table(loud))
    if len(loud) < len(rows):
        print(f"and {len(rows) - len(loud):,} segments in which nothing strays or too little is known")
    return 0


def _told(day: date | None, at_least: datetime | None = None) -> tuple[list[Judged], tzinfo]:
    """All weeks that are closed at the end of a day, or now."""
    settings, database = open_database()
    moment = now() if day is None else _end(day, settings.timezone)
    moment = max(moment, at_least or moment)
    with database.read() as db:
        found = streams(db, WORKSPACE, moment, settings.timezone, trust=moment > now())
    database.close()
    return told(found), settings.timezone


def _end(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def _lines(rows: Iterable[Row]) -> None:
    sys.stdout.writelines(json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in rows)


def _table(rows: Sequence[Row]) -> Iterator[str]:
    names = [_name(row) for row in rows]
    wide = max(map(len, names), default=0)
    for row, name in zip(rows, names, strict=True):
        usual = f", usually {row.usual:.0%}" if row.usual is not None else ""
        off = f" ({row.deviation:+.0%})" if row.deviation is not None else ""
        share = f"{row.rate:4.0%}" if row.rate is not None else "   -"
        yield f"{name:{wide}}  {row.state.value:12}  {share}  {row.k} of {row.n}{usual}{off}"


def _summary(judged: Sequence[Judged]) -> Iterator[str]:
    """Where an alert would have begun; then a line for each stage, and one for all segments of a kind together."""
    began = [one for one in judged if one.opened]
    for one, line in zip(began, _table([one.row for one in began]), strict=True):
        yield f"{one.row.period}  {line}"
    if began:
        yield ""
    groups: dict[str, list[Judged]] = {}
    for one in sorted(judged, key=lambda one: one.row.segment is not None):
        groups.setdefault(_group(one.row), []).append(one)
    wide = max(map(len, groups), default=0)
    for name, weeks in groups.items():
        yield f"{name:{wide}}  {_rates(weeks)}"


def _rates(weeks: Sequence[Judged]) -> str:
    """Alerts in a year of one stream, beside what the bare rule would have said, and the weeks by state."""
    alerts = sum(one.opened for one in weeks) / len(weeks) * YEAR
    bare = sum(abs(one.row.deviation or 0) >= STRAY for one in weeks) / len(weeks) * YEAR
    counts = Counter(one.row.state for one in weeks)
    states = ", ".join(f"{counts[state]:,} {state.value}" for state in State if counts[state])
    return f"{alerts:4.1f} alerts a year, the bare {STRAY:.0%} rule {bare:.1f}; weeks: {states}"


def _group(row: Row) -> str:
    return row.stage if row.segment is None else f"{row.stage}, by {row.segment.partition('=')[0]}"


def _name(row: Row) -> str:
    return row.stage if row.segment is None else f"{row.stage}, {row.segment}"
