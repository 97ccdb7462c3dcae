"""Runs by hand: `python -m tests.platforms.telegram --port 9002 --people 5`."""

import argparse
import contextlib
import sys
import threading

from .server import Telegram
from .talk import HELP, Talk

NAMES = ("Ann", "Bob", "Cleo", "Dan", "Eve", "Finn", "Gina", "Hugo", "Ida", "Jan")


def write(line: str) -> None:
    sys.stdout.write(line.rstrip("\n") + "\n")
    sys.stdout.flush()


def people(telegram: Telegram, count: int) -> None:
    """So many people with accounts, and a group of theirs."""
    names = [NAMES[i] if i < len(NAMES) else f"Rep{i + 1}" for i in range(count)]
    users = [telegram.add_user(1001 + i, name, name.lower()) for i, name in enumerate(names)]
    telegram.add_group(-2001, "sales", users, bot=False)
    if users:
        telegram.invite(users[0], telegram.chats[-2001])


def main() -> None:
    options = argparse.ArgumentParser(description="A Telegram Bot API on loopback, to talk to by hand.")
    options.add_argument("--port", type=int, default=9002)
    options.add_argument("--people", type=int, default=5)
    given = options.parse_args()
    with Telegram(port=given.port) as telegram, contextlib.suppress(KeyboardInterrupt):
        write(f"PACELINE_TELEGRAM_API_URL={telegram.url}\nPACELINE_TELEGRAM_BOT_TOKEN={telegram.token}\n\n{HELP}")
        talk = Talk(telegram, write)
        people(telegram, given.people)
        for line in sys.stdin:
            talk.hear(line)
        threading.Event().wait()  # nobody types any more, the bot may go on


if __name__ == "__main__":
    main()
