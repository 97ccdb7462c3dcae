"""The commands of `paceline`, one function each. Fixed names: scripts rely on them."""

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.errors import BotError

if TYPE_CHECKING:
    from bot.db import Database
    from bot.settings import Settings

Command = Callable[[argparse.Namespace], int]
WORKSPACE = 1


def open_database() -> "tuple[Settings, Database]":
    """The settings, and the database brought to this version."""
    from bot.cli import tables  # noqa: F401 - declares every table
    from bot.db import Database
    from bot.settings import read_settings

    settings = read_settings()
    try:
        db = Database(settings.db_url)
        db.migrate()
    except BotError:
        raise
    except Exception as fault:
        raise BotError(f"The database {settings.db_url} cannot be opened: {fault}. Check PACELINE_DB_URL.") from fault
    return settings, db


def now() -> datetime:
    return datetime.now(UTC)


def add_commands(commands: Any, *, serve: Command, demo: Command, doctor: Command) -> None:
    """Describe every command to argparse."""
    from bot.cli import alerts, crm, kpi, library, minutes, people, standup

    add = _adder(commands)
    add("demo", demo, "a living demo company on a throw-away database").add_argument("--port", type=_port, default=8100)
    add("serve", serve, "the bot, on the platforms that are configured")
    add("doctor", doctor, "what works, what is missing and how to mend it").add_argument("--json", action="store_true")
    add("migrate", migrate, "bring the database to this version")
    one = add("login", people.login, "a one-time sign-in link for the web pages")
    one.add_argument("person", metavar="PERSON", help="roster key, e-mail address or name")
    taking = commands.add_parser("import", help="roster, leave, holidays, the library or the CRM, all or nothing")
    taking.add_argument("kind", choices=["roster", "leave", "holidays", "library", "crm"])
    taking.add_argument("file", type=Path, nargs="?", help="crm: a folder")
    taking.add_argument("--starter", action="store_true", help="library: the cards that come with Paceline")
    taking.add_argument("--language", choices=["en", "zh"], help="library --starter: only those in one language")
    taking.add_argument("--sql", metavar="URL", nargs="?", const="", help="crm: a database in place of a folder")
    taking.add_argument(
        "--mapping", type=Path, metavar="FILE", help="crm --sql: which of its columns are which of ours"
    )
    taking.add_argument("--dry-run", action="store_true", help="say what would change, change nothing")
    taking.add_argument("--retire-absent", action="store_true", help="roster: who is not in the file has left")
    taking.add_argument("--json", action="store_true")
    taking.set_defaults(
        run=lambda asked: {"library": library.take, "crm": crm.take}.get(asked.kind, people.take)(asked)
    )
    giving = commands.add_parser("export", help="what is exported imports again")
    giving.add_argument(
        "kind", choices=["roster", "leave", "holidays", "standups", "library", "crm", "todos", "minutes"]
    )
    giving.add_argument("--from", dest="first", type=_date)
    giving.add_argument("--to", dest="last", type=_date)
    giving.add_argument(
        "--json", action="store_true", help="JSON lines instead of CSV (standups, library, todos); minutes always are"
    )
    giving.add_argument("--out", type=Path, help="library: a file (.csv, .xlsx, .jsonl) or a folder; crm: a folder")
    giving.set_defaults(
        run=lambda asked: {"library": library.give, "crm": crm.give, "minutes": minutes.give}.get(
            asked.kind, people.give
        )(asked)
    )
    _add_ask(commands.add_parser("ask", help="search the library: what to say to an objection"), library.ask)
    minutes.add(commands.add_parser("minutes", help="what came of a call: minutes and to-dos of its transcript"), _date)
    kpi.add(commands.add_parser("kpi", help="the numbers; how one came about"), _date)
    alerts.add(commands.add_parser("alerts", help="which numbers deserve an alert, or would have had one"), _date)
    _add_standup(commands.add_parser("standup", help="who would be asked when; why someone was"), standup)


def _add_ask(parser: argparse.ArgumentParser, ask: Command) -> None:
    parser.add_argument("text", metavar="TEXT", nargs="*", help="what the customer said")
    parser.add_argument("--batch", type=Path, metavar="FILE", help="one JSON object with id and text a line")
    parser.add_argument("--industry", help="of the customer: the talk track for it")
    parser.add_argument("--product")
    parser.add_argument("--stage")
    parser.add_argument("--language", choices=["en", "zh"], help="cards in this language only")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=ask)


def _add_standup(parser: argparse.ArgumentParser, standup: Any) -> None:
    verbs = parser.add_subparsers(metavar="VERB", required=True)
    preview = verbs.add_parser("preview", help="who would be asked when, without sending anything")
    preview.add_argument("--roster", type=Path, required=True)
    preview.add_argument("--from", dest="first", type=_date, required=True)
    preview.add_argument("--to", dest="last", type=_date, required=True)
    preview.add_argument("--at", type=_time, default=time(9, 30))
    preview.add_argument("--window", type=_window, default=10)
    preview.add_argument("--leave", type=Path)
    preview.add_argument("--holidays", type=Path)
    preview.add_argument("--json", action="store_true", help="the default; accepted for scripts")
    preview.set_defaults(run=standup.preview)
    why = verbs.add_parser("why", help="why someone was, or was not, asked that day")
    why.add_argument("person", metavar="PERSON")
    why.add_argument("day", metavar="DATE", type=_date)
    why.add_argument("--json", action="store_true")
    why.set_defaults(run=standup.why)


def _adder(commands: Any) -> Callable[[str, Command, str], argparse.ArgumentParser]:
    def add(name: str, run: Command, help: str) -> argparse.ArgumentParser:
        parser: argparse.ArgumentParser = commands.add_parser(name, help=help)
        parser.set_defaults(run=run)
        return parser

    return add


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write it as 2026-06-11") from None


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no time; write it as 09:30") from None


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; give a number from 0 to 65535")
    return int(text)


def _window(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 720:
        raise argparse.ArgumentTypeError(f"{text!r} is no window; give its minutes, 1 to 720")
    return int(text)


def migrate(asked: argparse.Namespace) -> int:
    settings, db = open_database()
    db.close()
    print(f"The database is up to date: {settings.db_url}", file=sys.stderr)
    return 0
