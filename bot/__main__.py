"""The `paceline` command, and the only place that wires the parts of the bot together."""

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from bot.errors import BotError

if TYPE_CHECKING:  # a command that serves nobody starts without all that serving takes
    from bot.chat import Platform
    from bot.db import Database
    from bot.serve import Bot
    from bot.settings import Settings


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. 0: done; 1: could not, with one plain line on stderr; 2: wrong usage."""
    parser = _parser()
    asked = parser.parse_args(argv)
    if not hasattr(asked, "run"):
        parser.print_help(sys.stderr)
        return 2
    try:
        return asked.run(asked) or 0
    except BotError as fault:
        print(f"paceline: {fault}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader has seen enough
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        return 130


def now() -> datetime:
    return datetime.now(UTC)


def _parser() -> argparse.ArgumentParser:
    from bot.cli import add_commands

    parser = argparse.ArgumentParser(prog="paceline", description="Keeps a sales team's rhythm, in chat.")
    add_commands(parser.add_subparsers(metavar="COMMAND", title="commands"), serve=serve, demo=demo, doctor=doctor)
    return parser


def serve(asked: argparse.Namespace) -> int:
    """The bot, until SIGTERM or Ctrl-C."""
    from bot import logs
    from bot.cli import open_database
    from bot.serve import run

    settings, db = open_database()
    logs.start(settings.log_level)
    run(_bot(settings, db), lambda port: _greet(settings, db, port))
    db.close()
    return 0


def _greet(settings: "Settings", db: "Database", port: int) -> None:
    from bot.team import service as team

    address = settings.base_url if settings.port or settings.public_url else f"http://{settings.host}:{port}"
    print(f"Paceline serves {address}", file=sys.stderr)
    with db.read() as connection:
        if not team.people(connection, 1):
            print("Nobody is on the roster yet: paceline import roster roster.csv", file=sys.stderr)


def demo(asked: argparse.Namespace) -> int:
    from bot import demo

    return demo.run(asked.port, _bot)


def doctor(asked: argparse.Namespace) -> int:
    from bot.cli.doctor import doctor

    return doctor(asked, _platforms)


def _bot(settings: "Settings", db: "Database") -> "Bot":
    """All parts of the running bot, wired."""
    from bot.app import App
    from bot.serve import Bot
    from handlers import FREE, MENU
    from handlers.help import commands
    from handlers.route import route
    from jobs import CALENDAR, WORK
    from jobs.run import start

    platforms = _platforms(settings, db)
    app = App(settings, db, now, platforms=platforms)
    app.work.register({name: partial(job, app) for name, job in WORK.items()})

    def start_clock() -> Callable[[], None]:
        return partial(start(app, CALENDAR).shutdown, wait=True)

    return Bot(app, partial(route, app, MENU, FREE), commands, start_clock, platforms)


def _platforms(settings: "Settings", db: "Database") -> "list[Platform]":
    """Those that are configured; what they need is loaded only then."""
    found: list[Platform] = []
    if settings.slack:
        from bot.chat.slack import connect as slack

        found.append(slack(settings.slack, db, 1, settings.home / "files", now))
    if settings.telegram:
        from bot.chat.telegram import connect as telegram
        from handlers.help import listed

        home = settings.home / "files"
        found.append(telegram(settings.telegram, settings.base_url, db, 1, home, now, listed()))
    return found


if __name__ == "__main__":
    sys.exit(main())
